//! Variables of the environment, as a shell, systemd and Compose read them.

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::quote::shell;

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let place = mount.mount_point();
    let mut rows = vec![
        ("EFS_ENABLED", "true".to_owned()),
        ("EFS_FILE_SYSTEM_ID", mount.id().to_owned()),
        ("EFS_MOUNT_PATH", place.to_string()),
    ];
    let point = mount.access_point();
    rows.extend(point.map(|id| ("EFS_ACCESS_POINT_ID", id.to_owned())));
    rows.push(("AWS_REGION", mount.connection.region.clone()));
    for variable in &mount.request.variables {
        let value = place.join(&variable.directory).to_string();
        // A name that is asked for has what is asked for.
        rows.retain(|(name, _)| *name != variable.name);
        rows.push((&variable.name, value));
    }
    let is_quoted = rows.iter().any(|(_, value)| shell(value) != *value);
    let lines = rows
        .iter()
        .map(|(name, value)| format!("{name}={}\n", shell(value)));
    let artefact = Artefact::of(lines.collect::<String>());
    Ok(if is_quoted {
        artefact.note(
            "docker run --env-file takes quotes as part of the value: give such a value with --env",
        )
    } else {
        artefact
    })
}
