//! The policy for `export` in docs/IAM.md is enough, and none of it can be left out.

use std::collections::BTreeSet;

use efsctl::error::Code;
use efsctl::service::Scope;

use super::{exported, form};
use crate::support::harness::{REGION, reference};
use crate::support::iam;
use crate::support::world::{World, world};

/// The actions of the policy.
fn allowed() -> BTreeSet<String> {
    iam::actions("export")
}

fn deployed() -> World {
    world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &["tcp 2049 from 10.0.0.0/8"])
        .tag("efsctl:managed-by", "efsctl")
        .file_system_of_efsctl("data")
        .mount_target('a', &["nfs"])
        .access_point("/app")
}

#[tokio::test(start_paused = true)]
async fn the_policy_holds_what_is_called_and_nothing_else() {
    let harness = deployed().harness();
    let (export, failure) = exported(&harness).await;
    assert_eq!(failure, None);
    // By name, too; and where all regions are asked for.
    let service = harness.auditor().await;
    service
        .export(&Scope::These(vec![reference("data")]), REGION, None)
        .await
        .unwrap();
    service.regions().await.unwrap();
    let calls = harness.calls();
    let called: BTreeSet<&str> = calls.counts.keys().map(String::as_str).collect();
    let allowed = allowed();
    let operations: BTreeSet<&str> = allowed
        .iter()
        .filter_map(|action| action.split(':').nth(1))
        .collect();
    assert_eq!(called, operations);
    assert_eq!(calls.writes, 0);
    // Everything else is denied: what begins otherwise, and what only begins so.
    let denied = |service: &str| {
        let own: BTreeSet<char> = operations
            .iter()
            .filter_map(|name| name.chars().nth("Describe".len()))
            .collect();
        let others = ('A'..='Z')
            .filter(|c| *c != 'D')
            .map(|c| format!("{service}:{c}*"));
        let others = others.chain([
            format!("{service}:Delete*"),
            format!("{service}:Disassociate*"),
        ]);
        others
            .chain(
                ('A'..='Z')
                    .filter(|c| !own.contains(c))
                    .map(|c| format!("{service}:Describe{c}*")),
            )
            .chain([
                format!("{service}:DescribeNetworkAcls"),
                format!("{service}:DescribeRouteTables"),
                format!("{service}:DescribeAccountPreferences"),
                format!("{service}:DescribeMountTargetSecurityGroups"),
            ])
            .collect::<Vec<_>>()
    };
    let denied: Vec<String> = ["ec2", "elasticfilesystem"]
        .into_iter()
        .flat_map(denied)
        .collect();
    let denied: Vec<&str> = denied.iter().map(String::as_str).collect();
    let world = deployed().denied(&denied);
    let (same, failure) = exported(&world.harness()).await;
    assert_eq!(failure, None);
    assert_eq!(form(&same, "terraform"), form(&export, "terraform"));
}

#[tokio::test(start_paused = true)]
async fn without_one_of_them_it_is_named() {
    for action in allowed() {
        if action == "ec2:DescribeRegions" {
            continue;
        }
        let harness = deployed().denied(&[&action]).harness();
        let service = harness.auditor().await;
        let failure = match service.export(&Scope::All, REGION, None).await {
            Err(error) => error,
            Ok(_) => exported(&harness)
                .await
                .1
                .unwrap_or_else(|| panic!("{action}")),
        };
        assert_eq!(failure.code, Code::AccessDenied, "{action}");
        let hint = failure.hint.unwrap().to_string();
        assert!(hint.contains(&action), "{action}: {hint}");
    }
}
