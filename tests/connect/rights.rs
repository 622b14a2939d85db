//! The policy for `connect` in docs/IAM.md is enough, none of it can be left out, and its reads are few.

use std::collections::BTreeSet;
use std::time::Duration;

use efsctl::connect::{Form, Request, render};
use efsctl::domain::keyword::Keyword;
use efsctl::error::Code;
use tokio::time::Instant;

use super::data;
use crate::support::harness::{REGION, reference};
use crate::support::iam;

fn allowed() -> BTreeSet<String> {
    iam::actions("connect")
}

#[tokio::test(start_paused = true)]
async fn the_policy_holds_what_is_called_and_nothing_else() {
    let harness = data().harness();
    let service = harness.auditor().await;
    let point = "app".parse().unwrap();
    let started = Instant::now();
    let connection = service
        .connection(&reference("data"), Some(&point), REGION)
        .await
        .unwrap();
    // Finding it, then its parts side by side.
    assert!(started.elapsed() <= Duration::from_millis(100));
    let calls = harness.calls();
    let called: BTreeSet<String> = calls
        .counts
        .keys()
        .map(|operation| format!("elasticfilesystem:{operation}"))
        .collect();
    assert_eq!(called, allowed());
    assert_eq!((calls.writes, calls.counts.values().sum::<u64>()), (0, 4));
    // Everything else is denied.
    let denied = [
        "ec2:*",
        "elasticfilesystem:C*",
        "elasticfilesystem:P*",
        "elasticfilesystem:L*",
        "elasticfilesystem:DescribeL*",
        "elasticfilesystem:DescribeB*",
        "elasticfilesystem:DescribeR*",
    ];
    let harness = data().denied(&denied).harness();
    let service = harness.auditor().await;
    let same = service
        .connection(&reference("data"), Some(&point), REGION)
        .await
        .unwrap();
    assert_eq!(same, connection);
    let form = Form::of_keyword("lambda").unwrap();
    let request = Request {
        access_point: Some(point),
        ..Request::default()
    };
    assert!(
        render(&same, form, &request)
            .unwrap()
            .text()
            .contains(":access-point/fsap-0123456789abcdef0")
    );
}

#[tokio::test(start_paused = true)]
async fn without_one_of_them_it_is_named() {
    for action in allowed() {
        let harness = data().denied(&[&action]).harness();
        let service = harness.auditor().await;
        let point = "app".parse().unwrap();
        let ended = service
            .connection(&reference("data"), Some(&point), REGION)
            .await;
        let said = match ended {
            // Without the policy the rest is printed.
            Ok(connection) => {
                assert_eq!(action, "elasticfilesystem:DescribeFileSystemPolicy");
                connection.rules.unwrap_err().to_string()
            }
            Err(error) => {
                assert_eq!(error.code, Code::AccessDenied, "{action}");
                error.hint.unwrap().to_string()
            }
        };
        assert!(said.contains(&action), "{action}: {said}");
    }
}
