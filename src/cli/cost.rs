//! `efsctl cost`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::cost::exact::{Exact, whole};
use crate::cost::{GB, Item, Mode, Moved, Quantities, Share, Size, Stored, Workload};
use crate::domain::ids::Reference;
use crate::domain::settings::Throughput;
use crate::service::Scope;

/// What `efsctl cost --help` begins with.
pub const ABOUT: &str = "Estimate what file systems cost a month, line by line, with the source of each rate

Of a file system as it is described by options, or of file systems as they are, at their metered size. Changes nothing. A rate or a quantity \
that is not known is `unknown`, and the total says \"at least\". 1 GB is 2^30 bytes, as AWS bills it, so that 200GB and 200GiB are the same. \
docs/COST.md has the rates that are known.";

const DESCRIBED: &str = "A file system that is described";
const BUCKET: &str = "A bucket that is described";

/// What describes a file system or a bucket contradicts one that exists.
const DESCRIBES: [&str; 14] = [
    "storage",
    "ia",
    "archive",
    "one_zone",
    "throughput",
    "read",
    "write",
    "ia_read",
    "ia_write",
    "archive_read",
    "archive_write",
    "compare",
    "s3_storage",
    "s3_puts",
];

/// S3 charges less above it, at a rate that no row has.
const S3_FIRST_TIER: u64 = 50 * 1024 * GB;

/// `efsctl cost`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("subject")
    .required(true)
    .multiple(true)
    .args(["file_systems", "all", "storage", "s3_storage", "s3_puts"]))]
pub struct CostArgs {
    /// File-system ids, ARNs, or the names they were created under
    #[arg(value_name = "FS", conflicts_with = "all", conflicts_with_all = DESCRIBES)]
    pub file_systems: Vec<Reference>,
    /// All file systems of the account in the region
    #[arg(long, conflicts_with_all = DESCRIBES)]
    pub all: bool,

    /// What is stored, in all classes: 200GiB, 1.5TiB
    #[arg(long, value_name = "SIZE", help_heading = DESCRIBED)]
    pub storage: Option<Size>,
    /// How much of it is in Infrequent Access: 80%, 160GiB
    #[arg(
        long,
        value_name = "SHARE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    ia: Option<Share>,
    /// How much of it is in Archive
    #[arg(
        long,
        value_name = "SHARE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    archive: Option<Share>,
    /// It is a One Zone file system
    #[arg(
        long,
        requires = "storage",
        help_heading = DESCRIBED
    )]
    one_zone: bool,
    /// Throughput mode: bursting, elastic or provisioned=MIBPS. Default: bursting
    #[arg(
        long,
        value_name = "MODE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    throughput: Option<Throughput>,
    /// What clients read in a month; 0: nothing
    #[arg(
        long,
        value_name = "SIZE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    read: Option<Size>,
    /// What clients write in a month; 0: nothing
    #[arg(
        long,
        value_name = "SIZE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    write: Option<Size>,
    /// What of --read is read from Infrequent Access
    #[arg(
        long,
        value_name = "SIZE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    ia_read: Option<Size>,
    /// What is written to Infrequent Access in a month, or moved there by the lifecycle policy
    #[arg(
        long,
        value_name = "SIZE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    ia_write: Option<Size>,
    /// What of --read is read from Archive
    #[arg(
        long,
        value_name = "SIZE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    archive_read: Option<Size>,
    /// What is written to Archive in a month, or moved there by the lifecycle policy
    #[arg(
        long,
        value_name = "SIZE",
        requires = "storage",
        help_heading = DESCRIBED
    )]
    archive_write: Option<Size>,
    /// Show the throughput modes and the storage classes side by side, and where one becomes cheaper
    #[arg(
        long,
        requires = "storage",
        help_heading = DESCRIBED
    )]
    pub compare: bool,

    /// What is stored in S3 Standard beside it, up to 50TiB
    #[arg(
        long,
        value_name = "SIZE",
        help_heading = BUCKET
    )]
    s3_storage: Option<Size>,
    /// PUT, COPY, POST and LIST requests to S3 in a month
    #[arg(
        long,
        value_name = "COUNT",
        help_heading = BUCKET
    )]
    s3_puts: Option<u64>,

    /// Prices that take precedence over those that efsctl knows (TOML; docs/COST.md describes the form)
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
}

/// The option that states how much of an item there is.
pub fn flag_of(item: Item) -> Option<&'static str> {
    match item {
        Item::InfrequentAccessRead => Some("--ia-read"),
        Item::InfrequentAccessWrite => Some("--ia-write"),
        Item::ArchiveRead => Some("--archive-read"),
        Item::ArchiveWrite => Some("--archive-write"),
        Item::ElasticRead => Some("--read"),
        Item::ElasticWrite => Some("--write"),
        _ => None,
    }
}

impl CostArgs {
    /// The file systems that are meant; `None`: one is described.
    pub fn scope(&self) -> Option<Scope> {
        if self.all {
            Some(Scope::All)
        } else if self.file_systems.is_empty() {
            None
        } else {
            Some(Scope::These(self.file_systems.clone()))
        }
    }

    /// The file system that is described.
    ///
    /// # Errors
    ///
    /// What contradicts itself, as a sentence.
    pub fn workload(&self) -> Result<Option<Workload>, String> {
        let Some(storage) = &self.storage else {
            return Ok(None);
        };
        let workload = Workload {
            mode: Mode::of(self.throughput.unwrap_or_default()),
            is_one_zone: self.one_zone,
            stored: self.stored(storage)?,
            moved: self.moved()?,
        };
        if workload.has_archive() && (self.one_zone || workload.mode != Mode::Elastic) {
            return Err(
                "--archive: AWS has Archive storage in Regional file systems with --throughput elastic only".to_owned(),
            );
        }
        Ok(Some(workload))
    }

    fn stored(&self, storage: &Size) -> Result<Stored, String> {
        let share = |share: &Option<Share>| {
            let share = share.as_ref();
            share.map_or_else(|| whole(0), |share| share.of(storage))
        };
        let (infrequent, archive) = (share(&self.ia), share(&self.archive));
        let standard = storage.bytes() - &infrequent - &archive;
        if standard < whole(0) {
            return Err("--ia and --archive are more than --storage".to_owned());
        }
        Ok(Stored {
            standard: Some(standard),
            infrequent: Some(infrequent),
            archive: Some(archive),
        })
    }

    fn moved(&self) -> Result<Moved, String> {
        let bytes = |size: &Option<Size>| size.as_ref().map(|size| size.bytes().clone());
        let moved = Moved {
            read: bytes(&self.read),
            written: bytes(&self.write),
            infrequent_read: bytes(&self.ia_read),
            infrequent_written: bytes(&self.ia_write),
            archive_read: bytes(&self.archive_read),
            archive_written: bytes(&self.archive_write),
        };
        let colder = [&moved.infrequent_read, &moved.archive_read];
        let colder = colder.into_iter().flatten();
        let colder = colder.fold(whole(0), |sum: Exact, bytes| sum + bytes);
        if moved.read.as_ref().is_some_and(|read| colder > *read) {
            return Err("--ia-read and --archive-read are more than --read".to_owned());
        }
        Ok(moved)
    }

    /// The bucket that is described; empty: none.
    ///
    /// # Errors
    ///
    /// More than a rate is known for, as a sentence.
    pub fn bucket(&self) -> Result<Quantities, String> {
        let mut quantities = Quantities::new();
        if let Some(size) = &self.s3_storage {
            if *size.bytes() > whole(S3_FIRST_TIER) {
                return Err("--s3-storage is more than 50TiB: S3 has other rates above".to_owned());
            }
            quantities.insert(Item::S3Standard, Some(size.bytes() / whole(GB)));
        }
        if let Some(count) = self.s3_puts {
            quantities.insert(Item::S3Put, Some(whole(count) / whole(1000)));
        }
        Ok(quantities)
    }
}
