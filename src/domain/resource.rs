//! What a run makes, changes and removes.

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::ids::{AccessPointId, FileSystemId, MountTargetId, SecurityGroupId};
use super::settings::Key;

/// A resource of a deployment, by its id.
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
    /// What it is.
    pub fn kind(&self) -> ResourceKind {
        match self {
            Self::FileSystem(_) => ResourceKind::FileSystem,
            Self::SecurityGroup(_) => ResourceKind::SecurityGroup,
            Self::MountTarget(_) => ResourceKind::MountTarget,
            Self::AccessPoint(_) => ResourceKind::AccessPoint,
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

    /// Whether AWS gave it: in a plan, what is created has none yet.
    pub fn is_known(&self) -> bool {
        match self {
            Self::FileSystem(id) => id.is_known(),
            Self::SecurityGroup(id) => id.is_known(),
            Self::MountTarget(id) => id.is_known(),
            Self::AccessPoint(id) => id.is_known(),
        }
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ResourceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
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

/// What a run makes or changes: a resource of AWS, or what belongs to one and has no id of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// A file system.
    FileSystem,
    /// A security group.
    SecurityGroup,
    /// A rule of a security group.
    SecurityGroupRule,
    /// A mount target.
    MountTarget,
    /// An access point.
    AccessPoint,
    /// Tags of a file system, or of the network interfaces of mount targets.
    Tags,
    /// The run whose name is on a file system.
    Run,
    /// A setting of a file system.
    Setting(Key),
}

impl ResourceKind {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FileSystem => "file_system",
            Self::SecurityGroup => "security_group",
            Self::SecurityGroupRule => "security_group_rule",
            Self::MountTarget => "mount_target",
            Self::AccessPoint => "access_point",
            Self::Tags => "tags",
            Self::Run => "run",
            Self::Setting(key) => key.resource(),
        }
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ResourceKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A resource that is made, changed, removed, or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Resource {
    /// What it is: `file_system`, `security_group`, `security_group_rule`, `mount_target`, `tags`, `lifecycle_policy`, `backup_policy`,
    /// `replication_overwrite_protection`, `access_point`, `run` (which run takes over).
    #[schemars(with = "String")]
    pub kind: ResourceKind,
    /// Its id, once AWS gave one; of a rule that of its group; of tags, of a setting and of a run that of the file system.
    #[schemars(with = "Option<String>")]
    pub id: Option<ResourceId>,
    /// The name of an access point that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Resource {
    /// One of that kind, of which no id is known.
    pub fn unknown(kind: ResourceKind) -> Self {
        Self {
            kind,
            id: None,
            name: None,
        }
    }

    /// One of that kind: itself, or what belongs to it. In a plan the id may not be known yet.
    pub fn of(kind: ResourceKind, id: impl Into<ResourceId>) -> Self {
        Self {
            kind,
            id: Some(id.into()).filter(ResourceId::is_known),
            name: None,
        }
    }
}

impl From<ResourceId> for Resource {
    fn from(id: ResourceId) -> Self {
        Self::of(id.kind(), id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn in_json_it_has_its_kind_and_its_id() {
        let group = SecurityGroupId::from_aws("sg-1");
        let file_system = FileSystemId::from_aws("fs-1");
        let rows = [
            (
                Resource::from(ResourceId::from(&MountTargetId::from_aws("fsmt-1"))),
                json!({"kind": "mount_target", "id": "fsmt-1"}),
            ),
            (
                Resource::of(ResourceKind::SecurityGroupRule, &group),
                json!({"kind": "security_group_rule", "id": "sg-1"}),
            ),
            (
                Resource::of(ResourceKind::Setting(Key::Backups), &file_system),
                json!({"kind": "backup_policy", "id": "fs-1"}),
            ),
            (
                Resource {
                    name: Some("app".to_owned()),
                    ..Resource::unknown(ResourceKind::AccessPoint)
                },
                json!({"kind": "access_point", "id": null, "name": "app"}),
            ),
        ];
        for (resource, expected) in rows {
            assert_eq!(serde_json::to_value(&resource).unwrap(), expected);
        }
    }

    /// What a plan invents for what does not exist yet is no id.
    #[test]
    fn what_is_not_created_yet_has_no_id() {
        let ids = [
            ResourceId::from(&FileSystemId::after_create()),
            ResourceId::from(&SecurityGroupId::after_create()),
            ResourceId::from(&MountTargetId::after_create()),
            ResourceId::from(&AccessPointId::after_create()),
        ];
        for id in ids {
            assert!(!id.is_known(), "{id}");
            assert_eq!(Resource::from(id.clone()).id, None, "{id}");
        }
        assert!(ResourceId::from(&FileSystemId::from_aws("fs-1")).is_known());
    }
}
