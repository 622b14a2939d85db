//! What a file system holds and moves, and the quantities that AWS bills for it.

use std::collections::BTreeMap;

use num_traits::Zero;

use super::exact::{Exact, at_least_zero, decimal, whole};
use super::item::Item;
use super::size::GB;
use crate::domain::settings::Throughput;
use crate::domain::word::Word;

/// Standard storage that includes 1 MiB/s, in GB: 50 KiB/s per GB (AWS, "Amazon EFS pricing", provisioned throughput; Infracost's golden
/// file of 230 GB and 100 MiB/s bills 88.5).
const GB_PER_INCLUDED_MIBPS: u64 = 20;

/// A throughput mode, with an exact amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// What is stored permits it; nothing is billed for it.
    Bursting,
    /// Each GB is billed.
    Elastic,
    /// So many MiB/s are.
    Provisioned(Exact),
    /// Another one, by AWS's word for it: what it bills is unknown.
    Other(String),
}

impl Mode {
    /// The word of the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bursting => "bursting",
            Self::Elastic => "elastic",
            Self::Provisioned(_) => "provisioned",
            Self::Other(word) => word,
        }
    }

    /// MiB/s, when provisioned.
    pub fn mibps(&self) -> Option<&Exact> {
        match self {
            Self::Provisioned(mibps) => Some(mibps),
            Self::Bursting | Self::Elastic | Self::Other(_) => None,
        }
    }

    /// That mode.
    pub fn of(throughput: Throughput) -> Self {
        match throughput {
            Throughput::Bursting => Self::Bursting,
            Throughput::Elastic => Self::Elastic,
            // The shortest text of a float is the decimal that was meant.
            Throughput::Provisioned(mibps) => match decimal(&mibps.to_string()) {
                Some(exact) => Self::Provisioned(exact),
                None => Self::Other(throughput.to_string()),
            },
        }
    }

    /// The mode that AWS shows.
    pub fn observed(word: &Word<Throughput>) -> Self {
        match word {
            Word::Known(throughput) => Self::of(*throughput),
            Word::Other(word) => Self::Other(word.clone()),
        }
    }
}

/// Bytes in each storage class, while they are there. `None`: unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// Standard.
    pub standard: Option<Exact>,
    /// Infrequent Access.
    pub infrequent: Option<Exact>,
    /// Archive.
    pub archive: Option<Exact>,
}

/// Bytes that move in the time. `None`: unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// Read by clients, in all.
    pub read: Option<Exact>,
    /// Written by clients, in all.
    pub written: Option<Exact>,
    /// Of what is read, what is in Infrequent Access.
    pub infrequent_read: Option<Exact>,
    /// Written to Infrequent Access, or moved there by the lifecycle policy.
    pub infrequent_written: Option<Exact>,
    /// Of what is read, what is in Archive.
    pub archive_read: Option<Exact>,
    /// Written to Archive, or moved there by the lifecycle policy.
    pub archive_written: Option<Exact>,
}

/// A file system, for a time in which it stays the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// Its throughput mode.
    pub mode: Mode,
    /// It is in one zone.
    pub is_one_zone: bool,
    /// What it holds.
    pub stored: Stored,
    /// What moves in that time.
    pub moved: Moved,
}

/// What is billed, each in the unit of its item. `None`: unknown.
pub type Quantities = BTreeMap<Item, Option<Exact>>;

/// Both together.
#[must_use]
pub fn sum(mut one: Quantities, other: Quantities) -> Quantities {
    for (item, quantity) in other {
        let both = one.remove(&item).map_or_else(
            || quantity.clone(),
            |known| Some(known? + quantity.clone()?),
        );
        one.insert(item, both);
    }
    one
}

impl Workload {
    /// Something in it is known to be in Archive.
    pub fn has_archive(&self) -> bool {
        self.stored.archive.as_ref().is_some_and(is_some)
    }

    /// Something in it is known to be in a class that is colder than Standard.
    pub fn has_colder(&self) -> bool {
        self.has_archive() || self.stored.infrequent.as_ref().is_some_and(is_some)
    }

    /// What AWS bills for a part of a month (1: all of it), in which that much is stored and provisioned, and moves.
    ///
    /// A GB-month is GB-hours over the hours of the calendar month (EFS user guide, "Understanding billing and usage reports"), and
    /// provisioned throughput is metered by the hour, too: both grow with the part.
    pub fn quantities(&self, part: &Exact) -> Quantities {
        let mut quantities = self.storage(part);
        quantities.extend(self.access());
        quantities.extend(self.throughput(part));
        quantities
    }

    fn storage(&self, part: &Exact) -> Quantities {
        let standard = if self.is_one_zone {
            Item::OneZone
        } else {
            Item::Standard
        };
        let infrequent = match (self.is_one_zone, &self.mode) {
            (true, _) => Item::OneZoneInfrequentAccess,
            (false, Mode::Elastic) => Item::InfrequentAccessElastic,
            (false, Mode::Bursting | Mode::Provisioned(_) | Mode::Other(_)) => {
                Item::InfrequentAccess
            }
        };
        // Of two rates one applies, and which is unknown.
        let is_known =
            |item| item != Item::InfrequentAccess || !matches!(self.mode, Mode::Other(_));
        let gb_months = |item, bytes: &Option<Exact>| {
            let bytes = bytes.as_ref().filter(|_| is_known(item))?;
            Some(in_gb(bytes) * part)
        };
        [
            (standard, &self.stored.standard),
            (infrequent, &self.stored.infrequent),
            (Item::Archive, &self.stored.archive),
        ]
        .into_iter()
        .filter(|(item, bytes)| *item == standard || may_be(bytes.as_ref()))
        .map(|(item, bytes)| (item, gb_months(item, bytes)))
        .collect()
    }

    /// Reads and writes of the colder classes, where there is anything in them.
    fn access(&self) -> Quantities {
        let (stored, moved) = (&self.stored, &self.moved);
        [
            (
                &stored.infrequent,
                Item::InfrequentAccessRead,
                &moved.infrequent_read,
            ),
            (
                &stored.infrequent,
                Item::InfrequentAccessWrite,
                &moved.infrequent_written,
            ),
            (&stored.archive, Item::ArchiveRead, &moved.archive_read),
            (&stored.archive, Item::ArchiveWrite, &moved.archive_written),
        ]
        .into_iter()
        .filter(|(stored, _, bytes)| may_be(stored.as_ref()) || bytes.as_ref().is_some_and(is_some))
        .map(|(_, item, bytes)| (item, bytes.as_ref().map(in_gb)))
        .collect()
    }

    fn throughput(&self, part: &Exact) -> Quantities {
        let gb = |bytes: &Option<Exact>| bytes.as_ref().map(in_gb);
        match &self.mode {
            Mode::Bursting => Quantities::new(),
            Mode::Elastic => Quantities::from([
                (Item::ElasticRead, gb(&self.moved.read)),
                (Item::ElasticWrite, gb(&self.moved.written)),
            ]),
            Mode::Provisioned(mibps) => {
                let standard = self.stored.standard.as_ref();
                let billed = standard.map(|bytes| billed(mibps, bytes) * part);
                Quantities::from([(Item::ProvisionedThroughput, billed)])
            }
            Mode::Other(_) => Quantities::from([
                (Item::ElasticRead, None),
                (Item::ElasticWrite, None),
                (Item::ProvisionedThroughput, None),
            ]),
        }
    }
}

/// MiB/s that Standard storage includes.
pub fn included(standard: &Exact) -> Exact {
    in_gb(standard) / whole(GB_PER_INCLUDED_MIBPS)
}

/// MiB/s that are billed: what is provisioned above what is included.
fn billed(mibps: &Exact, standard: &Exact) -> Exact {
    at_least_zero(mibps - included(standard))
}

/// GB of so many bytes.
pub fn in_gb(bytes: &Exact) -> Exact {
    bytes / whole(GB)
}

fn is_some(bytes: &Exact) -> bool {
    !bytes.is_zero()
}

/// There is something, or it is unknown whether there is.
fn may_be(bytes: Option<&Exact>) -> bool {
    bytes.is_none_or(is_some)
}
