//! Regions and Availability Zones.

use super::describe::{Describe, Filter, one};
use super::filters;
use super::refusals::{invalid, unless_dry_run};
use crate::sandbox::world::catalog::{self, REGIONS, RegionFacts};
use crate::sandbox::world::{ApiError, Region, Tags};

/// An Availability Zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// `eu-west-1a`.
    pub name: String,
    /// `euw1-az1`. In this account the letters follow the numbers.
    pub id: String,
    /// `eu-west-1-zg-1`.
    pub group: String,
}

/// Regions that are off in a new account until it opts in (account management guide).
const OPT_IN: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// Input of `DescribeRegions`.
#[derive(Debug, Clone, Default)]
pub struct DescribeRegions {
    /// Only these, enabled or not; each must exist.
    pub names: Vec<String>,
    /// Also those that are not enabled.
    pub all_regions: bool,
    /// Only those that pass all filters.
    pub filters: Vec<Filter>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// A region as `DescribeRegions` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionView {
    /// `eu-west-1`.
    pub name: &'static str,
    /// `ec2.eu-west-1.amazonaws.com`.
    pub endpoint: String,
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    pub opt_in_status: &'static str,
}

/// Whether a region can be enabled and disabled.
pub fn needs_opt_in(region: &str) -> bool {
    OPT_IN.contains(&region)
}

fn endpoint(region: &RegionFacts) -> String {
    let suffix = if region.partition == "aws-cn" {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    format!("ec2.{}.{suffix}", region.name)
}

/// The id of the zone of that name: `euw1-az1` of `eu-west-1a`. Empty for a zone there is not.
pub fn zone_id(name: &str) -> String {
    let region = name.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    catalog::region(region)
        .and_then(|facts| facts.zone_id(name))
        .unwrap_or_default()
}

fn zones_of(facts: &RegionFacts) -> impl Iterator<Item = Zone> {
    let names = facts
        .zones
        .iter()
        .map(|letter| format!("{}{letter}", facts.name));
    names.map(|name| Zone {
        id: zone_id(&name),
        group: format!("{}-zg-1", facts.name),
        name,
    })
}

impl Region {
    /// All zones of the region.
    pub fn zones(&self) -> Vec<Zone> {
        catalog::region(&self.name)
            .map(|facts| zones_of(facts).collect())
            .unwrap_or_default()
    }

    /// `DescribeAvailabilityZones`: `input.ids` are the names asked for, `zone_ids` the ids.
    pub fn describe_availability_zones(
        &self,
        input: &Describe,
        zone_ids: &[String],
    ) -> Result<Vec<Zone>, ApiError> {
        const FILTERS: &[&str] = &[
            "group-long-name",
            "group-name",
            "message",
            "opt-in-status",
            "parent-zone-id",
            "parent-zone-name",
            "parentZoneId",
            "parentZoneName",
            "region-name",
            "state",
            "zone-id",
            "zone-name",
            "zone-type",
        ];
        let mut zones = self.zones();
        for name in &input.ids {
            if !zones.iter().any(|zone| zone.name == *name) {
                return Err(invalid(format!("Invalid availability zone: [{name}]")));
            }
        }
        for id in zone_ids {
            if !zones.iter().any(|zone| zone.id == *id) {
                return Err(invalid(format!("Invalid availability zone-id: [{id}]")));
            }
        }
        filters::check(&input.filters, FILTERS)?;
        unless_dry_run(input.dry_run)?;
        zones.retain(|zone| {
            (input.ids.is_empty() || input.ids.contains(&zone.name))
                && (zone_ids.is_empty() || zone_ids.contains(&zone.id))
                && filters::pass(&input.filters, &Tags::new(), |name| match name {
                    "group-name" => one(&zone.group),
                    "opt-in-status" => one("opt-in-not-required"),
                    "region-name" => one(&self.name),
                    "state" => one("available"),
                    "zone-id" => one(&zone.id),
                    "zone-name" => one(&zone.name),
                    "zone-type" => one("availability-zone"),
                    _ => Vec::new(),
                })
        });
        Ok(zones)
    }

    /// `DescribeRegions`: the regions of the partition. Those that are not enabled are shown when all are asked
    /// for, or they by name (EC2 API reference, "`DescribeRegions`").
    pub fn describe_regions(&self, input: &DescribeRegions) -> Result<Vec<RegionView>, ApiError> {
        let mut regions: Vec<_> = REGIONS
            .iter()
            .filter(|facts| facts.partition == self.partition())
            .map(|facts| self.region_view(facts))
            .collect();
        for name in &input.names {
            if !regions.iter().any(|region| region.name == name) {
                return Err(invalid(format!("Invalid region name: [{name}]")));
            }
        }
        filters::check(
            &input.filters,
            &["endpoint", "opt-in-status", "region-name"],
        )?;
        unless_dry_run(input.dry_run)?;
        regions.retain(|region| {
            let is_asked_for = match input.names.as_slice() {
                [] => input.all_regions || region.opt_in_status != "not-opted-in",
                names => names.iter().any(|name| name == region.name),
            };
            is_asked_for
                && filters::pass(&input.filters, &Tags::new(), |name| match name {
                    "endpoint" => one(&region.endpoint),
                    "opt-in-status" => one(region.opt_in_status),
                    "region-name" => one(region.name),
                    _ => Vec::new(),
                })
        });
        Ok(regions)
    }

    fn region_view(&self, facts: &RegionFacts) -> RegionView {
        RegionView {
            name: facts.name,
            endpoint: endpoint(facts),
            opt_in_status: match needs_opt_in(facts.name) {
                false => "opt-in-not-required",
                true if self.disabled_regions.contains(facts.name) => "not-opted-in",
                true => "opted-in",
            },
        }
    }
}
