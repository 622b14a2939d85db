//! Tables of `placement`.

use super::*;
use crate::domain::ids::VpcId;
use crate::domain::network::{AclEntry, Route};
use crate::domain::spec::Spec;
use crate::domain::state::State;

pub(super) fn subnet(id: &str, vpc: &str, zone: &str, free: u32) -> Subnet {
    Subnet {
        id: SubnetId::from_aws(id),
        vpc: VpcId::from_aws(vpc),
        zone: Zone::from_aws(zone),
        free_addresses: free,
        ipv6_only: false,
        ranges: Vec::new(),
        unclear: Vec::new(),
        gives_public_addresses: Some(false),
        state: Some(State::Available),
        outpost: None,
        kind: None,
    }
}

fn table(id: &str, subnets: &[&str], gateways: &[(&str, &str)]) -> RouteTable {
    let route = |(gateway, state): &(&str, &str)| Route {
        destination: None,
        gateway: Some((*gateway).to_owned()),
        state: Some((*state).to_owned()),
    };
    RouteTable {
        id: id.to_owned(),
        vpc: VpcId::from_aws("vpc-1"),
        is_main: subnets.is_empty(),
        subnets: subnets.iter().map(|id| SubnetId::from_aws(*id)).collect(),
        routes: gateways.iter().map(route).collect(),
    }
}

/// A network ACL that allows NFS from this range, and every answer.
fn acl(subnet: &str, from: &str) -> NetworkAcl {
    let entry = |egress, range: &str| AclEntry {
        number: 100,
        egress,
        protocol: "-1".to_owned(),
        allow: true,
        range: range.parse().unwrap(),
        ports: None,
    };
    NetworkAcl {
        id: format!("acl-{subnet}"),
        subnets: [SubnetId::from_aws(subnet)].into(),
        entries: vec![entry(false, from), entry(true, "0.0.0.0/0")],
        unreadable: None,
    }
}

#[test]
fn a_private_subnet_is_one_without_a_way_to_an_internet_gateway() {
    let subnet = subnet("subnet-a", "vpc-1", "x-1a", 1);
    let igw = ("igw-1", "active");
    let local = ("local", "active");
    for (tables, is) in [
        (vec![], None),
        (vec![table("main", &[], &[local])], Some(true)),
        (vec![table("main", &[], &[local, igw])], Some(false)),
        // Its own decides, and not the main one.
        (
            vec![
                table("main", &[], &[igw]),
                table("own", &["subnet-a"], &[local]),
            ],
            Some(true),
        ),
        (
            vec![
                table("main", &[], &[local]),
                table("own", &["subnet-a"], &[igw]),
            ],
            Some(false),
        ),
        // A gateway that is detached leads nowhere; in a state that is not known it may lead somewhere.
        (
            vec![table("main", &[], &[("igw-1", "blackhole")])],
            Some(true),
        ),
        (
            vec![table("main", &[], &[("igw-1", "tomorrow")])],
            Some(false),
        ),
        // Those of others let nothing in.
        (vec![table("main", &[], &[("vgw-1", "active")])], Some(true)),
        // Someone else's main table.
        (
            vec![RouteTable {
                vpc: VpcId::from_aws("vpc-2"),
                ..table("main", &[], &[local])
            }],
            None,
        ),
    ] {
        assert_eq!(is_private(&subnet, &tables), is, "{tables:?}");
    }
}

/// The first is preferred, in whatever order they come.
fn is_preferred(preferences: &Preferences<'_>, first: &Subnet, other: &Subnet, why: Preference) {
    for order in [[first, other], [other, first]] {
        let chosen = best_subnets(order, preferences);
        let choice = chosen.values().next().unwrap().as_ref().unwrap();
        assert_eq!(choice.subnet, first);
        assert_eq!(choice.because, why, "{first:?}, {other:?}");
        assert_eq!(choice.others, [other]);
    }
}

#[test]
fn one_that_serves_before_a_private_one_before_the_roomiest_before_the_lower_id() {
    let one = |id: &str, free: u32| subnet(id, "vpc-1", "x-1a", free);
    let giving = Subnet {
        gives_public_addresses: Some(true),
        ..one("giving", 99)
    };
    let (a, blocked, public) = (one("a", 9), one("blocked", 99), one("public", 99));
    let tables = [
        table("main", &[], &[("local", "active")]),
        table("rtb", &["public"], &[("igw-1", "active")]),
    ];
    let acls = [acl("blocked", "10.0.1.0/24"), acl("a", "10.0.0.0/8")];
    let clients = ["10.0.0.0/16".parse().unwrap()];
    let known = Preferences {
        ip_type: IpType::Ipv4,
        route_tables: Some(&tables),
        network_acls: Some(&acls),
        clients: &clients,
    };
    is_preferred(&known, &one("b", 99), &a, Preference::FreeAddresses);
    is_preferred(&known, &a, &one("b", 9), Preference::FreeAddresses);
    is_preferred(&known, &a, &public, Preference::Private);
    is_preferred(&known, &a, &giving, Preference::Private);
    is_preferred(&known, &a, &blocked, Preference::NetworkAcl);
    // What serves no one is of no use, however private it is; nor is what has no room.
    is_preferred(&known, &public, &blocked, Preference::NetworkAcl);
    is_preferred(&known, &public, &one("a", 0), Preference::FreeAddresses);
    is_preferred(&known, &blocked, &one("a", 0), Preference::FreeAddresses);
    // Without a look at routes and ACLs, what the subnets themselves tell is left.
    let unknown = Preferences {
        route_tables: None,
        network_acls: None,
        ..known
    };
    is_preferred(&unknown, &public, &a, Preference::FreeAddresses);
    is_preferred(&unknown, &blocked, &a, Preference::FreeAddresses);
    is_preferred(&unknown, &a, &giving, Preference::Private);
}

#[test]
fn behind_a_network_acl_is_better_than_nowhere_and_is_said() {
    let blocked = [subnet("blocked", "vpc-1", "x-1a", 9)];
    let clients = ["10.0.0.0/16".parse().unwrap()];
    let spec = Spec::new("demo".parse().unwrap());
    let notes = |acl: NetworkAcl| {
        let preferences = Preferences {
            network_acls: Some(std::slice::from_ref(&acl)),
            clients: &clients,
            ..Preferences::default()
        };
        let placement = Placement::of(&spec, &blocked, &preferences).unwrap();
        assert_eq!(placement.zones.len(), 1);
        placement.notes.into_iter().map(|(_, note)| note).collect()
    };
    let acl = acl("blocked", "10.0.1.0/24");
    let found: Vec<String> = notes(acl.clone());
    assert!(found[0].contains("10.0.0.0/24"), "{found:?}");
    // One that cannot be read keeps no one out, as far as is known.
    let unreadable = NetworkAcl {
        unreadable: Some("entry 7".to_owned()),
        ..acl
    };
    assert_eq!(notes(unreadable), [] as [String; 0]);
}
