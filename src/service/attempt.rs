//! An attempt to reach a target: the loop, and what becomes of what it made when it ends short.

use futures::future::join;

use super::ended::About;
use super::expected::expected;
use super::found::described;
use super::{CreateOptions, Created, EfsService, Failure, OnFailure, Stops};
use crate::cloud::Cloud;
use crate::domain::action::Action;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::event::Event;
use crate::domain::field::Field;
use crate::domain::finding::Expected;
use crate::domain::goal::{Desired, Goal, Owner};
use crate::domain::leftover::{LeftReason, Leftover};
use crate::domain::observed::Observed;
use crate::domain::plan::{Change, Verb};
use crate::domain::resource::{ResourceId, ResourceKind};
use crate::domain::state::State;
use crate::error::{Error, Kind};
use crate::provision::converge::{Run, Stop};
use crate::provision::rollback::{FailedRun, RollbackOutcome, kept, rollback};
use crate::provision::survey::{Survey, warn_of_dns};
use crate::provision::{Context, Ledger};

impl<C: Cloud> EfsService<C> {
    /// Makes AWS match what was surveyed, and waits. On failure what this run created is removed.
    pub(super) async fn attempt(
        &self,
        context: &Context<'_, C>,
        survey: Survey,
        options: &CreateOptions,
    ) -> Result<Created, Box<Failure>> {
        context.report(&Event::Planned(survey.changes()));
        let ledger = survey.ledger();
        let expected = expected(&survey);
        let is_idle = survey.plan().is_empty();
        let Survey {
            desired,
            observed,
            lookup,
            ..
        } = survey;
        if is_idle && options.no_wait {
            return finished(&observed, Vec::new(), expected);
        }

        let is_new = observed.file_system.is_none();
        let mut run = Run::new(context, lookup, observed);
        run.no_wait = options.no_wait;
        run.ledger = ledger;
        let current_goal = |observed: &Observed, ledger: &Ledger| {
            let mut desired = desired.clone();
            // A file system that only came into view on the way is as unfinished as one that was found so.
            desired.takes_over |= is_new
                && observed
                    .file_system
                    .as_ref()
                    .is_some_and(|fs| ledger.before.contains(&(&fs.id).into()));
            Goal::Present(Box::new(desired))
        };
        let converge = run.converge(current_goal);
        let outcome = match &desired.network {
            Some(network) if is_new => {
                join(converge, warn_of_dns(context, &network.placement))
                    .await
                    .0
            }
            Some(_) | None => converge.await,
        };
        let Err(stop) = outcome else {
            return finished(&run.observed, run.ledger.changes, expected);
        };

        let error = failure(&self.stops, &stop, &desired);
        let (observed, ledger) = (run.observed.clone(), run.ledger.clone());
        if matches!(stop, Stop::TimedOut { .. } | Stop::Locked(..)) {
            return Err(Box::new(Failure {
                error,
                changes: ledger.changes,
                not_applied: Vec::new(),
                losses: Vec::new(),
                observed,
            }));
        }
        let keep = options.on_failure == OnFailure::Keep;
        let rolled_back = if keep {
            RollbackOutcome::Leftovers(kept(&options.run, &observed, &ledger))
        } else {
            let failed = FailedRun {
                run: &options.run,
                goal: current_goal(&observed, &ledger),
                why: &error.message,
            };
            rollback(context, &failed, run, self.stops.second.clone()).await
        };
        let leftovers = match rolled_back {
            RollbackOutcome::Leftovers(leftovers) => leftovers,
            RollbackOutcome::Complete(observed) => {
                context.report(&Event::Note(error.message.text(
                    "; the requested state was reached meanwhile, so nothing was removed",
                )));
                return finished(&observed, ledger.changes, expected);
            }
            RollbackOutcome::TakenOver(other) => {
                let message = error.message.text(format!(
                    "; run {other} took over the resources of this run, so they were left alone"
                ));
                let error = Error { message, ..error };
                return Err(Box::new(Failure {
                    error,
                    changes: ledger.changes,
                    not_applied: Vec::new(),
                    losses: Vec::new(),
                    observed,
                }));
            }
        };
        Err(Box::new(failed(
            (error, &stop),
            leftovers,
            (observed, ledger),
            &desired,
            keep,
        )))
    }
}

/// A run that failed, with everything that it left.
fn failed(
    (error, stop): (Error, &Stop),
    leftovers: Vec<Leftover>,
    (observed, ledger): (Observed, Ledger),
    desired: &Desired,
    keep: bool,
) -> Failure {
    let unconfirmed = |action: &Action| {
        let change = Change::of(action, Some(desired), &observed);
        Leftover::changed(change, Some(LeftReason::NoAnswer)).unconfirmed()
    };
    let perhaps: Vec<Leftover> = ledger.unconfirmed_changes().map(unconfirmed).collect();
    let mut kept_changes = kept_changes(&ledger, &observed);
    if let Owner::Found { id, .. } = &desired.owner {
        let found = observed.file_system.as_ref();
        let gone = found.is_none_or(|fs| fs.state == State::Deleting);
        if gone && matches!(stop, Stop::Failed(_)) {
            // What was set on it goes with it.
            let id = Some(ResourceId::from(id));
            kept_changes.retain(|change| change.resource.id != id);
        }
    }
    let stays =
        |change: &Change| Leftover::changed(change.clone(), Some(LeftReason::ExistedBefore));
    let (why, changes) = match (leftovers.is_empty(), keep) {
        (true, _) => (WhyLeft::Changed, kept_changes.clone()),
        (false, true) => (WhyLeft::Kept, ledger.changes),
        (false, false) => (
            WhyLeft::Stuck,
            remaining(ledger.changes, &kept_changes, &leftovers),
        ),
    };
    let mut left = leftovers;
    left.extend(kept_changes.iter().map(stays));
    left.extend(perhaps);
    Failure {
        error: with_leftovers(error, left, desired, why),
        changes,
        not_applied: Vec::new(),
        losses: Vec::new(),
        observed,
    }
}

/// Why a run towards a target ended short of it.
pub(super) fn failure(stops: &Stops, stop: &Stop, desired: &Desired) -> Error {
    let resume = |only_waits: bool| {
        if only_waits {
            let wait = Command::efsctl("wait").arg(&desired.spec.name);
            Advice::from("nothing was removed; ").then(Advice::step("to resume", wait))
        } else {
            advice![
                "nothing was removed; to finish, run the same command again with a longer ",
                Field::Timeout,
            ]
        }
    };
    let about = About {
        looking: "reading the current state",
        unfinished: "still in progress".to_owned(),
        idle: "not everything exists yet",
        interrupted: "",
        locked: Some("everything else matches the request; nothing was removed"),
        resume: &resume,
        remedy: None,
    };
    stops.explain(stop, &about)
}

fn finished(
    observed: &Observed,
    changes: Vec<Change>,
    expected: Vec<Expected>,
) -> Result<Created, Box<Failure>> {
    Ok(Created {
        deployment: described(observed)?,
        changes,
        expected,
    })
}

/// Changes that are still there after a rollback that did not get to its end.
fn remaining(changes: Vec<Change>, kept_changes: &[Change], leftovers: &[Leftover]) -> Vec<Change> {
    let is_left = |change: &Change| {
        let id = change.resource.id.as_ref();
        let mut left = leftovers.iter().map(|left| left.resource.id.as_ref());
        kept_changes.contains(change) || (id.is_some() && left.any(|left| left == id))
    };
    changes.into_iter().filter(is_left).collect()
}

/// Changes that a rollback does not roll back: settings put on what existed before.
fn kept_changes(ledger: &Ledger, observed: &Observed) -> Vec<Change> {
    let changes = &ledger.changes;
    let made = |kind| changes.iter().any(|change| change.creates(kind));
    changes
        .iter()
        .filter(|change| match change.resource.kind {
            ResourceKind::FileSystem
            | ResourceKind::MountTarget
            | ResourceKind::SecurityGroup
            | ResourceKind::AccessPoint => change.action == Verb::Update,
            ResourceKind::SecurityGroupRule => !made(ResourceKind::SecurityGroup),
            // Whose run goes on with it is bookkeeping.
            ResourceKind::Run => false,
            // Tags of network interfaces go with the mount targets that this run created.
            ResourceKind::Tags if change.resource.id.is_none() => {
                ledger.tagged_others(&observed.mount_targets)
            }
            ResourceKind::Tags | ResourceKind::Setting(_) => !made(ResourceKind::FileSystem),
        })
        .cloned()
        .collect()
}

/// The error with what is left, and the line to type next.
fn with_leftovers(
    error: Error,
    leftovers: Vec<Leftover>,
    desired: &Desired,
    why: WhyLeft,
) -> Error {
    if leftovers.is_empty() {
        return match error.kind {
            Kind::Interrupted | Kind::Terminated => Error {
                message: error
                    .message
                    .text(": the resources that this run created were removed"),
                ..error
            },
            _ => error,
        };
    }
    let name = &desired.spec.name;
    let by_hand = matches!(desired.owner, Owner::Found { .. });
    let again = ", or run the same command again to continue";
    let removed = |begin: &str| {
        let delete = Command::efsctl("delete").arg(name).arg("--yes");
        Advice::from(begin)
            .then(Advice::step("to remove it", delete))
            .text(again)
    };
    let next = match why {
        WhyLeft::Kept | WhyLeft::Stuck if by_hand => {
            let mount_target =
                Command::aws("efs delete-mount-target --mount-target-id MOUNT-TARGET");
            let group = Command::aws("ec2 delete-security-group --group-id GROUP");
            Advice::step("to remove what is listed", mount_target)
                .text(" and ")
                .run(group)
                .text(again)
        }
        WhyLeft::Kept => removed("kept, as requested; "),
        WhyLeft::Stuck => removed("not everything could be removed; "),
        WhyLeft::Changed => {
            "what existed before still exists; to continue, run the same command again".into()
        }
    };
    Error {
        kind: Kind::Leftovers,
        leftovers,
        ..error.hint_first(next)
    }
}

/// Why something is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WhyLeft {
    /// `--on-failure keep`.
    Kept,
    /// The rollback did not get to its end.
    Stuck,
    /// Settings on what existed before.
    Changed,
}
