//! What is answered.

use std::time::Duration;

use crate::domain::due::Activity;
use crate::domain::limits::{Counts, Limits};
use crate::domain::name::Name;
use crate::domain::stamp::Stamp;
use crate::domain::state::Kind;
use crate::domain::step::Status;

/// A workspace, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: Name,
    /// Its kind.
    pub kind: Kind,
    /// Whose it is.
    pub owner: String,
    /// A name for people.
    pub project_name: String,
    /// Where it is in its life.
    pub status: Status,
    /// What it holds.
    pub counts: Counts,
    /// What it may hold.
    pub limits: Limits,
    /// When it was created.
    pub created_at: Stamp,
    /// Whether its ZIP is whole.
    pub zip_ready: bool,
    /// Why it failed.
    pub error_message: Option<String>,
    /// When it was active last, as far as that was asked.
    pub last_activity: Stamp,
    /// What made it active then.
    pub activity: Activity,
    /// How long it has been idle.
    pub idle: Duration,
}

impl View {
    /// Whether others wrote more into it than it may hold.
    pub fn is_over(&self) -> bool {
        self.counts.bytes > self.limits.bytes || self.counts.files > self.limits.files
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
}

/// A file of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// Where it is.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it changed.
    pub modified: Stamp,
}

/// The files of a workspace, by the bytes of their paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The files.
    pub files: Vec<FileView>,
    /// What is not listed.
    pub warnings: Vec<String>,
}

/// A workspace that was completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// Whether it has a ZIP already.
    pub zip_ready: bool,
    /// What is not in the ZIP, and names that fall together elsewhere.
    pub warnings: Vec<String>,
}
