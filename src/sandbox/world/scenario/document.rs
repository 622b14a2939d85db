//! The format. Unknown fields are errors; what is left out has the default of the AWS API.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ipnet::Ipv4Net;
use serde::Deserialize;

use crate::sandbox::world::efs::LifecyclePolicy;
use crate::sandbox::world::state::{Millis, Quotas, Tags, Timing};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub account_id: Option<String>,
    #[serde(default)]
    pub timing: TimingSection,
    /// IAM actions the caller may not take.
    #[serde(default)]
    pub denied: BTreeSet<String>,
    /// Opt-in regions that the account has not enabled.
    #[serde(default)]
    pub disabled_regions: BTreeSet<String>,
    #[serde(default)]
    pub region: Vec<RegionSection>,
}

/// Durations: `500ms`, `3s`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TimingSection {
    file_system: Option<Delay>,
    mount_target: Option<Delay>,
    delete: Option<Delay>,
    describe_lag: Option<Delay>,
}

impl TimingSection {
    pub(super) fn timing(&self) -> Timing {
        let usual = Timing::default();
        let or = |delay: Option<Delay>, usual| delay.map_or(usual, |Delay(millis)| millis);
        Timing {
            file_system: or(self.file_system, usual.file_system),
            mount_target: or(self.mount_target, usual.mount_target),
            delete: or(self.delete, usual.delete),
            describe_lag: or(self.describe_lag, usual.describe_lag),
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Delay(Millis);

impl TryFrom<String> for Delay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let duration: Duration =
            humantime::parse_duration(&text).map_err(|error| error.to_string())?;
        Millis::try_from(duration.as_millis())
            .map(Self)
            .map_err(|error| error.to_string())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionSection {
    pub name: String,
    #[serde(default = "yes")]
    pub default_vpc: bool,
    #[serde(default)]
    pub quotas: Quotas,
    #[serde(default)]
    pub failing_zones: Vec<String>,
    #[serde(default)]
    pub prefix_list: Vec<PrefixListSection>,
    #[serde(default)]
    pub vpc: Vec<VpcSection>,
    #[serde(default)]
    pub file_system: Vec<FileSystemSection>,
    #[serde(default)]
    pub instance: Vec<InstanceSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrefixListSection {
    pub id: Option<String>,
    /// One that begins with `com.amazonaws.` belongs to AWS.
    pub name: String,
    /// That of the entries when left out.
    pub address_family: Option<Family>,
    /// `10.0.0.0/16`, or `10.0.0.0/16 the office`.
    #[serde(default)]
    pub entries: Vec<String>,
    #[serde(default)]
    pub tags: Tags,
}

/// Versions of IP, in the words of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Family {
    #[serde(rename = "IPv4")]
    V4,
    #[serde(rename = "IPv6")]
    V6,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VpcSection {
    pub id: Option<String>,
    pub name: Option<String>,
    pub cidr: Ipv4Net,
    #[serde(default = "yes")]
    pub dns_support: bool,
    #[serde(default)]
    pub dns_hostnames: bool,
    /// Routes of the main table: `0.0.0.0/0 igw-…`.
    #[serde(default)]
    pub routes: Vec<String>,
    #[serde(default)]
    pub tags: Tags,
    #[serde(default)]
    pub subnet: Vec<SubnetSection>,
    #[serde(default)]
    pub security_group: Vec<SecurityGroupSection>,
    #[serde(default)]
    pub route_table: Vec<RouteTableSection>,
    #[serde(default)]
    pub network_acl: Vec<NetworkAclSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubnetSection {
    pub id: Option<String>,
    pub name: Option<String>,
    pub zone: String,
    pub cidr: Option<String>,
    pub ipv6_cidr: Option<String>,
    /// Free addresses, once the mount targets and instances of the description have theirs.
    pub available: Option<u32>,
    #[serde(default)]
    pub public: bool,
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecurityGroupSection {
    pub id: Option<String>,
    /// `default` is the group that comes with the VPC.
    pub name: String,
    pub description: Option<String>,
    /// `tcp 2049 from 10.0.0.0/16`.
    pub ingress: Option<Vec<String>>,
    /// `all to 0.0.0.0/0`, which is also what a group has when none are given.
    pub egress: Option<Vec<String>>,
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteTableSection {
    pub id: Option<String>,
    pub name: Option<String>,
    #[serde(default)]
    pub subnets: Vec<String>,
    #[serde(default)]
    pub routes: Vec<String>,
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkAclSection {
    pub id: Option<String>,
    pub name: Option<String>,
    #[serde(default)]
    pub subnets: Vec<String>,
    /// `100 allow tcp 2049 from 10.0.0.0/16`.
    #[serde(default)]
    pub ingress: Vec<String>,
    #[serde(default)]
    pub egress: Vec<String>,
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSystemSection {
    pub id: Option<String>,
    pub name: Option<String>,
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
    pub backup: Option<bool>,
    #[serde(default)]
    pub lifecycle: Vec<LifecyclePolicy>,
    pub policy: Option<String>,
    /// `ENABLED` or `DISABLED`.
    pub replication_overwrite_protection: Option<String>,
    pub replication: Option<ReplicationSection>,
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
pub(super) struct ReplicationSection {
    /// Id of the copy.
    pub to: String,
    /// Its region.
    pub region: String,
    /// In the words of the API; `ENABLED` when left out.
    pub status: Option<String>,
}

/// Bytes, all in Standard or as `[standard, infrequent access, archive]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(super) enum Size {
    Standard(u64),
    Classes([u64; 3]),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MountTargetSection {
    pub id: Option<String>,
    /// Id or name.
    pub subnet: String,
    /// Ids or names.
    #[serde(default)]
    pub security_groups: Vec<String>,
    pub ip: Option<String>,
    /// False: its network interface is gone.
    #[serde(default = "yes")]
    pub interface: bool,
    #[serde(default)]
    pub state: State,
    /// Tags of the network interface: mount targets have none.
    #[serde(default)]
    pub tags: Tags,
}

/// An EC2 instance with one network interface.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceSection {
    pub id: Option<String>,
    /// Id or name.
    pub subnet: String,
    /// Ids or names; none: the default group of the VPC.
    #[serde(default)]
    pub security_groups: Vec<String>,
    pub ip: Option<Ipv4Addr>,
    pub ipv6: Option<Ipv6Addr>,
    /// Tags of the network interface: the instance itself cannot be seen.
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessPointSection {
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
pub(super) struct DirectorySection {
    pub uid: i64,
    pub gid: i64,
    pub permissions: String,
}

/// Where a resource is in its life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    #[default]
    Available,
    Creating,
    Updating,
    Deleting,
    Error,
}

impl VpcSection {
    pub(super) fn label(&self) -> &str {
        label(self.name.as_ref(), self.id.as_ref())
    }
}

impl FileSystemSection {
    pub(super) fn label(&self) -> &str {
        label(self.name.as_ref(), self.id.as_ref())
    }
}

/// What an error calls a resource.
pub(super) fn label<'a>(name: Option<&'a String>, id: Option<&'a String>) -> &'a str {
    name.or(id).map_or("(unnamed)", String::as_str)
}

fn yes() -> bool {
    true
}
