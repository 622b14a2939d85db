//! Regions and Availability Zones.

use std::collections::BTreeMap;

use super::describe::{Describe, one};
use super::filters::{self, Filter};
use super::refusals::{invalid, unless_dry_run};
use crate::world::catalog::{self, REGIONS, RegionFacts};
use crate::world::state::StatedZone;
use crate::world::{ApiError, Region, Tags};

/// An Availability Zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// `eu-west-1a`.
    pub name: String,
    /// `euw1-az1`. In this account the letters follow the numbers.
    pub id: String,
    /// `eu-west-1-zg-1`.
    pub group: String,
    /// `Europe (Ireland) 1`.
    pub group_long_name: Option<String>,
    /// The group from which AWS advertises its addresses.
    pub border_group: String,
    /// `availability-zone`, `local-zone` or `wavelength-zone`.
    pub kind: String,
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    pub opt_in_status: String,
    /// `available`, `impaired`, …
    pub state: String,
    /// The Availability Zone that looks after it.
    pub parent: Option<String>,
}

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
    pub name: String,
    /// `ec2.eu-west-1.amazonaws.com`.
    pub endpoint: String,
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    pub opt_in_status: &'static str,
}

/// Whether a region can be enabled and disabled.
pub fn needs_opt_in(region: &str) -> bool {
    catalog::region(region).is_some_and(|facts| facts.needs_opt_in)
}

fn endpoint(region: &RegionFacts) -> String {
    format!("ec2.{}.{}", region.name, region.partition().suffix)
}

/// The Availability Zones that every account has.
fn zones_of(facts: &RegionFacts) -> impl Iterator<Item = Zone> {
    let names = facts
        .zones
        .iter()
        .map(|letter| format!("{}{letter}", facts.name));
    names.map(|name| Zone {
        id: facts.zone_id(&name).unwrap_or_default(),
        group: format!("{}-zg-1", facts.name),
        group_long_name: Some(format!("{} 1", facts.long_name)),
        border_group: facts.name.clone().into_owned(),
        kind: "availability-zone".to_owned(),
        opt_in_status: "opt-in-not-required".to_owned(),
        state: "available".to_owned(),
        parent: None,
        name,
    })
}

impl Zone {
    /// A zone as a described account states it.
    fn stated(name: &str, stated: &StatedZone, usual: Option<Self>) -> Self {
        let usual = usual.filter(|_| stated.kind == "availability-zone");
        Self {
            name: name.to_owned(),
            id: stated.id.clone(),
            group: stated.group.clone(),
            group_long_name: usual.as_ref().and_then(|zone| zone.group_long_name.clone()),
            border_group: usual.map_or_else(|| stated.group.clone(), |zone| zone.border_group),
            kind: stated.kind.clone(),
            opt_in_status: stated.opt_in.clone(),
            state: stated.state.clone(),
            parent: stated.parent.clone(),
        }
    }
}

impl Region {
    /// All zones of the region, those too that the account has not opted in to.
    pub fn zones(&self) -> Vec<Zone> {
        let mut zones: BTreeMap<String, Zone> = catalog::region(&self.name)
            .iter()
            .flat_map(zones_of)
            .map(|zone| (zone.name.clone(), zone))
            .collect();
        for (name, stated) in &self.stated_zones {
            let usual = zones.remove(name);
            zones.insert(name.clone(), Zone::stated(name, stated, usual));
        }
        zones.into_values().collect()
    }

    /// The id of the zone of that name: `euw1-az1` of `eu-west-1a`. Empty for a zone there is not.
    pub fn zone_id(&self, name: &str) -> String {
        match self.stated_zones.get(name) {
            Some(zone) => zone.id.clone(),
            None => catalog::region(&self.name)
                .and_then(|facts| facts.zone_id(name))
                .unwrap_or_default(),
        }
    }

    /// Whether a zone is an Availability Zone, not a Local Zone or a Wavelength Zone.
    pub(in crate::world) fn is_availability_zone(&self, name: &str) -> bool {
        (self.stated_zones.get(name)).is_none_or(|zone| zone.kind == "availability-zone")
    }

    /// `DescribeAvailabilityZones`: `input.ids` are the names asked for, `zone_ids` the ids. Zones that the account has
    /// not opted in to are shown when `all` are asked for.
    pub fn describe_availability_zones(
        &self,
        input: &Describe,
        zone_ids: &[String],
        all: bool,
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
            (all || zone.opt_in_status != "not-opted-in")
                && (input.ids.is_empty() || input.ids.contains(&zone.name))
                && (zone_ids.is_empty() || zone_ids.contains(&zone.id))
                && filters::pass(&input.filters, &Tags::new(), |name| match name {
                    "group-long-name" => zone.group_long_name.iter().cloned().collect(),
                    "group-name" => one(&zone.group),
                    "opt-in-status" => one(&zone.opt_in_status),
                    "parent-zone-id" | "parentZoneId" => {
                        let parent = zone.parent.iter();
                        parent.map(|name| self.zone_id(name)).collect()
                    }
                    "parent-zone-name" | "parentZoneName" => zone.parent.iter().cloned().collect(),
                    "region-name" => one(&self.name),
                    "state" => one(&zone.state),
                    "zone-id" => one(&zone.id),
                    "zone-name" => one(&zone.name),
                    "zone-type" => one(&zone.kind),
                    _ => Vec::new(),
                })
        });
        Ok(zones)
    }

    /// `DescribeRegions`: the regions of the partition. Those that are not enabled are shown when all are asked
    /// for, or they by name (EC2 API reference, "`DescribeRegions`").
    pub fn describe_regions(&self, input: &DescribeRegions) -> Result<Vec<RegionView>, ApiError> {
        let here = catalog::region(&self.name);
        let own = here.iter().filter(|own| !REGIONS.contains(own));
        let mut regions: Vec<_> = REGIONS
            .iter()
            .chain(own)
            .filter(|facts| facts.partition().name == self.partition())
            .map(|facts| self.region_view(facts))
            .collect();
        for name in &input.names {
            if !regions.iter().any(|region| region.name == *name) {
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
                names => names.contains(&region.name),
            };
            is_asked_for
                && filters::pass(&input.filters, &Tags::new(), |name| match name {
                    "endpoint" => one(&region.endpoint),
                    "opt-in-status" => one(region.opt_in_status),
                    "region-name" => one(&region.name),
                    _ => Vec::new(),
                })
        });
        Ok(regions)
    }

    fn region_view(&self, facts: &RegionFacts) -> RegionView {
        RegionView {
            name: facts.name.clone().into_owned(),
            endpoint: endpoint(facts),
            opt_in_status: match facts.needs_opt_in {
                false => "opt-in-not-required",
                true if self.disabled_regions.contains(facts.name.as_ref()) => "not-opted-in",
                true => "opted-in",
            },
        }
    }
}
