//! Why no placement can be chosen.

use std::fmt;

use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::ids::{SubnetId, VpcId, Zone};

/// Why no placement can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlacementError {
    /// Subnets of several VPCs.
    SeveralVpcs(String),
    /// A subnet outside the VPC that was named.
    OtherVpc {
        /// The subnet.
        subnet: SubnetId,
        /// Its VPC.
        found: VpcId,
        /// The VPC that was named.
        wanted: VpcId,
    },
    /// A zone without a subnet.
    NoSubnetInZone {
        /// The zone.
        zone: Zone,
        /// Zones that have one.
        have: String,
    },
    /// A subnet given by id lies outside the zones that are wanted.
    SubnetElsewhere {
        /// The subnet.
        subnet: SubnetId,
        /// Its zone.
        found: Zone,
        /// The zones that are wanted.
        wanted: String,
    },
    /// A subnet that cannot carry the addresses asked for.
    IpType(SubnetId, &'static str),
    /// A subnet that was named and can have no mount target.
    Unusable(SubnetId, String),
    /// A subnet that was named assigns public addresses, and only others are wanted.
    Public(SubnetId),
    /// Only subnets that assign no public addresses are wanted, and there are others only: this one stands for them.
    NonePrivate(SubnetId),
    /// None of the subnets can have a mount target.
    NoneUsable(String),
    /// Nothing to choose from.
    Nothing,
}

impl PlacementError {
    /// What is wrong, as a sentence about fields.
    pub fn sentence(&self) -> Advice {
        match self {
            Self::SeveralVpcs(located) => {
                format!("{located}: all mount targets must be in one VPC").into()
            }
            Self::OtherVpc {
                subnet,
                found,
                wanted,
            } => advice![
                (Field::Subnet, subnet),
                format!(" is in {found}, not in "),
                (Field::Vpc, wanted),
            ],
            Self::NoSubnetInZone { zone, have } => {
                format!("no subnet in zone {zone} (zones with one: {have})").into()
            }
            Self::SubnetElsewhere {
                subnet,
                found,
                wanted,
            } => advice![
                (Field::Subnet, subnet),
                format!(" is in zone {found}, which is not one of {wanted}"),
            ],
            Self::IpType(subnet, ip_type) => advice![
                format!("subnet {subnet} does not support "),
                (Field::IpType, ip_type),
            ],
            Self::Unusable(subnet, why) => advice![
                (Field::Subnet, subnet),
                format!(" can have no mount target: {why}"),
            ],
            Self::Public(subnet) => advice![
                (Field::Subnet, subnet),
                " assigns public addresses, and ",
                Field::Hardened,
                " takes only subnets that do not",
            ],
            Self::NonePrivate(subnet) => advice![
                Field::Hardened,
                format!(
                    " takes only subnets that assign no public addresses, and there is none ({subnet} does)"
                ),
            ],
            Self::NoneUsable(why) => format!("no subnet can have a mount target: {why}").into(),
            Self::Nothing => "no subnet for a mount target".into(),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Advice {
        match self {
            Self::NoSubnetInZone { .. } => {
                advice![
                    "create a subnet there, or leave the zone out of ",
                    Field::Zone
                ]
            }
            Self::Unusable(..) | Self::NoneUsable(_) => advice![
                "name subnets that are available, of an Availability Zone and not on an Outpost, with ",
                Field::Subnet,
                ", or leave the zone out with ",
                Field::Zone,
            ],
            Self::Public(_) | Self::NonePrivate(_) => advice![
                "name private subnets with ",
                Field::Subnet,
                ", or another VPC with ",
                Field::Vpc,
            ],
            Self::SeveralVpcs(_) => advice!["give ", Field::Subnet, " only subnets of one VPC"],
            Self::OtherVpc { .. }
            | Self::SubnetElsewhere { .. }
            | Self::IpType(..)
            | Self::Nothing => advice![
                "see ",
                Command::efsctl("create --help").local(),
                " for ",
                Field::Vpc,
                ", ",
                Field::Subnet,
                ", ",
                Field::Zone,
                " and ",
                Field::IpType,
            ],
        }
    }
}

impl fmt::Display for PlacementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for PlacementError {}
