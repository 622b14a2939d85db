//! The same file system in other modes and storage classes, side by side, and where one becomes cheaper than the other.

use std::fmt;

use num_traits::Zero;

use super::estimate::{Estimate, Total};
use super::exact::{Exact, rounded, shortest, whole};
use super::item::{Item, Part};
use super::prices::Prices;
use super::workload::{Mode, Quantities, Workload, in_gb, included};

/// Days of the month for which amounts a day are said.
pub const DAYS: u64 = 30;

/// How what is stored is spread over the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classes {
    /// All of it in Standard.
    AllStandard,
    /// As it was stated.
    AsStated,
}

/// One of the alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its throughput mode.
    pub mode: Mode,
    /// It is in one zone.
    pub is_one_zone: bool,
    /// How it is spread over the classes.
    pub classes: Classes,
    /// What it costs; `None`: AWS does not offer it.
    pub estimate: Option<Estimate>,
}

/// The two sides of a break-even.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// Elastic against so many provisioned MiB/s.
    ElasticProvisioned(Exact),
    /// Infrequent Access against Standard, in these modes.
    InfrequentStandard(&'static str),
}

/// Where one side becomes cheaper than the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BreakEven {
    /// The first side is cheaper while less is read than that: bytes a day for the modes, times a month for the classes.
    Below(Side, Exact),
    /// The first side is never cheaper.
    Never(Side),
    /// A rate or a quantity that decides it is unknown.
    Unknown(Side),
}

impl fmt::Display for BreakEven {
    /// A sentence that names both sides.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below(Side::ElasticProvisioned(mibps), bytes) => write!(
                f,
                "elastic is cheaper than provisioned={} below {} GB read a day, with what is written as stated and a month of {DAYS} days",
                shortest(mibps, 4),
                rounded(&in_gb(bytes), 1)
            ),
            Self::Never(Side::ElasticProvisioned(mibps)) => write!(
                f,
                "elastic is never cheaper than provisioned={}, whatever is read: all else alone costs as much",
                shortest(mibps, 4)
            ),
            Self::Unknown(Side::ElasticProvisioned(mibps)) => write!(
                f,
                "elastic against provisioned={}: unknown, because a rate is, or what is written",
                shortest(mibps, 4)
            ),
            Self::Below(Side::InfrequentStandard(modes), times) => write!(
                f,
                "Infrequent Access ({modes}) is cheaper than Standard while less than {} times what is in it is read a month",
                rounded(times, 1)
            ),
            Self::Never(Side::InfrequentStandard(modes)) => write!(
                f,
                "Infrequent Access ({modes}) is never cheaper than Standard"
            ),
            Self::Unknown(Side::InfrequentStandard(modes)) => write!(
                f,
                "Infrequent Access ({modes}) against Standard: unknown, because a rate is"
            ),
        }
    }
}

/// Alternatives, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// In the order in which they are shown.
    pub choices: Vec<Choice>,
    /// Where they meet.
    pub break_evens: Vec<BreakEven>,
    /// What bursting permits in the long run, in MiB/s, reads counted at a third. `None`: it is unknown how much is in Standard.
    pub bursting_mibps: Option<Exact>,
}

impl Comparison {
    /// What a file system costs in each mode, Regional and One Zone, and with all of it in Standard. Provisioned only where its amount is
    /// stated: any other would be a guess.
    pub fn of(stated: &Workload, prices: &Prices, region: &str) -> Self {
        let mut modes = vec![Mode::Bursting, Mode::Elastic];
        if let Mode::Provisioned(_) = stated.mode {
            modes.push(stated.mode.clone());
        }
        let mut spreads = vec![Classes::AsStated];
        if stated.has_colder() {
            spreads.push(Classes::AllStandard);
        }
        let mut choices = Vec::new();
        for is_one_zone in [false, true] {
            for classes in &spreads {
                for mode in &modes {
                    let workload = Workload {
                        mode: mode.clone(),
                        is_one_zone,
                        ..spread(stated, *classes)
                    };
                    let whole_month = whole(1);
                    let quantities = || workload.quantities(&whole_month);
                    choices.push(Choice {
                        mode: mode.clone(),
                        is_one_zone,
                        classes: *classes,
                        estimate: is_offered(&workload)
                            .then(|| Estimate::of(&quantities(), prices, region)),
                    });
                }
            }
        }
        Self {
            choices,
            break_evens: break_evens(stated, prices, region),
            bursting_mibps: stated.stored.standard.as_ref().map(permitted),
        }
    }
}

/// What bursting permits without credits: at least 1 MiB/s (EFS user guide, performance).
fn permitted(standard: &Exact) -> Exact {
    included(standard).max(whole(1))
}

/// Archive needs elastic throughput (EFS API reference, `PutLifecycleConfiguration`) and a Regional file system (EFS user guide, storage
/// classes).
fn is_offered(workload: &Workload) -> bool {
    !workload.has_archive() || workload.mode == Mode::Elastic && !workload.is_one_zone
}

/// The same data, spread so.
fn spread(stated: &Workload, classes: Classes) -> Workload {
    let mut workload = stated.clone();
    if classes == Classes::AllStandard {
        let stored = &mut workload.stored;
        let colder = [&mut stored.infrequent, &mut stored.archive];
        let moved = colder
            .into_iter()
            .map(|class| class.replace(whole(0)))
            .collect::<Option<Vec<Exact>>>();
        let all = stored.standard.take().zip(moved);
        stored.standard =
            all.map(|(standard, moved)| moved.into_iter().fold(standard, |a, b| a + b));
        let moved = &mut workload.moved;
        for bytes in [
            &mut moved.infrequent_read,
            &mut moved.infrequent_written,
            &mut moved.archive_read,
            &mut moved.archive_written,
        ] {
            *bytes = Some(whole(0));
        }
    }
    workload
}

fn break_evens(stated: &Workload, prices: &Prices, region: &str) -> Vec<BreakEven> {
    let mut found = Vec::new();
    if let Mode::Provisioned(mibps) = &stated.mode {
        let side = Side::ElasticProvisioned(mibps.clone());
        found.push(match elastic_provisioned(stated, prices, region) {
            Some(read) if read > whole(0) => BreakEven::Below(side, read),
            Some(_) => BreakEven::Never(side),
            None => BreakEven::Unknown(side),
        });
    }
    let (standard, infrequent): (Item, &[(Item, &'static str)]) = if stated.is_one_zone {
        (
            Item::OneZone,
            &[(Item::OneZoneInfrequentAccess, "One Zone")],
        )
    } else {
        (
            Item::Standard,
            &[
                (Item::InfrequentAccess, "bursting and provisioned"),
                (Item::InfrequentAccessElastic, "elastic"),
            ],
        )
    };
    for (infrequent, modes) in infrequent {
        let side = Side::InfrequentStandard(modes);
        let rate = |item| prices.rate(region, item).map(|rate| &rate.usd);
        let rates = rate(standard)
            .zip(rate(*infrequent))
            .zip(rate(Item::InfrequentAccessRead));
        found.push(match rates {
            Some(((standard, infrequent), _)) if infrequent >= standard => BreakEven::Never(side),
            Some(((standard, infrequent), read)) if !read.is_zero() => {
                BreakEven::Below(side, (standard - infrequent) / read)
            }
            _ => BreakEven::Unknown(side),
        });
    }
    found
}

/// Bytes a day at which both cost the same; all else as stated, reads from colder classes included.
fn elastic_provisioned(stated: &Workload, prices: &Prices, region: &str) -> Option<Exact> {
    let cost = |mode: Mode| {
        let mut workload = Workload {
            mode,
            ..stated.clone()
        };
        // What is read is what is looked for.
        workload.moved.read = Some(whole(0));
        let quantities: Quantities = workload.quantities(&whole(1));
        let estimate = Estimate::of(&quantities, prices, region);
        // What both pay alike does not decide, known or not.
        let parts = [Part::Storage, Part::Throughput].map(|part| estimate.total_of(part));
        let total = parts
            .iter()
            .fold(Total::default(), |sum, part| sum.and(part));
        total.exact().cloned()
    };
    let (elastic, provisioned) = (cost(Mode::Elastic)?, cost(stated.mode.clone())?);
    let read = &prices.rate(region, Item::ElasticRead)?.usd;
    if read.is_zero() {
        return None;
    }
    let gb_a_month = (provisioned - elastic) / read;
    Some(gb_a_month / whole(DAYS) / in_gb(&whole(1)))
}
