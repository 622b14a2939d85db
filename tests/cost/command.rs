//! The command, on the simulated account and without one.

use std::fs;

use serde_json::Value;

use crate::support::cli::{Efsctl, fixture};

fn document(words: &str) -> Value {
    let ended = Efsctl::new(&format!("{words} -o json")).run();
    assert_eq!(ended.code, 0, "{words}: {}", ended.stderr);
    ended.document()
}

#[test]
fn a_described_file_system_needs_no_account() {
    let document = document(
        "cost --storage 230GiB --throughput provisioned=100 --region us-east-1 --s3-puts 15000000",
    );
    assert_eq!(document["calls"]["total"], 0);
    assert_eq!(document["outcome"], "found");
    let cost = &document["cost"];
    assert_eq!(cost["total"]["usd"], "675");
    assert_eq!(cost["total"]["at_least"], false);
    let lines = cost["estimates"][0]["lines"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["item"] == "provisioned-throughput")
        .unwrap();
    assert_eq!(line["quantity"], "88.5");
    assert_eq!(line["unit"], "MiB/s-month");
    assert_eq!(line["rate"], "6");
    assert_eq!(line["amount"], "531");
    assert!(line["source"].as_str().unwrap().contains("Price List"));
    assert_eq!(line["date"], "2026");
}

#[test]
fn what_is_not_known_is_null_and_the_total_says_so() {
    let document =
        document("cost --storage 1TiB --throughput elastic --read 0 --region ap-south-1");
    let estimate = &document["cost"]["estimates"][0];
    let lines = estimate["lines"].as_array().unwrap();
    for line in lines {
        assert_eq!(line["rate"], Value::Null);
        assert_eq!(line["source"], Value::Null);
        let is_zero = line["item"] == "elastic-read";
        assert_eq!(
            line["amount"],
            if is_zero { "0".into() } else { Value::Null }
        );
    }
    assert_eq!(estimate["total"]["at_least"], true);
    assert_eq!(estimate["total"]["usd"], "0");
}

#[test]
fn own_prices_take_precedence() {
    let prices = fixture("prices/contract.toml");
    let words = format!(
        "cost --storage 100GiB --s3-storage 10GiB --region ap-south-1 --prices {}",
        prices.display()
    );
    let cost = &document(&words)["cost"];
    assert_eq!(cost["total"]["usd"], "25.2");
    assert_eq!(cost["total"]["at_least"], false);
    let line = &cost["estimates"][0]["lines"][0];
    assert_eq!(line["source"], "contract 4711");
}

/// The region is that of any other command: an option, a variable, the profile.
#[test]
fn the_region_is_looked_for_where_others_look() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    fs::write(&config, "[profile far]\nregion = us-east-2\n").unwrap();
    let run = |words: &str, variables: &[(&str, &str)]| {
        let mut efsctl = Efsctl::new(&format!("cost --storage 1GiB -o json {words}"));
        for (name, value) in variables {
            efsctl = efsctl.env(name, *value);
        }
        efsctl.run()
    };
    let region = |words: &str, variables: &[(&str, &str)]| {
        let document = run(words, variables).document();
        document["cost"]["estimates"][0]["region"].clone()
    };
    let file = config.to_str().unwrap();
    assert_eq!(region("--region us-west-2", &[]), "us-west-2");
    assert_eq!(region("", &[("AWS_REGION", "us-west-2")]), "us-west-2");
    assert_eq!(
        region("--profile far", &[("AWS_CONFIG_FILE", file)]),
        "us-east-2"
    );
    let none = run("", &[]);
    assert_eq!(none.code, 2);
    assert_eq!(none.document()["error"]["code"], "region-missing");
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let prices = folder.path().join("prices.toml");
    fs::write(&prices, "[[price]]\nregion = \"us-east-1\"\n").unwrap();
    let with_prices = format!("--storage 1GiB --prices {}", prices.display());
    for (words, says) in [
        ("", "--storage <SIZE>"),
        ("--ia 80%", "--storage <SIZE>"),
        ("--storage 10", "`10` is not an amount of data"),
        ("--storage -1GiB", "-1"),
        ("--storage 1GiB --ia 120%", "`120%` is not a share"),
        (
            "--storage 1GiB --ia 2GiB",
            "--ia and --archive are more than --storage",
        ),
        ("--storage 1GiB --throughput provisioned=0", "1 to 3414"),
        ("--storage 1GiB --archive 10%", "--throughput elastic"),
        (
            "--storage 1GiB --archive 10% --throughput elastic --one-zone",
            "Regional",
        ),
        (
            "--storage 1GiB --read 1GiB --ia-read 2GiB",
            "more than --read",
        ),
        ("--s3-storage 51TiB", "50TiB"),
        ("--all --storage 1GiB", "cannot be used with"),
        ("fs-0123456789abcdef0 --all", "cannot be used with"),
        ("--all --compare", "cannot be used with"),
        ("fs-0123456789abcdef0 --ia 80%", "cannot be used with"),
        (&with_prices, "missing field `item`"),
        ("--storage 1GiB --prices /nonexistent", "--prices"),
    ] {
        let ended = Efsctl::new(&format!("cost --region us-east-1 -o json {words}")).run();
        assert_eq!(ended.code, 2, "{words}: {}", ended.stderr);
        let document = ended.document();
        let message = document["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{words}: {message}");
    }
}

/// One page of `DescribeFileSystems` for each hundred file systems, and nothing else.
#[test]
fn all_file_systems_of_a_full_account_take_ten_calls() {
    let world = fixture("worlds/thousand.toml");
    let document = document(&format!("--sandbox --world {} cost --all", world.display()));
    assert_eq!(document["calls"]["total"], 10);
    assert_eq!(document["calls"]["writing"], 0);
    let estimates = document["cost"]["estimates"].as_array().unwrap();
    assert_eq!(estimates.len(), 1000);
}

#[test]
fn a_file_system_costs_its_metered_size_by_class() {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("world.toml");
    let gb = 1_u64 << 30;
    fs::write(
        &world,
        format!(
            "[[region]]\nname = \"us-east-1\"\n\
             [[region.file_system]]\nid = \"fs-0000000000000000a\"\nname = \"cold\"\nsize = [{}, {}, 0]\n\
             [[region.file_system]]\nid = \"fs-0000000000000000b\"\nname = \"fast\"\nthroughput_mode = \"elastic\"\nsize = {}\n",
            100 * gb,
            400 * gb,
            10 * gb
        ),
    )
    .unwrap();
    let at = format!("--sandbox --world {} --region us-east-1", world.display());
    let cold = document(&format!("{at} cost cold"));
    let estimate = &cold["cost"]["estimates"][0];
    assert_eq!(estimate["file_system_id"], "fs-0000000000000000a");
    assert_eq!(estimate["name"], "cold");
    let of = |item: &str| {
        let lines = estimate["lines"].as_array().unwrap();
        lines
            .iter()
            .find(|line| line["item"] == item)
            .unwrap()
            .clone()
    };
    assert_eq!(of("standard")["amount"], "30");
    assert_eq!(of("infrequent-access")["amount"], "10");
    // How much is read is unknown.
    assert_eq!(of("infrequent-access-read")["quantity"], Value::Null);
    assert_eq!(estimate["total"]["usd"], "40");
    assert_eq!(estimate["total"]["at_least"], true);
    let all = document(&format!("{at} cost --all"));
    assert_eq!(all["cost"]["total"]["usd"], "43");
    let missing = Efsctl::new(&format!("{at} cost nothing -o json")).run();
    assert_eq!(missing.code, 7);
    assert_eq!(missing.document()["error"]["code"], "file-system-not-found");
}
