//! The volume and the mount point of an ECS task definition for EC2, with a directory of the host's mount.

use serde_json::json;

use super::ecs::point;
use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let artefact = Artefact::json(&json!({
        "containerDefinitions": [{ "name": mount.container(), "mountPoints": [point(mount)] }],
        "volumes": [{ "name": "efs", "host": { "sourcePath": mount.on_host() } }],
    }));
    Ok(artefact.note(super::docker::host(mount)))
}
