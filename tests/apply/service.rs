//! `EfsService::apply`: several file systems at once, each by itself.

use std::time::Duration;

use efsctl::domain::settings::{On, Wish};
use efsctl::domain::spec::Spec;
use efsctl::error::{Code, Kind};
use efsctl::sandbox::account::{Call, Options};
use efsctl::sandbox::fault::Faults;
use efsctl::sandbox::wire::Service;
use efsctl::sandbox::world::Timing;
use efsctl::service::{AppliedEntry, ApplyEntry, ApplyOptions, SetRequest};
use tokio::time::Instant;

use crate::support::harness::{Harness, spec};

fn named(name: &str) -> ApplyEntry {
    ApplyEntry::Create(Box::new(Spec {
        settings: efsctl::domain::settings::Wishes {
            backups: Wish::Set(On),
            ..Default::default()
        },
        ..spec(name)
    }))
}

async fn apply(harness: &Harness, entries: &[ApplyEntry]) -> Vec<AppliedEntry> {
    let service = harness.service().await;
    let options = ApplyOptions::default();
    let planned = service.plan_apply(entries, &options).await;
    service.apply(planned, &options).await
}

/// 50 ms a request, 5 s a mount target.
fn quick() -> Harness {
    Harness::with(Options {
        timing: Some(Timing {
            file_system: 1_000,
            mount_target: 5_000,
            delete: 1_000,
            describe_lag: 0,
        }),
        latency: Duration::from_millis(50),
        ..Harness::options()
    })
}

#[tokio::test(start_paused = true)]
async fn thirty_take_at_most_three_times_as_long_as_one() {
    let alone = quick();
    let started = Instant::now();
    let done = apply(&alone, &[named("app")]).await;
    assert!(done[0].result.as_ref().unwrap().is_new);
    let one = started.elapsed();

    let harness = quick();
    let entries: Vec<ApplyEntry> = (0..30).map(|n| named(&format!("app-{n:02}"))).collect();
    let started = Instant::now();
    let done = apply(&harness, &entries).await;
    let thirty = started.elapsed();
    println!("one: {one:?}, thirty: {thirty:?}");
    for (entry, done) in entries.iter().zip(&done) {
        assert_eq!(entry.reference(), done.reference);
        assert_eq!(
            done.result.as_ref().unwrap().deployment.mount_targets.len(),
            3
        );
    }
    assert!(thirty <= one * 3, "one: {one:?}, thirty: {thirty:?}");
    assert!(busiest(&harness) < 10, "{} in a second", busiest(&harness));

    let writes = harness.writes();
    let again = apply(&harness, &entries).await;
    assert!(
        again
            .iter()
            .all(|one| one.result.as_ref().unwrap().changes.is_empty())
    );
    assert_eq!(harness.writes(), writes);
}

/// The most reads of EFS in any second.
fn busiest(harness: &Harness) -> usize {
    let is_read = |call: &&Call| {
        let operation = call.operation.as_deref().unwrap_or_default();
        call.service == Some(Service::Efs) && operation.starts_with("Describe")
    };
    let log = harness.calls().log;
    let reads: Vec<u64> = log.iter().filter(is_read).map(|call| call.at).collect();
    let within = |n: usize| {
        reads[n..]
            .iter()
            .take_while(|at| **at < reads[n] + 1_000)
            .count()
    };
    (0..reads.len()).map(within).max().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_plan_writes_nothing() {
    let harness = quick();
    let service = harness.service().await;
    let options = ApplyOptions {
        preflight: true,
        ..ApplyOptions::default()
    };
    let planned = service
        .plan_apply(&[named("app"), named("web")], &options)
        .await;
    assert!(
        planned
            .iter()
            .all(|one| one.plan.as_ref().unwrap().changes.len() > 4)
    );
    assert_eq!(harness.writes(), 0);
}

/// The one that fails is rolled back, and nothing of the others is.
#[tokio::test(start_paused = true)]
async fn one_fails_and_the_others_go_on() {
    let faults = Faults::new(["CreateMountTarget:2:code=BadRequest/400".parse().unwrap()]);
    let harness = Harness::with(Options {
        faults,
        ..Harness::options()
    });
    let done = apply(&harness, &[named("app"), named("web"), named("db")]).await;
    let (failed, made): (Vec<_>, Vec<_>) = done.iter().partition(|one| one.result.is_err());
    assert_eq!((failed.len(), made.len()), (1, 2));
    let error = &failed[0].result.as_ref().unwrap_err().error;
    assert_eq!(error.kind, Kind::Failed, "{error}");
    assert_eq!(harness.things().count(), (2, 6, 2));
}

#[tokio::test(start_paused = true)]
async fn what_exists_is_named_by_its_id_and_never_created() {
    let harness = quick();
    let done = apply(&harness, &[named("app")]).await;
    let id = &done[0].result.as_ref().unwrap().deployment.file_system_id;
    let request = SetRequest {
        tags: [("team".to_owned(), "red".to_owned())].into(),
        ..SetRequest::default()
    };
    let set = |id| ApplyEntry::Set(id, Box::new(request.clone()));
    let missing = "fs-0000000000000000f".parse().unwrap();
    let done = apply(&harness, &[set(id.clone()), set(missing)]).await;
    assert_eq!(done[0].result.as_ref().unwrap().changes.len(), 1);
    let error = &done[1].result.as_ref().unwrap_err().error;
    assert_eq!(
        (error.kind, error.code),
        (Kind::NotFound, Code::FileSystemNotFound)
    );
    assert_eq!(harness.things().count(), (1, 3, 1));
    // By its name and by its id it is one, and which is meant is not known.
    let writes = harness.writes();
    let twice = apply(&harness, &[named("app"), set(id.clone())]).await;
    assert!(twice[0].result.is_ok());
    let error = &twice[1].result.as_ref().unwrap_err().error;
    assert_eq!(error.kind, Kind::Usage);
    assert_eq!(harness.writes(), writes);
}

/// Interrupted, each removes what it created.
#[tokio::test(start_paused = true)]
async fn an_interruption_rolls_back_each() {
    let harness = Harness::new();
    let stop = harness.stops.first.clone();
    let interrupt = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        stop.cancel();
    };
    let entries = [named("app"), named("web")];
    let (done, ()) = futures::future::join(apply(&harness, &entries), interrupt).await;
    for one in &done {
        assert_eq!(
            one.result.as_ref().unwrap_err().error.kind,
            Kind::Interrupted
        );
    }
    assert_eq!(harness.things().count(), (0, 0, 0));
}
