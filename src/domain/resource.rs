//! What a run makes and removes, by its id.

use std::fmt;

use super::ids::{AccessPointId, FileSystemId, MountTargetId, SecurityGroupId};

/// A resource of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceId {
    /// A file system.
    FileSystem(FileSystemId),
    /// A security group.
    SecurityGroup(SecurityGroupId),
    /// A mount target.
    MountTarget(MountTargetId),
    /// An access point.
    AccessPoint(AccessPointId),
}

impl ResourceId {
    /// Its kind, in the words of AWS.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::FileSystem(_) => "file system",
            Self::SecurityGroup(_) => "security group",
            Self::MountTarget(_) => "mount target",
            Self::AccessPoint(_) => "access point",
        }
    }

    /// The id alone.
    pub fn as_str(&self) -> &str {
        match self {
            Self::FileSystem(id) => id.as_str(),
            Self::SecurityGroup(id) => id.as_str(),
            Self::MountTarget(id) => id.as_str(),
            Self::AccessPoint(id) => id.as_str(),
        }
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.as_str())
    }
}

macro_rules! from {
    ($($id:ident => $kind:ident),+) => {
        $(impl From<&$id> for ResourceId {
            fn from(id: &$id) -> Self {
                Self::$kind(id.clone())
            }
        })+
    };
}

from!(
    FileSystemId => FileSystem,
    SecurityGroupId => SecurityGroup,
    MountTargetId => MountTarget,
    AccessPointId => AccessPoint
);
