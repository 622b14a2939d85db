//! The states that a resource passes through.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word::NOT_REPORTED;

/// Life-cycle state of a file system or mount target (service model: `LifeCycleState`).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Being created.
    Creating,
    /// Ready.
    Available,
    /// Changing; usable.
    Updating,
    /// Being deleted.
    Deleting,
    /// Deleted: AWS shows it for a while.
    Deleted,
    /// Broken permanently.
    Error,
    /// A state this version does not know.
    #[serde(untagged)]
    Other(String),
}

impl State {
    /// The word of the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Creating => "creating",
            Self::Available => "available",
            Self::Updating => "updating",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
            Self::Error => "error",
            Self::Other(word) => word,
        }
    }

    /// Reads the word of the API.
    pub fn from_api(word: &str) -> Self {
        match word {
            "creating" => Self::Creating,
            "available" => Self::Available,
            "updating" => Self::Updating,
            "deleting" => Self::Deleting,
            "deleted" => Self::Deleted,
            "error" => Self::Error,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl State {
    /// Reads a state that the API may leave out.
    pub fn from_answer(word: Option<&str>) -> Self {
        Self::from_api(word.unwrap_or(NOT_REPORTED))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
