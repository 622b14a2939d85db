//! What an account has that is to be served, purely.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::world::{Millis, Region, World};

/// All addresses of the loopback interface.
pub(super) const LOOPBACK: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);

/// How long before a mount target is available its listener opens, so that it is there when the API says `available`.
const AHEAD: Millis = 500;

/// Where a mount target is reached, and what is behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file_system: String,
    pub(super) address: Ipv4Addr,
}

/// A mount target whose address is not one of the loopback interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unserved {
    pub(super) mount_target: String,
    pub(super) address: Option<String>,
}

/// What an account has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// File systems with a mount target: those have a server.
    pub(super) mountable: BTreeSet<String>,
    /// All file systems: while one exists, its server and the files in it are kept.
    pub(super) existing: BTreeSet<String>,
    /// The available mount targets.
    pub(super) targets: BTreeMap<String, Place>,
    /// Those that nothing can listen for.
    pub(super) unserved: Vec<Unserved>,
}

/// A VPC that is not on the loopback interface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{vpc} in {region} has the range {range}, and NFS is served in 127.0.0.0/8 only")]
pub struct NotLoopback {
    vpc: String,
    region: String,
    range: Ipv4Net,
}

/// Whether all VPCs of an account, and those it will begin with in other regions, are on the loopback interface.
pub fn check(world: &World) -> Result<(), NotLoopback> {
    let vpcs = world.regions.values().flat_map(|region| {
        let vpcs = region.vpcs.values();
        vpcs.map(|vpc| (vpc.id.clone(), region.name.clone(), vpc.cidr))
    });
    let other = (
        "the default VPC".to_owned(),
        "every other region".to_owned(),
        world.default_vpc,
    );
    for (vpc, region, range) in vpcs.chain([other]) {
        if !LOOPBACK.contains(&range) {
            return Err(NotLoopback { vpc, region, range });
        }
    }
    Ok(())
}

/// What is to be served at a time.
pub(super) fn wanted(world: &World, now: Millis) -> Wanted {
    let mut wanted = Wanted::default();
    for region in world.regions.values() {
        add(&mut wanted, region, now);
    }
    wanted
}

fn add(wanted: &mut Wanted, region: &Region, now: Millis) {
    let file_systems = region.file_systems.values();
    let existing = file_systems.filter(|it| it.life.gone.is_none());
    wanted.existing.extend(existing.map(|it| it.id.clone()));
    let targets = region.mount_targets.values();
    for target in targets.filter(|target| target.life.gone.is_none()) {
        if !wanted.existing.contains(&target.file_system_id) {
            continue;
        }
        wanted.mountable.insert(target.file_system_id.clone());
        if target.life.at(now.saturating_add(AHEAD)) != "available" {
            continue;
        }
        let interface = region.network_interfaces.get(&target.network_interface_id);
        let address = interface.and_then(|interface| interface.private_ip.clone());
        let parsed = address.as_ref().and_then(|address| address.parse().ok());
        match parsed.filter(Ipv4Addr::is_loopback) {
            Some(address) => {
                let file_system = target.file_system_id.clone();
                let place = Place {
                    file_system,
                    address,
                };
                wanted.targets.insert(target.id.clone(), place);
            }
            None => wanted.unserved.push(Unserved {
                mount_target: target.id.clone(),
                address,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::scenario::parse_with;

    const NOW: Millis = 1_800_000_000_000;
    const WORLD: &str = r#"
[[region]]
name = "eu-west-1"

[[region.vpc]]
name = "loopback"
cidr = "127.40.0.0/16"

[[region.vpc.subnet]]
name = "a"
zone = "eu-west-1a"
cidr = "127.40.0.0/20"

[[region.vpc.subnet]]
name = "b"
zone = "eu-west-1b"
cidr = "127.40.16.0/20"

[[region.vpc.subnet]]
name = "c"
zone = "eu-west-1c"
cidr = "127.40.32.0/20"

[[region.file_system]]
id = "fs-00000001"

[[region.file_system.mount_target]]
subnet = "a"
ip = "127.40.0.10"

[[region.file_system.mount_target]]
subnet = "b"
ip = "127.40.16.10"
state = "creating"

[[region.file_system.mount_target]]
subnet = "c"
state = "error"

[[region.file_system]]
id = "fs-00000002"

[[region.file_system]]
id = "fs-00000003"
state = "deleting"
"#;

    fn world(text: &str) -> World {
        parse_with(text, NOW, "127.31.0.0/16".parse().unwrap()).unwrap()
    }

    fn addresses(wanted: &Wanted) -> Vec<String> {
        let places = wanted.targets.values();
        let mut addresses: Vec<String> = places.map(|it| it.address.to_string()).collect();
        addresses.sort();
        addresses
    }

    #[test]
    fn available_mount_targets_are_listened_for_and_file_systems_with_any_have_a_server() {
        let world = world(WORLD);
        let wanted_now = wanted(&world, NOW);
        assert_eq!(addresses(&wanted_now), ["127.40.0.10"]);
        let mountable: Vec<_> = wanted_now.mountable.iter().collect();
        assert_eq!(mountable, ["fs-00000001"]);
        let existing: Vec<_> = wanted_now.existing.iter().collect();
        assert_eq!(existing, ["fs-00000001", "fs-00000002"]);
    }

    #[test]
    fn a_listener_opens_just_before_its_mount_target_is_available() {
        let world = world(WORLD);
        let available = NOW + world.timing.mount_target;
        assert_eq!(addresses(&wanted(&world, available - AHEAD - 1)).len(), 1);
        assert_eq!(
            addresses(&wanted(&world, available - AHEAD)),
            ["127.40.0.10", "127.40.16.10"]
        );
    }

    #[test]
    fn an_address_of_a_real_network_is_never_listened_on() {
        let mut world = world(WORLD);
        let region = world.regions.get_mut("eu-west-1").unwrap();
        for interface in region.network_interfaces.values_mut() {
            interface.private_ip = Some("10.0.0.5".to_owned());
        }
        let wanted = wanted(&world, NOW);
        assert!(wanted.targets.is_empty());
        assert_eq!(wanted.unserved[0].address.as_deref(), Some("10.0.0.5"));
    }

    #[test]
    fn every_vpc_has_to_be_on_the_loopback_interface() {
        assert_eq!(check(&world(WORLD)), Ok(()));
        let outside = WORLD.replace("127.40.", "10.40.");
        let refused = check(&world(&outside)).unwrap_err().to_string();
        assert!(refused.contains("eu-west-1 has the range 10.40.0.0/16"));
        let usual = check(&World::default()).unwrap_err().to_string();
        assert!(usual.contains("172.31.0.0/16"), "{usual}");
    }
}
