//! One operation of EC2: its name, the root of its answer, and what carries it out.

use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::{ApiError, Region};

/// An operation that the sandbox answers.
pub(super) struct Operation {
    /// The AWS name.
    pub(super) name: &'static str,
    /// The root element of its answer.
    pub(super) root: &'static str,
    /// Reads the parameters, acts, writes the answer.
    pub(super) handle: fn(&mut Region, &Query, &mut Xml) -> Result<(), ApiError>,
}

/// A table of operations, a row each: `CreateTags => create;`.
macro_rules! operations {
    ($($name:ident => $handler:path;)*) => {
        &[$(Operation {
            name: stringify!($name),
            root: concat!(stringify!($name), "Response"),
            handle: $handler,
        }),*]
    };
}
pub(super) use operations;

/// What operations answer that have nothing to say.
pub(super) fn done(xml: &mut Xml) {
    xml.text("return", true);
}
