//! Refusals: which of them pass, how long, and where to look meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::Run;
use crate::cloud::{Cause, Class, Cloud, CloudError};
use crate::domain::action::{Action, ReadScope};
use crate::domain::event::Event;
use crate::domain::goal::Goal;
#[cfg(test)]
use crate::domain::mutants::{self, Mutant};
use crate::domain::observed::Observed;
use crate::domain::plan::{Change, Verb};
use crate::domain::state::State;
use crate::provision::{DRAIN, PROPAGATION, SETTLE};

/// A setting that changed too recently, with the time from which it may change again (EFS API reference, `UpdateFileSystem`:
/// 24 hours for the throughput mode).
const LOCKED: &str = "TooManyRequests";

/// Refusals that have a time of their own, in which they pass or never do.
const PASSING: &[(Cause, Duration)] = &[(Cause::UnknownPrincipal, PROPAGATION)];

impl<C: Cloud> Run<'_, '_, C> {
    /// A call was refused: the error, if that ends the run.
    pub(super) fn refused(
        &mut self,
        goal: &Goal,
        action: &Action,
        error: CloudError,
    ) -> Option<CloudError> {
        if error.class == Class::Ambiguous {
            self.ledger.note_unconfirmed(action);
        }
        let unconfirmed = match error.class {
            Class::Ambiguous => Some(&mut self.ledger.unconfirmed_settings),
            Class::Recheck => Some(&mut self.ledger.rechecked_settings),
            _ => None,
        };
        // What a target must not have is a change of it like any other; what a rollback deletes is not.
        let takes = action.deletes().is_some() && goal.desired().is_some();
        if let Some(unconfirmed) = unconfirmed.filter(|_| action.sets() || takes) {
            unconfirmed.insert(action.key(), action.clone());
        }
        #[cfg(test)]
        if mutants::is(Mutant::ConflictIsSuccess) && error.class == Class::Recheck {
            self.skipped.insert(action.key());
            return None;
        }
        let change = Change::of(action, None, &self.observed);
        let since = Circumstances {
            early: is_creating(&self.observed, action),
            something_is_deleted: is_anything_going(&self.observed),
            refused_for: self.refusals.since(action).elapsed(),
            verb: change.action,
        };
        match meaning(action, &error, &since) {
            Meaning::Ends => return Some(error),
            Meaning::EndsForGood => {
                let class = Class::Permanent;
                return Some(CloudError { class, ..error });
            }
            Meaning::LeftOut => {
                self.skipped.insert(action.key());
                let what = &change.detail;
                self.context.warn(format!(
                    "{what} could not be tagged ({error}); nothing else is affected"
                ));
            }
            Meaning::Locked => {
                self.skipped.insert(action.key());
                self.locked = Some((action.clone(), error));
            }
            Meaning::Again(scopes) => {
                self.stale.extend(scopes);
                self.context.report(&Event::Retrying {
                    what: action.key(),
                    why: error.to_string(),
                });
                self.last = Some(error);
            }
        }
        None
    }
}

/// The action deletes a mount target that is still being created.
fn is_creating(observed: &Observed, action: &Action) -> bool {
    let Action::DeleteMountTarget(id) = action else {
        return false;
    };
    let found = observed.mount_targets.iter().find(|mt| mt.id == *id);
    found.is_some_and(|mt| mt.state == State::Creating)
}

/// The file system or one of its mount targets is being deleted: what they hold will be free soon.
fn is_anything_going(observed: &Observed) -> bool {
    let file_system = observed.file_system.iter().map(|fs| &fs.state);
    let mount_targets = observed.mount_targets.iter().map(|mt| &mt.state);
    let mut states = file_system.chain(mount_targets);
    states.any(|state| *state == State::Deleting)
}

/// What is so when a call is refused.
#[derive(Debug, Clone, Copy)]
struct Circumstances {
    /// The call deletes a mount target that is still being created.
    early: bool,
    /// The file system or one of its mount targets is being deleted.
    something_is_deleted: bool,
    /// How long this very call has been refused.
    refused_for: Duration,
    /// What the call does.
    verb: Verb,
}

/// What a refusal means for the run.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    /// The run ends with it.
    Ends,
    /// The same, although such a refusal may pass: it had its time.
    EndsForGood,
    /// The call is left out; nothing else hangs on it.
    LeftOut,
    /// The setting is left out until AWS lets it change.
    Locked,
    /// These scopes are read again, and the call is sent again if it is still due.
    Again(BTreeSet<ReadScope>),
}

fn meaning(action: &Action, error: &CloudError, since: &Circumstances) -> Meaning {
    let is_transient = match error.class {
        Class::Retry | Class::Throttle | Class::Ambiguous | Class::Recheck => true,
        // Should AWS refuse to delete what is still being created: it is waited for.
        Class::Permanent => since.early,
        // What it names was there at the last read: it is not known everywhere yet, or someone just took it away.
        Class::NotFound => names_what_we_look_at(action),
        Class::Denied | Class::Credentials | Class::Quota => false,
    };
    if !is_transient {
        if action.is_best_effort() {
            return Meaning::LeftOut;
        }
        // The rest does not hang on it, and nothing that was made is wrong.
        if error.is(LOCKED) && matches!(action, Action::Set(..)) {
            return Meaning::Locked;
        }
        return Meaning::Ends;
    }
    // Looking has to settle it: what is due again, and is still refused when every read must have shown the
    // truth, is refused for good. A conflict can also mean "other VPC".
    let cause = error.cause();
    let passing = PASSING.iter().find(|(one, _)| cause.as_ref() == Some(one));
    let limit = match (passing, since.verb) {
        (Some((_, time)), _) => Some(*time),
        (None, Verb::Delete) if since.early || since.something_is_deleted => None,
        (None, Verb::Delete) => Some(DRAIN),
        (None, Verb::Create | Verb::Update) => Some(SETTLE),
    };
    if matches!(error.class, Class::Recheck | Class::NotFound)
        && limit.is_some_and(|limit| since.refused_for > limit)
    {
        return match passing {
            Some(_) => Meaning::EndsForGood,
            None => Meaning::Ends,
        };
    }
    let mut stale = BTreeSet::from([action.read_scope()]);
    if error.class == Class::NotFound {
        stale.extend([ReadScope::FileSystem, ReadScope::SecurityGroup]);
    }
    if error.is("IncorrectFileSystemLifeCycleState") {
        stale.insert(ReadScope::FileSystem);
    }
    if error.is("FileSystemInUse") {
        stale.insert(ReadScope::MountTargets);
    }
    Meaning::Again(stale)
}

/// Whether a thing that the action names, and that is read again, can be what is not found.
fn names_what_we_look_at(action: &Action) -> bool {
    !matches!(
        action,
        Action::CreateFileSystem | Action::CreateSecurityGroup
    )
}

/// Actions that are refused and due again, and since when.
#[derive(Debug, Default)]
pub(super) struct Refusals(BTreeMap<String, (Action, Instant)>);

impl Refusals {
    /// Since when this very action is refused: now, if it was not before.
    pub(super) fn since(&mut self, action: &Action) -> Instant {
        let refused = self.0.entry(action.key());
        refused
            .or_insert_with(|| (action.clone(), Instant::now()))
            .1
    }

    /// What is no longer due was granted, or has become needless.
    pub(super) fn keep(&mut self, due: &[Action]) {
        self.0.retain(|_, (action, _)| due.contains(action));
    }
}

#[cfg(test)]
mod tests;
