//! From a file system to a directory that can be used: what to put on a host, into a task definition or into a cluster.
//!
//! Pure: what was read of a file system ([`Connection`]) and what is asked for ([`Request`]) become text with its values. A form is a row
//! of one list and a file. What the file system does not allow is refused with the reason and what works instead.

mod access;
mod artefact;
mod check;
mod forms;
mod model;
mod mount;
mod mounts;
pub mod options;
mod quote;
mod request;
mod values;
mod yaml;

pub use self::artefact::{Artefact, File, Refused, Why};
pub use self::check::check;
pub use self::forms::Form;
pub use self::model::{ClientRules, Connection, Rights};
pub use self::request::{Client, Reach, Request, Schedule};
pub use self::values::{Directory, InvalidValue, Mode, Owner, Variable};

use self::mount::Mount;

/// What is to be put where the file system is used, with notes on what it needs.
///
/// # Errors
///
/// As [`check`], and [`Why::Policy`], [`Why::MountTarget`], [`Why::NotAvailable`]: what the file system does not allow.
pub fn render(connection: &Connection, form: Form, request: &Request) -> Result<Artefact, Refused> {
    check(form, request)?;
    let (mount, mut notes) = Mount::of(connection, form.mounts, request)?;
    let mut artefact = (form.make)(&mount)?;
    notes.append(&mut artefact.notes);
    artefact.notes = notes;
    Ok(artefact)
}
