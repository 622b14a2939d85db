//! What EFS remembers of a replication: each of its two file systems has its own side of it, in its own region.

use serde::{Deserialize, Serialize};

use super::{FileSystem, Life, Millis};

/// The side of the source: the copy that EFS keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replication {
    /// Id of the copy.
    pub destination: String,
    /// Its region.
    pub region: String,
    /// The account that owns the copy, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The role as which EFS replicates, where the call named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// Its status over time.
    pub status: ReplicationStatus,
}

/// The side of the copy: the file system that EFS copies to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its id.
    pub file_system: String,
    /// Its region.
    pub region: String,
    /// The role as which EFS replicates, where the call named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The status of the replication over time.
    pub status: ReplicationStatus,
}

/// The status of a replication, as one of its sides knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ReplicationStatus {
    /// The word that a described account gives it; state files of older versions have nothing else.
    Stated(String),
    /// It follows from the time, as the states of other resources do.
    Timed(Life),
}

impl ReplicationStatus {
    /// The status at a time, in the words of the API (EFS user guide, "Viewing replication details").
    pub fn at(&self, now: Millis) -> &str {
        match self {
            Self::Stated(word) => word,
            Self::Timed(life) => match life.at(now) {
                "creating" => "ENABLING",
                "available" => "ENABLED",
                "deleting" => "DELETING",
                "error" => "ERROR",
                stated => stated,
            },
        }
    }

    /// Its times, where it has any.
    pub fn life(&self) -> Option<&Life> {
        match self {
            Self::Stated(_) => None,
            Self::Timed(life) => Some(life),
        }
    }

    /// It is `DELETING` from now on, and deleted at `gone`; the first deletion counts.
    pub(crate) fn delete(&mut self, now: Millis, gone: Millis) {
        let mut life = self.since(now);
        life.gone.get_or_insert(gone);
        *self = Self::Timed(life);
    }

    /// It ends in `ERROR`, whatever word it had.
    pub(crate) fn fail(&mut self, now: Millis) {
        *self = Self::Timed(Life {
            fails: true,
            stated: None,
            ..self.since(now)
        });
    }

    /// Its times; those of a stated one begin now, and keep its word.
    fn since(&self, now: Millis) -> Life {
        match self {
            Self::Timed(life) => life.clone(),
            Self::Stated(word) => Life {
                stated: Some(word.clone()),
                ..Life::new(now, 0)
            },
        }
    }

    fn is_over(&self, now: Millis) -> bool {
        self.life().is_some_and(|life| life.is_over(now))
    }
}

impl FileSystem {
    /// The status of the replication that it is in, as its source or as its copy.
    pub(crate) fn replication_status_mut(&mut self) -> Option<&mut ReplicationStatus> {
        match (&mut self.replication, &mut self.copy_of) {
            (Some(to), _) => Some(&mut to.status),
            (None, Some(from)) => Some(&mut from.status),
            (None, None) => None,
        }
    }

    /// Whether it is in a replication.
    pub(crate) fn is_replicated(&self) -> bool {
        self.replication.is_some() || self.copy_of.is_some()
    }

    /// Leaves a replication whose deletion is over: a copy is writable and protected again (API reference,
    /// `DeleteReplicationConfiguration`; EFS user guide, "Deleting replication configurations").
    pub(crate) fn leave_replication(&mut self, now: Millis) {
        self.replication.take_if(|to| to.status.is_over(now));
        let copied = self.copy_of.take_if(|from| from.status.is_over(now));
        if copied.is_some() {
            "ENABLED".clone_into(&mut self.replication_overwrite_protection);
        }
    }
}
