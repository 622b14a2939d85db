//! How a command ended, in the document.

use schemars::JsonSchema;
use serde::Serialize;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The file system was created.
    Created,
    /// It existed; something was added or changed.
    Changed,
    /// Everything matched the request: no write call was made.
    Unchanged,
    /// A dry run: `changes` would be made.
    Planned,
    /// What was looked up, or waited for, exists.
    Found,
    /// It was deleted.
    Deleted,
    /// `sandbox serve` or `workspace serve` listens.
    Ready,
    /// See `error`.
    Failed,
}

impl Outcome {
    /// Its name, as the document has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Planned => "planned",
            Self::Found => "found",
            Self::Deleted => "deleted",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
}
