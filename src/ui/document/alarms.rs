//! Alarms, in the document.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::alarm::Alarm;
use crate::domain::ids::FileSystemId;

/// The alarms that a file system should have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlarmsView {
    /// The file system.
    pub file_system_id: FileSystemId,
    /// The alarms.
    pub alarms: Vec<Alarm>,
    /// ARNs of the topics that hear of them.
    pub topics: Vec<String>,
}
