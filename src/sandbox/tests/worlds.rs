//! Described accounts: the fixtures, and what a description may not say.

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::ec2::Describe;
use efsctl_sandbox::world::scenario::parse;

use super::ec2_support::*;

fn fixture(name: &str) -> World {
    let path = format!(
        "{}/../../fixtures/worlds/{name}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap();
    parse(&text, NOW).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn three_zones_is_one_vpc_with_three_subnets_and_a_client_group() {
    let mut world = fixture("three-zones");
    let region = world.region("eu-west-1", NOW).unwrap();
    let vpcs = region.describe_vpcs(&Describe::default()).unwrap().items;
    assert_eq!(vpcs.len(), 1);
    assert!(!vpcs[0].is_default && vpcs[0].dns_support && vpcs[0].dns_hostnames);
    let subnets = region
        .describe_subnets(&by_filter("vpc-id", &vpcs[0].id))
        .unwrap()
        .items;
    let zones: Vec<_> = subnets
        .iter()
        .map(|view| view.subnet.availability_zone.as_str())
        .collect();
    assert_eq!(zones, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    let clients = region
        .describe_security_groups(&by_filter("group-name", "clients"), &[])
        .unwrap();
    assert_eq!(clients.items[0].id, "sg-0c1e2f3a4b5c6d7e8");
    let acls = region
        .describe_network_acls(&Describe::default())
        .unwrap()
        .items;
    assert_eq!(acls[0].subnets.len(), 3);
    assert_eq!(
        region
            .describe_route_tables(&Describe::default())
            .unwrap()
            .items[0]
            .routes
            .len(),
        2
    );
}

#[test]
fn thousand_has_a_thousand_file_systems() {
    let mut world = fixture("thousand");
    let region = world.region("eu-west-1", NOW).unwrap();
    assert_eq!(region.file_systems.len(), 1_000);
    let named = |name: &str| {
        region
            .file_systems
            .values()
            .any(|file_system| file_system.tags["Name"] == name)
    };
    assert!(named("team-0001") && named("team-1000"));
    assert!(
        region
            .file_systems
            .values()
            .all(|it| it.encrypted && it.life.at(NOW) == "available")
    );
}

#[test]
fn tight_has_something_in_the_way_of_everything() {
    let mut world = fixture("tight");
    assert_eq!(world.timing.describe_lag, 250);
    assert!(
        world
            .denied
            .contains("elasticfilesystem:PutFileSystemPolicy")
    );
    let region = world.region("us-east-1", NOW).unwrap();
    let free = |id: &str| region.available_addresses(id);
    assert_eq!(free("subnet-000000000000000a1"), 0);
    assert_eq!(free("subnet-000000000000000b1"), 1);
    assert_eq!(
        free("subnet-000000000000000b2"),
        250,
        "the mount target has one"
    );
    assert!(region.failing_zones.contains("us-east-1c"));
    let taken = region
        .describe_security_groups(&by_id("sg-00000000000000001"), &[])
        .unwrap();
    assert_eq!(
        (taken.items[0].name.as_str(), taken.items[0].rules.len()),
        ("efsctl-taken", 3)
    );
    let interface = region.network_interfaces.values().next().unwrap();
    assert_eq!(
        interface.description,
        "EFS mount target for fs-00000000000000001 (fsmt-00000000000000001)"
    );
    assert_eq!(interface.private_ip.as_deref(), Some("10.10.3.10"));
    assert_eq!(interface.tags["Owner"], "another-team");
    assert_eq!(region.access_points.len(), 1);
    let stuck = region
        .file_systems
        .values()
        .find(|it| it.tags["Name"] == "stuck")
        .unwrap();
    assert_eq!(stuck.life.at(NOW), "error");
    let acl = &region.network_acls["acl-00000000000000001"];
    assert_eq!((acl.entries.len(), acl.entries[0].allow), (5, false));
    assert_eq!(acl.entries[0].ports, Some((2049, 2049)));
}

#[test]
fn an_empty_description_is_a_new_account() {
    let mut world = parse("", NOW).unwrap();
    assert_eq!(region(&mut world).vpcs.len(), 1);
}

#[test]
fn a_world_survives_its_state_file() {
    let world = fixture("tight");
    let text = serde_json::to_string(&world).unwrap();
    let again: World = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
}

/// What an error says about a region with a VPC and a subnet in which something is wrong.
fn complaint(extra: &str) -> String {
    let text = format!(
        "[[region]]\nname = 'eu-west-1'\n[[region.vpc]]\nname = 'main'\ncidr = '10.0.0.0/16'\n\
         [[region.vpc.subnet]]\nname = 'a'\nzone = 'eu-west-1a'\ncidr = '10.0.1.0/24'\n{extra}"
    );
    parse(&text, NOW).expect_err(extra).to_string()
}

#[test]
fn what_no_call_brings_about_can_be_described() {
    let mut world = fixture("audit");
    let region = world.region("eu-west-1", NOW).unwrap();
    let page = |token: Option<&str>| {
        region
            .describe_replication_configurations(None, Some(1), token)
            .unwrap()
    };
    let first = page(None);
    let second = page(first.next.as_deref());
    assert_eq!(second.next, None);
    let told: Vec<_> = first
        .items
        .iter()
        .chain(&second.items)
        .map(|found| {
            let to = &found.destinations[0];
            (
                found.source_file_system_id.as_str(),
                to.file_system_id.as_str(),
                to.status.as_str(),
            )
        })
        .collect();
    let aged = "fs-0000000000000000f";
    assert_eq!(
        told,
        [
            (aged, "fs-00000000000000f0f", "PAUSED"),
            ("fs-00000000000000010", "fs-00000000000000f10", "ENABLED")
        ]
    );
    let one = region.describe_replication_configurations(Some(aged), None, None);
    assert_eq!(one.unwrap().items, first.items);
    let plain =
        region.describe_replication_configurations(Some("fs-0000000000000000a"), None, None);
    assert_eq!(plain.unwrap_err().code, "ReplicationNotFound");

    let refusal = region.delete_file_system(aged).unwrap_err();
    assert_eq!((refusal.code, refusal.status), ("FileSystemInUse", 409));
    let lifecycle = region.describe_lifecycle_configuration(aged).unwrap();
    let again = region.put_lifecycle_configuration(aged, Some(lifecycle.clone()));
    assert_eq!(
        (lifecycle.len(), again.unwrap_err().code),
        (2, "BadRequest")
    );
    let mut targets = region.mount_targets.values();
    let cut_off = targets
        .find(|target| target.file_system_id == "fs-00000000000000010")
        .unwrap();
    assert!(
        !region
            .network_interfaces
            .contains_key(&cut_off.network_interface_id)
    );
}

#[test]
fn a_mistake_is_named_with_its_place() {
    for (extra, expected) in [
        ("avialable = 3", "line 10"),
        (
            "available = 300",
            "vpc `main`, subnet `a`: only 251 addresses are free, not 300",
        ),
        (
            "[[region.vpc.security_group]]\nname = 'nfs'\ningress = ['tcp 2049 from clients']",
            "region `eu-west-1`, vpc `main`, security group `nfs`: there is no security group `clients`",
        ),
        (
            "[[region.vpc.security_group]]\nname = 'nfs'\ningress = ['2049']",
            "`2049` is not a rule like `tcp 2049 from 10.0.0.0/16`",
        ),
        (
            "[[region.vpc.security_group]]\nname = 'nfs'\ningress = ['tcp 2049 from 10.0.0.0/40']",
            "rule `tcp 2049 from 10.0.0.0/40`: CIDR block 10.0.0.0/40 is malformed (InvalidParameterValue)",
        ),
        (
            "[[region.vpc.security_group]]\nname = 'nfs'\ningress = ['tcp 2049 from pl-0000000b']",
            "rule `tcp 2049 from pl-0000000b`: The prefix list ID 'pl-0000000b' does not exist (InvalidPrefixListID.NotFound)",
        ),
        (
            "[[region.prefix_list]]\nname = 'office'\nid = 'sg-00000001'",
            "prefix list `office`: `sg-00000001` is not an id: it must be `pl-` and 8 to 17 hexadecimal digits",
        ),
        (
            "[[region.prefix_list]]\nname = 'office'\nentries = ['everything']",
            "prefix list `office`: `everything` is not an entry like `10.0.0.0/16 the office`",
        ),
        (
            "[[region.prefix_list]]\nname = 'office'\nentries = ['10.0.0.0/16', '10.0.3.4/16 again']",
            "prefix list `office`, entry `10.0.0.0/16`: given twice",
        ),
        (
            "[[region.prefix_list]]\nname = 'office'\nentries = ['10.0.0.0/16', 'fd00::/8']",
            "prefix list `office`, entry `fd00::/8`: a prefix list has ranges of one address family only",
        ),
        (
            "[[region.prefix_list]]\nname = 'a'\n[[region.prefix_list]]\nname = 'a'\n\
             [[region.vpc.security_group]]\nname = 'nfs'\ningress = ['tcp 2049 from a']",
            "there are several prefix lists `a`: say which by its id",
        ),
        (
            "[[region.file_system]]\nname = 'data'\n[[region.file_system.mount_target]]\nsubnet = 'b'",
            "file system `data`, mount target in `b`: there is no subnet `b`",
        ),
        (
            "[[region.file_system]]\nname = 'data'\nid = 'fs-xyz'",
            "`fs-xyz` is not an id: it must be `fs-` and 8 to 17 hexadecimal digits",
        ),
        (
            "[[region.file_system]]\nname = 'data'\nstate = 'Available'",
            "`Available` is not a life-cycle state",
        ),
        (
            "[[region.vpc.subnet]]\nname = 'b'\nzone = 'eu-west-1z'\ncidr = '10.0.2.0/24'",
            "the zones of the region are eu-west-1a, eu-west-1b, eu-west-1c",
        ),
        (
            "[[region.vpc.subnet]]\nname = 'b'\nzone = 'eu-west-1b'\ncidr = '10.0.1.0/25'",
            "InvalidSubnet.Conflict",
        ),
        (
            "[[region]]\nname = 'eu-west-1'",
            "region `eu-west-1`: described twice",
        ),
        (
            "[[region]]\nname = 'mars-1'",
            "region `mars-1`: that is not the name of a region",
        ),
        (
            "[[region.file_system]]\nname = 'data'\nreplication = { to = 'copy', region = 'eu-west-2' }",
            "file system `data`, replication to `copy`: `copy` is not an id",
        ),
        (
            "[[region.file_system]]\nname = 'data'\nreplication = { to = 'fs-00000001', region = 'mars-1' }",
            "replication to `fs-00000001`: `mars-1` is not a region",
        ),
        (
            "[[region.file_system]]\nname = 'data'\nreplication = { to = 'fs-00000001', region = 'eu-west-2', status = 'paused' }",
            "`paused` has to be `PAUSED`",
        ),
        (
            "[[region.file_system]]\nname = 'data'\nlifecycle = [{ TransitionToIa = 'AFTER_1_DAY' }]",
            "`TransitionToIa` has to be `TransitionToIA`",
        ),
        (
            "[[region.file_system]]\nname = 'data'\nthroughput_mode = 'Elastic'",
            "`Elastic` has to be `elastic`",
        ),
        (
            "[[region.peering]]\nvpc = 'other'\npeer_vpc = 'vpc-00000001'",
            "there is no VPC `other`",
        ),
        (
            "[[region.zone]]\nname = 'us-east-1-bos-1a'\ntype = 'local-zone'",
            "zone `us-east-1-bos-1a`: the name of a zone begins with its region",
        ),
        (
            "[[region.vpc.security_group]]\nname = 'nfs'\ningress = ['tcp 2049 from 99/sg-00000001']",
            "rule `tcp 2049 from 99/sg-00000001`: `99` is not an account",
        ),
        ("[timing]\ndelete = '5 parsecs'", "line 11"),
    ] {
        let complaint = complaint(extra);
        assert!(
            complaint.contains(expected),
            "{extra}:\n{complaint}\nlacks\n{expected}"
        );
    }
    let short = parse("account_id = '12'", NOW).unwrap_err().to_string();
    assert_eq!(short, "account_id `12`: an account id has twelve digits");
}
