//! The one flow: observe → [`diff`](crate::domain::diff::diff) → act, again until done.
//!
//! Create, re-run after a crash, dry run, rollback, ctrl-C and delete are this loop with different goals. There
//! is no undo stack and no state file: AWS is the journal.

mod act;
mod allowing;
pub mod converge;
pub mod explain;
pub mod hint;
mod ledger;
pub mod pace;
pub mod placement;
pub mod preflight;
mod refresh;
pub mod refusing;
pub mod rollback;
mod stop;
mod surroundings;
pub mod survey;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub use self::ledger::Ledger;
use self::pace::{Pacing, Retry};
pub use self::refresh::Lookup;
use crate::cloud::{Budgeted, Cloud};
use crate::domain::action::ReadScope;
use crate::domain::advice::Advice;
use crate::domain::event::{Event, Reporter};
use crate::domain::ids::Reference;
use crate::domain::settings::Key;

/// How long a thing that was just created, or whose making is in doubt, may stay invisible before "not there" is
/// believed. AWS gives no number: EC2's guide speaks of "a few minutes" at worst, the observed lag is seconds.
pub const SETTLE: Duration = Duration::from_secs(30);

/// How long a request that got no answer may still take effect, after the client gave it up. No number of AWS's either: the
/// longest that a request was seen to queue behind a connection that had broken is seconds.
pub const LINGER: Duration = Duration::from_secs(30);

/// How long a deletion may be refused after everything it could wait for is gone: the interfaces of mount targets leave a
/// security group some time after the mount targets.
pub const DRAIN: Duration = Duration::from_mins(3);

/// How long a principal that was just created may be unknown outside of IAM, which copies it to the regions (IAM user guide, "Changes that
/// I make are not always immediately visible"; two minutes are the `propagationTimeout` of Terraform's AWS provider).
pub const PROPAGATION: Duration = Duration::from_mins(2);

/// What every step of a run needs.
pub struct Context<'r, C> {
    /// The cloud.
    pub cloud: &'r Budgeted<C>,
    /// Who receives the events.
    pub reporter: &'r dyn Reporter,
    /// The deployment that events are about.
    pub about: Reference,
    /// Ends the run at the next step: ctrl-C.
    pub stop: CancellationToken,
    /// How often to poll.
    pub pacing: Pacing,
    /// The end of everything, from the start of the run; `None`: each wait has its own ([`patience`]).
    pub deadline: Option<tokio::time::Instant>,
}

impl<C: Cloud> Context<'_, C> {
    /// Trying again, as long as this run may.
    pub fn retry(&self) -> Retry<'_> {
        Retry {
            pacing: &self.pacing,
            deadline: self.deadline,
            stop: &self.stop,
        }
    }

    /// Tells an event.
    pub fn report(&self, event: &Event) {
        self.reporter.event(Some(&self.about), event);
    }

    /// Tells a warning.
    pub fn warn(&self, warning: impl Into<Advice>) {
        self.report(&Event::Warning(warning.into()));
    }
}

/// The end of a wait that begins now. What lies beyond a clock's reach ([`Duration::MAX`]) is thirty years away, which is what tokio
/// takes for "never" too (`Instant::far_future`).
pub fn deadline(timeout: Duration) -> tokio::time::Instant {
    const NEVER: Duration = Duration::from_hours(30 * 365 * 24);
    tokio::time::Instant::now() + timeout.min(NEVER)
}

/// How long a scope is waited for, unless the user says otherwise.
///
/// Mount targets were seen to take more than ten minutes (terraform-provider-aws#15278); a security group is held by
/// the interfaces of deleted mount targets for up to fifteen.
pub fn patience(scope: ReadScope) -> Duration {
    let minutes = match scope {
        ReadScope::FileSystem => 10,
        ReadScope::MountTargets | ReadScope::Setting(Key::Replication) => 30,
        ReadScope::SecurityGroup => 15,
        ReadScope::Interfaces | ReadScope::Setting(_) | ReadScope::AccessPoints => 5,
    };
    Duration::from_secs(minutes * 60)
}
