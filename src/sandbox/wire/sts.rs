//! AWS STS on the wire: `GetCallerIdentity`.

use super::ec2::xml::Xml;
use super::query::Query;
use super::{Reply, Request};
use crate::sandbox::world::{ApiError, Region};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The operation a request asks for.
pub fn operation(request: &Request) -> Option<String> {
    Query::of(request).text("Action")
}

/// Answers a request.
pub fn respond(region: &mut Region, request: &Request, request_id: &str) -> Reply {
    match operation(request).as_deref() {
        Some("GetCallerIdentity") => caller_identity(region, request_id),
        Some(other) => {
            let message = format!("Could not find operation {other} for version 2011-06-15");
            error_reply(&ApiError::new("InvalidAction", 400, message), request_id)
        }
        None => {
            let message = "The request must contain the parameter Action";
            error_reply(&ApiError::new("MissingAction", 400, message), request_id)
        }
    }
}

/// An error as STS sends it.
pub fn error_reply(error: &ApiError, request_id: &str) -> Reply {
    let mut xml = Xml::new("ErrorResponse", NAMESPACE);
    xml.element("Error", |xml| {
        xml.text(
            "Type",
            if error.status < 500 {
                "Sender"
            } else {
                "Receiver"
            },
        );
        xml.text("Code", error.code);
        xml.text("Message", &error.message);
    });
    xml.text("RequestId", request_id);
    xml.reply(error.status, request_id)
}

fn caller_identity(region: &Region, request_id: &str) -> Reply {
    let account = &region.account_id;
    let mut xml = Xml::new("GetCallerIdentityResponse", NAMESPACE);
    xml.element("GetCallerIdentityResult", |xml| {
        xml.text(
            "Arn",
            format!("arn:{}:iam::{account}:user/sandbox", region.partition()),
        );
        xml.text("UserId", "AIDASANDBOXSANDBOXSAN");
        xml.text("Account", account);
    });
    xml.element("ResponseMetadata", |xml| xml.text("RequestId", request_id));
    xml.reply(200, request_id)
}
