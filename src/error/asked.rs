//! What cannot be asked for, as a failure.

use super::{Code, Error};
use crate::domain::placement::PlacementError;
use crate::domain::spec::SpecError;

impl From<SpecError> for Error {
    fn from(error: SpecError) -> Self {
        let code = match error {
            SpecError::MaxIoElastic
            | SpecError::MaxIoOneZone
            | SpecError::Lifecycle(_)
            | SpecError::ArchiveNeedsElastic
            | SpecError::ArchiveOneZone
            | SpecError::OneZoneElsewhere(..)
            | SpecError::OneZoneSubnets(..) => Code::UnsupportedCombination,
            SpecError::TooManyGroups(_) => Code::TooManySecurityGroups,
            SpecError::OpenToTheWorld(_) => Code::OpenToInternet,
            SpecError::AccessPoint(..) | SpecError::AccessPointTwice(_) => Code::InvalidAccessPoint,
            SpecError::TooManyTags(_) => Code::TooManyTags,
        };
        let refused = Self::new(code, error.sentence());
        match error.hint() {
            Some(hint) => refused.hint(hint),
            None => refused,
        }
    }
}

impl From<PlacementError> for Error {
    fn from(error: PlacementError) -> Self {
        let code = match error {
            PlacementError::SeveralVpcs(_) => Code::SeveralVpcs,
            PlacementError::OtherVpc { .. } | PlacementError::SubnetElsewhere { .. } => {
                Code::SubnetElsewhere
            }
            PlacementError::NoSubnetInZone { .. } => Code::ZoneWithoutSubnet,
            PlacementError::IpType(..)
            | PlacementError::Unusable(..)
            | PlacementError::Public(_)
            | PlacementError::NonePrivate(_)
            | PlacementError::NoneUsable(_) => Code::SubnetUnsuitable,
            PlacementError::Nothing => Code::NoSubnet,
        };
        Self::new(code, error.sentence()).hint(error.hint())
    }
}
