//! Alarms of `CloudWatch` that a file system should have, by what it is.
//!
//! Metrics, their statistics and dimensions: EFS user guide, "Monitoring metrics" and "Using metric math". AWS names no
//! thresholds but for the utilisation of throughput; the others are ours, and stand in docs/ALARMS.md.

use schemars::JsonSchema;
use serde::Serialize;

use super::inventory::Replication;
use super::settings::Throughput;
use super::spec::PerformanceMode;
use super::state::FileSystem;

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AlarmKind {
    /// Burst credits run out.
    BurstCredits,
    /// The I/O limit of General Purpose is near.
    IoLimit,
    /// Throughput that is permitted is nearly used.
    Throughput,
    /// The limit of connections is near.
    Connections,
    /// No client is connected.
    NoClients,
    /// More is stored than planned.
    StorageBudget,
    /// A replication lags behind.
    ReplicationLag,
}

impl AlarmKind {
    /// Its word, in names and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BurstCredits => "burst-credits",
            Self::IoLimit => "io-limit",
            Self::Throughput => "throughput",
            Self::Connections => "connections",
            Self::NoClients => "no-clients",
            Self::StorageBudget => "storage-budget",
            Self::ReplicationLag => "replication-lag",
        }
    }
}

/// What is compared with the threshold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub enum Measure {
    /// One metric of the namespace `AWS/EFS`.
    Metric {
        /// Its name.
        name: &'static str,
        /// `Minimum`, `Maximum`, `Average` or `Sum`.
        statistic: &'static str,
        /// Dimensions beside `FileSystemId`.
        dimensions: Vec<(&'static str, String)>,
    },
    /// Metered throughput in percent of what is permitted.
    Utilisation,
}

/// On which side of the threshold the alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Below it.
    Below,
    /// At it, or above.
    AtLeast,
    /// Above it.
    Above,
}

impl Comparison {
    /// The word of the API.
    pub fn operator(self) -> &'static str {
        match self {
            Self::Below => "LessThanThreshold",
            Self::AtLeast => "GreaterThanOrEqualToThreshold",
            Self::Above => "GreaterThanThreshold",
        }
    }

    /// As it is read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtLeast => ">=",
            Self::Above => ">",
        }
    }
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Alarm {
    /// What it watches.
    pub kind: AlarmKind,
    /// Its name: the same for every run, at most 255 characters.
    pub name: String,
    /// What it means, and what to do.
    pub description: String,
    /// What is compared.
    pub measure: Measure,
    /// How.
    pub comparison: Comparison,
    /// With what, in the unit of the metric: bytes, percent, seconds, or a count.
    pub threshold: u64,
    /// Over how many seconds a value is taken.
    pub period: u32,
    /// How many values in a row.
    pub periods: u32,
    /// What missing values are: `notBreaching`, `breaching` or `missing`.
    pub missing: &'static str,
}

/// What is asked for besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlarmWish {
    /// More than that should not be stored, in bytes.
    pub budget: Option<u64>,
    /// Clients should always be connected.
    pub expects_clients: bool,
}

/// What is true of every alarm of a kind.
struct Row {
    kind: AlarmKind,
    description: &'static str,
    comparison: Comparison,
    period: u32,
    periods: u32,
    missing: &'static str,
}

const NOT_BREACHING: &str = "notBreaching";

/// A file system has 25,000 connections at most (EFS user guide, "Quotas").
const MANY_CONNECTIONS: u64 = 20_000;

/// Replication is designed to lag less than fifteen minutes mostly (EFS user guide, "Replicating file systems"); an hour is no hiccup.
const LAG: u64 = 3_600;

/// The most burst credits are 2.1 TiB, for each TiB that is stored above one (EFS user guide, "Bursting throughput"): a tenth of it.
fn low_credits(stored: u64) -> u64 {
    stored.max(1 << 40) / 100 * 21
}

const BURST_CREDITS: Row = Row {
    kind: AlarmKind::BurstCredits,
    description: "Burst credits run out; throughput falls to the baseline then. Elastic or provisioned throughput has none.",
    comparison: Comparison::Below,
    period: 300,
    periods: 3,
    missing: NOT_BREACHING,
};

const IO_LIMIT: Row = Row {
    kind: AlarmKind::IoLimit,
    description: "The I/O limit of General Purpose is nearly reached. Elastic throughput has a higher one.",
    comparison: Comparison::AtLeast,
    ..BURST_CREDITS
};

const THROUGHPUT: Row = Row {
    kind: AlarmKind::Throughput,
    description: "Throughput is at 80 percent of what is permitted. Change the throughput mode, or provision more.",
    ..IO_LIMIT
};

/// The sum of a longer period counts a client once for each minute.
const CONNECTIONS: Row = Row {
    kind: AlarmKind::Connections,
    description: "A file system takes 25,000 connections.",
    period: 60,
    periods: 5,
    ..IO_LIMIT
};

const NO_CLIENTS: Row = Row {
    kind: AlarmKind::NoClients,
    description: "No client is connected, although some should be.",
    comparison: Comparison::Below,
    periods: 15,
    missing: "breaching",
    ..CONNECTIONS
};

/// It is metered every 15 minutes.
const STORAGE_BUDGET: Row = Row {
    kind: AlarmKind::StorageBudget,
    description: "More is stored than was planned.",
    comparison: Comparison::Above,
    period: 900,
    periods: 1,
    missing: "missing",
};

const REPLICATION_LAG: Row = Row {
    kind: AlarmKind::ReplicationLag,
    description: "",
    comparison: Comparison::Above,
    missing: "breaching",
    ..BURST_CREDITS
};

fn metric(name: &'static str, statistic: &'static str) -> Measure {
    Measure::Metric {
        name,
        statistic,
        dimensions: Vec::new(),
    }
}

/// The alarms that such a file system should have.
#[must_use]
pub fn proposed(of: &FileSystem, replications: &[Replication], wish: &AlarmWish) -> Vec<Alarm> {
    let id = of.id.bare();
    let throughput = of.throughput();
    let alarm = |row: &Row, measure, threshold| Alarm {
        kind: row.kind,
        name: format!("efsctl-{id}-{}", row.kind.as_str()),
        description: row.description.to_owned(),
        measure,
        comparison: row.comparison,
        threshold,
        period: row.period,
        periods: row.periods,
        missing: row.missing,
    };
    let mut alarms = Vec::new();
    if throughput.is(&Throughput::Bursting) {
        let credits = metric("BurstCreditBalance", "Minimum");
        alarms.push(alarm(&BURST_CREDITS, credits, low_credits(of.size_bytes)));
    }
    // Elastic throughput raises the limit of General Purpose, and Max I/O has none.
    let is_general = of.performance.is(&PerformanceMode::GeneralPurpose);
    if is_general && !throughput.is(&Throughput::Elastic) {
        alarms.push(alarm(&IO_LIMIT, metric("PercentIOLimit", "Maximum"), 95));
    }
    alarms.push(alarm(&THROUGHPUT, Measure::Utilisation, 80));
    let clients = || metric("ClientConnections", "Sum");
    alarms.push(alarm(&CONNECTIONS, clients(), MANY_CONNECTIONS));
    if wish.expects_clients {
        alarms.push(alarm(&NO_CLIENTS, clients(), 1));
    }
    if let Some(budget) = wish.budget {
        let stored = Measure::Metric {
            name: "StorageBytes",
            statistic: "Average",
            dimensions: vec![("StorageClass", "Total".to_owned())],
        };
        alarms.push(alarm(&STORAGE_BUDGET, stored, budget));
    }
    let own = replications.iter().filter(|one| one.source == of.id);
    for (copy, region, _) in own.flat_map(|one| &one.destinations) {
        let copy = copy.bare();
        let lag = Measure::Metric {
            name: "TimeSinceLastSync",
            statistic: "Maximum",
            dimensions: vec![("DestinationFileSystemId", copy.to_owned())],
        };
        let one = alarm(&REPLICATION_LAG, lag, LAG);
        alarms.push(Alarm {
            name: format!("{}-{copy}", one.name),
            description: format!("The copy {copy} in {region} is more than an hour behind."),
            ..one
        });
    }
    alarms
}
