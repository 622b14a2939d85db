//! File systems of another account: named by their ARN, shown as far as their owner shows them, and written by nobody here.

use efsctl::aws::AwsCloud;
use efsctl::domain::finding::Verdict;
use efsctl::domain::settings::{On, Wish};
use efsctl::error::Kind;
use efsctl::service::{Awaited, CreateOptions, DeleteOptions, EfsService, Scope};

use crate::support::harness::{Harness, asked, reference, spec};

/// An account that has `demo`, seen from another one: the bare id is not found, and the ARN is taken in its place.
async fn seen_from_elsewhere() -> (Harness, EfsService<AwsCloud>, String) {
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    let id = harness.things().file_systems[0].clone();
    let arn = format!("arn:aws:elasticfilesystem:eu-west-1:444455556666:file-system/{id}");
    let encoded = arn.replace(':', "%3A").replace('/', "%2F");
    let own = id.clone();
    let service = harness
        .routed(
            move |uri| match uri.contains(&encoded) || uri.contains(&arn) {
                true => uri.replace(&encoded, &own).replace(&arn, &own),
                false => uri.replace(&own, "fs-00000000000000bad"),
            },
            |_, body| {
                let foreign = "arn:aws:elasticfilesystem:eu-west-1:444455556666:";
                let (before, after) = ("arn:aws:elasticfilesystem:eu-west-1:", ":file-system");
                match body
                    .split_once(before)
                    .and_then(|(head, rest)| Some((head, rest.split_once(after)?.1)))
                {
                    Some((head, tail)) => format!("{head}{foreign}file-system{tail}"),
                    None => body,
                }
            },
        )
        .await;
    let arn = format!("arn:aws:elasticfilesystem:eu-west-1:444455556666:file-system/{id}");
    (harness, service, arn)
}

#[tokio::test(start_paused = true)]
async fn a_file_system_that_is_shared_is_read_by_its_arn_and_never_written() {
    let (harness, service, arn) = seen_from_elsewhere().await;
    let writes = harness.writes();
    let named = reference(&arn);
    let shown = service.describe(&named).await.unwrap();
    assert_eq!(shown.file_system_id.as_str(), arn);
    assert_eq!(shown.mount_targets.len(), 3);
    let warned = harness.warnings().join("\n");
    assert!(
        warned.contains("belongs to account 444455556666"),
        "{warned}"
    );

    let report = service
        .validate(&Scope::These(vec![named.clone()]), &asked(&[]))
        .await
        .unwrap();
    let verdict = |id: &str| {
        let mut found = report.findings().filter(|(_, one)| one.about.id == id);
        found.next().unwrap().1.verdict
    };
    assert_eq!(verdict("mount-target-present"), Verdict::Pass);
    for hidden in ["access-point-state", "replication-state", "quotas"] {
        assert_eq!(verdict(hidden), Verdict::Unknown, "{hidden}");
    }

    let waited = service
        .wait(
            &named,
            Awaited::Available,
            std::time::Duration::from_secs(60),
        )
        .await;
    assert!(waited.is_ok());
    let refused = service
        .plan_delete(
            &named,
            &DeleteOptions {
                with_data: true,
                with_others: true,
                ..DeleteOptions::default()
            },
        )
        .await;
    let refused = refused.err().unwrap();
    assert_eq!(refused.kind, Kind::Conflict, "{}", refused.message);
    let mut planned = Vec::new();
    service
        .validate_each(
            &Scope::These(vec![named]),
            &asked(&[]),
            &mut |input, audited| {
                let failures = audited
                    .findings
                    .iter()
                    .filter(|one| one.verdict == Verdict::Fail);
                planned.push(efsctl::audit::fix::fix_plan(input, failures));
            },
        )
        .await
        .unwrap();
    assert!(planned[0].is_empty(), "{:?}", planned[0]);
    let mut forced = planned.remove(0);
    forced.settings.backups = Wish::Set(On);
    let refused = service
        .fix(&forced, &CreateOptions::default())
        .await
        .unwrap_err();
    assert_eq!(refused.error.kind, Kind::Conflict);
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_not_shared_is_told_with_its_account() {
    let harness = Harness::new();
    let arn = "arn:aws:elasticfilesystem:eu-west-1:444455556666:file-system/fs-0123456789abcdef0";
    let service = harness.service().await;
    let scope = Scope::These(vec![reference(arn)]);
    let missing = [
        service.describe(&reference(arn)).await.unwrap_err(),
        service.validate(&scope, &asked(&[])).await.unwrap_err(),
        service
            .plan_delete(&reference(arn), &DeleteOptions::default())
            .await
            .err()
            .unwrap(),
    ];
    for error in missing {
        assert_eq!(error.kind, Kind::NotFound);
        assert!(
            error
                .message
                .contains("account 444455556666 does not show it here"),
            "{}",
            error.message
        );
        assert!(error.hint.is_some());
    }
}

/// A group of another network is not found, as EFS says it, however often it is tried.
#[tokio::test(start_paused = true)]
async fn a_group_of_another_network_is_refused_at_once() {
    let sentence = "You have specified two resources that belong to different networks.";
    let rule = format!("CreateMountTarget:1+:code=SecurityGroupNotFound/400:{sentence}");
    let harness = Harness::faulty(&[&rule]);
    let before = tokio::time::Instant::now();
    let failure = harness.create(&spec("demo")).await.unwrap_err();
    let hint = failure.error.hint.clone().map(|hint| hint.to_string());
    assert!(
        hint.as_deref().unwrap_or_default().contains("its own VPC"),
        "{:?}",
        failure.error
    );
    let tried = harness.calls().counts["CreateMountTarget"];
    assert!(tried <= 3, "one for each zone, not again: {tried}");
    assert!(
        before.elapsed().as_secs() < 30 + 30,
        "{:?}",
        before.elapsed()
    );
    assert_eq!(harness.things().count(), (0, 0, 0));
}
