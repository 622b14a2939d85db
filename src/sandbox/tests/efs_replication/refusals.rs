//! What `CreateReplicationConfiguration` refuses.

use efsctl_sandbox::world::scenario::parse;
use serde_json::{Value, json};

use super::super::efs_support::Account;

pub(super) const NOW: u64 = 1_700_000_000_000;

/// Two regions with what there is to refuse, and one that is not enabled.
const WORLD: &str = r#"
disabled_regions = ["ap-east-1"]

[[region]]
name = "eu-west-1"
[[region.file_system]]
id = "fs-0a000000000000001"
name = "plain"
[[region.file_system]]
id = "fs-0a000000000000002"
name = "encrypted"
encrypted = true
[[region.file_system]]
id = "fs-0a000000000000003"
name = "updating"
state = "updating"
[[region.file_system]]
id = "fs-0a000000000000004"
name = "source"
replication = { to = "fs-0a00000000000000f", region = "eu-central-1" }
[[region.file_system]]
id = "fs-0a000000000000005"
name = "copy"
copy_of = { from = "fs-0a00000000000000e", region = "eu-central-1" }
[[region.file_system]]
id = "fs-0a000000000000006"
name = "here"
replication_overwrite_protection = "DISABLED"

[[region]]
name = "eu-west-2"
[region.quotas]
file_systems = 8
[region.kms_keys]
"12345678-1234-1234-1234-123456789012" = "disabled"
[[region.file_system]]
id = "fs-0b000000000000001"
name = "open"
replication_overwrite_protection = "DISABLED"
[[region.file_system]]
id = "fs-0b000000000000002"
name = "protected"
[[region.file_system]]
id = "fs-0b000000000000003"
name = "creating"
state = "creating"
replication_overwrite_protection = "DISABLED"
[[region.file_system]]
id = "fs-0b000000000000004"
name = "taken"
copy_of = { from = "fs-0a00000000000000e", region = "eu-central-1" }
[[region.file_system]]
id = "fs-0b000000000000005"
name = "source"
replication_overwrite_protection = "DISABLED"
replication = { to = "fs-0a00000000000000d", region = "eu-central-1" }
[[region.file_system]]
id = "fs-0b000000000000009"
name = "theirs"
owner = "999988887777"
replication_overwrite_protection = "DISABLED"

[[region]]
name = "eu-north-1"
[region.quotas]
file_systems = 0
"#;

pub(super) const PLAIN: &str = "fs-0a000000000000001";
pub(super) const ENCRYPTED: &str = "fs-0a000000000000002";
pub(super) const OPEN: &str = "fs-0b000000000000001";
const ROLE: &str = "arn:aws:iam::111122223333:role/replicate";

pub(super) fn account() -> Account {
    let world = parse(WORLD, NOW).unwrap_or_else(|error| panic!("{error}"));
    Account { world, now: NOW }
}

/// Status, code and sentence of an answer; of a success the status.
pub(super) fn told(
    account: &mut Account,
    method: &str,
    path: &str,
    body: &str,
) -> (u16, String, String) {
    told_in(account, "eu-west-1", method, path, body)
}

pub(super) fn told_in(
    account: &mut Account,
    region: &str,
    method: &str,
    path: &str,
    body: &str,
) -> (u16, String, String) {
    let heard = account.call_in(region, method, path, body);
    let code = heard.header("x-amzn-errortype").unwrap_or_default();
    let message = [&heard.body["Message"], &heard.body["message"]];
    let message = message.into_iter().find_map(Value::as_str);
    let message = message.unwrap_or_default().to_owned();
    (heard.status, code.to_owned(), message)
}

fn create(account: &mut Account, source: &str, destinations: &Value) -> (u16, String, String) {
    let path = format!("file-systems/{source}/replication-configuration");
    let body = json!({ "Destinations": destinations }).to_string();
    told(account, "POST", &path, &body)
}

#[test]
fn what_cannot_be_replicated_is_refused_and_nothing_is_changed() {
    let new = || json!([{ "Region": "eu-west-2" }]);
    let existing = |id: &str| json!([{ "Region": "eu-west-2", "FileSystemId": id }]);
    let one = |destination: Value| json!([destination]);
    let key = "12345678-1234-1234-1234-123456789012";
    let foreign_key = format!("arn:aws:kms:eu-west-1:111122223333:key/{key}");
    let theirs =
        "arn:aws:elasticfilesystem:eu-west-2:999988887777:file-system/fs-0b000000000000009";
    let nobody =
        "arn:aws:elasticfilesystem:eu-west-2:999988887777:file-system/fs-0b000000000000001";
    let arn = format!("arn:aws:elasticfilesystem:eu-west-2:111122223333:file-system/{OPEN}");
    let included = |id: &str| {
        format!("File system '{id}' is already included in a replication configuration.")
    };
    let missing = |id: &str| format!("File system '{id}' does not exist.");
    let pattern = "failed to satisfy constraint: Member must satisfy regular expression pattern: ";
    let disabled = |region: &str| {
        format!("The Region '{region}' is not enabled for the account of the source file system.")
    };
    let rows: Vec<(&str, Value, (u16, &str), String)> = vec![
        ("fs-0a0000000000000ff", new(), (404, "FileSystemNotFound"), missing("fs-0a0000000000000ff")),
        ("fs-1", new(), (400, "ValidationException"), format!("Value 'fs-1' at 'fileSystemId' {pattern}")),
        ("fs-0a000000000000003", new(), (409, "IncorrectFileSystemLifeCycleState"), String::new()),
        ("fs-0a000000000000004", new(), (409, "ReplicationAlreadyExists"), included("fs-0a000000000000004")),
        ("fs-0a000000000000005", new(), (409, "ReplicationAlreadyExists"), included("fs-0a000000000000005")),
        (PLAIN, Value::Null, (400, "BadRequest"), "Destinations must be specified.".into()),
        (PLAIN, json!([]), (400, "BadRequest"), "Destinations must be specified.".into()),
        (
            PLAIN,
            json!([{ "Region": "eu-west-2" }, { "Region": "eu-west-2" }]),
            (400, "BadRequest"),
            "Only one destination is supported in a replication configuration.".into(),
        ),
        (
            PLAIN,
            one(json!({})),
            (400, "BadRequest"),
            "One of Region, AvailabilityZoneName and FileSystemId must be specified.".into(),
        ),
        (
            PLAIN,
            one(json!({ "Region": "mars" })),
            (400, "ValidationException"),
            format!("Value 'mars' at 'destinations.1.member.region' {pattern}"),
        ),
        (PLAIN, one(json!({ "Region": "ap-east-1" })), (400, "BadRequest"), disabled("ap-east-1")),
        (PLAIN, one(json!({ "Region": "cn-north-1" })), (400, "BadRequest"), disabled("cn-north-1")),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-2", "RoleArn": "arn:aws:iam::1:role/x" })),
            (400, "ValidationException"),
            format!("Value 'arn:aws:iam::1:role/x' at 'destinations.1.member.roleArn' {pattern}"),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-2", "AvailabilityZoneName": "eu-west-2z" })),
            (400, "UnsupportedAvailabilityZone"),
            "One Zone file systems are not supported in Availability Zone 'eu-west-2z'.".into(),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-2", "AvailabilityZoneName": "eu-west-1a" })),
            (400, "UnsupportedAvailabilityZone"),
            "One Zone file systems are not supported in Availability Zone 'eu-west-1a'.".into(),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-2", "KmsKeyId": "alias" })),
            (400, "BadRequest"),
            "invalid KMS key ID: alias".into(),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-2", "KmsKeyId": foreign_key })),
            (400, "BadRequest"),
            format!("The KMS key '{foreign_key}' is in another Region."),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-2", "KmsKeyId": key })),
            (400, "BadRequest"),
            "The request was rejected because the specified key is disabled. [error=DisabledException]".into(),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-north-1" })),
            (403, "FileSystemLimitExceeded"),
            "You have reached the maximum number of file systems (0) of this account in this Region.".into(),
        ),
        (
            PLAIN,
            existing("fs-x"),
            (400, "ValidationException"),
            format!("Value 'fs-x' at 'destinations.1.member.fileSystemId' {pattern}"),
        ),
        (PLAIN, existing("fs-0b0000000000000ff"), (404, "FileSystemNotFound"), missing("fs-0b0000000000000ff")),
        (PLAIN, existing("fs-0b000000000000009"), (404, "FileSystemNotFound"), missing("fs-0b000000000000009")),
        (PLAIN, one(json!({ "FileSystemId": OPEN })), (404, "FileSystemNotFound"), missing(OPEN)),
        (PLAIN, existing("fs-0b000000000000003"), (409, "IncorrectFileSystemLifeCycleState"), String::new()),
        (PLAIN, existing("fs-0b000000000000004"), (409, "ReplicationAlreadyExists"), included("fs-0b000000000000004")),
        (PLAIN, existing("fs-0b000000000000005"), (409, "ReplicationAlreadyExists"), included("fs-0b000000000000005")),
        (
            PLAIN,
            existing("fs-0b000000000000002"),
            (400, "BadRequest"),
            "The replication overwrite protection of the destination file system 'fs-0b000000000000002' must be disabled.".into(),
        ),
        (
            ENCRYPTED,
            existing(OPEN),
            (409, "ConflictException"),
            "The source file system is encrypted but the destination file system is unencrypted.".into(),
        ),
        (
            "fs-0a000000000000006",
            one(json!({ "FileSystemId": "fs-0a000000000000006" })),
            (400, "BadRequest"),
            "The source and destination file systems must be different.".into(),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-1", "FileSystemId": arn })),
            (400, "BadRequest"),
            "The destination file system is not in the Region 'eu-west-1'.".into(),
        ),
        (
            PLAIN,
            one(json!({ "Region": "eu-west-2", "FileSystemId": OPEN, "KmsKeyId": key })),
            (400, "BadRequest"),
            "AvailabilityZoneName and KmsKeyId cannot be specified for an existing destination file system.".into(),
        ),
        (
            PLAIN,
            one(json!({ "FileSystemId": theirs })),
            (400, "BadRequest"),
            "No RoleArn provided.  RoleArn is required for cross-account replication.".into(),
        ),
        (
            PLAIN,
            one(json!({ "FileSystemId": nobody, "RoleArn": ROLE })),
            (404, "FileSystemNotFound"),
            missing(OPEN),
        ),
    ];
    for (source, destinations, (status, code), sentence) in rows {
        let mut account = account();
        // Regions appear when they are touched.
        for region in ["eu-west-2", "eu-north-1"] {
            account.world.region(region, NOW);
        }
        account.region();
        let before = serde_json::to_value(&account.world).unwrap();
        let (seen, seen_code, message) = create(&mut account, source, &destinations);
        assert_eq!(
            (seen, seen_code.as_str()),
            (status, code),
            "{destinations}: {message}"
        );
        let fits =
            message == sentence || message.contains(&sentence) && sentence.ends_with(pattern);
        assert!(fits, "{destinations}: {message}");
        let after = serde_json::to_value(&account.world).unwrap();
        assert_eq!(after, before, "{source} {destinations}");
    }
}

#[test]
fn a_full_region_has_room_for_a_copy_that_exists() {
    let mut account = account();
    account
        .world
        .region("eu-west-2", NOW)
        .unwrap()
        .quotas
        .file_systems = 0;
    let existing = json!([{ "Region": "eu-west-2", "FileSystemId": OPEN }]);
    assert_eq!(create(&mut account, PLAIN, &existing).0, 200);
}

/// The file system of the other account is one that the world file describes as shared.
#[test]
fn a_copy_of_another_account_takes_a_role_and_is_named_by_its_arn() {
    let mut account = account();
    let theirs = "fs-0b000000000000009";
    let arn = format!("arn:aws:elasticfilesystem:eu-west-2:999988887777:file-system/{theirs}");
    let path = format!("file-systems/{PLAIN}/replication-configuration");
    let body = json!({ "Destinations": [{ "FileSystemId": arn, "RoleArn": ROLE }] });
    let made = account.call("POST", &path, &body.to_string());
    let expected = json!([{
        "Status": "ENABLING", "FileSystemId": theirs, "Region": "eu-west-2", "OwnerId": "999988887777", "RoleArn": ROLE,
    }]);
    assert_eq!((made.status, &made.body["Destinations"]), (200, &expected));
    let protection = |account: &mut Account| {
        let there = account.world.region("eu-west-2", account.now).unwrap();
        there.file_systems[theirs]
            .replication_overwrite_protection
            .clone()
    };
    assert_eq!(protection(&mut account), "REPLICATING");
    assert_eq!(told(&mut account, "DELETE", &path, "").0, 204);
    account.pass(1_500);
    assert_eq!(protection(&mut account), "ENABLED");
}
