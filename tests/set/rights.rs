//! The policy for `set` in docs/IAM.md is what is called, and no more.

use std::collections::BTreeSet;

use super::{rows, set, somebody_elses};
use crate::support::iam;

#[tokio::test(start_paused = true)]
async fn the_policy_holds_what_is_called_and_nothing_else() {
    let mut called = BTreeSet::new();
    for row in rows() {
        let harness = somebody_elses().harness();
        set(&harness, &row.set).await.unwrap();
        tokio::time::advance(std::time::Duration::from_hours(25)).await;
        set(&harness, &row.clear).await.unwrap();
        called.extend(harness.calls().counts.into_keys());
    }
    let allowed = iam::actions("set");
    let operations = allowed.iter().filter_map(|action| action.split(':').nth(1));
    let operations: BTreeSet<String> = operations.map(str::to_owned).collect();
    assert_eq!(called, operations);
    let of_operator = iam::actions("operator");
    let missing: Vec<_> = allowed.difference(&of_operator).collect();
    assert!(missing.is_empty(), "the operator sets too: {missing:?}");
}

/// A read that is denied is an error that names it, or a warning: what is set does not depend on what is shown afterwards.
#[tokio::test(start_paused = true)]
async fn what_is_denied_is_named() {
    for action in iam::actions("set") {
        let mut named = 0;
        for row in rows() {
            let harness = somebody_elses().denied(&[&action]).harness();
            match set(&harness, &row.set).await {
                Ok(_) => {
                    named +=
                        usize::from(harness.warnings().iter().any(|one| one.contains(&action)));
                }
                Err(failure) => {
                    let text = format!("{} {:?}", failure.error, failure.error.hint);
                    assert!(text.contains(&action), "{}: {text}", row.name);
                    named += 1;
                }
            }
        }
        let is_taken_back = [
            "DeleteAccessPoint",
            "DeleteFileSystemPolicy",
            "DeleteReplicationConfiguration",
            "UntagResource",
        ];
        let only_clears = is_taken_back.iter().any(|name| action.ends_with(name));
        assert_eq!(named == 0, only_clears, "{action}");
    }
}
