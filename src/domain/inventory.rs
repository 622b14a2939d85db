//! What an audit reads besides what the flow needs.

use super::ids::FileSystemId;

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
    pub fn described(&self) -> Vec<String> {
        let source = &self.source;
        let copy = |(id, region, status): &(FileSystemId, String, String)| {
            format!("{source} to {id} in {region} ({status})")
        };
        self.destinations.iter().map(copy).collect()
    }
}
