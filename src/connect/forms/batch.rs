//! The volume and the mount point of a job definition of AWS Batch.

use serde_json::json;

use super::ecs::{point, volume};
use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let mut artefact = Artefact::json(&json!({
        "containerProperties": {
            "mountPoints": [point(mount)],
            "volumes": [{ "name": "efs", "efsVolumeConfiguration": volume(mount) }],
        }
    }))
    .note("a fragment of a job definition");
    if mount.iam() {
        artefact = artefact.note("the IAM identity is the job role (jobRoleArn)");
    }
    Ok(artefact)
}
