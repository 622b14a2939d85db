//! A Compose file to merge with one's own: a bind mount of a directory of the host's mount; or an NFS volume.

use serde_json::{Value, json};

use super::docker::{device, host, volume_options};
use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::quote::compose;
use crate::connect::yaml;

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let mut volume = if mount.is_plain() {
        // Docker would copy what the image has there, and give it to the owner there, which a squashed root may not.
        json!({ "type": "volume", "source": "efs", "volume": { "nocopy": true } })
    } else {
        // Without the mount there is no directory, and an empty one would hide that.
        json!({
            "type": "bind",
            "source": compose(&mount.on_host()),
            "bind": { "create_host_path": false },
        })
    };
    if let Value::Object(members) = &mut volume {
        members.insert("target".to_owned(), compose(&mount.in_container()).into());
        if mount.request.read_only {
            members.insert("read_only".to_owned(), true.into());
        }
    }
    let services = json!({ mount.container(): { "volumes": [volume] } });
    if !mount.is_plain() {
        let file = yaml::document(&json!({ "services": services }));
        return Ok(Artefact::of(file).note(host(mount)));
    }
    let options = json!({
        "type": "nfs4",
        "o": compose(&volume_options(mount)),
        "device": compose(&device(mount)),
    });
    let file = yaml::document(&json!({
        "services": services,
        "volumes": { "efs": { "driver": "local", "driver_opts": options } },
    }));
    Ok(Artefact::of(file)
        .note("the volume has no TLS: Docker mounts it by the kernel's NFS client"))
}
