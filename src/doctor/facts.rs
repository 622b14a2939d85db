//! What is judged.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::connect::ClientRules;
use crate::domain::access_point::AccessPoint;
use crate::domain::advice::Advice;
use crate::domain::finding::Finding;
use crate::domain::ids::{MountTargetId, Zone};
use crate::domain::partition::dns_name;
use crate::domain::state::{FileSystem, MountTarget};
use crate::host::facts::HostFacts;

/// What was read, or why it was not.
pub type Readable<T> = Result<T, Advice>;

/// Everything that is known of one problem.
#[derive(Debug, Clone)]
pub struct Case {
    /// What AWS shows.
    pub account: AccountFacts,
    /// What this host shows.
    pub host: HostSide,
    /// By how many seconds the clock of this host is ahead of that of AWS, where that is known.
    pub clock_ahead: Option<i64>,
    /// The message that was given.
    pub message: Option<String>,
}

/// Whether this host was asked.
#[derive(Debug, Clone)]
pub enum HostSide {
    /// It was.
    Asked(Box<HostFacts>),
    /// It was not, and why.
    NotAsked(Advice),
}

/// What AWS shows of a file system and the way to it.
#[derive(Debug, Clone)]
pub struct AccountFacts {
    /// The file system.
    pub file_system: FileSystem,
    /// Its region.
    pub region: String,
    /// Seconds since it was created, where AWS tells when that was.
    pub age: Option<i64>,
    /// Its mount targets.
    pub mount_targets: Readable<Vec<MountTarget>>,
    /// The verdicts of the audit on it.
    pub findings: Vec<Finding>,
    /// The way from each client to each mount target.
    pub paths: Readable<Vec<PathFacts>>,
    /// The clients, as they are stated.
    pub clients: Vec<String>,
    /// Zones that clients are in.
    pub zones: Vec<Zone>,
    /// What its policy lets clients do.
    pub rules: Readable<ClientRules>,
    /// Its access points.
    pub access_points: Readable<Vec<AccessPoint>>,
    /// It is the copy of a replication: the sentence that says so.
    pub copy: Readable<Option<String>>,
    /// It is the source of a replication.
    pub is_replicated: bool,
    /// The ranges of the VPC of its mount targets.
    pub ranges: Readable<Vec<IpNet>>,
}

/// The way from a client to a mount target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathFacts {
    /// The client.
    pub client: String,
    /// The mount target.
    pub mount_target: MountTargetId,
    /// Its zone.
    pub zone: Zone,
    /// Its address.
    pub address: Option<IpAddr>,
    /// What has to be passed, in the order in which a packet does.
    pub gates: Vec<(Gate, GatePassing)>,
}

/// Something that a connection has to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Both ends have an address of one family.
    Family,
    /// Outbound rules of the client's security groups.
    Egress,
    /// The network ACL of the client's subnet.
    ClientAcl,
    /// Routes there and back.
    Routes,
    /// The network ACL of the mount target's subnet.
    MountTargetAcl,
    /// Inbound rules of the mount target's security groups.
    Ingress,
}

impl Gate {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Family => "addresses of one family",
            Self::Egress => "outbound rules of the client",
            Self::ClientAcl => "network ACL of the client's subnet",
            Self::Routes => "routes there and back",
            Self::MountTargetAcl => "network ACL of the mount target's subnet",
            Self::Ingress => "inbound rules of the mount target",
        }
    }
}

/// Whether a gate lets a client through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatePassing {
    /// It does.
    Open,
    /// It does not: how that was seen, and what opens it.
    Closed {
        /// How that was seen.
        evidence: Advice,
        /// What opens it.
        remedy: Advice,
    },
    /// It is not known, and why.
    Unknown(Advice),
}

impl Case {
    /// The id of the file system.
    pub fn id(&self) -> &str {
        self.account.file_system.id.bare()
    }

    /// Its name in the DNS.
    pub fn name(&self) -> String {
        dns_name(&self.account.file_system.id, &self.account.region)
    }

    /// The addresses of its mount targets.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let targets = self.account.mount_targets.iter().flatten();
        targets.filter_map(|mt| mt.ip).collect()
    }

    /// The first of them, or the word for one.
    pub fn address(&self) -> String {
        let addresses = self.addresses();
        let first = addresses.first();
        first.map_or_else(
            || "ADDRESS-OF-A-MOUNT-TARGET".to_owned(),
            ToString::to_string,
        )
    }

    /// What this host shows, where it was asked.
    pub fn host(&self) -> Option<&HostFacts> {
        match &self.host {
            HostSide::Asked(facts) => Some(facts),
            HostSide::NotAsked(_) => None,
        }
    }
}
