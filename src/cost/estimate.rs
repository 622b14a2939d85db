//! Quantities and prices make an estimate: lines, and their total.

use num_traits::Zero;

use super::exact::{Exact, whole};
use super::item::{Item, Part};
use super::prices::{Prices, Rate};
use super::workload::Quantities;

/// What is billed beside it, and not reckoned.
pub const NOT_INCLUDED: [&str; 7] = [
    "data transfer between zones and regions",
    "replication",
    "AWS Backup",
    "files under 128 KiB in IA and Archive, billed as 128 KiB",
    "what is deleted from Archive within 90 days",
    "what uses the file system: EC2, Fargate, RDS, other S3 requests",
    "taxes and discounts",
];

/// What is billed for one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub item: Item,
    /// How much, in its unit; `None`: unknown.
    pub quantity: Option<Exact>,
    /// At which rate; `None`: unknown.
    pub rate: Option<Rate>,
}

impl Line {
    /// USD; `None`: unknown. Nothing costs nothing, whatever its rate.
    pub fn amount(&self) -> Option<Exact> {
        match (&self.quantity, &self.rate) {
            (Some(quantity), _) if quantity.is_zero() => Some(whole(0)),
            (Some(quantity), Some(rate)) => Some(quantity * &rate.usd),
            (None, _) | (_, None) => None,
        }
    }
}

/// A sum of what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// USD.
    pub usd: Exact,
    /// Something in it is unknown: it is more than that.
    pub at_least: bool,
}

impl Default for Total {
    fn default() -> Self {
        Self {
            usd: whole(0),
            at_least: false,
        }
    }
}

impl Total {
    /// The total of these amounts, of which some may be unknown.
    pub fn of(amounts: impl IntoIterator<Item = Option<Exact>>) -> Self {
        amounts.into_iter().fold(Self::default(), |sum, amount| {
            let (usd, unknown) = amount.map_or_else(|| (whole(0), true), |usd| (usd, false));
            Self {
                usd: sum.usd + usd,
                at_least: sum.at_least || unknown,
            }
        })
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            usd: &self.usd + &other.usd,
            at_least: self.at_least || other.at_least,
        }
    }

    /// USD, where nothing in it is unknown.
    pub fn exact(&self) -> Option<&Exact> {
        (!self.at_least).then_some(&self.usd)
    }
}

/// What something costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// The region whose prices these are.
    pub region: String,
    /// Line by line, in the order of [`Item::ALL`].
    pub lines: Vec<Line>,
}

impl Estimate {
    /// What those quantities cost in a region.
    pub fn of(quantities: &Quantities, prices: &Prices, region: &str) -> Self {
        let line = |item: Item| {
            let quantity = quantities.get(&item)?;
            Some(Line {
                item,
                quantity: quantity.clone(),
                rate: prices.rate(region, item).cloned(),
            })
        };
        Self {
            region: region.to_owned(),
            lines: Item::ALL.into_iter().filter_map(line).collect(),
        }
    }

    /// Of all lines.
    pub fn total(&self) -> Total {
        Total::of(self.lines.iter().map(Line::amount))
    }

    /// Of the lines of one part.
    pub fn total_of(&self, part: Part) -> Total {
        let lines = self.lines.iter();
        let lines = lines.filter(|line| line.item.part() == part);
        Total::of(lines.map(Line::amount))
    }

    /// Lines whose rate is unknown where it matters.
    pub fn unpriced(&self) -> impl Iterator<Item = &Line> {
        let lines = self.lines.iter();
        let is_unpriced = |line: &&Line| line.amount().is_none() && line.rate.is_none();
        lines.filter(is_unpriced)
    }
}
