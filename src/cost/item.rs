//! What AWS bills: one row for each kind of charge, with its unit.

use serde::Deserialize;

/// What is billed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// Standard storage of a Regional file system.
    Standard,
    /// Infrequent Access storage in bursting and provisioned mode.
    InfrequentAccess,
    /// Infrequent Access storage in elastic mode.
    InfrequentAccessElastic,
    /// Archive storage.
    Archive,
    /// Standard storage of a One Zone file system.
    OneZone,
    /// Infrequent Access storage of a One Zone file system.
    OneZoneInfrequentAccess,
    /// Data read from Infrequent Access.
    InfrequentAccessRead,
    /// Data written to Infrequent Access, and moved there.
    InfrequentAccessWrite,
    /// Data read from Archive.
    ArchiveRead,
    /// Data written to Archive, and moved there.
    ArchiveWrite,
    /// Data read in elastic mode.
    ElasticRead,
    /// Data written in elastic mode.
    ElasticWrite,
    /// Provisioned throughput above what Standard storage includes.
    ProvisionedThroughput,
    /// Storage in S3 Standard, up to 50 TB.
    S3Standard,
    /// PUT, COPY, POST and LIST requests to S3 Standard.
    S3Put,
}

/// In what it is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 2^30 bytes, stored for the hours of a calendar month.
    GbMonth,
    /// 2^30 bytes, transferred.
    Gb,
    /// MiB/s, for the hours of a calendar month.
    MibpsMonth,
    /// A thousand requests.
    ThousandRequests,
}

impl Unit {
    /// As it is shown behind a quantity.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GbMonth => "GB-month",
            Self::Gb => "GB",
            Self::MibpsMonth => "MiB/s-month",
            Self::ThousandRequests => "thousand requests",
        }
    }
}

/// Which part of a bill it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What is kept.
    Storage,
    /// What is read from a colder class, and written to it.
    Access,
    /// What moves, or could.
    Throughput,
}

impl Item {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 15] = [
        Self::Standard,
        Self::OneZone,
        Self::InfrequentAccess,
        Self::InfrequentAccessElastic,
        Self::OneZoneInfrequentAccess,
        Self::Archive,
        Self::InfrequentAccessRead,
        Self::InfrequentAccessWrite,
        Self::ArchiveRead,
        Self::ArchiveWrite,
        Self::ElasticRead,
        Self::ElasticWrite,
        Self::ProvisionedThroughput,
        Self::S3Standard,
        Self::S3Put,
    ];

    fn row(self) -> (&'static str, &'static str, Unit, Part) {
        use Part::{Access, Storage, Throughput};
        use Unit::{Gb, GbMonth, MibpsMonth, ThousandRequests};
        match self {
            Self::Standard => ("standard", "Standard storage", GbMonth, Storage),
            Self::OneZone => ("one-zone", "One Zone storage", GbMonth, Storage),
            Self::InfrequentAccess => (
                "infrequent-access",
                "IA storage (bursting, provisioned)",
                GbMonth,
                Storage,
            ),
            Self::InfrequentAccessElastic => (
                "infrequent-access-elastic",
                "IA storage (elastic)",
                GbMonth,
                Storage,
            ),
            Self::OneZoneInfrequentAccess => (
                "one-zone-infrequent-access",
                "One Zone-IA storage",
                GbMonth,
                Storage,
            ),
            Self::Archive => ("archive", "Archive storage", GbMonth, Storage),
            Self::InfrequentAccessRead => ("infrequent-access-read", "read from IA", Gb, Access),
            Self::InfrequentAccessWrite => (
                "infrequent-access-write",
                "written or moved to IA",
                Gb,
                Access,
            ),
            Self::ArchiveRead => ("archive-read", "read from Archive", Gb, Access),
            Self::ArchiveWrite => ("archive-write", "written or moved to Archive", Gb, Access),
            Self::ElasticRead => ("elastic-read", "elastic throughput: read", Gb, Throughput),
            Self::ElasticWrite => (
                "elastic-write",
                "elastic throughput: written",
                Gb,
                Throughput,
            ),
            Self::ProvisionedThroughput => (
                "provisioned-throughput",
                "provisioned throughput",
                MibpsMonth,
                Throughput,
            ),
            Self::S3Standard => ("s3-standard", "S3 Standard storage", GbMonth, Storage),
            Self::S3Put => ("s3-put", "S3 PUT requests", ThousandRequests, Access),
        }
    }

    /// Its name, in files of prices and in JSON.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// What a person reads.
    pub fn title(self) -> &'static str {
        self.row().1
    }

    /// In what it is billed.
    pub fn unit(self) -> Unit {
        self.row().2
    }

    /// Which part of a bill it is.
    pub fn part(self) -> Part {
        self.row().3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_has_one_name_which_files_of_prices_have_too() {
        let mut names = std::collections::BTreeSet::new();
        for item in Item::ALL {
            assert!(names.insert(item.name()));
            let read: Item = serde_json::from_value(item.name().into()).unwrap();
            assert_eq!(read, item);
        }
        let schema = serde_json::to_string(&schemars::schema_for!(Item)).unwrap();
        assert_eq!(schema.matches("\"const\"").count(), Item::ALL.len());
    }
}
