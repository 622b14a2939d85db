//! Zones and regions.

use super::input::{describe as describe_input, filters};
use super::operation::{Operation, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::zones::DescribeRegions;
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    DescribeAvailabilityZones => describe;
    DescribeRegions => describe_regions;
};

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let input = describe_input(query, "ZoneName")?;
    let all = query.flag("AllAvailabilityZones")?.unwrap_or_default();
    let zones = region.describe_availability_zones(&input, &query.list("ZoneId"), all)?;
    xml.list("availabilityZoneInfo", &zones, |xml, zone| {
        xml.text("optInStatus", &zone.opt_in_status);
        xml.list("messageSet", [(); 0], |_, ()| ());
        xml.text("regionName", &region.name);
        xml.text("zoneName", &zone.name);
        xml.text("zoneId", &zone.id);
        xml.text("groupName", &zone.group);
        xml.optional("groupLongName", zone.group_long_name.as_deref());
        xml.text("networkBorderGroup", &zone.border_group);
        xml.text("zoneType", &zone.kind);
        xml.text("zoneState", &zone.state);
        if let Some(parent) = &zone.parent {
            xml.text("parentZoneName", parent);
            xml.text("parentZoneId", region.zone_id(parent));
        }
    });
    Ok(())
}

fn describe_regions(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let regions = region.describe_regions(&DescribeRegions {
        names: query.list("RegionName"),
        all_regions: query.flag("AllRegions")?.unwrap_or_default(),
        filters: filters(query),
        dry_run: query.dry_run()?,
    })?;
    xml.list("regionInfo", regions, |xml, found| {
        xml.text("regionName", found.name);
        xml.text("regionEndpoint", found.endpoint);
        xml.text("optInStatus", found.opt_in_status);
    });
    Ok(())
}
