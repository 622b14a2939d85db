//! What is asked of file systems.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::domain::finding::{About, Severity};
use crate::domain::ids::{KmsKey, SubnetId, VpcId, Zone};
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
    /// It is expected to be encrypted with one of these keys.
    pub kms_keys: BTreeSet<KmsKey>,
    /// Tags it has to carry; with a value: that value.
    pub required_tags: BTreeMap<String, Option<String>>,
    /// Accounts that its policy may grant something to, and organizations.
    pub allowed_accounts: BTreeSet<String>,
    /// A quota is near at so many percent.
    pub quota_percent: u8,
    /// Today, `2026-11-21`: exceptions expire.
    pub today: String,
    /// From the config file, by check.
    pub(super) checks: BTreeMap<String, CheckSection>,
    /// From the config file.
    pub(super) exceptions: Vec<Exception>,
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

/// A key that EFS can show: it tells a key by its ARN, never by an alias (`KmsKeyId` of `DescribeFileSystems`).
///
/// # Errors
///
/// What is wrong with it.
pub fn shown_key(text: &str) -> Result<KmsKey, String> {
    if text.contains("alias/") {
        return Err(format!(
            "`{text}` is an alias, and EFS shows a key by its id: give the id or the ARN of the key"
        ));
    }
    let key: Option<KmsKey> = text.parse().ok();
    key.filter(KmsKey::has_id)
        .ok_or_else(|| format!("`{text}` is neither the id nor the ARN of a KMS key"))
}

/// What the config file says of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckSection {
    pub(super) enabled: Option<bool>,
    pub(super) severity: Option<Severity>,
}

/// A failure that may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exception {
    pub(super) check: String,
    /// Id or name; all of them when left out.
    pub(super) file_system: Option<String>,
    pub(super) reason: String,
    /// The last day it holds, `2026-12-31`.
    pub(super) until: Option<String>,
}

impl Exception {
    fn is_about(&self, about: &About, fs: &FileSystem) -> bool {
        let named = self.file_system.as_deref();
        self.check == about.id
            && named
                .is_none_or(|named| named == fs.id.as_str() || Some(named) == fs.name.as_deref())
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
        (section.enabled == Some(false)).then(|| "turned off in the config file".to_owned())
    }

    /// Why that check may fail on this file system.
    pub fn excepts(&self, about: &About, fs: &FileSystem) -> Option<String> {
        let mut own = self.exceptions.iter().filter(|one| one.is_about(about, fs));
        let exception =
            own.find(|one| one.until.as_ref().is_none_or(|until| self.today <= *until))?;
        let until = exception.until.as_ref();
        let until = until.map(|until| format!(" (until {until})"));
        Some(format!(
            "excepted: {}{}",
            exception.reason,
            until.unwrap_or_default()
        ))
    }

    /// An exception of that check for this file system that holds no longer.
    pub fn excepted(&self, about: &About, fs: &FileSystem) -> Option<String> {
        let mut own = self.exceptions.iter().filter(|one| one.is_about(about, fs));
        let until = own.find_map(|one| one.until.as_ref().filter(|until| self.today > **until))?;
        Some(format!("its exception in the config file ended on {until}"))
    }
}

/// `KEY` or `KEY=VALUE`.
pub fn split_tag(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
        None => (text.to_owned(), None),
    }
}
