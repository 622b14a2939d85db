//! Amazon EC2 on the wire: the query protocol in, XML out.
//!
//! Element names are the `locationName`s of the API model, version 2016-11-15.

mod endpoints;
mod groups;
mod input;
mod instances;
mod interfaces;
mod peerings;
mod prefix_lists;
mod routing;
mod tags;
mod vpcs;
pub(in crate::sandbox::wire) mod xml;
mod zones;

use super::query::Query;
use super::{Reply, Request};
use crate::sandbox::world::{ApiError, Region};
use xml::Xml;

const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// One operation: reads its parameters, acts, writes its answer.
type Handler = fn(&mut Region, &Query, &mut Xml) -> Result<(), ApiError>;

macro_rules! operations {
    ($($name:ident $handler:path;)*) => {
        /// The answer's root element and the handler of an operation.
        fn handler(operation: &str) -> Option<(&'static str, Handler)> {
            match operation {
                $(stringify!($name) => Some((concat!(stringify!($name), "Response"), $handler)),)*
                _ => None,
            }
        }
    };
}

operations! {
    AuthorizeSecurityGroupEgress groups::authorize_egress;
    AuthorizeSecurityGroupIngress groups::authorize_ingress;
    CreateSecurityGroup groups::create;
    CreateSubnet vpcs::create_subnet;
    CreateTags tags::create;
    CreateVpc vpcs::create;
    CreateVpcEndpoint endpoints::create;
    DeleteNetworkInterface interfaces::delete;
    DeleteSecurityGroup groups::delete;
    DeleteSubnet vpcs::delete_subnet;
    DeleteTags tags::delete;
    DeleteVpc vpcs::delete;
    DeleteVpcEndpoints endpoints::delete;
    DescribeAvailabilityZones zones::describe;
    DescribeInstances instances::describe;
    DescribeManagedPrefixLists prefix_lists::describe;
    DescribeNetworkAcls routing::describe_acls;
    DescribeNetworkInterfaces interfaces::describe;
    DescribeRegions zones::describe_regions;
    DescribeRouteTables routing::describe_tables;
    DescribeSecurityGroupRules groups::describe_rules;
    DescribeSecurityGroups groups::describe;
    DescribeSubnets vpcs::describe_subnets;
    DescribeTags tags::describe;
    DescribeVpcAttribute vpcs::describe_attribute;
    DescribeVpcEndpoints endpoints::describe;
    DescribeVpcPeeringConnections peerings::describe;
    DescribeVpcs vpcs::describe;
    GetManagedPrefixListEntries prefix_lists::entries;
    ModifySubnetAttribute vpcs::modify_subnet;
    ModifyVpcAttribute vpcs::modify;
    RevokeSecurityGroupEgress groups::revoke_egress;
    RevokeSecurityGroupIngress groups::revoke_ingress;
}

/// The operation a request asks for.
pub fn operation(request: &Request) -> Option<String> {
    Query::of(request).text("Action")
}

/// Answers a request.
pub fn respond(region: &mut Region, request: &Request, request_id: &str) -> Reply {
    let query = Query::of(request);
    let action = query.get("Action").unwrap_or_default();
    let answer = match handler(action) {
        Some((root, handle)) => {
            let mut xml = Xml::new(root, NAMESPACE);
            xml.text("requestId", request_id);
            handle(region, &query, &mut xml).map(|()| xml.reply(200, request_id))
        }
        None if action.is_empty() => {
            let message = "The request must contain the parameter Action";
            Err(ApiError::new("MissingAction", 400, message))
        }
        None => {
            let message = format!("The action {action} is not valid for this web service.");
            Err(ApiError::new("InvalidAction", 400, message))
        }
    };
    answer.unwrap_or_else(|error| error_reply(&error, request_id))
}

/// An error as EC2 sends it (EC2 developer guide, "Error response").
pub fn error_reply(error: &ApiError, request_id: &str) -> Reply {
    let mut xml = Xml::new("Response", "");
    xml.element("Errors", |xml| {
        xml.element("Error", |xml| {
            xml.text("Code", error.code);
            xml.text("Message", &error.message);
        });
    });
    xml.text("RequestID", request_id);
    xml.reply(error.status, request_id)
}

/// What operations answer that have nothing to say.
fn done(xml: &mut Xml) {
    xml.text("return", true);
}
