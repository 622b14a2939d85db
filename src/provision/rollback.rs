//! Rollback: the same loop, with what this run created as the thing that has to go.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Context;
use super::converge::{Run, Stop};
use super::ledger::Ledger;
use super::pace::GaveUp;
use crate::cloud::{Cloud, CloudError};
use crate::domain::action::ReadScope;
use crate::domain::advice::Advice;
use crate::domain::diff::Blocked;
use crate::domain::event::Event;
use crate::domain::goal::{Goal, Removal};
use crate::domain::leftover::{LeftReason, Leftover};
#[cfg(test)]
use crate::domain::mutants::{self, Mutant};
use crate::domain::observed::Observed;
use crate::domain::resource::ResourceId;
use crate::domain::state::{MountTarget, State};
use crate::domain::tags;

/// How long a rollback may take.
const PATIENCE: Duration = Duration::from_mins(15);

/// What a rollback removes: what this run created, unless another run has put its name on the file system since.
fn removal(run: &str, observed: &Observed, ledger: &Ledger) -> Removal {
    if taken_over(observed, ledger).is_some() {
        return Removal::default();
    }
    made(run, observed, ledger)
}

/// What this run created, as far as it is known from what others created.
///
/// A file system and a security group carry the run in their tags. A mount target cannot: it is ours if we got its
/// id back, or if it appears in a zone we asked for, in a file system of ours. When ownership is uncertain it is kept and reported.
fn made(run: &str, observed: &Observed, ledger: &Ledger) -> Removal {
    let is_ours = |id: &ResourceId, tags: &tags::Tags| {
        !ledger.before.contains(id) && tags::made_by(tags, run)
    };
    #[cfg(test)]
    let is_ours =
        |id: &ResourceId, tags: &tags::Tags| mutants::is(Mutant::DeleteByName) || is_ours(id, tags);
    let ours = |id: ResourceId, tags| {
        let is_ours = is_ours(&id, tags) || ledger.all_made().any(|made| *made == id);
        is_ours.then_some(id)
    };
    let fs = observed.file_system.as_ref();
    let file_system = fs.and_then(|fs| ours((&fs.id).into(), &fs.tags));
    let group = observed.security_group.as_ref();
    let group = group.and_then(|group| ours((&group.id).into(), &group.tags));
    let points = observed.access_points.iter().flatten();
    let points = points.filter_map(|point| ours((&point.id).into(), &point.tags));
    let made_mount_targets = ledger
        .all_made()
        .filter(|id| matches!(id, ResourceId::MountTarget(_)));
    let zones = ledger.unconfirmed_zones();
    let is_in_ours = file_system.is_some();
    let appeared = observed
        .mount_targets
        .iter()
        .filter(|mt| is_in_ours && zones.contains(&mt.zone));
    let appeared = appeared.map(|mt| (&mt.id).into());
    let mount_targets = made_mount_targets.cloned().chain(appeared);
    let groups = group.into_iter();
    mount_targets
        .chain(points)
        .chain(file_system.clone())
        .chain(groups)
        .collect()
}

/// The other run whose name is on the file system now, if it is not a name that was found there.
fn taken_over<'observed>(observed: &'observed Observed, ledger: &Ledger) -> Option<&'observed str> {
    #[cfg(test)]
    if mutants::is(Mutant::BlindRollback) {
        return None;
    }
    let run = observed.file_system.as_ref()?.tags.get(tags::RUN)?;
    (!ledger.runs.contains(run)).then_some(run)
}

/// A run that ended short of its goal.
#[derive(Debug)]
pub struct FailedRun<'a> {
    /// The run.
    pub run: &'a str,
    /// What it was to reach.
    pub goal: Goal,
    /// Why it did not.
    pub why: &'a Advice,
}

/// Removes what a run created that ended short of its goal, if that is still so.
///
/// It reads first: another run may have adopted what this one began, or finished it; then it stays.
pub async fn rollback<C: Cloud>(
    context: &Context<'_, C>,
    failed: &FailedRun<'_>,
    ended: Run<'_, '_, C>,
    stop: CancellationToken,
) -> RollbackOutcome {
    let FailedRun { run, goal, why } = failed;
    if !ended.ledger.made_anything() {
        return RollbackOutcome::Leftovers(Vec::new());
    }
    let context = Context {
        cloud: context.cloud,
        reporter: context.reporter,
        about: context.about.clone(),
        stop,
        pacing: context.pacing,
        deadline: Some(Instant::now() + PATIENCE),
    };
    let mut back = ended.resumed(&context);
    // While the access points are read again, another run may come or everything be finished.
    loop {
        if let Some(outcome) = nothing_to_remove(&mut back, run, goal).await {
            return outcome;
        }
        if see_access_points(&mut back, run).await <= 1 {
            break;
        }
    }
    context.report(&Event::RollingBack {
        why: (*why).clone(),
    });
    // Who comes while things go finds them unfinished, and puts its name on the file system.
    back.always_refresh.insert(ReadScope::FileSystem);
    let outcome = back
        .converge(|observed, ledger| Goal::Absent(removal(run, observed, ledger)))
        .await;
    if let Some(other) = taken_over(&back.observed, &back.ledger) {
        return RollbackOutcome::TakenOver(other.to_owned());
    }
    RollbackOutcome::Leftovers(match outcome {
        Ok(()) => perhaps_ours(&back.observed, &back.ledger),
        Err(stop) => stopped(run, &back.observed, &back.ledger, &stop),
    })
}

/// Looks at what is there, and whether something of it has to be removed.
async fn nothing_to_remove<C: Cloud>(
    back: &mut Run<'_, '_, C>,
    run: &str,
    goal: &Goal,
) -> Option<RollbackOutcome> {
    let kept = |back: &Run<'_, '_, C>, why: LeftReason| {
        let removal = made(run, &back.observed, &back.ledger);
        let why = |_: &ResourceId| Some(why.clone());
        RollbackOutcome::Leftovers(leftovers(&removal, &back.observed, &back.ledger, why))
    };
    match refresh(back, goal).await {
        // Whose it is, is not known: it is kept and reported.
        Err(error) => return Some(kept(back, LeftReason::NotSeen(error.refused()))),
        Ok(sees_all) if sees_all && back.differs(goal).is_done() => {
            return Some(RollbackOutcome::Complete(Box::new(back.observed.clone())));
        }
        Ok(_) => {}
    }
    let other = taken_over(&back.observed, &back.ledger)?.to_owned();
    if !back.ledger.concurrent_runs.contains(&other) {
        return Some(RollbackOutcome::TakenOver(other));
    }
    // It was there before this run could build on it, so it may be at work with what this run created.
    Some(kept(back, LeftReason::OtherRun { run: other }))
}

/// Looks for access points in the file system that goes: others may have made some, and deleting the file system may take them along (the EFS user
/// guide says so, the API reference does not). A caller who may not read them takes the file system back as before. With how many
/// calls.
async fn see_access_points<C: Cloud>(back: &mut Run<'_, '_, C>, run: &str) -> usize {
    if made(run, &back.observed, &back.ledger)
        .file_system()
        .is_none()
    {
        return 0;
    }
    let context = back.context;
    let mut calls = 0;
    let scopes = BTreeSet::from([ReadScope::AccessPoints]);
    let retry = context.retry();
    let seen = retry.until(
        async || {
            calls += 1;
            let lookup = &back.lookup;
            lookup
                .refresh(context.cloud, &scopes, &back.ledger, &mut back.observed)
                .await
        },
        // A throttle is no answer: what is not read could be in use.
        |error: &CloudError| error.class.is_transient(),
    );
    tokio::select! {
        _ = seen => {}
        () = context.stop.cancelled() => return 0,
    }
    calls
}

/// Looks at the file system and at what belongs to it. Whether all of it could be seen; an error: not even the file system.
async fn refresh<C: Cloud>(back: &mut Run<'_, '_, C>, goal: &Goal) -> Result<bool, CloudError> {
    let context = back.context;
    let mut scopes = BTreeSet::from([
        ReadScope::FileSystem,
        ReadScope::SecurityGroup,
        ReadScope::MountTargets,
    ]);
    if let Some(desired) = goal.desired() {
        scopes.extend(desired.spec.settings.asked().map(ReadScope::from));
        scopes.extend((!desired.spec.access_points.is_empty()).then_some(ReadScope::AccessPoints));
    }
    let mut warned = false;
    let see = async || {
        for scopes in [scopes.clone(), BTreeSet::from([ReadScope::Interfaces])] {
            back.lookup
                .refresh(context.cloud, &scopes, &back.ledger, &mut back.observed)
                .await?;
        }
        Ok::<(), CloudError>(())
    };
    let is_transient = |error: &CloudError| {
        let is_transient = error.class.is_transient() && !context.stop.is_cancelled();
        // It may take minutes: the user has to know why nothing is removed yet.
        if is_transient && !warned {
            warned = true;
            context.warn(format!(
                "the resources of this run are not visible yet, retrying: {error}"
            ));
        }
        is_transient
    };
    match context.retry().until(see, is_transient).await {
        Ok(()) => Ok(true),
        Err(GaveUp::Stopped(error)) => Err(error),
        Err(GaveUp::Failed(error) | GaveUp::TimedOut(error)) => match error.operation {
            "DescribeFileSystems" => Err(error),
            _ => Ok(false),
        },
    }
}

/// How a rollback ended.
#[derive(Debug, Clone, PartialEq)]
pub enum RollbackOutcome {
    /// What is left; empty: everything this run created is gone.
    Leftovers(Vec<Leftover>),
    /// This other run goes on with what this one began: what is there stays.
    TakenOver(String),
    /// Nothing was removed: everything that was asked for is there by now.
    Complete(Box<Observed>),
}

/// Mount targets that may be this run's, in a file system that is not: they are kept and reported.
fn perhaps_ours(observed: &Observed, ledger: &Ledger) -> Vec<Leftover> {
    let zones = ledger.unconfirmed_zones();
    let unexplained = |mt: &&MountTarget| {
        zones.contains(&mt.zone)
            && !matches!(mt.state, State::Deleting | State::Deleted)
            && !ledger.made(&mt.id)
            && !ledger.before.contains(&(&mt.id).into())
    };
    let perhaps = |mt: &MountTarget| mount_target(mt, Some(LeftReason::NoAnswer)).unconfirmed();
    observed
        .mount_targets
        .iter()
        .filter(unexplained)
        .map(perhaps)
        .collect()
}

/// What a run created and is still there, as far as is known, after its removal ended so.
fn stopped(run: &str, observed: &Observed, ledger: &Ledger, stop: &Stop) -> Vec<Leftover> {
    leftovers(&removal(run, observed, ledger), observed, ledger, |id| {
        why(stop, id)
    })
}

/// What a run created and that was to be kept.
pub fn kept(run: &str, observed: &Observed, ledger: &Ledger) -> Vec<Leftover> {
    let why = |_: &ResourceId| Some(LeftReason::Kept);
    leftovers(&removal(run, observed, ledger), observed, ledger, why)
}

/// Why a removal that ended so left that.
pub fn why(stop: &Stop, left: &ResourceId) -> Option<LeftReason> {
    match stop {
        Stop::CallFailed(action, error) | Stop::Locked(action, error) => {
            let is_it = action.deletes().as_ref() == Some(left);
            is_it.then(|| LeftReason::DeletionRefused(error.refused()))
        }
        Stop::ReadFailed(error) => Some(LeftReason::NotSeen(error.refused())),
        Stop::Blocked(blocked) => {
            let holds = |one: &&Blocked| ResourceId::from(&one.file_system) == *left;
            let ids = blocked.iter().find(holds)?.others.clone();
            Some(LeftReason::HoldsOthers { ids })
        }
        Stop::TimedOut { .. } => Some(LeftReason::TimedOut),
        Stop::Interrupted => Some(LeftReason::Interrupted),
        Stop::Failed(_) => None,
    }
}

fn mount_target(mt: &MountTarget, why: Option<LeftReason>) -> Leftover {
    Leftover::of(ResourceId::from(&mt.id), why).in_zone(&mt.zone)
}

/// Everything of a removal that is still there, and what may have been made besides.
fn leftovers(
    removal: &Removal,
    observed: &Observed,
    ledger: &Ledger,
    why: impl Fn(&ResourceId) -> Option<LeftReason>,
) -> Vec<Leftover> {
    let live = |state: &State| *state != State::Deleted;
    let mount_targets = observed.mount_targets.iter();
    let mount_targets = mount_targets.filter(|mt| live(&mt.state) && removal.has(&mt.id));
    let mount_targets = mount_targets.map(|mt| mount_target(mt, why(&(&mt.id).into())));
    let points = observed.access_points.iter().flatten();
    let points = points.filter(|point| live(&point.state) && removal.has(&point.id));
    let points = points.map(|point| ResourceId::from(&point.id));
    let whole =
        |id: &&ResourceId| matches!(id, ResourceId::FileSystem(_) | ResourceId::SecurityGroup(_));
    let others = points.chain(removal.iter().filter(whole).cloned());
    let others = others.map(|id| {
        let why = why(&id);
        Leftover::of(id, why)
    });
    let perhaps = ledger.unconfirmed().into_iter().map(Leftover::perhaps);
    mount_targets.chain(others).chain(perhaps).collect()
}

#[cfg(test)]
mod tests;
