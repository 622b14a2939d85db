//! What a mount target takes from its subnet and VPC: addresses, groups, quota.

use efsctl_sandbox::world::efs::CreateMountTarget;
use efsctl_sandbox::world::state::SecurityGroup;

use super::efs_support::{Account, BAD_REQUEST, refused, refused_input, some, target};

/// A group in the VPC of a subnet; answers with its id.
fn group(account: &mut Account, number: u32, subnet_id: &str) -> String {
    let region = account.region();
    let group = SecurityGroup {
        id: format!("sg-{number:017x}"),
        name: format!("group-{number}"),
        description: "test".to_owned(),
        vpc_id: region.subnets[subnet_id].vpc_id.clone(),
        created: 0,
        rules: Vec::new(),
        tags: std::collections::BTreeMap::new(),
    };
    let id = group.id.clone();
    region.security_groups.insert(id.clone(), group);
    id
}

#[test]
fn a_group_of_another_vpc_is_not_found() {
    let mut account = Account::new();
    let id = account.plain();
    let other = account.other_vpc();
    let foreign = group(&mut account, 7, &other.id);
    let subnet = account.subnet('a');
    let input = CreateMountTarget {
        security_groups: Some(vec![foreign]),
        ..target(&id, &subnet)
    };
    let refusal = refused(account.region().create_mount_target(input));
    assert_eq!(refusal, ("SecurityGroupNotFound", 400));
}

#[test]
fn an_address_can_be_asked_for_once() {
    let mut account = Account::new();
    let (first, second) = (account.plain(), account.plain());
    let subnet = account.other_vpc().id;
    let at = |id: &str, address: &str| CreateMountTarget {
        ip_address: some(address),
        ..target(id, &subnet)
    };
    let made = account
        .region()
        .create_mount_target(at(&first, "10.0.0.9"))
        .unwrap();
    assert_eq!(made.ip_address.as_deref(), Some("10.0.0.9"));
    let taken = account
        .region()
        .create_mount_target(at(&second, "10.0.0.9"));
    assert_eq!(refused(taken), ("IpAddressInUse", 409));
    for bad in [
        "10.0.1.9",
        "10.0.0.0",
        "10.0.0.3",
        "10.0.0.15",
        "10.0.0",
        "::1",
        "300.0.0.1",
    ] {
        let result = account.region().create_mount_target(at(&second, bad));
        assert_eq!(refused(result), BAD_REQUEST, "{bad}");
    }
}

#[test]
fn a_full_subnet_has_no_free_addresses() {
    let mut account = Account::new();
    let id = account.plain();
    let mut subnet = account.other_vpc();
    subnet.others_in_use = 11;
    account
        .region()
        .subnets
        .insert(subnet.id.clone(), subnet.clone());
    let refusal = refused(
        account
            .region()
            .create_mount_target(target(&id, &subnet.id)),
    );
    assert_eq!(refusal, ("NoFreeAddressesInSubnet", 409));
    assert!(account.region().mount_targets.is_empty());
}

#[test]
fn the_quota_counts_the_mount_targets_of_a_vpc() {
    let mut account = Account::new();
    let (first, second) = (account.plain(), account.plain());
    account.region().quotas.mount_targets_per_vpc = 1;
    account.mount_target(&first, 'a').unwrap();
    let refusal = refused(account.mount_target(&second, 'b'));
    assert_eq!(refusal, ("NetworkInterfaceLimitExceeded", 409));
    let other = account.other_vpc().id;
    account
        .region()
        .create_mount_target(target(&second, &other))
        .unwrap();
}

#[test]
fn the_address_type_must_suit_the_subnet() {
    let mut account = Account::new();
    let id = account.plain();
    let mut subnet = account.other_vpc();
    let mut create =
        |account: &mut Account, native: bool, range: Option<&str>, kind: Option<&str>| {
            subnet.ipv6_native = native;
            subnet.ipv6_cidr = range.map(str::to_owned);
            account
                .region()
                .subnets
                .insert(subnet.id.clone(), subnet.clone());
            let input = CreateMountTarget {
                ip_address_type: kind.map(str::to_owned),
                ..target(&id, &subnet.id)
            };
            account.region().create_mount_target(input)
        };
    let range = Some("2001:db8::/64");
    for (native, range, kind) in [
        (false, None, Some("DUAL_STACK")),
        (false, range, Some("IPV6_ONLY")),
        (true, range, Some("IPV4_ONLY")),
        (true, range, None),
        (true, range, Some("DUAL_STACK")),
        (false, range, Some("IPV5")),
    ] {
        let result = create(&mut account, native, range, kind);
        assert!(refused_input(result), "{native} {range:?} {kind:?}");
    }
    let dual = create(&mut account, false, range, Some("DUAL_STACK")).unwrap();
    assert!(dual.ip_address.is_some());
    assert!(
        dual.ipv6_address
            .is_some_and(|address| address.starts_with("2001:db8:"))
    );
    account
        .region()
        .delete_mount_target(&dual.mount_target_id)
        .unwrap();
    account.pass(60_000);
    let six = create(&mut account, true, range, Some("IPV6_ONLY")).unwrap();
    assert!(six.ip_address.is_none() && six.ipv6_address.is_some());
}

#[test]
fn groups_are_replaced_as_a_whole_until_the_mount_target_goes() {
    let mut account = Account::new();
    let id = account.plain();
    let subnet = account.subnet('a');
    let groups: Vec<String> = (1..=6)
        .map(|number| group(&mut account, number, &subnet))
        .collect();
    let target = account.mount_target(&id, 'a').unwrap();
    let early = account
        .region()
        .modify_mount_target_security_groups(&target, groups[..1].to_vec());
    assert_eq!(early, Ok(()), "the interface is there while it is creating");
    let region = account.pass(60_000);
    let mut modify = |groups: &[String]| {
        region.modify_mount_target_security_groups(&target, groups.to_vec())?;
        region.describe_mount_target_security_groups(&target)
    };
    assert_eq!(modify(&groups[..2]).unwrap(), groups[..2]);
    assert_eq!(modify(&groups[4..5]).unwrap(), groups[4..5]);
    assert_eq!(
        refused(modify(&groups)),
        ("SecurityGroupLimitExceeded", 400)
    );
    assert_eq!(refused(modify(&[])), BAD_REQUEST);
    assert_eq!(
        refused(modify(&["sg-99999999".to_owned()])),
        ("SecurityGroupNotFound", 400)
    );
    let kept = account
        .region()
        .describe_mount_target_security_groups(&target)
        .unwrap();
    assert_eq!(kept, groups[4..5]);
    let missing = account
        .region()
        .describe_mount_target_security_groups("fsmt-00000000");
    assert_eq!(refused(missing), ("MountTargetNotFound", 404));
    account.region().delete_mount_target(&target).unwrap();
    let late = account
        .region()
        .describe_mount_target_security_groups(&target);
    assert_eq!(refused(late), ("IncorrectMountTargetState", 409));
}
