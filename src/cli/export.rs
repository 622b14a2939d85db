//! `efsctl export`.

use clap::Args;

use super::keyword::keyword;
use crate::domain::ids::Reference;
use crate::export::Format;
use crate::service::Scope;

/// What `efsctl export --help` begins with.
pub const ABOUT: &str = "Print file systems as a manifest, or as a configuration of another tool

Reads any file system, also those of other tools, with its mount targets, access points, policy, backups, lifecycle and replication, and the \
security groups that efsctl created for it; changes nothing. Whatever the configuration cannot hold is named in it. What could not be \
read is named too, and the exit code is 8 (denied) or 1.";

/// `efsctl export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// File-system ids, ARNs, or the names they were created under
    #[arg(
        value_name = "FS",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    pub file_systems: Vec<Reference>,
    /// All file systems of the account in the region
    #[arg(long)]
    pub all: bool,
    /// Form of the configuration
    #[arg(long, value_parser = keyword::<Format>(), value_name = "FORMAT", default_value = "manifest")]
    pub format: Format,
}

impl ExportArgs {
    /// Which file systems are meant.
    pub fn scope(&self) -> Scope {
        if self.all {
            Scope::All
        } else {
            Scope::These(self.file_systems.clone())
        }
    }
}
