//! Amazon EFS over HTTP: rest-json under `/2015-02-01/`.

mod answers;
mod inputs;
mod replies;
mod routes;

use super::super::world::Region;
use super::{Reply, Request};
pub use replies::error_reply;
use routes::Route;

/// The AWS name of the operation that a request calls; none when EFS (or the sandbox) has no such.
pub fn operation(request: &Request) -> Option<String> {
    Route::of(request).map(|route| route.operation.name())
}

/// Carries out a request.
pub fn respond(region: &mut Region, request: &Request, request_id: &str) -> Reply {
    let answer = match Route::of(request) {
        Some(route) => answers::answer(region, &route, request),
        None => Err(replies::unknown_operation(request)),
    };
    match answer {
        Ok(answer) => answer.into_reply(request_id),
        Err(error) => error_reply(&error, request_id),
    }
}
