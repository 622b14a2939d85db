//! Round trips and looks of a create, counted on the paused clock, so that they cannot creep.

use std::time::Duration;

use efsctl::provision::pace::Pacing;
use efsctl::sandbox::account::{Call, Options};
use efsctl::sandbox::fault::{Faults, RateLimit};
use efsctl::sandbox::wire::Service;
use efsctl::sandbox::world::Timing;
use efsctl::service::CreateOptions;
use efsctl::service::EfsService;
use futures::future::join_all;
use tokio::time::Instant;

use crate::support::harness::{Harness, Recorded, spec};

/// One round trip.
const TRIP: Duration = Duration::from_millis(50);

/// The whole time of a create where things take that long, with the real jitter.
async fn create(file_system: u64, mount_target: u64) -> (Duration, Harness) {
    create_paced(file_system, mount_target, Pacing::default()).await
}

/// The same in another rhythm.
async fn create_paced(file_system: u64, mount_target: u64, pacing: Pacing) -> (Duration, Harness) {
    let timing = Timing {
        file_system,
        mount_target,
        delete: 1_000,
        describe_lag: 0,
    };
    let harness = Harness::with(Options {
        timing: Some(timing),
        latency: TRIP,
        ..Harness::options()
    });
    let service: EfsService<_> = harness.service().await.with_pacing(pacing);
    let started = Instant::now();
    let options = CreateOptions {
        run: "run1".to_owned(),
        ..CreateOptions::default()
    };
    service.create(&spec("demo"), &options).await.unwrap();
    (started.elapsed(), harness)
}

#[tokio::test(start_paused = true)]
async fn a_create_takes_at_most_five_sequential_round_trips_plus_the_two_waits() {
    // Nothing takes time but the round trips: what is left beside the looks of the two waits is the critical path.
    let (took, harness) = create(0, 0).await;
    let trips = took.as_millis() / TRIP.as_millis();
    assert!(
        trips <= 5,
        "{trips} round trips one after another: {:?}",
        harness.calls().counts
    );
}

/// Routes and network ACLs are read in the first round trip, beside the rest.
#[tokio::test(start_paused = true)]
async fn a_create_in_a_named_vpc_takes_two_calls_more_and_no_round_trip() {
    let world = include_str!("../fixtures/worlds/three-zones.toml");
    let world = efsctl::sandbox::world::scenario::parse(world, 0).unwrap();
    let harness = Harness::with(Options {
        world,
        timing: Some(Timing {
            file_system: 0,
            mount_target: 0,
            delete: 0,
            describe_lag: 0,
        }),
        latency: TRIP,
        ..Harness::options()
    });
    let mut spec = spec("demo");
    spec.placement.vpc = "vpc-0a1b2c3d4e5f60718".parse().ok();
    let started = Instant::now();
    harness.create(&spec).await.unwrap();
    let trips = started.elapsed().as_millis() / TRIP.as_millis();
    let calls = harness.calls().counts;
    assert!(
        trips <= 5,
        "{trips} round trips one after another: {calls:?}"
    );
    let reads = calls.keys().filter(|call| call.starts_with("Describe"));
    let reads: Vec<&str> = reads.map(String::as_str).collect();
    assert_eq!(
        reads,
        [
            "DescribeAvailabilityZones",
            "DescribeFileSystems",
            "DescribeNetworkAcls",
            "DescribeRouteTables",
            "DescribeSecurityGroups",
            "DescribeSubnets",
            "DescribeVpcAttribute",
            "DescribeVpcs",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_create_on_three_zones() {
    let (_, harness) = create(1_000, 5_000).await;
    let calls = harness.calls();
    let count = |operation: &str| calls.counts.get(operation).copied().unwrap_or(0);
    assert_eq!(count("CreateFileSystem"), 1);
    assert_eq!(count("CreateSecurityGroup"), 1);
    assert_eq!(count("AuthorizeSecurityGroupIngress"), 1);
    assert_eq!(count("CreateMountTarget"), 3);
    assert_eq!(count("CreateTags"), 1);
    assert_eq!(calls.writes, 7);
    let looks = count("DescribeFileSystems") - 1 + count("DescribeMountTargets");
    assert_eq!(
        calls.total,
        7 + looks + 7,
        "survey: file systems, VPCs, two VPC attributes, subnets, zones, groups: {:?}",
        calls.counts
    );
}

#[tokio::test(start_paused = true)]
async fn the_looks_end_soon_after_the_last_change_of_state() {
    // Without the jitter, which moves single looks and not their mean: the same numbers in every run.
    let steady = Pacing {
        jitter: 0.0,
        ..Pacing::default()
    };
    let mut worst = Duration::ZERO;
    let mut sum = Duration::ZERO;
    let mut runs = 0;
    // Mount targets that take from 5 s to 10 minutes.
    for seconds in (5..120).step_by(3).chain((120..600).step_by(47)) {
        let (took, _) = create_paced(1_000, seconds * 1_000, steady).await;
        // Survey, creation of the file system, its wait, creation of the mount targets, their wait.
        let bound = TRIP * 4 + Duration::from_millis(1_000) + Duration::from_secs(seconds);
        let over = took.saturating_sub(bound);
        worst = worst.max(over);
        sum += over;
        runs += 1;
    }
    let mean = sum / runs;
    println!(
        "overshoot over {runs} creates: mean {:.2} s, worst {:.2} s",
        mean.as_secs_f64(),
        worst.as_secs_f64()
    );
    // The longest interval of each wait: 0.31 s for one second, 2.5 s for ten minutes.
    assert!(worst <= Duration::from_secs(3), "{worst:?}");
    assert!(
        mean <= Duration::from_millis(1_500),
        "{mean:?}: both waits together"
    );
}

#[tokio::test(start_paused = true)]
async fn a_create_ends_within_the_bound_of_the_delays() {
    // 50 ms a request, 1 s for the file system, 5 s for each mount target: 6.05 s is what nobody can beat.
    let mut times = Vec::new();
    for _ in 0..50 {
        times.push(create(1_000, 5_000).await.0.as_secs_f64() / 6.05);
    }
    times.sort_by(f64::total_cmp);
    let (median, worst) = (times[25], times[49]);
    println!("create over its bound of 6.05 s: median {median:.3}, worst of 50 {worst:.3}");
    assert!(median <= 1.15, "median {median}");
}

/// EFS is known to throttle at ten reads a second, whatever the number of deployments behind them.
#[tokio::test(start_paused = true)]
async fn thirty_creates_at_once_read_efs_less_than_ten_times_a_second() {
    const DEPLOYMENTS: usize = 30;
    let harness = Harness::with(Options {
        faults: Faults::default().with_limit(RateLimit::new(10.0).unwrap()),
        ..Harness::options()
    });
    let cloud = harness.service().await.cloud().clone();
    let names: Vec<String> = (0..DEPLOYMENTS).map(|n| format!("demo-{n:02}")).collect();
    let creates = names.iter().map(async |name| {
        let service = EfsService::new(cloud.clone(), Box::new(harness.recorder.clone()));
        let options = CreateOptions {
            run: format!("run-{name}"),
            ..CreateOptions::default()
        };
        service.create(&spec(name), &options).await.unwrap()
    });
    let started = Instant::now();
    let created = join_all(creates).await;
    let took = started.elapsed();
    assert!(
        created
            .iter()
            .all(|one| one.deployment.mount_targets.len() == 3)
    );

    let calls = harness.calls();
    let is_read = |call: &&Call| {
        call.service == Some(Service::Efs)
            && call
                .operation
                .as_deref()
                .is_some_and(|name| name.starts_with("Describe"))
    };
    let reads: Vec<u64> = calls
        .log
        .iter()
        .filter(is_read)
        .map(|call| call.at)
        .collect();
    let busiest = (0..reads.len())
        .map(|n| {
            reads[n..]
                .iter()
                .take_while(|at| **at < reads[n] + 1_000)
                .count()
        })
        .max()
        .unwrap();
    println!(
        "{DEPLOYMENTS} creates: {:.1} s, {} reads of EFS, at most {busiest} in a second",
        took.as_secs_f64(),
        reads.len()
    );
    assert!(busiest < 10, "{busiest} reads in a second");
    assert!(calls.log.iter().all(|call| call.fault.is_none()));
    // One create takes 86 s here; the last of thirty waits for two of its polls longer.
    assert!(took < Duration::from_secs(110), "{took:?}");

    // Each event says which of them it is about.
    let events = harness.events();
    let about = |name: &str| {
        let of = |(about, _): &&Recorded| {
            about
                .as_ref()
                .is_some_and(|about| about.to_string() == name)
        };
        events.iter().filter(of).count()
    };
    assert!(names.iter().all(|name| about(name) > 4));
    assert!(events.iter().all(|(about, _)| about.is_some()));
}
