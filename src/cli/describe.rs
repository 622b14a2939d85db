//! `efsctl describe`.

use clap::Args;

use super::keyword::keyword;
use crate::audit::rules::Rules;
use crate::domain::ids::Reference;
use crate::picture::Format;

/// What `efsctl describe --help` begins with.
pub const ABOUT: &str = "Show one file system, or draw it

With --format: a picture of it with its VPC, zones, subnets and mount targets, their security groups, and the clients that those allow \
(docs/PICTURES.md). What could not be read is drawn as unknown.";

/// `efsctl describe`.
#[derive(Debug, Args)]
pub struct DescribeArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,
    /// Draw it, in this form
    #[arg(long, value_parser = keyword::<Format>(), value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Draw what `validate` finds too, where it is: failed and unknown checks
    #[arg(long, requires = "format")]
    pub with_findings: bool,
}

impl DescribeArgs {
    /// What is expected where nothing is typed, on that day.
    pub fn rules(&self, today: String) -> Rules {
        Rules::on(today)
    }
}
