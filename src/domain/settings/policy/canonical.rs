//! When two documents are the same policy. AWS writes a policy in its own form: members in another order, an array of one as that one
//! (cloud-custodian, eight recorded answers of `DescribeFileSystemPolicy`), and `Resource` where it was left out
//! (`aws/aws-cdk#30753`).

use std::collections::BTreeSet;

use super::document::{Document, Effect, Names, Principals, Statement};
use crate::domain::ids::FileSystemId;

/// What IAM takes a policy without `Version` for (IAM user guide, "IAM JSON policy elements: Version").
pub(super) const DEFAULT_VERSION: &str = "2008-10-17";

/// A document without what may be written in several ways. Of what is left anything may change the meaning; `Id` and `Sid` do not,
/// and AWS keeps both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    version: String,
    id: Option<String>,
    statements: BTreeSet<CanonicalStatement>,
}

/// A member that has a negated form: whether it is that, and its values. Their order says nothing.
type Set<T> = (bool, BTreeSet<T>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CanonicalStatement {
    sid: Option<String>,
    effect: Effect,
    /// Kind and name.
    principals: Set<(String, String)>,
    actions: Set<String>,
    /// Empty: the file system that the policy is on.
    resources: Set<String>,
    /// Operator, key, and values. All conditions of a statement have to hold.
    conditions: BTreeSet<(String, String, BTreeSet<String>)>,
}

impl Document {
    /// The document as a policy of that file system, where one is given: a `Resource` that is this file system says what a statement
    /// without `Resource` says.
    pub fn canonical(&self, on: Option<&FileSystemId>) -> Canonical {
        Canonical {
            version: self
                .version
                .clone()
                .unwrap_or_else(|| DEFAULT_VERSION.to_owned()),
            id: self.id.clone(),
            statements: self
                .statements
                .iter()
                .map(|one| one.canonical(on))
                .collect(),
        }
    }

    /// Whether both are the same policy of that file system.
    pub fn is_same(&self, other: &Self, on: Option<&FileSystemId>) -> bool {
        self.canonical(on) == other.canonical(on)
    }
}

impl Statement {
    pub(super) fn canonical(&self, on: Option<&FileSystemId>) -> CanonicalStatement {
        let principals = either(
            self.principal.as_ref(),
            self.not_principal.as_ref(),
            Principals::canonical,
        );
        let words = |names: &Names, change: fn(&str) -> String| -> BTreeSet<String> {
            names.0.iter().map(|name| change(name)).collect()
        };
        // Actions are compared in any case (IAM user guide, "IAM JSON policy elements: Action").
        let actions = either(self.action.as_ref(), self.not_action.as_ref(), |names| {
            words(names, str::to_ascii_lowercase)
        });
        let (negated, mut resources) = either(
            self.resource.as_ref(),
            self.not_resource.as_ref(),
            |names| words(names, str::to_owned),
        );
        let is_own = |arn: &String| on.is_some_and(|on| is_arn_of(arn, on));
        if !negated && resources.iter().all(is_own) {
            resources.clear();
        }
        CanonicalStatement {
            sid: self.sid().map(str::to_owned),
            effect: self.effect,
            principals,
            actions,
            resources: (negated, resources),
            conditions: self.conditions(),
        }
    }

    /// Keys of conditions are compared in any case (IAM user guide, "IAM JSON policy elements: Condition").
    fn conditions(&self) -> BTreeSet<(String, String, BTreeSet<String>)> {
        let operators = self.condition.iter().flat_map(|all| &all.0);
        let conditions = operators.flat_map(|(operator, keys)| {
            keys.0.iter().map(|(key, values)| {
                (
                    operator.to_ascii_lowercase(),
                    key.to_ascii_lowercase(),
                    values.0.iter().cloned().collect(),
                )
            })
        });
        conditions.collect()
    }
}

impl Principals {
    fn canonical(&self) -> BTreeSet<(String, String)> {
        match self {
            // "*" and {"AWS": "*"} are equivalent in a resource-based policy (IAM user guide, "AWS JSON policy elements: Principal").
            Self::Everybody => BTreeSet::from([("AWS".to_owned(), "*".to_owned())]),
            Self::Kinds(kinds) => kinds
                .0
                .iter()
                .flat_map(|(kind, names)| {
                    names
                        .0
                        .iter()
                        .map(|name| (kind.clone(), account_of_root(name).to_owned()))
                })
                .collect(),
        }
    }
}

/// The one of both that is there, and whether it is the negated one.
fn either<M, T>(
    plain: Option<&M>,
    negated: Option<&M>,
    values: impl Fn(&M) -> BTreeSet<T>,
) -> Set<T> {
    match (plain, negated) {
        (Some(plain), _) => (false, values(plain)),
        (None, Some(negated)) => (true, values(negated)),
        (None, None) => (false, BTreeSet::new()),
    }
}

/// An account is its number or the ARN of its root; AWS writes the latter (IAM user guide, "AWS JSON policy elements: Principal").
fn account_of_root(name: &str) -> &str {
    match name.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "iam", "", account, "root"] => account,
        _ => name,
    }
}

/// Whether it is the ARN of that file system. Its id is random and stands for one file system of all regions and accounts.
fn is_arn_of(arn: &str, file_system: &FileSystemId) -> bool {
    match arn.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "elasticfilesystem", region, account, resource] => {
            !region.contains(['*', '?', '$'])
                && !account.contains(['*', '?', '$'])
                && resource.split_once('/') == Some(("file-system", file_system.as_str()))
        }
        _ => false,
    }
}
