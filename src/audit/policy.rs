//! What a file system policy (an IAM resource policy) lets whom do.
//!
//! A question is answered on the safe side: an Allow counts when it may apply, a Deny when it surely does. Permissions
//! from identity policies are not seen here: in the same account an Allow there is enough (UG:
//! iam-access-control-nfs-efs). A file system without a policy admits every client that reaches a mount target.

mod answer;
mod condition;
mod document;
mod principals;
mod wildcard;

use std::collections::BTreeSet;

pub use self::answer::{Anonymous, ClientAction, Enforced, Grant};
use self::condition::Condition;
use self::document::{Actions, Document, Effect, OneOrMany, Statement};
pub use self::principals::Principals;

/// Every action of EFS.
const ALL_ACTIONS: &str = "elasticfilesystem:*";
/// The two actions by which a policy is changed. With either of them left the other can be won back.
const POLICY_ACTIONS: [&str; 2] = [
    "elasticfilesystem:PutFileSystemPolicy",
    "elasticfilesystem:DeleteFileSystemPolicy",
];

/// A policy that cannot be understood. What it allows is unknown then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file system policy cannot be understood: {0}")]
pub struct PolicyError(String);

/// A parsed file system policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
}

/// For whom a Deny must hold to take a grant away.
#[derive(Clone, Copy)]
enum Who<'a> {
    Everybody,
    Anonymous,
    /// Every principal of that account.
    Account(&'a str),
}

impl Policy {
    /// Parses the JSON that `DescribeFileSystemPolicy` answers.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let document: Document =
            serde_json::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
        let OneOrMany(statements) = document.statements;
        Ok(Self { statements })
    }

    /// Whether everybody is denied without TLS.
    pub fn denies_plaintext(&self) -> Enforced {
        let denied = |action: ClientAction| self.plaintext_denied(action, Who::Everybody);
        if denied(ClientAction::Mount) {
            return Enforced::Yes;
        }
        let some: Vec<_> = ClientAction::ALL
            .into_iter()
            .filter(|action| denied(*action))
            .collect();
        if some.is_empty() {
            Enforced::No
        } else {
            Enforced::Partly(some)
        }
    }

    /// The statements by which a client may mount without TLS. Such a client is always anonymous: mounting with an
    /// IAM identity needs TLS (UG: mounting-IAM-option). So this may be empty without a Deny.
    pub fn admits_plaintext(&self) -> Vec<String> {
        if self.plaintext_denied(ClientAction::Mount, Who::Anonymous) {
            return Vec::new();
        }
        self.labels(|statement| {
            statement.principals.include_anonymous()
                && self.grants(statement, ClientAction::Mount, Who::Anonymous)
                && !statement.conditions.iter().any(Condition::requires_tls)
        })
    }

    /// By which statements somebody may mount. Without any, only identities whose own policies allow it can.
    pub fn grants_mount(&self) -> Vec<Grant> {
        self.allows()
            .filter(|(_, statement)| !is_nobody(&statement.principals))
            .map(|(number, statement)| Grant {
                statement: label(number, statement),
                principals: statement.principals.clone(),
                actions: self.granted(statement, Who::Everybody),
                conditions: keys(statement, |_| true),
            })
            .filter(|grant| grant.actions.contains(&ClientAction::Mount))
            .collect()
    }

    /// What clients without IAM identity may do, and within which bounds.
    pub fn anonymous(&self) -> Vec<Anonymous> {
        self.allows()
            .filter(|(_, statement)| statement.principals.include_anonymous())
            .map(|(number, statement)| Anonymous {
                statement: label(number, statement),
                actions: self.granted(statement, Who::Anonymous),
                narrowed_by: keys(statement, Condition::narrows),
            })
            .filter(|anonymous| !anonymous.actions.is_empty())
            .collect()
    }

    /// The statements that make the policy public in the sense of EFS block public access (UG:
    /// access-control-block-public-access): no fixed principal and no condition with fixed values. A public policy
    /// also blocks AWS Transfer Family servers of other accounts.
    pub fn is_public(&self) -> Vec<String> {
        self.labels(|statement| {
            statement.principals.are_open()
                && !self.is_void(statement, Who::Anonymous)
                && !statement.conditions.iter().any(Condition::makes_non_public)
        })
    }

    /// The statements that allow everybody every action, or every action but some.
    pub fn wildcard_actions(&self) -> Vec<String> {
        self.labels(|statement| {
            let is_wide = match &statement.actions {
                Actions::AllBut(_) => true,
                only @ Actions::Only(_) => only.cover(ALL_ACTIONS),
            };
            is_wide && statement.principals.are_open() && !self.is_void(statement, Who::Anonymous)
        })
    }

    /// The accounts other than this one that are granted something, sorted: by a principal, or by a condition on the
    /// account or ARN of the caller.
    pub fn foreign_accounts(&self, account: &str) -> Vec<String> {
        let accounts: BTreeSet<&str> = self
            .allows()
            .filter(|(_, statement)| !self.is_void(statement, Who::Everybody))
            .flat_map(|(_, statement)| {
                let values = statement.conditions.iter().flat_map(Condition::accounts);
                statement.principals.names().iter().chain(values)
            })
            .filter_map(|name| principals::account_of(name))
            .filter(|found| *found != account)
            .collect();
        accounts.into_iter().map(str::to_owned).collect()
    }

    /// The statements that let clients without IAM identity act as root. None when such clients cannot mount: the
    /// console's "prevent anonymous access" takes away no more than that.
    pub fn anonymous_root(&self) -> Vec<String> {
        let anonymous = self.anonymous();
        let may = |grant: &Anonymous, action| grant.actions.contains(&action);
        if !anonymous
            .iter()
            .any(|grant| may(grant, ClientAction::Mount))
        {
            return Vec::new();
        }
        anonymous
            .into_iter()
            .filter(|grant| may(grant, ClientAction::RootAccess))
            .map(|grant| grant.statement)
            .collect()
    }

    /// The statements by which nobody of this account can change the policy again: all are denied both to put and to
    /// delete it.
    pub fn locks_out(&self, account: &str) -> Vec<String> {
        let who = Who::Account(account);
        if !POLICY_ACTIONS.iter().all(|action| self.denied(action, who)) {
            return Vec::new();
        }
        self.numbered()
            .filter(|(_, statement)| {
                POLICY_ACTIONS
                    .iter()
                    .any(|action| denies(statement, action, who))
            })
            .map(|(number, statement)| label(number, statement))
            .collect()
    }

    /// Conditions on client actions that EFS does not enforce for NFS clients, as `statement: key` (UG:
    /// iam-access-control-nfs-efs, which names the four keys that are).
    pub fn unenforced_conditions(&self) -> Vec<String> {
        self.numbered()
            .filter(|(_, statement)| {
                ClientAction::ALL
                    .iter()
                    .any(|action| statement.actions.cover(action.as_str()))
            })
            .flat_map(|(number, statement)| {
                let label = label(number, statement);
                keys(statement, |condition| !condition.is_enforced())
                    .into_iter()
                    .map(move |key| format!("{label}: {key}"))
            })
            .collect()
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &Statement)> {
        (1..).zip(&self.statements)
    }

    fn allows(&self) -> impl Iterator<Item = (usize, &Statement)> {
        self.numbered()
            .filter(|(_, statement)| statement.effect == Effect::Allow)
    }

    /// The Allow statements of which this holds.
    fn labels(&self, holds: impl Fn(&Statement) -> bool) -> Vec<String> {
        self.allows()
            .filter(|(_, statement)| holds(statement))
            .map(|(number, statement)| label(number, statement))
            .collect()
    }

    fn denied(&self, action: &str, who: Who<'_>) -> bool {
        self.statements
            .iter()
            .any(|statement| denies(statement, action, who))
    }

    fn plaintext_denied(&self, action: ClientAction, who: Who<'_>) -> bool {
        self.statements.iter().any(|statement| {
            statement.effect == Effect::Deny
                && statement.on_file_system
                && is_about(&statement.principals, who)
                && statement.actions.cover(action.as_str())
                && statement
                    .conditions
                    .iter()
                    .all(Condition::holds_for_plaintext)
        })
    }

    fn grants(&self, allow: &Statement, action: ClientAction, who: Who<'_>) -> bool {
        allow.actions.cover(action.as_str()) && !self.mounting_denied(action, who)
    }

    /// Whether clients, who all come by a mount target, are denied that.
    fn mounting_denied(&self, action: ClientAction, who: Who<'_>) -> bool {
        self.statements.iter().any(|statement| {
            statement.effect == Effect::Deny
                && statement.on_file_system
                && is_about(&statement.principals, who)
                && statement.actions.cover(action.as_str())
                && statement.conditions.iter().all(Condition::holds_for_nfs)
        })
    }

    fn granted(&self, allow: &Statement, who: Who<'_>) -> Vec<ClientAction> {
        let granted = |action: &ClientAction| self.grants(allow, *action, who);
        ClientAction::ALL.into_iter().filter(granted).collect()
    }

    /// Whether all that this Allow grants is denied.
    fn is_void(&self, allow: &Statement, who: Who<'_>) -> bool {
        match &allow.actions {
            Actions::Only(patterns) => patterns.iter().all(|pattern| self.denied(pattern, who)),
            Actions::AllBut(_) => self.denied(ALL_ACTIONS, who),
        }
    }
}

fn denies(statement: &Statement, action: &str, who: Who<'_>) -> bool {
    statement.denies_outright()
        && is_about(&statement.principals, who)
        && statement.actions.cover(action)
}

fn is_about(principals: &Principals, who: Who<'_>) -> bool {
    match who {
        Who::Everybody => *principals == Principals::Everybody,
        Who::Anonymous => principals.include_anonymous(),
        Who::Account(account) => principals.include_account(account),
    }
}

fn is_nobody(principals: &Principals) -> bool {
    matches!(principals, Principals::Named(names) if names.is_empty())
}

/// The `Sid` of a statement, or its number, counted from 1.
fn label(number: usize, statement: &Statement) -> String {
    statement
        .sid
        .clone()
        .unwrap_or_else(|| format!("#{number}"))
}

fn keys(statement: &Statement, wanted: impl Fn(&Condition) -> bool) -> Vec<String> {
    let wanted = statement
        .conditions
        .iter()
        .filter(|condition| wanted(condition));
    wanted.map(|condition| condition.key.clone()).collect()
}

#[cfg(test)]
mod tests;
