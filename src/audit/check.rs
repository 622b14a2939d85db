//! A check: what there is to know of it, and the function that judges.

use super::clients::Client;
use super::facts::{FileSystemFacts, Known, RegionInventory, Unavailable};
use super::rules::Rules;
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::About;
use crate::domain::inventory::Replication;
use crate::domain::network::NetworkInterface;
use crate::domain::state::{MountTarget, State};
use crate::domain::word::Word;

/// One check of the catalogue.
#[derive(Debug)]
pub struct Check {
    /// What there is to know of it.
    pub about: About,
    /// Judges one file system. What could not be seen is an error, and becomes "unknown".
    pub judge: fn(&CheckInput<'_>) -> Known<Outcome>,
}

/// What a check says, without what could not be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be; what was seen.
    Pass(Vec<Advice>),
    /// Not as it should be.
    Fail {
        /// Why, one line each.
        evidence: Vec<Advice>,
        /// What to type or to do.
        remedy: Advice,
    },
    /// There is nothing it could be about, and why.
    NotApplicable(Advice),
}

impl Outcome {
    /// As it should be.
    pub fn pass(evidence: impl Into<Advice>) -> Self {
        Self::Pass(vec![evidence.into()])
    }

    /// There is nothing it could be about.
    pub fn none(why: impl Into<Advice>) -> Self {
        Self::NotApplicable(why.into())
    }

    /// Fails if there is evidence against it.
    pub fn unless<E: Into<Advice>, A: Into<Advice>>(
        evidence: Vec<E>,
        remedy: impl FnOnce() -> A,
        pass: impl Into<Advice>,
    ) -> Self {
        if evidence.is_empty() {
            return Self::pass(pass);
        }
        Self::fail(evidence, remedy())
    }

    /// Not as it should be; what was seen, and what to do.
    pub fn fail<E: Into<Advice>>(
        evidence: impl IntoIterator<Item = E>,
        remedy: impl Into<Advice>,
    ) -> Self {
        Self::Fail {
            evidence: evidence.into_iter().map(Into::into).collect(),
            remedy: remedy.into(),
        }
    }
}

/// What a check looks at.
#[derive(Debug, Clone, Copy)]
pub struct CheckInput<'a> {
    /// The region.
    pub inventory: &'a RegionInventory,
    /// The file system.
    pub facts: &'a FileSystemFacts,
    /// What is asked of it.
    pub rules: &'a Rules,
    /// Who has to be able to use it.
    pub clients: &'a [Client],
}

impl<'a> CheckInput<'a> {
    /// The id of the file system.
    pub fn id(&self) -> &'a str {
        self.facts.file_system.id.as_str()
    }

    /// `aws efs OPERATION --file-system-id …` with more flags.
    pub fn aws_efs(&self, operation: &str, flags: &str) -> Command {
        let id = self.id();
        Command::aws(&format!("efs {operation} --file-system-id {id} {flags}"))
    }

    /// `efsctl set …` with these flags.
    pub fn set(&self, flags: &str) -> Command {
        let set = Command::efsctl("set").arg(self.id());
        flags.split_whitespace().fold(set, Command::arg)
    }

    /// Its mount targets that are not on their way out.
    pub fn mount_targets(&self) -> Known<Vec<&'a MountTarget>> {
        let found = self.facts.mount_targets.as_ref().map_err(Clone::clone)?;
        let live = |mt: &&MountTarget| !matches!(mt.state, State::Deleting | State::Deleted);
        Ok(found.iter().filter(live).collect())
    }

    /// Those of them that serve clients, or will: `error` is for good (user guide, "Troubleshooting mount issues"). What one in
    /// a state that is not known does is not known either.
    pub fn sound_mount_targets(&self) -> Known<Vec<&'a MountTarget>> {
        let mut sound = self.mount_targets()?;
        sound.retain(|mt| !matches!(mt.state, State::Error | State::Other(_)));
        Ok(sound)
    }

    /// The first of them whose state is not known: what is missing among the sound ones may be that one.
    pub fn unclear(&self) -> Option<Unavailable> {
        let mut found = self.mount_targets().ok()?.into_iter();
        found.find_map(|mt| match &mt.state {
            State::Other(word) => Some(Unavailable::unknown_word(
                format!("mount target {}", mt.id),
                word,
            )),
            _ => None,
        })
    }

    /// Why it is no one's to change: it is the copy of a replication. `None`: it is none.
    pub fn copy(&self) -> Known<Option<String>> {
        let fs = &self.facts.file_system;
        let copies = |replication: &&Replication| {
            let mut copies = replication.destinations.iter();
            copies.any(|(copy, _, status)| *copy == fs.id && status != "DELETING")
        };
        let listed = self.inventory.replications.iter().flatten().find(copies);
        let of = listed.map_or(String::new(), |replication| {
            format!(" of {}", replication.source)
        });
        if let (Some(Word::Other(word)), None, Err(_)) =
            (fs.protection(), listed, &self.inventory.replications)
        {
            return Err(Unavailable::unknown_word(
                "whether a replication writes to it",
                word,
            ));
        }
        Ok((fs.is_copy() || listed.is_some())
            .then(|| format!("it is the read-only copy{of} that a replication writes")))
    }

    /// Its mount targets with their network interfaces, as far as those are there.
    pub fn interfaces(&self) -> Known<Vec<(&'a MountTarget, Option<&'a NetworkInterface>)>> {
        let interfaces = self.inventory.interfaces.as_ref().map_err(Clone::clone)?;
        let found = self.mount_targets()?.into_iter();
        let found: Vec<_> = found.map(|mt| (mt, interfaces.of(mt))).collect();
        match self.foreign("the network interfaces of its mount targets") {
            Some(unavailable) if found.iter().any(|(_, interface)| interface.is_none()) => {
                Err(unavailable)
            }
            _ => Ok(found),
        }
    }

    /// Why that is not seen, of a file system of another account.
    pub fn foreign(&self, what: &str) -> Option<Unavailable> {
        let account = self.facts.file_system.id.account()?;
        Some(Unavailable::because(format!(
            "it belongs to account {account}, which does not show {what} here"
        )))
    }
}
