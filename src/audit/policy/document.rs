//! The JSON of a policy, read into statements.

use super::condition::Condition;
use super::principals::Principals;
use super::resource::Resources;
use crate::domain::settings::policy::members::{Entries, OneOrMany, Scalar};
use crate::domain::wildcard;

/// The policy. Other members (`Version`, `Id`) change nothing about who may do what.
#[derive(serde::Deserialize)]
#[serde(expecting = "a policy")]
pub(super) struct Document {
    #[serde(rename = "Statement")]
    pub(super) statements: OneOrMany<Statement>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "Members")]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    pub(super) principals: Principals,
    pub(super) actions: Actions,
    pub(super) resources: Resources,
    pub(super) conditions: Vec<Condition>,
}

/// `Action`, or `NotAction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Actions {
    Only(Vec<String>),
    AllBut(Vec<String>),
}

impl Actions {
    /// Whether this action is among them; for a pattern, whether all that it stands for surely are.
    pub(super) fn cover(&self, action: &str) -> bool {
        match self {
            Self::Only(patterns) => covered(patterns, action),
            // What a pattern leaves out cannot be distinguished from another pattern.
            Self::AllBut(patterns) => !wildcard::is_open(action) && !covered(patterns, action),
        }
    }
}

fn covered(patterns: &[String], action: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| wildcard::covers(pattern, action))
}

/// The members of a statement. One that IAM does not have is refused: it could turn the meaning.
#[derive(serde::Deserialize)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    expecting = "a statement"
)]
struct Members {
    sid: Option<String>,
    effect: Effect,
    principal: Option<Principals>,
    not_principal: Option<Principals>,
    action: Option<OneOrMany<String>>,
    not_action: Option<OneOrMany<String>>,
    resource: Option<OneOrMany<String>>,
    not_resource: Option<OneOrMany<String>>,
    condition: Option<Entries<Entries<OneOrMany<Scalar>>>>,
}

impl TryFrom<Members> for Statement {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, &'static str> {
        let principals = match (members.principal, members.not_principal) {
            (Some(principals), None) => principals,
            (None, Some(principals)) => principals.others(),
            _ => return Err("a statement has either `Principal` or `NotPrincipal`"),
        };
        let actions = match (members.action, members.not_action) {
            (Some(OneOrMany(actions)), None) => Actions::Only(actions),
            (None, Some(OneOrMany(actions))) => Actions::AllBut(actions),
            _ => return Err("a statement has either `Action` or `NotAction`"),
        };
        let resources = match (members.resource, members.not_resource) {
            (None, None) => Resources::Own,
            (Some(OneOrMany(resources)), None) => Resources::Only(resources),
            (None, Some(OneOrMany(resources))) => Resources::AllBut(resources),
            _ => return Err("a statement has either `Resource` or `NotResource`"),
        };
        Ok(Self {
            sid: members.sid.filter(|sid| !sid.is_empty()),
            effect: members.effect,
            principals,
            actions,
            resources,
            conditions: members.condition.map(conditions).unwrap_or_default(),
        })
    }
}

fn conditions(Entries(operators): Entries<Entries<OneOrMany<Scalar>>>) -> Vec<Condition> {
    let flat = operators.into_iter().flat_map(|(operator, Entries(keys))| {
        keys.into_iter()
            .map(move |(key, OneOrMany(values))| Condition {
                operator: operator.clone(),
                key,
                values: values.into_iter().map(|Scalar(value)| value).collect(),
            })
    });
    flat.collect()
}
