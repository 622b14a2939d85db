//! The JSON document: exactly one on stdout under `-o json`, whatever happens. Part of the contract:
//! `docs/efsctl-v1.schema.json` is generated from these types.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::deployment::Deployment;
use crate::domain::plan::Change;
use crate::error::{Error, Kind};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The file system was made.
    Created,
    /// It existed; something was added or changed.
    Changed,
    /// Everything was as it should be: no writing call was made.
    Unchanged,
    /// A dry run: `changes` would be made.
    Planned,
    /// What was looked for, or waited for, is there.
    Found,
    /// It is gone.
    Deleted,
    /// `sandbox serve` listens.
    Ready,
    /// See `error`.
    Failed,
}

/// What a command printed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Document {
    /// The version of this form.
    pub schema: &'static str,
    /// The command, for example `create`.
    pub command: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// The file system, where there is one to show.
    pub file_system: Option<Deployment>,
    /// The file systems of `list`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_systems: Option<Vec<Deployment>>,
    /// The orphans of `list --orphans`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orphans: Option<Vec<OrphanView>>,
    /// Where `sandbox serve` listens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_url: Option<String>,
    /// What was changed, or would be.
    pub changes: Vec<Change>,
    /// What else there is to know.
    pub warnings: Vec<String>,
    /// Requests that went out to AWS.
    pub calls: Calls,
    /// Why it failed.
    pub error: Option<ErrorView>,
}

/// Requests that went out to AWS, retries and pages included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Calls {
    /// All of them.
    pub total: u32,
    /// Those that can change something.
    pub writing: u32,
}

/// Something of ours that no complete deployment owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrphanView {
    /// What it is, and why.
    pub what: String,
    /// The line that removes it.
    pub remove: String,
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorView {
    /// Stable name: see `docs/EXIT_CODES.md`.
    pub code: &'static str,
    /// The exit code of the process.
    pub exit_code: u8,
    /// What happened.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// AWS's id of the request that failed.
    pub request_id: Option<String>,
    /// What this run made and could not remove.
    pub leftovers: Vec<String>,
}

impl Document {
    /// A document without contents.
    pub fn new(command: &'static str, outcome: Outcome) -> Self {
        Self {
            schema: "efsctl/v1",
            command,
            outcome,
            file_system: None,
            file_systems: None,
            orphans: None,
            endpoint_url: None,
            changes: Vec::new(),
            warnings: Vec::new(),
            calls: Calls::default(),
            error: None,
        }
    }

    /// The same document, of a failure.
    #[must_use]
    pub fn failed(mut self, error: &Error) -> Self {
        // A plan that worked is a plan, whatever `--check` makes of it.
        if error.kind != Kind::Policy {
            self.outcome = Outcome::Failed;
        }
        self.error = Some(ErrorView {
            code: error.kind.code(),
            exit_code: error.kind.exit_code(),
            message: error.message.clone(),
            hint: error.hint.clone(),
            request_id: error.request_id.clone(),
            leftovers: error.leftovers.clone(),
        });
        self
    }

    /// The document as text, with a line end.
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists always serialize.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The JSON Schema of this form.
    pub fn schema() -> String {
        serde_json::to_string_pretty(&schemars::schema_for!(Self)).unwrap_or_default() + "\n"
    }
}
