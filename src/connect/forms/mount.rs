//! Commands that mount it now.

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::quote::shell;

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let directory = shell(mount.mount_point().as_str());
    let (kind, options) = (mount.kind(), shell(&mount.options(&[])));
    // Without an option there is nothing to say.
    let options = if mount.options(&[]).is_empty() {
        String::new()
    } else {
        format!(" -o {options}")
    };
    let source = shell(&mount.source());
    let mut lines = vec![
        format!("sudo mkdir -p {directory}"),
        format!("sudo mount -t {kind}{options} {source} {directory}"),
    ];
    let (owner, mode) = (&mount.request.owner, &mount.request.mode);
    lines.extend(
        owner
            .iter()
            .map(|owner| format!("sudo chown {owner} {directory}")),
    );
    lines.extend(
        mode.iter()
            .map(|mode| format!("sudo chmod {mode} {directory}")),
    );
    Ok(Artefact::of(lines.join("\n") + "\n"))
}
