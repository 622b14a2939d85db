//! What stands around the networks of an account, and what stands beside their values and voids them: states of
//! associations, peerings, zones that are not Availability Zones, encryption controls.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Millis, Tags};

/// A range of a VPC, and how far its association has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Association {
    /// The range.
    pub cidr: IpNet,
    /// `associated`, `disassociated`, `failed`, …
    pub state: String,
}

impl Association {
    /// Whether the range belongs to the VPC.
    pub fn is_associated(&self) -> bool {
        self.state == "associated"
    }
}

/// The encryption control of a VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncryptionControl {
    /// `monitor` or `enforce`.
    pub mode: String,
    /// `available`, `creating`, …
    pub state: String,
    /// The state of the exclusion of Elastic File System: `enabled`, `disabled`, …
    pub elastic_file_system: String,
}

/// A peering of a VPC with another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peering {
    /// `pcx-` and 17 digits.
    pub id: String,
    /// `active`, `pending-acceptance`, `deleted`, …
    pub status: String,
    /// The VPC of this account that asked for it.
    pub vpc_id: String,
    /// The VPC that was asked.
    pub peer_vpc_id: String,
    /// The account of that VPC.
    pub peer_owner: String,
    /// The region of that VPC.
    pub peer_region: String,
    /// Its IPv4 and IPv6 ranges.
    pub peer_ranges: Vec<IpNet>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A zone that every account does not have: a Local Zone, a Wavelength Zone; or an Availability Zone of which there
/// is something to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedZone {
    /// `use1-bos1-az1`.
    pub id: String,
    /// `us-east-1-bos-1`.
    pub group: String,
    /// `availability-zone`, `local-zone` or `wavelength-zone`.
    pub kind: String,
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    pub opt_in: String,
    /// `available`, `information`, `impaired`, `unavailable` or `constrained`.
    pub state: String,
    /// Name of the Availability Zone that looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A VPC endpoint: a service inside a VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VpcEndpoint {
    /// `vpce-` and 17 digits.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// `com.amazonaws.eu-west-1.elasticfilesystem`.
    pub service: String,
    /// `Interface` or `Gateway`.
    pub kind: String,
    /// `available`, `pending`, …
    pub state: String,
    /// Its subnets.
    #[serde(default)]
    pub subnets: Vec<String>,
    /// Its security groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Its route tables.
    #[serde(default)]
    pub route_tables: Vec<String>,
    /// The usual name of the service leads to it.
    pub private_dns: bool,
    /// Its network interfaces.
    #[serde(default)]
    pub interfaces: Vec<String>,
    /// When it was made.
    pub created: Millis,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// An EC2 instance, apart from its network interfaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// `running`, `stopped`, …
    pub state: String,
    /// `t3.micro`.
    pub kind: String,
    /// When it was launched.
    pub launched: Millis,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            state: "running".to_owned(),
            kind: "t3.micro".to_owned(),
            launched: 0,
            tags: Tags::new(),
        }
    }
}
