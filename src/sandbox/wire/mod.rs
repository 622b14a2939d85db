//! HTTP as AWS speaks it: a [`Request`] in, a [`Reply`] out.
//!
//! The service and the region of a request are those of its credential scope, as a client signs
//! them; signatures are not verified. What the account may not do ([`World::denied`]) is refused here,
//! before the operation looks at its input, as AWS does it.

pub mod ec2;
pub mod efs;
pub mod operations;
pub mod permission;
pub mod query;
pub mod scope;
pub mod sts;

use super::world::{ApiError, Millis, World};
pub use scope::{Refusal, Service, Target, target};

/// One HTTP request, whole.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path without the query, percent-encoded as it came.
    pub path: String,
    /// Query string without the question mark, percent-encoded as it came.
    pub query: String,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// One HTTP response, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// The AWS operation a request asks for, of whatever service it is signed for.
pub fn operation(request: &Request) -> Option<String> {
    operation_of(target(request).ok()?.service, request)
}

/// The operation of a request to one service; `None` when that service has no such path or action.
pub fn operation_of(service: Service, request: &Request) -> Option<String> {
    match service {
        Service::Efs => efs::operation(request),
        Service::Ec2 => ec2::operation(request),
        Service::Sts => sts::operation(request),
    }
}

/// Whether a request asks for a change: everything but `Describe…`, `List…`, `Get…`, `Assume…` and EC2's `DryRun`.
pub fn writes(service: Service, operation: &str, request: &Request) -> bool {
    let is_read = ["Describe", "List", "Get", "Assume"]
        .iter()
        .any(|verb| operation.starts_with(verb));
    let is_rehearsal = service == Service::Ec2 && query::Query::of(request).dry_run() == Ok(true);
    !is_read && !is_rehearsal
}

/// Answers a request, whatever it is.
pub fn respond(world: &mut World, now: Millis, request: &Request, request_id: &str) -> Reply {
    match target(request) {
        Ok(target) => respond_to(world, now, &target, request, request_id),
        Err(refusal) => refusal.reply(request_id),
    }
}

/// Answers a request whose service and region are known.
pub fn respond_to(
    world: &mut World,
    now: Millis,
    target: &Target,
    request: &Request,
    request_id: &str,
) -> Reply {
    if world.disabled_regions.contains(&target.region) {
        return error_reply(target.service, &target.disabled_region(), request_id);
    }
    if let Some(error) = permission::refusal(world, target, request) {
        return error_reply(target.service, &error, request_id);
    }
    let Some(region) = world.region(&target.region, now) else {
        return error_reply(target.service, &target.unknown_region(), request_id);
    };
    match target.service {
        Service::Efs => efs::respond(world, now, target, request, request_id),
        Service::Ec2 => ec2::respond(region, request, request_id),
        Service::Sts => sts::respond(region, request, request_id),
    }
}

/// An error in the shape of a service.
pub fn error_reply(service: Service, error: &ApiError, request_id: &str) -> Reply {
    match service {
        Service::Efs => efs::error_reply(error, request_id),
        Service::Ec2 => ec2::error_reply(error, request_id),
        Service::Sts => sts::error_reply(error, request_id),
    }
}
