//! `--replicate-to`: where it cannot be, states that take time, and what stays when it ends.

use efsctl::domain::settings::Wish;
use efsctl::domain::settings::replication::{InvalidTarget, ReplicateArg};
use efsctl::error::{Code, Kind};
use efsctl::service::{SetOptions, SetRequest};

use super::{ID, reference, replication, set, shown, somebody_elses, target};
use crate::support::harness::{Harness, spec};
use crate::support::world::{World, world};

const OTHER: &str = "fs-0000000000000000d";

fn to(text: &str) -> SetRequest {
    replication(Wish::Set(target(text)))
}

/// It ends ENABLED, and is seen to begin.
#[tokio::test(start_paused = true)]
async fn it_is_waited_for() {
    let harness = somebody_elses().harness();
    set(&harness, &to("eu-west-2")).await.unwrap();
    let region = harness.region();
    let status = format!("{:?}", region.file_systems[ID].replication);
    let waits = harness.calls().counts["DescribeReplicationConfigurations"];
    assert!(waits > 1, "{waits}: {status}");
}

fn replicated(status: &str) -> World {
    world()
        .file_system("data")
        .copied_to(OTHER, "eu-west-2", status)
}

#[tokio::test(start_paused = true)]
async fn what_is_there_already_is_compared() {
    let none: &[&str] = &[];
    for (status, request, expected) in [
        ("ENABLED", to("eu-west-2"), Ok(none)),
        ("PAUSED", to("eu-west-2"), Ok(none)),
        ("ENABLED", to("us-west-2"), Err("eu-west-2")),
        ("ERROR", to("eu-west-2"), Err("ERROR")),
        (
            "ENABLED",
            to("arn:aws:elasticfilesystem:eu-west-2:111122223333:file-system/fs-0000000000000000e"),
            Err(OTHER),
        ),
        (
            "ENABLED",
            to(&format!(
                "arn:aws:elasticfilesystem:eu-west-2:111122223333:file-system/{OTHER}"
            )),
            Ok(none),
        ),
    ] {
        let harness = replicated(status).harness();
        let service = harness.service().await;
        let options = SetOptions::default();
        let planned = service.plan_set(&reference(), &request, &options).await;
        let outcome = planned.map(|planned| planned.changes);
        match (outcome, expected) {
            (Ok(changes), Ok(expected)) => assert_eq!(changes.len(), expected.len(), "{status}"),
            (Err(error), Err(says)) => {
                assert_eq!(error.code, Code::SettingsDiffer, "{error}");
                assert!(error.to_string().contains(says), "{error}");
            }
            (outcome, expected) => panic!("{status}: {outcome:?}, not {expected:?}"),
        }
        assert_eq!(harness.writes(), 0);
    }
}

/// The copy of a replication is not replicated further, and its replication is configured at its source.
#[tokio::test(start_paused = true)]
async fn a_copy_is_no_source() {
    let harness = somebody_elses().region("eu-west-2").harness();
    set(&harness, &to("eu-west-2")).await.unwrap();
    let region = harness.region_named("eu-west-2");
    let copy = region.file_systems.keys().next().unwrap().clone();
    let there = harness.in_region("eu-west-2").await;
    for request in [to("eu-west-1"), replication(Wish::Clear)] {
        let options = SetOptions::default();
        let refused = there
            .plan_set(&copy.parse().unwrap(), &request, &options)
            .await;
        let error = refused.unwrap_err();
        assert_eq!(error.code, Code::SettingsDiffer, "{error}");
        assert!(
            error
                .to_string()
                .contains(&format!("it is the copy of {ID}")),
            "{error}"
        );
    }
}

/// Where EFS overwrites data, or stops to update them, is said beforehand; what stays is said afterwards.
#[tokio::test(start_paused = true)]
async fn what_is_lost_is_said_and_what_stays() {
    let harness = somebody_elses().harness();
    let losses = async |request: &SetRequest| {
        let service = harness.service().await;
        let options = SetOptions::default();
        let planned = service
            .plan_set(&reference(), request, &options)
            .await
            .unwrap();
        let losses = planned.losses.iter().map(ToString::to_string);
        losses.collect::<Vec<_>>()
    };
    let existing = format!("arn:aws:elasticfilesystem:eu-west-2:111122223333:file-system/{OTHER}");
    assert_eq!(losses(&to("eu-west-2")).await, Vec::<String>::new());
    assert_eq!(
        losses(&to(&existing)).await,
        ["the data of the destination is overwritten"]
    );
    set(&harness, &to("eu-west-2")).await.unwrap();
    let clear = replication(Wish::Clear);
    assert_eq!(
        losses(&clear).await,
        ["its copy is no longer updated, and becomes writable"]
    );
    set(&harness, &clear).await.unwrap();
    assert!(
        harness.told("in eu-west-2 stays, with its data"),
        "{:?}",
        harness.events()
    );
    assert_eq!(shown(&harness, &clear).await, Vec::<String>::new());
}

/// `create` replicates when everything else is there: what fails before is rolled back, and a refusal too.
#[tokio::test(start_paused = true)]
async fn create_replicates_last() {
    let asked = || {
        let mut spec = spec("app");
        spec.settings.replication = Wish::Set(target("eu-west-2"));
        spec
    };
    let harness = Harness::new();
    let made = harness.create(&asked()).await.unwrap();
    let last = made.changes.last().unwrap();
    assert_eq!(last.detail, "none → to eu-west-2", "{:?}", made.changes);
    let writes = harness.writes();
    harness.create(&asked()).await.unwrap();
    assert_eq!(harness.writes(), writes, "run again, nothing happens");

    let denied = world()
        .denied(&["elasticfilesystem:CreateReplicationConfiguration"])
        .harness();
    let failure = denied.create(&asked()).await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Denied, "{failure}");
    assert_eq!(denied.things().count(), (0, 0, 0), "rolled back");
}

#[test]
fn what_is_typed() {
    let read = |text: &str| text.parse::<ReplicateArg>();
    assert_eq!(read("none"), Ok(ReplicateArg::None));
    assert_eq!(target("us-west-2").zone, None);
    let zone = target("us-west-2:us-west-2b");
    assert_eq!(zone.zone.unwrap().as_str(), "us-west-2b");
    let arn =
        target("arn:aws:elasticfilesystem:us-west-2:111122223333:file-system/fs-0123456789abcdef0");
    assert_eq!(arn.region, "us-west-2");
    assert!(arn.file_system.is_some());
    for (text, says) in [
        ("", "is not a region"),
        (
            "mars",
            "`mars` is not a region: expected REGION, REGION:ZONE",
        ),
        (
            "us-west-2b",
            "a zone is given with its region, as us-west-2:us-west-2b",
        ),
        (
            "us-west-2:eu-west-1a",
            "zone eu-west-1a is not in us-west-2",
        ),
        ("us-west-2:", "is not an Availability Zone"),
        ("fs-0123456789abcdef0", "give its ARN"),
        ("arn:aws:s3:::bucket", "the ARN of a file system"),
    ] {
        let error: InvalidTarget = read(text).unwrap_err();
        assert!(error.to_string().contains(says), "{text}: {error}");
    }
}
