//! Amazon EC2 on the wire: the query protocol in, XML out.
//!
//! Element names are the `locationName`s of the API model, version 2016-11-15.

mod endpoints;
mod groups;
mod input;
mod instances;
mod interfaces;
mod operation;
mod peerings;
mod prefix_lists;
mod routing;
mod tags;
mod vpcs;
pub(in crate::wire) mod xml;
mod zones;

use super::query::Query;
use super::{Reply, Request};
use crate::world::{ApiError, Region};
use operation::Operation;
use xml::Xml;

const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// What the sandbox answers. Each operation stands where it is carried out.
const OPERATIONS: &[&[Operation]] = &[
    endpoints::OPERATIONS,
    groups::OPERATIONS,
    instances::OPERATIONS,
    interfaces::OPERATIONS,
    peerings::OPERATIONS,
    prefix_lists::OPERATIONS,
    routing::OPERATIONS,
    tags::OPERATIONS,
    vpcs::OPERATIONS,
    zones::OPERATIONS,
];

fn all() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().flatten()
}

/// The names of the operations.
pub(super) fn operations() -> impl Iterator<Item = &'static str> {
    all().map(|operation| operation.name)
}

/// The operation a request asks for.
pub fn operation(request: &Request) -> Option<String> {
    Query::of(request).text("Action")
}

/// Answers a request.
pub fn respond(region: &mut Region, request: &Request, request_id: &str) -> Reply {
    let query = Query::of(request);
    let action = query.get("Action").unwrap_or_default();
    let answer = match all().find(|operation| operation.name == action) {
        Some(operation) => {
            let mut xml = Xml::new(operation.root, NAMESPACE);
            xml.text("requestId", request_id);
            (operation.handle)(region, &query, &mut xml).map(|()| xml.reply(200, request_id))
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
