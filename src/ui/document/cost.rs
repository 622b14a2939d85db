//! What something costs, in the document.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::cost::exact::shortest;
use crate::cost::{
    BreakEven, Choice, Classes, Comparison, Estimate, Exact, Line, Mode, Part, Side, Total,
};
use crate::domain::ids::FileSystemId;

/// More decimals than a rate has; what is left of a cent is no money.
const PLACES: u32 = 9;

/// A number that is exact until it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(pub Exact);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&shortest(&self.0, PLACES))
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
            "description": "A decimal number as text, rounded to 9 decimals: no binary fraction holds cents.",
        })
    }
}

/// What `cost` reckoned, or what a plan will cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CostView {
    /// Of all amounts: `USD`.
    pub currency: &'static str,
    /// One for each file system; several in the order of their ids.
    pub estimates: Vec<EstimateView>,
    /// Of all of them, for a month.
    pub total: TotalView,
    /// The modes and classes side by side, with `--compare`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub comparison: Option<ComparisonView>,
    /// What is billed too and not reckoned here.
    pub not_included: &'static [&'static str],
}

/// What one file system costs a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EstimateView {
    /// Its id, where it exists.
    pub file_system_id: Option<FileSystemId>,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The region whose prices these are.
    pub region: String,
    /// `bursting`, `elastic` or `provisioned`, or another word of AWS; null where only a bucket is described.
    pub throughput_mode: Option<String>,
    /// MiB/s when provisioned.
    pub provisioned_throughput_mibps: Option<Decimal>,
    /// What is billed.
    pub lines: Vec<CostLineView>,
    /// Of all lines.
    pub total: TotalView,
}

/// What is billed for one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CostLineView {
    /// What: see `docs/COST.md`.
    pub item: &'static str,
    /// The same, for people.
    pub title: &'static str,
    /// How much; null: unknown.
    pub quantity: Option<Decimal>,
    /// In what: `GB-month`, `GB`, `MiB/s-month`, `thousand requests`.
    pub unit: &'static str,
    /// USD for one of them; null: unknown.
    pub rate: Option<Decimal>,
    /// USD; null: unknown.
    pub amount: Option<Decimal>,
    /// Where the rate was read.
    pub source: Option<String>,
    /// Of when the rate is: a year, a month or a day.
    pub date: Option<String>,
}

/// A sum of what is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TotalView {
    /// USD.
    pub usd: Decimal,
    /// Something in it is unknown: it is at least that much.
    pub at_least: bool,
}

/// The modes and classes side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparisonView {
    /// Each of them.
    pub choices: Vec<ChoiceView>,
    /// Where one becomes cheaper than another.
    pub break_evens: Vec<BreakEvenView>,
    /// MiB/s that bursting permits in the long run, spread as stated, reads counted at a third; null: unknown.
    pub bursting_baseline_mibps: Option<Decimal>,
}

/// The same data in one mode and in these classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChoiceView {
    /// `bursting`, `elastic` or `provisioned`.
    pub throughput_mode: String,
    /// MiB/s when provisioned.
    pub provisioned_throughput_mibps: Option<Decimal>,
    /// It is a One Zone file system.
    pub one_zone: bool,
    /// All of it is in Standard storage; otherwise it is spread as stated.
    pub all_standard: bool,
    /// What is stored, a month; null where AWS does not offer it, and so are the others.
    pub storage: Option<TotalView>,
    /// Reads and writes of Infrequent Access and Archive.
    pub access: Option<TotalView>,
    /// Throughput.
    pub throughput: Option<TotalView>,
    /// All of it.
    pub total: Option<TotalView>,
}

/// Where one side becomes cheaper than the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BreakEvenView {
    /// What is cheaper below it.
    pub cheaper: String,
    /// What it is compared with.
    pub than: String,
    /// Below how much read; null: never, or unknown.
    pub below: Option<Decimal>,
    /// In what: `bytes a day`, or `times a month`: how often what is stored is read.
    pub unit: &'static str,
    /// All of that, as a sentence.
    pub sentence: String,
}

impl EstimateView {
    /// The view of an estimate, of no file system that exists.
    pub fn of(estimate: &Estimate, mode: Option<&Mode>) -> Self {
        Self {
            file_system_id: None,
            name: None,
            region: estimate.region.clone(),
            throughput_mode: mode.map(|mode| mode.as_str().to_owned()),
            provisioned_throughput_mibps: mode.and_then(Mode::mibps).cloned().map(Decimal),
            lines: estimate.lines.iter().map(CostLineView::of).collect(),
            total: TotalView::of(&estimate.total()),
        }
    }
}

impl CostLineView {
    fn of(line: &Line) -> Self {
        let rate = line.rate.as_ref();
        Self {
            item: line.item.name(),
            title: line.item.title(),
            quantity: line.quantity.clone().map(Decimal),
            unit: line.item.unit().as_str(),
            rate: rate.map(|rate| Decimal(rate.usd.clone())),
            amount: line.amount().map(Decimal),
            source: rate.map(|rate| rate.source.clone()),
            date: rate.map(|rate| rate.date.clone()),
        }
    }
}

impl TotalView {
    /// The view of a total.
    pub fn of(total: &Total) -> Self {
        Self {
            usd: Decimal(total.usd.clone()),
            at_least: total.at_least,
        }
    }
}

impl ComparisonView {
    /// The view of a comparison.
    pub fn of(comparison: &Comparison) -> Self {
        Self {
            choices: comparison.choices.iter().map(ChoiceView::of).collect(),
            break_evens: comparison
                .break_evens
                .iter()
                .map(BreakEvenView::of)
                .collect(),
            bursting_baseline_mibps: comparison.bursting_mibps.clone().map(Decimal),
        }
    }
}

impl ChoiceView {
    fn of(choice: &Choice) -> Self {
        let estimate = choice.estimate.as_ref();
        let part = |part| estimate.map(|estimate| TotalView::of(&estimate.total_of(part)));
        Self {
            throughput_mode: choice.mode.as_str().to_owned(),
            provisioned_throughput_mibps: choice.mode.mibps().cloned().map(Decimal),
            one_zone: choice.is_one_zone,
            all_standard: choice.classes == Classes::AllStandard,
            storage: part(Part::Storage),
            access: part(Part::Access),
            throughput: part(Part::Throughput),
            total: estimate.map(|estimate| TotalView::of(&estimate.total())),
        }
    }
}

impl BreakEvenView {
    fn of(found: &BreakEven) -> Self {
        let (BreakEven::Below(side, _) | BreakEven::Never(side) | BreakEven::Unknown(side)) = found;
        let (cheaper, than) = match side {
            Side::ElasticProvisioned(mibps) => (
                "elastic".to_owned(),
                format!("provisioned={}", shortest(mibps, 4)),
            ),
            Side::InfrequentStandard(modes) => (
                format!("Infrequent Access ({modes})"),
                "Standard".to_owned(),
            ),
        };
        Self {
            below: match found {
                BreakEven::Below(_, amount) => Some(Decimal(amount.clone())),
                BreakEven::Never(_) | BreakEven::Unknown(_) => None,
            },
            unit: match side {
                Side::ElasticProvisioned(_) => "bytes a day",
                Side::InfrequentStandard(_) => "times a month",
            },
            sentence: found.to_string(),
            cheaper,
            than,
        }
    }
}
