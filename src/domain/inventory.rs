//! What an audit reads besides what the flow needs.

use super::ids::{AccessPointId, FileSystemId};
use super::state::State;
use super::tags::Tags;

/// An access point, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPointFacts {
    /// Its id.
    pub id: AccessPointId,
    /// Its file system.
    pub file_system: FileSystemId,
    /// Its state.
    pub state: State,
    /// The directory that clients see as the root.
    pub path: String,
    /// User and group that every request is made as.
    pub user: Option<(i64, i64)>,
    /// Tags.
    pub tags: Tags,
}

/// A replication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replication {
    /// The file system that is copied.
    pub source: FileSystemId,
    /// The copies: id, region, and state (`ENABLED`, `ENABLING`, `DELETING`, `ERROR`, `PAUSED`, `PAUSING`).
    pub destinations: Vec<(FileSystemId, String, String)>,
}

impl Replication {
    /// `fs-… to fs-… in REGION (ENABLED)`, of each copy.
    pub fn told(&self) -> Vec<String> {
        let source = &self.source;
        let copy = |(id, region, status): &(FileSystemId, String, String)| {
            format!("{source} to {id} in {region} ({status})")
        };
        self.destinations.iter().map(copy).collect()
    }
}
