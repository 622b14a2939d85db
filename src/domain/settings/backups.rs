//! Automatic backups (EFS API reference, `PutBackupPolicy`).

use super::super::word::{Word, spelled};
use super::{Key, On, Setting, Verdict, Wish};

/// Whether automatic backups are on (service model: `Status` of a `BackupPolicy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BackupStatus {
    /// On.
    Enabled,
    /// Being turned on.
    Enabling,
    /// Off.
    Disabled,
    /// Being turned off.
    Disabling,
}

spelled!(BackupStatus {
    Enabled = "ENABLED",
    Enabling = "ENABLING",
    Disabled = "DISABLED",
    Disabling = "DISABLING",
});

/// The status of automatic backups, as AWS tells it.
pub type Backup = Word<BackupStatus>;

impl Backup {
    /// Whether they are on or being turned on; `None`: that word is not known.
    pub fn is_on(&self) -> Option<bool> {
        let status = self.known()?;
        Some(matches!(
            status,
            BackupStatus::Enabled | BackupStatus::Enabling
        ))
    }
}

/// Automatic backups, as they are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backups {
    /// On.
    On,
    /// Off.
    Off,
}

impl Backups {
    /// The status that asks for it.
    pub fn status(self) -> BackupStatus {
        match self {
            Self::On => BackupStatus::Enabled,
            Self::Off => BackupStatus::Disabled,
        }
    }
}

impl Setting for Backups {
    const KEY: Key = Key::Backups;
    const NAME: &'static str = "automatic backups";
    const RESOURCE: &'static str = "backup_policy";
    const SETTLES: bool = true;
    type Wish = Wish<On>;
    type Observed = Backup;

    /// What is on its way there is there: AWS finishes it.
    fn verdict(wish: &Wish<On>, observed: &Backup) -> Verdict<Self> {
        let (wanted, is_on) = match wish {
            Wish::Leave => return Verdict::Keep,
            Wish::Set(On) => (Self::On, true),
            Wish::Clear => (Self::Off, false),
        };
        if observed.is_on() == Some(is_on) {
            Verdict::Keep
        } else {
            Verdict::Set(wanted)
        }
    }

    fn loss(&self, observed: &Backup) -> Option<&'static str> {
        let takes_off = *self == Self::Off && observed.is_on() != Some(false);
        takes_off.then_some("AWS Backup makes no more daily backups of it")
    }

    fn is_settling(observed: &Backup) -> bool {
        matches!(
            observed.known(),
            Some(BackupStatus::Enabling | BackupStatus::Disabling)
        )
    }

    fn shown(observed: &Backup) -> String {
        let word = match observed {
            Word::Known(BackupStatus::Enabled) => "on",
            Word::Known(BackupStatus::Enabling) => "being turned on",
            Word::Known(BackupStatus::Disabled) => "off",
            Word::Known(BackupStatus::Disabling) => "being turned off",
            Word::Other(word) => word,
        };
        word.to_owned()
    }

    fn observed(&self) -> Backup {
        Word::Known(self.status())
    }

    /// On where that was asked for, and by default on One Zone (API reference, `CreateFileSystem`).
    fn at_creation(wish: &Wish<On>, one_zone: bool) -> Backup {
        let is_on = one_zone || matches!(wish, Wish::Set(On));
        Word::Known(if is_on {
            BackupStatus::Enabled
        } else {
            BackupStatus::Disabled
        })
    }

    fn is_unset(observed: &Backup) -> bool {
        observed.is_on() == Some(false)
    }
}
