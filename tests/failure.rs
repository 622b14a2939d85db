//! Failing: what is left, and what the next run does.

mod interrupted;

use efsctl::domain::access_point::AccessPointSpec;
use efsctl::domain::ids::FileSystemId;
use efsctl::domain::leftover::{LeftReason, Leftover};
use efsctl::domain::resource::{ResourceId, ResourceKind};
use efsctl::domain::settings::{On, Throughput, Wish};
use efsctl::domain::spec::Access;
use efsctl::error::Kind;
use efsctl::sandbox::account::{Account, Options};
use efsctl::sandbox::fault::Faults;
use efsctl::sandbox::world::Timing;
use efsctl::service::{CreateOptions, Failure, OnFailure};
use std::time::Duration;

use crate::support::harness::{Harness, Things, spec};
use crate::support::world::world;

const WRITES: [&str; 5] = [
    "CreateFileSystem",
    "CreateSecurityGroup",
    "AuthorizeSecurityGroupIngress",
    "CreateMountTarget",
    "CreateTags",
];

#[tokio::test(start_paused = true)]
async fn a_refusal_for_good_leaves_exactly_what_was_there_before() {
    for operation in &WRITES[..4] {
        let harness = Harness::faulty(&[&format!("{operation}:1:code=BadRequest/400")]);
        let failure = harness.create(&spec("demo")).await.unwrap_err();
        assert_eq!(
            failure.error.kind,
            Kind::Failed,
            "{operation}: {}",
            failure.error
        );
        assert_eq!(harness.things(), Things::default(), "{operation}");
        assert!(
            failure.changes.is_empty(),
            "{operation}: {:?}",
            failure.changes
        );
        harness.create_as(&spec("demo"), "run2").await.unwrap();
        assert_eq!(harness.things().count(), (1, 3, 1), "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_an_error_like_any_other() {
    async fn create(harness: &Harness) -> Result<(), Box<dyn std::error::Error>> {
        harness.create(&spec("demo")).await?;
        Ok(())
    }
    let harness = Harness::faulty(&["CreateFileSystem:1:code=BadRequest/400"]);
    let error = create(&harness).await.unwrap_err();
    assert!(error.to_string().contains("BadRequest"), "{error}");
    let cause = error.source().unwrap();
    let cause = cause.downcast_ref::<efsctl::error::Error>().unwrap();
    assert_eq!(cause.kind, Kind::Failed);
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_outlived() {
    for kind in [
        "throttle",
        "500",
        "503",
        "reset-before",
        "reset-after",
        "hang",
        "hang-after",
        "late=5s",
        "late=70s",
    ] {
        for operation in WRITES {
            // Of these calls one is made more than once.
            let several = operation == "CreateMountTarget";
            for nth in ["1", "2"].into_iter().take(1 + usize::from(several)) {
                let rule = format!("{operation}:{nth}:{kind}");
                let harness = Harness::faulty(&[&rule]);
                let created = harness
                    .create(&spec("demo"))
                    .await
                    .unwrap_or_else(|f| panic!("{rule}: {}", f.error));
                tokio::time::sleep(Duration::from_secs(120)).await;
                assert_eq!(harness.things().count(), (1, 3, 1), "{rule}");
                assert_eq!(created.deployment.mount_targets.len(), 3, "{rule}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_outlived_when_describe_lags() {
    for lag in [2_000, 8_000, 20_000] {
        for kind in ["reset-after", "hang-after", "throttle"] {
            for operation in WRITES {
                let rule = format!("{operation}:1:{kind}");
                let timing = Timing {
                    describe_lag: lag,
                    ..Harness::options().timing.unwrap()
                };
                let harness = Harness::with(Options {
                    timing: Some(timing),
                    faults: Faults::new([rule.parse().unwrap()]),
                    ..Harness::options()
                });
                harness
                    .create(&spec("demo"))
                    .await
                    .unwrap_or_else(|f| panic!("{rule} lag {lag}: {}", f.error));
                assert_eq!(harness.things().count(), (1, 3, 1), "{rule} lag {lag}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_denied_call_is_named_and_what_was_made_before_is_removed() {
    let harness = Harness::faulty(&["CreateMountTarget:*:denied"]);
    let failure = harness.create(&spec("demo")).await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Denied);
    let hint = failure.error.hint.unwrap();
    assert!(
        hint.contains("elasticfilesystem:CreateMountTarget"),
        "{hint}"
    );
    assert_eq!(harness.things(), Things::default());
}

#[tokio::test(start_paused = true)]
async fn interfaces_that_cannot_be_tagged_are_a_warning() {
    let harness = Harness::faulty(&["CreateTags:*:denied"]);
    harness.create(&spec("demo")).await.unwrap();
    assert_eq!(harness.things().count(), (1, 3, 1));
    assert!(
        harness
            .warnings()
            .iter()
            .any(|warning| warning.contains("CreateTags")),
        "{:?}",
        harness.warnings()
    );
}

#[tokio::test(start_paused = true)]
async fn a_mount_target_in_error_fails_at_once_and_is_taken_back() {
    let harness = Harness::faulty(&["CreateMountTarget:2:error-state"]);
    let started = tokio::time::Instant::now();
    let failure = harness.create(&spec("demo")).await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Failed);
    assert!(
        failure.error.message.contains("is in state error"),
        "{}",
        failure.error
    );
    assert_eq!(harness.things(), Things::default());
    assert!(
        started.elapsed() < Duration::from_secs(150),
        "it does not wait for the deadline"
    );
}

#[tokio::test(start_paused = true)]
async fn what_exists_already_survives_the_rollback() {
    let harness = Harness::faulty(&["CreateMountTarget:4+:code=BadRequest/400"]);
    let first = harness.create(&spec("demo")).await.unwrap();
    use efsctl::cloud::Cloud;
    let lost = &first.deployment.mount_targets[0].mount_target_id;
    harness
        .service()
        .await
        .cloud()
        .delete_mount_target(lost)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let before = harness.things();
    let failure = harness.create_as(&spec("demo"), "run2").await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Failed);
    assert_eq!(harness.things(), before, "not one id more or less");
}

/// Tags of network interfaces go with the mount targets that are taken back: nothing of them stays to be told.
#[tokio::test(start_paused = true)]
async fn tags_of_what_is_taken_back_are_no_leftovers() {
    let harness = world().failing_zone('c').harness();
    let mut one = spec("demo");
    one.placement.zones = vec!["eu-west-1a".parse().unwrap()];
    harness.create(&one).await.unwrap();
    let before = harness.things();
    let failure = harness.create_as(&spec("demo"), "run2").await.unwrap_err();
    assert!(harness.calls().counts["CreateTags"] > 1, "tagged meanwhile");
    let Failure { error, changes, .. } = *failure;
    assert_eq!((error.kind, error.leftovers), (Kind::Failed, Vec::new()));
    assert_eq!(changes, []);
    assert_eq!(harness.things(), before);

    // Those of a mount target that stays do stay.
    one.tags.insert("team".to_owned(), "storage".to_owned());
    one.placement.zones.push("eu-west-1c".parse().unwrap());
    let error = harness.create_as(&one, "run3").await.unwrap_err().error;
    assert_eq!(error.kind, Kind::Leftovers);
    let of_interfaces = |left: &Leftover| {
        let of = &left.resource;
        of.kind == ResourceKind::Tags
            && of.id.is_none()
            && left.why == Some(LeftReason::ExistedBefore)
    };
    let left = &error.leftovers;
    assert!(left.iter().any(of_interfaces), "{left:?}");
    assert_eq!(harness.things(), before);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_fails_tells_what_is_left_and_delete_removes_it() {
    let harness = Harness::faulty(&[
        "CreateMountTarget:3:code=BadRequest/400",
        "DeleteFileSystem:1:denied",
    ]);
    let failure = harness.create(&spec("demo")).await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Leftovers);
    let left = &failure.error.leftovers;
    let things = harness.things();
    assert_eq!(things.count().0, 1);
    let fs: FileSystemId = things.file_systems[0].parse().unwrap();
    let fs = Some(ResourceId::from(&fs));
    let of = left.iter().find(|left| left.resource.id == fs).unwrap();
    assert!(of.certain && of.change.is_none(), "{of:?}");
    let Some(LeftReason::DeletionRefused(call)) = &of.why else {
        panic!("{of:?}");
    };
    assert_eq!(call.operation, "DeleteFileSystem");
    assert!(failure.error.hint.unwrap().contains("efsctl delete demo"));

    let service = harness.service().await;
    let options = efsctl::service::DeleteOptions::default();
    let planned = service
        .plan_delete(&crate::support::harness::reference("demo"), &options)
        .await
        .unwrap();
    service.delete(planned, &options).await.unwrap();
    assert_eq!(harness.things(), Things::default());
}

#[tokio::test(start_paused = true)]
async fn keep_leaves_everything_and_the_next_run_goes_on_with_it() {
    let harness = Harness::faulty(&["CreateMountTarget:3:code=BadRequest/400"]);
    let options = CreateOptions {
        run: "run1".to_owned(),
        on_failure: OnFailure::Keep,
        ..CreateOptions::default()
    };
    let failure = harness
        .create_with(&spec("demo"), &options)
        .await
        .unwrap_err();
    assert_eq!(failure.error.kind, Kind::Leftovers);
    let kept = harness.things();
    assert_eq!(kept.count(), (1, 2, 1));
    let second = harness.create_as(&spec("demo"), "run2").await.unwrap();
    assert_eq!(
        second
            .changes
            .iter()
            .filter(|change| change.resource.kind == ResourceKind::MountTarget)
            .count(),
        1
    );
    assert_eq!(harness.things().file_systems, kept.file_systems);
    assert_eq!(harness.things().groups, kept.groups);
}

/// AWS refuses a look several times more often than the SDK asks again: it is asked again until it answers.
#[tokio::test(start_paused = true)]
async fn a_first_look_that_is_throttled_is_made_again() {
    for operation in [
        "DescribeFileSystems",
        "DescribeVpcs",
        "DescribeSubnets",
        "DescribeMountTargets",
    ] {
        let faults: Vec<String> = (1..=12)
            .map(|nth| {
                let kind = ["throttle", "500", "reset-before"][nth % 3];
                format!("{operation}:{nth}:{kind}")
            })
            .collect();
        let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
        let harness = Harness::faulty(&faults);
        let made = harness.create(&spec("demo")).await;
        let made = made.unwrap_or_else(|failure| panic!("{operation}: {}", failure.error));
        assert_eq!(harness.things().count(), (1, 3, 1), "{operation}");
        let service = Harness { ..harness }.service().await;
        let shown = service.describe(&"demo".parse().unwrap()).await.unwrap();
        assert_eq!(shown.file_system_id, made.deployment.file_system_id);
    }
}

/// The answer to a creation is lost. The SDK must not ask again on its own: the second answer would say that somebody else made it.
#[tokio::test(start_paused = true)]
async fn what_was_made_without_an_answer_is_known_as_ours() {
    for existing in [false, true] {
        let nth = if existing { 2 } else { 1 };
        let harness = Harness::faulty(&[&format!("CreateMountTarget:{nth}:reset-after")]);
        if existing {
            let mut one = spec("demo");
            one.placement.zones = vec!["eu-west-1a".parse().unwrap()];
            harness.create(&one).await.unwrap();
        }
        let before = harness.things();
        let stop = harness.stops.first.clone();
        let asked = spec("demo");
        let (outcome, ()) = tokio::join!(harness.create_as(&asked, "run2"), async {
            tokio::time::sleep(Duration::from_secs(50)).await;
            stop.cancel();
        });
        let error = outcome.unwrap_err().error;
        let left = &error.leftovers;
        if existing {
            // In a file system that was there before it may be anybody's: it stays, and is told.
            assert_eq!(error.kind, Kind::Leftovers, "{error}");
            let [left] = left.as_slice() else {
                panic!("{left:?}");
            };
            assert_eq!(left.resource.kind, ResourceKind::MountTarget);
            assert!(left.resource.id.is_some() && !left.certain, "{left:?}");
            assert_eq!(left.why, Some(LeftReason::NoAnswer));
        } else {
            assert_eq!(error.kind, Kind::Interrupted, "{error} {left:?}");
            assert_eq!(harness.things(), before);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn settings_that_stay_on_what_existed_before_are_told() {
    let harness = Harness::faulty(&["PutBackupPolicy:1:denied"]);
    harness.create(&spec("demo")).await.unwrap();
    let mut more = spec("demo");
    more.settings.backups = Wish::Set(On);
    more.tags.insert("team".to_owned(), "storage".to_owned());
    let failure = harness.create_as(&more, "run2").await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Leftovers, "{}", failure.error);
    let stays = |left: &Leftover| {
        let change = left.change.as_ref();
        left.why == Some(LeftReason::ExistedBefore)
            && change.is_some_and(|change| change.detail.contains("team"))
    };
    let left = &failure.error.leftovers;
    assert!(left.iter().any(stays), "{left:?}");
    assert_eq!(harness.things().count(), (1, 3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_asks_for_every_right_of_the_call_that_admits_nfs() {
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    let now = (harness.clock)();
    let mut world = harness.account.state(now).unwrap().world;
    world.denied.insert("ec2:CreateTags".to_owned());
    let denied = Harness {
        account: Account::new(Options {
            world,
            ..Harness::options()
        }),
        ..harness
    };
    let mut wider = spec("demo");
    wider.access = Access::Make(vec!["10.0.0.0/8".parse().unwrap()]);
    let options = CreateOptions {
        run: "run2".to_owned(),
        ..CreateOptions::default()
    };
    let service = denied.service().await;
    let planned = service.plan(&wider, &options).await.unwrap_err();
    let made = service.create(&wider, &options).await.unwrap_err().error;
    for error in [planned, made] {
        assert_eq!(error.kind, Kind::Denied, "{error}");
        let hint = error.hint.unwrap();
        assert!(hint.contains("IAM action ec2:CreateTags"), "{hint}");
    }
}

/// A look before a rollback that AWS refuses for a while takes minutes: why nothing is removed yet is said, once.
#[tokio::test(start_paused = true)]
async fn a_rollback_that_cannot_see_says_so() {
    let harness = Harness::faulty(&[
        "CreateMountTarget:3:code=BadRequest/400",
        "DescribeMountTargets:1:throttle",
        "DescribeMountTargets:2:throttle",
        "DescribeMountTargets:3:throttle",
        "DescribeMountTargets:4:throttle",
        "DescribeMountTargets:5:throttle",
        "DescribeMountTargets:6:throttle",
    ]);
    harness.create(&spec("demo")).await.unwrap_err();
    let told = harness.warnings();
    let said = told
        .iter()
        .filter(|warning| warning.contains("the resources of this run are not visible yet"));
    assert_eq!(said.count(), 1, "{told:?}");
    assert_eq!(harness.things(), Things::default());
}

/// EFS lets the throughput mode change once in 24 hours: that fails alone, with the time that EFS names.
#[tokio::test(start_paused = true)]
async fn a_throughput_that_is_locked_holds_nothing_else_up() {
    let harness = Harness::new();
    let mut first = spec("demo");
    first.placement.zones = vec!["eu-west-1a".parse().unwrap()];
    harness.create(&first).await.unwrap();
    let mut provisioned = first.clone();
    provisioned.settings.throughput = Wish::Set(Throughput::Provisioned(64.0));
    harness.create_as(&provisioned, "run2").await.unwrap();
    let mut more = spec("demo");
    more.settings.throughput = Wish::Set(Throughput::Elastic);
    more.settings.lifecycle.to_ia = "30d".parse().ok().into();
    more.settings.backups = Wish::Set(On);
    let failure = harness.create_as(&more, "run3").await.unwrap_err();
    let error = &failure.error;
    assert!(error.message.contains("Wait until 20"), "{error}");
    let hint = error.hint.as_ref().unwrap().to_string();
    assert!(hint.contains("nothing was removed"), "{hint}");
    assert!(error.leftovers.is_empty(), "{:?}", error.leftovers);
    let done: Vec<&str> = failure
        .changes
        .iter()
        .map(|change| change.resource.kind.as_str())
        .collect();
    assert_eq!(
        done.iter().filter(|what| **what == "mount_target").count(),
        2
    );
    assert!(done.contains(&"lifecycle_policy") && done.contains(&"backup_policy"));
    assert_eq!(harness.things().count(), (1, 3, 1));
}

/// An access point that a run made on a file system that existed before goes with the run, and is not told as left.
#[tokio::test(start_paused = true)]
async fn an_access_point_of_a_run_that_fails_goes_with_it() {
    let harness = Harness::faulty(&["PutBackupPolicy:1:denied"]);
    harness.create(&spec("demo")).await.unwrap();
    let mut more = spec("demo");
    more.access_points = vec![AccessPointSpec::new("app".parse().unwrap(), "/app")];
    more.settings.backups = Wish::Set(On);
    let failure = harness.create_as(&more, "run2").await.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Denied, "{}", failure.error);
    assert!(
        failure.error.leftovers.is_empty(),
        "{:?}",
        failure.error.leftovers
    );
    assert!(harness.region().access_points.is_empty());
    assert_eq!(harness.things().count(), (1, 3, 1));
}

/// A setting that EFS refuses because of a state, to the end, is not among what may be left.
#[tokio::test(start_paused = true)]
async fn a_setting_that_is_refused_for_its_state_leaves_no_doubt() {
    let harness =
        Harness::faulty(&["PutBackupPolicy:*:code=IncorrectFileSystemLifeCycleState/409"]);
    harness.create(&spec("demo")).await.unwrap();
    let mut with_backups = spec("demo");
    with_backups.settings.backups = Wish::Set(On);
    let failed = harness.create_as(&with_backups, "run2").await.unwrap_err();
    assert_eq!(failed.error.leftovers, [], "{failed}");
    assert_ne!(failed.error.kind, Kind::Leftovers, "{failed}");
}
