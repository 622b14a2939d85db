//! EC2 instances, as far as their network interfaces.

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::scenario::parse;
use efsctl_sandbox::world::state::NetworkInterface;

use super::ec2_support::*;

const VPC: &str = "
    [[region]]
    name = 'eu-west-1'
    default_vpc = false
    [[region.vpc]]
    id = 'vpc-0000000a'
    cidr = '10.0.0.0/16'
    [[region.vpc.subnet]]
    name = 'a'
    zone = 'eu-west-1a'
    cidr = '10.0.1.0/24'
    [[region.vpc.subnet]]
    name = 'six'
    zone = 'eu-west-1b'
    ipv6_cidr = '2001:db8::/64'
    [[region.vpc.security_group]]
    id = 'sg-0000000c'
    name = 'clients'
    [[region.vpc.security_group]]
    id = 'sg-0000000f'
    name = 'nfs'
    [[region.file_system]]
    name = 'data'
    [[region.file_system.mount_target]]
    subnet = 'a'
    security_groups = ['nfs']
    ip = '10.0.1.10'
";

/// An account with these instances.
fn with(instances: &str) -> World {
    parse(&format!("{VPC}\n{instances}"), NOW).unwrap_or_else(|error| panic!("{error}"))
}

fn two() -> World {
    with(
        "[[region.instance]]
         id = 'i-0000000a'
         subnet = 'a'
         security_groups = ['clients']
         ip = '10.0.1.20'
         tags = { team = 'red' }
         [[region.instance]]
         subnet = 'a'",
    )
}

/// The interfaces that pass a filter.
fn interfaces(world: &mut World, name: &str, value: &str) -> Vec<NetworkInterface> {
    let page = region(world).describe_network_interfaces(&by_filter(name, value));
    let views = page.unwrap().items.into_iter();
    views.map(|view| view.interface).collect()
}

#[test]
fn an_instance_is_found_by_its_interface() {
    let mut world = two();
    let found = interfaces(&mut world, "attachment.instance-id", "i-0000000a");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].private_ip.as_deref(), Some("10.0.1.20"));
    assert_eq!(found[0].groups, ["sg-0000000c"]);
    assert_eq!(found[0].tags["team"], "red");
    assert_eq!(found[0].interface_type(), "interface");
    for (name, value, count) in [
        ("attachment.instance-id", "i-*", 2),
        ("attachment.instance-id", "i-0000000b", 0),
        ("attachment.device-index", "0", 2),
        ("attachment.device-index", "1", 1),
        ("attachment.instance-owner-id", "111122223333", 2),
        ("attachment.instance-owner-id", "amazon-aws", 1),
        ("attachment.delete-on-termination", "true", 2),
        ("attachment.attachment-id", "eni-attach-*", 2),
        ("attachment.attachment-id", "ela-attach-*", 1),
        ("attachment.status", "attached", 3),
        ("requester-managed", "false", 2),
        ("status", "in-use", 3),
        ("group-id", "sg-0000000c", 1),
        ("group-name", "default", 1),
        ("private-ip-address", "10.0.1.20", 1),
    ] {
        let found = interfaces(&mut world, name, value);
        assert_eq!(found.len(), count, "{name}={value}");
    }
}

#[test]
fn the_interface_of_an_instance_says_what_it_is_attached_to() {
    let mut world = two();
    let interface = interfaces(&mut world, "attachment.instance-id", "i-0000000a");
    let attachment = interface[0].id.replacen("eni-", "eni-attach-", 1);
    let form = "Action=DescribeNetworkInterfaces&Filter.1.Name=attachment.instance-id\
                &Filter.1.Value.1=i-0000000a";
    let (status, xml) = call(region(&mut world), form);
    assert_eq!(status, 200);
    assert_eq!(
        inner(&xml, "attachment"),
        format!(
            "<attachmentId>{attachment}</attachmentId>\
             <deleteOnTermination>true</deleteOnTermination><deviceIndex>0</deviceIndex>\
             <networkCardIndex>0</networkCardIndex><instanceId>i-0000000a</instanceId>\
             <instanceOwnerId>111122223333</instanceOwnerId><status>attached</status>"
        )
    );
    assert_eq!(inner(&xml, "requesterManaged"), "false");
    assert_eq!(inner(&xml, "description"), "");
    let form = "Action=DescribeNetworkInterfaces&Filter.1.Name=interface-type&Filter.1.Value.1=efs";
    let (_, xml) = call(region(&mut world), form);
    let attachment = inner(&xml, "attachment");
    assert!(
        attachment.contains("<instanceOwnerId>amazon-aws<") && !attachment.contains("<instanceId>"),
        "{attachment}"
    );
}

#[test]
fn an_instance_takes_an_address_and_keeps_its_groups_and_its_subnet() {
    let mut world = two();
    let region = region(&mut world);
    let subnet_id = subnet(region, "eu-west-1a");
    assert_eq!(region.available_addresses(&subnet_id), 251 - 3);
    let refused = delete_group(region, "sg-0000000c");
    assert_eq!(code(refused), "DependencyViolation");
    let refused = region.delete_subnet(Some(&subnet_id), false);
    assert_eq!(code(refused), "DependencyViolation");
    let interface = region
        .describe_network_interfaces(&by_filter("attachment.instance-id", "i-0000000a"))
        .unwrap()
        .items[0]
        .interface
        .id
        .clone();
    let refused = region.delete_network_interface(Some(&interface), false);
    assert_eq!(code(refused.clone()), "InvalidParameterValue");
    assert_eq!(
        message(refused),
        format!("Network interface '{interface}' is currently in use.")
    );
}

#[test]
fn an_instance_has_addresses_of_the_families_of_its_subnet() {
    let mut world = with("[[region.instance]]\nid = 'i-00000006'\nsubnet = 'six'");
    let found = interfaces(&mut world, "attachment.instance-id", "i-00000006");
    assert_eq!(found[0].private_ip, None);
    assert!(found[0].ipv6.as_deref().unwrap().starts_with("2001:db8:"));
    let mut world = with(
        "[[region.instance]]\nid = 'i-00000006'\nsubnet = 'six'\nipv6 = '2001:db8::6'\n\
         [[region.instance]]\nid = 'i-00000004'\nsubnet = 'a'",
    );
    let found = interfaces(&mut world, "ipv6-addresses.ipv6-address", "2001:db8::6");
    assert_eq!(found[0].instance_id.as_deref(), Some("i-00000006"));
    let found = interfaces(&mut world, "attachment.instance-id", "i-00000004");
    assert!(found[0].private_ip.is_some() && found[0].ipv6.is_none());
}

#[test]
fn free_addresses_are_what_is_left_once_the_instances_have_theirs() {
    let text = VPC.replace(
        "cidr = '10.0.1.0/24'",
        "cidr = '10.0.1.0/24'\navailable = 7",
    );
    let text = format!("{text}\n[[region.instance]]\nsubnet = 'a'");
    let mut world = parse(&text, NOW).unwrap();
    let region = region(&mut world);
    let subnet_id = subnet(region, "eu-west-1a");
    assert_eq!(region.available_addresses(&subnet_id), 7);
}

#[test]
fn an_instance_that_cannot_be_is_refused_with_its_place() {
    for (instance, expected) in [
        (
            "subnet = 'b'",
            "region `eu-west-1`, instance in `b`: there is no subnet `b`",
        ),
        (
            "subnet = 'a'\nid = 'x-00000001'",
            "instance in `a`: `x-00000001` is not an id: it must be `i-` and 8 to 17 hexadecimal digits",
        ),
        (
            "subnet = 'a'\nsecurity_groups = ['servers']",
            "instance in `a`: there is no security group `servers`",
        ),
        (
            "subnet = 'a'\nsecurity_groups = ['sg-0000000d']",
            "belong to different networks (InvalidParameter)",
        ),
        (
            "subnet = 'a'\nip = '10.0.1.10'",
            "Address 10.0.1.10 is in use (InvalidIPAddress.InUse)",
        ),
        (
            "subnet = 'a'\nip = '10.0.2.10'",
            "Address 10.0.2.10 does not fall within the subnet's address range (InvalidParameterValue)",
        ),
        (
            "subnet = 'six'\nip = '10.0.1.30'",
            "(InsufficientFreeAddressesInSubnet)",
        ),
        (
            "subnet = 'a'\nipv6 = 'fd00::1'",
            "(InsufficientFreeAddressesInSubnet)",
        ),
        ("subnet = 'a'\nip = 'ten'", "invalid"),
        ("subnet = 'a'\ncolour = 'red'", "unknown field `colour`"),
        (
            "subnet = 'a'\nid = 'i-00000001'\n[[region.instance]]\nsubnet = 'a'\nid = 'i-00000001'",
            "the id `i-00000001` is given twice",
        ),
    ] {
        let elsewhere = "[[region.vpc]]\ncidr = '10.1.0.0/16'\n\
                         [[region.vpc.security_group]]\nid = 'sg-0000000d'\nname = 'far'";
        let text = format!("{VPC}\n{elsewhere}\n[[region.instance]]\n{instance}");
        let error = parse(&text, NOW).expect_err(instance).to_string();
        assert!(
            error.contains(expected),
            "{instance}:\n{error}\nlacks\n{expected}"
        );
    }
}

#[test]
fn instances_outlive_their_process_and_an_old_state_file_has_none() {
    let text = serde_json::to_string(&two()).unwrap();
    let mut again: World = serde_json::from_str(&text).unwrap();
    let found = interfaces(&mut again, "attachment.instance-id", "i-0000000a");
    assert_eq!(found.len(), 1);
    let text = serde_json::to_string(&with("")).unwrap();
    assert!(!text.contains("instance_id"), "{text}");
    let mut old: World = serde_json::from_str(&text).unwrap();
    assert_eq!(
        interfaces(&mut old, "attachment.status", "attached").len(),
        1
    );
}
