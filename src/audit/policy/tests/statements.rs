//! Policies that the tests compare: those of presets, and any.

use proptest::sample::{select, subsequence};

use super::*;
use crate::domain::settings::policy::Preset;

pub(super) const ROLE: &str = "arn:aws:iam::111122223333:role/app";
pub(super) const STRANGER: &str = "444455556666";
pub(super) const POINT: &str =
    "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-1";

/// The policy of these presets.
pub(super) fn of(words: &str) -> Policy {
    let presets = words.split_whitespace().map(|word| word.parse().unwrap());
    Policy::of(&Preset::document(&presets.collect()))
        .unwrap()
        .on(OWN)
}

/// A statement about any of what the evaluator distinguishes.
fn statement() -> impl Strategy<Value = String> {
    let principals = vec![
        r#""Principal":"*""#.to_owned(),
        format!(r#""Principal":{{"AWS":"{ROLE}"}}"#),
        format!(r#""Principal":{{"AWS":"{HERE}"}}"#),
        format!(r#""Principal":{{"AWS":"{STRANGER}"}}"#),
        format!(r#""NotPrincipal":{{"AWS":["{ROLE}","{HERE}"]}}"#),
    ];
    let conditions = vec![
        r#""Bool":{"aws:SecureTransport":"false"}"#.to_owned(),
        r#""Null":{"elasticfilesystem:AccessPointArn":"true"}"#.to_owned(),
        format!(r#""StringEquals":{{"elasticfilesystem:AccessPointArn":"{POINT}"}}"#),
        format!(r#""ArnNotLike":{{"elasticfilesystem:AccessPointArn":"{POINT}"}}"#),
        r#""IpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#.to_owned(),
        r#""BoolIfExists":{"elasticfilesystem:AccessedViaMountTarget":"true"}"#.to_owned(),
    ];
    let actions = ["Mount", "Write", "RootAccess", "*"];
    (
        select(vec!["Allow", "Deny"]),
        select(principals),
        select(vec!["Action", "NotAction"]),
        subsequence(actions.to_vec(), 1..3),
        subsequence(conditions, 0..3),
    )
        .prop_map(|(effect, principals, member, actions, conditions)| {
            let actions: Vec<_> = actions
                .iter()
                .map(|name| format!("\"elasticfilesystem:Client{name}\""))
                .collect();
            format!(
                r#"{{"Effect":"{effect}",{principals},"{member}":[{}],"Condition":{{{}}}}}"#,
                actions.join(","),
                conditions.join(",")
            )
        })
}

/// A few of them.
pub(super) fn statements() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(statement(), 0..4)
}
