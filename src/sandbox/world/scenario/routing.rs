//! Route tables and network ACLs of a described VPC.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{NetworkAclSection, RouteTableSection, VpcSection, label};
use super::lookup::{id_or, subnet};
use super::phrases::{Direction, acl_entry, route};
use super::tags::named;
use super::{At, ScenarioError};
use crate::world::state::{AclEntry, NetworkAcl, Region, RouteTable};

/// Adds the routes of the main table, the other route tables and the ACLs.
pub(super) fn add_routes(
    region: &mut Region,
    vpc_id: &str,
    section: &VpcSection,
) -> Result<(), ScenarioError> {
    let local = local_routes(region, vpc_id);
    let mut tables = region.route_tables.values_mut();
    if let Some(main) = tables.find(|table| table.is_main && table.vpc_id == vpc_id) {
        main.routes = local;
        add_phrases(main, &section.routes)?;
    }
    for table in &section.route_table {
        let label = label(table.name.as_ref(), table.id.as_ref());
        add_table(region, vpc_id, table).at("route table", label)?;
    }
    for acl in &section.network_acl {
        let label = label(acl.name.as_ref(), acl.id.as_ref());
        add_acl(region, vpc_id, acl).at("network acl", label)?;
    }
    Ok(())
}

/// Traffic inside the VPC stays there: a route for each of its ranges.
fn local_routes(region: &Region, vpc_id: &str) -> Vec<(String, String)> {
    let Some(vpc) = region.vpcs.get(vpc_id) else {
        return Vec::new();
    };
    let ranges = vpc.ipv4_ranges().into_iter().chain(vpc.ipv6_ranges());
    ranges
        .filter(|range| range.state == "associated")
        .map(|range| (range.cidr.to_string(), "local".to_owned()))
        .collect()
}

fn add_phrases(table: &mut RouteTable, phrases: &[String]) -> Result<(), ScenarioError> {
    for phrase in phrases {
        let route = route(phrase)?;
        if let Some(state) = route.state {
            table.inactive.insert(route.range.clone(), state);
        }
        table.routes.push((route.range, route.target));
    }
    Ok(())
}

fn add_table(
    region: &mut Region,
    vpc_id: &str,
    section: &RouteTableSection,
) -> Result<(), ScenarioError> {
    let made = region.ids.next("rtb", &[vpc_id]);
    let taken = |id: &str| region.route_tables.contains_key(id);
    let id = id_or(section.id.as_ref(), "rtb", &made, taken)?.to_owned();
    let subnets = subnets_of(region, vpc_id, &section.subnets)?;
    for other in region.route_tables.values_mut() {
        other.subnets.retain(|subnet| !subnets.contains(subnet));
    }
    let mut table = RouteTable {
        id: id.clone(),
        vpc_id: vpc_id.to_owned(),
        is_main: false,
        subnets,
        routes: local_routes(region, vpc_id),
        inactive: BTreeMap::new(),
        tags: named(section.name.as_ref(), &section.tags),
    };
    add_phrases(&mut table, &section.routes)?;
    region.route_tables.insert(id, table);
    Ok(())
}

fn add_acl(
    region: &mut Region,
    vpc_id: &str,
    section: &NetworkAclSection,
) -> Result<(), ScenarioError> {
    let made = region.ids.next("acl", &[vpc_id]);
    let taken = |id: &str| region.network_acls.contains_key(id);
    let id = id_or(section.id.as_ref(), "acl", &made, taken)?.to_owned();
    let subnets = subnets_of(region, vpc_id, &section.subnets)?;
    for other in region.network_acls.values_mut() {
        other.subnets.retain(|subnet| !subnets.contains(subnet));
    }
    let ingress = section
        .ingress
        .iter()
        .map(|phrase| acl_entry(Direction::Ingress, phrase));
    let egress = section
        .egress
        .iter()
        .map(|phrase| acl_entry(Direction::Egress, phrase));
    let mut entries: Vec<AclEntry> = ingress.chain(egress).collect::<Result<_, _>>()?;
    entries.sort_by_key(|entry| (entry.egress, entry.number));
    entries.extend([false, true].map(|egress| AclEntry {
        number: 32_767,
        egress,
        protocol: "-1".to_owned(),
        allow: false,
        cidr: "0.0.0.0/0".to_owned(),
        ports: None,
    }));
    let acl = NetworkAcl {
        id: id.clone(),
        vpc_id: vpc_id.to_owned(),
        is_default: false,
        subnets,
        entries,
        tags: named(section.name.as_ref(), &section.tags),
    };
    region.network_acls.insert(id, acl);
    Ok(())
}

fn subnets_of(
    region: &Region,
    vpc_id: &str,
    names: &[String],
) -> Result<BTreeSet<String>, ScenarioError> {
    let ids = names.iter().map(|name| {
        let found = subnet(region, name)?;
        if found.vpc_id == vpc_id {
            return Ok(found.id.clone());
        }
        Err(ScenarioError::new(format!(
            "the subnet `{name}` is in another VPC"
        )))
    });
    ids.collect()
}
