//! The volume and the mount point of an ECS task definition, for Fargate and EC2.

use serde_json::{Map, Value, json};

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;

/// `efsVolumeConfiguration`, which ECS and Batch share (their API references, `EFSVolumeConfiguration`): an access point and IAM need
/// transit encryption, and with an access point the root directory is left out.
pub(super) fn volume(mount: &Mount<'_>) -> Value {
    let mut volume = Map::new();
    let switch = |on| if on { "ENABLED" } else { "DISABLED" };
    volume.insert("fileSystemId".to_owned(), mount.id().into());
    volume.insert("transitEncryption".to_owned(), switch(mount.tls()).into());
    match mount.access_point() {
        None => drop(volume.insert("rootDirectory".to_owned(), mount.path().as_str().into())),
        Some(point) => {
            let authorization = json!({ "accessPointId": point, "iam": switch(mount.iam()) });
            volume.insert("authorizationConfig".to_owned(), authorization);
        }
    }
    if mount.access_point().is_none() && mount.iam() {
        let authorization = json!({ "iam": "ENABLED" });
        volume.insert("authorizationConfig".to_owned(), authorization);
    }
    volume.into()
}

pub(super) fn point(mount: &Mount<'_>) -> Value {
    json!({
        "sourceVolume": "efs",
        "containerPath": mount.in_container(),
        "readOnly": mount.request.read_only,
    })
}

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let mut artefact = Artefact::json(&json!({
        "containerDefinitions": [{ "name": mount.container(), "mountPoints": [point(mount)] }],
        "volumes": [{ "name": "efs", "efsVolumeConfiguration": volume(mount) }],
    }))
    .note("a fragment of a task definition; Fargate needs platform version 1.4.0 or later, a container instance agent 1.38.0 or later");
    if mount.iam() {
        artefact = artefact.note("the IAM identity is the task role (taskRoleArn)");
    }
    if let Some(zone) = &mount.connection.file_system.one_zone {
        artefact = artefact.note(format!("it is a One Zone file system: run the tasks in {zone}, as ECS cannot name the zone of a mount target"));
    }
    Ok(artefact)
}
