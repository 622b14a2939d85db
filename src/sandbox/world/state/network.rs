//! What EC2 remembers.

use std::collections::BTreeSet;

use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Serialize};

use super::{Millis, Tags};

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

/// A managed prefix list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefixList {
    /// `pl-` and 8 or 17 digits.
    pub id: String,
    /// Its name; one that begins with `com.amazonaws.` belongs to AWS.
    pub name: String,
    /// Its ranges are IPv6.
    #[serde(default)]
    pub is_ipv6: bool,
    /// Its ranges, each once.
    pub entries: Vec<PrefixListEntry>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// One range of a prefix list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefixListEntry {
    /// The range.
    pub cidr: IpNet,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
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
