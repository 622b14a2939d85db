//! What is asked of file systems: flags, and the policy file `efsctl.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::catalogue;
use crate::domain::finding::{About, Severity};
use crate::domain::ids::{SubnetId, VpcId, Zone};
use crate::domain::state::FileSystem;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Mount targets are expected in these subnets.
    pub subnets: BTreeSet<SubnetId>,
    /// Mount targets are expected in these zones.
    pub zones: BTreeSet<Zone>,
    /// Mount targets are expected in this VPC.
    pub vpc: Option<VpcId>,
    /// It is expected to be encrypted with one of these keys: ids or ARNs.
    pub kms_keys: BTreeSet<String>,
    /// Tags it has to carry; with a value: that value.
    pub required_tags: BTreeMap<String, Option<String>>,
    /// Accounts that its policy may grant something to.
    pub allowed_accounts: BTreeSet<String>,
    /// A quota is near at so many percent.
    pub quota_percent: u8,
    /// Today, `2026-11-21`: exceptions expire.
    pub today: String,
    /// From the policy file, by check.
    checks: BTreeMap<String, CheckSection>,
    /// From the policy file.
    exceptions: Vec<Exception>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            subnets: BTreeSet::new(),
            zones: BTreeSet::new(),
            vpc: None,
            kms_keys: BTreeSet::new(),
            required_tags: BTreeMap::new(),
            allowed_accounts: BTreeSet::new(),
            quota_percent: 80,
            today: String::new(),
            checks: BTreeMap::new(),
            exceptions: Vec::new(),
        }
    }
}

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

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckSection {
    enabled: Option<bool>,
    severity: Option<Severity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Exception {
    check: String,
    /// Id or name; all of them when left out.
    file_system: Option<String>,
    reason: String,
    /// The last day it holds.
    until: Option<toml::value::Datetime>,
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
}

impl Rules {
    /// Nothing is asked, on that day.
    pub fn on(today: String) -> Self {
        Self {
            today,
            ..Self::default()
        }
    }

    /// These rules, with what the policy file says added.
    #[must_use]
    pub fn with(mut self, file: PolicyFile) -> Self {
        for tag in file.required_tags {
            let (key, value) = split_tag(&tag);
            self.required_tags.entry(key).or_insert(value);
        }
        self.kms_keys.extend(file.kms_keys);
        self.allowed_accounts.extend(file.allowed_accounts);
        self.quota_percent = file.quota_percent.unwrap_or(self.quota_percent);
        self.checks = file.checks;
        self.exceptions = file.exceptions;
        self
    }

    /// How much a failure of that check matters here.
    pub fn severity(&self, about: &About) -> Severity {
        let section = self.checks.get(about.id);
        section
            .and_then(|section| section.severity)
            .unwrap_or(about.severity)
    }

    /// Why that check does not run.
    pub fn turned_off(&self, about: &About) -> Option<String> {
        let section = self.checks.get(about.id)?;
        (section.enabled == Some(false)).then(|| "turned off in the policy file".to_owned())
    }

    /// Why that check may fail on this file system.
    pub fn excepts(&self, about: &About, fs: &FileSystem) -> Option<String> {
        let fits = |exception: &&Exception| {
            exception.check == about.id
                && exception
                    .file_system
                    .as_ref()
                    .is_none_or(|named| named == fs.id.as_str() || Some(named) == fs.name.as_ref())
                && exception
                    .until
                    .is_none_or(|until| self.today <= until.to_string())
        };
        let exception = self.exceptions.iter().find(fits)?;
        let until = exception
            .until
            .map(|until| format!(" (until {until})"))
            .unwrap_or_default();
        Some(format!("excepted: {}{until}", exception.reason))
    }
}

/// `KEY` or `KEY=VALUE`.
pub fn split_tag(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
        None => (text.to_owned(), None),
    }
}
