//! A shell script that installs the client, mounts the file system now and at every boot, and undoes that.

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::quote::{fstab, shell};

/// What every one of them does.
const BODY: &str = include_str!("script.sh");

/// The script, with its values first.
pub(super) fn text(mount: &Mount<'_>) -> String {
    let quoted = |value: &str| format!("'{}'", value.replace('\'', r"'\''"));
    let shown = |value: Option<String>| quoted(&value.unwrap_or_default());
    let request = mount.request;
    let read_only = if request.read_only { "yes" } else { "no" };
    let place = mount.mount_point();
    format!(
        "#!/bin/sh
# Mounts the Amazon EFS file system {id} now and at every boot. Run it as root, as often as you like.
# `sh SCRIPT undo` unmounts it and removes what this script wrote.
set -eu

file_system={id}
mount_point={directory}
mount_type={kind}
fstab_line={line}
fstab_mount_point={field}
owner={owner}
mode={mode}
read_only={read_only}
{BODY}",
        id = mount.id(),
        directory = quoted(place.as_str()),
        kind = mount.kind(),
        line = quoted(&super::fstab::line(mount)),
        field = quoted(&fstab(place.as_str())),
        owner = shown(request.owner.as_ref().map(ToString::to_string)),
        mode = shown(request.mode.as_ref().map(ToString::to_string)),
    )
}

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let run = shell("mount-efs.sh");
    let note = format!("with --write {run}: sudo sh {run}, and to undo it: sudo sh {run} undo");
    Ok(Artefact::of(text(mount)).note(note))
}
