//! What was seen. A read that was denied or failed is kept as that: no check can take it for an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ipnet::IpNet;

use crate::cloud::{Class, CloudError};
use crate::domain::access_point::AccessPoint;
use crate::domain::advice::Advice;
use crate::domain::ids::{
    FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId, VpcId,
};
use crate::domain::inventory::Replication;
use crate::domain::network::{
    NetworkAcl, NetworkInterface, Peer, RouteTable, SecurityGroup, Subnet, Vpc, VpcDns,
};
use crate::domain::settings::Lifecycle;
use crate::domain::settings::backups::Backup;
use crate::domain::state::{FileSystem, MountTarget};
use crate::domain::zones::ZoneFacts;

/// What a read gave. `?` in a check turns an unseen thing into the verdict "unknown".
pub type Known<T> = Result<T, Unavailable>;

/// A read that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// What happened, as a sentence with the operation.
    pub why: Advice,
    /// The IAM action that is missing, where that is the reason.
    pub action: Option<String>,
    /// What was to be read does not exist any more.
    pub is_gone: bool,
}

impl Unavailable {
    /// A word of AWS that this version does not know, and what it is about.
    pub fn unknown_word(what: impl fmt::Display, word: &str) -> Self {
        Self::because(format!(
            "{what} is `{word}`: what that means is not known to this version of efsctl"
        ))
    }

    /// Something that could not be found out, for another reason than a failed read.
    pub fn because(why: impl Into<Advice>) -> Self {
        Self {
            why: why.into(),
            action: None,
            is_gone: false,
        }
    }
}

impl From<CloudError> for Unavailable {
    fn from(error: CloudError) -> Self {
        let why = match error.class {
            Class::Denied => format!("{} is denied", error.operation),
            _ => format!("{} failed: {error}", error.operation),
        };
        Self {
            why: why.into(),
            is_gone: error.class == Class::NotFound,
            action: error.action,
        }
    }
}

/// One file system, and what only it has.
#[derive(Debug, Clone)]
pub struct FileSystemFacts {
    /// The file system.
    pub file_system: FileSystem,
    /// Its mount targets.
    pub mount_targets: Known<Vec<MountTarget>>,
    /// Its lifecycle policy.
    pub lifecycle: Known<Lifecycle>,
    /// The status of automatic backups.
    pub backup: Known<Backup>,
    /// Its policy; `None`: the default.
    pub policy: Known<Option<String>>,
}

/// Network interfaces of mount targets, found by those: every check asks for them, in regions that have thousands.
#[derive(Debug, Clone, Default)]
pub struct Interfaces {
    all: BTreeMap<NetworkInterfaceId, NetworkInterface>,
    of: BTreeMap<MountTargetId, NetworkInterfaceId>,
}

impl Interfaces {
    /// The interface of a mount target: the one it tells, or the one that tells it.
    pub fn of(&self, mount_target: &MountTarget) -> Option<&NetworkInterface> {
        let named = mount_target.interface.as_ref();
        named
            .and_then(|id| self.all.get(id))
            .or_else(|| self.all.get(self.of.get(&mount_target.id)?))
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &NetworkInterface> {
        self.all.values()
    }
}

impl FromIterator<NetworkInterface> for Interfaces {
    fn from_iter<I: IntoIterator<Item = NetworkInterface>>(interfaces: I) -> Self {
        let mut indexed = Self::default();
        for interface in interfaces {
            if let Some((_, mount_target)) = &interface.mount_target {
                indexed
                    .of
                    .insert(mount_target.clone(), interface.id.clone());
            }
            indexed.all.insert(interface.id.clone(), interface);
        }
        indexed
    }
}

/// What holds for a region, read once for all file systems.
#[derive(Debug, Clone)]
pub struct RegionInventory {
    /// Its name.
    pub region: String,
    /// How many file systems it has, where all were listed.
    pub file_systems: Option<usize>,
    /// VPCs.
    pub vpcs: Known<BTreeMap<VpcId, Vpc>>,
    /// DNS attributes of the VPCs that have mount targets.
    pub dns: BTreeMap<VpcId, Known<VpcDns>>,
    /// Subnets.
    pub subnets: Known<BTreeMap<SubnetId, Subnet>>,
    /// Security groups.
    pub groups: Known<BTreeMap<SecurityGroupId, SecurityGroup>>,
    /// Network ACLs.
    pub acls: Known<Vec<NetworkAcl>>,
    /// Zones; read only for a fix, as the next.
    pub zones: Known<Vec<ZoneFacts>>,
    /// Route tables.
    pub route_tables: Known<Vec<RouteTable>>,
    /// Network interfaces of mount targets.
    pub interfaces: Known<Interfaces>,
    /// Prefix lists that could be resolved.
    pub prefix_lists: BTreeMap<String, Vec<IpNet>>,
    /// Prefix lists that could not.
    pub unresolved: BTreeMap<String, Unavailable>,
    /// Access points, by file system.
    pub access_points: Known<BTreeMap<FileSystemId, Vec<AccessPoint>>>,
    /// Replications.
    pub replications: Known<Vec<Replication>>,
}

impl RegionInventory {
    /// Prefix lists that were asked for.
    pub fn learn(&mut self, lists: Vec<(String, Known<Vec<IpNet>>)>) {
        for (id, ranges) in lists {
            match ranges {
                Ok(ranges) => drop(self.prefix_lists.insert(id, ranges)),
                Err(unavailable) => drop(self.unresolved.insert(id, unavailable)),
            }
        }
    }

    fn peers(&self) -> impl Iterator<Item = &Peer> {
        let groups = self.groups.iter().flat_map(BTreeMap::values);
        let rules = groups.flat_map(|group| group.ingress.iter().chain(&group.egress));
        rules.map(|rule| &rule.peer)
    }

    /// Whether a rule names that group, which is not here.
    pub fn names(&self, group: &SecurityGroupId) -> bool {
        self.peers().any(|peer| peer.group() == Some(group))
    }

    /// Whether other accounts are in play: a rule names a group of one, or VPCs have several owners.
    pub fn has_others(&self) -> bool {
        let vpcs = self.vpcs.iter().flat_map(BTreeMap::values);
        let owners: BTreeSet<&String> = vpcs.filter_map(|vpc| vpc.owner.as_ref()).collect();
        owners.len() > 1
            || self
                .peers()
                .any(|peer| matches!(peer, Peer::Distant(distant) if distant.account.is_some()))
    }

    /// The network ACL that guards a subnet.
    pub fn acl(&self, of: &SubnetId) -> Known<Option<&NetworkAcl>> {
        let acls = self.acls.as_ref().map_err(Clone::clone)?;
        let acl = acls.iter().find(|acl| acl.subnets.contains(of));
        match acl.and_then(|acl| Some((acl, acl.unreadable.as_ref()?))) {
            Some((acl, odd)) => Err(Unavailable::because(format!(
                "{} cannot be judged: its {odd}, which this version of efsctl does not know",
                acl.id
            ))),
            None => Ok(acl),
        }
    }
}
