//! Words that AWS adds: kept, shown, never taken for one of today; and answers that are none.

use efsctl::domain::finding::{Report, Verdict};
use efsctl::domain::settings::Lifecycle;
use efsctl::domain::settings::{On, Throughput, Value, Wish};
use efsctl::error::Kind;
use efsctl::service::{CreateOptions, Scope};
use serde_json::json;

use crate::support::harness::{Harness, asked, joined, reference, spec};

/// The verdict of a check on the one file system, and what is told with it.
fn verdict(report: &Report, id: &str) -> (Verdict, String) {
    let mut found = report.findings().filter(|(_, one)| one.about.id == id);
    let (_, finding) = found.next().unwrap();
    (finding.verdict, joined(&finding.evidence, "; "))
}

/// An account with a whole deployment.
async fn deployed() -> Harness {
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    harness
}

fn swapped(pairs: &'static [(&'static str, &'static str)]) -> impl Fn(&str, String) -> String {
    |_, body| {
        let swap = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
        pairs.iter().fold(body, swap)
    }
}

#[tokio::test(start_paused = true)]
async fn modes_of_tomorrow_are_shown_unknown_and_different_from_what_is_asked_for() {
    const TOMORROW: &[(&str, &str)] = &[
        (r#""bursting""#, r#""turbo""#),
        (r#""generalPurpose""#, r#""hyperIO""#),
    ];
    let harness = deployed().await;
    let service = harness.rewritten(swapped(TOMORROW)).await;
    let shown = service.describe(&reference("demo")).await.unwrap();
    let shown = serde_json::to_value(&shown).unwrap();
    assert_eq!(shown["throughput_mode"], "turbo");
    assert_eq!(shown["performance_mode"], "hyperIO");
    assert_eq!(shown["provisioned_throughput_mibps"], json!(null));

    let report = service.validate(&Scope::All, &asked(&[])).await.unwrap();
    for (check, word) in [
        ("performance-mode", "`hyperIO`"),
        ("provisioned-throughput", "`turbo`"),
    ] {
        let (verdict, told) = verdict(&report, check);
        assert_eq!(verdict, Verdict::Unknown, "{check}");
        assert!(told.contains(word), "{told}");
    }

    let mut wish = spec("demo");
    wish.settings.throughput = Wish::Set(Throughput::Bursting);
    let options = CreateOptions::default();
    let planned = service.plan(&wish, &options).await.unwrap();
    assert_eq!(planned.len(), 1, "{planned:?}");
    assert!(
        service
            .plan(&spec("demo"), &options)
            .await
            .unwrap()
            .is_empty()
    );

    let mut other = spec("demo");
    other.performance = Some(efsctl::domain::spec::PerformanceMode::GeneralPurpose);
    let refused = service.plan(&other, &options).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict);
    assert!(refused.message.contains("hyperIO"), "{}", refused.message);
}

#[tokio::test(start_paused = true)]
async fn states_of_tomorrow_are_unknown() {
    const TOMORROW: &[(&str, &str)] = &[(
        r#""LifeCycleState":"available""#,
        r#""LifeCycleState":"frozen""#,
    )];
    let harness = deployed().await;
    let service = harness.rewritten(swapped(TOMORROW)).await;
    let report = service.validate(&Scope::All, &asked(&[])).await.unwrap();
    for check in [
        "file-system-state",
        "mount-target-state",
        "mount-target-present",
        "mount-targets-in-several-zones",
    ] {
        let (verdict, told) = verdict(&report, check);
        assert_eq!(verdict, Verdict::Unknown, "{check}: {told}");
        assert!(told.contains("`frozen`"), "{check}: {told}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_backup_status_of_tomorrow_is_neither_on_nor_off() {
    let harness = Harness::new();
    let mut kept = spec("demo");
    kept.settings.backups = Wish::Set(On);
    harness.create(&kept).await.unwrap();
    let service = harness
        .rewritten(|asked, body| match asked.contains("backup-policy") {
            true => body.replace("ENABLED", "SUSPENDED"),
            false => body,
        })
        .await;
    let shown = service.describe(&reference("demo")).await.unwrap();
    let shown = serde_json::to_value(&shown).unwrap();
    assert_eq!(
        (&shown["backup"], &shown["backup_status"]),
        (&json!(null), &json!("SUSPENDED"))
    );
    let report = service.validate(&Scope::All, &asked(&[])).await.unwrap();
    let (verdict, told) = verdict(&report, "automatic-backups");
    assert_eq!(verdict, Verdict::Unknown);
    assert!(told.contains("`SUSPENDED`"), "{told}");
    let planned = service.plan(&kept, &CreateOptions::default()).await;
    assert_eq!(planned.unwrap().len(), 1);
}

/// `PutLifecycleConfiguration` replaces the whole set.
#[tokio::test(start_paused = true)]
async fn a_transition_of_tomorrow_is_sent_again_and_one_that_cannot_be_is_not_written_over() {
    let mut first = spec("demo");
    first.settings.lifecycle.to_ia = "30d".parse().ok().into();
    let harness = Harness::new();
    harness.create(&first).await.unwrap();
    let before = harness.writes();
    let mut wish = spec("demo");
    wish.settings.lifecycle.to_primary = Wish::Set(On);

    let sent = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = sent.clone();
    let service = harness
        .rewritten(move |asked, body| {
            if asked.starts_with("PUT") && asked.contains("lifecycle-configuration") {
                heard.lock().unwrap().push(asked.to_owned());
            }
            body.replace("AFTER_30_DAYS", "AFTER_2_MOONS")
        })
        .await;
    let shown = service.describe(&reference("demo")).await.unwrap();
    assert_eq!(
        shown.lifecycle_policy.unwrap().to_string(),
        "IA AFTER_2_MOONS"
    );
    let report = service.validate(&Scope::All, &asked(&[])).await.unwrap();
    assert_eq!(verdict(&report, "lifecycle-policy").0, Verdict::Unknown);
    // The simulated account refuses the word that it does not know.
    service
        .create(&wish, &CreateOptions::default())
        .await
        .unwrap_err();
    let sent = sent.lock().unwrap().clone();
    assert!(
        sent[0].contains("AFTER_2_MOONS") && sent[0].contains("AFTER_1_ACCESS"),
        "{sent:?}"
    );

    let writes = harness.writes();
    assert!(writes > before);
    let service = harness
        .rewritten(|_, body| body.replace("TransitionToIA", "TransitionToDust"))
        .await;
    let refused = service.create(&wish, &CreateOptions::default()).await;
    let refused = refused.unwrap_err().error;
    assert_eq!(refused.kind, Kind::Conflict);
    assert!(
        refused.message.contains("cannot read"),
        "{}",
        refused.message
    );
    assert_eq!(harness.writes(), writes);
    let unread = service.validate(&Scope::All, &asked(&[])).await.unwrap();
    for check in ["lifecycle-policy", "archive-order"] {
        assert_eq!(verdict(&unread, check).0, Verdict::Unknown, "{check}");
    }
    let mut policy = Lifecycle::default();
    policy.add(None, None, None);
    let id = harness.things().file_systems[0].parse().unwrap();
    use efsctl::cloud::Cloud;
    service
        .cloud()
        .set(&id, &Value::Lifecycle(policy.clone()))
        .await
        .unwrap_err();
    assert_eq!(harness.writes(), writes);
}

/// It may have happened or not: the run looks, and finds what it made.
#[tokio::test(start_paused = true)]
async fn an_answer_without_an_id_is_a_lost_one() {
    for (call, member) in [
        ("Action=CreateSecurityGroup", "groupId"),
        (
            "POST https://elasticfilesystem.eu-west-1.amazonaws.com/2015-02-01/mount-targets",
            "MountTargetId",
        ),
        (
            "POST https://elasticfilesystem.eu-west-1.amazonaws.com/2015-02-01/file-systems",
            "FileSystemId",
        ),
    ] {
        let harness = Harness::new();
        let service = harness
            .rewritten(move |asked, body| match asked.contains(call) {
                true => body.replace(member, "Nothing"),
                false => body,
            })
            .await;
        let made = service
            .create(&spec("demo"), &CreateOptions::default())
            .await;
        let made = made.unwrap_or_else(|failure| panic!("{call}: {:?}", failure.error));
        assert_eq!(harness.things().count(), (1, 3, 1), "{call}");
        assert!(
            !serde_json::to_string(&made.deployment)
                .unwrap()
                .contains(r#":"""#)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_say_whether_it_is_encrypted_is_not_told_to_be_plain() {
    let harness = deployed().await;
    let service = harness
        .rewritten(swapped(&[(r#""Encrypted""#, r#""Enciphered""#)]))
        .await;
    let shown = service.describe(&reference("demo")).await.unwrap();
    assert_eq!(shown.encrypted, None);
    let report = service.validate(&Scope::All, &asked(&[])).await.unwrap();
    assert_eq!(verdict(&report, "encrypted-at-rest").0, Verdict::Unknown);
    let planned = service.plan(&spec("demo"), &CreateOptions::default()).await;
    assert_eq!(planned.unwrap_err().kind, Kind::Conflict);
}
