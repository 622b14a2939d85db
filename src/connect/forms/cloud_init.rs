//! User data of an instance, for cloud-init: the script, written and run at the first boot.

use serde_json::json;

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::yaml;

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let path = format!("/usr/local/sbin/mount-{}", mount.id());
    let data = yaml::document(&json!({
        "write_files": [{
            "path": path,
            "permissions": "0755",
            "content": super::script::text(mount),
        }],
        "runcmd": [[path]],
    }));
    Ok(Artefact::of(format!("#cloud-config\n{data}")))
}
