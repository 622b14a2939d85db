//! [`EfsService`]: the face of the library.

mod alarms;
mod apply;
mod attempt;
mod connection;
mod cost;
mod create;
mod deletable;
mod delete;
mod delete_each;
mod doctor;
mod ended;
mod expected;
mod export;
mod find;
mod first_read;
mod fix;
mod fleet;
mod found;
mod lost;
mod picture;
mod policy;
mod probe;
mod set;
mod validate;
mod verify;
mod wait;

use tokio_util::sync::CancellationToken;

pub use self::alarms::ProposedAlarms;
pub use self::apply::{Applied, AppliedEntry, ApplyEntry, ApplyOptions, EntryPlan, PlannedEntry};
pub use self::cost::FileSystemCost;
pub use self::create::{CreateOptions, Created, OnFailure, fresh_run};
pub use self::delete::{DeleteOptions, Deleted};
pub use self::delete_each::{Deletion, PlannedDeletion};
pub use self::doctor::DoctorOptions;
pub use self::find::Listing;
pub use self::fleet::{
    Account, AccountRegion, Ended, Expired, ExpiredDeletion, ExpiredReport, ExportReport, Fix,
    FixOptions, Fleet, FleetOptions, FleetReport,
};
pub use self::probe::{FromHere, Question};
pub use self::set::{NetworkRequest, PlannedSet, SetOptions, SetRequest, Updated};
pub use self::validate::{Observer, Scope, ValidateOptions};
pub use self::verify::{PlannedVerification, VerifyRequest};
pub use self::wait::Awaited;
pub use crate::audit::baseline::Baseline;
pub use crate::audit::catalogue::CATALOGUE;
pub use crate::audit::config_file::ConfigFile;
pub use crate::audit::exit_policy::ExitPolicy;
pub use crate::audit::gather::Purpose;
pub use crate::domain::orphan::Orphan;
pub use crate::domain::state::EMPTY_BYTES;
pub use crate::host::names::Resolver;
pub use crate::provision::explain::explain;

use crate::cloud::{Budgeted, Cloud};
use crate::domain::advice::Advice;
use crate::domain::event::{Event, Reporter};
use crate::domain::ids::Reference;
use crate::domain::observed::Observed;
use crate::domain::plan::{Change, NotApplied};
use crate::error::Error;
use crate::provision::pace::Pacing;
use crate::provision::{Context, deadline};

/// Creates, awaits, shows and deletes EFS file systems with all that belongs to them.
///
/// Every method that changes something is the same loop (see [`crate::provision`]): it can be interrupted at any moment and run
/// again. Nothing is printed; a [`Reporter`] hears what happens.
pub struct EfsService<C> {
    cloud: Budgeted<C>,
    reporter: Box<dyn Reporter>,
    stops: Stops,
    pacing: Pacing,
    /// The end of a look that has no options of its own.
    reads: Option<std::time::Duration>,
}

/// How a run is interrupted: first politely, then at once.
#[derive(Debug, Clone, Default)]
pub struct Stops {
    /// No new call is made; what the run created is removed.
    pub first: CancellationToken,
    /// The removal ends too; what is left is reported.
    pub second: CancellationToken,
    /// Cancelled before the first, where the run was ended from outside (SIGTERM) and not interrupted by who sits before it.
    pub terminated: CancellationToken,
}

/// A run that failed: the error, and what it changed before.
///
/// It reads as the error does, which is its source; `?` takes it into any boxed error.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
#[non_exhaustive]
pub struct Failure {
    /// What happened.
    #[source]
    pub error: Error,
    /// What this run changed and did not roll back.
    pub changes: Vec<Change>,
    /// What was asked of a file system that exists and was not done, where nothing is rolled back.
    pub not_applied: Vec<NotApplied>,
    /// What would be lost of access or safety, where that was not accepted: nothing was changed.
    pub losses: Vec<Advice>,
    /// What is there, as far as it is known.
    pub observed: Observed,
}

impl Failure {
    /// A failure before anything was changed.
    pub fn plain(error: Error) -> Self {
        Self {
            error,
            changes: Vec::new(),
            not_applied: Vec::new(),
            losses: Vec::new(),
            observed: Observed::default(),
        }
    }
}

impl From<Error> for Box<Failure> {
    fn from(error: Error) -> Self {
        Self::new(Failure::plain(error))
    }
}

impl<C: Cloud> EfsService<C> {
    /// A service over a cloud that tells a reporter what happens. Services over clones of one [`AwsCloud`](crate::AwsCloud) share the
    /// rate at which they read.
    pub fn new(cloud: C, reporter: Box<dyn Reporter>) -> Self {
        Self {
            cloud: Budgeted::new(cloud),
            reporter,
            stops: Stops::default(),
            pacing: Pacing::default(),
            reads: None,
        }
    }

    /// The same service, interrupted by these.
    #[must_use]
    pub fn with_cancellation(mut self, stops: Stops) -> Self {
        self.stops = stops;
        self
    }

    /// The same service with another rhythm of looking.
    #[must_use]
    pub fn with_pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// The same service; showing and listing give up after this long.
    #[must_use]
    pub fn with_read_timeout(mut self, timeout: Option<std::time::Duration>) -> Self {
        self.reads = timeout;
        self
    }

    /// The cloud it works on.
    pub fn cloud(&self) -> &C {
        self.cloud.cloud()
    }

    /// What a run needs that is about this deployment.
    fn context(&self, about: Reference, timeout: Option<std::time::Duration>) -> Context<'_, C> {
        Context {
            cloud: &self.cloud,
            reporter: self.reporter.as_ref(),
            about,
            stop: self.stops.first.clone(),
            pacing: self.pacing,
            deadline: timeout.map(deadline),
        }
    }

    fn note(&self, note: impl Into<Advice>) {
        self.reporter.event(None, &Event::Note(note.into()));
    }

    fn warn(&self, warning: impl Into<Advice>) {
        self.reporter.event(None, &Event::Warning(warning.into()));
    }
}
