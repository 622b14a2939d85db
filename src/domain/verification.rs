//! Whether a file system can be used: what was done on it, and how it went.

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::Verdict;
use super::ids::{FileSystemId, MountTargetId, Zone};

/// One thing that is done on a file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Step {
    /// To connect, and to be answered by an NFS 4.1 server.
    Connect,
    /// To mount: in the program, not by the kernel.
    Mount,
    /// The file system that is mounted is the right one.
    Identify,
    /// Its mount options.
    Options,
    /// To list the directory.
    List,
    /// To create a private directory.
    MakeDirectory,
    /// To create a file and write to it.
    Write,
    /// To read what was written.
    Read,
    /// To rename the file.
    Rename,
    /// To lock it.
    Lock,
    /// To read what another mount target wrote.
    ReadOther,
    /// To be refused the lock that is held through another mount target.
    LockOther,
    /// To delete it.
    Delete,
    /// To leave a token.
    Leave,
    /// To find the token.
    Expect,
    /// To remove the token.
    Remove,
    /// What owner and permissions a new file has.
    Owner,
    /// How long small writes take.
    Latency,
    /// How fast a sample is written and read.
    Throughput,
}

impl Step {
    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Mount => "mount",
            Self::Identify => "which file system",
            Self::Options => "mount options",
            Self::List => "list",
            Self::MakeDirectory => "make a directory",
            Self::Write => "write",
            Self::Read => "read",
            Self::Rename => "rename",
            Self::Lock => "lock",
            Self::ReadOther => "read what another wrote",
            Self::LockOther => "see the lock of another",
            Self::Delete => "delete",
            Self::Leave => "leave the token",
            Self::Expect => "find the token",
            Self::Remove => "remove the token",
            Self::Owner => "owner",
            Self::Latency => "latency",
            Self::Throughput => "throughput",
        }
    }
}

/// Where something is done: a mount target, or a directory of this host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The mount target; null: by the mount of this host.
    pub mount_target_id: Option<MountTargetId>,
    /// Its zone.
    pub availability_zone: Option<Zone>,
    /// Its address, or the path.
    pub at: String,
}

/// A step, and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepDone {
    /// What was done.
    pub step: Step,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// How it went.
    pub verdict: Verdict,
    /// What was seen; null where there is no more to say.
    pub detail: Option<String>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// How clients are protected while they use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// NFS without TLS.
    Plain,
    /// NFS over TLS, as efs-utils speaks it, without an IAM identity.
    Tls,
    /// The mount of this host.
    Path,
}

impl Transport {
    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "without TLS",
            Self::Tls => "with TLS",
            Self::Path => "by the mount of this host",
        }
    }
}

/// Whether a file system can be used from this host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verification {
    /// The file system.
    pub file_system_id: FileSystemId,
    /// How it was used; null: not at all.
    pub transport: Option<Transport>,
    /// User and group, `UID:GID`.
    pub user: String,
    /// The directory of the file system below which it was used.
    pub directory: String,
    /// What was done, in the order in which it ended.
    pub steps: Vec<StepDone>,
    /// All that was due was done: it was neither interrupted, nor was its time over.
    pub complete: bool,
    /// What could not be removed again.
    pub left: Option<String>,
    /// What is there besides.
    pub notes: Vec<String>,
}

impl Verification {
    /// The worst of its verdicts; nothing done is "unknown".
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.steps.iter().map(|done| done.verdict);
        verdicts.min().unwrap_or(Verdict::Unknown)
    }
}
