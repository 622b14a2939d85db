//! What EC2 remembers of security groups and prefix lists.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Millis, Tags};

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
    /// Rules, ordered by what they allow.
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

/// The other side of a rule. In this order EC2's answers group the rules of one protocol and range of ports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// A security group.
    Group(String),
    /// A security group that is reached over a peering.
    Peered(PeeredGroup),
    /// Canonical IPv4 range.
    Ipv4(String),
    /// Canonical IPv6 range.
    Ipv6(String),
    /// A prefix list.
    PrefixList(String),
}

/// A security group of another VPC, which may belong to another account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeeredGroup {
    /// The account that owns it.
    pub account: String,
    /// Its id.
    pub id: String,
    /// The peering, when the rule names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peering: Option<String>,
    /// The status of the peering, when no peering of the region says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
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
