//! The shapes in which the API describes resources; they serialize under its member names.

use serde::{Deserialize, Serialize};

use super::super::Millis;
use super::clock;

/// A tag.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    /// Key.
    pub key: String,
    /// Value, perhaps empty.
    pub value: String,
}

/// `FileSystemDescription` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FileSystemDescription {
    /// Account that owns it.
    pub owner_id: String,
    /// The token it was created under.
    pub creation_token: String,
    /// Its id.
    pub file_system_id: String,
    /// Its ARN.
    pub file_system_arn: String,
    /// When it was created.
    #[serde(serialize_with = "clock::seconds")]
    pub creation_time: Millis,
    /// State.
    pub life_cycle_state: String,
    /// Value of its tag `Name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Mount targets, in any state.
    pub number_of_mount_targets: usize,
    /// Metered size.
    pub size_in_bytes: FileSystemSize,
    /// `generalPurpose` or `maxIO`.
    pub performance_mode: String,
    /// Encrypted at rest.
    pub encrypted: bool,
    /// ARN of the key when encrypted.
    pub kms_key_id: Option<String>,
    /// `bursting`, `provisioned` or `elastic`.
    pub throughput_mode: String,
    /// MiB/s when provisioned.
    pub provisioned_throughput_in_mibps: Option<f64>,
    /// Name of the zone of a One Zone file system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone_name: Option<String>,
    /// Id of the zone of a One Zone file system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone_id: Option<String>,
    /// Tags, those of AWS itself too.
    pub tags: Vec<Tag>,
    /// Protection.
    pub file_system_protection: FileSystemProtection,
}

/// `FileSystemSize` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FileSystemSize {
    /// All classes together.
    pub value: u64,
    /// When it was metered; not before the file system was available.
    #[serde(serialize_with = "clock::maybe_seconds")]
    pub timestamp: Option<Millis>,
    /// Infrequent Access.
    #[serde(rename = "ValueInIA")]
    pub value_in_ia: u64,
    /// Standard.
    pub value_in_standard: u64,
    /// Archive.
    pub value_in_archive: u64,
}

/// `FileSystemProtectionDescription` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FileSystemProtection {
    /// `ENABLED`, `DISABLED` or `REPLICATING`.
    pub replication_overwrite_protection: String,
}

/// `MountTargetDescription` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MountTargetDescription {
    /// Account that owns it.
    pub owner_id: String,
    /// Its id.
    pub mount_target_id: String,
    /// Its file system.
    pub file_system_id: String,
    /// Its subnet.
    pub subnet_id: String,
    /// State.
    pub life_cycle_state: String,
    /// IPv4 address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
    /// IPv6 address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipv6_address: Option<String>,
    /// Its network interface.
    pub network_interface_id: String,
    /// Id of its zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone_id: Option<String>,
    /// Name of its zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone_name: Option<String>,
    /// Its VPC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
}

/// `AccessPointDescription` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessPointDescription {
    /// The token it was created under.
    pub client_token: String,
    /// Value of its tag `Name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Its id.
    pub access_point_id: String,
    /// Its ARN.
    pub access_point_arn: String,
    /// Its file system.
    pub file_system_id: String,
    /// The user that overrides the one of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posix_user: Option<PosixUser>,
    /// The directory that clients see as root.
    pub root_directory: RootDirectory,
    /// Account that owns it.
    pub owner_id: String,
    /// State.
    pub life_cycle_state: String,
}

/// `PosixUser` of the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PosixUser {
    /// User id.
    pub uid: i64,
    /// Group id.
    pub gid: i64,
    /// More group ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary_gids: Option<Vec<i64>>,
}

/// `RootDirectory` of the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RootDirectory {
    /// Path; `/` when it is left out.
    #[serde(default)]
    pub path: Option<String>,
    /// How the directory is made at the first mount if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_info: Option<CreationInfo>,
}

/// `CreationInfo` of the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreationInfo {
    /// Owner.
    pub owner_uid: i64,
    /// Group.
    pub owner_gid: i64,
    /// Three or four octal digits.
    pub permissions: String,
}
