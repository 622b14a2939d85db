//! `--hardened`: what it adds, what it leaves alone, and that an audit finds nothing afterwards.

use std::time::Duration;

use efsctl::Failure;
use efsctl::domain::access_point::AccessPointSpec;
use efsctl::domain::finding::{Severity, Verdict};
use efsctl::domain::settings::lifecycle::Days;
use efsctl::domain::settings::{On, Wish};
use efsctl::domain::spec::Spec;
use efsctl::error::Code;
use efsctl::sandbox::account::Options;
use efsctl::sandbox::world::Timing;
use efsctl::service::{Created, Scope, SetOptions, SetRequest, ValidateOptions};
use tokio::time::Instant;

use crate::support::harness::{Harness, spec};
use crate::support::world::{Text, World, world};

fn private() -> World {
    world()
        .vpc("10.0.0.0/16")
        .set("dns_hostnames", true)
        .subnet('a')
        .subnet('b')
        .subnet('c')
}

fn hardened(world: &Harness) -> Spec {
    let vpc = world.region().vpcs.keys().next().cloned();
    let mut wanted = spec("demo");
    wanted.placement.vpc = vpc.and_then(|vpc| vpc.parse().ok());
    wanted.hardened = true;
    wanted
}

fn app() -> AccessPointSpec {
    "app=/app:1000:1000:750".parse().unwrap()
}

async fn create(harness: &Harness, wanted: &Spec) -> Result<Created, Box<Failure>> {
    harness.create(wanted).await
}

/// Failures of an audit that matter.
async fn found(harness: &Harness) -> Vec<(&'static str, Severity)> {
    let service = harness.auditor().await;
    let options = ValidateOptions::default();
    let report = service.validate(&Scope::All, &options).await.unwrap();
    let findings = report.file_systems.iter().flat_map(|one| &one.findings);
    findings
        .filter(|finding| finding.verdict == Verdict::Fail)
        .map(|finding| (finding.about.id, finding.severity))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_created_hardened_has_no_finding_that_matters() {
    for points in [vec![], vec![app()]] {
        let harness = private().harness();
        let mut wanted = hardened(&harness);
        wanted.access_points = points.clone();
        let made = create(&harness, &wanted).await.unwrap();
        let policy = made.deployment.policy;
        let expected = made.expected.iter();
        let expected = expected.filter(|one| one.severity >= Severity::Medium);
        let expected: Vec<&str> = expected.map(|one| one.check).collect();
        assert_eq!(expected, Vec::<&str>::new());
        let left: Vec<_> = found(&harness)
            .await
            .into_iter()
            .filter(|(_, severity)| *severity >= Severity::Medium)
            .collect();
        assert_eq!(left, [], "{points:?}");
        let squashes = if points.is_empty() {
            "enforce-tls"
        } else {
            "enforce-tls, deny-root"
        };
        assert_eq!(policy.unwrap().summary, squashes);
        assert_eq!(
            harness.told("leaves deny-root out"),
            points.is_empty(),
            "{points:?}"
        );
        // Again: nothing.
        let writes = harness.writes();
        harness.create_as(&wanted, "again").await.unwrap();
        assert_eq!(harness.writes(), writes);
    }
}

/// The settings and the access point are set beside the mount targets.
#[tokio::test(start_paused = true)]
async fn it_takes_as_many_round_trips_one_after_another_as_a_plain_create() {
    let trip = Duration::from_millis(50);
    let mut times = Vec::new();
    for is_hardened in [false, true] {
        let described = private().harness();
        let world = described.account.state((described.clock)()).unwrap().world;
        let harness = Harness::with(Options {
            world,
            timing: Some(Timing {
                file_system: 0,
                mount_target: 0,
                delete: 0,
                describe_lag: 0,
            }),
            latency: trip,
            ..Harness::options()
        });
        let mut wanted = hardened(&harness);
        wanted.hardened = is_hardened;
        if is_hardened {
            wanted.access_points = vec![app()];
        }
        let started = Instant::now();
        create(&harness, &wanted).await.unwrap();
        times.push(started.elapsed().as_millis() / trip.as_millis());
    }
    assert!(times[0] <= 5 && times[1] <= 6, "{times:?}");
}

/// What was named for a single setting stands.
#[tokio::test(start_paused = true)]
async fn what_is_named_is_not_replaced() {
    let harness = private().harness();
    let mut wanted = hardened(&harness);
    wanted.settings.lifecycle.to_ia = Wish::Set("7d".parse().unwrap());
    wanted.settings.backups = Wish::Set(On);
    let made = create(&harness, &wanted).await.unwrap();
    let lifecycle = made.deployment.lifecycle_policy.unwrap();
    let seven: Days = "7d".parse().unwrap();
    assert_eq!(lifecycle.transition_to_ia, Some(seven));
}

#[tokio::test(start_paused = true)]
async fn mount_targets_go_into_private_subnets_only() {
    let public = |world: World| world.set("public", true);
    let half = || public(public(world().vpc("10.0.0.0/16").subnet('a')).subnet('b')).subnet('c');
    let harness = half().harness();
    let made = create(&harness, &hardened(&harness)).await.unwrap();
    let zones: Vec<&str> = made
        .deployment
        .mount_targets
        .iter()
        .map(|mt| mt.availability_zone.as_str())
        .collect();
    assert_eq!(zones, ["eu-west-1c"]);
    let warnings = harness.warnings();
    for letter in ['a', 'b'] {
        let left_out = format!(
            "no mount target in zone eu-west-1{letter}: subnet-000000000000000{letter}1 assigns public addresses"
        );
        assert!(warnings.contains(&left_out), "{warnings:?}");
    }

    // Nothing is created where that cannot be: none is private, the zone has none, or the one that is named is not.
    let all = public(world().vpc("10.0.0.0/16").subnet('a')).harness();
    let some = half().harness();
    let mut in_zone = hardened(&some);
    in_zone.placement.zones = vec!["eu-west-1a".parse().unwrap()];
    let mut named = hardened(&some);
    named.placement.subnets = vec!["subnet-000000000000000b1".parse().unwrap()];
    for (harness, wanted) in [(&all, hardened(&all)), (&some, in_zone), (&some, named)] {
        let error = create(harness, &wanted).await.unwrap_err().error;
        assert_eq!(error.code, Code::SubnetUnsuitable, "{error}");
        assert!(error.message.to_string().contains("assign"), "{error}");
        assert!(error.hint.unwrap().to_string().contains("subnet"));
        assert_eq!(harness.writes(), 0);
    }
}

/// On what exists it adds to the presets, squashes root where an access point creates its directory, and moves no mount target.
#[tokio::test(start_paused = true)]
async fn what_exists_is_hardened_by_set() {
    let of = "fs-0000000000000000a".parse().unwrap();
    let asked = SetRequest {
        hardened: true,
        ..SetRequest::default()
    };
    let plain = || private().file_system("data").mount_target('a', &[]);
    let creates = plain().access_point("/app").set(
        "create",
        Text("{ uid = 1000, gid = 1000, permissions = \"0750\" }".to_owned()),
    );
    let only = r#"{"Statement":[{"Sid":"EfsctlAccessPointsOnly","Effect":"Deny","Principal":{"AWS":"*"},"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientRootAccess","elasticfilesystem:ClientWrite"],"Condition":{"Null":{"elasticfilesystem:AccessPointArn":"true"}}},{"Sid":"EfsctlBase","Effect":"Allow","Principal":{"AWS":"*"},"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"],"Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}}]}"#;
    let rows = [
        (plain(), "none → enforce-tls", true),
        (plain().access_point("/"), "none → enforce-tls", true),
        (creates, "none → enforce-tls, deny-root", false),
        (
            private().file_system("data").set("policy", only),
            "access-points-only → enforce-tls, access-points-only",
            true,
        ),
    ];
    for (world, policy, is_noted) in rows {
        let harness = world.harness();
        let service = harness.service().await;
        let options = SetOptions::default();
        let planned = service.plan_set(&of, &asked, &options).await.unwrap();
        let details: Vec<&str> = planned
            .changes
            .iter()
            .map(|change| change.detail.as_str())
            .collect();
        assert_eq!(details, ["none → IA after 30d", "off → on", policy]);
        assert_eq!(harness.told("leaves deny-root out"), is_noted, "{policy}");
        // Presets that are there take as much from clients without TLS.
        assert_eq!(planned.losses.is_empty(), !policy.starts_with("none"));
        service.set(planned, &options).await.unwrap();
        let again = service.plan_set(&of, &asked, &options).await.unwrap();
        assert_eq!((again.changes, again.losses), (vec![], vec![]));
    }
}
