//! Route tables and network ACLs.

use std::collections::BTreeSet;

use aws_sdk_ec2::{Client, types};

use super::call::{PAGE, all, in_ec2};
use super::network::filter;
use super::required::required;
use crate::cloud::{Answer, Within};
use crate::domain::ids::{SubnetId, VpcId};
use crate::domain::network::{AclEntry, NetworkAcl, Route, RouteTable, is_protocol};
use crate::domain::word::NOT_REPORTED;

fn filters(within: &Within) -> Option<Vec<types::Filter>> {
    match within {
        Within::Vpc(id) => Some(vec![filter("vpc-id", [id.as_str()])]),
        Within::Region => None,
    }
}

pub(super) async fn route_tables(ec2: &Client, within: &Within) -> Answer<Vec<RouteTable>> {
    // At most 100 a page.
    let call = ec2.describe_route_tables().max_results(100);
    let call = call.set_filters(filters(within));
    all!(in_ec2("DescribeRouteTables"), call, route_table)
}

pub(super) async fn network_acls(ec2: &Client, within: &Within) -> Answer<Vec<NetworkAcl>> {
    let call = ec2.describe_network_acls().max_results(PAGE);
    let call = call.set_filters(filters(within));
    all!(in_ec2("DescribeNetworkAcls"), call, network_acl)
}

/// The states of an association in which a subnet does not have the table (EC2 API reference, `RouteTableAssociationState`).
const NOT_ASSOCIATED: [&str; 3] = ["disassociating", "disassociated", "failed"];

fn route_table(shape: &types::RouteTable) -> Answer<RouteTable> {
    const OPERATION: &str = "DescribeRouteTables";
    let mut table = RouteTable {
        id: required(OPERATION, "RouteTableId", shape.route_table_id())?.to_owned(),
        vpc: VpcId::from_aws(required(OPERATION, "VpcId", shape.vpc_id())?),
        is_main: false,
        subnets: BTreeSet::new(),
        routes: Vec::new(),
    };
    for association in shape.associations() {
        let state = association.association_state();
        let state = state.and_then(types::RouteTableAssociationState::state);
        let state = state.map(types::RouteTableAssociationStateCode::as_str);
        if state.is_none_or(|state| !NOT_ASSOCIATED.contains(&state)) {
            // That of a gateway has neither.
            table.is_main |= association.main() == Some(true);
            table
                .subnets
                .extend(association.subnet_id().map(SubnetId::from_aws));
        }
    }
    let destination = |route: &types::Route| {
        let v6 = route.destination_ipv6_cidr_block();
        route.destination_cidr_block().or(v6)?.parse().ok()
    };
    let routes = shape.routes().iter().map(|route| Route {
        destination: destination(route),
        gateway: route.gateway_id().map(str::to_owned),
        state: route.state().map(|state| state.as_str().to_owned()),
    });
    table.routes.extend(routes);
    Ok(table)
}

/// What cannot be read makes the whole of it unreadable: of entries that match, the first decides.
fn network_acl(shape: &types::NetworkAcl) -> Answer<NetworkAcl> {
    fn read<'s>(member: &'static str, value: Option<&'s str>) -> Answer<&'s str> {
        required("DescribeNetworkAcls", member, value)
    }
    let id = read("NetworkAclId", shape.network_acl_id())?;
    let subnet = |association: &types::NetworkAclAssociation| {
        Ok(SubnetId::from_aws(read(
            "SubnetId",
            association.subnet_id(),
        )?))
    };
    let subnets: Answer<_> = shape.associations().iter().map(subnet).collect();
    let mut acl = NetworkAcl {
        id: id.to_owned(),
        subnets: subnets?,
        entries: Vec::new(),
        unreadable: None,
    };
    for entry in shape.entries() {
        match acl_entry(entry) {
            Ok(entry) => acl.entries.push(entry),
            Err(why) => drop(acl.unreadable.get_or_insert(why)),
        }
    }
    Ok(acl)
}

/// An entry; an error: what of it cannot be read.
fn acl_entry(shape: &types::NetworkAclEntry) -> Result<AclEntry, String> {
    let odd = |member: &str, value: Option<&str>| {
        let number = shape.rule_number().unwrap_or_default();
        let value = value.unwrap_or(NOT_REPORTED);
        format!("entry {number} has the {member} `{value}`")
    };
    let protocol = shape.protocol().filter(|word| is_protocol(word));
    let protocol = protocol.ok_or_else(|| odd("protocol", shape.protocol()))?;
    let action = shape.rule_action().map(types::RuleAction::as_str);
    let range = shape.cidr_block().or(shape.ipv6_cidr_block());
    let port = |port: Option<i32>| port.and_then(|port| u16::try_from(port).ok());
    let is_tcp = matches!(protocol, "6" | "tcp");
    let ports = is_tcp.then(|| {
        let range = shape.port_range();
        let both = range.and_then(|range| port(range.from()).zip(port(range.to())));
        both.ok_or_else(|| odd("port range", None))
    });
    Ok(AclEntry {
        number: shape
            .rule_number()
            .and_then(|number| u32::try_from(number).ok())
            .ok_or_else(|| odd("number", None))?,
        egress: shape.egress().ok_or_else(|| odd("direction", None))?,
        protocol: protocol.to_owned(),
        allow: match action {
            Some("allow") => true,
            Some("deny") => false,
            other => return Err(odd("action", other)),
        },
        range: range
            .and_then(|range| range.parse().ok())
            .ok_or_else(|| odd("range", range))?,
        ports: ports.transpose()?,
    })
}
