//! Who has to be able to use a file system, as it is stated: `--client sg-…|subnet-…|i-…|CIDR|vpc-…`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;

use crate::domain::ids::{SecurityGroupId, SubnetId, VpcId};
use crate::domain::network::NetworkInterface;

/// A client, as it is stated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClientRef {
    /// Interfaces with this security group.
    Group(SecurityGroupId),
    /// Whatever is in this subnet.
    Subnet(SubnetId),
    /// Whatever is in this VPC.
    Vpc(VpcId),
    /// This EC2 instance.
    Instance(String),
    /// Every address of this range.
    Range(IpNet),
}

impl fmt::Display for ClientRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => id.fmt(f),
            Self::Subnet(id) => id.fmt(f),
            Self::Vpc(id) => id.fmt(f),
            Self::Instance(id) => f.write_str(id),
            Self::Range(range) => range.fmt(f),
        }
    }
}

/// Something `--client` cannot mean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a client: expected a security group `sg-…`, a subnet `subnet-…`, a VPC `vpc-…`, an instance `i-…`, or an address range such as `10.0.0.0/16`"
)]
pub struct InvalidClient(String);

impl FromStr for ClientRef {
    type Err = InvalidClient;

    fn from_str(text: &str) -> Result<Self, InvalidClient> {
        let wrong = || InvalidClient(text.to_owned());
        let kind = text.split_once('-').map_or("", |(kind, _)| kind);
        match kind {
            "sg" => text.parse().map(Self::Group).map_err(|_| wrong()),
            "subnet" => text.parse().map(Self::Subnet).map_err(|_| wrong()),
            "vpc" => text.parse().map(Self::Vpc).map_err(|_| wrong()),
            "i" if is_instance(text) => Ok(Self::Instance(text.to_owned())),
            _ => text
                .parse::<IpNet>()
                .map(|range| Self::Range(range.trunc()))
                .map_err(|_| wrong()),
        }
    }
}

fn is_instance(text: &str) -> bool {
    let digits = text.trim_start_matches("i-");
    matches!(digits.len(), 8 | 17) && digits.chars().all(|c| c.is_ascii_hexdigit())
}

/// A client with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// As it was stated.
    pub stated: ClientRef,
    /// Its network interfaces, where it is a group or an instance.
    pub interfaces: Vec<NetworkInterface>,
    /// The subnets it is in.
    pub subnets: BTreeSet<SubnetId>,
    /// Its addresses.
    pub addresses: Vec<IpNet>,
    /// What is not known of them, each as a sentence.
    pub doubts: Vec<String>,
}
