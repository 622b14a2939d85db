//! Network interfaces of mount targets, and their addresses.

use efsctl_sandbox::world::efs::{CreateFileSystem, CreateMountTarget};

use super::ec2_support::*;

#[test]
fn the_interface_of_a_mount_target_can_be_tagged_but_not_deleted() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "nfs");
    let (file_system, target) = mount_target(region, "eu-west-1a", &[&id]);
    let description = format!("EFS mount target for {file_system} ({target})");
    let pattern = by_filter("description", "EFS mount target for fs-*");
    let found = region.describe_network_interfaces(&pattern).unwrap().items;
    let view = &found[0];
    assert_eq!(
        (found.len(), &view.interface.description),
        (1, &description)
    );
    assert_eq!(view.groups, [(id.clone(), "nfs".to_owned())]);
    assert_eq!(view.interface.interface_type(), "efs");
    assert_eq!(view.interface.status(), "in-use");
    let worn = region
        .describe_network_interfaces(&by_filter("group-id", &id))
        .unwrap();
    assert_eq!(worn.items.len(), 1);
    let managed = region.describe_network_interfaces(&by_filter("requester-managed", "true"));
    assert_eq!(managed.unwrap().items.len(), 1);
    tag(region, &[&view.interface.id], "Owner", "me").unwrap();
    let tagged = region.describe_network_interfaces(&by_filter("tag:Owner", "me"));
    assert_eq!(tagged.unwrap().items.len(), 1);
    let refused = region.delete_network_interface(Some(&view.interface.id), false);
    assert_eq!(code(refused), "OperationNotPermitted");
    let unknown = region.delete_network_interface(Some("eni-00000000"), false);
    assert_eq!(code(unknown), "InvalidNetworkInterfaceID.NotFound");
}

#[test]
fn mount_targets_take_addresses_out_of_their_subnet_and_give_them_back() {
    let mut world = world();
    let region = region(&mut world);
    let subnet_id = subnet(region, "eu-west-1b");
    let before = region.available_addresses(&subnet_id);
    let (_, first) = mount_target(region, "eu-west-1b", &[]);
    mount_target(region, "eu-west-1b", &[]);
    assert_eq!(region.available_addresses(&subnet_id), before - 2);
    let range = region.subnets[&subnet_id].cidr;
    let mut taken: Vec<std::net::Ipv4Addr> = (region.network_interfaces.values())
        .map(|interface| interface.private_ip.as_ref().unwrap().parse().unwrap())
        .collect();
    assert!(taken.iter().all(|address| range.contains(address)));
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), 2);
    region.delete_mount_target(&first).unwrap();
    region.settle(NOW + 1);
    assert_eq!(region.available_addresses(&subnet_id), before - 1);
}

#[test]
fn an_address_that_is_asked_for_must_be_free_and_in_the_subnet() {
    let mut world = world();
    let region = region(&mut world);
    let subnet_id = subnet(region, "eu-west-1a");
    let mut ask = |token: &str, address: &str| {
        let input = CreateFileSystem {
            creation_token: token.to_owned(),
            ..Default::default()
        };
        let file_system_id = region.create_file_system(input).unwrap().file_system_id;
        code(region.create_mount_target(CreateMountTarget {
            file_system_id,
            subnet_id: subnet_id.clone(),
            ip_address: Some(address.to_owned()),
            ..CreateMountTarget::default()
        }))
    };
    assert_eq!(ask("a", "172.31.1.1"), "success");
    assert_eq!(ask("b", "172.31.1.1"), "IpAddressInUse");
    assert_eq!(
        ask("c", "172.31.0.3"),
        "BadRequest",
        "AWS keeps the first four for itself"
    );
    assert_eq!(ask("d", "192.0.2.1"), "BadRequest");
}
