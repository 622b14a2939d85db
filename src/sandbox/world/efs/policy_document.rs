//! The part of the IAM policy language that `PutFileSystemPolicy` checks.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::ApiError;
use crate::wildcard::fits;

/// The action that a policy must not take away from its author.
const PUT_POLICY: &str = "elasticfilesystem:putfilesystempolicy";

/// A policy with sound statements.
#[derive(Debug)]
pub(super) struct PolicyDocument {
    statements: Vec<Map<String, Value>>,
}

/// Which principals a policy may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Principals {
    /// Those that there are.
    Present,
    /// Deleted ones too, by their unique ids.
    Any,
}

/// A policy as AWS keeps it: a principal that was deleted is left in it as a unique id, which no call accepts
/// (IAM user guide, "AWS JSON policy elements: Principal").
pub(in crate::world) fn keep(text: &str) -> Result<String, ApiError> {
    PolicyDocument::read(text, Principals::Any).map(|_| text.to_owned())
}

impl PolicyDocument {
    /// Reads a policy: version, and statements with effect, principal and action.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        Self::read(text, Principals::Present)
    }

    fn read(text: &str, principals: Principals) -> Result<Self, ApiError> {
        let Ok(Value::Object(document)) = serde_json::from_str(text) else {
            return Err(invalid("Policy is not a valid JSON object"));
        };
        if let Some(version) = document.get("Version")
            && !matches!(version.as_str(), Some("2012-10-17" | "2008-10-17"))
        {
            return Err(invalid("Policy contains invalid Version"));
        }
        let statements = match document.get("Statement") {
            Some(Value::Object(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many
                .iter()
                .map(|statement| statement.as_object().cloned())
                .collect::<Option<_>>()
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        if statements.is_empty() {
            return Err(invalid("Policy contains invalid Statement block"));
        }
        for statement in &statements {
            check_statement(statement, principals)?;
        }
        Ok(Self { statements })
    }

    /// Refuses a policy that names a principal which EFS does not know yet, in the words for one that does not exist: the sentence after
    /// which hashicorp/terraform-provider-aws tries `aws_efs_file_system_policy` again.
    pub(super) fn check_principals(&self, unknown: &BTreeSet<String>) -> Result<(), ApiError> {
        let named = |statement: &Map<String, Value>| {
            let principals = one_of(statement, "Principal", "NotPrincipal");
            let names = principals
                .and_then(|kinds| kinds.get("AWS"))
                .and_then(strings);
            names.is_some_and(|names| names.into_iter().any(|name| unknown.contains(name)))
        };
        if self.statements.iter().any(named) {
            return Err(invalid_principal());
        }
        Ok(())
    }

    /// Whether a statement denies `PutFileSystemPolicy` to the whole account, whatever the circumstances.
    pub(super) fn locks_out(&self, account_id: &str) -> bool {
        self.statements.iter().any(|statement| {
            statement.get("Effect").and_then(Value::as_str) == Some("Deny")
                && statement
                    .get("Condition")
                    .and_then(Value::as_object)
                    .is_none_or(Map::is_empty)
                && is_everyone(statement, account_id)
                && covers_put_policy(statement)
        })
    }
}

fn invalid(message: &str) -> ApiError {
    ApiError::new("InvalidPolicyException", 400, message)
}

fn invalid_principal() -> ApiError {
    invalid("Policy contains invalid Principal block")
}

fn check_statement(statement: &Map<String, Value>, principals: Principals) -> Result<(), ApiError> {
    if !matches!(
        statement.get("Effect").and_then(Value::as_str),
        Some("Allow" | "Deny")
    ) {
        return Err(invalid("Policy contains invalid Effect"));
    }
    match one_of(statement, "Principal", "NotPrincipal") {
        Some(principal) if is_principal(principal, principals) => {}
        _ => return Err(invalid_principal()),
    }
    let actions = one_of(statement, "Action", "NotAction")
        .and_then(strings)
        .unwrap_or_default();
    if actions.is_empty() || !actions.iter().all(|action| is_action(action)) {
        return Err(invalid("Policy contains invalid Action"));
    }
    let resources = ["Resource", "NotResource"]
        .into_iter()
        .filter_map(|name| statement.get(name));
    for resource in resources {
        let sound = strings(resource).is_some_and(|names| {
            !names.is_empty()
                && names
                    .iter()
                    .all(|name| *name == "*" || name.starts_with("arn:"))
        });
        if !sound {
            return Err(invalid("Policy contains invalid Resource block"));
        }
    }
    match statement.get("Condition") {
        None | Some(Value::Object(_)) => Ok(()),
        Some(_) => Err(invalid("Policy contains invalid Condition block")),
    }
}

/// The value of the one of two members that is there; none when both or neither are.
fn one_of<'a>(statement: &'a Map<String, Value>, this: &str, that: &str) -> Option<&'a Value> {
    match (statement.get(this), statement.get(that)) {
        (Some(value), None) | (None, Some(value)) => Some(value),
        _ => None,
    }
}

/// A string, or a list of strings.
fn strings(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(one) => Some(vec![one]),
        Value::Array(many) => many.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// `*`, or kinds of principals with their names.
fn is_principal(value: &Value, principals: Principals) -> bool {
    const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];
    match value {
        Value::String(all) => all == "*",
        Value::Object(kinds) => {
            !kinds.is_empty()
                && kinds.iter().all(|(kind, names)| {
                    KINDS.contains(&kind.as_str())
                        && strings(names).is_some_and(|names| {
                            !names.is_empty()
                                && names
                                    .iter()
                                    .all(|name| kind != "AWS" || is_aws_principal(name, principals))
                        })
                })
        }
        _ => false,
    }
}

/// `*`, an account, or the ARN of something in IAM or STS. Unique ids (`AROA…`) stand for deleted ones.
fn is_aws_principal(name: &str, principals: Principals) -> bool {
    let is_id = name.len() >= 16
        && name.starts_with('A')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if is_id && principals == Principals::Any {
        return true;
    }
    let is_account = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit());
    let is_arn =
        name.starts_with("arn:aws") && (name.contains(":iam::") || name.contains(":sts::"));
    name == "*" || is_account || is_arn
}

fn is_action(action: &str) -> bool {
    action == "*"
        || action.split_once(':').is_some_and(|(service, name)| {
            service.eq_ignore_ascii_case("elasticfilesystem") && !name.is_empty()
        })
}

/// Whether the statement is about all identities of the account, its administrators included.
fn is_everyone(statement: &Map<String, Value>, account_id: &str) -> bool {
    let is_all = |name: &str| {
        name == "*" || name == account_id || name.ends_with(&format!(":iam::{account_id}:root"))
    };
    match statement.get("Principal") {
        Some(Value::String(all)) => all == "*",
        Some(Value::Object(kinds)) => kinds
            .get("AWS")
            .and_then(strings)
            .is_some_and(|names| names.into_iter().any(is_all)),
        _ => false,
    }
}

fn covers_put_policy(statement: &Map<String, Value>) -> bool {
    let matches = |member: &str| {
        statement.get(member).and_then(strings).map(|patterns| {
            patterns
                .iter()
                .any(|pattern| fits(&pattern.to_ascii_lowercase(), PUT_POLICY))
        })
    };
    matches("Action")
        .or_else(|| matches("NotAction").map(|spared| !spared))
        .unwrap_or(false)
}
