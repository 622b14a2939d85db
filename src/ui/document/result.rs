//! What a command that is about several file systems did to one of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ErrorView, Outcome};
use crate::domain::deployment::Deployment;
use crate::domain::plan::{Change, NotApplied};

/// One of several file systems: what was done to it, or would be.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResultView {
    /// How it ended.
    pub outcome: Outcome,
    /// What it was named: a name, or an id.
    pub reference: String,
    /// The region.
    pub region: Option<String>,
    /// The profile, where there are several.
    pub profile: Option<String>,
    /// The file system, where there is one to show.
    pub file_system: Option<Deployment>,
    /// What was changed, or would be.
    pub changes: Vec<Change>,
    /// What was asked for and not changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_applied: Vec<NotApplied>,
    /// Why it failed.
    pub error: Option<ErrorView>,
}
