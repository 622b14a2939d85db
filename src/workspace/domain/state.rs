//! What efsctl knows of a workspace and the user's build cannot change: `state/NAME/GENERATION.json`.

use serde::{Deserialize, Serialize};

use super::limits::Limits;

/// What kind of a workspace it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Expires when it is idle.
    #[default]
    Job,
    /// Stays.
    Project,
}

/// One generation of the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// 1.
    pub format: u32,
    /// The kind.
    pub kind: Kind,
    /// Whose it is.
    pub owner: String,
    /// Its own limits; without them those of whatever writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// The workspace was deleted, and its ZIP kept under this name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_zip: Option<String>,
}

impl State {
    /// The first generation.
    pub fn new(kind: Kind, owner: &str, limits: Option<Limits>) -> Self {
        Self {
            format: 1,
            kind,
            owner: owner.to_owned(),
            limits,
            kept_zip: None,
        }
    }
}
