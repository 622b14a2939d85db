//! Replication overwrite protection (EFS API reference, `UpdateFileSystemProtection`).

use std::fmt;

use super::super::word::{Word, spelled};
use super::{Key, Setting, Verdict, Wish};

/// Whether a replication may write to a file system (service model: `ReplicationOverwriteProtection`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OverwriteProtection {
    /// It may not: the file system is no one's copy.
    Enabled,
    /// It may: the file system can be made a copy.
    Disabled,
    /// It does: the file system is the copy of a replication, and read-only for everybody else.
    Replicating,
}

spelled!(OverwriteProtection {
    Enabled = "ENABLED",
    Disabled = "DISABLED",
    Replicating = "REPLICATING",
});

/// Replication overwrite protection, as it is set: `REPLICATING` is for AWS to set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// No replication may write to the file system: AWS's default.
    On,
    /// One may, and the file system is its copy from then on.
    Off,
}

impl Protection {
    /// The word that asks for it.
    pub fn to_api(self) -> OverwriteProtection {
        match self {
            Self::On => OverwriteProtection::Enabled,
            Self::Off => OverwriteProtection::Disabled,
        }
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "replication overwrite protection on",
            Self::Off => "replication overwrite protection off",
        })
    }
}

impl Setting for Protection {
    const KEY: Key = Key::Protection;
    const NAME: &'static str = "replication overwrite protection";
    const RESOURCE: &'static str = "replication_overwrite_protection";
    const SHOWN: bool = true;
    type Wish = Wish<Self>;
    /// `None`: AWS does not tell.
    type Observed = Option<Word<OverwriteProtection>>;

    fn verdict(wish: &Wish<Self>, observed: &Self::Observed) -> Verdict<Self> {
        let wanted = match wish {
            Wish::Leave => return Verdict::Keep,
            Wish::Set(wanted) => *wanted,
            Wish::Clear => Self::On,
        };
        match observed {
            Some(Word::Known(word)) if *word == wanted.to_api() => Verdict::Keep,
            // The protection of a copy changes with its replication (hashicorp/terraform-provider-aws#37790).
            Some(Word::Known(found @ OverwriteProtection::Replicating)) => Verdict::Conflict {
                wanted: wanted.to_api().to_string(),
                found: found.to_string(),
            },
            _ => Verdict::Set(wanted),
        }
    }

    fn observed(&self) -> Self::Observed {
        Some(Word::Known(self.to_api()))
    }

    fn at_creation(_: &Wish<Self>, _: bool) -> Self::Observed {
        Self::On.observed()
    }

    fn is_unset(observed: &Self::Observed) -> bool {
        *observed == Self::On.observed()
    }
}
