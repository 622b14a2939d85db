//! What happens during a run, reported to its listener. The flow never prints.

use std::time::Duration;

use super::advice::Advice;
use super::ids::{Reference, Zone};
use super::plan::Change;
use super::state::State;

/// A thing whose state is followed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// The file system.
    FileSystem,
    /// The mount target of a zone.
    MountTarget(Zone),
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The plan is known and begins to be carried out.
    Planned(Vec<Change>),
    /// A call changed something.
    Changed(Change),
    /// A look found a state, after so much time of waiting.
    State {
        /// Of what.
        subject: Subject,
        /// Its id, once known.
        id: Option<String>,
        /// The state that was found.
        state: State,
        /// Since the wait began.
        elapsed: Duration,
    },
    /// This host asked for a mount target, and the answer is another than before.
    Asked {
        /// The zone of the mount target.
        zone: Zone,
        /// What was asked: its DNS name, or its address.
        at: String,
        /// What was answered.
        answer: String,
    },
    /// A call failed transiently.
    Retrying {
        /// What is tried again.
        what: String,
        /// Why.
        why: String,
    },
    /// Something to know that does not fail the run.
    Warning(Advice),
    /// Something to know that is no reason to worry.
    Note(Advice),
    /// Something failed; what this run created is being removed.
    RollingBack {
        /// Why.
        why: Advice,
    },
}

/// Listens to a run.
pub trait Reporter: Send + Sync {
    /// One event, in the order of time, and the deployment it is about: the name or the file system that the call names. `None`: it
    /// is about none in particular.
    fn event(&self, about: Option<&Reference>, event: &Event);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn event(&self, _: Option<&Reference>, _: &Event) {}
}
