//! What stands around the networks of an account, and what stands beside their values and voids them: states of
//! associations, peerings, zones that are not Availability Zones, encryption controls.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::Tags;

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
