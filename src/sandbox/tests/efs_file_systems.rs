//! File systems: tokens, descriptions, pages, deletion.

use efsctl_sandbox::world::efs::{CreateFileSystem, DescribeFileSystems};

use super::efs_support::{Account, BAD_REQUEST, refused, refused_input, some, with_token};

fn by_token(token: &str) -> DescribeFileSystems {
    DescribeFileSystems {
        creation_token: some(token),
        ..DescribeFileSystems::default()
    }
}

fn by_id(id: &str) -> DescribeFileSystems {
    DescribeFileSystems {
        file_system_id: some(id),
        ..DescribeFileSystems::default()
    }
}

#[test]
fn a_file_system_is_creating_before_it_is_available() {
    let mut account = Account::new();
    let created = account
        .region()
        .create_file_system(with_token("t"))
        .unwrap();
    assert_eq!(created.life_cycle_state, "creating");
    assert_eq!(
        (created.size_in_bytes.value, created.size_in_bytes.timestamp),
        (0, None)
    );
    let delay = account.world.timing.file_system;
    account.pass(delay - 1);
    assert_eq!(account.state(&created.file_system_id), Ok("creating"));
    account.pass(1);
    assert_eq!(account.state(&created.file_system_id), Ok("available"));
    let page = account
        .region()
        .describe_file_systems(&by_token("t"))
        .unwrap();
    let size = &page.items[0].size_in_bytes;
    assert_eq!((size.value, size.value_in_standard), (6_144, 6_144));
    assert_eq!(size.timestamp, None);
    account.pass(3_600_000);
    let page = account
        .region()
        .describe_file_systems(&by_token("t"))
        .unwrap();
    assert_eq!(page.items[0].size_in_bytes.timestamp, Some(account.now));
}

#[test]
fn a_token_in_use_is_refused_with_the_id_of_its_file_system() {
    let mut account = Account::new();
    let id = account.plain();
    let error = account
        .region()
        .create_file_system(with_token("token-0"))
        .unwrap_err();
    assert_eq!((error.code, error.status), ("FileSystemAlreadyExists", 409));
    assert_eq!(error.fields.get("FileSystemId"), Some(&id));
    let message = format!("File system '{id}' already exists with creation token 'token-0'");
    assert_eq!(error.message, message);
}

#[test]
fn a_token_is_free_again_when_its_file_system_is_gone() {
    let mut account = Account::new();
    let id = account.plain();
    account.region().delete_file_system(&id).unwrap();
    assert_eq!(account.state(&id), Ok("deleting"));
    let early = account.region().create_file_system(with_token("token-0"));
    assert_eq!(refused(early), ("FileSystemAlreadyExists", 409));
    let delay = account.world.timing.delete;
    account.pass(delay);
    assert_eq!(refused(account.state(&id)), ("FileSystemNotFound", 404));
    let again = account
        .region()
        .create_file_system(with_token("token-0"))
        .unwrap();
    assert_ne!(again.file_system_id, id);
}

#[test]
fn a_new_file_system_is_invisible_during_the_describe_lag_but_usable() {
    let mut account = Account::new();
    account.world.timing.describe_lag = 5_000;
    let id = account.plain();
    assert_eq!(refused(account.state(&id)), ("FileSystemNotFound", 404));
    assert!(
        account
            .region()
            .describe_file_systems(&by_token("token-0"))
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        account
            .region()
            .describe_lifecycle_configuration(&id)
            .is_err()
    );
    let repeated = account.region().create_file_system(with_token("token-0"));
    assert_eq!(refused(repeated), ("FileSystemAlreadyExists", 409));
    account.mount_target(&id, 'a').unwrap();
    account.pass(5_000);
    let seen = account.region().describe_file_systems(&by_id(&id)).unwrap();
    assert_eq!(seen.items[0].number_of_mount_targets, 1);
}

#[test]
fn a_file_system_is_found_by_id_arn_and_token() {
    let mut account = Account::new();
    let id = account.plain();
    let other = account.plain();
    let arn = format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{id}");
    for input in [by_id(&id), by_id(&arn), by_token("token-0")] {
        let items = account
            .region()
            .describe_file_systems(&input)
            .unwrap()
            .items;
        assert_eq!(
            items
                .iter()
                .map(|item| &item.file_system_id)
                .collect::<Vec<_>>(),
            [&id]
        );
    }
    let mut both = by_token("token-0");
    both.file_system_id = some(&other);
    let both = account.region().describe_file_systems(&both).unwrap_err();
    assert_eq!((both.code, both.status), ("BadRequest", 400));
    assert!(
        account
            .region()
            .describe_file_systems(&by_token("none"))
            .unwrap()
            .items
            .is_empty()
    );
    let foreign = arn.replace("1111", "2222");
    for bad in [
        "",
        "fs-",
        "fs-XYZ",
        "fs-0123",
        "fsmt-0123456789abcdef0",
        "x",
        arn.replace("eu-west-1", "eu-west-2").as_str(),
    ] {
        assert!(
            refused_input(account.region().describe_file_systems(&by_id(bad))),
            "{bad}"
        );
    }
    assert_eq!(
        refused(account.region().describe_file_systems(&by_id(&foreign))),
        ("FileSystemNotFound", 404)
    );
    let missing = by_id("fs-00000000");
    let refusal = refused(account.region().describe_file_systems(&missing));
    assert_eq!(refusal, ("FileSystemNotFound", 404));
}

#[test]
fn pages_hold_a_hundred_and_markers_continue_them() {
    let mut account = Account::new();
    for number in 0..101 {
        account
            .region()
            .create_file_system(with_token(&format!("n-{number}")))
            .unwrap();
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut sizes = Vec::new();
    let mut input = DescribeFileSystems {
        max_items: Some(1_000),
        ..DescribeFileSystems::default()
    };
    loop {
        let page = account.region().describe_file_systems(&input).unwrap();
        sizes.push(page.items.len());
        seen.extend(page.items.into_iter().map(|item| item.file_system_id));
        input.marker = page.next;
        if input.marker.is_none() {
            break;
        }
        assert!(input.marker.as_ref().unwrap().len() <= 128);
    }
    assert_eq!((sizes, seen.len()), (vec![100, 1], 101));
    input.marker = some("made-up");
    assert_eq!(
        refused(account.region().describe_file_systems(&input)),
        BAD_REQUEST
    );
}

#[test]
fn a_file_system_with_mount_targets_is_in_use_until_they_are_gone() {
    let mut account = Account::new();
    let id = account.plain();
    let target = account.mount_target(&id, 'a').unwrap();
    assert_eq!(
        refused(account.region().delete_file_system(&id)),
        ("FileSystemInUse", 409)
    );
    account.region().delete_mount_target(&target).unwrap();
    assert_eq!(
        refused(account.region().delete_file_system(&id)),
        ("FileSystemInUse", 409)
    );
    let delay = account.world.timing.delete;
    account.pass(delay);
    account.region().delete_file_system(&id).unwrap();
    account.region().delete_file_system(&id).unwrap();
    account.pass(delay);
    assert_eq!(
        refused(account.region().delete_file_system(&id)),
        ("FileSystemNotFound", 404)
    );
}

#[test]
fn regions_do_not_see_each_other() {
    let mut account = Account::new();
    let id = account.plain();
    let now = account.now;
    let other = account.world.region("us-east-1", now).unwrap();
    assert_eq!(
        refused(other.describe_file_systems(&by_id(&id))),
        ("FileSystemNotFound", 404)
    );
    other.create_file_system(with_token("token-0")).unwrap();
    let unsupported = CreateFileSystem {
        availability_zone_name: some("us-east-1c"),
        ..with_token("one-zone")
    };
    assert_eq!(
        refused(other.create_file_system(unsupported)).0,
        "UnsupportedAvailabilityZone"
    );
}
