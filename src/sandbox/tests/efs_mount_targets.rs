//! Mount targets: place, states, descriptions.

use efsctl_sandbox::world::efs::{CreateFileSystem, CreateMountTarget, DescribeMountTargets};

use super::efs_support::{Account, BAD_REQUEST, INVALID, refused, some, target, with_token};

fn of_file_system(id: &str) -> DescribeMountTargets {
    DescribeMountTargets {
        file_system_id: some(id),
        ..DescribeMountTargets::default()
    }
}

#[test]
fn a_mount_target_has_an_interface_an_address_and_a_zone() {
    let mut account = Account::new();
    let id = account.plain();
    let subnet = account.subnet('b');
    let free = account.region().available_addresses(&subnet);
    let made = account
        .region()
        .create_mount_target(target(&id, &subnet))
        .unwrap();
    assert_eq!(made.life_cycle_state, "creating");
    assert_eq!(made.availability_zone_name.as_deref(), Some("eu-west-1b"));
    assert_eq!(made.availability_zone_id.as_deref(), Some("euw1-az2"));
    let region = account.region();
    let interface = region.network_interfaces[&made.network_interface_id].clone();
    let described = format!("EFS mount target for {id} ({})", made.mount_target_id);
    assert_eq!(interface.description, described);
    assert!(interface.requester_managed);
    assert_eq!(interface.private_ip, made.ip_address);
    assert_eq!(Some(&interface.vpc_id), made.vpc_id.as_ref());
    assert_eq!(interface.groups.len(), 1);
    assert_eq!(region.security_groups[&interface.groups[0]].name, "default");
    assert_eq!(region.available_addresses(&subnet), free - 1);
}

#[test]
fn a_deleted_mount_target_gives_its_interface_back_when_it_is_gone() {
    let mut account = Account::new();
    let id = account.plain();
    let mount_target = account.mount_target(&id, 'a').unwrap();
    account.region().delete_mount_target(&mount_target).unwrap();
    assert_eq!(account.target_state(&mount_target), Ok("deleting"));
    assert_eq!(account.region().network_interfaces.len(), 1);
    assert_eq!(
        refused(account.mount_target(&id, 'a')),
        ("MountTargetConflict", 409)
    );
    let delay = account.world.timing.delete;
    account.pass(delay - 1);
    account.region().delete_mount_target(&mount_target).unwrap();
    account.pass(1);
    assert!(account.region().network_interfaces.is_empty());
    assert_eq!(
        refused(account.target_state(&mount_target)),
        ("MountTargetNotFound", 404)
    );
    account.mount_target(&id, 'a').unwrap();
}

#[test]
fn a_mount_target_takes_its_time_to_become_available() {
    let mut account = Account::new();
    let id = account.plain();
    let mount_target = account.mount_target(&id, 'a').unwrap();
    let delay = account.world.timing.mount_target;
    account.pass(delay - 1);
    assert_eq!(account.target_state(&mount_target), Ok("creating"));
    account.pass(1);
    assert_eq!(account.target_state(&mount_target), Ok("available"));
}

#[test]
fn a_mount_target_of_a_failing_zone_ends_in_error_and_can_be_deleted() {
    let mut account = Account::new();
    let id = account.plain();
    account
        .region()
        .failing_zones
        .insert("eu-west-1c".to_owned());
    let broken = account.mount_target(&id, 'c').unwrap();
    let sound = account.mount_target(&id, 'a').unwrap();
    account.pass(60_000);
    assert_eq!(account.target_state(&broken), Ok("error"));
    assert_eq!(account.target_state(&sound), Ok("available"));
    account.region().delete_mount_target(&broken).unwrap();
    assert_eq!(account.target_state(&broken), Ok("deleting"));
}

#[test]
fn a_file_system_that_is_not_available_takes_no_mount_target() {
    let mut account = Account::new();
    let made = account
        .region()
        .create_file_system(with_token("t"))
        .unwrap();
    let early = account.mount_target(&made.file_system_id, 'a');
    assert_eq!(refused(early), ("IncorrectFileSystemLifeCycleState", 409));
    account.pass(60_000);
    account
        .region()
        .delete_file_system(&made.file_system_id)
        .unwrap();
    let late = account.mount_target(&made.file_system_id, 'a');
    assert_eq!(refused(late), ("IncorrectFileSystemLifeCycleState", 409));
}

#[test]
fn a_second_mount_target_in_the_same_zone_conflicts() {
    let mut account = Account::new();
    let id = account.plain();
    account.mount_target(&id, 'a').unwrap();
    let subnet = account.subnet('a');
    let error = account
        .region()
        .create_mount_target(target(&id, &subnet))
        .unwrap_err();
    assert_eq!((error.code, error.status), ("MountTargetConflict", 409));
    assert_eq!(error.message, "mount target already exists in this AZ");
    assert_eq!(account.region().network_interfaces.len(), 1);
    account.mount_target(&id, 'b').unwrap();
}

#[test]
fn a_mount_target_in_another_vpc_conflicts() {
    let mut account = Account::new();
    let id = account.plain();
    account.mount_target(&id, 'b').unwrap();
    let other = account.other_vpc();
    let error = account
        .region()
        .create_mount_target(target(&id, &other.id))
        .unwrap_err();
    assert_eq!((error.code, error.status), ("MountTargetConflict", 409));
    assert!(
        error.message.contains("not in the same VPC"),
        "{}",
        error.message
    );
}

#[test]
fn a_one_zone_file_system_lives_in_its_zone() {
    let mut account = Account::new();
    let one_zone = CreateFileSystem {
        availability_zone_name: some("eu-west-1b"),
        ..with_token("one-zone")
    };
    let id = account.file_system(one_zone);
    assert_eq!(
        refused(account.mount_target(&id, 'a')),
        ("AvailabilityZonesMismatch", 400)
    );
    account.mount_target(&id, 'b').unwrap();
}

#[test]
fn names_that_lead_nowhere_have_their_own_errors() {
    let mut account = Account::new();
    let id = account.plain();
    let subnet = account.subnet('a');
    let mut create =
        |input: CreateMountTarget| refused(account.region().create_mount_target(input));
    let base = || target(&id, &subnet);
    assert_eq!(
        create(target("fs-00000000", &subnet)),
        ("FileSystemNotFound", 404)
    );
    assert_eq!(create(target("fs", &subnet)), INVALID);
    assert_eq!(
        create(target(&id, "subnet-00000000")),
        ("SubnetNotFound", 400)
    );
    assert_eq!(create(target(&id, "subnet")), INVALID);
    let groups = |ids: &[&str]| CreateMountTarget {
        security_groups: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
        ..base()
    };
    assert_eq!(
        create(groups(&["sg-00000000"])),
        ("SecurityGroupNotFound", 400)
    );
    assert_eq!(create(groups(&["default"])), INVALID);
    let six = [
        "sg-000000a1",
        "sg-000000a2",
        "sg-000000a3",
        "sg-000000a4",
        "sg-000000a5",
        "sg-000000a6",
    ];
    assert_eq!(create(groups(&six)), ("SecurityGroupLimitExceeded", 400));
}

#[test]
fn exactly_one_name_says_whose_mount_targets_are_described() {
    let mut account = Account::new();
    let id = account.plain();
    let first = account.mount_target(&id, 'a').unwrap();
    account.mount_target(&id, 'b').unwrap();
    let none = DescribeMountTargets::default();
    assert_eq!(
        refused(account.region().describe_mount_targets(&none)),
        BAD_REQUEST
    );
    let mut input = of_file_system(&id);
    assert_eq!(
        account
            .region()
            .describe_mount_targets(&input)
            .unwrap()
            .items
            .len(),
        2
    );
    input.mount_target_id = Some(first.clone());
    assert_eq!(
        refused(account.region().describe_mount_targets(&input)),
        BAD_REQUEST
    );
    input.file_system_id = None;
    assert_eq!(
        account
            .region()
            .describe_mount_targets(&input)
            .unwrap()
            .items
            .len(),
        1
    );
    input.mount_target_id = some("fsmt-1");
    assert_eq!(
        refused(account.region().describe_mount_targets(&input)),
        INVALID
    );
}

#[test]
fn mount_targets_are_paged() {
    let mut account = Account::new();
    let id = account.plain();
    for letter in ['a', 'b', 'c'] {
        account.mount_target(&id, letter).unwrap();
    }
    let mut input = DescribeMountTargets {
        max_items: Some(2),
        ..of_file_system(&id)
    };
    let first = account.region().describe_mount_targets(&input).unwrap();
    input.marker = first.next;
    let second = account.region().describe_mount_targets(&input).unwrap();
    assert_eq!(
        (first.items.len(), second.items.len(), second.next),
        (2, 1, None)
    );
}

#[test]
fn a_mount_target_is_invisible_during_the_describe_lag_but_keeps_its_zone() {
    let mut account = Account::new();
    let id = account.plain();
    account.world.timing.describe_lag = 5_000;
    account.pass(5_000);
    let mount_target = account.mount_target(&id, 'a').unwrap();
    assert_eq!(
        refused(account.target_state(&mount_target)),
        ("MountTargetNotFound", 404)
    );
    let listed = account
        .region()
        .describe_mount_targets(&of_file_system(&id))
        .unwrap();
    assert!(listed.items.is_empty());
    assert_eq!(
        refused(account.mount_target(&id, 'a')),
        ("MountTargetConflict", 409)
    );
    account.pass(5_000);
    assert_eq!(account.target_state(&mount_target), Ok("available"));
}
