//! Refusals: which of them pass, how long, and where to look meanwhile.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Run;
use crate::cloud::{Cause, Class, Cloud, CloudError};
use crate::domain::action::{Action, ReadScope};
use crate::domain::event::Event;
use crate::domain::goal::Goal;
#[cfg(test)]
use crate::domain::mutants::{self, Mutant};
use crate::domain::plan::{Change, Verb};
use crate::domain::state::{MountTarget, State};
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
        let early = self.is_creating(action);
        let is_transient = match error.class {
            Class::Retry | Class::Throttle | Class::Ambiguous | Class::Recheck => true,
            // Should AWS refuse to delete what is still being created: it is waited for.
            Class::Permanent if early => true,
            // What it names was there at the last read: it is not known everywhere yet, or someone just took it away.
            Class::NotFound => names_what_we_look_at(action),
            Class::Denied | Class::Credentials | Class::Quota | Class::Permanent => false,
        };
        let change = Change::of(action, None, &self.observed);
        if !is_transient && action.is_best_effort() {
            self.skipped.insert(action.key());
            let what = &change.detail;
            self.context.warn(format!(
                "{what} could not be tagged ({error}); nothing else is affected"
            ));
            return None;
        }
        // The rest does not hang on it, and nothing that was made is wrong.
        if !is_transient && error.is(LOCKED) && matches!(action, Action::Set(..)) {
            self.skipped.insert(action.key());
            self.locked = Some((action.clone(), error));
            return None;
        }
        if !is_transient {
            return Some(error);
        }
        let since = self.refusals.since(action);
        // Looking has to settle it: what is due again, and is still refused when every read must have shown the
        // truth, is refused for good. A conflict can also mean "other VPC".
        let cause = error.cause();
        let passing = PASSING.iter().find(|(one, _)| cause.as_ref() == Some(one));
        let limit = match change.action {
            _ if passing.is_some() => passing.map(|(_, time)| *time),
            Verb::Delete if early || self.is_anything_going() => None,
            Verb::Delete => Some(DRAIN),
            Verb::Create | Verb::Update => Some(SETTLE),
        };
        if matches!(error.class, Class::Recheck | Class::NotFound)
            && limit.is_some_and(|limit| since.elapsed() > limit)
        {
            let class = if passing.is_some() {
                Class::Permanent
            } else {
                error.class
            };
            return Some(CloudError { class, ..error });
        }
        self.stale.insert(action.read_scope());
        if error.class == Class::NotFound {
            self.stale
                .extend([ReadScope::FileSystem, ReadScope::SecurityGroup]);
        }
        if error.is("IncorrectFileSystemLifeCycleState") {
            self.stale.insert(ReadScope::FileSystem);
        }
        if error.is("FileSystemInUse") {
            self.stale.insert(ReadScope::MountTargets);
        }
        self.context.report(&Event::Retrying {
            what: action.key(),
            why: error.to_string(),
        });
        self.last = Some(error);
        None
    }

    /// The action deletes a mount target that is still being created.
    fn is_creating(&self, action: &Action) -> bool {
        let Action::DeleteMountTarget(id) = action else {
            return false;
        };
        let of_id = |mt: &&MountTarget| mt.id == *id;
        let found = self.observed.mount_targets.iter().find(of_id);
        found.is_some_and(|mt| mt.state == State::Creating)
    }

    /// Something is being deleted: what it holds will be free soon.
    fn is_anything_going(&self) -> bool {
        let going = |state: &State| *state == State::Deleting;
        self.observed
            .file_system
            .as_ref()
            .is_some_and(|fs| going(&fs.state))
            || self
                .observed
                .mount_targets
                .iter()
                .any(|mt| going(&mt.state))
    }
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
