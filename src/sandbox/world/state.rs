//! What the simulated AWS remembers.
//!
//! Lifecycle states are not stored: a resource knows when it becomes available and when it is gone, and its
//! state follows from the time ([`Life::at`]).

mod network;
mod replication;
mod security;
mod storage;
mod surroundings;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use super::ids::Ids;

pub use network::{AclEntry, NetworkAcl, NetworkInterface, RouteTable, Subnet, Vpc};
pub use replication::{Replication, ReplicationStatus, Source};
pub use security::{Peer, PeeredGroup, PrefixList, PrefixListEntry, Rule, SecurityGroup};
pub use storage::{AccessPoint, FileSystem, MountTarget};
pub use surroundings::{
    Association, EncryptionControl, Instance, Peering, StatedZone, VpcEndpoint,
};

/// Milliseconds since the Unix epoch, on the clock of whoever drives the world.
pub type Millis = u64;

/// Tags of one resource.
pub type Tags = BTreeMap<String, String>;

/// How long things take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// `CreateFileSystem` until the file system is `available`; also `UpdateFileSystem` (`updating`).
    pub file_system: Millis,
    /// `CreateMountTarget` until the mount target is `available`.
    pub mount_target: Millis,
    /// `DeleteMountTarget` and `DeleteFileSystem` until the resource is gone.
    pub delete: Millis,
    /// How long a new thing stays invisible to the Describe calls.
    pub describe_lag: Millis,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            file_system: 1_000,
            mount_target: 3_000,
            delete: 1_500,
            describe_lag: 0,
        }
    }
}

/// The life of an EFS resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// When the call that made it took effect.
    pub created: Millis,
    /// When it is `available` for the first time.
    pub available: Millis,
    /// It is `updating` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updating: Option<Millis>,
    /// It ends in `error` instead of `available`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fails: bool,
    /// It is in that state, which no call brings about, until it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<String>,
    /// It is `deleting` since it was asked to, and gone at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Millis>,
}

impl Life {
    /// A life that begins now and is available after `delay`.
    pub fn new(now: Millis, delay: Millis) -> Self {
        Self {
            created: now,
            available: now + delay,
            updating: None,
            fails: false,
            stated: None,
            gone: None,
        }
    }

    /// The life-cycle state at a time, in the words of the API.
    pub fn at(&self, now: Millis) -> &str {
        if self.gone.is_some() {
            "deleting"
        } else if let Some(stated) = &self.stated {
            stated
        } else if now < self.available {
            "creating"
        } else if self.fails {
            "error"
        } else if self.updating.is_some_and(|until| now < until) {
            "updating"
        } else {
            "available"
        }
    }

    /// Whether its deletion is complete.
    pub fn is_over(&self, now: Millis) -> bool {
        self.gone.is_some_and(|gone| gone <= now)
    }
}

/// One region of the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// `eu-west-1`.
    pub name: String,
    /// Account of the caller.
    pub account_id: String,
    /// How long things take: set by the world at each look.
    #[serde(skip)]
    pub timing: Timing,
    /// Opt-in regions that the account has not enabled: set by the world at each look.
    #[serde(skip)]
    pub disabled_regions: BTreeSet<String>,
    /// IAM principals that EFS does not know yet: set by the world at each look.
    #[serde(skip)]
    pub unknown_principals: BTreeSet<String>,
    /// The time of the call in progress: set by [`Region::settle`].
    #[serde(skip)]
    pub now: Millis,
    /// The source of ids.
    #[serde(deserialize_with = "ids_of_any_version")]
    pub ids: Ids,
    /// Limits of the account here.
    #[serde(default)]
    pub quotas: Quotas,
    /// Names of zones in which every new mount target ends in `error`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub failing_zones: BTreeSet<String>,
    /// File systems by id.
    pub file_systems: BTreeMap<String, FileSystem>,
    /// Mount targets by id.
    pub mount_targets: BTreeMap<String, MountTarget>,
    /// Access points by id.
    pub access_points: BTreeMap<String, AccessPoint>,
    /// Zones besides the Availability Zones, or of which there is something to say, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stated_zones: BTreeMap<String, StatedZone>,
    /// Peerings by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub peerings: BTreeMap<String, Peering>,
    /// VPC endpoints by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub endpoints: BTreeMap<String, VpcEndpoint>,
    /// What is known of EC2 instances besides their network interfaces, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub instances: BTreeMap<String, Instance>,
    /// States of KMS keys that cannot be used, by id or ARN: `disabled`, `pending-deletion`, `not-found`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kms_keys: BTreeMap<String, String>,
    /// VPCs by id.
    pub vpcs: BTreeMap<String, Vpc>,
    /// Subnets by id.
    pub subnets: BTreeMap<String, Subnet>,
    /// Security groups by id.
    pub security_groups: BTreeMap<String, SecurityGroup>,
    /// Managed prefix lists by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prefix_lists: BTreeMap<String, PrefixList>,
    /// Network interfaces by id.
    pub network_interfaces: BTreeMap<String, NetworkInterface>,
    /// Route tables by id.
    pub route_tables: BTreeMap<String, RouteTable>,
    /// Network ACLs by id.
    pub network_acls: BTreeMap<String, NetworkAcl>,
}

/// State files of older versions counted the ids that were made.
fn ids_of_any_version<'de, D: Deserializer<'de>>(from: D) -> Result<Ids, D::Error> {
    #[derive(Deserialize)]
    struct Any {
        seed: u64,
        #[serde(default)]
        generations: BTreeMap<u64, u32>,
    }
    let Any { seed, generations } = Any::deserialize(from)?;
    Ok(Ids { seed, generations })
}

/// Limits of one account in one region (Amazon EFS user guide, "Quotas"; VPC user guide).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quotas {
    /// File systems.
    pub file_systems: usize,
    /// Access points of one file system.
    pub access_points: usize,
    /// Mount targets in one VPC.
    pub mount_targets_per_vpc: usize,
    /// Security groups of one mount target.
    pub security_groups_per_mount_target: usize,
    /// Security groups.
    pub security_groups: usize,
    /// Ingress rules of one group.
    pub rules_per_group: usize,
    /// Throughput that can be provisioned, MiB/s.
    pub provisioned_mibps: f64,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            file_systems: 1_000,
            access_points: 10_000,
            mount_targets_per_vpc: 1_400,
            security_groups_per_mount_target: 5,
            security_groups: 2_500,
            rules_per_group: 60,
            provisioned_mibps: 3_414.0,
        }
    }
}
