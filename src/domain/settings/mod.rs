//! Settings of a file system that can change after its creation: one file each, which is all there is to know of it outside the
//! adapter.
//!
//! To add one: its file here, its line in the table at the end, its read and its write in `aws/settings`.

pub mod backups;
mod hardened;
pub mod lifecycle;
pub mod policy;
pub mod protection;
pub mod replication;
#[macro_use]
mod table;
pub mod throughput;
pub mod wish;

use std::collections::BTreeMap;
use std::fmt;

pub use self::backups::Backups;
pub use self::lifecycle::Lifecycle;
pub use self::policy::Policy;
pub use self::protection::Protection;
pub use self::replication::Replica;
pub use self::throughput::Throughput;
pub use self::wish::{On, Wish};

/// What is to be done about one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<T> {
    /// It is as it is asked for, or nothing is asked.
    Keep,
    /// Write this.
    Set(T),
    /// It cannot be made so.
    Conflict {
        /// What is asked for.
        wanted: String,
        /// What is there.
        found: String,
    },
}

impl<T> Verdict<T> {
    /// The same verdict on another type.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Verdict<U> {
        match self {
            Self::Keep => Verdict::Keep,
            Self::Set(value) => Verdict::Set(to(value)),
            Self::Conflict { wanted, found } => Verdict::Conflict { wanted, found },
        }
    }
}

/// One setting, by the type of what is written: whole, as its API takes it.
pub trait Setting: Clone + PartialEq + fmt::Debug + Sized {
    /// Which one it is.
    const KEY: Key;
    /// What it is called in a sentence.
    const NAME: &'static str;
    /// The kind of resource that a change of it names.
    const RESOURCE: &'static str;
    /// `DescribeFileSystems` shows it; otherwise it is read by a call of its own.
    const SHOWN: bool = false;
    /// The file system is `updating` while it changes, and takes nothing else meanwhile.
    const UPDATES: bool = false;
    /// AWS takes time to make it so, and shows that: it is read again after it was set.
    const SETTLES: bool = false;
    /// It is set when everything else is as it was asked for.
    const LAST: bool = false;
    /// What is asked for. The default is nothing.
    type Wish: Clone + Default + PartialEq + fmt::Debug;
    /// What is read: the value with its state, and words that this version does not know.
    type Observed: Clone + PartialEq + fmt::Debug;

    /// What is to be done.
    fn verdict(wish: &Self::Wish, observed: &Self::Observed) -> Verdict<Self>;
    /// What a look shows once this value is set.
    fn observed(&self) -> Self::Observed;
    /// What a file system has that was just created with this wish.
    fn at_creation(wish: &Self::Wish, one_zone: bool) -> Self::Observed;
    /// Whether no one has set it: only then `--fix` writes it.
    fn is_unset(observed: &Self::Observed) -> bool;
    /// What is lost of safety where this value replaces what is there.
    fn loss(&self, _: &Self::Observed) -> Option<&'static str> {
        None
    }
    /// It is as it was asked for, and AWS is not done with it.
    fn is_settling(_: &Self::Observed) -> bool {
        false
    }
    /// What was read, as a plan shows it beside the name of the setting: `off`, `IA after 30d`.
    fn shown(observed: &Self::Observed) -> String;
    /// Settings that have to be as asked for before this value is taken.
    fn after(&self) -> &'static [Key] {
        &[]
    }
}

settings! {
    /// Throughput mode and amount: `UpdateFileSystem`.
    Throughput(Throughput) as throughput,
    /// Lifecycle policy: `PutLifecycleConfiguration`, the whole set.
    Lifecycle(Lifecycle) as lifecycle,
    /// Automatic backups: `PutBackupPolicy`.
    Backups(Backups) as backups,
    /// Replication overwrite protection: `UpdateFileSystemProtection`.
    Protection(Protection) as protection,
    /// File system policy: `PutFileSystemPolicy`, the whole document; `DeleteFileSystemPolicy`.
    Policy(Policy) as policy,
    /// Replication: `CreateReplicationConfiguration`, `DeleteReplicationConfiguration`.
    Replication(Replica) as replication,
}

/// Settings, as far as they were read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings(BTreeMap<Key, ObservedSetting>);

impl Settings {
    /// The setting of that type, where it was read.
    pub fn get<S: Kind>(&self) -> Option<&S::Observed> {
        self.0.get(&S::KEY).and_then(S::pick)
    }

    /// That setting, where it was read.
    pub fn of(&self, key: Key) -> Option<&ObservedSetting> {
        self.0.get(&key)
    }

    /// Adds what was read.
    pub fn put(&mut self, observed: ObservedSetting) {
        self.0.insert(observed.key(), observed);
    }

    /// It was not read.
    pub fn forget(&mut self, key: Key) {
        self.0.remove(&key);
    }

    /// Those that `DescribeFileSystems` shows, and the others.
    #[must_use]
    pub fn split(self) -> (Self, Self) {
        let (shown, others) = self.0.into_iter().partition(|(key, _)| key.is_shown());
        (Self(shown), Self(others))
    }
}

impl FromIterator<ObservedSetting> for Settings {
    fn from_iter<I: IntoIterator<Item = ObservedSetting>>(observed: I) -> Self {
        Self(observed.into_iter().map(|one| (one.key(), one)).collect())
    }
}
