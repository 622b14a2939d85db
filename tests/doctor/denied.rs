//! A read that is denied is unknown, never a pass.

use std::collections::BTreeMap;

use efsctl::doctor::Diagnosis;
use efsctl::domain::finding::Verdict;

use super::causes::{ACCOUNT, named};
use super::setup::Setup;
use crate::support::iam;

fn verdicts(found: &Diagnosis) -> BTreeMap<&'static str, Verdict> {
    found
        .steps
        .iter()
        .map(|step| (step.id, step.verdict))
        .collect()
}

/// Each read denied in turn: what passed is unknown or passes by other reads, and names the action; nothing fails that did not, and
/// nothing passes that did not.
#[tokio::test]
async fn each_read_denied_in_turn_is_unknown() {
    let mut healthy = Setup::healthy();
    healthy.access_points.push(
        [(
            "create",
            r#"{ uid = 1, gid = 1, permissions = "755" }"#.to_owned(),
        )]
        .into(),
    );
    let before = verdicts(&healthy.diagnosed().await.unwrap());
    let mut is_unknown = 0;
    for action in iam::actions("doctor") {
        let mut setup = healthy.clone();
        setup.denied = vec![action.clone()];
        let found = match setup.diagnosed().await {
            Ok(found) => found,
            Err(error) => {
                assert_eq!(action, "elasticfilesystem:DescribeFileSystems", "{error}");
                continue;
            }
        };
        assert!(found.causes.is_empty(), "{action}: {:?}", named(&found));
        let after = verdicts(&found);
        for (step, verdict) in &after {
            let was = before[step];
            assert!(
                *verdict == was || *verdict == Verdict::Unknown,
                "{action}: {step} was {was}, and is {verdict}"
            );
        }
        let unknown: Vec<_> = found
            .steps
            .iter()
            .filter(|step| step.verdict == Verdict::Unknown)
            .collect();
        let says = unknown.iter().flat_map(|step| &step.evidence);
        let says: Vec<String> = says.map(ToString::to_string).collect();
        if unknown.iter().any(|step| before[step.id] == Verdict::Pass) {
            let operation = action.split(':').nth(1).unwrap();
            assert!(
                says.iter().any(|line| line.contains(operation)),
                "{action}: {says:?}"
            );
            is_unknown += 1;
        }
    }
    assert!(is_unknown >= 8, "{is_unknown}");
}

/// And of what is wrong: a denied read never makes a pass of it.
#[tokio::test]
async fn what_is_wrong_never_passes_for_a_denied_read() {
    for (cause, breaks) in ACCOUNT.iter().step_by(2) {
        let mut setup = Setup::healthy();
        breaks(&mut setup);
        let before = verdicts(&setup.diagnosed().await.unwrap());
        for action in iam::actions("doctor") {
            let mut denied = setup.clone();
            denied.denied = vec![action.clone()];
            let Ok(found) = denied.diagnosed().await else {
                continue;
            };
            for (step, verdict) in verdicts(&found) {
                let turned = before.get(step) == Some(&Verdict::Fail) && verdict == Verdict::Pass;
                assert!(!turned, "{cause}, without {action}: {step} passes");
            }
        }
    }
}
