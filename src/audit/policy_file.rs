//! The policy file, `efsctl.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::catalogue;
use super::rules::{CheckSection, Exception, Rules, split_tag};
use crate::domain::finding::Severity;

/// The policy file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyFile {
    /// Fail from this severity on.
    pub fail_on: Option<Severity>,
    /// What could not be seen counts as a failure.
    pub strict: Option<bool>,
    /// `team` or `team=red`.
    #[serde(default)]
    required_tags: Vec<String>,
    /// Keys it may be encrypted with.
    #[serde(default)]
    kms_keys: BTreeSet<String>,
    /// Accounts its policy may grant something to.
    #[serde(default)]
    allowed_accounts: BTreeSet<String>,
    /// A quota is near at so many percent.
    quota_percent: Option<u8>,
    #[serde(default)]
    checks: BTreeMap<String, CheckSection>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// A policy file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFileError {
    /// Not TOML, or not of this form: toml's own message with line and column.
    #[error("{0}")]
    Form(String),
    /// A check that does not exist.
    #[error("there is no check `{0}`{1}")]
    NoSuchCheck(String, String),
    /// An exception without a reason.
    #[error("the exception for `{0}` has no reason")]
    NoReason(String),
    /// A date that is not one.
    #[error("the exception for `{0}`: `until` has to be a date such as 2026-12-31")]
    NoDate(String),
    /// A percentage above 100.
    #[error("quota-percent is {0}: expected 1 to 100")]
    Percent(u8),
}

impl PolicyFile {
    /// Reads `efsctl.toml`.
    ///
    /// # Errors
    ///
    /// It is not TOML of this form, or names a check that does not exist.
    pub fn parse(text: &str) -> Result<Self, PolicyFileError> {
        let file: Self = toml::from_str(text)
            .map_err(|error| PolicyFileError::Form(error.to_string().trim_end().to_owned()))?;
        let excepted = file.exceptions.iter().map(|exception| &exception.check);
        for check in file.checks.keys().chain(excepted) {
            if catalogue::find(check).is_none() {
                let near = catalogue::closest(check);
                let near = near.map(|id| format!("; did you mean `{id}`?"));
                return Err(PolicyFileError::NoSuchCheck(
                    check.clone(),
                    near.unwrap_or_default(),
                ));
            }
        }
        for Exception {
            check,
            reason,
            until,
            ..
        } in &file.exceptions
        {
            if reason.trim().is_empty() {
                return Err(PolicyFileError::NoReason(check.clone()));
            }
            if until.is_some_and(|until| until.date.is_none()) {
                return Err(PolicyFileError::NoDate(check.clone()));
            }
        }
        match file.quota_percent {
            Some(percent) if !(1..=100).contains(&percent) => {
                Err(PolicyFileError::Percent(percent))
            }
            _ => Ok(file),
        }
    }

    /// These rules, with what this file says added.
    #[must_use]
    pub fn over(self, mut rules: Rules) -> Rules {
        for tag in self.required_tags {
            let (key, value) = split_tag(&tag);
            rules.required_tags.entry(key).or_insert(value);
        }
        rules.kms_keys.extend(self.kms_keys);
        rules.allowed_accounts.extend(self.allowed_accounts);
        rules.quota_percent = self.quota_percent.unwrap_or(rules.quota_percent);
        rules.checks = self.checks;
        rules.exceptions = self.exceptions;
        rules
    }
}
