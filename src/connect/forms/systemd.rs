//! A mount unit and its automount unit.

use crate::connect::artefact::{Artefact, File, Refused};
use crate::connect::mount::Mount;
use crate::connect::quote::{shell, unit, unit_name};

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let place = mount.mount_point();
    let name = unit_name(place.as_str());
    let directory = unit(place.as_str());
    let about = format!("Amazon EFS {}", mount.id());
    let options = mount.options(if mount.is_plain() {
        &["_netdev"]
    } else {
        &["_netdev", "noresvport"]
    });
    let (source, kind) = (unit(&mount.source()), mount.kind());
    let mounts = format!(
        "[Unit]
Description={about}
Wants=network-online.target
After=network-online.target

[Mount]
What={source}
Where={directory}
Type={kind}
Options={options}
TimeoutSec=90

[Install]
WantedBy=remote-fs.target
"
    );
    let automounts = format!(
        "[Unit]
Description=Automount of {about}

[Automount]
Where={directory}

[Install]
WantedBy=remote-fs.target
"
    );
    let file = |kind: &str, text: String| File {
        name: format!("{name}.{kind}"),
        text,
    };
    let enable = shell(&format!("{name}.automount"));
    Ok(Artefact {
        files: vec![file("mount", mounts), file("automount", automounts)],
        notes: vec![
            format!("in /etc/systemd/system, then: sudo systemctl daemon-reload && sudo systemctl enable --now {enable}").into(),
        ],
    })
}
