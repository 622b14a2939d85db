//! Amazon EFS over HTTP: rest-json under `/2015-02-01/`.

mod access_points;
mod account;
mod call;
mod file_systems;
mod mount_targets;
mod operation;
mod pages;
mod replications;
mod replies;
mod settings;
mod tags;

use super::super::world::{Millis, World};
use super::{Reply, Request, Target};
use call::Place;
use operation::{Handler, Operation, route};
pub use replies::error_reply;

/// What the sandbox answers: every operation of the API. Each is written where it is carried out.
const OPERATIONS: &[&[Operation]] = &[
    access_points::OPERATIONS,
    account::OPERATIONS,
    file_systems::OPERATIONS,
    mount_targets::OPERATIONS,
    replications::OPERATIONS,
    settings::OPERATIONS,
    tags::OPERATIONS,
];

/// The AWS names of the operations.
pub(super) fn operations() -> impl Iterator<Item = &'static str> {
    OPERATIONS
        .iter()
        .copied()
        .flatten()
        .map(|operation| operation.name)
}

/// The AWS name of the operation that a request calls; none when EFS (or the sandbox) has no such.
pub fn operation(request: &Request) -> Option<String> {
    route(OPERATIONS, request).map(|(operation, _)| operation.name.to_owned())
}

/// Carries out a request to a region of the account.
pub fn respond(
    world: &mut World,
    now: Millis,
    target: &Target,
    request: &Request,
    request_id: &str,
) -> Reply {
    let region = target.region.as_str();
    let answer = match route(OPERATIONS, request) {
        None => Err(replies::unknown_operation(request)),
        Some((operation, call)) => match operation.handle {
            Handler::Account(handle) => handle(world, Place { region, now }, &call),
            Handler::Region(handle) => match world.region(region, now) {
                Some(region) => handle(region, &call),
                None => Err(target.unknown_region()),
            },
        },
    };
    match answer {
        Ok(answer) => answer.into_reply(request_id),
        Err(error) => error_reply(&error, request_id),
    }
}

#[cfg(test)]
mod tests {
    use super::{OPERATIONS, operation};
    use crate::wire::Request;

    #[test]
    fn no_operation_stands_in_the_way_of_another() {
        for row in OPERATIONS.iter().copied().flatten() {
            let request = Request {
                method: row.method.to_owned(),
                path: format!("/2015-02-01/{}", row.path.replace("{id}", "fs-01234567")),
                ..Request::default()
            };
            assert_eq!(operation(&request).as_deref(), Some(row.name));
        }
    }
}
