//! What EC2 remembers of networks.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::Tags;
use super::surroundings::{Association, EncryptionControl};

/// A VPC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// `vpc-` and 17 digits.
    pub id: String,
    /// Its first IPv4 range, which cannot be taken off.
    pub cidr: Ipv4Net,
    /// Its other IPv4 ranges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<Association>,
    /// Its IPv6 ranges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ipv6_ranges: Vec<Association>,
    /// Another state than `available`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The account that shares it with the one of the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its encryption control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<EncryptionControl>,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "the attributes of a subnet, each of its own"
)]
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
    /// Another state of its IPv6 range than `associated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6_state: Option<String>,
    /// No IPv4 at all.
    #[serde(default)]
    pub ipv6_native: bool,
    /// Another state than `available`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The account that shares it with the one of the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The Outpost that it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outpost_arn: Option<String>,
    /// `Type`: a service keeps it for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Instances get an address of the customer's own pool.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub customer_owned_ip: bool,
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
    /// The EC2 instance it is attached to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// Its place on the instance.
    #[serde(default, skip_serializing_if = "is_first")]
    pub device_index: u8,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

// serde's `skip_serializing_if` passes a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_first(index: &u8) -> bool {
    *index == 0
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
    /// The states of those that are not `active`, by destination.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inactive: BTreeMap<String, String>,
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
