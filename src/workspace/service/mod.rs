//! Workspaces on a share: created, filled, completed, packed, deleted, expired. Every call may block on the disk.
//!
//! Nothing about a workspace is believed from memory: each call opens it again, so that several servers on one directory give the
//! same answers at once.

mod adopt;
mod create;
mod gates;
mod hold;
mod keep;
mod life;
mod open;
mod read;
mod refusal;
mod sweep;
mod view;
mod write;
mod zip;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use self::gates::{Dirty, Gates};
use crate::domain::due::Policy;
use crate::domain::limits::Limits;
use crate::domain::stamp::Stamp;
use crate::share::base::{Base, BaseFault};
use crate::share::commit::Durability;
use crate::share::disk::{Disk, missing_is_done};
use crate::share::{Clock, Posix, of_host};

pub use self::adopt::Adopted;
pub use self::create::New;
pub use self::hold::lease_of;
pub use self::refusal::{Code, Refusal};
pub use self::sweep::{Stats, Sweep};
pub use self::view::{Completed, FileView, Listing, View, Written};
pub use self::write::Item;
pub use self::zip::Download;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Whose is every workspace: a host without authentication, or its command line.
    Everyone,
    /// A user, whose are those with that owner.
    User(String),
}

impl Caller {
    /// Whether a workspace of this owner is the caller's.
    fn may(&self, owner: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::User(user) => user == owner,
        }
    }
}

/// How workspaces are kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The limits of a workspace that has none of its own.
    pub limits: Limits,
    /// When a workspace is idle.
    pub policy: Policy,
    /// What a write survives.
    pub durability: Durability,
    /// Nothing is written: no access is noted, and no state is given to what has none. For a dry run.
    pub is_read_only: bool,
}

/// The workspaces of one base.
pub struct Workspaces<D: Disk = Posix> {
    disk: D,
    path: PathBuf,
    base: RwLock<Arc<Base<D>>>,
    clock: Clock,
    options: Options,
    packing: Gates,
    dirty: Dirty,
}

impl<D: Disk> Workspaces<D> {
    /// Opens a base directory; one without `.efsctl` gets one.
    ///
    /// # Errors
    ///
    /// Why the base cannot be used.
    pub fn open(disk: D, path: &Path, options: Options) -> Result<Self, BaseFault> {
        let base = Base::open(&disk, path)?;
        Ok(Self {
            disk,
            path: path.to_owned(),
            base: RwLock::new(Arc::new(base)),
            clock: Clock::default(),
            options,
            packing: Gates::default(),
            dirty: Dirty::default(),
        })
    }

    /// The base directory, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Whether the base is on an NFS mount.
    pub fn is_nfs(&self) -> bool {
        self.base
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_nfs
    }

    /// Whether the base is there and can be written.
    ///
    /// # Errors
    ///
    /// It is not.
    pub fn ready(&self) -> Result<(), Refusal> {
        let base = self.base()?;
        let probe = uuid::Uuid::new_v4().to_string();
        self.disk.touch(&base.tmp, &probe)?;
        Ok(missing_is_done(
            self.disk.unlink(&base.tmp, probe.as_ref()),
        )?)
    }

    /// The base, if it still is where it was. One that was mounted again is opened again.
    fn base(&self) -> Result<Arc<Base<D>>, Refusal> {
        let base = self
            .base
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if base.is_there(&self.disk) {
            return Ok(base);
        }
        let missing = || {
            Refusal::new(
                Code::BaseUnavailable,
                format!(
                    "the base {} is not there: is it mounted?",
                    self.path.display()
                ),
            )
        };
        if !Base::is_base(&self.disk, &self.path) {
            return Err(missing());
        }
        let again = Base::open(&self.disk, &self.path).map_err(|_| missing())?;
        if !again.is_same(&base) {
            return Err(missing());
        }
        let again = Arc::new(again);
        *self.base.write().unwrap_or_else(PoisonError::into_inner) = again.clone();
        Ok(again)
    }

    /// The file system's now.
    fn now(&self, base: &Base<D>) -> Result<Stamp, Refusal> {
        if self.options.is_read_only {
            // The file system's clock is read by writing a file.
            return Ok(of_host());
        }
        Ok(self.clock.now(&self.disk, base)?)
    }

    /// Whether the files of jobs are synced.
    fn syncs_files(&self, base: &Base<D>) -> bool {
        match self.options.durability {
            Durability::Auto => base.is_nfs,
            Durability::Kill => false,
            Durability::Power => true,
        }
    }

    /// Whether metadata, states and ZIPs are synced.
    fn syncs_metadata(&self) -> bool {
        self.options.durability != Durability::Kill
    }
}
