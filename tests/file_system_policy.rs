//! The file system policy as a setting, through the SDK.

use std::collections::BTreeSet;
use std::time::Duration;

use efsctl::CreateOptions;
use efsctl::cloud::{Cloud, read};
use efsctl::domain::ids::FileSystemId;
use efsctl::domain::settings::policy::{Content, Document, Preset, Wanted};
use efsctl::domain::settings::{Policy, Setting, Value, Verdict, Wish};
use efsctl::domain::spec::Spec;
use efsctl::error::Code;
use tokio::time::Instant;

use crate::support::harness::{Harness, Things, spec};
use crate::support::world::world;

fn presets(words: &str) -> Content {
    let presets: BTreeSet<Preset> = words.split(' ').map(|word| word.parse().unwrap()).collect();
    Content::Presets(presets)
}

fn wanted(content: Content) -> Spec {
    let mut wanted = spec("demo");
    wanted.settings.policy = Wish::Set(content.into());
    wanted
}

/// The policy of the file system, as the account holds it.
fn policy(harness: &Harness) -> Option<String> {
    let region = harness.region();
    let file_system = region.file_systems.values().next();
    file_system.expect("a file system").policy.clone()
}

/// Calls of `PutFileSystemPolicy` so far.
fn puts(harness: &Harness) -> u64 {
    let counts = harness.calls().counts;
    counts
        .get("PutFileSystemPolicy")
        .copied()
        .unwrap_or_default()
}

const UNKNOWN: &str = "code=InvalidPolicyException/400:Policy contains invalid Principal block";

#[tokio::test(start_paused = true)]
async fn a_policy_is_put_once_and_changed_where_it_differs() {
    let harness = Harness::new();
    harness
        .create(&wanted(presets("enforce-tls")))
        .await
        .unwrap();
    let expected = Preset::document(&BTreeSet::from([Preset::EnforceTls]));
    assert_eq!(policy(&harness), Some(expected.to_string()));
    let writes = harness.writes();
    harness
        .create_as(&wanted(presets("enforce-tls")), "again")
        .await
        .unwrap();
    assert_eq!(harness.writes(), writes, "AWS renders it in another way");
    harness
        .create_as(&wanted(presets("deny-root")), "other")
        .await
        .unwrap();
    let expected = Preset::document(&BTreeSet::from([Preset::DenyRoot]));
    assert_eq!(policy(&harness), Some(expected.to_string()));
    harness
        .create_as(&spec("demo"), "nothing asked")
        .await
        .unwrap();
    assert_eq!(
        (harness.writes(), policy(&harness).is_some()),
        (writes + 1, true)
    );
    let mut none = spec("demo");
    none.settings.policy = Wish::Clear;
    for run in ["clear", "cleared"] {
        harness.create_as(&none, run).await.unwrap();
        assert_eq!(
            (harness.writes(), policy(&harness)),
            (writes + 2, None),
            "{run}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_writes_nothing() {
    let harness = Harness::new();
    let service = harness.service().await;
    let (wanted, options) = (
        wanted(presets("deny-root enforce-tls")),
        CreateOptions::default(),
    );
    let plan = service.plan(&wanted, &options).await.unwrap();
    let details: Vec<&str> = plan
        .iter()
        .filter(|change| change.resource.kind.as_str() == "file_system_policy")
        .map(|change| change.detail.as_str())
        .collect();
    assert_eq!(details, ["none → enforce-tls, deny-root"]);
    assert_eq!(harness.writes(), 0);
}

/// IAM copies a principal to the regions some time after it was created.
#[tokio::test(start_paused = true)]
async fn a_principal_that_is_not_known_yet_is_waited_for() {
    let rules: Vec<String> = (1..=30)
        .map(|nth| format!("PutFileSystemPolicy:{nth}:{UNKNOWN}"))
        .collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let harness = Harness::faulty(&rules);
    harness
        .create(&wanted(presets("enforce-tls")))
        .await
        .unwrap();
    assert_eq!(puts(&harness), 31);
    assert!(policy(&harness).is_some());
}

#[tokio::test(start_paused = true)]
async fn a_principal_that_does_not_exist_is_an_error_after_two_minutes() {
    let harness = Harness::faulty(&[&format!("PutFileSystemPolicy:*:{UNKNOWN}")]);
    let started = Instant::now();
    let failure = harness
        .create(&wanted(presets("enforce-tls")))
        .await
        .unwrap_err();
    assert_eq!(failure.error.code, Code::AwsRefused, "{}", failure.error);
    let hint = failure.error.hint.unwrap().to_string();
    assert!(hint.contains("check the ARNs"), "{hint}");
    assert_eq!(harness.things(), Things::default());
    let took = started.elapsed();
    assert!(took > Duration::from_secs(120), "{took:?}");
    // What else is wrong with a policy stays wrong.
    let other =
        "PutFileSystemPolicy:*:code=InvalidPolicyException/400:Policy contains invalid Action";
    let harness = Harness::faulty(&[other]);
    let failure = harness
        .create(&wanted(presets("enforce-tls")))
        .await
        .unwrap_err();
    assert_eq!((failure.error.code, puts(&harness)), (Code::AwsRefused, 1));
}

#[tokio::test(start_paused = true)]
async fn statements_of_others_stay_and_a_lock_out_is_for_aws_to_allow() {
    let theirs = r#"{"Statement":[{"Sid":"theirs","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"elasticfilesystem:ClientMount"}]}"#;
    let world = world()
        .account("111122223333")
        .file_system("data")
        .set("policy", theirs);
    let harness = world.harness();
    let service = harness.service().await;
    let cloud = service.cloud();
    let id: FileSystemId = harness.things().file_systems[0].parse().unwrap();
    let verdict = |wish: Wish<Wanted>, observed| Policy::verdict(&wish, observed);
    let observed = read::<Policy>(cloud, &id).await.unwrap();
    assert_eq!(
        (observed.presets(), observed.kept()),
        (None, vec!["theirs".to_owned()])
    );
    let wish = Wish::Set(presets("deny-anonymous").into());
    let Verdict::Set(to) = verdict(wish.clone(), &observed) else {
        panic!("it differs");
    };
    cloud.set(&id, &Value::Policy(to)).await.unwrap();
    let observed = read::<Policy>(cloud, &id).await.unwrap();
    assert_eq!(
        observed.presets(),
        Some(BTreeSet::from([Preset::DenyAnonymous]))
    );
    assert_eq!(observed.kept(), ["theirs"]);
    assert_eq!(verdict(wish, &observed), Verdict::Keep);
    let document =
        Document::written(r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"*"}}"#)
            .unwrap();
    let put = |bypass_lockout_check| {
        Value::Policy(Policy::Put {
            document: document.clone(),
            bypass_lockout_check,
        })
    };
    let error = cloud.set(&id, &put(false)).await.unwrap_err();
    assert!(error.is("InvalidPolicyException"), "{error}");
    cloud.set(&id, &put(true)).await.unwrap();
    assert_eq!(
        read::<Policy>(cloud, &id).await.unwrap().document(),
        Some(&document)
    );
}
