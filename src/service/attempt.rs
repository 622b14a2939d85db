//! An attempt to reach a target: the loop, and what becomes of what it made when it ends short.

use futures::future::join;

use super::ended::About;
use super::expected::expected;
use super::{CreateOptions, Created, EfsService, Failure, OnFailure, Stops};
use crate::cloud::Cloud;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::deployment::Deployment;
use crate::domain::event::Event;
use crate::domain::field::Field;
use crate::domain::finding::Expected;
use crate::domain::goal::{Goal, Owner, Target};
use crate::domain::now::Now;
use crate::domain::plan::{Change, Verb, plan};
use crate::domain::state::State;
use crate::error::{Code, Error, Kind};
use crate::provision::converge::{Run, Stop};
use crate::provision::rollback::{ShortOf, Undone, left, rollback};
use crate::provision::survey::{Survey, warn_of_dns};
use crate::provision::{Context, Ledger};

impl<C: Cloud> EfsService<C> {
    /// Makes AWS match what was surveyed, and waits. On failure what this run made is removed.
    pub(super) async fn attempt(
        &self,
        context: &Context<'_, C>,
        survey: Survey,
        options: &CreateOptions,
    ) -> Result<Created, Box<Failure>> {
        let (goal, ledger) = (survey.goal(), survey.ledger());
        let expected = expected(&survey);
        let Survey {
            target, now, sight, ..
        } = survey;
        if plan(&goal, &now).is_empty() && options.no_wait {
            return finished(&now, Vec::new(), expected);
        }

        let is_new = now.file_system.is_none();
        let mut run = Run::new(context, sight, now);
        run.hurry = options.no_wait;
        run.ledger = ledger;
        let met = |now: &Now, ledger: &Ledger| {
            let mut target = target.clone();
            // A file system that only came into view on the way is as unfinished as one that was found so.
            target.takes_over |= is_new
                && now
                    .file_system
                    .as_ref()
                    .is_some_and(|fs| ledger.before.contains(&(&fs.id).into()));
            Goal::Present(Box::new(target))
        };
        let converge = run.converge(met);
        let outcome = match &target.network {
            Some(network) if is_new => {
                join(converge, warn_of_dns(context, &network.layout))
                    .await
                    .0
            }
            Some(_) | None => converge.await,
        };
        let Err(stop) = outcome else {
            return finished(&run.now, run.ledger.changes, expected);
        };

        let error = failure(&self.stops, &stop, &target);
        let (now, ledger) = (run.now.clone(), run.ledger.clone());
        if matches!(stop, Stop::TimedOut { .. } | Stop::Locked(..)) {
            return Err(Box::new(Failure {
                error,
                changes: ledger.changes,
                now,
            }));
        }
        let keep = options.on_failure == OnFailure::Keep;
        let undone = if keep {
            Undone::Left(left(&options.run, &now, &ledger, &stop))
        } else {
            let short_of = ShortOf {
                run: &options.run,
                goal: met(&now, &ledger),
                why: &error.message,
            };
            rollback(context, &short_of, run, self.stops.second.clone()).await
        };
        let leftovers = match undone {
            Undone::Left(leftovers) => leftovers,
            Undone::Complete(now) => {
                context.tell(&Event::Note(error.message.text(
                    "; everything that was asked for is there by now, so nothing was removed",
                )));
                return finished(&now, ledger.changes, expected);
            }
            Undone::TakenOver(other) => {
                let message = error.message.text(format!(
                    "; run {other} goes on with what this run began, so it is left to it"
                ));
                let error = Error { message, ..error };
                return Err(Box::new(Failure {
                    error,
                    changes: ledger.changes,
                    now,
                }));
            }
        };
        let doubt = |key: &String| format!("perhaps the outcome of: {key} (AWS gave no answer)");
        let perhaps: Vec<String> = ledger.perhaps_set().map(doubt).collect();
        let mut lasting = lasting(&ledger, &now);
        if let Owner::Found { id, .. } = &target.owner {
            let found = now.file_system.as_ref();
            let gone = found.is_none_or(|fs| fs.state == State::Deleting);
            if gone && matches!(&stop, Stop::Failed(_)) {
                // What was set on it goes with it.
                lasting.retain(|change| change.id.as_deref() != Some(id.as_str()));
            }
        }
        let told = |change: &Change| format!("not taken back: {}", change.words());
        let (why, changes) = match (leftovers.is_empty(), keep) {
            (true, _) => (Left::Changed, lasting.clone()),
            (false, true) => (Left::Kept, ledger.changes),
            (false, false) => (Left::Stuck, remaining(ledger.changes, &lasting, &leftovers)),
        };
        let mut left = leftovers;
        left.extend(lasting.iter().map(told));
        left.extend(perhaps);
        Err(Box::new(Failure {
            error: blame(error, left, &target, why),
            changes,
            now,
        }))
    }
}

/// Why a run towards a target ended short of it.
pub(super) fn failure(stops: &Stops, stop: &Stop, target: &Target) -> Error {
    let resume = |only_waits: bool| {
        if only_waits {
            let wait = Command::efsctl("wait").arg(&target.spec.name);
            Advice::from("nothing was removed; ").then(Advice::step("go on waiting with", wait))
        } else {
            advice![
                "nothing was removed; finish it: the same command again, with a longer ",
                Field::Timeout,
            ]
        }
    };
    let about = About {
        looking: "looking at what is there",
        unfinished: "still in progress".to_owned(),
        idle: "not everything is there yet",
        interrupted: "",
        locked: Some("everything else is as it was asked for; nothing was removed"),
        resume: &resume,
        mend: None,
    };
    stops.explain(stop, &about)
}

/// What an attempt would change.
pub(super) fn changes(survey: &Survey) -> Vec<Change> {
    survey
        .plan()
        .iter()
        .map(|action| Change::of(action, Some(&survey.target)))
        .collect()
}

fn finished(
    now: &Now,
    changes: Vec<Change>,
    expected: Vec<Expected>,
) -> Result<Created, Box<Failure>> {
    match Deployment::of(now) {
        Some(deployment) => Ok(Created {
            deployment,
            changes,
            expected,
        }),
        None => Err(Error::new(Code::Vanished, "the file system vanished").into()),
    }
}

/// Changes that are still there after a rollback that did not get to its end.
fn remaining(changes: Vec<Change>, lasting: &[Change], leftovers: &[String]) -> Vec<Change> {
    let is_left = |change: &Change| {
        let id = change.id.as_deref();
        let named = id.is_some_and(|id| leftovers.iter().any(|line| line.contains(id)));
        lasting.contains(change) || named
    };
    changes.into_iter().filter(is_left).collect()
}

/// Changes that a rollback does not take back: settings put on what existed before.
fn lasting(ledger: &Ledger, now: &Now) -> Vec<Change> {
    let changes = &ledger.changes;
    let made = |resource: &str| {
        changes
            .iter()
            .any(|c| c.resource == resource && c.action == Verb::Create)
    };
    changes
        .iter()
        .filter(|change| match change.resource.as_str() {
            "file_system" | "mount_target" | "security_group" | "access_point" => {
                change.action == Verb::Update
            }
            "security_group_rule" => !made("security_group"),
            // Whose run goes on with it is bookkeeping.
            "run" => false,
            // Tags of network interfaces go with the mount targets that this run made.
            "tags" if change.id.is_none() => ledger.tagged_others(&now.mount_targets),
            _ => !made("file_system"),
        })
        .cloned()
        .collect()
}

/// The error with what is left, and the line to type next.
fn blame(error: Error, leftovers: Vec<String>, target: &Target, why: Left) -> Error {
    if leftovers.is_empty() {
        return match error.kind {
            Kind::Interrupted | Kind::Terminated => Error {
                message: error.message.text(": what this run made was removed"),
                ..error
            },
            _ => error,
        };
    }
    let name = &target.spec.name;
    let by_hand = matches!(target.owner, Owner::Found { .. });
    let again = ", or go on by running the same command again";
    let removed = |begin: &str| {
        let delete = Command::efsctl("delete").arg(name).arg("--yes");
        Advice::from(begin)
            .then(Advice::step("remove it with", delete))
            .text(again)
    };
    let next = match why {
        Left::Kept | Left::Stuck if by_hand => {
            let mount_target =
                Command::aws("efs delete-mount-target --mount-target-id MOUNT-TARGET");
            let group = Command::aws("ec2 delete-security-group --group-id GROUP");
            Advice::step("remove what is listed with", mount_target)
                .text(" and ")
                .run(group)
                .text(again)
        }
        Left::Kept => removed("it was kept, as asked: "),
        Left::Stuck => removed("not all of it could be removed: "),
        Left::Changed => {
            "what existed before is still there; the same command again goes on from here".into()
        }
    };
    let because = match error.hint {
        Some(hint) => Advice::from(" (").then(hint).text(")"),
        None => Advice::default(),
    };
    Error {
        kind: Kind::Leftovers,
        hint: Some(next.then(because)),
        leftovers,
        ..error
    }
}

/// Why something is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// `--on-failure keep`.
    Kept,
    /// The rollback did not get to its end.
    Stuck,
    /// Settings on what existed before.
    Changed,
}
