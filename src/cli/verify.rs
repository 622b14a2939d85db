//! `efsctl verify`.

use std::path::PathBuf;

use clap::Args;

use crate::connect::Directory;
use crate::domain::access_point::AccessPointRef;
use crate::domain::ids::Reference;
use crate::verify::User;
use crate::verify::round::Task;

/// What `efsctl verify --help` begins with.
pub const ABOUT: &str = "Show that a file system can be used from this host, by using it

Mounts each mount target inside this program, without root and without the NFS client of the kernel; creates, writes, reads, renames, locks \
and deletes in a private directory, and reads through each mount target what was written through another. Speaks TLS where the file \
system policy asks for it. With --path it uses the mount of this host instead: whether it is this file system, mount options that hurt, \
the same use through the kernel, owners, latency and throughput of a small sample. Leaves nothing behind, also when it is interrupted. Exit code 3: it cannot be used, or that is not known.";

/// `efsctl verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,
    /// Directory of the file system in which it is used
    #[arg(long, value_name = "DIRECTORY", default_value = "/")]
    pub directory: Directory,
    /// Use the mount of this host at this directory, not the network
    #[arg(long, value_name = "PATH", conflicts_with_all = ["access_point", "cafile"])]
    pub path: Option<PathBuf>,
    /// As this user and group: may it write there? Default: root; with --path this user, and another one only as root
    #[arg(long = "as", value_name = "UID:GID")]
    pub user: Option<User>,
    /// Only mount and list: nothing is written
    #[arg(long, conflicts_with_all = ["leave", "expect", "remove"])]
    pub read_only: bool,
    /// Leave a file with this token, for --expect on another host, or after a deployment
    #[arg(long, value_name = "TOKEN", value_parser = token, conflicts_with_all = ["expect", "remove"])]
    pub leave: Option<String>,
    /// Only look for the token that --leave left; nothing is written
    #[arg(long, value_name = "TOKEN", value_parser = token, conflicts_with = "remove")]
    pub expect: Option<String>,
    /// Only remove the token that --leave left
    #[arg(long, value_name = "TOKEN", value_parser = token)]
    pub remove: Option<String>,
    /// Clients mount by this access point: not known here, as only efs-utils can
    #[arg(long, value_name = "NAME|fsap-…")]
    pub access_point: Option<AccessPointRef>,
    /// Trust the certificates of this file (PEM) where TLS is needed, not those of the system
    #[arg(long, value_name = "FILE")]
    pub cafile: Option<PathBuf>,
    /// Do not ask before writing
    #[arg(short, long)]
    pub yes: bool,
}

impl VerifyArgs {
    /// What is done.
    pub fn task(&self) -> Task {
        match (&self.leave, &self.expect, &self.remove) {
            (Some(token), ..) => Task::Leave(token.clone()),
            (_, Some(token), _) => Task::Expect(token.clone()),
            (_, _, Some(token)) => Task::Remove(token.clone()),
            _ if self.read_only => Task::Look,
            _ => Task::Use,
        }
    }
}

/// A part of a file name.
fn token(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !text.is_empty() && text.len() <= 64 && text.chars().all(is_plain) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` is not a token: expected 1 to 64 letters, digits, `.`, `_` and `-`"
    ))
}
