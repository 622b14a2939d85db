//! The file system of a Lambda function.

use serde_json::json;

use crate::connect::artefact::{Artefact, Refused, Why};
use crate::connect::mount::Mount;
use crate::domain::advice::{Advice, advice};
use crate::domain::field::Field;
use crate::domain::text::list;

/// The path that Lambda takes (Lambda API reference, `FileSystemConfig`: `LocalMountPath`).
fn is_path(path: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name = path.strip_prefix("/mnt/").unwrap_or_default();
    !name.is_empty() && name.chars().all(is_plain) && path.len() <= 160
}

pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let path = mount.mount_point();
    if !is_path(path.as_str()) {
        return Err(Refused::new(
            Why::Usage,
            advice![
                (Field::MountPoint, &path),
                " is no path that Lambda mounts at"
            ],
            Advice::from("use /mnt/NAME, of letters, digits, `-`, `_` and `.`"),
        ));
    }
    let whole = mount.connection.file_system.arn.as_deref();
    let place = whole.and_then(|arn| arn.rsplit_once(":file-system/"));
    let (Some((place, _)), Some(point)) = (place, mount.access_point()) else {
        return Err(Refused::new(
            Why::NotAvailable,
            "AWS gave no ARN of the file system, and Lambda needs that of the access point",
            Advice::from("run the same command again"),
        ));
    };
    let artefact = Artefact::json(&json!({
        "FileSystemConfigs": [{
            "Arn": format!("{place}:access-point/{point}"),
            "LocalMountPath": path.as_str(),
        }]
    }));
    let zones = list(mount.connection.mount_targets.iter().map(|one| &one.zone));
    Ok(artefact.note(format!(
        "for update-function-configuration; the function has to be in the VPC, in subnets of {zones}, and its role needs elasticfilesystem:ClientMount and ClientWrite"
    )))
}
