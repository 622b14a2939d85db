//! The command line, as it was typed. Knows clap and the words of the domain, and nothing of AWS.

pub mod alarms;
pub mod apply;
pub mod connect;
pub mod cost;
pub mod create;
pub mod describe;
pub mod doctor;
pub mod export;
pub mod fields;
mod keyword;
pub mod sandbox;
pub mod set;
pub mod setting;
pub mod validate;
pub mod verify;
#[cfg(feature = "workspace")]
pub mod workspace;

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::domain::ids::Reference;

/// The name of the program.
pub const PROGRAM: &str = "efsctl";

/// Provision, await, show and delete Amazon EFS file systems.
///
/// Creates an encrypted file system, a security group on port 2049 and one mount target per Availability Zone, and waits until they can
/// be used. Run again, nothing happens; killed at any moment, the next run finishes the job.
#[derive(Debug, Parser)]
#[command(
    name = PROGRAM,
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
#[command(after_help = "Try it without an AWS account:  efsctl --sandbox create demo")]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// The command line, and the name of its command.
    ///
    /// # Errors
    ///
    /// The answer of clap: also help and version, which are no mistakes.
    pub fn read(words: &[OsString]) -> Result<(Self, String), clap::Error> {
        let mut matches = Self::command().try_get_matches_from(words)?;
        let name = matches.subcommand_name().unwrap_or(PROGRAM).to_owned();
        let cli = Self::from_arg_matches_mut(&mut matches);
        let cli = cli.map_err(|error| error.format(&mut Self::command()))?;
        Ok((cli, name))
    }

    /// The command of a line that could not be parsed; the program if it has none.
    pub fn command_named_in(words: &[String]) -> String {
        let cli = Self::command();
        let is_command = |word: &&String| cli.get_subcommands().any(|one| one.get_name() == *word);
        let named = words.iter().skip(1).find(is_command);
        named.map_or_else(|| PROGRAM.to_owned(), String::clone)
    }
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// AWS region; default: that of the environment or the profile. `validate`, `export`, and `list` and `delete` with --expired take
    /// several, separated by commas, or `all`
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Profile of the AWS configuration files. `validate` takes several, separated by commas
    #[arg(long, global = true, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Send EFS and EC2 calls to this endpoint
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Work on a simulated account, kept in a state file; needs no AWS account
    #[arg(long, global = true, value_name = "STATE-FILE", num_args = 0..=1, require_equals = true)]
    pub sandbox: Option<Option<PathBuf>>,
    /// Start the simulated account from this description (TOML); it is kept with --sandbox=STATE-FILE only, where that does not exist yet
    #[arg(long, global = true, value_name = "FILE")]
    pub world: Option<PathBuf>,
    /// Format of the result on stdout
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub output: OutputFormat,
    /// Print the result and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print a count of API calls (-vv: log every request)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to use colour; `auto`: on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Give up waiting after this long, for example 90s or 5m
    #[arg(long, global = true, value_name = "DURATION", value_parser = patience)]
    pub timeout: Option<Duration>,
}

/// Form of the result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// Tables and sentences.
    #[default]
    Human,
    /// Exactly one JSON document, whatever happens.
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create or complete a file system with its security group, mount targets and settings
    #[command(long_about = create::ABOUT)]
    Create(Box<create::CreateArgs>),
    /// Change settings of an existing file system
    #[command(long_about = set::ABOUT)]
    Set(Box<set::SetArgs>),
    /// Create and change the file systems that a manifest describes
    #[command(long_about = apply::ABOUT)]
    Apply(apply::ApplyArgs),
    /// Audit existing file systems; read-only unless --fix is given
    #[command(long_about = validate::ABOUT)]
    Validate(Box<validate::ValidateArgs>),
    /// Print file systems as a configuration of another tool, to import them there
    #[command(long_about = export::ABOUT)]
    Export(export::ExportArgs),
    /// Print what mounts a file system: commands, units, task definitions and more
    #[command(long_about = connect::ABOUT)]
    Connect(Box<connect::ConnectArgs>),
    /// Show the alarms that a file system should have, or print them for another tool
    #[command(long_about = alarms::ABOUT)]
    Alarms(alarms::AlarmsArgs),
    /// Estimate what file systems cost a month, line by line, with the source of each rate
    #[command(long_about = cost::ABOUT)]
    Cost(Box<cost::CostArgs>),
    /// Find out why a file system cannot be mounted or used
    #[command(long_about = doctor::ABOUT)]
    Doctor(doctor::DoctorArgs),
    /// Wait until a file system is available, or deleted
    Wait(WaitArgs),
    /// Show that a file system can be used from this host, by using it
    #[command(long_about = verify::ABOUT)]
    Verify(verify::VerifyArgs),
    /// Show or draw one file system
    #[command(long_about = describe::ABOUT)]
    Describe(describe::DescribeArgs),
    /// List file systems
    List(ListArgs),
    /// Delete a file system that efsctl created, with all that belongs to it
    Delete(DeleteArgs),
    /// The simulated AWS
    #[command(subcommand)]
    Sandbox(sandbox::SandboxCommand),
    /// Directories with a life of their own on a mounted share: created, filled, packed, expired
    #[cfg(feature = "workspace")]
    #[command(subcommand)]
    Workspace(workspace::WorkspaceCommand),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

impl Command {
    /// Whether SIGHUP makes the command read its files again, and does not end it.
    pub fn reloads(&self) -> bool {
        #[cfg(feature = "workspace")]
        if let Self::Workspace(workspace::WorkspaceCommand::Serve(_)) = self {
            return true;
        }
        false
    }

    /// Whether `--region` and `--profile` may name several.
    pub fn takes_several(&self) -> bool {
        match self {
            Self::Validate(_) | Self::Export(_) => true,
            Self::List(args) => args.expired,
            Self::Delete(args) => args.expired,
            _ => false,
        }
    }
}

/// `efsctl wait`.
#[derive(Debug, Args)]
pub struct WaitArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,
    /// What to wait for
    #[arg(long = "for", value_enum, default_value_t, value_name = "STATE")]
    pub state: WaitFor,
    /// With `--for nfs` or `--for dns`: until one mount target answers, not all of them
    #[arg(long)]
    pub any: bool,
    /// With `--for dns`: ask this DNS server, not the resolver of this host
    #[arg(long, value_name = "IP[:PORT]", value_parser = dns_server)]
    pub resolver: Option<SocketAddr>,
}

/// An address, with the port of DNS unless it names one.
fn dns_server(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    address.or_else(|_| text.parse()).map_err(|_| {
        format!("`{text}` is no address: expected 10.0.0.2, 10.0.0.2:53 or [fd00::2]:53")
    })
}

/// What to wait for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum WaitFor {
    /// The file system and all of its mount targets are available
    #[default]
    Available,
    /// The file system is available, and the DNS name of each of its mount targets resolves from this host
    Dns,
    /// The file system is available, and each of its mount targets answers NFS 4.1 to this host
    Nfs,
    /// The file system is deleted
    Deleted,
}

/// `efsctl list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only file systems that efsctl created
    #[arg(long, conflicts_with = "orphans")]
    pub managed: bool,
    /// Only leftovers of efsctl: incomplete file systems and unused groups, with the command that removes each
    #[arg(long)]
    pub orphans: bool,
    /// Only file systems that efsctl created and that have expired (--expires)
    #[arg(long, conflicts_with_all = ["managed", "orphans"])]
    pub expired: bool,
    /// Only those that expired at least this long ago, for example 7d
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "expired")]
    pub older_than: Option<Duration>,
}

/// `efsctl delete`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct DeleteArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(
        value_name = "FS",
        required_unless_present_any = ["expired", "file"],
        conflicts_with_all = ["expired", "file"]
    )]
    pub file_system: Option<Reference>,
    /// Delete the file systems that this manifest describes by name; `-` is stdin; repeatable
    #[arg(short, long, value_name = "FILE", conflicts_with = "expired")]
    pub file: Vec<PathBuf>,
    /// Only this file system of the manifest; repeatable
    #[arg(long, value_name = "NAME", requires = "file")]
    pub only: Vec<String>,
    /// Delete all file systems that efsctl created and that have expired (--expires)
    #[arg(long)]
    pub expired: bool,
    /// Only those that expired at least this long ago, for example 7d
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "expired", conflicts_with = "file_system")]
    pub older_than: Option<Duration>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Delete it even if it holds data
    #[arg(long)]
    pub with_data: bool,
    /// Delete it even if it holds data, or access points that efsctl did not create
    #[arg(long, conflicts_with = "expired")]
    pub force: bool,
    /// Show what would be deleted; change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// A duration with its unit: `500ms`, `90s`, `5m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| {
        format!(
            "`{text}` is not a duration: expected a number with a unit, such as 500ms, 90s or 5m"
        )
    })
}

/// How long to wait: more than zero, and no longer than a clock can count.
pub fn patience(text: &str) -> Result<Duration, String> {
    const LONGEST: Duration = Duration::from_hours(24 * 30);
    match duration(text)? {
        Duration::ZERO => Err(format!(
            "`{text}` is too short: expected more than zero, such as 10s"
        )),
        long if long > LONGEST => Err(format!("`{text}` is too long: at most 30d")),
        fits => Ok(fits),
    }
}
