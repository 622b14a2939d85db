//! What is done to workspaces, as it was typed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::super::{duration, patience};
use super::{BaseArgs, LimitArgs};
use crate::workspace::domain::name::Name;
use crate::workspace::domain::path::RelPath;
use crate::workspace::domain::state::Kind;
use crate::workspace::domain::step::Status;

/// A name of a workspace.
fn name(text: &str) -> Result<Name, String> {
    Name::project(text).map_err(|refused| refused.to_string())
}

/// A path in a workspace.
fn path(text: &str) -> Result<RelPath, String> {
    RelPath::new(text).map_err(|refused| refused.to_string())
}

/// One workspace.
#[derive(Debug, Args)]
pub struct OneArgs {
    /// Where the workspaces are.
    #[command(flatten)]
    pub base: BaseArgs,
    /// The workspace: `job`, or `user/project`
    #[arg(value_name = "NAME", value_parser = name)]
    pub name: Name,
}

/// Which kind of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindChoice {
    /// Expires when it is idle
    Job,
    /// Stays
    Project,
}

impl From<KindChoice> for Kind {
    fn from(choice: KindChoice) -> Self {
        match choice {
            KindChoice::Job => Self::Job,
            KindChoice::Project => Self::Project,
        }
    }
}

/// `efsctl workspace create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Where the workspaces are.
    #[command(flatten)]
    pub base: BaseArgs,
    /// What each may hold.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// The workspaces: `job`, or `user/project`
    #[arg(value_name = "NAME", value_parser = name, required_unless_present = "from")]
    pub names: Vec<Name>,
    /// Also those of this file, a name a line; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// A name for people; default: that of the workspace
    #[arg(long, value_name = "TEXT")]
    pub project_name: Option<String>,
    /// Whose it is
    #[arg(long, value_name = "USER", default_value = "anonymous")]
    pub user: String,
    /// `job` expires when it is idle, `project` stays; default: `job` for a name without a slash
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Option<KindChoice>,
    /// Show what would be created; create nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `efsctl workspace adopt`.
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// Where the workspaces are.
    #[command(flatten)]
    pub base: BaseArgs,
    /// The directories
    #[arg(value_name = "NAME", value_parser = name, required_unless_present = "all")]
    pub names: Vec<Name>,
    /// All directories of the base that are no workspaces
    #[arg(long, conflicts_with = "names")]
    pub all: bool,
    /// Whose they are
    #[arg(long, value_name = "USER", default_value = "anonymous")]
    pub user: String,
    /// Write metadata that is damaged again
    #[arg(long)]
    pub force: bool,
    /// Show what would be taken in; change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `efsctl workspace ls`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Where the workspaces are.
    #[command(flatten)]
    pub base: BaseArgs,
    /// Only names that begin with this
    #[arg(value_name = "PREFIX")]
    pub prefix: Option<String>,
    /// Only those with this status
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub status: Option<Status>,
    /// Only those that have been idle for at least this long
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub idle_since: Option<Duration>,
    /// The directories of the base that are no workspaces
    #[arg(long, conflicts_with_all = ["prefix", "status", "idle_since"])]
    pub unmanaged: bool,
}

fn status(text: &str) -> Result<Status, String> {
    Status::parse(text).ok_or_else(|| {
        format!("`{text}` is no status: expected generating, complete, failed or expired")
    })
}

/// `efsctl workspace put`.
#[derive(Debug, Args)]
pub struct PutArgs {
    /// Which.
    #[command(flatten)]
    pub one: OneArgs,
    /// Where in the workspace
    #[arg(value_name = "PATH", value_parser = path, required_unless_present = "batch")]
    pub path: Option<RelPath>,
    /// The file to read; `-`, and the default, is stdin
    #[arg(value_name = "FILE", requires = "path")]
    pub file: Option<PathBuf>,
    /// Write the files of this JSON document: a list of objects with `path` and `content`
    #[arg(long, value_name = "FILE", conflicts_with = "path")]
    pub batch: Option<PathBuf>,
}

/// `efsctl workspace get`.
#[derive(Debug, Args)]
pub struct GetArgs {
    /// Which.
    #[command(flatten)]
    pub one: OneArgs,
    /// Where in the workspace
    #[arg(value_name = "PATH", value_parser = path)]
    pub path: RelPath,
}

/// `efsctl workspace rm`.
#[derive(Debug, Args)]
pub struct RemoveArgs {
    /// Which.
    #[command(flatten)]
    pub one: OneArgs,
    /// Only this file
    #[arg(value_name = "PATH", value_parser = path)]
    pub path: Option<RelPath>,
    /// Keep the ZIP
    #[arg(long, conflicts_with = "path")]
    pub keep_zip: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Show what would be deleted; change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `efsctl workspace plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Which.
    #[command(flatten)]
    pub one: OneArgs,
    /// The plan: JSON with `tasks`, and perhaps `metadata`; `-` is stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `efsctl workspace fail`.
#[derive(Debug, Args)]
pub struct FailArgs {
    /// Which.
    #[command(flatten)]
    pub one: OneArgs,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "Generation failed")]
    pub message: String,
}

/// `efsctl workspace zip`.
#[derive(Debug, Args)]
pub struct ZipArgs {
    /// Which.
    #[command(flatten)]
    pub one: OneArgs,
    /// Where to write it; the file must not exist
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
}

/// `efsctl workspace hold`.
#[derive(Debug, Args)]
pub struct HoldArgs {
    /// Which.
    #[command(flatten)]
    pub one: OneArgs,
    /// How long it is held after the last sign of life
    #[arg(long, value_name = "DURATION", value_parser = patience, default_value = "2m")]
    pub ttl: Duration,
    /// A command that runs while it is held; its exit code is handed on
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<OsString>,
}

/// `efsctl workspace stats`.
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// Where the workspaces are.
    #[command(flatten)]
    pub base: BaseArgs,
}

/// `efsctl workspace sweep`.
#[derive(Debug, Args)]
pub struct SweepArgs {
    /// Where the workspaces are.
    #[command(flatten)]
    pub base: BaseArgs,
    /// Show what would be removed; change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// With `--dry-run`: exit code 3 if something would be removed
    #[arg(long, requires = "dry_run")]
    pub check: bool,
}
