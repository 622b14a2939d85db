//! What this host shows about mounting over NFS: programs, the kernel, names, servers, mounts. It is read, never changed.
//!
//! Where it is read from is a parameter ([`Place`]), so that nothing depends on the machine that tests run on.

mod ask;
mod files;
mod path;
mod read;
mod table;

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::nfs::NoAnswer;

pub use self::path::{Mounted, NotMounted, mounted};
pub use self::read::read;
pub use self::table::{Mount, Resolver};

/// What was read, or why it was not, as a sentence.
pub type Readable<T> = Result<T, String>;

/// The addresses of a name, or why there are none.
pub type Addresses = Pin<Box<dyn Future<Output = Readable<Vec<IpAddr>>> + Send>>;

/// Where a host is read from.
#[derive(Clone)]
pub struct Place {
    /// Its root directory: what is `/etc/fstab` elsewhere.
    pub root: PathBuf,
    /// The TCP port that servers are asked at.
    pub port: u16,
    /// How long one server, one name or one directory is waited for.
    pub patience: Duration,
    /// Resolves a name.
    pub resolve: Arc<dyn Fn(String) -> Addresses + Send + Sync>,
    /// Reads the attributes of a mount point. It may hang: it runs on a thread that is not waited for.
    pub look: fn(&Path) -> io::Result<()>,
}

impl Place {
    /// This host, asked at that port.
    pub fn this_host(port: u16) -> Self {
        Self {
            root: PathBuf::from("/"),
            port,
            patience: super::ATTEMPT,
            resolve: Arc::new(|name| Box::pin(ask::resolved(name))),
            look: |path| std::fs::metadata(path).map(drop),
        }
    }
}

/// What a host is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The word by which sources of mounts and state files name what is mounted.
    pub id: String,
    /// Its name in the DNS.
    pub name: String,
    /// Its servers, each with what it is called.
    pub servers: Vec<(String, IpAddr)>,
}

/// What a host shows.
#[derive(Debug, Clone)]
pub struct HostFacts {
    /// The release of the kernel: `5.10.0`.
    pub kernel: Readable<String>,
    /// Whether the kernel has NFS 4, as a part of it or as a module.
    pub nfs4: Readable<bool>,
    /// The programs that mount, with whether each is there.
    pub programs: BTreeMap<&'static str, bool>,
    /// How names are resolved.
    pub resolver: Readable<Resolver>,
    /// What `/etc/hosts` says of the name.
    pub hosts_file: Readable<Vec<IpAddr>>,
    /// The name.
    pub name: String,
    /// The addresses of the name.
    pub resolved: Readable<Vec<IpAddr>>,
    /// The addresses of the name with a dot behind it, for which search domains are not tried.
    pub absolute: Readable<Vec<IpAddr>>,
    /// What each server answered.
    pub servers: Vec<Server>,
    /// The address from which this host would connect to the first of them.
    pub source: Option<IpAddr>,
    /// NFS mounts.
    pub mounts: Readable<Vec<Mount>>,
    /// Lines of `/etc/fstab`.
    pub fstab: Readable<Vec<Mount>>,
    /// Mount points of what was asked about that do not answer, with how.
    pub dead: Vec<(PathBuf, Dead)>,
    /// Ports on this host that a TLS mount of it goes through, with whether anything listens there.
    pub proxies: Vec<(u16, bool)>,
    /// Whether efs-utils compares the name in the certificate (`stunnel_check_cert_hostname`); `None`: it is not set.
    pub compares_names: Readable<Option<bool>>,
    /// The last error in the log of efs-utils; `None`: none.
    pub logged: Readable<Option<String>>,
    /// How many groups this process has.
    pub groups: Readable<usize>,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// What it is called.
    pub id: String,
    /// Its address.
    pub address: IpAddr,
    /// Whether it answers NFS 4.1; an error: how it does not.
    pub answer: Result<(), NoAnswer>,
}

/// How a mount point does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dead {
    /// Stale file handle.
    Stale,
    /// No answer in time.
    Hangs,
}
