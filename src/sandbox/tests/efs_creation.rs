//! `CreateFileSystem`: defaults, keys, zones, and what is refused.

use efsctl_sandbox::world::efs::CreateFileSystem;

use super::efs_support::{Account, refused, refused_input, some, tag, with_token};

#[test]
fn defaults_are_those_of_the_api_and_not_of_the_console() {
    let mut account = Account::new();
    let made = account
        .region()
        .create_file_system(with_token("t"))
        .unwrap();
    assert!(!made.encrypted && made.kms_key_id.is_none() && made.tags.is_empty());
    assert_eq!(made.performance_mode, "generalPurpose");
    assert_eq!(made.throughput_mode, "bursting");
    assert_eq!(
        made.file_system_protection.replication_overwrite_protection,
        "ENABLED"
    );
    let id = &made.file_system_id;
    assert_eq!((id.len(), id.starts_with("fs-")), (20, true));
    let arn = format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{id}");
    assert_eq!(made.file_system_arn, arn);
}

#[test]
fn invalid_creations_are_bad_requests_and_create_nothing() {
    let base = || with_token("t");
    let cases: Vec<(&str, CreateFileSystem)> = vec![
        ("no token", with_token("")),
        ("long token", with_token(&"x".repeat(65))),
        (
            "performance mode",
            CreateFileSystem {
                performance_mode: some("fast"),
                ..base()
            },
        ),
        (
            "throughput mode",
            CreateFileSystem {
                throughput_mode: some("max"),
                ..base()
            },
        ),
        (
            "key without encryption",
            CreateFileSystem {
                kms_key_id: some("alias/a"),
                ..base()
            },
        ),
        (
            "malformed key",
            CreateFileSystem {
                encrypted: Some(true),
                kms_key_id: some("my key"),
                ..base()
            },
        ),
        (
            "key of another region",
            CreateFileSystem {
                encrypted: Some(true),
                kms_key_id: some("arn:aws:kms:us-east-1:111122223333:alias/a"),
                ..base()
            },
        ),
        (
            "provisioned alone",
            CreateFileSystem {
                throughput_mode: some("provisioned"),
                ..base()
            },
        ),
        (
            "amount alone",
            CreateFileSystem {
                provisioned_throughput_in_mibps: Some(10.0),
                ..base()
            },
        ),
        (
            "amount below one",
            CreateFileSystem {
                throughput_mode: some("provisioned"),
                provisioned_throughput_in_mibps: Some(0.5),
                ..base()
            },
        ),
        (
            "elastic maxIO",
            CreateFileSystem {
                throughput_mode: some("elastic"),
                performance_mode: some("maxIO"),
                ..base()
            },
        ),
        (
            "One Zone maxIO",
            CreateFileSystem {
                availability_zone_name: some("eu-west-1a"),
                performance_mode: some("maxIO"),
                ..base()
            },
        ),
        (
            "reserved tag",
            CreateFileSystem {
                tags: Some(vec![tag("AWS:x", "1")]),
                ..base()
            },
        ),
        (
            "empty tag key",
            CreateFileSystem {
                tags: Some(vec![tag("", "1")]),
                ..base()
            },
        ),
        (
            "tag characters",
            CreateFileSystem {
                tags: Some(vec![tag("a*", "1")]),
                ..base()
            },
        ),
        (
            "tag value",
            CreateFileSystem {
                tags: Some(vec![tag("a", &"v".repeat(257))]),
                ..base()
            },
        ),
        (
            "key twice",
            CreateFileSystem {
                tags: Some(vec![tag("a", "1"), tag("a", "2")]),
                ..base()
            },
        ),
        (
            "too many tags",
            CreateFileSystem {
                tags: Some((0..51).map(|number| tag(&number.to_string(), "")).collect()),
                ..base()
            },
        ),
    ];
    for (name, input) in cases {
        let mut account = Account::new();
        assert!(
            refused_input(account.region().create_file_system(input)),
            "{name}"
        );
        assert!(account.region().file_systems.is_empty(), "{name}");
    }
}

#[test]
fn quotas_have_their_own_errors() {
    let mut account = Account::new();
    account.region().quotas.file_systems = 1;
    account.plain();
    let second = account.region().create_file_system(with_token("second"));
    assert_eq!(refused(second), ("FileSystemLimitExceeded", 403));
    account.region().quotas.file_systems = 2;
    let fast = CreateFileSystem {
        throughput_mode: some("provisioned"),
        provisioned_throughput_in_mibps: Some(3_415.0),
        ..with_token("fast")
    };
    let fast = account.region().create_file_system(fast);
    assert_eq!(refused(fast), ("ThroughputLimitExceeded", 400));
}

#[test]
fn every_form_of_a_key_is_answered_with_the_arn_of_the_key() {
    let mut account = Account::new();
    let mut key = |named: Option<&str>| {
        let count = account.region().file_systems.len();
        let input = CreateFileSystem {
            encrypted: Some(true),
            kms_key_id: named.map(str::to_owned),
            ..with_token(&format!("key-{count}"))
        };
        account
            .region()
            .create_file_system(input)
            .unwrap()
            .kms_key_id
            .unwrap()
    };
    let prefix = "arn:aws:kms:eu-west-1:111122223333:";
    let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let default = key(None);
    assert_eq!(default.len(), prefix.len() + "key/".len() + id.len());
    assert!(default.starts_with(&format!("{prefix}key/")));
    assert_eq!(key(Some("alias/aws/elasticfilesystem")), default);
    assert_eq!(key(Some(id)), format!("{prefix}key/{id}"));
    assert_eq!(
        key(Some(&format!("{prefix}key/{id}"))),
        format!("{prefix}key/{id}")
    );
    let alias = key(Some("alias/projects/one"));
    assert_eq!(key(Some(&format!("{prefix}alias/projects/one"))), alias);
    assert_ne!(alias, default);
}

#[test]
fn a_one_zone_file_system_has_backups_and_a_zone_id() {
    let mut account = Account::new();
    let zone = |zone: &str| CreateFileSystem {
        availability_zone_name: some(zone),
        ..with_token(zone)
    };
    let made = account
        .region()
        .create_file_system(zone("eu-west-1b"))
        .unwrap();
    assert_eq!(made.availability_zone_id.as_deref(), Some("euw1-az2"));
    assert_eq!(
        made.tags,
        [tag("aws:elasticfilesystem:default-backup", "enabled")]
    );
    let status = account
        .region()
        .describe_backup_policy(&made.file_system_id)
        .unwrap();
    assert_eq!(status, "ENABLED");
    for unknown in ["eu-west-1z", "us-east-1a", "euw1-az1"] {
        let refusal = refused(account.region().create_file_system(zone(unknown)));
        assert_eq!(refusal, ("UnsupportedAvailabilityZone", 400), "{unknown}");
    }
}
