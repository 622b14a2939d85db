//! `efsctl set`: what is printed, what is asked, and the exit codes.

use serde_json::json;

use super::{ID, somebody_elses};
use crate::support::server::Server;

fn served(flags: &str) -> Server {
    somebody_elses().file().serve(flags)
}

#[test]
fn the_plan_is_shown_and_then_the_file_system() {
    let server = served("");
    let ended = server
        .efsctl(&format!("set {ID} --transition-to-ia 30d --backup"))
        .run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let plan = [
        "lifecycle policy",
        "none → IA after 30d",
        "backup policy",
        "off → on",
    ];
    for part in plan {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
    assert!(ended.stdout.contains("IA after 30d"), "{}", ended.stdout);
    assert!(ended.stdout.contains("2 changes made"), "{}", ended.stdout);

    let again = server
        .efsctl(&format!("set {ID} --transition-to-ia 30d --backup -o json"))
        .run();
    let document = again.document();
    assert_eq!(document["outcome"], "unchanged", "{}", again.stderr);
    assert_eq!(document["calls"]["writing"], 0);
}

#[test]
fn json_has_the_value_before_and_after() {
    let server = served("");
    let flags = format!("set {ID} --throughput elastic -o json");
    let planned = server.efsctl(&format!("{flags} --dry-run --check")).run();
    assert_eq!(planned.code, 3, "{}", planned.stderr);
    let expected = json!([{
        "action": "update",
        "resource": {"kind": "throughput", "id": ID},
        "before": "bursting",
        "after": "elastic",
        "detail": "bursting → elastic",
    }]);
    let plan = planned.document();
    assert_eq!(plan["outcome"], "planned");
    assert_eq!(plan["changes"], expected);
    let made = server.efsctl(&flags).run().document();
    assert_eq!(made["outcome"], "changed");
    assert_eq!(made["changes"], expected);
    assert_eq!(made["file_system"]["throughput_mode"], "elastic");
    let same = server.efsctl(&format!("{flags} --dry-run --check")).run();
    assert_eq!(same.code, 0, "{}", same.stderr);
}

/// Without a terminal what takes away safety needs `--yes`.
#[test]
fn a_loss_needs_yes_where_nobody_can_be_asked() {
    let server = served("");
    let off = format!("set {ID} --replication-overwrite-protection off -o json");
    let refused = server.efsctl(&off).run();
    let document = refused.document();
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert_eq!(document["error"]["code"], "confirmation-missing");
    assert_eq!(document["calls"]["writing"], 0);
    let hint = document["error"]["hint"].as_str().unwrap();
    assert!(
        hint.contains("a replication may overwrite its data"),
        "{hint}"
    );
    assert!(hint.contains("--yes"), "{hint}");
    assert_eq!(server.efsctl(&format!("{off} --yes")).run().code, 0);
    // On is no loss.
    let on = format!("set {ID} --replication-overwrite-protection on");
    assert_eq!(server.efsctl(&on).run().code, 0);
}

#[test]
fn what_was_applied_and_what_was_not_is_told_with_exit_5() {
    let server = served("--fault PutBackupPolicy:*:code=BadRequest/400");
    let flags = format!("set {ID} --transition-to-ia 30d --backup");
    let failed = server.efsctl(&format!("{flags} -o json")).run();
    let document = failed.document();
    assert_eq!(failed.code, 5, "{}", failed.stderr);
    assert_eq!(document["error"]["kind"], "leftovers");
    assert_eq!(document["error"]["operation"], "PutBackupPolicy");
    assert_eq!(
        document["changes"][0]["resource"]["kind"],
        "lifecycle_policy"
    );
    assert_eq!(document["not_applied"][0]["state"], "failed");
    assert_eq!(
        document["not_applied"][0]["resource"]["kind"],
        "backup_policy"
    );
    for part in [
        "applied: 1 change",
        "not applied:",
        "(failed)",
        "run the same command again",
    ] {
        assert!(failed.stderr.contains(part), "{part}: {}", failed.stderr);
    }
    // Nothing is applied the second time: nothing is left over.
    let again = server.efsctl(&flags).run();
    assert_eq!(again.code, 1, "{}", again.stderr);
}

/// A policy of a file, with where it is wrong; what it does is said before it is asked for.
#[test]
fn a_policy_comes_from_a_file() {
    let server = served("");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.json");
    let set = |text: &str, flags: &str| {
        std::fs::write(&path, text).unwrap();
        let set = format!("set {ID} -o json {flags}");
        let named = format!("--policy=file://{}", path.display());
        server.efsctl(&set).arg(named).run()
    };
    let wrong = set(
        "{\"Version\": \"2012-10-17\",\n \"Statement\": {\"Effect\": \"Alow\"}}",
        "",
    );
    let error = &wrong.document()["error"];
    assert_eq!((wrong.code, &error["code"]), (2, &json!("invalid-file")));
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("policy.json") && message.contains("at line 2 column 31"),
        "{message}"
    );
    let tls = r#"{"Version":"2012-10-17","Statement":[
        {"Sid":"mine","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:Client*"},
        {"Sid":"tls","Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;
    let planned = set(tls, "--dry-run");
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    assert!(
        planned
            .stderr
            .contains("note: clients without TLS: lose mount, write, root access"),
        "{}",
        planned.stderr
    );
    let made = set(tls, "--yes");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let policy = &made.document()["file_system"]["policy"];
    assert_eq!(policy["summary"], "statements mine, tls");
    assert_eq!(policy["presets"], json!([]));
    assert_eq!(policy["document"]["Statement"][1]["Sid"], "tls");
    let again = set(tls, "").document();
    assert_eq!(again["calls"]["writing"], 0);
}

/// A policy that is there is not replaced without a question. One that is missing is completed: a killed run may not have got to it.
#[test]
fn create_asks_before_it_replaces_a_policy() {
    let server = crate::support::world::world().file().serve("");
    let create = |flags: &str| server.efsctl(&format!("create demo -o json {flags}")).run();
    assert_eq!(create("").code, 0);
    let completed = create("--policy enforce-tls");
    assert_eq!(completed.code, 0, "{}", completed.stderr);
    let told = "clients without TLS: lose mount";
    assert!(completed.stderr.contains(told), "{}", completed.stderr);
    let refused = create("--policy read-only");
    let document = refused.document();
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert_eq!(document["error"]["code"], "confirmation-missing");
    assert_eq!(document["calls"]["writing"], 0);
    let hint = document["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("clients without TLS: gain mount"), "{hint}");
    let planned = create("--policy read-only --dry-run");
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    assert!(planned.stderr.contains("gain mount"), "{}", planned.stderr);
    let made = create("--policy read-only --yes");
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert_eq!(made.document()["changes"].as_array().unwrap().len(), 1);
    // Nothing more changes for any client.
    assert_eq!(create("--policy read-only").code, 0);
    // Backups are for the next run to turn off, too.
    assert_eq!(create("--backup").code, 0);
    assert_eq!(create("--backup=off").code, 0);
}
