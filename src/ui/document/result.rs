//! What a command that is about several file systems did to one of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Contents, ErrorView, Outcome};
use crate::domain::deployment::Deployment;
use crate::domain::ids::Reference;
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
    #[schemars(default)]
    pub not_applied: Vec<NotApplied>,
    /// Why it failed.
    pub error: Option<ErrorView>,
}

impl ResultView {
    /// That one ended so.
    pub fn new(outcome: Outcome, reference: &Reference, region: &str) -> Self {
        Self {
            outcome,
            reference: reference.to_string(),
            region: Some(region.to_owned()),
            profile: None,
            file_system: None,
            changes: Vec::new(),
            not_applied: Vec::new(),
            error: None,
        }
    }

    /// That one failed so.
    #[must_use]
    pub fn failed(self, error: ErrorView) -> Self {
        Self {
            outcome: Outcome::Failed,
            error: Some(error),
            ..self
        }
    }
}

impl Contents {
    /// Of several file systems: how each ended, and what was changed of all.
    pub fn several(outcome: Outcome, results: Vec<ResultView>) -> Self {
        let changes = results.iter().flat_map(|result| result.changes.clone());
        Self {
            changes: changes.collect(),
            results: Some(results),
            ..Self::new(outcome)
        }
    }
}
