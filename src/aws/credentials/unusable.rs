//! What is said of credentials that give no access.

use crate::cloud::Cause;

/// Credentials that cannot be had, or not be used.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{sentence}")]
pub(in crate::aws) struct Unusable {
    pub(in crate::aws) sentence: String,
    pub(in crate::aws) cause: Cause,
    /// The IAM action that is missing to have them.
    pub(in crate::aws) action: Option<String>,
}
