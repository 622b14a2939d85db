//! `efsctl validate --fix`: the plan, the changes and the report.

use super::*;

fn served() -> Server {
    let world = fixture("worlds/fixable.toml");
    sandbox(&format!(
        "--world {} --mount-target-delay 300ms",
        world.display()
    ))
}

fn fixes(document: &Value) -> Vec<(&str, usize)> {
    let fixes = document["fixes"].as_array().unwrap();
    fixes
        .iter()
        .map(|fix| {
            (
                fix["file_system_id"].as_str().unwrap(),
                fix["changes"].as_array().unwrap().len(),
            )
        })
        .collect()
}

#[test]
fn the_plan_is_what_is_done_and_the_report_is_of_afterwards() {
    let server = served();
    let flags = format!("validate --all --client {APP} --fail-on medium -o json");
    let planned = server.efsctl(&format!("{flags} --fix --dry-run")).run();
    assert_eq!(planned.code, 3, "{}", planned.stderr);
    let plan = planned.document();
    assert_eq!(
        (&plan["outcome"], &plan["calls"]["writing"]),
        (&"planned".into(), &0.into())
    );

    let fixed = server.efsctl(&format!("{flags} --fix")).run();
    let document = fixed.document();
    assert_eq!(document["outcome"], "changed", "{}", fixed.stderr);
    assert_eq!(fixes(&document), fixes(&plan));
    assert_eq!(
        document["changes"].as_array().unwrap().len(),
        plan["changes"].as_array().unwrap().len()
    );
    // --fail-on decides what counts, and so what is fixed: the lifecycle policy is a matter of low severity.
    assert!(!document["changes"].to_string().contains("lifecycle_policy"));
    let verdict = |document: &Value, check: &str| {
        let findings = document["audit"]["file_systems"][0]["findings"]
            .as_array()
            .unwrap()
            .clone();
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()["verdict"]
            .clone()
    };
    assert_eq!(verdict(&plan, "automatic-backups"), "fail");
    assert_eq!(verdict(&document, "automatic-backups"), "pass");

    let writes = server.calls()["writes"].clone();
    let again = server.efsctl(&format!("{flags} --fix")).run();
    assert_eq!(again.document()["outcome"], "unchanged");
    assert_eq!(server.calls()["writes"], writes);
    assert!(again.stderr.contains("nothing to add"), "{}", again.stderr);
}

/// Two file systems have one group: its rule is planned and made once, and both pass afterwards. Where the first of them cannot
/// be fixed, the second still gets the rule.
#[test]
fn a_rule_of_a_shared_group_is_added_once_and_counts_for_all() {
    let world = world()
        .vpc("10.0.0.0/16")
        .set("dns_hostnames", true)
        .subnet('a')
        .group("app", &[])
        .group("door", &[])
        .file_system("first")
        .mount_target('a', &["door"])
        .file_system("second")
        .mount_target('a', &["door"])
        .file();
    let started = |more: &str| world.serve(more);
    let flags = format!("validate --all --client {APP} --fix=nfs-from-clients,automatic-backups");
    let policy = tempfile::tempdir().unwrap();
    let only = policy.path().join("efsctl.toml");
    std::fs::write(&only, "fail-on = \"critical\"\n").unwrap();
    let flags = format!("{flags} --config {} -o json", only.display());

    let server = started("");
    let planned = server
        .efsctl(&format!("{flags} --dry-run"))
        .run()
        .document();
    assert_eq!(
        fixes(&planned),
        [("fs-0000000000000000a", 2), ("fs-0000000000000000b", 1)]
    );
    let fixed = server.efsctl(&flags).run();
    let document = fixed.document();
    assert_eq!(fixed.code, 0, "{}", fixed.stderr);
    assert_eq!(fixes(&document), fixes(&planned));
    assert_eq!(document["calls"]["writing"], 3);
    let failing = |document: &Value, check: &str| -> Vec<String> {
        let audited = document["audit"]["file_systems"].as_array().unwrap();
        let fails = |audited: &&Value| {
            let findings = audited["findings"].as_array().unwrap();
            findings
                .iter()
                .any(|finding| finding["check"] == check && finding["verdict"] == "fail")
        };
        let ids = audited.iter().filter(fails);
        ids.map(|audited| audited["file_system_id"].to_string())
            .collect()
    };
    assert_eq!(failing(&document, "nfs-from-clients"), [""; 0]);

    // The first one is refused when it asks whether it may.
    let server = started("--fault AuthorizeSecurityGroupIngress:1:denied");
    let ended = server.efsctl(&flags).run();
    let document = ended.document();
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    assert_eq!(failing(&document, "nfs-from-clients"), [""; 0]);
    let views = document["fixes"].as_array().unwrap();
    assert!(
        views[0]["error"].is_string() && views[1]["error"].is_null(),
        "{views:#?}"
    );
    let left = document["error"]["leftovers"].as_array().unwrap();
    let is_it = |left: &&Value| {
        left["file_system_id"] == "fs-0000000000000000b"
            && left["resource"]["kind"] == "security_group_rule"
    };
    let rule = left
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("{left:#?}"));
    assert_eq!(rule["change"]["action"], "create", "{rule:#}");
    assert!(
        ended
            .stderr
            .contains("on fs-0000000000000000b: created security group rule"),
        "{}",
        ended.stderr
    );
}

#[test]
fn only_the_named_checks_are_fixed() {
    let server = served();
    let ended = server
        .efsctl("validate half --fix=automatic-backups -o json")
        .run();
    let document = ended.document();
    let changes = document["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["resource"]["kind"], "backup_policy");
    for (flags, sentence) in [
        ("--fix=encrypted-at-rest", "cannot be fixed by an addition"),
        (
            "--fix=automatic-backup",
            "did you mean `automatic-backups`?",
        ),
        ("--dry-run", "--fix"),
        ("--fix automatic-backups", "--fix=automatic-backups"),
    ] {
        let ended = server.efsctl(&format!("validate half {flags}")).run();
        assert_eq!(ended.code, 2, "{flags}: {}", ended.stderr);
        assert!(ended.stderr.contains(sentence), "{flags}: {}", ended.stderr);
    }
}

#[test]
fn a_fix_that_fails_on_one_goes_on_with_the_others_and_tells_all() {
    let world = fixture("worlds/fixable.toml");
    let server = sandbox(&format!(
        "--world {} --mount-target-delay 300ms --fault PutBackupPolicy:1:denied",
        world.display()
    ));
    let ended: Ended = server
        .efsctl("validate --all --fix=automatic-backups -o json")
        .run();
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    let document = ended.document();
    let error = &document["error"];
    let all = document["fixes"].as_array().unwrap();
    let (failed, done): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|fix| fix["error"].is_string());
    assert_eq!((failed.len(), done.len()), (1, 2), "{}", ended.stderr);
    assert!(failed[0]["changes"].as_array().unwrap().is_empty());
    let id = failed[0]["file_system_id"].as_str().unwrap();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{id}: denied")),
        "{error}"
    );
    let left = error["leftovers"].as_array().unwrap();
    for fix in done {
        assert_eq!(fix["changes"].as_array().unwrap().len(), 1);
        let id = &fix["file_system_id"];
        let of = left.iter().find(|left| left["file_system_id"] == *id);
        let of = of.unwrap_or_else(|| panic!("{id}: {error:#}"));
        assert_eq!(of["resource"]["kind"], "backup_policy", "{of:#}");
        assert_eq!(of["resource"]["id"], *id, "{of:#}");
        assert_eq!(of["change"]["action"], "update", "{of:#}");
    }
}

#[test]
fn a_person_sees_the_plan_before_and_the_changes_after() {
    let world = fixture("worlds/fixable.toml");
    let run = |flags: &str| {
        Efsctl::new(&format!(
            "--sandbox --world {} validate half {flags}",
            world.display()
        ))
        .run()
    };
    let planned = run("--fix --dry-run");
    assert!(
        planned
            .stdout
            .contains("\n  + mount target  eu-west-1b in subnet-000000000000000b1, with sg-0000000000000000d\n"),
        "{}",
        planned.stdout
    );
    assert!(planned.stdout.contains("changes to apply\n"));
    let fixed = run("--fix");
    assert!(
        fixed.stderr.contains("changes to apply"),
        "{}",
        fixed.stderr
    );
    assert!(
        fixed.stdout.contains("changes made\n") && fixed.stdout.contains("  + mount target fsmt-"),
        "{}",
        fixed.stdout
    );
    // Another form of the report has stdout for itself.
    let sarif = run("--fix --format sarif");
    assert!(serde_json::from_str::<Value>(&sarif.stdout).is_ok());
    assert!(sarif.stderr.contains("changes made"));
    let quiet = run("--fix --quiet");
    assert!(!quiet.stderr.contains("to make"), "{}", quiet.stderr);
}

#[test]
fn after_ctrl_c_the_report_is_of_what_is_there_then() {
    use std::process::Stdio;
    let world = fixture("worlds/fixable.toml");
    let server = sandbox(&format!(
        "--world {} --mount-target-delay 10m --delete-delay 50ms",
        world.display()
    ));
    let mut command = server.efsctl("validate half --fix -o json").command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Everything is made, and only the mount target is waited for: a look that follows has all answers behind it.
    let writes = [
        "CreateMountTarget",
        "PutLifecycleConfiguration",
        "PutBackupPolicy",
    ];
    server.until(&mut child, |server| {
        writes.iter().all(|write| server.count(write) == 1)
    });
    let looks = server.count("DescribeMountTargets");
    server.until(&mut child, |server| {
        server.count("DescribeMountTargets") > looks
    });
    let pid = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status()
        .unwrap();
    let ended = child.wait_with_output().unwrap();
    let document: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(5), "{document:#}");
    let findings = document["audit"]["file_systems"][0]["findings"]
        .as_array()
        .unwrap();
    let verdict = |check: &str| {
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()["verdict"]
            .clone()
    };
    assert_eq!(verdict("automatic-backups"), "pass");
    assert_eq!(verdict("mount-targets-in-several-zones"), "fail");
    let left = document["error"]["leftovers"].as_array().unwrap();
    let kinds: BTreeSet<&str> = left
        .iter()
        .map(|left| left["resource"]["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.is_superset(&["backup_policy", "lifecycle_policy"].into())
            && !kinds.contains("mount_target"),
        "{left:#?}"
    );
    let changes = document["changes"].as_array().unwrap();
    assert_eq!(
        changes.len(),
        2,
        "what was taken back is no change: {changes:?}"
    );
}
