//! User data of an ECS container instance. The agent starts when user data is done (`ecs.service` of the ECS-optimized images is ordered
//! after `cloud-final.service`), so that no task runs without the file system.

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let note = "if the instances join another cluster than `default`, write ECS_CLUSTER=NAME into /etc/ecs/ecs.config at its end; tasks reach the mount by the volume of --for ecs-host; should mounting fail, the agent starts all the same";
    Ok(Artefact::of(super::script::text(mount)).note(note))
}
