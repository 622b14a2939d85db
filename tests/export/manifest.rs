//! `export --format manifest`: applied to what was exported it changes nothing.

use efsctl::domain::plan::Change;
use efsctl::error::Error;
use efsctl::manifest::{Form, Reading, Source, read};
use efsctl::service::{ApplyEntry, ApplyOptions};
use proptest::prelude::*;

use super::worlds::{described, system, with_parts};
use super::{exported, form};
use crate::support::harness::Harness;
use crate::support::world::{World, world};

/// What a manifest asks for, at that time.
fn entries(text: &str, now: i64) -> Vec<ApplyEntry> {
    let source = Source {
        name: "exported.toml".to_owned(),
        folder: "/nowhere".into(),
        form: Form::Toml,
        text: text.to_owned(),
    };
    let file = |path: &std::path::Path| Err(format!("{} is not read", path.display()));
    let reading = Reading { now, file: &file };
    let entries = read(&[source], &reading);
    let entries = entries.unwrap_or_else(|error| panic!("{error}\n{text}"));
    let entries = entries.into_iter();
    entries
        .map(|entry| ApplyEntry::new(entry.reference, entry.spec))
        .collect()
}

/// The manifest of everything in the region, and what applying it would do to each file system.
async fn exported_and_planned(harness: &Harness) -> (String, Vec<Result<Vec<Change>, Error>>) {
    let (export, failure) = exported(harness).await;
    assert_eq!(failure, None);
    let text = form(&export, "manifest");
    let entries = entries(&text, export.at);
    let service = harness.service().await;
    let planned = service.plan_apply(&entries, &ApplyOptions::default()).await;
    let plans = planned.into_iter().map(|one| one.plan);
    (
        text,
        plans.map(|plan| plan.map(|plan| plan.changes)).collect(),
    )
}

/// Every file system is described, or said not to be, and none would be changed.
fn changes_nothing(world: &World, count: usize) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let harness = world.harness();
        let (text, plans) = exported_and_planned(&harness).await;
        prop_assert_eq!(harness.writes(), 0);
        let told =
            text.matches(" is not exported\n").count() + text.matches(": not exported\n").count();
        prop_assert!(plans.len() + told >= count, "{}", text);
        for plan in plans {
            let changes = plan.map_err(|error| {
                TestCaseError::fail(format!("{} {:?}\n{text}", error.message, error.hint))
            })?;
            prop_assert_eq!(changes, Vec::<Change>::new(), "{}", text);
        }
        Ok(())
    })
}

#[test]
fn applied_to_file_systems_of_others_it_changes_nothing() {
    let config = ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(systems in proptest::collection::vec(system(), 1..4))| {
        changes_nothing(&described(&systems), systems.len())?;
    });
}

/// Those that efsctl created, with whatever happened to them since.
#[test]
fn applied_to_file_systems_of_efsctl_it_changes_nothing() {
    let config = ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rules = proptest::sample::subsequence(
        vec![
            "tcp 2049 from 10.1.0.0/16",
            "tcp 2049 from efsctl-own",
            "tcp 2049 from theirs",
            "tcp 2049 from offices",
            "all from 10.2.0.0/16",
            "tcp 111 from 10.3.0.0/16",
            "tcp 2049 from 0.0.0.0/0",
        ],
        0..=7,
    );
    let attached = proptest::sample::subsequence(vec!["efsctl-own", "theirs"], 1..=2);
    let tagged = any::<bool>();
    proptest!(config, |(system in system(), rules in rules, attached in attached, tagged in tagged)| {
        let mut system = system;
        for (_, _, groups) in &mut system.targets {
            groups.clone_from(&attached);
        }
        let world = world()
            .account("111122223333")
            .prefix_list("pl-0000000a", "offices", &["10.0.8.0/24"])
            .vpc("10.0.0.0/16")
            .subnet('a')
            .subnet('b')
            .group("theirs", &[])
            .group("efsctl-own", &rules)
            .tag("efsctl:managed-by", "efsctl")
            .tag("efsctl:name", "own")
            .file_system_of_efsctl("own");
        let world = if tagged { world.tag("efsctl:expires", "2096-10-02T07:06:40Z") } else { world };
        changes_nothing(&with_parts(world, 0, &system), 1)?;
    });
}

/// What `create` made is described by its name, with all that it was asked for.
#[tokio::test(start_paused = true)]
async fn what_was_created_is_described_by_its_name() {
    let harness = world().vpc("10.0.0.0/16").subnet('a').subnet('b').harness();
    let asked = r#"
[[file_system]]
name = "app"
vpc = "vpc-0000000000000000a"
allow_from = ["10.0.0.0/16", "10.9.0.0/16"]
throughput = "elastic"
transition_to_ia = "30d"
backup = true
policy = ["enforce-tls"]
tags = { team = "x", "cost center" = "a b" }
access_point = ["app=/app:1000:1000:750", "logs=/logs"]
expires = "2096-10-02T07:06:40Z"
"#;
    let service = harness.service().await;
    let options = ApplyOptions::default();
    let planned = service.plan_apply(&entries(asked, 0), &options).await;
    for done in service.apply(planned, &options).await {
        done.result.unwrap();
    }
    let writes = harness.writes();
    let (text, plans) = exported_and_planned(&harness).await;
    let key = harness
        .region()
        .file_systems
        .values()
        .next()
        .unwrap()
        .kms_key_id
        .clone();
    let expected = r#"# Amazon EFS in eu-west-1, exported by efsctl

[[file_system]]
name = "app"
kms_key = "KEY"
performance = "general-purpose"
subnet = ["subnet-000000000000000a1", "subnet-000000000000000b1"]
allow_from = ["10.0.0.0/16", "10.9.0.0/16"]
throughput = "elastic"
transition_to_ia = "30d"
transition_to_archive = "never"
transition_to_primary = "never"
backup = true
policy = ["enforce-tls"]
replication_overwrite_protection = true
expires = "2096-10-02T07:06:40Z"
tags = { "cost center" = "a b", team = "x" }
access_point = ["app=/app:1000:1000:750", "logs=/logs"]
# tag of AWS, not exported: aws:elasticfilesystem:default-backup=enabled
"#;
    assert_eq!(text, expected.replace("KEY", &key.unwrap()));
    for plan in plans {
        assert_eq!(plan.unwrap(), []);
    }
    assert_eq!(harness.writes(), writes);
}

/// What could not be read is said, and not asked for.
#[tokio::test(start_paused = true)]
async fn what_could_not_be_read_is_a_comment() {
    let rows = [
        ("DescribeFileSystemPolicy", "policy ="),
        ("DescribeLifecycleConfiguration", "transition_to"),
        ("DescribeBackupPolicy", "backup ="),
        ("DescribeAccessPoints", "access_point ="),
    ];
    for (operation, key) in rows {
        let action = format!("elasticfilesystem:{operation}");
        let harness = world().denied(&[&action]).file_system("data").harness();
        let (export, failure) = exported(&harness).await;
        assert!(failure.is_some(), "{operation}");
        let text = form(&export, "manifest");
        assert!(!text.contains(key), "{operation}: {text}");
        assert!(text.contains(&action), "{operation}: {text}");
        let parsed = entries(&text, 0);
        assert_eq!(parsed.len(), 1, "{text}");
    }
}
