//! A region that could not be seen, in the document.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::advice::Invocation;
use crate::domain::finding::UnseenRegion;

/// A region of which nothing could be seen: neither good nor bad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnseenRegionView {
    /// Its name.
    pub region: String,
    /// The profile it was asked with, where several are audited.
    pub profile: Option<String>,
    /// What kept it from being seen.
    pub why: String,
}

impl UnseenRegionView {
    /// The view of a region, for the invocation that was typed.
    pub fn of(unseen: UnseenRegion, invocation: &Invocation) -> Self {
        Self {
            why: unseen.why.shown(invocation),
            region: unseen.region,
            profile: unseen.profile,
        }
    }
}
