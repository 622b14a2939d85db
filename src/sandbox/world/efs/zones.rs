//! Zones and what EFS keeps in them.

use super::super::state::Subnet;
use super::super::{ApiError, Region, catalog};

fn unsupported(message: String) -> ApiError {
    ApiError::new("UnsupportedAvailabilityZone", 400, message)
}

impl Region {
    /// Whether a One Zone file system can live there.
    pub(super) fn check_one_zone(&self, zone: &str) -> Result<(), ApiError> {
        if catalog::region(&self.name).is_some_and(|facts| facts.has_one_zone(zone)) {
            return Ok(());
        }
        Err(unsupported(format!(
            "One Zone file systems are not supported in Availability Zone '{zone}'."
        )))
    }

    /// Whether a mount target can live in a subnet: not on an Outpost, and not in a Local Zone or a Wavelength Zone.
    pub(super) fn check_place_of_subnet(&self, subnet: &Subnet) -> Result<(), ApiError> {
        let zone = &subnet.availability_zone;
        if let Some(outpost) = &subnet.outpost_arn {
            return Err(unsupported(format!(
                "The subnet '{}' is on the Outpost '{outpost}', where mount targets are not supported.",
                subnet.id
            )));
        }
        if self.is_availability_zone(zone) {
            return Ok(());
        }
        Err(unsupported(format!(
            "Mount targets are not supported in the zone '{zone}' of the subnet '{}'.",
            subnet.id
        )))
    }
}
