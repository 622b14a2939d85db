//! VPCs with their subnets and security groups.

use super::document::{SecurityGroupSection, SubnetSection, VpcSection, label};
use super::instances;
use super::lookup::{self, check_zone, id_or};
use super::phrases::{Direction, peered, permission};
use super::routing;
use super::surroundings::{surround, surround_subnet};
use super::tags::{add_tags, named};
use super::{At, ScenarioError};
use crate::world::ec2::ALWAYS;
use crate::world::ec2::rules::RuleChange;
use crate::world::ec2::security_groups::CreateSecurityGroup;
use crate::world::ec2::subnets::CreateSubnet;
use crate::world::ec2::vpcs::{CreateVpc, open_to_all_ipv6};
use crate::world::state::{Peer, Region};

/// Adds a VPC and everything in it.
pub(super) fn add_vpc(region: &mut Region, section: &VpcSection) -> Result<(), ScenarioError> {
    let input = CreateVpc {
        cidr_block: Some(section.cidr.to_string()),
        ..CreateVpc::default()
    };
    let made = region.create_vpc(&input)?.id;
    let taken = |id: &str| region.vpcs.contains_key(id);
    let id = id_or(section.id.as_ref(), "vpc", &made, taken)?.to_owned();
    if let Some(mut vpc) = region.vpcs.remove(&made) {
        vpc.id.clone_from(&id);
        vpc.dns_support = section.dns_support;
        vpc.dns_hostnames = section.dns_hostnames;
        surround(&mut vpc, section)?;
        region.vpcs.insert(id.clone(), vpc);
    }
    let groups = region
        .security_groups
        .values_mut()
        .map(|group| &mut group.vpc_id);
    let tables = region
        .route_tables
        .values_mut()
        .map(|table| &mut table.vpc_id);
    let acls = region.network_acls.values_mut().map(|acl| &mut acl.vpc_id);
    for vpc_id in groups
        .chain(tables)
        .chain(acls)
        .filter(|vpc_id| **vpc_id == made)
    {
        vpc_id.clone_from(&id);
    }
    let mut acls = region.network_acls.values_mut();
    if let Some(acl) =
        acls.find(|acl| acl.is_default && acl.vpc_id == id && !section.ipv6_ranges.is_empty())
    {
        acl.entries.extend(open_to_all_ipv6());
    }
    add_tags(region, &id, &named(section.name.as_ref(), &section.tags))?;
    for subnet in &section.subnet {
        let label = label(subnet.name.as_ref(), subnet.id.as_ref());
        add_subnet(region, &id, section.owner.as_ref(), subnet).at("subnet", label)?;
    }
    for group in &section.security_group {
        add_group(region, &id, group).at("security group", &group.name)?;
    }
    // All groups exist by now: rules may refer to any of them.
    for group in &section.security_group {
        add_rules(region, &id, group).at("security group", &group.name)?;
    }
    for endpoint in &section.endpoint {
        instances::add_endpoint(region, &id, endpoint).at("endpoint", &endpoint.service)?;
    }
    routing::add_routes(region, &id, section)
}

fn add_subnet(
    region: &mut Region,
    vpc_id: &str,
    owner: Option<&String>,
    section: &SubnetSection,
) -> Result<(), ScenarioError> {
    check_zone(region, &section.zone).at("zone", &section.zone)?;
    let ipv6_cidr = section.ipv6_cidr.as_deref();
    let ipv6_cidr = ipv6_cidr.and_then(|phrase| phrase.split_whitespace().next());
    let input = CreateSubnet {
        vpc_id: Some(vpc_id.to_owned()),
        cidr_block: section.cidr.clone(),
        ipv6_cidr_block: ipv6_cidr.map(str::to_owned),
        ipv6_native: section.cidr.is_none() && section.ipv6_cidr.is_some(),
        availability_zone: Some(section.zone.clone()),
        ..CreateSubnet::default()
    };
    let made = region.create_subnet(&input)?.subnet.id;
    let taken = |id: &str| region.subnets.contains_key(id);
    let id = id_or(section.id.as_ref(), "subnet", &made, taken)?.to_owned();
    for acl in region.network_acls.values_mut() {
        if acl.subnets.remove(&made) {
            acl.subnets.insert(id.clone());
        }
    }
    if let Some(mut subnet) = region.subnets.remove(&made) {
        subnet.id.clone_from(&id);
        subnet.map_public_ip = section.public;
        surround_subnet(&mut subnet, section, owner)?;
        region.subnets.insert(id.clone(), subnet);
    }
    add_tags(region, &id, &named(section.name.as_ref(), &section.tags))
}

/// Makes the subnets of a VPC as full as they are described to be.
pub(super) fn take_addresses(
    region: &mut Region,
    section: &VpcSection,
) -> Result<(), ScenarioError> {
    for subnet in &section.subnet {
        let Some(available) = subnet.available else {
            continue;
        };
        let label = label(subnet.id.as_ref(), subnet.name.as_ref());
        let id = lookup::subnet(region, label)?.id.clone();
        let free = region.available_addresses(&id);
        let others = free.checked_sub(available).ok_or_else(|| {
            ScenarioError::new(format!("only {free} addresses are free, not {available}"))
        });
        let others = others.at("subnet", label).at("vpc", section.label())?;
        if let Some(subnet) = region.subnets.get_mut(&id) {
            subnet.others_in_use = others;
        }
    }
    Ok(())
}

fn add_group(
    region: &mut Region,
    vpc_id: &str,
    section: &SecurityGroupSection,
) -> Result<(), ScenarioError> {
    let made = if section.name == "default" {
        region.default_security_group(vpc_id).unwrap_or_default()
    } else {
        let description = section
            .description
            .clone()
            .unwrap_or_else(|| section.name.clone());
        let input = CreateSecurityGroup {
            group_name: Some(section.name.clone()),
            description: Some(description),
            vpc_id: Some(vpc_id.to_owned()),
            ..CreateSecurityGroup::default()
        };
        region.create_security_group(&input)?.id
    };
    let taken = |id: &str| region.security_groups.contains_key(id);
    let id = id_or(section.id.as_ref(), "sg", &made, taken)?.to_owned();
    if let Some(mut group) = region.security_groups.remove(&made) {
        group.id.clone_from(&id);
        group.created = ALWAYS;
        for rule in &mut group.rules {
            if rule.peer == Peer::Group(made.clone()) {
                rule.peer = Peer::Group(id.clone());
            }
        }
        region.security_groups.insert(id.clone(), group);
    }
    add_tags(region, &id, &section.tags)
}

fn add_rules(
    region: &mut Region,
    vpc_id: &str,
    section: &SecurityGroupSection,
) -> Result<(), ScenarioError> {
    let id = lookup::group(region, vpc_id, &section.name)?;
    let directions = [
        (Direction::Ingress, &section.ingress),
        (Direction::Egress, &section.egress),
    ];
    for (direction, phrases) in directions {
        let Some(phrases) = phrases else { continue };
        let is_egress = direction == Direction::Egress;
        if let Some(group) = region.security_groups.get_mut(&id) {
            group.rules.retain(|rule| rule.is_egress != is_egress);
        }
        for phrase in phrases {
            if let Some((traffic, group)) = peered(direction, phrase).at("rule", phrase)? {
                let kept = region.keep_peered_rule(&id, is_egress, &traffic, group);
                kept.at("rule", phrase)?;
                continue;
            }
            let permission = permission(region, &id, vpc_id, direction, phrase)?;
            let input = RuleChange {
                group_id: Some(id.clone()),
                ip_permissions: vec![permission],
                ..RuleChange::default()
            };
            let added = match direction {
                Direction::Ingress => region.authorize_security_group_ingress(&input),
                Direction::Egress => region.authorize_security_group_egress(&input),
            };
            added.at("rule", phrase)?;
        }
    }
    Ok(())
}
