//! Replication (EFS API reference, `CreateReplicationConfiguration`): only its configuration. The copy is a file system of its own, in
//! another region or another zone; it is created by EFS, and never deleted here.

use std::fmt;
use std::str::FromStr;

use super::super::ids::{FileSystemId, InvalidId, KmsKey, Reference, Zone};
use super::super::inventory;
use super::super::region::{self, Mistaken};
use super::super::text::list;
use super::super::word::{Word, spelled};
use super::{Key, Setting, Verdict, Wish};

/// Where a file system is copied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The region of the copy.
    pub region: String,
    /// The zone of a One Zone copy.
    pub zone: Option<Zone>,
    /// The file system that becomes the copy; `None`: EFS creates one.
    pub file_system: Option<FileSystemId>,
    /// The key of the copy that is created; `None`: the one that AWS manages for EFS.
    pub kms_key: Option<KmsKey>,
}

/// A replication, as it is set. A file system has one copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replica {
    /// None: `DeleteReplicationConfiguration`. The copy stays, and becomes writable.
    None,
    /// `CreateReplicationConfiguration`.
    To(Destination),
}

/// The state of a replication (service model: `ReplicationStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReplicationStatus {
    /// It runs.
    Enabled,
    /// It begins.
    Enabling,
    /// It ends.
    Deleting,
    /// It failed, and does not recover.
    Error,
    /// The copy's region is not enabled for the account any more.
    Paused,
    /// It is being paused.
    Pausing,
}

spelled!(ReplicationStatus {
    Enabled = "ENABLED",
    Enabling = "ENABLING",
    Deleting = "DELETING",
    Error = "ERROR",
    Paused = "PAUSED",
    Pausing = "PAUSING",
});

/// A copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaCopy {
    /// The file system.
    pub id: FileSystemId,
    /// Its region.
    pub region: String,
    /// The state of the replication.
    pub status: Word<ReplicationStatus>,
}

/// The replication of a file system, as it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ObservedReplication {
    /// There is none.
    #[default]
    None,
    /// It is the source of these copies.
    Source(Vec<ReplicaCopy>),
    /// It is the copy of another one.
    CopyOf(FileSystemId),
}

impl ObservedReplication {
    /// What `DescribeReplicationConfigurations` answers for a file system.
    pub fn read(all: &[inventory::Replication], id: &FileSystemId) -> Self {
        let copies = all.iter().filter(|one| one.source.bare() == id.bare());
        let copies = copies.flat_map(|one| &one.destinations);
        let copies: Vec<ReplicaCopy> = copies
            .map(|(id, region, status)| ReplicaCopy {
                id: id.clone(),
                region: region.clone(),
                status: Word::from_api(status),
            })
            .collect();
        match (copies.is_empty(), all.first()) {
            (false, _) => Self::Source(copies),
            (true, Some(other)) => Self::CopyOf(other.source.clone()),
            (true, None) => Self::None,
        }
    }

    /// The copies that it has, but for those whose replication ends.
    pub fn copies(&self) -> impl Iterator<Item = &ReplicaCopy> {
        let all = match self {
            Self::Source(copies) => copies.as_slice(),
            Self::None | Self::CopyOf(_) => &[],
        };
        all.iter()
            .filter(|copy| !copy.status.is(&ReplicationStatus::Deleting))
    }

    fn any(&self, states: &[ReplicationStatus]) -> bool {
        let is_one = |copy: &ReplicaCopy| states.iter().any(|state| copy.status.is(state));
        matches!(self, Self::Source(copies) if copies.iter().any(is_one))
    }
}

impl Destination {
    fn is(&self, copy: &ReplicaCopy) -> bool {
        let id = self.file_system.as_ref();
        self.region == copy.region && id.is_none_or(|id| id.bare() == copy.id.bare())
    }
}

impl Setting for Replica {
    const KEY: Key = Key::Replication;
    const NAME: &'static str = "replication";
    const RESOURCE: &'static str = "replication";
    /// A file system that is replicated cannot be deleted (API reference, `DeleteFileSystem`): what fails before can still be rolled
    /// back.
    const LAST: bool = true;
    const SETTLES: bool = true;
    type Wish = Wish<Destination>;
    type Observed = ObservedReplication;

    fn verdict(wish: &Wish<Destination>, observed: &ObservedReplication) -> Verdict<Self> {
        let conflict = |wanted: String| Verdict::Conflict {
            wanted,
            found: Self::shown(observed),
        };
        let mut copies = observed.copies();
        match (wish, observed) {
            (Wish::Set(target), ObservedReplication::CopyOf(_)) => conflict(target.to_string()),
            (Wish::Clear, ObservedReplication::CopyOf(_)) => conflict("none".to_owned()),
            (Wish::Clear, _) if copies.next().is_some() => Verdict::Set(Self::None),
            (Wish::Leave | Wish::Clear, _) => Verdict::Keep,
            (Wish::Set(target), _) => match copies.next() {
                Some(copy) if !target.is(copy) || copy.status.is(&ReplicationStatus::Error) => {
                    conflict(target.to_string())
                }
                Some(_) => Verdict::Keep,
                // EFS takes the next one when the one before has ended.
                None if observed.any(&[ReplicationStatus::Deleting]) => Verdict::Keep,
                None => Verdict::Set(Self::To(target.clone())),
            },
        }
    }

    fn loss(&self, _: &ObservedReplication) -> Option<&'static str> {
        match self {
            Self::None => Some("its copy is no longer updated, and becomes writable"),
            Self::To(target) if target.file_system.is_some() => {
                Some("the data of the destination is overwritten")
            }
            Self::To(_) => None,
        }
    }

    fn is_settling(observed: &ObservedReplication) -> bool {
        observed.any(&[
            ReplicationStatus::Enabling,
            ReplicationStatus::Deleting,
            ReplicationStatus::Pausing,
        ])
    }

    fn shown(observed: &ObservedReplication) -> String {
        match observed {
            ObservedReplication::None => "none".to_owned(),
            ObservedReplication::CopyOf(source) => format!("it is the copy of {source}"),
            ObservedReplication::Source(copies) => list(copies.iter().map(|copy| {
                let status =
                    Some(&copy.status).filter(|status| !status.is(&ReplicationStatus::Enabled));
                let status = status
                    .map(|status| format!(" ({status})"))
                    .unwrap_or_default();
                if copy.id.is_known() {
                    format!("to {} in {}{status}", copy.id, copy.region)
                } else {
                    format!("to {}{status}", copy.region)
                }
            })),
        }
    }

    fn observed(&self) -> ObservedReplication {
        match self {
            Self::None => ObservedReplication::None,
            Self::To(target) => ObservedReplication::Source(vec![ReplicaCopy {
                id: target
                    .file_system
                    .clone()
                    .unwrap_or_else(FileSystemId::after_create),
                region: target.region.clone(),
                status: Word::Known(ReplicationStatus::Enabled),
            }]),
        }
    }

    fn at_creation(_: &Wish<Destination>, _: bool) -> ObservedReplication {
        ObservedReplication::None
    }

    fn is_unset(observed: &ObservedReplication) -> bool {
        *observed == ObservedReplication::None
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file_system, &self.zone) {
            (Some(id), _) => write!(f, "to {id} in {}", self.region),
            (None, Some(zone)) => write!(f, "to {zone}"),
            (None, None) => write!(f, "to {}", self.region),
        }
    }
}

/// Where a file system is copied to, as it is given: a region, a zone of it, the ARN of a file system, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplicateArg {
    /// Nowhere.
    None,
    /// There.
    To(Destination),
}

impl ReplicateArg {
    /// Whether EFS creates the copy: only then it takes a key.
    pub fn creates(&self) -> bool {
        matches!(self, Self::To(destination) if destination.file_system.is_none())
    }

    /// What is asked for, with that key for a copy that EFS creates.
    pub fn asked(given: Option<&Self>, key: Option<&KmsKey>) -> Wish<Destination> {
        match given {
            None => Wish::Leave,
            Some(Self::None) => Wish::Clear,
            Some(Self::To(destination)) => Wish::Set(Destination {
                kms_key: key.cloned(),
                ..destination.clone()
            }),
        }
    }
}

/// What is given is no place for a copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTarget {
    /// Not a region.
    #[error(
        "`{0}` is not a region{1}: expected REGION, REGION:ZONE, the ARN of a file system, or none"
    )]
    Region(String, String),
    /// An id does not say in which region it is.
    #[error("`{0}` does not say in which region the file system is: give its ARN")]
    Id(String),
    /// Not an ARN, or not a zone.
    #[error("{0}")]
    Form(#[from] InvalidId),
    /// The zone is in another region.
    #[error("zone {0} is not in {1}")]
    Elsewhere(Zone, String),
}

impl FromStr for ReplicateArg {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        if text == "none" {
            return Ok(Self::None);
        }
        let mut target = Destination {
            region: text.to_owned(),
            zone: None,
            file_system: None,
            kms_key: None,
        };
        if text.starts_with("arn:") || text.starts_with("fs-") {
            let Reference::Arn { id, region, .. } = text.parse()? else {
                return Err(InvalidTarget::Id(text.to_owned()));
            };
            (target.file_system, target.region) = (Some(id), region);
            return Ok(Self::To(target));
        }
        if let Some((region, zone)) = text.split_once(':') {
            region.clone_into(&mut target.region);
            let zone: Zone = zone.parse()?;
            if !zone.as_str().starts_with(region) {
                return Err(InvalidTarget::Elsewhere(zone, region.to_owned()));
            }
            target.zone = Some(zone);
        }
        match region::check(&target.region) {
            Ok(()) => Ok(Self::To(target)),
            Err(Mistaken::Zone(region)) => Err(InvalidTarget::Region(
                target.region.clone(),
                format!(
                    " (a zone is given with its region, as {region}:{})",
                    target.region
                ),
            )),
            Err(Mistaken::Quoted | Mistaken::Other) => {
                Err(InvalidTarget::Region(target.region, String::new()))
            }
        }
    }
}
