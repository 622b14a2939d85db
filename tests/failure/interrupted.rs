//! Ctrl-C, time that is over, and runs that are killed.

use super::*;

#[tokio::test(start_paused = true)]
async fn time_that_is_over_rolls_nothing_back_and_names_the_wait() {
    let harness = Harness::new();
    let options = CreateOptions {
        run: "run1".to_owned(),
        timeout: Some(Duration::from_secs(20)),
        ..CreateOptions::default()
    };
    let failure = harness
        .create_with(&spec("demo"), &options)
        .await
        .unwrap_err();
    assert_eq!(failure.error.kind, Kind::TimedOut);
    assert_eq!(harness.things().count(), (1, 3, 1));
    assert!(
        failure.error.message.contains("eu-west-1a is creating"),
        "{}",
        failure.error
    );
    assert!(failure.error.hint.unwrap().contains("efsctl wait demo"));
    harness.create_as(&spec("demo"), "run2").await.unwrap();
}

/// Nothing was made yet: ctrl-C ends the first look at once, however long AWS takes to answer.
#[tokio::test(start_paused = true)]
async fn ctrl_c_ends_the_first_look_at_once() {
    let harness = Harness::faulty(&["DescribeSubnets:*:hang"]);
    let stop = harness.stops.first.clone();
    let begun = tokio::time::Instant::now();
    let asked = spec("demo");
    let (outcome, ()) = tokio::join!(harness.create(&asked), async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        stop.cancel();
    });
    let error = outcome.unwrap_err().error;
    assert_eq!(error.kind, Kind::Interrupted, "{error}");
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
    assert_eq!(harness.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn ctrl_c_at_any_moment_leaves_nothing() {
    for millis in [
        10, 60, 120, 200, 1_000, 4_000, 5_200, 5_600, 6_000, 30_000, 80_000,
    ] {
        let harness = Harness::new();
        let first = harness.stops.first.clone();
        let stop = async {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            first.cancel();
        };
        let asked = spec("demo");
        let (outcome, ()) = tokio::join!(harness.create(&asked), stop);
        let failure = outcome.unwrap_err();
        assert_eq!(
            failure.error.kind,
            Kind::Interrupted,
            "{millis} ms: {}",
            failure.error
        );
        assert_eq!(harness.things(), Things::default(), "{millis} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_ctrl_c_ends_the_rollback_and_tells_what_is_left() {
    let harness = Harness::new();
    let (first, second) = (harness.stops.first.clone(), harness.stops.second.clone());
    let stop = async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        first.cancel();
        tokio::time::sleep(Duration::from_secs(1)).await;
        second.cancel();
    };
    let asked = spec("demo");
    let (outcome, ()) = tokio::join!(harness.create(&asked), stop);
    let failure = outcome.unwrap_err();
    assert_eq!(failure.error.kind, Kind::Leftovers);
    assert!(!failure.error.leftovers.is_empty());
    let fresh = Harness {
        stops: efsctl::service::Stops::default(),
        ..harness
    };
    fresh.create_as(&spec("demo"), "run2").await.unwrap();
    assert_eq!(fresh.things().count(), (1, 3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_killed_run_is_finished_by_the_next_one() {
    for millis in (0..7_000).step_by(97).chain([20_000, 60_000, 84_000]) {
        let harness = Harness::new();
        // Dropping the future is what SIGKILL does, but for the call in flight, which takes effect as it arrives.
        let asked = spec("demo");
        let killed =
            tokio::time::timeout(Duration::from_millis(millis), harness.create(&asked)).await;
        assert!(killed.is_err(), "{millis} ms: it was done already");
        let before = harness.things();
        let second = harness
            .create_as(&asked, "run2")
            .await
            .unwrap_or_else(|f| panic!("{millis} ms: {}", f.error));
        let after = harness.things();
        assert_eq!(after.count(), (1, 3, 1), "{millis} ms");
        assert!(
            before
                .file_systems
                .iter()
                .all(|id| after.file_systems.contains(id)),
            "{millis} ms"
        );
        assert!(
            before
                .mount_targets
                .iter()
                .all(|id| after.mount_targets.contains(id)),
            "{millis} ms"
        );
        assert!(
            before.groups.iter().all(|id| after.groups.contains(id)),
            "{millis} ms"
        );
        assert_eq!(second.deployment.mount_targets.len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_run_leaves_alone_what_another_run_has_taken_over() {
    for (second_starts, interrupted) in [
        (2_000, 4_000),
        (6_000, 9_000),
        (30_000, 31_000),
        (6_000, 60_000),
    ] {
        let harness = Harness::new();
        let other = Harness {
            stops: efsctl::service::Stops::default(),
            ..harness.clone()
        };
        let (asked, stop) = (spec("demo"), harness.stops.first.clone());
        let (first, second, ()) = tokio::join!(
            harness.create_as(&asked, "run1"),
            async {
                tokio::time::sleep(Duration::from_millis(second_starts)).await;
                other.create_as(&asked, "run2").await
            },
            async {
                tokio::time::sleep(Duration::from_millis(interrupted)).await;
                stop.cancel();
            }
        );
        let moment = format!("second at {second_starts}, interrupted at {interrupted}");
        let first = first.unwrap_err().error;
        assert_eq!(first.kind, Kind::Interrupted, "{moment}: {first}");
        assert!(
            first.message.contains("run2 took over"),
            "{moment}: {first}"
        );
        let second = second.unwrap_or_else(|failure| panic!("{moment}: {}", failure.error));
        tokio::time::sleep(Duration::from_secs(60)).await;
        let things = harness.things();
        assert_eq!(
            things.count(),
            (1, 3, 1),
            "{moment}: what the second run reported is there"
        );
        assert_eq!(
            things.file_systems,
            [second.deployment.file_system_id.to_string()],
            "{moment}"
        );
    }
}
