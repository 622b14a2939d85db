//! Waiting: the primitive that no SDK has.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ended::About;
use super::{EfsService, Failure, Stops};
use crate::cloud::Cloud;
use crate::domain::action::ReadScope;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::deployment::Deployment;
use crate::domain::field::Field;
use crate::domain::goal::Goal;
use crate::domain::ids::{FileSystemId, Reference};
use crate::domain::observed::Observed;
use crate::error::{Code, Error, Kind};
use crate::provision::converge::{Run, Stop};
use crate::provision::explain::explain;
use crate::provision::{Ledger, Lookup};

/// What is waited for, on the side of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Awaited {
    /// The file system and all of its mount targets are `available`.
    Available,
    /// It is deleted.
    Deleted,
}

impl<C: Cloud> EfsService<C> {
    /// Waits until the file system and all of its mount targets, of which it has at least one, are available.
    ///
    /// One `DescribeMountTargets` a turn, however many there are.
    ///
    /// # Errors
    ///
    /// [`Kind::TimedOut`] with the last states; [`Kind::Failed`] as soon as one is in state `error`; [`Kind::NotFound`].
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use aws_smithy_runtime_api::client::http::SharedHttpClient;
    /// # use efsctl::sandbox::{account::{Account, tokio_clock}, connector::Connector};
    /// # use efsctl::{AwsCloud, Connection, EfsService, Silent};
    /// use std::time::Duration;
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
    /// let id = made.deployment.file_system_id;
    /// let ready = service.wait_for_mount_targets(&id, Duration::from_secs(600)).await?;
    /// assert!(ready.mount_targets.iter().all(|target| target.ip_address.is_some()));
    /// # Ok(())
    /// # }
    /// # main()?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn wait_for_mount_targets(
        &self,
        id: &FileSystemId,
        timeout: Duration,
    ) -> Result<Deployment, Box<Failure>> {
        let reached = self
            .wait(&Reference::Id(id.clone()), Awaited::Available, timeout)
            .await?;
        reached.ok_or_else(|| Error::new(Code::Vanished, "the file system vanished").into())
    }

    /// Waits for a state. `None`: the file system is deleted, as awaited.
    ///
    /// # Errors
    ///
    /// As [`EfsService::wait_for_mount_targets`]. A file system that does not exist is what [`Awaited::Deleted`] waits for.
    pub async fn wait(
        &self,
        reference: &Reference,
        awaited: Awaited,
        timeout: Duration,
    ) -> Result<Option<Deployment>, Box<Failure>> {
        let keyword = match awaited {
            Awaited::Available => None,
            Awaited::Deleted => Some("deleted"),
        };
        self.wait_first(reference, awaited, keyword, timeout).await
    }

    /// The same, as the first part of a wait for what that keyword says: to be typed again.
    pub(super) async fn wait_first(
        &self,
        reference: &Reference,
        awaited: Awaited,
        keyword: Option<&'static str>,
        timeout: Duration,
    ) -> Result<Option<Deployment>, Box<Failure>> {
        let context = self.context(reference.clone(), Some(timeout));
        let found = self
            .first_read(context.deadline, async || self.find(reference).await)
            .await;
        let file_system = match (found, awaited) {
            (Err(error), Awaited::Deleted) if error.kind == Kind::NotFound => {
                self.warn(match reference {
                    // Gone, or never shown: by the answer they are the same.
                    Reference::Arn { .. } => error.message,
                    Reference::Id(_) | Reference::Name(_) => {
                        format!("the file system `{reference}` did not exist when the wait began")
                            .into()
                    }
                });
                return Ok(None);
            }
            (found, _) => found?,
        };
        let lookup = Lookup::of(&file_system.id);
        let mut observed = Observed {
            file_system: Some(file_system),
            ..Observed::default()
        };
        let goal = match awaited {
            Awaited::Available => Goal::Usable,
            Awaited::Deleted => Goal::Gone,
        };
        if awaited == Awaited::Available {
            observed = self
                .first_read(context.deadline, async || {
                    let mut observed = observed.clone();
                    let scopes = BTreeSet::from([ReadScope::MountTargets]);
                    lookup
                        .refresh(&self.cloud, &scopes, &Ledger::default(), &mut observed)
                        .await
                        .map_err(|error| explain(&error, "reading the mount targets"))?;
                    Ok(observed)
                })
                .await?;
        }
        let mut run = Run::new(&context, lookup, observed);
        let outcome = run.converge(|_, _| goal.clone()).await;
        let observed = run.observed;
        match outcome {
            Ok(()) => Ok(Deployment::of(&observed)),
            Err(stop) => {
                let error = waited_in_vain(&self.stops, &stop, reference, (awaited, keyword));
                Err(Box::new(Failure {
                    not_applied: Vec::new(),
                    losses: Vec::new(),
                    error,
                    changes: Vec::new(),
                    observed,
                }))
            }
        }
    }
}

fn waited_in_vain(
    stops: &Stops,
    stop: &Stop,
    reference: &Reference,
    (awaited, keyword): (Awaited, Option<&str>),
) -> Error {
    let wait = || {
        let wait = Command::efsctl("wait").arg(reference);
        match keyword {
            Some(keyword) => wait.flag("--for", keyword),
            None => wait,
        }
    };
    let resume = |_| {
        let longer = advice!["to resume with a longer ", Field::Timeout, ": "];
        match awaited {
            Awaited::Available => longer.run(wait().flag("--timeout", "30m")),
            Awaited::Deleted => {
                longer
                    .run(wait().flag("--timeout", "30m"))
                    .text("; ")
                    .then(Advice::step(
                        "`wait` does not delete; to delete",
                        Command::efsctl("delete").arg(reference),
                    ))
            }
        }
    };
    let (wanted, idle) = match awaited {
        Awaited::Available => ("available", "it has no mount target yet"),
        Awaited::Deleted => ("deleted", ""),
    };
    let about = About {
        looking: "waiting",
        unfinished: format!("`{reference}` is not {wanted}"),
        idle,
        interrupted: " while waiting; nothing was changed",
        locked: None,
        resume: &resume,
        remedy: Some(
            "this state is permanent: remove the cause, then delete and recreate what is in error",
        ),
    };
    stops.explain(stop, &about)
}
