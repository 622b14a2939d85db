//! Replications of an account with faults and a state file.

use efsctl_sandbox::account::{Account, Options, Outcome};
use efsctl_sandbox::fault::Faults;
use efsctl_sandbox::store::Store;
use efsctl_sandbox::wire::Request;
use serde_json::{Value, json};

use super::{ask, body, code, create, efs, signed};

const NOW: u64 = 1_800_000_000_000;
const THERE: &str = "eu-west-2";

fn options(rule: Option<&str>) -> Options {
    Options {
        faults: Faults::new(rule.map(|rule| rule.parse().unwrap())),
        ..Options::default()
    }
}

/// A file system that can be replicated.
fn source(account: &Account) -> String {
    let made = body(&ask(account, NOW, &create("source")));
    made["FileSystemId"].as_str().unwrap().to_owned()
}

fn replicate(source: &str) -> Request {
    let destination = json!({ "Destinations": [{ "Region": THERE }] });
    let path = format!("/file-systems/{source}/replication-configuration");
    efs("POST", &path, &destination)
}

/// The replications that a region knows of: status and copy.
fn seen(account: &Account, now: u64, region: &str) -> Vec<(String, String)> {
    let path = "/2015-02-01/file-systems/replication-configurations";
    let request = signed("elasticfilesystem", region, "GET", path, b"");
    let listed = body(&ask(account, now, &request));
    let all = listed["Replications"].as_array().unwrap().iter();
    all.map(|found| {
        let to = &found["Destinations"][0];
        let word = |member: &str| to[member].as_str().unwrap().to_owned();
        (word("Status"), word("FileSystemId"))
    })
    .collect()
}

#[test]
fn an_error_state_is_that_of_both_sides() {
    let rule = "CreateReplicationConfiguration:1:error-state";
    let account = Account::new(options(Some(rule)));
    let source = source(&account);
    let answer = body(&ask(&account, NOW + 1_000, &replicate(&source)));
    assert_eq!(answer["Destinations"][0]["Status"], "ENABLING");
    for region in ["eu-west-1", THERE] {
        let found = seen(&account, NOW + 2_000, region);
        assert_eq!(found[0].0, "ERROR", "{region}");
    }
    let path = format!("/file-systems/{source}/replication-configuration");
    let delete = efs("DELETE", &path, &Value::Null);
    assert_eq!(ask(&account, NOW + 3_000, &delete).status, 204);
    for region in ["eu-west-1", THERE] {
        assert_eq!(seen(&account, NOW + 4_499, region)[0].0, "DELETING");
    }
    for region in ["eu-west-1", THERE] {
        assert!(seen(&account, NOW + 4_500, region).is_empty(), "{region}");
    }
}

#[test]
fn a_lost_answer_may_or_may_not_have_made_a_copy() {
    // The kind of fault, and what both regions know two seconds and ten seconds after the call.
    for (kind, early, late) in [
        ("denied", None, None),
        ("500", None, None),
        ("reset-before", None, None),
        ("reset-after", Some("ENABLED"), Some("ENABLED")),
        ("hang-after", Some("ENABLED"), Some("ENABLED")),
        ("slow=10s", Some("ENABLED"), Some("ENABLED")),
        ("late=5s", None, Some("ENABLED")),
    ] {
        let rule = format!("CreateReplicationConfiguration:1:{kind}");
        let account = Account::new(options(Some(&rule)));
        let source = source(&account);
        let verdict = account.serve(NOW + 1_000, &replicate(&source)).unwrap();
        assert_eq!(
            verdict.delay.as_secs(),
            if kind == "slow=10s" { 10 } else { 0 }
        );
        if kind == "denied" {
            let Outcome::Reply(reply) = verdict.outcome else {
                panic!("no answer")
            };
            assert_eq!((reply.status, code(&reply)), (403, "AccessDeniedException"));
        }
        for (now, expected) in [(NOW + 3_000, early), (NOW + 11_000, late)] {
            let [here, there] = ["eu-west-1", THERE].map(|region| seen(&account, now, region));
            assert_eq!(here, there, "{kind}");
            let status = here.first().map(|(status, _)| status.as_str());
            assert_eq!(status, expected, "{kind}");
        }
    }
}

#[test]
fn a_state_file_holds_both_sides() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("state.json");
    let open = || Account::with_store(Store::new(&path), options(None)).unwrap();
    let source = source(&open());
    let made = ask(&open(), NOW + 1_000, &replicate(&source));
    let copy = body(&made)["Destinations"][0]["FileSystemId"].clone();
    for (after, status) in [(1_500, "ENABLING"), (2_000, "ENABLED")] {
        for region in ["eu-west-1", THERE] {
            let found = seen(&open(), NOW + after, region);
            assert_eq!(
                found,
                [(status.to_owned(), copy.as_str().unwrap().to_owned())]
            );
        }
    }
}
