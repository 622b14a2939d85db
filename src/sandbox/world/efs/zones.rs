//! Availability Zones and One Zone file systems.

use super::super::{ApiError, Region, catalog};

/// Regions where One Zone file systems exist only in some zones, with these (user guide, "Amazon EFS features").
const PARTIAL: &[(&str, &[&str])] = &[
    ("ap-northeast-1", &["apne1-az1", "apne1-az4"]),
    ("ap-southeast-1", &["apse1-az1", "apse1-az2"]),
    ("ca-central-1", &["cac1-az1", "cac1-az2"]),
    ("eu-west-2", &["euw2-az1", "euw2-az2"]),
    ("eu-west-3", &["euw3-az1", "euw3-az3"]),
    (
        "us-east-1",
        &["use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"],
    ),
    ("us-west-1", &["usw1-az1", "usw1-az3"]),
];

impl Region {
    /// The id of a zone of this region.
    pub(super) fn zone_id(&self, zone: &str) -> Option<String> {
        catalog::region(&self.name)?.zone_id(zone)
    }

    /// Whether a One Zone file system can live there.
    pub(super) fn check_one_zone(&self, zone: &str) -> Result<(), ApiError> {
        let supported = self.zone_id(zone).is_some_and(|id| {
            PARTIAL
                .iter()
                .find(|(region, _)| *region == self.name)
                .is_none_or(|(_, zones)| zones.contains(&id.as_str()))
        });
        if supported {
            Ok(())
        } else {
            Err(ApiError::new(
                "UnsupportedAvailabilityZone",
                400,
                format!("One Zone file systems are not supported in Availability Zone '{zone}'."),
            ))
        }
    }
}
