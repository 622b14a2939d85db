//! What a file system policy (an IAM resource policy) lets whom do.
//!
//! A question is put as requests: who asks, and by which way. Of each statement it is reported whether it surely applies,
//! surely does not, or is not known (`truth`). An Allow counts when it may apply, a Deny when it surely does; what
//! hangs on the rest is answered so. Permissions from identity policies are not seen here: in the same account an
//! Allow there is enough (UG: iam-access-control-nfs-efs). A file system without a policy allows every client that
//! reaches a mount target.

mod answer;
mod clients;
mod compare;
mod condition;
mod document;
mod operator;

mod presets;
mod principals;
mod request;
mod resource;
mod rights;
mod truth;
mod ways;

pub use self::answer::{Anonymous, ClientAction, Doubt, Enforced, Foreign, Grant, LockOut, Wide};
pub use self::compare::{Access, Change, Comparison, Identity, compare};
use self::condition::Condition;
use self::document::{Actions, Document, Effect, Statement};
pub use self::presets::Overridden;
use self::principals::Who;
pub use self::principals::{Principal, Principals};
use self::request::Request;
pub use self::request::Way;
use self::truth::Truth;
use crate::domain::settings;
use crate::domain::settings::policy::members::OneOrMany;

/// Every action of EFS.
const ALL_ACTIONS: &str = "elasticfilesystem:*";

/// A policy that cannot be understood. What it allows is unknown then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file system policy cannot be understood: {0}")]
pub struct PolicyError(String);

/// A parsed file system policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
    /// The file system it is put on.
    arn: Option<String>,
}

impl Policy {
    /// Parses the JSON that `DescribeFileSystemPolicy` answers.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let document: Document =
            serde_json::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
        let OneOrMany(statements) = document.statements;
        Ok(Self {
            statements,
            arn: None,
        })
    }

    /// The policy that a document is.
    pub fn of(document: &settings::policy::Document) -> Result<Self, PolicyError> {
        Self::parse(&document.to_string())
    }

    /// The same as the policy of the file system with that ARN: statements about other resources do not apply.
    #[must_use]
    pub fn on(self, arn: impl Into<String>) -> Self {
        Self {
            arn: Some(arn.into()),
            ..self
        }
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &Statement)> {
        (1..).zip(&self.statements)
    }

    fn allows(&self) -> impl Iterator<Item = (usize, &Statement)> {
        self.numbered()
            .filter(|(_, statement)| statement.effect == Effect::Allow)
    }

    fn denies(&self) -> impl Iterator<Item = (usize, &Statement)> {
        self.numbered()
            .filter(|(_, statement)| statement.effect == Effect::Deny)
    }

    /// The Allow statements of which this holds.
    fn labels(&self, holds: impl Fn(&Statement) -> bool) -> Vec<String> {
        self.allows()
            .filter(|(_, statement)| holds(statement))
            .map(|(number, statement)| label(number, statement))
            .collect()
    }

    /// Whether a statement applies to a request, by any principal and for any action.
    fn reaches(&self, statement: &Statement, request: &Request<'_>) -> Truth {
        let resource = statement
            .resources
            .include(self.arn.as_deref(), request.way);
        let conditions = statement.conditions.iter();
        Truth::all(
            conditions
                .map(|condition| condition.holds(request))
                .chain([resource]),
        )
    }

    fn applies(&self, statement: &Statement, action: &str, request: &Request<'_>) -> Truth {
        if !statement.actions.cover(action) {
            return Truth::No;
        }
        let who = statement.principals.include(request.who);
        Truth::all([who, self.reaches(statement, request)])
    }

    fn allowed(&self, action: &str, request: &Request<'_>) -> Truth {
        let allows = self.allows();
        Truth::any(allows.map(|(_, allow)| self.applies(allow, action, request)))
    }

    fn denied(&self, action: &str, request: &Request<'_>) -> Truth {
        let denies = self.denies();
        Truth::any(denies.map(|(_, deny)| self.applies(deny, action, request)))
    }

    /// Whether all that this Allow grants is denied to that one, by whatever way.
    fn is_void(&self, allow: &Statement, who: Who<'_>) -> bool {
        Way::ALL.into_iter().all(|way| {
            let request = Request::new(way, who);
            let denied = |action: &str| self.denied(action, &request) == Truth::Yes;
            self.reaches(allow, &request) == Truth::No
                || match &allow.actions {
                    Actions::Only(patterns) => patterns.iter().all(|pattern| denied(pattern)),
                    Actions::AllBut(_) => denied(ALL_ACTIONS),
                }
        })
    }

    /// What keeps a statement from surely applying to a request that it may apply to.
    fn doubt(&self, (number, statement): (usize, &Statement), request: &Request<'_>) -> Doubt {
        let mut because = Vec::new();
        if statement.principals.include(request.who) != Truth::Yes {
            because.push(match &statement.principals {
                Principals::EverybodyBut(_) => "NotPrincipal".to_owned(),
                Principals::Everybody | Principals::Named(_) => "Principal".to_owned(),
            });
        }
        because.extend(self.dependencies(statement, request));
        Doubt {
            statement: label(number, statement),
            because,
        }
    }

    /// The members and condition keys of a statement that do not surely hold for a request.
    fn dependencies(&self, statement: &Statement, request: &Request<'_>) -> Vec<String> {
        let resources = &statement.resources;
        let resource = resources.include(self.arn.as_deref(), request.way) != Truth::Yes;
        let open = keys(statement, |condition| {
            condition.holds(request) != Truth::Yes
        });
        let resource = resource.then(|| resources.words());
        resource.into_iter().chain(open).collect()
    }
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
