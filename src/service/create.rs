//! Creating a file system with all that belongs to it.

use std::time::Duration;

use super::attempt::failure;
use super::cost::PlannedCost;
use super::expected::expected;
use super::lost::{Losses, losses};
use super::{EfsService, Failure};
use crate::cloud::{Cloud, NewFileSystem};
use crate::domain::advice::Advice;
use crate::domain::deployment::Deployment;
use crate::domain::finding::Expected;
use crate::domain::goal::Goal;
use crate::domain::ids::{FileSystemId, Reference, SecurityGroupId};
use crate::domain::keyword::Keyword;
use crate::domain::plan::Change;
use crate::domain::spec::{Access, Spec};
use crate::domain::state::{FileSystem, MountTarget};
use crate::domain::tags;
use crate::error::{Code, Error};
use crate::provision::converge::Run;
use crate::provision::explain::explain;
use crate::provision::preflight::preflight;
use crate::provision::survey::{Survey, survey};

/// What to do with what a failed run created.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// Remove it.
    #[default]
    Rollback,
    /// Leave it; the next run goes on with it.
    Keep,
}

impl Keyword for OnFailure {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Rollback, "rollback", "Delete them"),
        (Self::Keep, "keep", "Keep them for the next run"),
    ];
}

/// How to create.
#[derive(Debug, Clone)]
pub struct CreateOptions {
    /// Identifies the run in the tags of what it makes. No two runs may have the same, or the rollback of one takes what the other made
    /// for its own: [`fresh_run`].
    pub run: String,
    /// Return when everything is made, without waiting for mount targets to become available.
    pub no_wait: bool,
    /// What to do with resources that a failed run created.
    pub on_failure: OnFailure,
    /// Refuse to replace the policy of a file system, and to squash root where no access point creates its directory:
    /// [`Failure::losses`].
    pub refuse_losses: bool,
    /// The end of all waiting; `None`: 10 minutes for the file system, 30 for the mount targets.
    pub timeout: Option<Duration>,
}

impl Default for CreateOptions {
    /// A run of its own, which waits and rolls back.
    fn default() -> Self {
        Self {
            run: fresh_run(),
            no_wait: false,
            on_failure: OnFailure::default(),
            refuse_losses: false,
            timeout: None,
        }
    }
}

/// What would be created or changed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlannedCreate {
    /// What would be changed, in order.
    pub changes: Vec<Change>,
    /// What that changes of what is billed; `None`: nothing.
    pub cost: Option<PlannedCost>,
}

/// A file system that is as it was asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Created {
    /// The file system.
    pub deployment: Deployment,
    /// What this run changed; empty: everything was there already.
    pub changes: Vec<Change>,
    /// What an audit will find in a file system that this run created, by what was asked for.
    pub expected: Vec<Expected>,
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::create`] would do, and what could be checked beforehand. Makes no writing call.
    ///
    /// # Errors
    ///
    /// Why it could not be done.
    pub async fn plan(&self, spec: &Spec, options: &CreateOptions) -> Result<Vec<Change>, Error> {
        Ok(self.plan_create(spec, options).await?.changes)
    }

    /// The same, with what it changes of what is billed.
    ///
    /// # Errors
    ///
    /// As [`EfsService::plan`].
    pub async fn plan_create(
        &self,
        spec: &Spec,
        options: &CreateOptions,
    ) -> Result<PlannedCreate, Error> {
        let context = self.context(Reference::Name(spec.name.clone()), options.timeout);
        let survey = self
            .first_read(context.deadline, async || {
                let survey = survey(&context, spec, &options.run).await?;
                preflight(&context, &survey).await?;
                Ok(survey)
            })
            .await?;
        self.note_of_root(&survey);
        let Losses { confirm, tell } = losses(&survey)?;
        for loss in confirm.into_iter().chain(tell) {
            self.note(loss);
        }
        if !survey.plan().is_empty() {
            let expected = expected(&survey);
            if !expected.is_empty() {
                let expected = Advice::joined(expected.iter().map(Expected::words), "; ");
                self.note(Advice::from("validate will find: ").then(expected));
            }
            self.note("not checked, because EFS has no dry run: the caller's elasticfilesystem rights, the KMS key, and service control policies");
        }
        Ok(PlannedCreate {
            changes: survey.changes(),
            cost: PlannedCost::of(&survey),
        })
    }

    /// Makes AWS match the spec: file system, security group, one mount target per zone, settings; waits until they are available. What
    /// is there already is adopted. On failure what this run created is removed.
    ///
    /// # Errors
    ///
    /// [`Kind::Conflict`](crate::error::Kind::Conflict) before the first write when something that exists cannot be changed into what is asked for;
    /// [`Kind::TimedOut`](crate::error::Kind::TimedOut) when it times out, with nothing removed; [`Kind::Leftovers`](crate::error::Kind::Leftovers) when something may be left.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use aws_smithy_runtime_api::client::http::SharedHttpClient;
    /// # use efsctl::sandbox::{account::{Account, tokio_clock}, connector::Connector};
    /// # use efsctl::{AwsCloud, Connection, EfsService, Silent};
    /// use efsctl::{CreateOptions, Spec};
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
    /// let spec = Spec::new("demo".parse()?);
    /// let created = service.create(&spec, &CreateOptions::default()).await?;
    /// assert_eq!(created.deployment.mount_targets.len(), 3);
    /// # Ok(())
    /// # }
    /// # main()?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn create(
        &self,
        spec: &Spec,
        options: &CreateOptions,
    ) -> Result<Created, Box<Failure>> {
        let context = self.context(Reference::Name(spec.name.clone()), options.timeout);
        let survey = self
            .first_read(context.deadline, async || {
                survey(&context, spec, &options.run).await
            })
            .await?;
        let Losses { confirm, tell } = losses(&survey)?;
        if options.refuse_losses && !confirm.is_empty() {
            return Err(Box::new(refused(confirm)));
        }
        for loss in tell {
            self.note(loss);
        }
        self.note_of_root(&survey);
        self.attempt(&context, survey, options).await
    }

    /// `CreateFileSystem` alone: no mount targets, no group, no wait.
    ///
    /// # Errors
    ///
    /// The call's failure; a file system of that name that exists is [`Kind::Conflict`](crate::error::Kind::Conflict).
    pub async fn create_file_system(&self, spec: &Spec, run: &str) -> Result<FileSystem, Error> {
        spec.check()?;
        let new = NewFileSystem::of(spec, tags::of(&spec.name, run, &spec.tags));
        self.cloud
            .create_file_system(&new)
            .await
            .map_err(|error| explain(&error, "creating the file system"))
    }

    /// The security group of a spec, with TCP 2049 open to whom it allows: found, or made.
    ///
    /// # Errors
    ///
    /// As [`EfsService::create`]; what was made before a failure stays.
    pub async fn create_efs_security_group(
        &self,
        spec: &Spec,
        run: &str,
    ) -> Result<SecurityGroupId, Error> {
        let context = self.context(Reference::Name(spec.name.clone()), None);
        if let Access::Groups(groups) = &spec.access {
            return groups
                .first()
                .cloned()
                .ok_or_else(|| Error::usage("no security group is given"));
        }
        let Survey {
            desired,
            observed,
            lookup,
            ..
        } = survey(&context, spec, run).await?;
        let mut run = Run::new(&context, lookup, observed);
        let goal = Goal::Group(Box::new(desired.clone()));
        run.converge(|_, _| goal.clone())
            .await
            .map_err(|stop| failure(&self.stops, &stop, &desired))?;
        run.observed
            .security_group
            .map(|group| group.id)
            .ok_or_else(|| Error::new(Code::Vanished, "the security group vanished"))
    }

    /// One mount target in each zone the spec wants, in the file system of that name, which has to exist.
    /// Returns without waiting for them.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](crate::error::Kind::NotFound) when the file system does not exist; otherwise as [`EfsService::create`].
    pub async fn create_mount_targets(
        &self,
        spec: &Spec,
        run: &str,
    ) -> Result<Vec<MountTarget>, Error> {
        let context = self.context(Reference::Name(spec.name.clone()), None);
        let survey = survey(&context, spec, run).await?;
        if survey.observed.file_system.is_none() {
            return Err(Error::new(
                Code::FileSystemNotFound,
                format!("there is no file system `{}`", spec.name),
            ));
        }
        let goal = survey.goal();
        let Survey {
            desired,
            observed,
            lookup,
            ..
        } = survey;
        let mut run = Run::new(&context, lookup, observed);
        run.no_wait = true;
        run.converge(|_, _| goal.clone())
            .await
            .map_err(|stop| failure(&self.stops, &stop, &desired))?;
        Ok(run.observed.mount_targets)
    }

    /// The file system with that id.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](crate::error::Kind::NotFound), or the call's failure.
    pub async fn get_file_system(&self, id: &FileSystemId) -> Result<FileSystem, Error> {
        self.find(&Reference::Id(id.clone())).await
    }
}

/// Nothing is done: what would be lost was not accepted.
fn refused(losses: Vec<Advice>) -> Failure {
    let message = Advice::joined(losses.iter().cloned(), "; ");
    let error = Error::new(Code::ConfirmationMissing, message);
    Failure {
        losses,
        ..Failure::plain(error)
    }
}

/// Twelve hexadecimal digits that no other run has: the tag by which a rollback knows its own ([`CreateOptions::run`]).
pub fn fresh_run() -> String {
    use std::hash::{BuildHasher, Hasher};
    // The standard library's hasher is keyed by the operating system's randomness.
    let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    if let Ok(elapsed) = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
        hasher.write_u128(elapsed.as_nanos());
    }
    format!("{:012x}", hasher.finish() & 0xffff_ffff_ffff)
}
