//! Whether what is asked for can be meant.

use super::artefact::{Refused, Why};
use super::forms::Form;
use super::mounts::Mounts;
use super::request::{Client, Request};
use super::values::Directory;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::keyword::Keyword;

/// Whether what is asked for can be meant, before anything is read.
///
/// # Errors
///
/// [`Why::Usage`]: the form does not have what is asked for, or options exclude each other.
pub fn check(form: Form, request: &Request) -> Result<(), Refused> {
    let target = form.keyword();
    if let Some(field) = request.asked().find(|field| !form.takes.contains(field)) {
        let help = Command::efsctl("connect --help").local();
        return Err(Refused::new(
            Why::Usage,
            advice![(Field::For, target), " has no ", field],
            advice!["leave ", field, " out; see ", help],
        ));
    }
    if form.mounts == Mounts::Role && request.access_point.is_none() {
        return Err(Refused::new(
            Why::Usage,
            advice![
                (Field::For, target),
                " mounts through an access point, and none is named"
            ],
            advice!["name one with ", Field::AccessPoint],
        ));
    }
    let excludes = |a: Field, b: Field, why: &str| {
        Err(Refused::new(
            Why::Usage,
            advice![a, " and ", b, format!(" exclude each other: {why}")],
            advice!["leave one of them out"],
        ))
    };
    // A mount with an identity or by an access point needs TLS (EFS user guide, "Mounting with IAM authorization", "Mounting with EFS
    // access points").
    let plain = match request.client {
        Client::EfsUtils => None,
        Client::EfsUtilsWithoutTls => Some(Field::NoTls),
        Client::Nfs4 => Some(Field::PlainNfs),
    };
    if let Some(plain) = plain {
        if request.iam {
            return excludes(plain, Field::Iam, "IAM needs TLS");
        }
        if request.access_point.is_some() {
            return excludes(plain, Field::AccessPoint, "an access point needs TLS");
        }
    }
    if request.access_point.is_some() && request.path.as_ref().is_some_and(|path| !path.is_root()) {
        return excludes(
            Field::AccessPoint,
            Field::Path,
            "an access point has its own directory",
        );
    }
    if request.read_only {
        if request.owner.is_some() {
            return excludes(Field::ReadOnly, Field::Owner, "setting an owner writes");
        }
        if request.mode.is_some() {
            return excludes(Field::ReadOnly, Field::Mode, "setting a mode writes");
        }
    }
    if request.mount_point.as_ref().is_some_and(Directory::is_root) {
        return Err(Refused::new(
            Why::Usage,
            advice![
                (Field::MountPoint, "/"),
                " would hide the system of the host"
            ],
            Advice::from("name another directory, for example /mnt/efs"),
        ));
    }
    Ok(())
}
