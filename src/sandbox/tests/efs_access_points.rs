//! Access points, and the tags of whatever can carry them.

use efsctl_sandbox::world::efs::{
    CreateAccessPoint, CreationInfo, DescribeAccessPoints, DescribeMountTargets, PosixUser,
    RootDirectory,
};

use super::efs_support::{Account, BAD_REQUEST, INVALID, refused, refused_input, some, tag};

fn point(file_system: &str, token: &str) -> CreateAccessPoint {
    CreateAccessPoint {
        client_token: token.to_owned(),
        file_system_id: file_system.to_owned(),
        ..CreateAccessPoint::default()
    }
}

fn user(uid: i64, gid: i64, others: Vec<i64>) -> PosixUser {
    PosixUser {
        uid,
        gid,
        secondary_gids: Some(others),
    }
}

fn root(path: &str, permissions: &str) -> RootDirectory {
    let info = CreationInfo {
        owner_uid: 1_000,
        owner_gid: 1_000,
        permissions: permissions.to_owned(),
    };
    RootDirectory {
        path: some(path),
        creation_info: Some(info),
    }
}

#[test]
fn an_access_point_remembers_what_it_was_made_with() {
    let mut account = Account::new();
    let id = account.plain();
    let input = CreateAccessPoint {
        posix_user: Some(user(1_000, 4_294_967_295, vec![7, 8])),
        root_directory: Some(root("/data/app", "0755")),
        tags: Some(vec![tag("Name", "app")]),
        ..point(&id, "t")
    };
    let made = account.region().create_access_point(input.clone()).unwrap();
    assert_eq!(made.life_cycle_state, "creating");
    assert_eq!(made.posix_user, input.posix_user);
    assert_eq!(Some(&made.root_directory), input.root_directory.as_ref());
    assert_eq!(made.name.as_deref(), Some("app"));
    let arn = format!(
        "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/{}",
        made.access_point_id
    );
    assert_eq!(made.access_point_arn, arn);
    account.pass(60_000);
    let by_arn = DescribeAccessPoints {
        access_point_id: Some(arn),
        ..Default::default()
    };
    let page = account.region().describe_access_points(&by_arn).unwrap();
    assert_eq!(page.items[0].life_cycle_state, "available");
    let plain = account
        .region()
        .create_access_point(point(&id, "plain"))
        .unwrap();
    assert_eq!(plain.root_directory.path.as_deref(), Some("/"));
    assert!(plain.posix_user.is_none() && plain.root_directory.creation_info.is_none());
}

#[test]
fn a_client_token_in_use_is_refused_with_the_id_of_its_access_point() {
    let mut account = Account::new();
    let id = account.plain();
    let made = account
        .region()
        .create_access_point(point(&id, "t"))
        .unwrap();
    let error = account
        .region()
        .create_access_point(point(&id, "t"))
        .unwrap_err();
    assert_eq!(
        (error.code, error.status),
        ("AccessPointAlreadyExists", 409)
    );
    assert_eq!(
        error.fields.get("AccessPointId"),
        Some(&made.access_point_id)
    );
}

#[test]
fn invalid_access_points_are_bad_requests() {
    let mut account = Account::new();
    let id = account.plain();
    let base = || point(&id, "t");
    let with_user = |user| CreateAccessPoint {
        posix_user: Some(user),
        ..base()
    };
    let with_root = |root| CreateAccessPoint {
        root_directory: Some(root),
        ..base()
    };
    for input in [
        point(&id, ""),
        point(&id, &"x".repeat(65)),
        point("fs-1", "t"),
        with_user(user(-1, 0, Vec::new())),
        with_user(user(0, 4_294_967_296, Vec::new())),
        with_user(user(0, 0, vec![0; 17])),
        with_user(user(0, 0, vec![-1])),
        with_root(root("relative", "755")),
        with_root(root("/a/b/c/d/e", "755")),
        with_root(root("/a", "75")),
        with_root(root("/a", "788")),
        with_root(root("/a", "00755")),
        CreateAccessPoint {
            tags: Some(vec![tag("aws:x", "")]),
            ..base()
        },
    ] {
        let name = format!("{input:?}");
        assert!(
            refused_input(account.region().create_access_point(input)),
            "{name}"
        );
    }
    assert!(account.region().access_points.is_empty());
}

#[test]
fn the_quota_of_access_points_is_that_of_one_file_system() {
    let mut account = Account::new();
    let (first, second) = (account.plain(), account.plain());
    account.region().quotas.access_points = 1;
    account
        .region()
        .create_access_point(point(&first, "1"))
        .unwrap();
    let refusal = refused(account.region().create_access_point(point(&first, "2")));
    assert_eq!(refusal, ("AccessPointLimitExceeded", 403));
    account
        .region()
        .create_access_point(point(&second, "3"))
        .unwrap();
}

#[test]
fn access_points_are_listed_by_id_or_by_file_system() {
    let mut account = Account::new();
    let (first, second) = (account.plain(), account.plain());
    let made = account
        .region()
        .create_access_point(point(&first, "1"))
        .unwrap()
        .access_point_id;
    account
        .region()
        .create_access_point(point(&first, "2"))
        .unwrap();
    account
        .region()
        .create_access_point(point(&second, "3"))
        .unwrap();
    let mut count = |point: Option<&str>, file_system: Option<&str>| {
        let input = DescribeAccessPoints {
            access_point_id: point.map(str::to_owned),
            file_system_id: file_system.map(str::to_owned),
            ..Default::default()
        };
        account
            .region()
            .describe_access_points(&input)
            .map(|page| page.items.len())
    };
    assert_eq!(count(None, None), Ok(3));
    assert_eq!(count(None, Some(&first)), Ok(2));
    assert_eq!(count(Some(&made), None), Ok(1));
    assert_eq!(refused(count(Some(&made), Some(&first))), BAD_REQUEST);
    assert_eq!(
        refused(count(Some("fsap-00000000"), None)),
        ("AccessPointNotFound", 404)
    );
    assert_eq!(refused(count(Some("fsap"), None)), INVALID);
    let paged = DescribeAccessPoints {
        max_results: Some(2),
        ..Default::default()
    };
    assert!(
        account
            .region()
            .describe_access_points(&paged)
            .unwrap()
            .next
            .is_some()
    );
}

#[test]
fn a_deleted_access_point_goes_in_its_time_and_with_its_file_system() {
    let mut account = Account::new();
    let id = account.plain();
    let first = account
        .region()
        .create_access_point(point(&id, "1"))
        .unwrap()
        .access_point_id;
    account
        .region()
        .create_access_point(point(&id, "2"))
        .unwrap();
    account.region().delete_access_point(&first).unwrap();
    let listed = account
        .region()
        .describe_access_points(&DescribeAccessPoints::default())
        .unwrap();
    assert!(
        listed
            .items
            .iter()
            .any(|point| point.life_cycle_state == "deleting")
    );
    let delay = account.world.timing.delete;
    account.pass(delay);
    let refusal = refused(account.region().delete_access_point(&first));
    assert_eq!(refusal, ("AccessPointNotFound", 404));
    account.region().delete_file_system(&id).unwrap();
    account.pass(delay);
    assert!(account.region().access_points.is_empty());
}

#[test]
fn mount_targets_are_found_through_an_access_point() {
    let mut account = Account::new();
    let id = account.plain();
    let target = account.mount_target(&id, 'a').unwrap();
    let made = account
        .region()
        .create_access_point(point(&id, "1"))
        .unwrap();
    let input = DescribeMountTargets {
        access_point_id: Some(made.access_point_id),
        ..DescribeMountTargets::default()
    };
    let page = account.region().describe_mount_targets(&input).unwrap();
    assert_eq!(page.items[0].mount_target_id, target);
}

#[test]
fn tags_are_added_overwritten_and_removed() {
    let mut account = Account::new();
    let id = account.plain();
    let made = account
        .region()
        .create_access_point(point(&id, "1"))
        .unwrap();
    let arn = format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{id}");
    let names = [id, arn, made.access_point_id, made.access_point_arn];
    for name in names {
        let region = account.region();
        region
            .tag_resource(&name, vec![tag("a", "1"), tag("ä b", ""), tag("c", "3")])
            .unwrap();
        region.tag_resource(&name, vec![tag("a", "2")]).unwrap();
        let keys = ["ä b", "c", "missing"].map(str::to_owned);
        region.untag_resource(&name, &keys).unwrap();
        let left = region.list_tags_for_resource(&name, None, None).unwrap();
        assert_eq!(left.items, [tag("a", "2")], "{name}");
    }
}

#[test]
fn a_mount_target_cannot_be_tagged() {
    let mut account = Account::new();
    let id = account.plain();
    let target = account.mount_target(&id, 'a').unwrap();
    let region = account.region();
    for name in [target.as_str(), "fs-1", "subnet-00000000", ""] {
        assert_eq!(
            refused(region.tag_resource(name, vec![tag("a", "1")])),
            BAD_REQUEST,
            "{name}"
        );
        assert_eq!(
            refused(region.list_tags_for_resource(name, None, None)),
            BAD_REQUEST,
            "{name}"
        );
    }
    let missing = region.tag_resource("fs-00000000", vec![tag("a", "1")]);
    assert_eq!(refused(missing), ("FileSystemNotFound", 404));
    let missing = region.untag_resource("fsap-00000000", &["a".to_owned()]);
    assert_eq!(refused(missing), ("AccessPointNotFound", 404));
}

#[test]
fn fifty_tags_fit_and_those_of_aws_do_not_count() {
    let mut account = Account::new();
    let id = account.plain();
    let region = account.region();
    region.put_backup_policy(&id, Some("ENABLED")).unwrap();
    let fifty = (0..50)
        .map(|number| tag(&format!("key-{number}"), ""))
        .collect();
    region.tag_resource(&id, fifty).unwrap();
    assert_eq!(
        refused(region.tag_resource(&id, vec![tag("more", "")])),
        BAD_REQUEST
    );
    region
        .tag_resource(&id, vec![tag("key-0", "again")])
        .unwrap();
    let reserved = ["aws:elasticfilesystem:default-backup".to_owned()];
    assert_eq!(refused(region.untag_resource(&id, &reserved)), BAD_REQUEST);
    assert_eq!(refused(region.untag_resource(&id, &[])), BAD_REQUEST);
    let first = region.list_tags_for_resource(&id, Some(30), None).unwrap();
    let second = region
        .list_tags_for_resource(&id, Some(30), first.next.as_deref())
        .unwrap();
    assert_eq!(
        (first.items.len(), second.items.len(), second.next),
        (30, 21, None)
    );
}
