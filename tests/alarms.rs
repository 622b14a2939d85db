//! `efsctl alarms`: which alarms follow from what a file system is, and what other tools read of them.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::cli::{Efsctl, Ended};
use crate::support::skipped::skipped;
use crate::support::world::{Text, World, WorldFile, world};

const FIRST: &str = "fs-0000000000000000a";

fn run(place: &WorldFile, words: &str) -> Ended {
    let line = format!(
        "--sandbox --world {} --region eu-west-1 --quiet {words}",
        place.path().display()
    );
    Efsctl::new(&line).run()
}

fn proposed(place: &WorldFile, words: &str) -> Vec<Value> {
    let ended = run(place, &format!("alarms {words} -o json"));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let document = ended.document();
    assert_eq!(document["calls"]["writing"], 0);
    document["alarms"]["alarms"].as_array().unwrap().clone()
}

fn with(key: &'static str, value: &str) -> World {
    let world = world().file_system("data");
    if key.is_empty() {
        return world;
    }
    let world = world.set(key, Text(value.to_owned()));
    match key {
        "provisioned_mibps" => world.set("throughput_mode", "provisioned"),
        _ => world,
    }
}

#[test]
fn what_is_proposed_follows_from_what_it_is() {
    let always = ["throughput", "connections"];
    let rows: [(&str, &str, &str, &[&str]); 6] = [
        (
            "",
            "",
            "",
            &["burst-credits", "io-limit", "throughput", "connections"],
        ),
        ("throughput_mode", "\"elastic\"", "", &always),
        (
            "provisioned_mibps",
            "100",
            "",
            &["io-limit", "throughput", "connections"],
        ),
        (
            "performance_mode",
            "\"maxIO\"",
            "",
            &["burst-credits", "throughput", "connections"],
        ),
        (
            "throughput_mode",
            "\"elastic\"",
            "--budget 500GiB",
            &["throughput", "connections", "storage-budget"],
        ),
        (
            "throughput_mode",
            "\"elastic\"",
            "--expect-clients",
            &["throughput", "connections", "no-clients"],
        ),
    ];
    for (key, value, words, expected) in rows {
        let place = with(key, value).file();
        let alarms = proposed(&place, &format!("{FIRST} {words}"));
        let kinds: Vec<&str> = alarms
            .iter()
            .map(|one| one["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, expected, "{key} {value} {words}");
        let names: Vec<String> = kinds
            .iter()
            .map(|kind| format!("efsctl-{FIRST}-{kind}"))
            .collect();
        let own: Vec<&str> = alarms
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(own, names);
    }
}

#[test]
fn thresholds_are_those_of_the_size_and_of_what_is_asked_for() {
    let of = |size: u64, words: &str| {
        let place = with("size", &size.to_string()).file();
        let alarms = proposed(&place, &format!("{FIRST} {words}"));
        let threshold = |one: &Value| {
            (
                one["kind"].as_str().unwrap().to_owned(),
                one["threshold"].as_u64().unwrap(),
            )
        };
        alarms
            .iter()
            .map(threshold)
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    // A tenth of 2.1 TiB, for each TiB above one.
    let small = of(1 << 30, "--budget 1.5TiB");
    assert_eq!(small["burst-credits"], 230_897_441_817);
    assert_eq!(small["storage-budget"], 3 << 39);
    assert_eq!(of(10 << 40, "")["burst-credits"], 2_308_974_418_317);
}

#[test]
fn each_copy_of_a_replication_has_one_and_what_may_not_be_read_is_said() {
    let replicated =
        world()
            .file_system("data")
            .copied_to("fs-0000000000000000b", "us-west-2", "ENABLED");
    let place = replicated.file();
    let alarms = proposed(&place, FIRST);
    let lag = alarms.last().unwrap();
    assert_eq!(
        lag["name"],
        format!("efsctl-{FIRST}-replication-lag-fs-0000000000000000b")
    );
    assert_eq!(lag["threshold"], 3600);
    let place = world()
        .denied(&["elasticfilesystem:DescribeReplicationConfigurations"])
        .file_system("data")
        .file();
    let line = format!(
        "--sandbox --world {} --region eu-west-1 alarms {FIRST}",
        place.path().display()
    );
    let ended = Efsctl::new(&line).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("no alarm for the lag of a replication: "),
        "{}",
        ended.stderr
    );
}

const ALL: &str =
    "--budget 500GiB --expect-clients --sns-topic arn:aws:sns:eu-west-1:111122223333:ops";

fn whole() -> WorldFile {
    let world = world().file_system("data");
    world
        .copied_to("fs-0000000000000000b", "us-west-2", "ENABLED")
        .file()
}

fn printed(format: &str) -> String {
    let ended = run(&whole(), &format!("alarms {FIRST} {ALL} --format {format}"));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended.stdout
}

#[test]
fn terraform_reads_it_as_it_would_write_it() {
    let folder = tempfile::tempdir().unwrap();
    let text = printed("terraform");
    assert_eq!(
        text.matches("resource \"aws_cloudwatch_metric_alarm\"")
            .count(),
        7
    );
    assert!(hcl::parse(&text).is_ok(), "{text}");
    fs::write(folder.path().join("alarms.tf"), &text).unwrap();
    let run = Command::new("terraform")
        .args(["fmt", "-check", "-diff"])
        .arg(folder.path())
        .env("CHECKPOINT_DISABLE", "1")
        .output();
    let Ok(output) = run else {
        return skipped("terraform fmt: there is no terraform");
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

fn python() -> Option<String> {
    let python = std::env::var("EFSCTL_PYTHON").ok();
    python.filter(|python| !python.is_empty())
}

#[test]
fn cfn_lint_finds_nothing() {
    let lint = python().map(|python| Path::new(&python).with_file_name("cfn-lint"));
    let Some(lint) = lint.filter(|lint| lint.exists()) else {
        return skipped("templates: EFSCTL_PYTHON names no Python with cfn-lint beside it");
    };
    let folder = tempfile::tempdir().unwrap();
    let good = printed("cloudformation");
    let lints = |text: &str| {
        let file = folder.path().join("alarms.json");
        fs::write(&file, text).unwrap();
        let output = Command::new(&lint)
            .args(["--regions", "eu-west-1", "--"])
            .arg(file)
            .output();
        let output = output.expect("cfn-lint runs");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let (is_good, said) = lints(&good);
    assert!(is_good, "{said}");
    assert!(!lints(&good.replacen("MetricName", "Metric", 1)).0);
}

/// The AWS CLI reads what `--format commands` prints, against its own model: nothing is sent.
#[test]
fn the_aws_cli_takes_the_commands() {
    let Some(python) = python() else {
        return skipped("EFSCTL_PYTHON names no Python with botocore");
    };
    let text = printed("commands");
    assert_eq!(text.lines().count(), 7);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/alarms.py");
    let checked = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("commands");
        fs::write(&file, text).unwrap();
        Command::new(&python)
            .arg(script)
            .arg(file)
            .output()
            .expect("python runs")
    };
    let output = checked(&text);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for (good, bad) in [
        ("EvaluationPeriods", "Evaluations"),
        ("\"Threshold\":80", "\"Threshold\":\"80\""),
    ] {
        assert!(text.contains(good));
        assert!(!checked(&text.replace(good, bad)).status.success(), "{bad}");
    }
}

#[test]
fn what_is_mistyped_is_refused() {
    let place = with("", "").file();
    for (words, said) in [
        ("--sns-topic ops", "`ops` is not the ARN of a topic"),
        (
            "--sns-topic arn:aws:sqs:eu-west-1:111122223333:ops",
            "is not the ARN of a topic",
        ),
        ("--budget lots", "`lots` is not an amount of data"),
        ("--format yaml", "yaml"),
        (
            "--format terraform -o json",
            "--format prints a configuration",
        ),
    ] {
        let ended = run(&place, &format!("alarms {FIRST} {words}"));
        assert_eq!(ended.code, 2, "{words}");
        let text = format!("{}{}", ended.stderr, ended.stdout);
        assert!(text.contains(said), "{words}: {text}");
    }
}
