//! The sections that describe file systems.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{label, yes};
use crate::world::state::Tags;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct FileSystemSection {
    pub id: Option<String>,
    pub name: Option<String>,
    /// The account that shares it.
    pub owner: Option<String>,
    /// Creation token; the name, or the id, when left out.
    pub token: Option<String>,
    /// Makes so many, `NAME-0001` and on.
    pub count: Option<u32>,
    #[serde(default)]
    pub state: State,
    #[serde(default)]
    pub encrypted: bool,
    pub kms_key_id: Option<String>,
    pub performance_mode: Option<String>,
    pub throughput_mode: Option<String>,
    pub provisioned_mibps: Option<f64>,
    /// Zone of a One Zone file system.
    pub zone: Option<String>,
    pub backup: Option<Backup>,
    #[serde(default)]
    pub lifecycle: Vec<BTreeMap<String, String>>,
    pub policy: Option<String>,
    /// `ENABLED` or `DISABLED`.
    pub replication_overwrite_protection: Option<String>,
    pub replication: Option<ReplicationSection>,
    /// It is a copy itself.
    pub copy_of: Option<SourceSection>,
    pub size: Option<Size>,
    #[serde(default)]
    pub tags: Tags,
    #[serde(default)]
    pub mount_target: Vec<MountTargetSection>,
    #[serde(default)]
    pub access_point: Vec<AccessPointSection>,
}

/// The copy that is kept of a file system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ReplicationSection {
    /// Id of the copy.
    pub to: String,
    /// Its region.
    pub region: String,
    /// In the words of the API; `ENABLED` when left out.
    pub status: Option<String>,
}

/// The file system that one is a copy of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SourceSection {
    /// Its id.
    pub from: String,
    /// Its region.
    pub region: String,
    /// In the words of the API; `ENABLED` when left out.
    pub status: Option<String>,
}

/// Whether there are automatic backups, or their status in the words of the API.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in super::super) enum Backup {
    Is(bool),
    Status(String),
}

/// Bytes, all in Standard or as `[standard, infrequent access, archive]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(in super::super) enum Size {
    Standard(u64),
    Classes([u64; 3]),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct MountTargetSection {
    pub id: Option<String>,
    /// Id or name.
    pub subnet: String,
    /// Ids or names.
    #[serde(default)]
    pub security_groups: Vec<String>,
    pub ip: Option<String>,
    pub ipv6: Option<String>,
    /// `IPV4_ONLY`, `DUAL_STACK` or `IPV6_ONLY`; what the subnet and the addresses want when left out.
    pub ip_address_type: Option<String>,
    /// False: its network interface is gone.
    #[serde(default = "yes")]
    pub interface: bool,
    #[serde(default)]
    pub state: State,
    /// Tags of the network interface: mount targets have none.
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AccessPointSection {
    pub id: Option<String>,
    pub name: Option<String>,
    /// Client token; the name when left out.
    pub token: Option<String>,
    pub path: Option<String>,
    pub uid: Option<i64>,
    pub gid: Option<i64>,
    pub secondary_gids: Option<Vec<i64>>,
    /// Makes the directory: `{ uid = 1000, gid = 1000, permissions = "755" }`.
    pub create: Option<DirectorySection>,
    #[serde(default)]
    pub state: State,
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct DirectorySection {
    pub uid: i64,
    pub gid: i64,
    pub permissions: String,
}

/// Where a resource is in its life.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(in super::super) enum State {
    #[default]
    Available,
    Creating,
    Updating,
    Deleting,
    Error,
    /// A word that the API may have one day.
    Other(String),
}

impl TryFrom<String> for State {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Ok(match word.as_str() {
            "available" => Self::Available,
            "creating" => Self::Creating,
            "updating" => Self::Updating,
            "deleting" => Self::Deleting,
            "error" => Self::Error,
            other if other.is_empty() || !other.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                return Err(format!("`{word}` is not a life-cycle state"));
            }
            _ => Self::Other(word),
        })
    }
}

impl FileSystemSection {
    pub(in super::super) fn label(&self) -> &str {
        label(self.name.as_ref(), self.id.as_ref())
    }
}
