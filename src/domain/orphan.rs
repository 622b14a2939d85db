//! Things of ours that no complete deployment owns.

use schemars::JsonSchema;
use serde::Serialize;

use super::advice::Command;
use super::resource::Resource;

/// Something of ours that no complete deployment owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// What it is.
    pub resource: Resource,
    /// Why it is an orphan.
    pub why: OrphanReason,
    /// The name it was made under.
    pub name: String,
}

/// Why something is an orphan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum OrphanReason {
    /// A file system has no mount target.
    NoMountTarget {
        /// Its metered size in bytes.
        size_bytes: u64,
    },
    /// A security group has no file system.
    NoFileSystem,
}

impl Orphan {
    /// What removes it.
    pub fn remove(&self) -> Command {
        Command::efsctl("delete").arg(&self.name).arg("--yes")
    }
}
