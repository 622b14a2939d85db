//! The copy of a replication is what it is: read-only, written by nobody else.

use std::collections::BTreeSet;

use efsctl::audit::NOT_OF_COPIES;
use efsctl::audit::catalogue::{self, CATALOGUE};
use efsctl::audit::fix::{fix_plan, fixable};
use efsctl::domain::finding::Verdict;
use efsctl::error::Kind;
use efsctl::service::{CreateOptions, Scope};

use crate::support::harness::{asked, joined, spec};
use crate::support::world::{World, world};

fn copy() -> World {
    world().file_system("demo").set("token", "efsctl:demo")
}

fn replicating(_: &str, body: String) -> String {
    let protection = r#""ReplicationOverwriteProtection":""#;
    body.replace(
        &format!("{protection}ENABLED"),
        &format!("{protection}REPLICATING"),
    )
}

#[test]
fn what_is_not_asked_of_copies_is_in_the_catalogue() {
    for id in NOT_OF_COPIES {
        assert!(catalogue::find(id).is_some(), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_copy_fails_no_check_that_asks_for_what_only_the_replication_gives() {
    let harness = copy().harness();
    let plain = harness.auditor().await;
    let mut options = asked(&[]);
    options
        .rules
        .required_tags
        .insert("team".to_owned(), Some("red".to_owned()));
    let failed = plain.validate(&Scope::All, &options).await.unwrap();
    let verdict = |report: &efsctl::domain::finding::Report, id: &str| {
        let mut found = report.findings().filter(|(_, one)| one.about.id == id);
        found.next().unwrap().1.verdict
    };
    for id in [
        "mount-target-present",
        "automatic-backups",
        "lifecycle-policy",
    ] {
        assert_eq!(
            verdict(&failed, id),
            Verdict::Fail,
            "{id}, of a file system that is no copy"
        );
    }

    let service = harness.rewritten(replicating).await;
    let mut plans = Vec::new();
    let mut report = efsctl::domain::finding::Report::default();
    service
        .validate_each(&Scope::All, &options, &mut |input, audited| {
            let failures = audited
                .findings
                .iter()
                .filter(|one| one.verdict == Verdict::Fail);
            plans.push(fix_plan(input, failures));
            report.file_systems.push(audited);
        })
        .await
        .unwrap();
    for id in NOT_OF_COPIES {
        assert_eq!(verdict(&report, id), Verdict::NotApplicable, "{id}");
    }
    let (_, present) = report
        .findings()
        .find(|(_, one)| one.about.id == "mount-target-present")
        .unwrap();
    assert!(
        present.evidence[0].contains("read-only copy"),
        "{:?}",
        present.evidence
    );
    assert_eq!(verdict(&report, "not-orphaned"), Verdict::Pass);
    // A tag that is required and missing is a failure that could be fixed: but not here.
    assert_eq!(verdict(&report, "required-tags"), Verdict::Fail);
    assert!(
        plans[0].is_empty() && plans[0].notes[0].contains("read-only copy"),
        "{:?}",
        plans[0].notes
    );

    let ids: BTreeSet<&str> = fixable().collect();
    assert!(
        ids.iter()
            .all(|id| CATALOGUE.iter().any(|check| check.about.id == *id))
    );
    assert_eq!(harness.writes(), 0);
}

/// A protection that AWS adds, beside a listing that may not be read: it may be a copy.
#[tokio::test(start_paused = true)]
async fn where_it_cannot_be_told_whether_it_is_a_copy_nothing_is_judged_or_added() {
    let denied = "elasticfilesystem:DescribeReplicationConfigurations";
    let harness = copy().denied(&[denied]).harness();
    let service = harness
        .rewritten(|_, body| {
            body.replace(
                r#""ReplicationOverwriteProtection":"ENABLED"#,
                r#""ReplicationOverwriteProtection":"FROZEN"#,
            )
        })
        .await;
    let mut plans = Vec::new();
    let options = asked(&[]);
    service
        .validate_each(&Scope::All, &options, &mut |input, audited| {
            for finding in &audited.findings {
                if NOT_OF_COPIES.contains(&finding.about.id) {
                    assert_eq!(finding.verdict, Verdict::Unknown, "{}", finding.about.id);
                    assert!(finding.evidence[0].contains("`FROZEN`"), "{finding:?}");
                }
            }
            plans.push(fix_plan(input, audited.findings.iter()));
        })
        .await
        .unwrap();
    assert!(plans[0].is_empty(), "{:?}", plans[0]);
}

/// What was no copy when it was judged may be one when it is fixed.
#[tokio::test(start_paused = true)]
async fn nothing_is_written_to_a_copy() {
    let harness = copy().harness();
    let mut planned = None;
    let auditor = harness.auditor().await;
    auditor
        .validate_each(&Scope::All, &asked(&[]), &mut |input, audited| {
            let failures = audited
                .findings
                .iter()
                .filter(|one| one.verdict == Verdict::Fail);
            planned = Some(fix_plan(input, failures));
        })
        .await
        .unwrap();
    let planned = planned.unwrap();
    assert!(!planned.is_empty());
    let service = harness.rewritten(replicating).await;
    let refused = service.fix(&planned, &CreateOptions::default()).await;
    assert_eq!(refused.unwrap_err().error.kind, Kind::Conflict);
    let refused = service.plan_fix(&planned, "run1").await.unwrap_err();
    assert!(
        refused.message.contains("read-only copy"),
        "{}",
        refused.message
    );

    let refused = service
        .create(&spec("demo"), &CreateOptions::default())
        .await;
    let refused = refused.unwrap_err().error;
    assert_eq!(refused.kind, Kind::Conflict);
    assert!(
        refused.message.contains("REPLICATING"),
        "{}",
        refused.message
    );
    assert!(refused.hint.unwrap().contains("read-only copy"));
    assert_eq!(harness.writes(), 0);
}

/// The listing tells it too, where the file system itself does not.
#[tokio::test(start_paused = true)]
async fn the_listing_of_replications_tells_a_copy() {
    let source = copy().file_system("source");
    let harness = source
        .copied_to("fs-0000000000000000a", "eu-west-1", "PAUSED")
        .harness();
    let report = harness
        .auditor()
        .await
        .validate(&Scope::All, &asked(&[]))
        .await
        .unwrap();
    let found = |id: &str, check: &str| {
        let mut found = report
            .findings()
            .filter(|(_, one)| one.file_system.as_str() == id && one.about.id == check);
        let finding = found.next().unwrap().1;
        (finding.verdict, joined(&finding.evidence, "; "))
    };
    let copy = "fs-0000000000000000a";
    let (verdict, why) = found(copy, "mount-target-present");
    assert_eq!(verdict, Verdict::NotApplicable);
    assert!(why.contains("fs-0000000000000000b"), "{why}");
    // Whoever looks at the copy is told that it falls behind.
    assert_eq!(found(copy, "replication-state").0, Verdict::Fail);
}
