//! What an audit meets that nobody has planned for: sizes, odd texts, things that go while it looks.

use std::time::Duration;

use efsctl::cloud::Cloud;
use efsctl::domain::finding::{Report, Verdict};
use efsctl::sandbox::account::Options;
use efsctl::sandbox::world::{Timing, scenario};
use efsctl::service::Scope;
use tokio::time::sleep;

use crate::support::harness::{Harness, asked, joined};
use crate::support::world::{World, world};

async fn audit(world: &World, clients: &[&str]) -> Report {
    let auditor = world.harness().auditor().await;
    auditor
        .validate(&Scope::All, &asked(clients))
        .await
        .unwrap()
}

fn verdict(report: &Report, check: &str) -> (Verdict, String) {
    let mut findings = report.findings().map(|(_, finding)| finding);
    let found = findings.find(|finding| finding.about.id == check).unwrap();
    (found.verdict, joined(&found.evidence, "\n"))
}

/// One file system behind a group with these rules.
fn behind(rules: &[String]) -> World {
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    world()
        .quota("rules_per_group", 1_000)
        .vpc("10.255.0.0/16")
        .subnet('a')
        .group("door", &rules)
        .file_system("data")
        .mount_target('a', &["door"])
}

#[tokio::test(start_paused = true)]
async fn a_thousand_rules_add_up() {
    // 10.0.0.0/24 to 10.3.231.0/24, in an order of their own, without the 500th.
    let range = |n: usize| format!("10.{}.{}.0/24", n / 256, n % 256);
    let others = (0..1_000).map(|n| n * 7 % 1_000).filter(|n| *n != 500);
    let rules: Vec<String> = others
        .map(|n| format!("tcp 2049 from {}", range(n)))
        .collect();
    let world = behind(&rules);
    let report = audit(&world, &["10.0.0.0/16", "10.3.0.0/17"]).await;
    assert_eq!(verdict(&report, "nfs-from-clients").0, Verdict::Pass);
    let report = audit(&world, &["10.1.128.0/17"]).await;
    let (found, why) = verdict(&report, "nfs-from-clients");
    assert_eq!(found, Verdict::Fail);
    assert!(
        why.contains("(10.1.244.0/24)"),
        "exactly what is missing is named: {why}"
    );
    let (quota, why) = verdict(&report, "quotas");
    assert_eq!(quota, Verdict::Fail);
    assert!(why.contains("999 of 60 inbound IPv4 rules"), "{why}");
    assert_eq!(
        verdict(&report, "nfs-not-open-to-the-world").0,
        Verdict::Pass
    );
}

#[tokio::test(start_paused = true)]
async fn a_policy_as_long_as_efs_takes_is_read_to_its_end() {
    let statement = |n: usize, action: &str| {
        format!(
            r#"{{"Sid":"s{n}","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111122223333:role/role-{n}"}},"Action":"elasticfilesystem:{action}"}}"#
        )
    };
    let mut statements: Vec<String> = (0..140).map(|n| statement(n, "ClientWrite")).collect();
    // The last one is the one that matters.
    statements.push(
        r#"{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}"#.to_owned(),
    );
    let mut policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.join(",")
    );
    assert!(policy.len() < 20_000);
    policy += &" ".repeat(20_000 - policy.len());
    let world = world().file_system("data").set("policy", &*policy);
    let report = audit(&world, &[]).await;
    assert_eq!(verdict(&report, "policy-not-public").0, Verdict::Fail);
    assert_eq!(verdict(&report, "policy-grants-mount").0, Verdict::Pass);
    assert_eq!(verdict(&report, "policy-understood").0, Verdict::Pass);
}

#[tokio::test(start_paused = true)]
async fn what_is_deleted_while_it_is_audited_is_left_out_and_told() {
    let many = (0..60).fold(world(), |world, n| {
        let id = format!("fs-{n:017}");
        world.file_system("data").set("id", &*id)
    });
    let harness = Harness::with(Options {
        world: scenario::parse(&many.to_string(), 0).unwrap(),
        timing: Some(Timing {
            delete: 0,
            ..Timing::default()
        }),
        ..Harness::options()
    });
    let (auditor, other) = (harness.auditor().await, harness.service().await);
    let gone = format!("fs-{:017}", 59);
    let options = asked(&[]);
    let (report, ()) = tokio::join!(auditor.validate(&Scope::All, &options), async {
        // The list is there, and the last ones wait for their turn.
        sleep(Duration::from_millis(60)).await;
        other
            .cloud()
            .delete_file_system(&gone.parse().unwrap())
            .await
            .unwrap();
    });
    let report = report.unwrap();
    assert_eq!(report.file_systems.len(), 59);
    assert_eq!(report.count(Verdict::Unknown), 0);
    let warnings = harness.warnings().join("\n");
    assert!(
        warnings.contains(&format!("{gone} was deleted during the audit")),
        "{warnings}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_no_policy_is_neither_good_nor_bad() {
    use efsctl::audit::facts::FileSystemFacts;
    let harness = world().file_system("data").harness();
    let auditor = harness.auditor().await;
    for policy in [
        "",
        "{",
        "null",
        "[]",
        "\"x\"",
        "{\"Statement\": 7}",
        "{\"Statement\": [[]]}",
        "{\"Statement\": [{\"Effect\": \"Maybe\"}]}",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": 5}, \"Action\": [\"*\"]}]}",
        "\u{feff}{}",
        "{\"Statement\": {}}",
        &"[".repeat(20_000),
    ] {
        let mut heard = None;
        let mut on_audited = |input: &efsctl::audit::check::CheckInput<'_>,
                              _: efsctl::domain::finding::Audited| {
            let facts = FileSystemFacts {
                policy: Ok(Some(policy.to_owned())),
                ..input.facts.clone()
            };
            heard = Some(efsctl::audit::audit(&efsctl::audit::check::CheckInput {
                facts: &facts,
                ..*input
            }));
        };
        auditor
            .validate_each(&Scope::All, &asked(&[]), &mut on_audited)
            .await
            .unwrap();
        let report = Report {
            file_systems: heard.into_iter().collect(),
            ..Report::default()
        };
        let start: String = policy.chars().take(60).collect();
        assert_ne!(
            verdict(&report, "policy-understood").0,
            Verdict::Pass,
            "{start}"
        );
        for check in [
            "policy-grants-mount",
            "policy-not-public",
            "no-policy-lock-out",
            "encrypted-in-transit",
        ] {
            assert_ne!(verdict(&report, check).0, Verdict::Pass, "{check}: {start}");
        }
    }
}
