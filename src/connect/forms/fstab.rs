//! The line of `/etc/fstab`.

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::quote::fstab;

/// The line, without its end.
pub(super) fn line(mount: &Mount<'_>) -> String {
    format!(
        "{} {} {} {} 0 0",
        fstab(&mount.source()),
        fstab(mount.mount_point().as_str()),
        mount.kind(),
        mount.lasting_options()
    )
}

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    Ok(Artefact::of(line(mount) + "\n"))
}
