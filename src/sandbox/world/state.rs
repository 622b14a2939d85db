//! What the simulated AWS remembers.
//!
//! Lifecycle states are not stored: a resource knows when it becomes available and when it is gone, and its
//! state follows from the time ([`Life::at`]).

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::ids::Ids;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
            gone: None,
        }
    }

    /// The life-cycle state at a time, in the words of the API.
    pub fn at(&self, now: Millis) -> &'static str {
        if self.gone.is_some() {
            "deleting"
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
    /// The time of the call in progress: set by [`Region::settle`].
    #[serde(skip)]
    pub now: Millis,
    /// The source of ids.
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
    /// VPCs by id.
    pub vpcs: BTreeMap<String, Vpc>,
    /// Subnets by id.
    pub subnets: BTreeMap<String, Subnet>,
    /// Security groups by id.
    pub security_groups: BTreeMap<String, SecurityGroup>,
    /// Network interfaces by id.
    pub network_interfaces: BTreeMap<String, NetworkInterface>,
    /// Route tables by id.
    pub route_tables: BTreeMap<String, RouteTable>,
    /// Network ACLs by id.
    pub network_acls: BTreeMap<String, NetworkAcl>,
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

/// An EFS file system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSystem {
    /// `fs-` and 17 digits.
    pub id: String,
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
    /// `ENABLED` or `DISABLED`.
    pub backup: String,
    /// The resource policy, as it was put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// `ENABLED`, `DISABLED` or `REPLICATING`.
    pub replication_overwrite_protection: String,
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

/// A VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// `vpc-` and 17 digits.
    pub id: String,
    /// Its IPv4 range.
    pub cidr: Ipv4Net,
    /// The account's default VPC.
    pub is_default: bool,
    /// `enableDnsSupport`.
    pub dns_support: bool,
    /// `enableDnsHostnames`.
    pub dns_hostnames: bool,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// `subnet-` and 17 digits.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// Name of its zone.
    pub availability_zone: String,
    /// Its IPv4 range.
    pub cidr: Ipv4Net,
    /// Its IPv6 range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6_cidr: Option<String>,
    /// No IPv4 at all.
    #[serde(default)]
    pub ipv6_native: bool,
    /// The default subnet of its zone.
    pub default_for_az: bool,
    /// Instances get a public address.
    pub map_public_ip: bool,
    /// Addresses in use by things that are not modelled (instances, load balancers).
    #[serde(default)]
    pub others_in_use: u32,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A security group with its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroup {
    /// `sg-` and 17 digits.
    pub id: String,
    /// Unique in its VPC, case-insensitively.
    pub name: String,
    /// Description.
    pub description: String,
    /// Its VPC.
    pub vpc_id: String,
    /// When it was made: it is invisible to Describe calls for the describe lag.
    pub created: Millis,
    /// Rules, in the order they were made.
    pub rules: Vec<Rule>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// One rule of a security group: one peer, as `DescribeSecurityGroupRules` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `sgr-` and 17 digits.
    pub id: String,
    /// Outbound.
    pub is_egress: bool,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1`.
    pub protocol: String,
    /// First port, or -1.
    pub from_port: i32,
    /// Last port, or -1.
    pub to_port: i32,
    /// The other side.
    pub peer: Peer,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// The other side of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// Canonical IPv4 range.
    Ipv4(String),
    /// Canonical IPv6 range.
    Ipv6(String),
    /// A security group.
    Group(String),
    /// A prefix list.
    PrefixList(String),
}

/// A network interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkInterface {
    /// `eni-` and 17 digits.
    pub id: String,
    /// Its subnet.
    pub subnet_id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// Its IPv4 address; none in an IPv6-only subnet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_ip: Option<String>,
    /// Its IPv6 address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6: Option<String>,
    /// Its security groups.
    pub groups: Vec<String>,
    /// For a mount target: `EFS mount target for fs-… (fsmt-…)`.
    pub description: String,
    /// Made by a service: customers can tag it, not delete it.
    pub requester_managed: bool,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A route table: enough to answer `DescribeRouteTables`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
    /// `rtb-` and 17 digits.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The main table of the VPC.
    pub is_main: bool,
    /// Subnets with an explicit association.
    pub subnets: BTreeSet<String>,
    /// Destination range and target (`local`, `igw-…`, `pcx-…`).
    pub routes: Vec<(String, String)>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A network ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkAcl {
    /// `acl-` and 17 digits.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The VPC's default.
    pub is_default: bool,
    /// Associated subnets.
    pub subnets: BTreeSet<String>,
    /// Entries.
    pub entries: Vec<AclEntry>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// One entry of a network ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AclEntry {
    /// Evaluated in ascending order; 32767 is the final `*`.
    pub number: u32,
    /// Outbound.
    pub egress: bool,
    /// `-1`, `6`, `17`, …
    pub protocol: String,
    /// Allow or deny.
    pub allow: bool,
    /// IPv4 or IPv6 range.
    pub cidr: String,
    /// Port range, for TCP and UDP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ports: Option<(u16, u16)>,
}
