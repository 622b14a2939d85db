//! Stated clients (`--client`) of the real command: instances by their groups, ranges by a prefix list.

use serde_json::Value;

use crate::support::cli::Ended;
use crate::support::world::WorldFile;

/// A mount target that allows one group and one prefix list, and three instances.
const WORLD: &str = include_str!("../../fixtures/worlds/clients.toml");

const ACTION: &str = "ec2:GetManagedPrefixListEntries";

/// The world as a file, with something before it.
fn written(head: &str) -> WorldFile {
    WorldFile::of(&format!("{head}\n{WORLD}"))
}

/// The audit of the one file system for these clients; only findings of high severity end it with 3.
fn validate(head: &str, clients: &str) -> Ended {
    let line = format!("validate data --fail-on high -o json {clients}");
    written(head).efsctl(&line).run()
}

fn finding(ended: &Ended, check: &str) -> Value {
    let document = ended.document();
    let findings = &document["audit"]["file_systems"][0]["findings"];
    let found = findings.as_array().unwrap().iter();
    let mut found = found.filter(|finding| finding["check"] == check);
    found.next().unwrap_or_else(|| panic!("{document}")).clone()
}

#[track_caller]
fn judged(clients: &str, verdict: &str, evidence: &str) {
    let ended = validate("", clients);
    let found = finding(&ended, "nfs-from-clients");
    assert_eq!(found["verdict"], verdict, "{clients}: {found}");
    let text = found["evidence"].to_string();
    assert!(text.contains(evidence), "{clients}: {text}");
    let code = if verdict == "fail" { 3 } else { 0 };
    assert_eq!(ended.code, code, "{clients}: {}", ended.stderr);
}

#[test]
fn an_instance_connects_by_one_of_its_groups() {
    judged("--client i-0000000a", "pass", "i-0000000a may connect");
}

#[test]
fn an_instance_without_such_a_group_does_not() {
    judged(
        "--client i-0000000b",
        "fail",
        "i-0000000b (10.0.0.21/32) is not allowed by the security groups of mount target",
    );
}

#[test]
fn an_instance_connects_by_its_address_in_a_prefix_list() {
    judged("--client i-0000000c", "pass", "i-0000000c may connect");
}

#[test]
fn one_of_several_instances_is_enough_to_fail() {
    judged(
        "--client i-0000000a --client i-0000000b",
        "fail",
        "i-0000000b",
    );
}

#[test]
fn an_instance_that_is_not_there_is_mistyped() {
    let ended = validate("", "--client i-0000000d");
    assert_eq!(ended.code, 7, "{}", ended.stderr);
    let error = ended.document()["error"]["message"].to_string();
    assert!(error.contains("--client i-0000000d"), "{error}");
}

#[test]
fn a_range_connects_as_far_as_the_prefix_list_goes() {
    judged("--client 10.0.8.0/24", "pass", "10.0.8.0/24 may connect");
    judged("--client 10.0.8.0/23", "pass", "10.0.8.0/23 may connect");
    judged(
        "--client 10.0.8.0/22",
        "fail",
        "10.0.8.0/22 (10.0.10.0/23) is not allowed",
    );
    judged("--client 10.0.7.255/32", "fail", "is not allowed");
}

#[test]
fn a_prefix_list_that_may_not_be_read_leaves_open_what_depends_on_it() {
    let denied = format!("denied = [\"{ACTION}\"]");
    for client in ["10.0.8.0/24", "10.0.10.0/24", "i-0000000b"] {
        let ended = validate(&denied, &format!("--client {client}"));
        assert_eq!(ended.code, 0, "{client}: {}", ended.stderr);
        let found = finding(&ended, "nfs-from-clients");
        assert_eq!(found["verdict"], "unknown", "{client}: {found}");
        assert_eq!(
            found["evidence"][0],
            "prefix list pl-0000000a of sg-0000000f could not be resolved"
        );
        let remedy = found["remedy"].to_string();
        assert!(remedy.contains(ACTION), "{client}: {remedy}");
        let found = finding(&ended, "nfs-not-open-to-the-world");
        assert_eq!(found["verdict"], "unknown", "{client}: {found}");
        let remedy = found["remedy"].to_string();
        assert!(remedy.contains(ACTION), "{client}: {remedy}");
        let strict = validate(&denied, &format!("--client {client} --strict"));
        assert_eq!(strict.code, 3, "{client}: {}", strict.stderr);
    }
    let ended = validate(&denied, "--client i-0000000a");
    let found = finding(&ended, "nfs-from-clients");
    assert_eq!(found["verdict"], "pass", "its group is enough: {found}");
}

#[test]
fn a_fault_denies_the_entries_of_a_prefix_list_too() {
    let world = written("");
    let server = world.serve("--fault GetManagedPrefixListEntries:*:denied");
    let arguments = "validate data --fail-on high -o json --client 10.0.8.0/24";
    let ended = server.efsctl(arguments).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(finding(&ended, "nfs-from-clients")["verdict"], "unknown");
    let world = finding(&ended, "nfs-not-open-to-the-world");
    assert!(world["remedy"].to_string().contains(ACTION), "{world}");
    let calls = server.calls();
    assert_eq!(calls["counts"]["GetManagedPrefixListEntries"], 1);
    assert_eq!(calls["writes"], 0);
}

#[test]
fn a_region_that_is_not_enabled_is_told_as_refused_credentials() {
    let world = written("disabled_regions = [\"af-south-1\"]");
    let ended = world.efsctl("--region af-south-1 list").run();
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("UnrecognizedClientException")
            || ended.stderr.contains("security token"),
        "{}",
        ended.stderr
    );
}
