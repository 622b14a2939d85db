//! The difference between what should be and what is: the heart of efsctl.
//!
//! [`diff`] is a pure function over one table, [`row`]. What makes a file system differ from a security group is only which
//! attributes are compared and what has to be there first.

mod absent;
mod conflicts;
mod present;

use std::collections::BTreeSet;
use std::fmt;

use super::action::{Action, ReadScope};
use super::goal::Goal;
use super::ids::FileSystemId;
use super::observed::Observed;
use super::resource::ResourceId;
use super::state::State;

pub use conflicts::{Attribute, Conflict, conflicts};

/// Whether a thing should be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// It should.
    Present,
    /// It should not.
    Absent,
}

/// What is to be done about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// As it should be.
    Keep,
    /// Make it.
    Create,
    /// It is on its way: look again.
    Wait,
    /// Take it away.
    Delete,
    /// It will never be as it should.
    Fail,
}

/// The table: what should be, against what is.
pub fn row(want: Want, observed: Option<&State>) -> Row {
    match (want, observed) {
        (Want::Present, None | Some(State::Deleted)) => Row::Create,
        (Want::Present, Some(State::Available)) | (Want::Absent, None | Some(State::Deleted)) => {
            Row::Keep
        }
        (Want::Present, Some(State::Error)) => Row::Fail,
        (Want::Absent, Some(State::Available | State::Error)) => Row::Delete,
        (_, Some(State::Creating | State::Updating | State::Deleting | State::Other(_))) => {
            Row::Wait
        }
    }
}

/// A file system that cannot be deleted, because it holds what others created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The file system.
    pub file_system: FileSystemId,
    /// What others created in it.
    pub others: Vec<ResourceId>,
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file_system,
            others,
        } = self;
        let others: Vec<&str> = others.iter().map(ResourceId::as_str).collect();
        let others = others.join(", ");
        write!(
            f,
            "file system {file_system} is kept: this run did not create {others} in it"
        )
    }
}

/// What comes next.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Next {
    /// Calls that are due now; they can run side by side.
    pub actions: Vec<Action>,
    /// Calls that are due when nothing else is due or on its way.
    pub last: Vec<Action>,
    /// Parts that are on their way.
    pub waiting: BTreeSet<ReadScope>,
    /// Things that will never be as they should, each with a sentence.
    pub failed: Vec<String>,
    /// What blocks a removal and is not ours to remove.
    pub blocked: Vec<Blocked>,
}

impl Next {
    /// Everything is as it should be.
    pub fn is_done(&self) -> bool {
        self.last.is_empty() && self.is_rest_done()
    }

    fn is_rest_done(&self) -> bool {
        self.actions.is_empty()
            && self.waiting.is_empty()
            && self.failed.is_empty()
            && self.blocked.is_empty()
    }

    /// What comes last is due now, if nothing else is. To be asked again by who leaves some of the actions out.
    pub fn come_to_last(&mut self) {
        if self.is_rest_done() {
            self.actions.append(&mut self.last);
        }
    }
}

/// The difference between a goal and what is there.
pub fn diff(goal: &Goal, observed: &Observed) -> Next {
    let mut next = Next::default();
    match goal {
        Goal::Present(desired) => {
            let file_system = present::file_system(desired, observed, &mut next);
            let network = desired.network.as_ref().map(|network| {
                let groups = present::security_groups(desired, network, observed, &mut next);
                (network, groups)
            });
            present::rules(desired, observed, &mut next);
            present::unwanted_rules(desired, observed, &mut next);
            if let Some(file_system) = file_system {
                let later = present::settings(desired, file_system, observed, &mut next);
                if let Some((network, groups)) = &network {
                    let at = (*network, groups.as_ref());
                    present::mount_targets(desired, file_system, at, observed, &mut next);
                }
                present::unwanted_mount_targets(desired, observed, &mut next);
                present::access_points(desired, file_system, observed, &mut next);
                present::later(later, &mut next);
                next.come_to_last();
            }
        }
        Goal::Group(desired) => {
            if let Some(network) = &desired.network {
                present::security_groups(desired, network, observed, &mut next);
            }
        }
        Goal::Absent(removal) => absent::removal(removal, observed, &mut next),
        Goal::Usable => present::usable(observed, &mut next),
        Goal::Gone => {
            if observed.file_system.is_some() {
                next.waiting.insert(ReadScope::FileSystem);
            }
        }
    }
    next
}
