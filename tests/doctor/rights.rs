//! The policy for `doctor` in docs/IAM.md is enough, none of it can be left out, and its reads are few.

use std::collections::BTreeSet;
use std::time::Duration;

use efsctl::service::DoctorOptions;
use tokio::time::Instant;

use super::causes::{ACCOUNT, named};
use super::setup::{ID, Setup};
use crate::support::harness::{REGION, reference};
use crate::support::iam;

fn options(setup: &Setup) -> DoctorOptions {
    DoctorOptions {
        region: REGION.to_owned(),
        clients: setup.from.iter().map(|one| one.parse().unwrap()).collect(),
        host: Err("not asked".into()),
        message: None,
        timeout: None,
        now: 0,
    }
}

/// At most 18 calls, five one after another, by id and by name; a prefix list is one more.
#[tokio::test(start_paused = true)]
async fn its_calls_are_few_and_side_by_side() {
    for by in [ID, "data"] {
        let mut setup = Setup::healthy();
        setup.ingress = vec!["tcp 2049 from clients", "tcp 2049 from offices"];
        setup
            .file_system
            .insert("token", "\"efsctl:data\"".to_owned());
        let world = setup
            .world()
            .prefix_list("pl-0000000a", "offices", &["10.0.8.0/24"]);
        let harness = world.harness();
        let service = harness.auditor().await;
        let started = Instant::now();
        let found = service
            .doctor(&reference(by), &options(&setup))
            .await
            .unwrap();
        assert!(found.causes.is_empty(), "{:?}", named(&found));
        let calls = harness.calls();
        let total: u64 = calls.counts.values().sum();
        assert!(total <= 18, "{total}: {:?}", calls.counts);
        assert_eq!(calls.writes, 0);
        // Each takes 50 ms.
        assert!(
            started.elapsed() <= Duration::from_millis(250),
            "{:?}",
            started.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_policy_holds_what_is_called_and_nothing_else() {
    let mut setup = Setup::healthy();
    setup.ingress = vec!["tcp 2049 from clients", "tcp 2049 from offices"];
    let world = setup
        .world()
        .prefix_list("pl-0000000a", "offices", &["10.0.8.0/24"]);
    let harness = world.harness();
    let service = harness.auditor().await;
    service
        .doctor(&reference(ID), &options(&setup))
        .await
        .unwrap();
    let efs = ["FileSystem", "MountTargets", "AccessPoints", "Replication"];
    let called: BTreeSet<String> = harness
        .calls()
        .counts
        .keys()
        .map(|operation| {
            let is_efs = efs.iter().any(|part| operation.contains(part));
            let service = if is_efs { "elasticfilesystem" } else { "ec2" };
            format!("{service}:{operation}")
        })
        .collect();
    assert_eq!(called, iam::actions("doctor"));
}

/// Everything that is not in it is denied, and every verdict is the same.
#[tokio::test]
async fn everything_else_may_be_denied() {
    for (cause, breaks) in ACCOUNT.iter().take(8) {
        let mut setup = Setup::healthy();
        breaks(&mut setup);
        let before = setup.diagnosed().await.unwrap();
        setup.denied = [
            "elasticfilesystem:C*",
            "elasticfilesystem:P*",
            "elasticfilesystem:L*",
            "elasticfilesystem:DescribeL*",
            "elasticfilesystem:DescribeB*",
            "ec2:DescribeAvailabilityZones",
            "ec2:C*",
        ]
        .map(str::to_owned)
        .to_vec();
        let after = setup.diagnosed().await.unwrap();
        assert_eq!(named(&after), named(&before), "{cause}");
    }
}
