//! What EFS remembers.

use serde::{Deserialize, Serialize};

use super::{Life, Millis, Replication, Source, Tags};

/// An EFS file system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSystem {
    /// `fs-` and 17 digits.
    pub id: String,
    /// The account that shares it with the one of the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The token it was created under.
    pub creation_token: String,
    /// States over time.
    pub life: Life,
    /// Encrypted at rest.
    pub encrypted: bool,
    /// ARN of the key when encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// `generalPurpose` or `maxIO`.
    pub performance_mode: String,
    /// `bursting`, `provisioned` or `elastic`.
    pub throughput_mode: String,
    /// MiB/s when provisioned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisioned_mibps: Option<f64>,
    /// Until then the throughput mode is locked (24 hours after a change).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throughput_locked_until: Option<Millis>,
    /// Name of the zone of a One Zone file system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<String>,
    /// Lifecycle transitions: pairs of member name and value, in the order they were put.
    #[serde(default)]
    pub lifecycle: Vec<(String, String)>,
    /// `ENABLED` or `DISABLED`; none: it was never set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<String>,
    /// The resource policy, as it was put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// `ENABLED`, `DISABLED` or `REPLICATING`.
    pub replication_overwrite_protection: String,
    /// The copy that is kept of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication: Option<Replication>,
    /// The file system that it is a copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<Source>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
    /// Metered sizes in bytes: Standard, IA, Archive.
    #[serde(default = "FileSystem::empty_size")]
    pub size: [u64; 3],
}

impl FileSystem {
    /// An empty file system is metered at 6 KiB.
    pub fn empty_size() -> [u64; 3] {
        [6_144, 0, 0]
    }
}

/// A mount target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MountTarget {
    /// `fsmt-` and 17 digits.
    pub id: String,
    /// Its file system.
    pub file_system_id: String,
    /// Its subnet.
    pub subnet_id: String,
    /// Its network interface, which carries address and security groups.
    pub network_interface_id: String,
    /// States over time.
    pub life: Life,
}

/// An access point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessPoint {
    /// `fsap-` and 17 digits.
    pub id: String,
    /// The token it was created under.
    pub client_token: String,
    /// Its file system.
    pub file_system_id: String,
    /// States over time.
    pub life: Life,
    /// uid, gid, secondary gids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posix_user: Option<(u32, u32, Vec<u32>)>,
    /// Path of the root directory.
    pub path: String,
    /// Owner uid, owner gid, permissions of a directory that is made at the first mount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_info: Option<(u32, u32, String)>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}
