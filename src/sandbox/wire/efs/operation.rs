//! One operation of EFS: its name, its method and path, and what carries it out.

use percent_encoding::percent_decode_str;

use super::super::super::world::{ApiError, Region, World};
use super::super::Request;
use super::call::{Call, Place};
use super::replies::Answer;

/// An operation that the sandbox answers.
pub(super) struct Operation {
    /// The AWS name.
    pub(super) name: &'static str,
    /// The HTTP method.
    pub(super) method: &'static str,
    /// The path, with `{id}` for the resource.
    pub(super) path: &'static str,
    /// Reads the input, acts, writes the answer.
    pub(super) handle: Handler,
}

/// What carries out an operation.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    /// In the region of the call, which is all that most operations know of.
    Region(fn(&mut Region, &Call) -> Result<Answer, ApiError>),
    /// In all regions of the account: what is called for in one has effects in another.
    Account(fn(&mut World, Place, &Call) -> Result<Answer, ApiError>),
}

impl Operation {
    /// What stands in place of `{id}`, nothing where the path has none; `None`: this is another path.
    fn id_in<'p>(&self, segments: &[&'p str]) -> Option<&'p str> {
        let mut id = "";
        let mut given = segments.iter();
        for expected in self.path.split('/') {
            match (expected, given.next()?) {
                ("{id}", segment) => id = segment,
                (expected, segment) if expected == *segment => {}
                _ => return None,
            }
        }
        given.next().is_none().then_some(id)
    }
}

/// A table of operations, a row each: `PUT "file-systems/{id}/backup-policy" PutBackupPolicy => put_backup;`, or `=> account
/// HANDLER` where it takes all regions.
macro_rules! operations {
    ($($method:ident $path:literal $name:ident => $($handler:ident)+;)*) => {
        &[$(Operation {
            name: stringify!($name),
            method: stringify!($method),
            path: $path,
            handle: $crate::wire::efs::operation::handler!($($handler)+),
        }),*]
    };
}
macro_rules! handler {
    (account $handler:ident) => {
        $crate::wire::efs::operation::Handler::Account($handler)
    };
    ($handler:ident) => {
        $crate::wire::efs::operation::Handler::Region($handler)
    };
}
pub(super) use handler;
pub(super) use operations;

/// The operation of a request, and what it is called with. Segments are decoded after the path is split: an ARN holds slashes.
pub(super) fn route<'a>(
    tables: &[&'static [Operation]],
    request: &'a Request,
) -> Option<(&'static Operation, Call<'a>)> {
    let path = request.path.strip_prefix("/2015-02-01/")?;
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let mut all = tables.iter().copied().flatten();
    let (operation, id) = all.find_map(|operation| {
        let id = operation.id_in(&segments)?;
        (operation.method == request.method).then_some((operation, id))
    })?;
    let id = percent_decode_str(id).decode_utf8_lossy().into_owned();
    Some((operation, Call::new(id, request)))
}
