//! What a look at AWS returned.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::ids::{
    FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId, VpcId, Zone,
};
pub use super::lifecycle_state::State;
use super::settings::protection::OverwriteProtection;
use super::settings::{Protection, Settings, Throughput};
use super::spec::PerformanceMode;
use super::tags::Tags;
use super::word::Word;

/// A file system metered at no more than this held no data when it was metered, which may be hours ago (EFS API reference,
/// `FileSystemSize`): an empty one is metered at a few KiB of metadata.
pub const EMPTY_BYTES: u64 = 16 * 1024;

/// A file system as `DescribeFileSystems` shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct FileSystem {
    /// Its id.
    pub id: FileSystemId,
    /// Its ARN, where AWS gave one.
    pub arn: Option<String>,
    /// The token it was created under.
    pub creation_token: String,
    /// The `Name` tag.
    pub name: Option<String>,
    /// Its state.
    pub state: State,
    /// Encrypted at rest, where AWS tells; fixed at creation.
    pub encrypted: Option<bool>,
    /// ARN of the KMS key; fixed at creation.
    pub kms_key_id: Option<String>,
    /// Fixed at creation.
    pub performance: Word<PerformanceMode>,
    /// Settings that it shows.
    pub settings: Settings,
    /// The one zone of a One Zone file system; fixed at creation.
    pub one_zone: Option<Zone>,
    /// Metered size in bytes, all storage classes.
    pub size_bytes: u64,
    /// Of which, in each storage class.
    pub stored: StoredBytes,
    /// How many mount targets it has.
    pub mount_targets: u32,
    /// Tags.
    pub tags: Tags,
    /// When it was made: seconds since the Unix epoch.
    pub created_at: Option<i64>,
}

/// Metered size in bytes by storage class, where AWS reports it. Of a One Zone file system they are those of One Zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoredBytes {
    /// Standard.
    pub standard: Option<u64>,
    /// Infrequent Access.
    pub infrequent_access: Option<u64>,
    /// Archive.
    pub archive: Option<u64>,
}

impl FileSystem {
    /// Throughput mode and amount, as AWS tells it.
    pub fn throughput(&self) -> Word<Throughput> {
        let throughput = self.settings.get::<Throughput>();
        throughput.cloned().unwrap_or_else(Word::not_reported)
    }

    /// Whether a replication may write to it, where AWS tells.
    pub fn protection(&self) -> Option<&Word<OverwriteProtection>> {
        self.settings.get::<Protection>()?.as_ref()
    }

    /// It is the copy of a replication: read-only, written by no one else.
    pub fn is_copy(&self) -> bool {
        let protection = self.protection();
        protection.is_some_and(|word| word.is(&OverwriteProtection::Replicating))
    }
}

/// A mount target as `DescribeMountTargets` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountTarget {
    /// Its id.
    pub id: MountTargetId,
    /// Its file system.
    pub file_system: FileSystemId,
    /// Its subnet.
    pub subnet: SubnetId,
    /// Its zone, by the account's name for it.
    pub zone: Zone,
    /// Its VPC.
    pub vpc: Option<VpcId>,
    /// Its address: IPv4 if it has one.
    pub ip: Option<IpAddr>,
    /// Its state.
    pub state: State,
    /// Its network interface.
    pub interface: Option<NetworkInterfaceId>,
}

/// A network interface, as far as a mount target needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountTargetInterface {
    /// Its id.
    pub id: NetworkInterfaceId,
    /// The security groups it has: those of the mount target.
    pub security_groups: BTreeSet<SecurityGroupId>,
    /// Tags: those a mount target itself cannot carry.
    pub tags: Tags,
}

/// The file system and mount target a network interface belongs to, by its description: `EFS mount target for fs-… (fsmt-…)`.
///
/// AWS documents the form only in an example (EFS user guide, "Logging Amazon EFS API calls with AWS `CloudTrail`").
pub fn mount_target_of(description: &str) -> Option<(FileSystemId, MountTargetId)> {
    let (file_system, mount_target) = description
        .strip_prefix("EFS mount target for ")?
        .strip_suffix(')')?
        .split_once(" (")?;
    Some((file_system.parse().ok()?, mount_target.parse().ok()?))
}
