//! What cannot be asked for, and why.

use std::fmt;

use super::MOST_GROUPS;
use crate::domain::advice::{Advice, Part, advice};
use crate::domain::field::Field;
use crate::domain::ids::{Name, Zone};

/// A request that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecError {
    /// AWS refuses the pair.
    MaxIoElastic,
    /// AWS refuses the pair.
    MaxIoOneZone,
    /// Archive before IA.
    Lifecycle(String),
    /// Archive needs elastic throughput and general purpose performance.
    ArchiveNeedsElastic,
    /// Archive is a storage class of Regional file systems.
    ArchiveOneZone,
    /// A zone of a mount target is another one than that of all data.
    OneZoneElsewhere(Zone, Zone),
    /// Several subnets for one zone.
    OneZoneSubnets(Zone, usize),
    /// More groups than any network interface takes.
    TooManyGroups(usize),
    /// Ranges so wide that no one knows who is in them: what an audit calls open to the Internet.
    OpenToTheWorld(String),
    /// An access point that EFS would refuse.
    AccessPoint(Name, String),
    /// Two access points of one name.
    AccessPointTwice(Name),
    /// 50 tags on a file system, four of them ours.
    TooManyTags(usize),
}

const MAX_IO: Part = Part::Set(Field::Performance, "max-io");
const ELASTIC: Part = Part::Set(Field::Throughput, "elastic");

impl SpecError {
    /// What is wrong, as a sentence about fields.
    pub fn sentence(&self) -> Advice {
        match self {
            Self::MaxIoElastic => advice![MAX_IO, " cannot be combined with ", ELASTIC],
            Self::MaxIoOneZone => advice![MAX_IO, " cannot be combined with ", Field::OneZone],
            Self::Lifecycle(sentence) => sentence.clone().into(),
            Self::ArchiveNeedsElastic => advice![
                Field::TransitionToArchive,
                " needs ",
                ELASTIC,
                " and ",
                (Field::Performance, "general-purpose"),
            ],
            Self::ArchiveOneZone => advice![
                Field::TransitionToArchive,
                " cannot be combined with ",
                Field::OneZone,
                ": a One Zone file system has no Archive storage",
            ],
            Self::OneZoneElsewhere(zone, other) => advice![
                (Field::OneZone, zone),
                " takes one mount target, in that zone: ",
                (Field::Zone, other),
                " is another one",
            ],
            Self::OneZoneSubnets(zone, count) => advice![
                (Field::OneZone, zone),
                format!(" takes one mount target, but {count} subnets are given with "),
                Field::Subnet,
            ],
            Self::TooManyGroups(count) => advice![
                format!("{count} security groups are given with "),
                Field::SecurityGroup,
                format!(
                    ", but a mount target takes at most {MOST_GROUPS}, whatever the quota of the account"
                ),
            ],
            Self::OpenToTheWorld(ranges) => advice![
                Field::AllowFrom,
                format!(" would open NFS to the Internet: {ranges}"),
            ],
            Self::AccessPoint(name, why) => format!("access point `{name}`: {why}").into(),
            Self::AccessPointTwice(name) => {
                format!("access point `{name}` is requested twice").into()
            }
            Self::TooManyTags(count) => advice![
                format!("{count} tags are given with "),
                Field::Tag,
                ", but a file system takes 50 and efsctl needs 4 of them",
            ],
        }
    }

    /// What to do about it, where there is more to say than the sentence does.
    pub fn hint(&self) -> Option<Advice> {
        match self {
            Self::OpenToTheWorld(_) => Some(advice![
                "allow the security group of the clients (sg-…) or narrower ranges; to open it to the Internet anyway, add ",
                Field::OpenToTheWorld,
            ]),
            Self::AccessPointTwice(_) => {
                Some(advice!["give each NAME once with ", Field::AccessPoint])
            }
            _ => None,
        }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for SpecError {}
