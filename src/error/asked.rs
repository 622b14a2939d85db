//! What cannot be asked for, as a failure.

use super::{Code, Error};
use crate::domain::placement::LayoutError;
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

impl From<LayoutError> for Error {
    fn from(error: LayoutError) -> Self {
        let code = match error {
            LayoutError::SeveralVpcs(_) => Code::SeveralVpcs,
            LayoutError::OtherVpc { .. } | LayoutError::SubnetElsewhere { .. } => {
                Code::SubnetElsewhere
            }
            LayoutError::NoSubnetInZone { .. } => Code::ZoneWithoutSubnet,
            LayoutError::IpType(..) | LayoutError::Unusable(..) | LayoutError::NoneUsable(_) => {
                Code::SubnetUnsuitable
            }
            LayoutError::Nothing => Code::NoSubnet,
        };
        Self::new(code, error.sentence()).hint(error.hint())
    }
}
