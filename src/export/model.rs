//! What is exported: everything that was read of file systems, and what could not be.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::access_point::AccessPoint;
use crate::domain::advice::Advice;
use crate::domain::finding::UnseenRegion;
use crate::domain::ids::SecurityGroupId;
use crate::domain::inventory::Replication;
use crate::domain::network::{GroupRule, NetworkInterface, SecurityGroup};
use crate::domain::settings::Lifecycle;
use crate::domain::settings::backups::Backup;
use crate::domain::state::{FileSystem, MountTarget};

/// What was read, or why it could not be.
pub type Part<T> = Result<T, Gap>;

/// A read that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What happened, as a sentence with the operation.
    pub why: Advice,
    /// The IAM action that is missing, where that is the reason.
    pub action: Option<String>,
}

/// File systems of one account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Export {
    /// Region by region.
    pub regions: Vec<ExportedRegion>,
    /// Regions that could not be read.
    pub unseen: Vec<UnseenRegion>,
    /// When it is looked at, in seconds since 1970: what expired before is past.
    pub at: i64,
}

/// The file systems of one region.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedRegion {
    /// Its name.
    pub region: String,
    /// By id.
    pub file_systems: Vec<ExportedFileSystem>,
    /// Of the groups of their mount targets those that efsctl created. Others belong to whatever created them, and are named by id.
    pub groups: Part<BTreeMap<SecurityGroupId, ExportedGroup>>,
}

/// A file system, and all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedFileSystem {
    /// With throughput, tags and replication overwrite protection.
    pub file_system: FileSystem,
    /// By id.
    pub mount_targets: Part<Vec<ExportedMountTarget>>,
    /// By id.
    pub access_points: Part<Vec<AccessPoint>>,
    /// Its policy; `None`: the default.
    pub policy: Part<Option<String>>,
    /// Automatic backups.
    pub backup: Part<Backup>,
    /// Lifecycle policy.
    pub lifecycle: Part<Lifecycle>,
    /// Those of which it is source or copy.
    pub replications: Part<Vec<Replication>>,
}

/// A mount target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedMountTarget {
    /// With subnet and address.
    pub mount_target: MountTarget,
    /// With groups and all addresses; `None`: there is none.
    pub interface: Part<Option<NetworkInterface>>,
}

/// A security group that efsctl created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedGroup {
    /// The group.
    pub group: SecurityGroup,
    /// Its rules, each with its id.
    pub rules: Part<Vec<GroupRule>>,
}

impl Export {
    /// Reads that gave no answer, each once: what they would show is missing.
    pub fn gaps(&self) -> BTreeSet<&Gap> {
        self.regions.iter().flat_map(ExportedRegion::gaps).collect()
    }
}

impl ExportedRegion {
    fn gaps(&self) -> impl Iterator<Item = &Gap> {
        let groups = self.groups.as_ref().err();
        let rules = self.groups.iter().flat_map(BTreeMap::values);
        let rules = rules.filter_map(|group| group.rules.as_ref().err());
        let file_systems = self.file_systems.iter().flat_map(ExportedFileSystem::gaps);
        groups.into_iter().chain(rules).chain(file_systems)
    }
}

impl ExportedFileSystem {
    fn gaps(&self) -> impl Iterator<Item = &Gap> {
        let parts = [
            self.mount_targets.as_ref().err(),
            self.access_points.as_ref().err(),
            self.policy.as_ref().err(),
            self.backup.as_ref().err(),
            self.lifecycle.as_ref().err(),
            self.replications.as_ref().err(),
        ];
        let interfaces = self.mount_targets.iter().flatten();
        let interfaces = interfaces.filter_map(|one| one.interface.as_ref().err());
        parts.into_iter().flatten().chain(interfaces)
    }
}
