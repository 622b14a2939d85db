//! How the loop can end short of its goal.

use std::time::Duration;

use crate::cloud::CloudError;
use crate::domain::action::Action;
use crate::domain::diff::Blocked;

/// Why the loop ended short of its goal.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// A call was refused for good.
    CallFailed(Action, CloudError),
    /// Everything else is as it should be, and EFS does not let this setting change for now.
    Locked(Action, CloudError),
    /// A read was refused for good.
    ReadFailed(CloudError),
    /// Something is in a state it will never leave.
    Failed(Vec<String>),
    /// A removal is blocked by what is not ours.
    Blocked(Vec<Blocked>),
    /// It timed out and something is still on its way.
    TimedOut {
        /// What was waited for.
        waiting: Vec<String>,
        /// Everything is made; only its states are waited for.
        complete: bool,
        /// How long.
        elapsed: Duration,
        /// How often it was read.
        refreshes: u32,
        /// The last call that failed transiently.
        last: Option<CloudError>,
    },
    /// The user asked to stop.
    Interrupted,
}
