//! What a plan costs, at the end of a dry run.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::cli::{Efsctl, Ended};

/// `data` holds 230 GB.
const WORLD: &str = "[[region]]\nname = \"us-east-1\"\n[[region.file_system]]\nid = \"fs-0000000000000000a\"\n\
                     name = \"data\"\nsize = 246960619520\n";

fn run(folder: &Path, words: &str) -> Ended {
    let world = folder.join("world.toml");
    fs::write(&world, WORLD).unwrap();
    let at = format!("--sandbox --world {} --region us-east-1", world.display());
    let ended = Efsctl::new(&format!("{at} {words}")).run();
    assert_eq!(ended.code, 0, "{words}: {}", ended.stderr);
    ended
}

fn cost(words: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &format!("{words} --dry-run -o json")).document()["cost"].clone()
}

/// The last line of what a person reads, with those that continue it.
fn sentence(words: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &format!("{words} --dry-run --quiet"));
    let (_, sentence) = ended.stdout.split_once("\ncost a month in ").unwrap();
    sentence.replace("\n  ", " ")
}

#[test]
fn a_new_file_system_costs_what_is_provisioned_and_the_rest_by_use() {
    let planned = cost("create demo --throughput provisioned=64");
    assert_eq!(planned["total"]["usd"], "384");
    assert_eq!(planned["total"]["at_least"], false);
    let estimate = &planned["estimates"][0];
    assert_eq!(estimate["name"], "demo");
    assert_eq!(estimate["provisioned_throughput_mibps"], "64");
    assert_eq!(
        sentence("create demo --throughput provisioned=64"),
        "us-east-1, USD: 384.00 for provisioned throughput; Standard storage 0.30 per GB-month\n"
    );
    assert_eq!(
        sentence("create demo"),
        "us-east-1, USD: Standard storage 0.30 per GB-month\n"
    );
}

/// What the lifecycle policy will move there has its rates in the plan; of one of them no source is known.
#[test]
fn a_lifecycle_policy_brings_the_rates_of_infrequent_access() {
    assert_eq!(
        sentence("create demo --throughput elastic --transition-to-ia 30d"),
        "us-east-1, USD: Standard storage 0.30 per GB-month, read from IA 0.01 per GB, written or moved to IA 0.01 per GB, \
         elastic throughput: read 0.03 per GB, elastic throughput: written 0.06 per GB; unknown rates: IA storage (elastic)\n"
    );
    let planned = cost("create demo --transition-to-ia 30d");
    let lines = planned["estimates"][0]["lines"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["item"] == "infrequent-access");
    assert_eq!(line.unwrap()["quantity"], Value::Null);
    assert_eq!(line.unwrap()["rate"], "0.025");
    assert_eq!(planned["total"]["at_least"], true);
}

#[test]
fn a_change_shows_what_is_billed_before_and_after() {
    let planned = cost("set data --throughput provisioned=100");
    let estimate = &planned["estimates"][0];
    assert_eq!(estimate["before"]["usd"], "69");
    assert_eq!(estimate["total"]["usd"], "600");
    assert_eq!(
        sentence("set data --throughput provisioned=100"),
        "us-east-1, USD: 600.00 (Standard storage 69.00, provisioned throughput 531.00); 69.00 before\n"
    );
    // Nothing of what is billed changes.
    assert_eq!(cost("set data --tag team=x"), Value::Null);
    assert_eq!(cost("set data --throughput bursting"), Value::Null);
    assert_eq!(
        cost("create other --throughput bursting")["total"]["usd"],
        "0"
    );
}

#[test]
fn a_manifest_ends_with_the_sum_of_its_file_systems() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("manifest.toml");
    fs::write(
        &manifest,
        "[[file_system]]\nname = \"one\"\nthroughput = \"provisioned=10\"\n\
         [[file_system]]\nname = \"two\"\nthroughput = \"provisioned=20\"\n",
    )
    .unwrap();
    let words = format!("apply -f {} --dry-run", manifest.display());
    let document = run(folder.path(), &format!("{words} -o json")).document();
    assert_eq!(document["cost"]["total"]["usd"], "180");
    let names = document["cost"]["estimates"].as_array().unwrap();
    let names: Vec<&str> = names
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["one", "two"]);
    let text = run(folder.path(), &format!("{words} --quiet")).stdout;
    let end = "cost a month in us-east-1, USD: 180.00 for provisioned throughput; Standard storage 0.30 per GB-month\n";
    assert!(text.replace("\n  ", " ").ends_with(end), "{text}");
}
