//! Route tables and network ACLs.

use super::input::describe as describe_input;
use super::operation::{Operation, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::state::{AclEntry, NetworkAcl, RouteTable};
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    DescribeNetworkAcls => describe_acls;
    DescribeRouteTables => describe_tables;
};

fn describe_tables(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.describe_route_tables(&describe_input(query, "RouteTableId")?)?;
    xml.list("routeTableSet", &page.items, |xml, table| {
        write_table(xml, region, table);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn describe_acls(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.describe_network_acls(&describe_input(query, "NetworkAclId")?)?;
    xml.list("networkAclSet", &page.items, |xml, acl| {
        write_acl(xml, region, acl);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn write_table(xml: &mut Xml, region: &Region, table: &RouteTable) {
    xml.text("routeTableId", &table.id);
    xml.text("vpcId", &table.vpc_id);
    xml.text("ownerId", &region.account_id);
    xml.list("routeSet", &table.routes, |xml, (destination, target)| {
        let is_ipv6 = destination.contains(':');
        let member = if is_ipv6 {
            "destinationIpv6CidrBlock"
        } else {
            "destinationCidrBlock"
        };
        xml.text(member, destination);
        xml.text(target_member(target), target);
        let state = table.route_state(destination);
        xml.text("state", state);
        xml.text(
            "origin",
            match state {
                // A route server advertises more than it installs.
                "filtered" => "Advertisement",
                _ if target == "local" => "CreateRouteTable",
                _ => "CreateRoute",
            },
        );
    });
    xml.list(
        "associationSet",
        table.associations(),
        |xml, (id, subnet)| {
            xml.text("routeTableAssociationId", id);
            xml.text("routeTableId", &table.id);
            xml.optional("subnetId", subnet);
            xml.text("main", subnet.is_none());
            xml.element("associationState", |xml| xml.text("state", "associated"));
        },
    );
    xml.list("propagatingVgwSet", [(); 0], |_, ()| ());
    xml.tags(&table.tags);
}

/// The member a route names its target under.
fn target_member(target: &str) -> &'static str {
    match target.split_once('-').map_or(target, |(prefix, _)| prefix) {
        "nat" => "natGatewayId",
        "pcx" => "vpcPeeringConnectionId",
        "tgw" => "transitGatewayId",
        "eigw" => "egressOnlyInternetGatewayId",
        "eni" => "networkInterfaceId",
        _ => "gatewayId",
    }
}

fn write_acl(xml: &mut Xml, region: &Region, acl: &NetworkAcl) {
    xml.text("networkAclId", &acl.id);
    xml.text("vpcId", &acl.vpc_id);
    xml.text("ownerId", &region.account_id);
    xml.text("default", acl.is_default);
    xml.list("entrySet", &acl.entries, write_entry);
    xml.list("associationSet", acl.associations(), |xml, (id, subnet)| {
        xml.text("networkAclAssociationId", id);
        xml.text("networkAclId", &acl.id);
        xml.text("subnetId", subnet);
    });
    xml.tags(&acl.tags);
}

fn write_entry(xml: &mut Xml, entry: &AclEntry) {
    xml.text("ruleNumber", entry.number);
    xml.text("protocol", &entry.protocol);
    xml.text("ruleAction", entry.action());
    xml.text("egress", entry.egress);
    let is_ipv6 = entry.cidr.contains(':');
    xml.text(
        if is_ipv6 {
            "ipv6CidrBlock"
        } else {
            "cidrBlock"
        },
        &entry.cidr,
    );
    if let Some((from, to)) = entry.ports {
        xml.element("portRange", |xml| {
            xml.text("from", from);
            xml.text("to", to);
        });
    }
}
