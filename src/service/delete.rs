//! Deleting what efsctl created, in the order AWS enforces.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ended::About;
use super::find::list_and_check;
use super::{EfsService, Failure};
use crate::cloud::{Cloud, FileSystems};
use crate::domain::action::Action;
use crate::domain::advice::{Advice, Command};
use crate::domain::deployment::{Deployment, metered};
use crate::domain::goal::{Goal, Removal};
use crate::domain::ids::{Name, Reference, SecurityGroupId};
use crate::domain::leftover::Leftover;
use crate::domain::observed::Observed;
use crate::domain::plan::{Change, plan};
use crate::domain::resource::ResourceId;
use crate::domain::state::FileSystem;
use crate::domain::tags;
use crate::error::{Code, Error, Kind};
use crate::provision::converge::{Run, Stop};
use crate::provision::rollback::why;
use crate::provision::{Lookup, deadline};

/// How to delete.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeleteOptions {
    /// Delete it with its data.
    pub with_data: bool,
    /// Delete it with what others created in it, and keep its security group where others use that.
    pub with_others: bool,
    /// Only if it has expired by that time, in seconds since 1970.
    pub expired_by: Option<i64>,
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
    scope: Scope,
    observed: Observed,
    lookup: Lookup,
}

/// What goes with the file system.
#[derive(Debug, Clone)]
struct Scope {
    /// The security group that was made for it, where no one else holds it.
    group: Option<SecurityGroupId>,
    /// Access points that efsctl did not make.
    others: bool,
}

impl Scope {
    /// What has to go of what is there: all mount targets, of which AWS does not tell who made them.
    fn removal(&self, observed: &Observed) -> Removal {
        let goes = |id: &ResourceId| match id {
            ResourceId::FileSystem(_) | ResourceId::MountTarget(_) => true,
            ResourceId::SecurityGroup(id) => self.group.as_ref() == Some(id),
            ResourceId::AccessPoint(id) => {
                let mut points = observed.access_points.iter().flatten();
                self.others || points.any(|point| point.id == *id && tags::is_managed(&point.tags))
            }
        };
        observed.resources().filter(goes).collect()
    }
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::delete`] would delete. Makes no writing call.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`]; [`Kind::Conflict`] when efsctl did not make it, when it is replicated, or when it holds data or access
    /// points that efsctl did not make and `force` is not set.
    pub async fn plan_delete(
        &self,
        reference: &Reference,
        options: &DeleteOptions,
    ) -> Result<Deleted, Error> {
        let deadline = options.timeout.map(deadline);
        self.first_read(deadline, async || self.look_at(reference, options).await)
            .await
    }

    async fn look_at(
        &self,
        reference: &Reference,
        options: &DeleteOptions,
    ) -> Result<Deleted, Error> {
        let found = match self.find(reference).await {
            // A tag `Name` is anyone's to set: it is not a name to delete by.
            Ok(found) if tags::is_managed(&found.tags) && !is_meant(&found, reference) => {
                return Err(Error::new(
                    Code::FileSystemNotFound,
                    format!(
                        "no file system was created as `{reference}`: {} only carries the tag Name={reference}",
                        found.id
                    ),
                )
                .hint(Advice::step(
                    "use its id, or the name it was created under",
                    Command::efsctl("list"),
                )));
            }
            Ok(found) => Some(found),
            // Whose it is, only its ARN tells: nothing here is named after what is not here.
            Err(error) if matches!(reference, Reference::Arn { .. }) => return Err(error),
            Err(error) if error.kind == Kind::NotFound => None,
            Err(error) => return Err(error),
        };
        let (observed, lookup) = match (&found, reference) {
            (Some(found), _) => {
                self.may_go(found, options).await?;
                let (mut observed, lookup) = self.look_around(found.clone(), true).await?;
                observed.access_points = Some(self.points_that_go(found, options).await?);
                self.note(format!(
                    "{}: {}; not checked, because it takes rights beyond EFS and EC2: what mounts it, recovery points in backup vaults (they are kept), and DataSync locations",
                    found.id,
                    metered(found.size_bytes)
                ));
                (observed, lookup)
            }
            // A run that was killed may have made the group and nothing else; and one that was made for another tool's
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
                let lookup = Lookup {
                    file_system,
                    security_group: None,
                    groups_with_rules: BTreeSet::new(),
                };
                (
                    Observed {
                        security_group: group,
                        ..Observed::default()
                    },
                    lookup,
                )
            }
        };
        let lookup = Lookup {
            security_group: observed
                .security_group
                .as_ref()
                .map(|group| (group.name.clone(), group.vpc.clone())),
            ..lookup
        };
        let group = match &observed.security_group {
            Some(group) if self.group_is_free(&group.id, &observed, options).await? => {
                Some(group.id.clone())
            }
            _ => None,
        };
        let scope = Scope {
            group,
            others: options.with_others,
        };
        let goal = Goal::Absent(scope.removal(&observed));
        let changes = plan(&goal, &observed).changes;
        Ok(Deleted {
            reference: reference.clone(),
            deployment: Deployment::of(&observed),
            changes,
            scope,
            observed,
            lookup,
        })
    }

    /// Deletes what [`EfsService::plan_delete`] showed, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// [`Kind::Leftovers`] when something is left; [`Kind::TimedOut`] when it is still going.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use aws_smithy_runtime_api::client::http::SharedHttpClient;
    /// # use efsctl::sandbox::{account::{Account, tokio_clock}, connector::Connector};
    /// # use efsctl::{AwsCloud, Connection, EfsService, Silent};
    /// use efsctl::DeleteOptions;
    /// use efsctl::domain::ids::Reference;
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let connector = Connector::new(Account::default()).with_clock(tokio_clock());
    /// # let cloud = AwsCloud::connect(Connection {
    /// #     region: Some("eu-west-1".to_owned()),
    /// #     http_client: Some(SharedHttpClient::new(connector)),
    /// #     ..Connection::default()
    /// # }).await?;
    /// # let service = EfsService::new(cloud, Box::new(Silent));
    /// # let made = service.create(&"demo".parse().map(efsctl::Spec::new)?, &efsctl::CreateOptions::default()).await?;
    /// let options = DeleteOptions::default();
    /// let id = Reference::Id(made.deployment.file_system_id);
    /// let planned = service.plan_delete(&id, &options).await?;
    /// assert!(service.delete(planned, &options).await?.changes.len() >= 4);
    /// # Ok(())
    /// # }
    /// # main()?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn delete(
        &self,
        planned: Deleted,
        options: &DeleteOptions,
    ) -> Result<Deleted, Box<Failure>> {
        let context = self.context(planned.reference.clone(), options.timeout);
        let Deleted {
            reference,
            deployment,
            changes: _,
            scope,
            observed,
            lookup,
        } = planned;
        let name = &reference;
        let mut run = Run::new(&context, lookup, observed);
        let outcome = run
            .converge(|observed, _| Goal::Absent(scope.removal(observed)))
            .await;
        let Run {
            observed,
            ledger,
            lookup,
            ..
        } = run;
        let Err(stop) = outcome else {
            return Ok(Deleted {
                reference,
                deployment,
                changes: ledger.changes,
                scope,
                observed,
                lookup,
            });
        };
        let again = || Command::efsctl("delete").arg(name).arg("--yes");
        let about = About {
            looking: "reading what is left",
            unfinished: "still deleting".to_owned(),
            idle: "",
            interrupted: ": what was not deleted yet remains",
            locked: None,
            resume: &|_| Advice::step("to continue", again()),
            remedy: None,
        };
        let error = self.stops.explain(&stop, &about);
        let planned = plan(&Goal::Absent(scope.removal(&observed)), &observed);
        let left = planned.actions.iter().filter_map(Action::deletes);
        let leftovers: Vec<Leftover> = left.map(|id| left_over(id, &observed, &stop)).collect();
        let some_left = !leftovers.is_empty() && !matches!(stop, Stop::TimedOut { .. });
        let error = if some_left {
            Error {
                kind: Kind::Leftovers,
                hint: error
                    .hint
                    .or_else(|| Some(Advice::step("run the same command again", again()))),
                leftovers,
                ..error
            }
        } else {
            error
        };
        Err(Box::new(Failure {
            error,
            changes: ledger.changes,
            not_applied: Vec::new(),
            losses: Vec::new(),
            observed,
        }))
    }
}

/// What should have gone.
fn left_over(id: ResourceId, observed: &Observed, stop: &Stop) -> Leftover {
    let why = why(stop, &id);
    let mut mount_targets = observed.mount_targets.iter();
    let zone = mount_targets.find(|mt| ResourceId::from(&mt.id) == id);
    Leftover {
        zone: zone.map(|mt| mt.zone.clone()),
        ..Leftover::of(id, why)
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
        Code::FileSystemNotFound,
        format!("nothing named `{reference}` found in this region"),
    )
    .hint(list_and_check())
}
