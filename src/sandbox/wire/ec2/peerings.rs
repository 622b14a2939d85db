//! Peerings of VPCs.

use ipnet::IpNet;

use super::input::describe as describe_input;
use super::operation::{Operation, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::peerings::PeeringView;
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    DescribeVpcPeeringConnections => describe;
};

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let input = describe_input(query, "VpcPeeringConnectionId")?;
    let page = region.describe_vpc_peering_connections(&input)?;
    xml.list("vpcPeeringConnectionSet", &page.items, |xml, view| {
        write(xml, region, view);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn write(xml: &mut Xml, region: &Region, view: &PeeringView) {
    let peering = &view.peering;
    xml.text("vpcPeeringConnectionId", &peering.id);
    xml.element("requesterVpcInfo", |xml| {
        xml.text("ownerId", &region.account_id);
        xml.text("vpcId", &peering.vpc_id);
        xml.text("region", &region.name);
        ranges(xml, &view.ranges);
    });
    xml.element("accepterVpcInfo", |xml| {
        xml.text("ownerId", &peering.peer_owner);
        xml.text("vpcId", &peering.peer_vpc_id);
        xml.text("region", &peering.peer_region);
        // The ranges of the other side are shown while the peering is active (VPC peering guide).
        if peering.status == "active" {
            ranges(xml, &peering.peer_ranges);
        }
    });
    xml.element("status", |xml| {
        xml.text("code", &peering.status);
        xml.text("message", peering.status_message());
    });
    xml.tags(&peering.tags);
}

fn ranges(xml: &mut Xml, ranges: &[IpNet]) {
    let of = |ipv6: bool| {
        let ranges = ranges.iter();
        ranges.filter(move |range| matches!(range, IpNet::V6(_)) == ipv6)
    };
    xml.optional("cidrBlock", of(false).next());
    xml.list("cidrBlockSet", of(false), |xml, range| {
        xml.text("cidrBlock", range);
    });
    xml.list("ipv6CidrBlockSet", of(true), |xml, range| {
        xml.text("ipv6CidrBlock", range);
    });
}
