//! VPC endpoints.

use std::time::{Duration, UNIX_EPOCH};

use super::input::{describe as describe_input, tag_specifications};
use super::operation::{Operation, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::endpoints::CreateVpcEndpoint;
use crate::world::state::VpcEndpoint;
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    CreateVpcEndpoint => create;
    DeleteVpcEndpoints => delete;
    DescribeVpcEndpoints => describe;
};

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.describe_vpc_endpoints(&describe_input(query, "VpcEndpointId")?)?;
    xml.list("vpcEndpointSet", &page.items, |xml, endpoint| {
        write(xml, region, endpoint);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn create(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let endpoint = region.create_vpc_endpoint(&CreateVpcEndpoint {
        vpc_id: query.text("VpcId"),
        service_name: query.text("ServiceName"),
        kind: query.text("VpcEndpointType"),
        subnet_ids: query.list("SubnetId"),
        group_ids: query.list("SecurityGroupId"),
        route_table_ids: query.list("RouteTableId"),
        private_dns: query.flag("PrivateDnsEnabled")?,
        tag_specifications: tag_specifications(query),
        dry_run: query.dry_run()?,
    })?;
    xml.element("vpcEndpoint", |xml| write(xml, region, &endpoint));
    Ok(())
}

fn delete(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let unknown = region.delete_vpc_endpoints(&query.list("VpcEndpointId"), query.dry_run()?)?;
    xml.list("unsuccessful", unknown, |xml, id| {
        xml.text("resourceId", &id);
        xml.element("error", |xml| {
            xml.text("code", "InvalidVpcEndpointId.NotFound");
            xml.text(
                "message",
                format!("The Vpc Endpoint Id '{id}' does not exist"),
            );
        });
    });
    Ok(())
}

fn write(xml: &mut Xml, region: &Region, endpoint: &VpcEndpoint) {
    xml.text("vpcEndpointId", &endpoint.id);
    xml.text("vpcEndpointType", &endpoint.kind);
    xml.text("vpcId", &endpoint.vpc_id);
    xml.text("serviceName", &endpoint.service);
    xml.text("serviceRegion", &region.name);
    xml.text("state", &endpoint.state);
    xml.list("routeTableIdSet", &endpoint.route_tables, Xml::value);
    xml.list("subnetIdSet", &endpoint.subnets, Xml::value);
    xml.list("groupSet", &endpoint.groups, |xml, id| {
        xml.text("groupId", id);
        xml.text("groupName", region.group_name(id));
    });
    xml.text("ipAddressType", "ipv4");
    xml.text("privateDnsEnabled", endpoint.private_dns);
    xml.text("requesterManaged", false);
    xml.list("networkInterfaceIdSet", &endpoint.interfaces, Xml::value);
    let created = UNIX_EPOCH + Duration::from_millis(endpoint.created);
    xml.text(
        "creationTimestamp",
        humantime::format_rfc3339_seconds(created),
    );
    xml.tags(&endpoint.tags);
    xml.text("ownerId", &region.account_id);
}
