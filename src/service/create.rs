//! Creating a file system with all that belongs to it.

use std::time::Duration;

use futures::future::join;

use super::{EfsService, Failure};
use crate::cloud::{Cloud, NewFileSystem};
use crate::domain::deployment::Deployment;
use crate::domain::event::Event;
use crate::domain::goal::{Goal, Target};
use crate::domain::ids::{FileSystemId, SecurityGroupId};
use crate::domain::now::Now;
use crate::domain::plan::{Change, plan};
use crate::domain::spec::{Access, Spec};
use crate::domain::state::{FileSystem, MountTarget};
use crate::domain::tags;
use crate::error::{Error, Kind};
use crate::provision::Ledger;
use crate::provision::converge::{Run, Stop};
use crate::provision::explain::explain;
use crate::provision::preflight::preflight;
use crate::provision::rollback::{ShortOf, Undone, left, rollback};
use crate::provision::survey::{Survey, survey, warn_of_dns};

/// What to do with what a failed run made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// Remove it.
    #[default]
    Rollback,
    /// Leave it; the next run goes on with it.
    Keep,
}

/// How to create.
#[derive(Debug, Clone, Default)]
pub struct CreateOptions {
    /// Identifies the run in the tags of what it makes.
    pub run: String,
    /// Return when everything is made, without waiting for mount targets to become available.
    pub no_wait: bool,
    /// What to do with what a failed run made.
    pub on_failure: OnFailure,
    /// The end of all waiting; `None`: 10 minutes for the file system, 30 for the mount targets.
    pub timeout: Option<Duration>,
}

/// A file system that is as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// The file system.
    pub deployment: Deployment,
    /// What this run changed; empty: everything was there already.
    pub changes: Vec<Change>,
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::create`] would do, and what could be checked beforehand. Makes no writing call.
    ///
    /// # Errors
    ///
    /// Why it could not be done.
    pub async fn plan(&self, spec: &Spec, options: &CreateOptions) -> Result<Vec<Change>, Error> {
        let context = self.context(options.timeout);
        let survey = survey(&context, spec, &options.run).await?;
        preflight(&context, &survey).await?;
        Ok(changes(&survey))
    }

    /// Makes AWS match the spec: file system, security group, one mount target per zone, settings; waits until they are available. What
    /// is there already is adopted. On failure what this run made is removed.
    ///
    /// # Errors
    ///
    /// [`Kind::Conflict`] before the first write when something that exists cannot be changed into what is asked for;
    /// [`Kind::TimedOut`] when the time is over, with nothing removed; [`Kind::Leftovers`] when something may be left.
    pub async fn create(
        &self,
        spec: &Spec,
        options: &CreateOptions,
    ) -> Result<Created, Box<Failure>> {
        let context = self.context(options.timeout);
        let survey = survey(&context, spec, &options.run).await?;
        context.tell(&Event::Planned(changes(&survey)));
        let (goal, ledger) = (survey.goal(), survey.ledger());
        let Survey { target, now, sight } = survey;
        if plan(&goal, &now).is_empty() && options.no_wait {
            return finished(&now, Vec::new());
        }

        let is_new = now.file_system.is_none();
        let mut run = Run::new(&context, sight, now);
        run.hurry = options.no_wait;
        run.ledger = ledger;
        let met = |now: &Now, ledger: &Ledger| {
            let mut target = target.clone();
            // A file system that only came into view on the way is as unfinished as one that was found so.
            target.takes_over |= is_new
                && now
                    .file_system
                    .as_ref()
                    .is_some_and(|fs| ledger.before.contains(fs.id.as_str()));
            Goal::Present(Box::new(target))
        };
        let converge = run.converge(met);
        let outcome = if is_new {
            join(converge, warn_of_dns(&context, &target.layout))
                .await
                .0
        } else {
            converge.await
        };
        let Err(stop) = outcome else {
            return finished(&run.now, run.ledger.changes);
        };

        let error = failure(&stop, &target);
        let (now, ledger) = (run.now.clone(), run.ledger.clone());
        if matches!(stop, Stop::TimedOut { .. }) {
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
            rollback(&context, &short_of, run, self.stops.second.clone()).await
        };
        let leftovers = match undone {
            Undone::Left(leftovers) => leftovers,
            Undone::Complete(now) => {
                context.tell(&Event::Note(format!(
                    "{error}; everything that was asked for is there by now, so nothing was removed"
                )));
                return finished(&now, ledger.changes);
            }
            Undone::TakenOver(other) => {
                let message = format!(
                    "{error}; run {other} goes on with what this run began, so it is left to it"
                );
                let error = Error { message, ..error };
                return Err(Box::new(Failure {
                    error,
                    changes: ledger.changes,
                    now,
                }));
            }
        };
        let (why, left, changes) = if leftovers.is_empty() {
            let lasting = lasting(&ledger.changes);
            let words =
                |change: &Change| format!("changed, and not taken back: {}", change.words());
            (Left::Changed, lasting.iter().map(words).collect(), lasting)
        } else if keep {
            (Left::Kept, leftovers, ledger.changes)
        } else {
            (Left::Stuck, leftovers, ledger.changes)
        };
        Err(Box::new(Failure {
            error: blame(error, left, &target, why),
            changes,
            now,
        }))
    }

    /// `CreateFileSystem` alone: no mount targets, no group, no wait.
    ///
    /// # Errors
    ///
    /// The call's failure; a file system of that name that exists is [`Kind::Conflict`].
    pub async fn create_file_system(&self, spec: &Spec, run: &str) -> Result<FileSystem, Error> {
        spec.check()
            .map_err(|error| Error::usage(error.to_string()))?;
        let new = NewFileSystem::of(spec, tags::of(&spec.name, run, &spec.tags));
        self.cloud
            .create_file_system(&new)
            .await
            .map_err(|error| explain(&error, "creating the file system"))
    }

    /// The security group of a spec, with TCP 2049 open to whom it admits: found, or made.
    ///
    /// # Errors
    ///
    /// As [`EfsService::create`]; what was made before a failure stays.
    pub async fn create_efs_security_group(
        &self,
        spec: &Spec,
        run: &str,
    ) -> Result<SecurityGroupId, Error> {
        let context = self.context(None);
        if let Access::Groups(groups) = &spec.access {
            return groups
                .first()
                .cloned()
                .ok_or_else(|| Error::usage("no security group is given"));
        }
        let Survey { target, now, sight } = survey(&context, spec, run).await?;
        let mut run = Run::new(&context, sight, now);
        let goal = Goal::Group(Box::new(target.clone()));
        run.converge(|_, _| goal.clone())
            .await
            .map_err(|stop| failure(&stop, &target))?;
        run.now
            .security_group
            .map(|group| group.id)
            .ok_or_else(|| Error::new(Kind::Failed, "the security group vanished"))
    }

    /// One mount target in each zone the spec wants, in the file system of that name, which has to exist.
    /// Returns without waiting for them.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`] when the file system does not exist; otherwise as [`EfsService::create`].
    pub async fn create_mount_targets(
        &self,
        spec: &Spec,
        run: &str,
    ) -> Result<Vec<MountTarget>, Error> {
        let context = self.context(None);
        let survey = survey(&context, spec, run).await?;
        if survey.now.file_system.is_none() {
            return Err(Error::new(
                Kind::NotFound,
                format!("there is no file system `{}`", spec.name),
            ));
        }
        let goal = survey.goal();
        let Survey { target, now, sight } = survey;
        let mut run = Run::new(&context, sight, now);
        run.hurry = true;
        run.converge(|_, _| goal.clone())
            .await
            .map_err(|stop| failure(&stop, &target))?;
        Ok(run.now.mount_targets)
    }

    /// The file system with that id.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`], or the call's failure.
    pub async fn get_file_system(&self, id: &FileSystemId) -> Result<FileSystem, Error> {
        self.find(&crate::domain::ids::Reference::Id(id.clone()))
            .await
    }
}

/// Why a run towards a target ended short of it.
fn failure(stop: &Stop, target: &Target) -> Error {
    let name = &target.spec.name;
    match stop {
        Stop::Refused(action, error) => explain(error, &format!("asking AWS to {}", action.key())),
        Stop::Blind(error) => explain(error, "looking at what is there"),
        Stop::Failed(sentences) => Error::new(Kind::Failed, sentences.join("; ")),
        Stop::Blocked(reasons) => Error::new(Kind::Failed, reasons.join("; ")),
        Stop::TimedOut {
            waiting,
            complete,
            elapsed,
            looks,
            last,
        } => {
            let last = last
                .as_ref()
                .map(|error| format!("; the last failed call: {error}"))
                .unwrap_or_default();
            Error::new(
                Kind::TimedOut,
                format!(
                    "still in progress after {:.0} s and {looks} looks: {}{last}",
                    elapsed.as_secs_f64(),
                    if waiting.is_empty() {
                        "not everything is there yet".to_owned()
                    } else {
                        waiting.join(", ")
                    }
                ),
            )
            .hint(if *complete {
                format!("nothing was removed; go on waiting with: efsctl wait {name}")
            } else {
                "nothing was removed; finish it: the same command again, with a longer --timeout"
                    .to_owned()
            })
        }
        Stop::Interrupted => Error::new(Kind::Interrupted, "interrupted"),
    }
}

fn changes(survey: &Survey) -> Vec<Change> {
    survey
        .plan()
        .iter()
        .map(|action| Change::of(action, Some(&survey.target)))
        .collect()
}

fn finished(now: &crate::domain::now::Now, changes: Vec<Change>) -> Result<Created, Box<Failure>> {
    match Deployment::of(now) {
        Some(deployment) => Ok(Created {
            deployment,
            changes,
        }),
        None => Err(Error::new(Kind::Failed, "the file system vanished").into()),
    }
}

/// Changes that a rollback does not take back: settings put on what existed before.
fn lasting(changes: &[Change]) -> Vec<Change> {
    let made = |resource: &str| {
        changes
            .iter()
            .any(|c| c.resource == resource && c.action == crate::domain::plan::Verb::Create)
    };
    changes
        .iter()
        .filter(|change| match change.resource.as_str() {
            "file_system" | "mount_target" | "security_group" => {
                change.action == crate::domain::plan::Verb::Update
            }
            "security_group_rule" => !made("security_group"),
            // Whose run goes on with it is bookkeeping.
            "run" => false,
            _ => !made("file_system"),
        })
        .cloned()
        .collect()
}

/// The error with what is left, and the line to type next.
fn blame(error: Error, leftovers: Vec<String>, target: &Target, why: Left) -> Error {
    if leftovers.is_empty() {
        return match error.kind {
            Kind::Interrupted => Error {
                message: format!("{error}: what this run made was removed"),
                ..error
            },
            _ => error,
        };
    }
    let name = &target.spec.name;
    let next = match why {
        Left::Kept => format!(
            "it was kept, as asked: remove it with `efsctl delete {name} --yes`, or go on by running the same command again"
        ),
        Left::Stuck => format!(
            "not all of it could be removed: remove it with `efsctl delete {name} --yes`, or go on by running the same command again"
        ),
        Left::Changed => {
            "what existed before is still there; the same command again goes on from here"
                .to_owned()
        }
    };
    let because = error
        .hint
        .map(|hint| format!(" ({hint})"))
        .unwrap_or_default();
    Error {
        kind: Kind::Leftovers,
        hint: Some(next + &because),
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
