//! The calls that change something, in domain words.

use std::collections::BTreeSet;

use super::access_point::AccessPointSpec;
use super::goal::UnwantedRule;
use super::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId, Zone,
};
use super::network::Peer;
use super::resource::ResourceId;
use super::settings::{Key, Value};
use super::tags::Tags;

/// One writing call that is due.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `CreateFileSystem`.
    CreateFileSystem,
    /// Sets a setting, by its own operation.
    Set(FileSystemId, Value),
    /// `TagResource`.
    TagFileSystem(FileSystemId, Tags),
    /// `UntagResource`: the tags with these keys.
    UntagFileSystem(FileSystemId, BTreeSet<String>),
    /// `TagResource`: puts this run's name on what another run left unfinished.
    TakeOver(FileSystemId, String),
    /// `CreateSecurityGroup`.
    CreateSecurityGroup,
    /// `AuthorizeSecurityGroupIngress`: TCP 2049 from one peer.
    AllowNfs(SecurityGroupId, Peer),
    /// `RevokeSecurityGroupIngress`: one rule.
    RevokeNfs(UnwantedRule),
    /// `CreateMountTarget`.
    CreateMountTarget {
        /// Of this file system.
        file_system: FileSystemId,
        /// In this zone: EFS takes one per zone.
        zone: Zone,
        /// In this subnet.
        subnet: SubnetId,
        /// With these groups.
        groups: BTreeSet<SecurityGroupId>,
    },
    /// `CreateAccessPoint`.
    CreateAccessPoint(FileSystemId, AccessPointSpec),
    /// `ModifyMountTargetSecurityGroups`.
    SetMountTargetGroups {
        /// Of this mount target.
        id: MountTargetId,
        /// Whose interface this is.
        interface: NetworkInterfaceId,
        /// To these groups.
        groups: BTreeSet<SecurityGroupId>,
    },
    /// `CreateTags` on the network interfaces of the mount targets, which cannot carry tags themselves.
    TagInterfaces(BTreeSet<NetworkInterfaceId>, Tags),
    /// `DeleteAccessPoint`.
    DeleteAccessPoint(AccessPointId),
    /// `DeleteMountTarget`.
    DeleteMountTarget(MountTargetId),
    /// `DeleteFileSystem`.
    DeleteFileSystem(FileSystemId),
    /// `DeleteSecurityGroup`.
    DeleteSecurityGroup(SecurityGroupId),
}

/// What one call reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadScope {
    /// `DescribeFileSystems`.
    FileSystem,
    /// `DescribeSecurityGroups`.
    SecurityGroup,
    /// `DescribeMountTargets`, once for all of them.
    MountTargets,
    /// `DescribeNetworkInterfaces`, once for all of them.
    Interfaces,
    /// A setting that is read by a call of its own.
    Setting(Key),
    /// `DescribeAccessPoints`.
    AccessPoints,
}

impl From<Key> for ReadScope {
    /// Where that setting is read.
    fn from(key: Key) -> Self {
        if key.is_shown() {
            Self::FileSystem
        } else {
            Self::Setting(key)
        }
    }
}

impl Action {
    /// What it changes: what to read when its outcome is unknown.
    pub fn read_scope(&self) -> ReadScope {
        match self {
            Self::CreateFileSystem
            | Self::TagFileSystem(..)
            | Self::UntagFileSystem(..)
            | Self::TakeOver(..)
            | Self::DeleteFileSystem(_) => ReadScope::FileSystem,
            Self::CreateSecurityGroup
            | Self::AllowNfs(..)
            | Self::RevokeNfs(_)
            | Self::DeleteSecurityGroup(_) => ReadScope::SecurityGroup,
            Self::CreateMountTarget { .. } | Self::DeleteMountTarget(_) => ReadScope::MountTargets,
            Self::SetMountTargetGroups { .. } | Self::TagInterfaces(..) => ReadScope::Interfaces,
            Self::Set(_, value) => value.key().into(),
            Self::CreateAccessPoint(..) | Self::DeleteAccessPoint(_) => ReadScope::AccessPoints,
        }
    }

    /// What it is about, to recognise the same action when it is due again.
    pub fn key(&self) -> String {
        match self {
            Self::CreateFileSystem => "create file system".to_owned(),
            Self::Set(_, value) => format!("set {}", value.key().name()),
            Self::TagFileSystem(..) => "tag file system".to_owned(),
            Self::UntagFileSystem(..) => "remove tags of the file system".to_owned(),
            Self::TakeOver(..) => "take over the unfinished file system".to_owned(),
            Self::CreateSecurityGroup => "create security group".to_owned(),
            Self::AllowNfs(group, peer) => format!("allow NFS to {group} from {peer}"),
            Self::RevokeNfs(rule) => format!("remove rule {} of {}", rule.id, rule.group),
            Self::CreateMountTarget { zone, .. } => format!("create mount target in {zone}"),
            Self::CreateAccessPoint(_, point) => format!("create access point {}", point.name),
            Self::SetMountTargetGroups { id, .. } => format!("set security groups of {id}"),
            Self::TagInterfaces(..) => "tag network interfaces".to_owned(),
            Self::DeleteAccessPoint(id) => format!("delete access point {id}"),
            Self::DeleteMountTarget(id) => format!("delete mount target {id}"),
            Self::DeleteFileSystem(id) => format!("delete file system {id}"),
            Self::DeleteSecurityGroup(id) => format!("delete security group {id}"),
        }
    }

    /// What it deletes, if it deletes something.
    pub fn deletes(&self) -> Option<ResourceId> {
        match self {
            Self::DeleteAccessPoint(id) => Some(id.into()),
            Self::DeleteMountTarget(id) => Some(id.into()),
            Self::DeleteFileSystem(id) => Some(id.into()),
            Self::DeleteSecurityGroup(id) => Some(id.into()),
            _ => None,
        }
    }

    /// It makes something new: an unknown outcome means that something may exist that no one knows of.
    pub fn makes(&self) -> bool {
        matches!(
            self,
            Self::CreateFileSystem
                | Self::CreateSecurityGroup
                | Self::CreateMountTarget { .. }
                | Self::CreateAccessPoint(..)
        )
    }

    /// It sets something of what exists.
    pub fn sets(&self) -> bool {
        matches!(
            self,
            Self::Set(..)
                | Self::TagFileSystem(..)
                | Self::UntagFileSystem(..)
                | Self::AllowNfs(..)
                | Self::RevokeNfs(_)
                | Self::SetMountTargetGroups { .. }
        )
    }

    /// A failure is reported as a warning and does not fail the run.
    pub fn is_best_effort(&self) -> bool {
        matches!(self, Self::TagInterfaces(..))
    }
}
