//! `efsctl validate`: exit codes, documents, baselines and forms of the report.

use super::*;

fn validate(arguments: &str) -> Efsctl {
    let world = fixture("worlds/messy.toml");
    Efsctl::new(&format!(
        "--sandbox --world {} validate {arguments}",
        world.display()
    ))
}

#[test]
fn exit_codes_and_documents() {
    for (arguments, code) in [
        ("orders", 0),
        ("fs-0000000000000000a", 0),
        ("--all", 3),
        ("scratch", 3),
        ("cache --fail-on high", 0),
        ("cache --fail-on medium", 3),
        ("--tag team=orders", 0),
        ("--tag nobody", 7),
        ("orders --client sg-0000000000000000a", 0),
        ("orders --client 10.0.0.0/16", 3),
        (
            "orders --require-tag team=orders --vpc vpc-0000000000000000a --az eu-west-1a",
            0,
        ),
        ("nobody", 7),
        ("fs-0000000000000ffff", 7),
        ("orders --client vpc-0000000000000ffff", 7),
        ("", 2),
        ("--all orders", 2),
        ("orders --client 10.0.0.0/99", 2),
        ("orders --fail-on severe", 2),
        ("orders --config /nonexistent.toml", 2),
        ("orders --baseline /nonexistent.json", 2),
    ] {
        let ended = validate(&format!("{arguments} -o json")).run();
        assert_eq!(ended.code, code, "{arguments}: {}", ended.stderr);
        let document = ended.document();
        assert_eq!(document["calls"]["writing"], 0, "{arguments}");
        assert_eq!(document["error"].is_null(), code == 0, "{arguments}");
        if code == 0 || code == 3 {
            assert!(
                document["audit"]["file_systems"].is_array(),
                "{arguments}: {document:#}"
            );
            assert_eq!(document["outcome"], "found");
        }
    }
}

#[test]
fn without_any_rights_it_is_denied_and_with_half_of_them_strict_counts() {
    let run = |denied: &str, arguments: &str| {
        let world = WorldFile::of(&format!("denied = [\"{denied}\"]\n{MESSY}"));
        let line = format!("validate {arguments} -o json");
        world.efsctl(&line).run()
    };
    let nothing = run("*", "--all");
    assert_eq!(nothing.code, 8, "{}", nothing.stderr);
    assert!(
        nothing
            .stderr
            .contains("elasticfilesystem:DescribeFileSystems"),
        "{}",
        nothing.stderr
    );
    let half = run("ec2:*", "orders");
    assert_eq!(half.code, 0, "{}", half.stderr);
    assert_ne!(half.document()["audit"]["verdicts"]["unknown"], 0);
    let strict = run("ec2:*", "orders --strict");
    assert_eq!(strict.code, 3, "{}", strict.stderr);
    assert!(strict.stderr.contains("--strict"), "{}", strict.stderr);
}

#[test]
fn what_failed_in_the_baseline_does_not_fail_again() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("baseline.json");
    let first = validate("--all -o json").run();
    std::fs::write(&baseline, &first.stdout).unwrap();
    let again = validate(&format!("--all --baseline {} -o json", baseline.display())).run();
    assert_eq!(again.code, 0, "{}", again.stderr);
    // One finding is taken out of the baseline: it is new.
    let mut document: Value = serde_json::from_str(&first.stdout).unwrap();
    for finding in document["audit"]["file_systems"][1]["findings"]
        .as_array_mut()
        .unwrap()
    {
        // What could not be seen then and fails now is as new as what passed.
        if finding["check"] == "encrypted-at-rest" {
            finding["verdict"] = "pass".into();
        }
        if finding["check"] == "no-anonymous-root" {
            finding["verdict"] = "unknown".into();
        }
    }
    std::fs::write(&baseline, document.to_string()).unwrap();
    let new = validate(&format!("--all --baseline {}", baseline.display())).run();
    assert_eq!(new.code, 3);
    assert!(
        new.stderr.contains("2 checks failed on 1 of 5")
            && new.stderr.contains("not in the baseline"),
        "{}",
        new.stderr
    );
}

#[test]
fn every_form_of_the_report_is_printed() {
    for (form, begins) in [
        ("sarif", "{"),
        ("junit", "<?xml"),
        ("github", "::error"),
        ("markdown", "#"),
        ("csv", "region,file_system_id"),
        ("table", "fs-0000000000000000a"),
    ] {
        let ended = validate(&format!("--all --format {form}")).run();
        assert_eq!(ended.code, 3, "{form}: {}", ended.stderr);
        assert!(ended.stdout.starts_with(begins), "{form}: {}", ended.stdout);
    }
    let list = Efsctl::new("validate --list").run();
    assert_eq!(list.code, 0, "{}", list.stderr);
    assert_eq!(list.stdout.lines().count(), CATALOGUE.len());
}

#[test]
fn a_verdict_whose_report_cannot_be_written_is_a_failure() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        crate::support::skipped::skipped("no /dev/full");
        return;
    };
    let output = validate("--all -o json")
        .command()
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written to stdout"));
}
