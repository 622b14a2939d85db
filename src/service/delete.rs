//! Deleting what efsctl made, in the order AWS enforces.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{EfsService, Failure};
use crate::cloud::{Cloud, FileSystems, GroupUser};
use crate::domain::deployment::Deployment;
use crate::domain::goal::{Goal, Removal, Which};
use crate::domain::ids::{Name, Reference, SecurityGroupId};
use crate::domain::now::Now;
use crate::domain::plan::{Change, plan};
use crate::domain::state::{EMPTY_BYTES, FileSystem};
use crate::domain::tags;
use crate::error::{Error, Kind};
use crate::provision::converge::{Run, Stop};
use crate::provision::explain::explain;
use crate::provision::{Sight, deadline};

/// How to delete.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeleteOptions {
    /// Delete it with its data.
    pub force: bool,
    /// The end of all waiting.
    pub timeout: Option<Duration>,
}

/// What would go, or is gone.
#[derive(Debug, Clone)]
pub struct Deleted {
    /// What was named.
    pub reference: Reference,
    /// The file system, as it was; `None`: only other things of that name were left.
    pub deployment: Option<Deployment>,
    /// What goes, in order.
    pub changes: Vec<Change>,
    removal: Removal,
    now: Now,
    sight: Sight,
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::delete`] would delete. Makes no writing call.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`]; [`Kind::Conflict`] when efsctl did not make it, when it is replicated, or when it holds data and
    /// `force` is not set.
    pub async fn plan_delete(
        &self,
        reference: &Reference,
        options: &DeleteOptions,
    ) -> Result<Deleted, Error> {
        let deadline = options.timeout.map(deadline);
        self.first_look(deadline, async || self.look_at(reference, options).await)
            .await
    }

    async fn look_at(
        &self,
        reference: &Reference,
        options: &DeleteOptions,
    ) -> Result<Deleted, Error> {
        let found = match self.find(reference).await {
            // A tag `Name` is anybody's to set: it is not a name to delete by.
            Ok(found) if tags::is_managed(&found.tags) && !is_meant(&found, reference) => {
                return Err(Error::new(
                    Kind::NotFound,
                    format!(
                        "no file system was created as `{reference}`: {} only carries the tag Name={reference}",
                        found.id
                    ),
                )
                .hint("say which one by its id, or by the name it was created under: efsctl list"));
            }
            Ok(found) => Some(found),
            Err(error) if error.kind == Kind::NotFound => None,
            Err(error) => return Err(error),
        };
        let (now, sight) = match (&found, reference) {
            (Some(found), _) => {
                self.may_go(found, options).await?;
                let (mut now, sight) = self.look_around(found.clone(), true).await?;
                now.access_points = self
                    .cloud
                    .access_points(&found.id)
                    .await
                    .map_err(|error| explain(&error, "looking at the access points"))?;
                (now, sight)
            }
            // A run that was killed may have made the group and nothing else; and one that was made for somebody else's
            // file system outlives it.
            (None, reference) => {
                let (name, file_system) = match reference {
                    Reference::Name(name) => (name.clone(), FileSystems::Token(name.token())),
                    Reference::Id(id) | Reference::Arn { id, .. } => {
                        (Name::of(id), FileSystems::Id(id.clone()))
                    }
                };
                let group = self.find_group(&name).await?;
                if group.is_none() {
                    return Err(missing(reference));
                }
                let sight = Sight {
                    file_system,
                    security_group: None,
                    worn: BTreeSet::new(),
                };
                (
                    Now {
                        security_group: group,
                        ..Now::default()
                    },
                    sight,
                )
            }
        };
        let sight = Sight {
            security_group: now
                .security_group
                .as_ref()
                .map(|group| (group.name.clone(), group.vpc.clone())),
            ..sight
        };
        let group = match &now.security_group {
            Some(group) if self.group_is_free(&group.id, &now, options).await? => {
                Some(group.id.clone())
            }
            _ => None,
        };
        let removal = Removal {
            file_system: now.file_system.as_ref().map(|fs| fs.id.clone()),
            mount_targets: Which::All,
            access_points: true,
            security_group: group,
        };
        let goal = Goal::Absent(removal.clone());
        let changes = plan(&goal, &now)
            .iter()
            .map(|action| Change::of(action, None))
            .collect();
        Ok(Deleted {
            reference: reference.clone(),
            deployment: Deployment::of(&now),
            changes,
            removal,
            now,
            sight,
        })
    }

    /// Whether the group can go once the mount targets are gone. Told before the first write: a client that still wears
    /// it would hold it after the data is deleted.
    async fn group_is_free(
        &self,
        id: &SecurityGroupId,
        now: &Now,
        options: &DeleteOptions,
    ) -> Result<bool, Error> {
        let users = match self.cloud.group_users(id).await {
            Ok(users) => users,
            Err(error) => {
                self.warn(format!(
                    "whether {id} is used by others could not be checked: {error}"
                ));
                return Ok(true);
            }
        };
        // The interface of a mount target may be seen before the mount target is.
        let own = |user: &GroupUser| {
            let file_system = now.file_system.as_ref().map(|fs| &fs.id);
            (file_system.is_some() && user.file_system.as_ref() == file_system)
                || now.mount_targets.iter().any(|mt| {
                    let interface = mt.interface.as_ref();
                    interface.is_some_and(|own| own.as_str() == user.id)
                })
        };
        let others: Vec<&str> = users
            .iter()
            .filter(|user| !own(user))
            .map(|user| user.id.as_str())
            .collect();
        if others.is_empty() {
            return Ok(true);
        }
        let sentence = format!("security group {id} is still used by {}", others.join(", "));
        if options.force {
            self.warn(format!("{sentence}: it is left"));
            return Ok(false);
        }
        Err(Error::new(Kind::Conflict, sentence).hint(
            "take it off those interfaces (clients of the file system?) and out of those rules first; with --force the file system goes and the group is left",
        ))
    }

    /// Whether it is ours to delete.
    async fn may_go(&self, found: &FileSystem, options: &DeleteOptions) -> Result<(), Error> {
        let ours = tags::is_managed(&found.tags)
            && found
                .tags
                .get(tags::NAME)
                .is_some_and(|n| n.parse::<Name>().is_ok());
        if !ours {
            return Err(Error::new(
                Kind::Conflict,
                format!(
                    "{} was not made by efsctl (it has no tag {}={})",
                    found.id,
                    tags::MANAGED_BY,
                    tags::MANAGER
                ),
            )
            .hint("efsctl deletes only what it made: use the AWS console or CLI for this one"));
        }
        if found.size_bytes > EMPTY_BYTES && !options.force {
            return Err(Error::new(
                Kind::Conflict,
                format!(
                    "{} holds data: {} are metered",
                    found.id,
                    crate::domain::deployment::bytes(found.size_bytes)
                ),
            )
            .hint("back it up first if it matters; then delete it with its data: add --force"));
        }
        match self.cloud.is_replicated(&found.id).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(Error::new(Kind::Conflict, format!("{} is part of a replication", found.id))
                .hint("delete the replication configuration first: AWS refuses to delete its file systems")),
            Err(error) => {
                self.warn(format!("whether {} is replicated could not be checked: {error}", found.id));
                Ok(())
            }
        }
    }

    /// Deletes what [`EfsService::plan_delete`] showed, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// [`Kind::Leftovers`] when something is left; [`Kind::TimedOut`] when it is still going.
    pub async fn delete(
        &self,
        planned: Deleted,
        options: &DeleteOptions,
    ) -> Result<Deleted, Box<Failure>> {
        let context = self.context(options.timeout);
        let Deleted {
            reference,
            deployment,
            changes: _,
            removal,
            now,
            sight,
        } = planned;
        let name = &reference;
        let mut run = Run::new(&context, sight, now);
        let goal = Goal::Absent(removal.clone());
        let outcome = run.converge(|_, _| goal.clone()).await;
        let Run {
            now, ledger, sight, ..
        } = run;
        let Err(stop) = outcome else {
            return Ok(Deleted {
                reference,
                deployment,
                changes: ledger.changes,
                removal,
                now,
                sight,
            });
        };
        let error = match &stop {
            Stop::Refused(action, error) => {
                explain(error, &format!("asking AWS to {}", action.key()))
            }
            Stop::Blind(error) => explain(error, "looking at what is left"),
            Stop::Failed(sentences) | Stop::Blocked(sentences) => {
                Error::new(Kind::Failed, sentences.join("; "))
            }
            Stop::TimedOut {
                waiting,
                elapsed,
                last,
                ..
            } => {
                let last = last
                    .as_ref()
                    .map(|error| format!("; the last refusal: {error}"));
                Error::new(
                    Kind::TimedOut,
                    format!(
                        "still going after {:.0} s: {}{}",
                        elapsed.as_secs_f64(),
                        waiting.join(", "),
                        last.unwrap_or_default()
                    ),
                )
                .hint(format!(
                    "go on with the same command: efsctl delete {name} --yes"
                ))
            }
            Stop::Interrupted => Error::new(
                Kind::Interrupted,
                "interrupted: what was not deleted yet stays",
            ),
        };
        let leftovers: Vec<String> = plan(&goal, &now)
            .iter()
            .map(|action| {
                let change = Change::of(action, None);
                format!(
                    "{} {}",
                    change.resource.replace('_', " "),
                    change.id.unwrap_or_default()
                )
            })
            .collect();
        let some_left = !leftovers.is_empty() && !matches!(stop, Stop::TimedOut { .. });
        let error = if some_left {
            Error {
                kind: Kind::Leftovers,
                hint: error.hint.or(Some(format!(
                    "run the same command again: efsctl delete {name} --yes"
                ))),
                leftovers,
                ..error
            }
        } else {
            error
        };
        Err(Box::new(Failure {
            error,
            changes: ledger.changes,
            now,
        }))
    }
}

/// Whether it was created under that name, where it is a name.
fn is_meant(found: &FileSystem, reference: &Reference) -> bool {
    match reference {
        Reference::Name(name) => {
            found.creation_token == name.token() || tags::belongs_to(&found.tags, name)
        }
        Reference::Id(_) | Reference::Arn { .. } => true,
    }
}

fn missing(reference: &Reference) -> Error {
    Error::new(
        Kind::NotFound,
        format!("there is nothing of `{reference}` to delete in this region"),
    )
    .hint("list what there is: efsctl list; and check --region and --profile")
}
