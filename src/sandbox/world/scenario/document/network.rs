//! The sections that describe networks.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};
use serde::Deserialize;

use super::{label, yes};
use crate::world::state::Tags;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct VpcSection {
    pub id: Option<String>,
    pub name: Option<String>,
    pub cidr: Ipv4Net,
    /// Other IPv4 ranges: `100.64.0.0/16`, or `198.19.0.0/16 disassociated`.
    #[serde(default)]
    pub ranges: Vec<String>,
    /// IPv6 ranges, written in the same way.
    #[serde(default)]
    pub ipv6_ranges: Vec<String>,
    /// In the words of the API; `available` when left out.
    pub state: Option<String>,
    /// The account that shares it.
    pub owner: Option<String>,
    pub encryption_control: Option<EncryptionControlSection>,
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
    #[serde(default)]
    pub endpoint: Vec<EndpointSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SubnetSection {
    pub id: Option<String>,
    pub name: Option<String>,
    pub zone: String,
    pub cidr: Option<String>,
    /// `2001:db8::/64`, or `2001:db8::/64 disassociated`.
    pub ipv6_cidr: Option<String>,
    /// In the words of the API; `available` when left out.
    pub state: Option<String>,
    /// The account that shares it; that of the VPC when left out.
    pub owner: Option<String>,
    /// The ARN of the Outpost it is on.
    pub outpost: Option<String>,
    /// `Type` in the API.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub customer_owned_ip: bool,
    /// Free addresses, once the mount targets and instances of the description have theirs.
    pub available: Option<u32>,
    #[serde(default)]
    pub public: bool,
    #[serde(default)]
    pub tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SecurityGroupSection {
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
pub(in super::super) struct RouteTableSection {
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
pub(in super::super) struct NetworkAclSection {
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

/// What the encryption control of a VPC says, in the words of the API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct EncryptionControlSection {
    pub mode: String,
    /// `available` when left out.
    pub state: Option<String>,
    /// The state of the exclusion of Elastic File System; `disabled` when left out.
    pub elastic_file_system: Option<String>,
}

/// A Local Zone, a Wavelength Zone, or an Availability Zone of which there is something to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ZoneSection {
    pub name: String,
    pub id: Option<String>,
    /// `availability-zone` when left out.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub opt_in: Option<String>,
    /// `available` when left out.
    pub state: Option<String>,
    pub parent: Option<String>,
}

/// A peering that a VPC of the description has asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PeeringSection {
    pub id: Option<String>,
    pub name: Option<String>,
    /// `active` when left out.
    pub status: Option<String>,
    /// Id or name of the VPC that asked.
    pub vpc: String,
    /// Id, or name of a VPC of the description.
    pub peer_vpc: String,
    /// The account of that VPC; that of the description when left out.
    pub peer_owner: Option<String>,
    /// The region of that VPC; this one when left out.
    pub peer_region: Option<String>,
    /// The ranges of that VPC, when the description does not have it.
    #[serde(default)]
    pub peer_ranges: Vec<IpNet>,
    #[serde(default)]
    pub tags: Tags,
}

/// An EC2 instance and its first network interface.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct InstanceSection {
    pub id: Option<String>,
    pub name: Option<String>,
    /// `running` when left out.
    pub state: Option<String>,
    /// `t3.micro` when left out.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Id or name.
    pub subnet: String,
    /// Ids or names; none: the default group of the VPC.
    #[serde(default)]
    pub security_groups: Vec<String>,
    pub ip: Option<Ipv4Addr>,
    pub ipv6: Option<Ipv6Addr>,
    /// Tags of the network interface.
    #[serde(default)]
    pub tags: Tags,
    /// Its other interfaces.
    #[serde(default)]
    pub interface: Vec<InterfaceSection>,
}

/// A further network interface of an instance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct InterfaceSection {
    pub subnet: String,
    #[serde(default)]
    pub security_groups: Vec<String>,
    pub ip: Option<Ipv4Addr>,
    pub ipv6: Option<Ipv6Addr>,
    #[serde(default)]
    pub tags: Tags,
}

/// A VPC endpoint.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct EndpointSection {
    pub id: Option<String>,
    pub name: Option<String>,
    /// `com.amazonaws.eu-west-1.elasticfilesystem`.
    pub service: String,
    /// `Interface` when left out.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub subnets: Vec<String>,
    #[serde(default)]
    pub security_groups: Vec<String>,
    pub private_dns: Option<bool>,
    /// `available` when left out.
    pub state: Option<String>,
    #[serde(default)]
    pub tags: Tags,
}

impl VpcSection {
    pub(in super::super) fn label(&self) -> &str {
        label(self.name.as_ref(), self.id.as_ref())
    }
}
