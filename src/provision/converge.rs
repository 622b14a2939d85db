//! The only loop: read, compare, act, until nothing differs.

mod refused;

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use tokio::time::Instant;

use self::refused::Refusals;
use super::act;
use super::ledger::Ledger;
use super::pace::Pace;
use super::refresh::Lookup;
pub use super::stop::Stop;
use super::{Context, patience};
use crate::cloud::{Cloud, CloudError};
use crate::domain::action::{Action, ReadScope};
use crate::domain::diff::{Next, diff};
use crate::domain::event::{Event, Subject};
use crate::domain::goal::Goal;
#[cfg(test)]
use crate::domain::mutants::{self, Mutant};
use crate::domain::observed::Observed;
use crate::domain::plan::Change;
use crate::domain::state::State;

/// One run towards a goal.
pub struct Run<'c, 'r, C> {
    /// What every step needs.
    pub context: &'c Context<'r, C>,
    /// By what things are found.
    pub lookup: Lookup,
    /// What is there.
    pub observed: Observed,
    /// What this run created.
    pub ledger: Ledger,
    /// Do not wait for mount targets to become available.
    pub no_wait: bool,
    /// What every refresh covers, whatever it is for.
    pub(super) always_refresh: BTreeSet<ReadScope>,
    started: Instant,
    refreshes: u32,
    refusals: Refusals,
    stale: BTreeSet<ReadScope>,
    skipped: BTreeSet<String>,
    locked: Option<(Action, CloudError)>,
    last: Option<CloudError>,
    reported: BTreeMap<Subject, State>,
}

impl<'c, 'r, C: Cloud> Run<'c, 'r, C> {
    /// A run that begins with what a survey found.
    pub fn new(context: &'c Context<'r, C>, lookup: Lookup, observed: Observed) -> Self {
        Self {
            context,
            lookup,
            observed,
            ledger: Ledger::default(),
            no_wait: false,
            always_refresh: BTreeSet::new(),
            started: Instant::now(),
            refreshes: 0,
            refusals: Refusals::default(),
            stale: BTreeSet::new(),
            skipped: BTreeSet::new(),
            locked: None,
            last: None,
            reported: BTreeMap::new(),
        }
    }

    /// The same run, with another context: what it knows and made stays, refusals are forgotten.
    pub(super) fn resumed<'d>(self, context: &'d Context<'r, C>) -> Run<'d, 'r, C>
    where
        'c: 'd,
    {
        Run {
            context,
            started: Instant::now(),
            refusals: Refusals::default(),
            stale: BTreeSet::new(),
            last: None,
            ..self
        }
    }

    /// Goes on until nothing differs from the goal. The goal is asked for again after each read: what has to be
    /// rolled back may only appear then.
    ///
    /// # Errors
    ///
    /// Why the goal was not reached. Calls that were in flight have ended; what they made is in the ledger.
    pub async fn converge(
        &mut self,
        goal: impl Fn(&Observed, &Ledger) -> Goal,
    ) -> Result<(), Stop> {
        let mut pace = Pace::new(&self.context.pacing);
        let mut since: BTreeMap<ReadScope, Instant> = BTreeMap::new();
        loop {
            let goal_now = goal(&self.observed, &self.ledger);
            self.note_foreign(&goal_now);
            let next = self.differs(&goal_now);
            self.refusals.keep(&next.actions);
            self.confirm_settings(&goal_now, &next);
            self.report_states();

            let unconfirmed = matches!(goal_now, Goal::Absent(_)) && self.has_unconfirmed();
            if next.is_done() && !unconfirmed {
                return match self.locked.take() {
                    Some((action, error)) => Err(Stop::Locked(action, error)),
                    None => Ok(()),
                };
            }
            if !next.failed.is_empty() {
                return Err(Stop::Failed(next.failed));
            }
            if self.context.stop.is_cancelled() {
                return Err(Stop::Interrupted);
            }
            let due: Vec<Action> = next
                .actions
                .iter()
                .filter(|action| !self.stale.contains(&action.read_scope()))
                .cloned()
                .collect();
            if !due.is_empty() {
                if self.act(&goal_now, &due).await? {
                    pace.reset();
                }
                continue;
            }
            if next.actions.is_empty() && next.waiting.is_empty() && !unconfirmed {
                return Err(Stop::Blocked(next.blocked));
            }
            let mut scopes = self.scopes(&next, unconfirmed);
            since.retain(|scope, _| scopes.contains(scope));
            for scope in &scopes {
                since.entry(*scope).or_insert_with(Instant::now);
            }
            self.pause(pace.next_poll(), &since, &next).await?;
            // The run that began it may be rolling back since its last read: what it deletes first may go after it was read here.
            if goal_now.may_lose_access_points() {
                scopes.insert(ReadScope::AccessPoints);
            }
            self.refresh(&scopes).await?;
        }
    }

    /// What differs from a goal, as far as this run minds.
    pub fn differs(&self, goal: &Goal) -> Next {
        let mut next = diff(goal, &self.observed);
        if self.no_wait {
            next.waiting.remove(&ReadScope::MountTargets);
        }
        next.actions
            .retain(|action| !self.skipped.contains(&action.key()));
        next.come_to_last();
        next
    }

    /// Notes who made what has come into view.
    fn note_foreign(&mut self, goal: &Goal) {
        let Some(desired) = goal.desired() else {
            return;
        };
        if let Some(fs) = &self.observed.file_system {
            self.ledger
                .note_foreign((&fs.id).into(), &fs.tags, &desired.run);
        }
        if let Some(group) = &self.observed.security_group {
            self.ledger
                .note_foreign((&group.id).into(), &group.tags, &desired.run);
        }
    }

    /// A setting whose call got no answer and that is there now, was made by this run: no one else is known to be at it.
    fn confirm_settings(&mut self, goal: &Goal, next: &Next) {
        if !next.failed.is_empty() || goal.desired().is_none() {
            return;
        }
        let stale = &self.stale;
        let is_there = |_: &String, action: &mut Action| {
            !stale.contains(&action.read_scope()) && !next.actions.contains(action)
        };
        let ledger = &mut self.ledger;
        let refused = ledger.rechecked_settings.extract_if(.., is_there);
        let mut made: BTreeMap<String, Action> = refused.collect();
        made.extend(ledger.unconfirmed_settings.extract_if(.., is_there));
        for action in made.into_values() {
            let change = Change::of(&action, goal.desired(), &self.observed);
            self.context.report(&Event::Changed(change.clone()));
            self.ledger.changed(&action, change);
        }
    }

    /// What the next poll has to cover.
    fn scopes(&self, next: &Next, unconfirmed: bool) -> BTreeSet<ReadScope> {
        let mut scopes = &next.waiting | &self.always_refresh;
        scopes.extend(self.stale.iter().copied());
        if unconfirmed {
            scopes.extend([
                ReadScope::FileSystem,
                ReadScope::SecurityGroup,
                ReadScope::MountTargets,
            ]);
            scopes.extend(self.ledger.unconfirmed_scopes());
        }
        scopes
    }

    fn has_unconfirmed(&self) -> bool {
        self.ledger
            .unconfirmed_until()
            .is_some_and(|until| Instant::now() < until)
    }

    /// Sends all calls that are due, side by side. Siblings in flight always finish: a call that is dropped may still take effect.
    ///
    /// Returns whether anything moved.
    async fn act(&mut self, goal: &Goal, due: &[Action]) -> Result<bool, Stop> {
        let cloud = self.context.cloud;
        let answers = join_all(due.iter().map(|action| act::send(cloud, goal, action))).await;
        let mut moved = false;
        let mut fatal = None;
        #[cfg(test)]
        let forgets = mutants::is(Mutant::ForgetSiblings) && answers.iter().any(Result::is_err);
        for (action, answer) in due.iter().zip(answers) {
            #[cfg(test)]
            if forgets && answer.is_ok() {
                continue;
            }
            match answer {
                Ok(done) => {
                    moved = true;
                    self.ledger.unconfirmed_settings.remove(&action.key());
                    self.ledger.rechecked_settings.remove(&action.key());
                    let change =
                        act::record(goal, action, done, &mut self.observed, &mut self.ledger);
                    self.context.report(&Event::Changed(change.clone()));
                    self.ledger.changed(action, change);
                }
                Err(error) => {
                    if let Some(error) = self.refused(goal, action, error) {
                        fatal.get_or_insert((action.clone(), error));
                    }
                }
            }
        }
        match fatal {
            Some((action, error)) => Err(Stop::CallFailed(action, error)),
            None => Ok(moved),
        }
    }

    /// Waits for the next poll, the deadline, or ctrl-C, whichever is first.
    async fn pause(
        &self,
        next_poll: Instant,
        since: &BTreeMap<ReadScope, Instant>,
        next: &Next,
    ) -> Result<(), Stop> {
        let deadline = self.context.deadline.or_else(|| {
            // In doubt about what was made, a removal looks until the doubt is over, whatever a scope usually takes.
            since.iter().map(|(scope, at)| *at + patience(*scope)).min()
        });
        let out_of_time = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if out_of_time {
            return Err(Stop::TimedOut {
                waiting: self.unfinished(next),
                complete: next.actions.is_empty()
                    && next.last.is_empty()
                    && !next.waiting.contains(&ReadScope::FileSystem),
                elapsed: self.started.elapsed(),
                refreshes: self.refreshes,
                last: self.last.clone(),
            });
        }
        let wake = deadline.map_or(next_poll, |deadline| next_poll.min(deadline));
        tokio::select! {
            () = tokio::time::sleep_until(wake) => Ok(()),
            () = self.context.stop.cancelled() => Err(Stop::Interrupted),
        }
    }

    /// Reads the scopes. A read that fails transiently is made again in the next turn.
    async fn refresh(&mut self, scopes: &BTreeSet<ReadScope>) -> Result<(), Stop> {
        self.refreshes += 1;
        match self
            .lookup
            .refresh(self.context.cloud, scopes, &self.ledger, &mut self.observed)
            .await
        {
            Ok(()) => {
                self.stale.retain(|scope| !scopes.contains(scope));
                Ok(())
            }
            Err(error) if error.class.is_transient() => {
                self.context.report(&Event::Retrying {
                    what: "look".to_owned(),
                    why: error.to_string(),
                });
                self.last = Some(error);
                Ok(())
            }
            Err(error) => Err(Stop::ReadFailed(error)),
        }
    }

    /// What is not as it should be, in words, with the state it is in.
    fn unfinished(&self, next: &Next) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        if next.waiting.contains(&ReadScope::FileSystem)
            && let Some(fs) = &self.observed.file_system
        {
            words.push(format!("file system {} is {}", fs.id, fs.state));
        }
        for mt in self
            .observed
            .mount_targets
            .iter()
            .filter(|mt| mt.state != State::Available)
        {
            words.push(format!(
                "mount target {} in {} is {}",
                mt.id, mt.zone, mt.state
            ));
        }
        words.extend(
            next.actions
                .iter()
                .map(|action| format!("{} is still refused", action.key())),
        );
        words
    }

    /// Reports states that changed since they were reported last.
    fn report_states(&mut self) {
        let file_system = self
            .observed
            .file_system
            .iter()
            .map(|fs| (Subject::FileSystem, fs.id.to_string(), &fs.state));
        let mount_targets = self.observed.mount_targets.iter().map(|mt| {
            (
                Subject::MountTarget(mt.zone.clone()),
                mt.id.to_string(),
                &mt.state,
            )
        });
        let mut seen: Vec<_> = file_system.chain(mount_targets).collect();
        seen.sort();
        for (subject, id, state) in seen {
            // What was there and ready from the start is no news.
            let known = self.reported.get(&subject);
            if known == Some(state)
                || (known.is_none() && self.refreshes == 0 && *state == State::Available)
            {
                continue;
            }
            self.context.report(&Event::State {
                subject: subject.clone(),
                id: Some(id),
                state: state.clone(),
                elapsed: self.started.elapsed(),
            });
            self.reported.insert(subject, state.clone());
        }
    }
}
