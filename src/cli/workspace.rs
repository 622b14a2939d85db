//! `efsctl workspace`, as it was typed.

pub mod verbs;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::{duration, patience};
use crate::workspace::serve::Listen;
use crate::workspace::share::commit::Durability;

/// The long description of `efsctl workspace serve`.
pub const SERVE_ABOUT: &str = "Serve the job-storage API over HTTP

Keeps each job in a directory of its own below the base directory, as docs/WORKSPACE.md describes. Prints one line with the URL when it answers, and ends on \
SIGTERM when the requests in progress are finished. SIGHUP reads the file of tokens again.

The variables JOBS_BASE_PATH, JOB_EXPIRY_HOURS, MAX_FILE_SIZE_MB and MAX_PROJECT_SIZE_MB are read where the option is not given.";

/// `efsctl workspace`.
#[derive(Debug, Subcommand)]
pub enum WorkspaceCommand {
    /// Serve the job-storage API over HTTP
    #[command(long_about = SERVE_ABOUT)]
    Serve(Box<ServeArgs>),
    /// Create workspaces; again with the same options nothing happens
    Create(Box<verbs::CreateArgs>),
    /// Make workspaces of directories that are there
    Adopt(verbs::AdoptArgs),
    /// List workspaces
    Ls(verbs::ListArgs),
    /// Show one workspace, and what made it active last
    Show(verbs::OneArgs),
    /// Write a file, or several
    Put(verbs::PutArgs),
    /// Print a file
    Get(verbs::GetArgs),
    /// Delete a workspace, or a file of it
    Rm(verbs::RemoveArgs),
    /// Write the plan of a workspace
    Plan(verbs::PlanArgs),
    /// Say that a workspace is whole, and make its ZIP
    Complete(verbs::OneArgs),
    /// Open a complete or failed workspace for writing again
    Reopen(verbs::OneArgs),
    /// Say that a workspace failed
    Fail(verbs::FailArgs),
    /// Copy the ZIP of a complete workspace
    Zip(verbs::ZipArgs),
    /// Note an access, so that a workspace does not expire
    Touch(verbs::OneArgs),
    /// Hold a workspace, so that it does not expire while a command runs
    Hold(verbs::HoldArgs),
    /// Sum up what the workspaces hold
    Stats(verbs::StatsArgs),
    /// Remove the workspaces that expired
    Sweep(verbs::SweepArgs),
    /// Print a new token for `workspace serve --auth tokens:FILE`, once
    Token(TokenArgs),
}

/// Where the workspaces are.
#[derive(Debug, Clone, Args)]
#[expect(clippy::doc_markdown, reason = "shown as help")]
pub struct BaseArgs {
    /// The base directory; default: the first variable that is set of EFSCTL_WORKSPACE_BASE, JOBS_BASE_PATH, SANDBOX_PATH,
    /// WORKSPACE_BASE_PATH and EFS_MOUNT_PATH
    #[arg(long, value_name = "DIR")]
    pub base: Option<PathBuf>,
    /// Refuse a base that is not on an NFS mount
    #[arg(long)]
    pub require_mount: bool,
    /// What a write survives: `kill` the end of the process, `power` a loss of power; `auto` is `power` on NFS and for metadata, and
    /// `kill` for files elsewhere
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub durability: DurabilityChoice,
    /// A job expires when it was idle for this long; default: JOB_EXPIRY_HOURS, or 48h
    #[arg(long, value_name = "DURATION", value_parser = patience_of_years)]
    pub expire: Option<Duration>,
}

/// Limits of a workspace.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::doc_markdown, reason = "shown as help")]
pub struct LimitArgs {
    /// The largest file, for example 10M; default: MAX_FILE_SIZE_MB, or 10M
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_file: Option<u64>,
    /// The most bytes of a workspace, for example 100M; default: MAX_PROJECT_SIZE_MB, or 100M
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_size: Option<u64>,
    /// The most files of a workspace; default: 10000
    #[arg(long, value_name = "N")]
    pub max_files: Option<u64>,
}

/// `efsctl workspace serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where the workspaces are.
    #[command(flatten)]
    pub base: BaseArgs,
    /// What each may hold.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// Where to listen: an address with a port (0 takes a free one), or unix:PATH
    #[arg(long, default_value = "127.0.0.1:8000", value_name = "ADDRESS")]
    pub listen: Listen,
    /// Who may ask: tokens:FILE; none (on this host only: every job is everyone's); header:NAME (on a unix socket only, for a proxy that sets it)
    #[arg(long, value_name = "HOW")]
    pub auth: Option<AuthChoice>,
    /// How often what expired is removed
    #[arg(long, value_name = "DURATION", value_parser = patience, default_value = "1h")]
    pub sweep_every: Duration,
    /// How long requests in progress may take after SIGTERM
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "10s")]
    pub drain: Duration,
}

/// `efsctl workspace token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// Whose token it is: the owner of what is created with it
    #[arg(long, value_name = "USER")]
    pub user: String,
    /// What it allows
    #[arg(long, value_enum, default_value_t, value_name = "ROLE")]
    pub role: RoleChoice,
}

/// What a token allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum RoleChoice {
    /// The jobs of its user
    #[default]
    User,
    /// These, and the routes of administrators
    Admin,
}

impl RoleChoice {
    /// Its word in the file of tokens.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

/// What a write survives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum DurabilityChoice {
    /// As the base needs it
    #[default]
    Auto,
    /// The end of the process
    Kill,
    /// A loss of power
    Power,
}

impl From<DurabilityChoice> for Durability {
    fn from(choice: DurabilityChoice) -> Self {
        match choice {
            DurabilityChoice::Auto => Self::Auto,
            DurabilityChoice::Kill => Self::Kill,
            DurabilityChoice::Power => Self::Power,
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthChoice {
    /// Everyone on this host.
    Open,
    /// Who has a token of this file.
    Tokens(PathBuf),
    /// Whom this header names.
    Header(String),
}

impl std::str::FromStr for AuthChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::Open),
            Some(("tokens", file)) if !file.is_empty() => Ok(Self::Tokens(PathBuf::from(file))),
            Some(("header", name)) if !name.is_empty() => Ok(Self::Header(name.to_owned())),
            _ => Err(format!(
                "`{text}` is no way to find out who asks: expected tokens:FILE, none or header:NAME"
            )),
        }
    }
}

/// A number of bytes, with a unit of 1,024.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || {
        format!(
            "`{text}` is no size: expected bytes, or a number with a unit, such as 512K, 10M or 2G"
        )
    };
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text
        .strip_prefix(digits)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let shift = match unit.as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number
        .checked_mul(1 << shift)
        .filter(|bytes| *bytes > 0)
        .ok_or_else(wrong)
}

/// More than nothing, and at most ten years.
fn patience_of_years(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err(format!(
            "`{text}` is too short: expected more than zero, such as 48h"
        )),
        long if long > Duration::from_hours(24 * 3_650) => {
            Err(format!("`{text}` is too long: at most 3650d"))
        }
        fits => Ok(fits),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units_of_1024() {
        for (text, bytes) in [
            ("1", 1),
            ("512K", 512 << 10),
            ("10m", 10 << 20),
            ("10MiB", 10 << 20),
            ("2G", 2 << 30),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for wrong in ["", "0", "M", "1.5M", "-1", "10X", "99999999999G", "1 M"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
