//! Why a file system cannot be mounted or used: from what was observed to causes, the most likely one first.
//!
//! Pure. What AWS shows ([`AccountFacts`], with the verdicts of the audit), what this host shows
//! ([`HostFacts`](crate::host::facts::HostFacts)) and what a message says become [`Sign`]s; a cause is a row of one table
//! ([`CAUSES`]) that says which signs point to it, and how much. Nothing is judged twice: security groups, network ACLs and policies
//! come as the audit judged them.

mod account;
mod causes;
mod diagnosis;
mod facts;
mod local;
mod message;
mod notes;
mod picture;
mod remedies;
mod sign;

pub use self::causes::CAUSES;
pub use self::diagnosis::{Cause, Certainty, Diagnosis, FoundCause, SEEN, diagnose};
pub use self::facts::{AccountFacts, Case, Gate, GatePassing, HostSide, PathFacts, Readable};
pub use self::message::PATTERNS;
pub use self::notes::{Observation, Step};
pub use self::picture::{Hop, Mark, Picture};
pub use self::sign::{Side, Sign};

/// Checks of the audit whose verdicts are used, each a step of the diagnosis.
pub use self::account::CHECKS;
