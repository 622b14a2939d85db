//! Replication overwrite protection (EFS API reference, `UpdateFileSystemProtection`).

use super::super::word::{NOT_REPORTED, Word, spelled};
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

    fn loss(&self, observed: &Self::Observed) -> Option<&'static str> {
        let takes_off = *self == Self::Off && *observed != Self::Off.observed();
        takes_off.then_some("a replication may overwrite its data")
    }

    fn shown(observed: &Self::Observed) -> String {
        match observed {
            Some(Word::Known(OverwriteProtection::Enabled)) => "on".to_owned(),
            Some(Word::Known(OverwriteProtection::Disabled)) => "off".to_owned(),
            Some(other) => other.to_string(),
            None => NOT_REPORTED.to_owned(),
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
