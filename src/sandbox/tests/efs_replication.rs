//! Replications over the wire: their life on the clock of the world, in two regions.

mod copies;
mod ends;
mod refusals;

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::efs::CreateFileSystem;
use efsctl_sandbox::world::scenario::parse;
use serde_json::{Value, json};

use super::efs_support::{Account, Heard, some, with_token};

const HERE: &str = "eu-west-1";
const THERE: &str = "eu-west-2";

fn replicate(account: &mut Account, source: &str, destination: &Value) -> Heard {
    let path = format!("file-systems/{source}/replication-configuration");
    let body = json!({ "Destinations": [destination] }).to_string();
    account.call("POST", &path, &body)
}

/// The id of the copy of a source, which is replicated.
fn copied(account: &mut Account, source: &str, destination: &Value) -> String {
    let made = replicate(account, source, destination);
    assert_eq!(made.status, 200, "{}", made.body);
    let id = &made.body["Destinations"][0]["FileSystemId"];
    id.as_str().unwrap().to_owned()
}

fn delete(account: &mut Account, region: &str, source: &str, mode: &str) -> Heard {
    let path = format!("file-systems/{source}/replication-configuration{mode}");
    account.call_in(region, "DELETE", &path, "")
}

fn code(heard: &Heard) -> (u16, &str) {
    let code = heard.header("x-amzn-errortype").unwrap_or_default();
    (heard.status, code)
}

/// Code of the refusal to describe the replication of a file system, or its status.
fn status(account: &mut Account, region: &str, file_system: &str) -> String {
    let path = format!("file-systems/replication-configurations?FileSystemId={file_system}");
    let heard = account.call_in(region, "GET", &path, "");
    match heard.header("x-amzn-errortype") {
        Some(code) => code.to_owned(),
        None => heard.body["Replications"][0]["Destinations"][0]["Status"]
            .as_str()
            .unwrap()
            .to_owned(),
    }
}

fn described(account: &mut Account, region: &str, file_system: &str) -> Value {
    let path = format!("file-systems?FileSystemId={file_system}");
    let mut heard = account.call_in(region, "GET", &path, "");
    heard.body["FileSystems"][0].take()
}

fn protection(account: &mut Account, region: &str, file_system: &str) -> String {
    let found = described(account, region, file_system);
    let protection = &found["FileSystemProtection"]["ReplicationOverwriteProtection"];
    protection.as_str().unwrap().to_owned()
}

#[test]
fn a_replication_lives_in_two_regions() {
    let mut account = Account::new();
    let source = account.plain();
    let created = account.now;
    let made = replicate(&mut account, &source, &json!({ "Region": THERE }));
    let copy = made.body["Destinations"][0]["FileSystemId"].clone();
    let arn = format!("arn:aws:elasticfilesystem:{HERE}:111122223333:file-system/{source}");
    let expected = json!({
        "SourceFileSystemId": source, "SourceFileSystemRegion": HERE, "SourceFileSystemArn": arn,
        "OriginalSourceFileSystemArn": arn, "CreationTime": (created / 1_000) as f64,
        "SourceFileSystemOwnerId": "111122223333",
        "Destinations": [{
            "Status": "ENABLING", "FileSystemId": copy, "Region": THERE, "OwnerId": "111122223333",
        }],
    });
    assert_eq!((made.status, &made.body), (200, &expected));
    let copy = copy.as_str().unwrap();
    for (region, file_system) in [(HERE, source.as_str()), (THERE, copy)] {
        let all = account.call_in(region, "GET", "file-systems/replication-configurations", "");
        assert_eq!(all.body, json!({ "Replications": [expected] }), "{region}");
        assert_eq!(status(&mut account, region, file_system), "ENABLING");
    }
    // An account can describe the replication of a file system of its own region only (API reference).
    assert_eq!(status(&mut account, THERE, &source), "FileSystemNotFound");

    account.pass(1_000);
    for region in [HERE, THERE] {
        let all = account.call_in(region, "GET", "file-systems/replication-configurations", "");
        let seen = &all.body["Replications"][0]["Destinations"][0];
        assert_eq!(seen["Status"], "ENABLED", "{region}");
        assert_eq!(
            seen["LastReplicatedTimestamp"].as_f64(),
            Some(((created + 1_000) / 1_000) as f64)
        );
    }

    for (region, file_system) in [(HERE, source.as_str()), (THERE, copy)] {
        let refused = account.call_in(region, "DELETE", &format!("file-systems/{file_system}"), "");
        assert_eq!(code(&refused), (409, "FileSystemInUse"), "{region}");
    }
    let path = format!("file-systems/{copy}/protection");
    let body = r#"{"ReplicationOverwriteProtection":"DISABLED"}"#;
    let refused = account.call_in(THERE, "PUT", &path, body);
    assert_eq!(code(&refused), (409, "ReplicationAlreadyExists"));

    let answer = delete(&mut account, HERE, &source, "");
    assert_eq!((answer.status, &answer.body), (204, &Value::Null));
    account.pass(1_000);
    assert_eq!(delete(&mut account, HERE, &source, "").status, 204);
    for (region, file_system) in [(HERE, source.as_str()), (THERE, copy)] {
        assert_eq!(status(&mut account, region, file_system), "DELETING");
        let refused = account.call_in(region, "DELETE", &format!("file-systems/{file_system}"), "");
        assert_eq!(code(&refused), (409, "FileSystemInUse"), "{region}");
    }
    assert_eq!(protection(&mut account, THERE, copy), "REPLICATING");
    account.pass(500);
    for (region, file_system) in [(HERE, source.as_str()), (THERE, copy)] {
        assert_eq!(
            status(&mut account, region, file_system),
            "ReplicationNotFound"
        );
        assert_eq!(protection(&mut account, region, file_system), "ENABLED");
        let deleted = account.call_in(region, "DELETE", &format!("file-systems/{file_system}"), "");
        assert_eq!(deleted.status, 204, "{region}");
    }
}

#[test]
fn a_copy_is_synchronized_every_quarter_of_an_hour() {
    let mut account = Account::new();
    let source = account.plain();
    copied(&mut account, &source, &json!({ "Region": THERE }));
    let enabled = account.now + 1_000;
    account.now = enabled + 40 * 60 * 1_000;
    let all = account.call("GET", "file-systems/replication-configurations", "");
    let last = &all.body["Replications"][0]["Destinations"][0]["LastReplicatedTimestamp"];
    assert_eq!(last.as_f64(), Some((enabled / 1_000 + 30 * 60) as f64));
}

#[test]
fn a_source_can_be_replicated_again_and_gets_another_copy() {
    let mut account = Account::new();
    let source = account.plain();
    let first = copied(&mut account, &source, &json!({ "Region": THERE }));
    delete(&mut account, HERE, &source, "");
    account.pass(1_500);
    let second = copied(&mut account, &source, &json!({ "Region": THERE }));
    assert_ne!(first, second);
    let tokens =
        [&first, &second].map(|id| described(&mut account, THERE, id)["CreationToken"].clone());
    assert_ne!(tokens[0], tokens[1]);
}

#[test]
fn the_describe_calls_know_of_it_after_the_lag() {
    let mut account = Account::new();
    let source = account.plain();
    account.world.timing.describe_lag = 2_000;
    let made = replicate(&mut account, &source, &json!({ "Region": THERE }));
    assert_eq!(made.body["Destinations"][0]["Status"], "ENABLING");
    account.pass(1_999);
    assert_eq!(status(&mut account, HERE, &source), "ReplicationNotFound");
    account.pass(1);
    assert_eq!(status(&mut account, HERE, &source), "ENABLED");
}

#[test]
fn a_replication_survives_its_state_file_at_every_moment() {
    let mut account = Account::new();
    let source = account.plain();
    let again = |account: &mut Account| {
        let text = serde_json::to_string(&account.world).unwrap();
        account.world = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&account.world).unwrap(), text);
    };
    let role = "arn:aws:iam::111122223333:role/replicate";
    let destination = json!({ "Region": THERE, "RoleArn": role });
    let copy = copied(&mut account, &source, &destination);
    for (pass, expected) in [(0, "ENABLING"), (1_000, "ENABLED")] {
        account.pass(pass);
        again(&mut account);
        assert_eq!(status(&mut account, HERE, &source), expected);
        assert_eq!(status(&mut account, THERE, &copy), expected);
    }
    for region in [HERE, THERE] {
        let all = account.call_in(region, "GET", "file-systems/replication-configurations", "");
        assert_eq!(
            all.body["Replications"][0]["Destinations"][0]["RoleArn"],
            role
        );
    }
    delete(&mut account, HERE, &source, "");
    for (pass, expected) in [(0, "DELETING"), (1_500, "ReplicationNotFound")] {
        account.pass(pass);
        again(&mut account);
        assert_eq!(status(&mut account, HERE, &source), expected);
        assert_eq!(status(&mut account, THERE, &copy), expected);
    }
}

/// What a world file describes keeps its word, and can be deleted; an older state file wrote it as this one does.
#[test]
fn a_described_replication_keeps_its_status_until_it_is_deleted() {
    let world = |to_copy: &str| {
        let text = format!(
            r#"
[[region]]
name = "eu-west-1"
[[region.file_system]]
id = "fs-0a000000000000001"
replication = {{ to = "fs-0a00000000000000f", region = "eu-west-2", status = "PAUSED" }}
{to_copy}"#
        );
        let mut account = Account::new();
        account.world = parse(&text, account.now).unwrap_or_else(|error| panic!("{error}"));
        let text = serde_json::to_string(&account.world).unwrap();
        assert!(text.contains(
            r#""replication":{"destination":"fs-0a00000000000000f","region":"eu-west-2","status":"PAUSED"}"#
        ));
        account.world = serde_json::from_str::<World>(&text).unwrap();
        account
    };
    let (source, copy) = ("fs-0a000000000000001", "fs-0a00000000000000f");
    let both = format!(
        "[[region]]\nname = \"eu-west-2\"\n[[region.file_system]]\nid = \"{copy}\"\n\
         copy_of = {{ from = \"{source}\", region = \"eu-west-1\", status = \"PAUSED\" }}"
    );
    for to_copy in ["", both.as_str()] {
        let mut account = world(to_copy);
        account.pass(60_000);
        assert_eq!(status(&mut account, HERE, source), "PAUSED");
        assert_eq!(delete(&mut account, HERE, source, "").status, 204);
        assert_eq!(status(&mut account, HERE, source), "DELETING");
        account.pass(1_500);
        assert_eq!(status(&mut account, HERE, source), "ReplicationNotFound");
        let left = if to_copy.is_empty() {
            "FileSystemNotFound"
        } else {
            "ReplicationNotFound"
        };
        assert_eq!(status(&mut account, THERE, copy), left);
    }
}

#[test]
fn each_side_that_is_described_alone_is_listed() {
    let text = r#"
[[region]]
name = "eu-west-1"
[[region.file_system]]
id = "fs-0a000000000000001"
[[region.file_system]]
id = "fs-0a000000000000002"
copy_of = { from = "fs-0a000000000000001", region = "eu-west-1" }
[[region.file_system]]
id = "fs-0a000000000000003"
token = "another"
copy_of = { from = "fs-0a000000000000001", region = "eu-west-2" }
"#;
    let mut account = Account::new();
    account.world = parse(text, account.now).unwrap();
    let all = account.call("GET", "file-systems/replication-configurations", "");
    assert_eq!(all.body["Replications"].as_array().unwrap().len(), 2);
}
