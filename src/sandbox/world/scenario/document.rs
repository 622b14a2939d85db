//! The format. Unknown fields are errors; what is left out has the default of the AWS API.

mod network;
mod storage;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;

use crate::world::state::{Millis, Quotas, Tags, Timing};

pub(super) use network::{
    EndpointSection, InstanceSection, InterfaceSection, NetworkAclSection, PeeringSection,
    RouteTableSection, SecurityGroupSection, SubnetSection, VpcSection, ZoneSection,
};
pub(super) use storage::{
    AccessPointSection, Backup, FileSystemSection, MountTargetSection, ReplicationSection, Size,
    SourceSection, State,
};

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
    /// IAM principals that were just created, and how long EFS does not know them.
    #[serde(default)]
    pub new_principals: BTreeMap<String, Delay>,
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
pub(super) struct Delay(pub(super) Millis);

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
    /// States of keys, by id or ARN.
    #[serde(default)]
    pub kms_keys: BTreeMap<String, String>,
    #[serde(default)]
    pub zone: Vec<ZoneSection>,
    #[serde(default)]
    pub vpc: Vec<VpcSection>,
    #[serde(default)]
    pub peering: Vec<PeeringSection>,
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

/// What an error calls a resource.
pub(super) fn label<'a>(name: Option<&'a String>, id: Option<&'a String>) -> &'a str {
    name.or(id).map_or("(unnamed)", String::as_str)
}

fn yes() -> bool {
    true
}
