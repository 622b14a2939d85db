//! The ends of a replication, and what `DeleteReplicationConfiguration` refuses.

use serde_json::json;

use super::super::efs_support::Account;
use super::refusals::{ENCRYPTED, PLAIN, account, told_in};
use super::status;

/// An account with a replication from `eu-west-1` to a new file system of that region; answers with the copy.
fn replicated(to: &str) -> (Account, String) {
    let mut account = account();
    let path = format!("file-systems/{PLAIN}/replication-configuration");
    let body = json!({ "Destinations": [{ "Region": to }] }).to_string();
    let made = account.call("POST", &path, &body);
    account.pass(1_000);
    let copy = made.body["Destinations"][0]["FileSystemId"]
        .as_str()
        .unwrap();
    let copy = copy.to_owned();
    (account, copy)
}

#[test]
fn a_replication_is_deleted_from_either_region_on_both_sides_or_on_one() {
    let arn = format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{PLAIN}");
    let arn = arn.replace(':', "%3A").replace('/', "%2F");
    // Where it is called, with which name and mode; and what the source and the copy are afterwards.
    for (region, name, mode, source_is, copy_is) in [
        (
            "eu-west-1",
            PLAIN,
            "",
            "ReplicationNotFound",
            "ReplicationNotFound",
        ),
        (
            "eu-west-1",
            &arn,
            "",
            "ReplicationNotFound",
            "ReplicationNotFound",
        ),
        (
            "eu-west-1",
            PLAIN,
            "?deletionMode=ALL_CONFIGURATIONS",
            "ReplicationNotFound",
            "ReplicationNotFound",
        ),
        (
            "eu-west-2",
            PLAIN,
            "",
            "ReplicationNotFound",
            "ReplicationNotFound",
        ),
        (
            "eu-west-2",
            &arn,
            "",
            "ReplicationNotFound",
            "ReplicationNotFound",
        ),
        (
            "eu-west-1",
            PLAIN,
            "?deletionMode=LOCAL_CONFIGURATION_ONLY",
            "ReplicationNotFound",
            "ERROR",
        ),
        (
            "eu-west-2",
            PLAIN,
            "?deletionMode=LOCAL_CONFIGURATION_ONLY",
            "ERROR",
            "ReplicationNotFound",
        ),
    ] {
        let (mut account, copy) = replicated("eu-west-2");
        let path = format!("file-systems/{name}/replication-configuration{mode}");
        assert_eq!(
            told_in(&mut account, region, "DELETE", &path, "").0,
            204,
            "{path}"
        );
        account.pass(1_500);
        assert_eq!(
            status(&mut account, "eu-west-1", PLAIN),
            source_is,
            "{region} {path}"
        );
        assert_eq!(
            status(&mut account, "eu-west-2", &copy),
            copy_is,
            "{region} {path}"
        );
        // What was left on one side is deleted there.
        let (left, region) = if source_is == "ERROR" {
            (PLAIN, "eu-west-1")
        } else {
            (copy.as_str(), "eu-west-2")
        };
        if source_is != copy_is {
            let path = format!("file-systems/{left}");
            let refused = told_in(&mut account, region, "DELETE", &path, "");
            assert_eq!((refused.0, refused.1.as_str()), (409, "FileSystemInUse"));
            let path = format!("file-systems/{PLAIN}/replication-configuration");
            assert_eq!(told_in(&mut account, region, "DELETE", &path, "").0, 204);
            account.pass(1_500);
            assert_eq!(status(&mut account, region, left), "ReplicationNotFound");
        }
    }
}

#[test]
fn what_cannot_be_deleted_is_refused() {
    let copies =
        |copy: &str| format!("Replication configuration for file system '{copy}' not found.");
    for (to, region, name, mode, (status, code), sentence) in [
        (
            "eu-west-1", "eu-west-1", PLAIN, "?deletionMode=LOCAL_CONFIGURATION_ONLY", (400, "BadRequest"),
            "LOCAL_CONFIGURATION_ONLY cannot be used for replication within the same account and Region.".to_owned(),
        ),
        (
            "eu-west-2", "eu-west-1", PLAIN, "?deletionMode=EVERYTHING", (400, "ValidationException"),
            "1 validation error detected: Value 'EVERYTHING' at 'deletionMode' failed to satisfy constraint: Member must satisfy enum \
             value set: [ALL_CONFIGURATIONS, LOCAL_CONFIGURATION_ONLY]".to_owned(),
        ),
        ("eu-west-2", "eu-west-1", ENCRYPTED, "", (404, "ReplicationNotFound"), copies(ENCRYPTED)),
        ("eu-west-2", "eu-central-1", PLAIN, "", (404, "FileSystemNotFound"), format!("File system '{PLAIN}' does not exist.")),
        ("eu-west-2", "eu-west-2", "the copy", "", (404, "ReplicationNotFound"), String::new()),
    ] {
        let (mut account, copy) = replicated(to);
        let (name, sentence) = match name {
            "the copy" => (copy.as_str(), copies(&copy)),
            name => (name, sentence),
        };
        let path = format!("file-systems/{name}/replication-configuration{mode}");
        let told = told_in(&mut account, region, "DELETE", &path, "");
        assert_eq!(told, (status, code.to_owned(), sentence), "{region} {path}");
        assert_eq!(super::status(&mut account, "eu-west-1", PLAIN), "ENABLED");
    }
}
