//! `efsctl sandbox`, as it was typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::duration;
use crate::sandbox::fault::{FaultRule, RateLimit};

/// `efsctl sandbox`.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Serve the simulated AWS on a loopback port, for the AWS CLI, boto3, Terraform and efsctl
    Serve(Box<ServeArgs>),
    /// Delete the sandbox's state file
    Reset,
}

/// `efsctl sandbox serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4580, value_name = "PORT")]
    pub port: u16,
    /// Keep the account in this file; default: in memory only
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Start from this description (TOML)
    #[arg(long, value_name = "FILE")]
    pub world: Option<PathBuf>,
    /// Serve NFS for the mount targets, on addresses of 127.0.0.0/8: needs nfs-ganesha. The files are kept in memory, or under DIR, which
    /// needs root
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    pub nfs: Option<Option<PathBuf>>,
    /// How long every answer takes
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "0ms")]
    pub latency: Duration,
    /// How long a new file system takes to become available
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub file_system_delay: Option<Duration>,
    /// How long a new mount target takes to become available
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub mount_target_delay: Option<Duration>,
    /// How long deletions take
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub delete_delay: Option<Duration>,
    /// How long a new resource stays invisible to Describe calls
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub describe_lag: Option<Duration>,
    /// A fault: OPERATION:NTH:KIND, for example CreateMountTarget:2:throttle; see docs/SANDBOX.md
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<FaultRule>,
    /// Random faults: the share of calls that fail, 0 to 1
    #[arg(long, value_name = "P", value_parser = share, requires = "seed")]
    pub fault_rate: Option<f64>,
    /// Throttle EFS reads above N per second
    #[arg(long, value_name = "N", value_parser = limit)]
    pub describe_rate: Option<RateLimit>,
    /// The seed of the random faults
    #[arg(long, value_name = "N", requires = "fault_rate")]
    pub seed: Option<u64>,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| format!("`{text}` is not a share: expected a number from 0 to 1"))
}

fn limit(text: &str) -> Result<RateLimit, String> {
    text.parse()
        .ok()
        .and_then(RateLimit::new)
        .ok_or_else(|| format!("`{text}` is not a rate: expected calls a second, such as 10"))
}
