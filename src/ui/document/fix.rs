//! Fixes, in the document.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::ids::FileSystemId;
use crate::domain::plan::Change;

/// What `validate --fix` did about one file system, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FixView {
    /// Its id.
    pub file_system_id: FileSystemId,
    /// Its region.
    pub region: String,
    /// The profile, where several are audited.
    pub profile: Option<String>,
    /// What was added, or would be.
    pub changes: Vec<Change>,
    /// What failed and cannot be added here: why.
    pub notes: Vec<String>,
    /// Why nothing more was added.
    pub error: Option<String>,
}
