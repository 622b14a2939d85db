//! All of it as one JSON document.

use serde::Serialize;

use crate::connect::artefact::{Artefact, Refused, Why};
use crate::connect::mount::Mount;
use crate::domain::advice::Advice;
use crate::domain::state::MountTarget;

/// What clients need to know.
#[derive(Serialize)]
struct Connected<'a> {
    file_system_id: &'a str,
    name: Option<&'a str>,
    arn: Option<&'a str>,
    region: &'a str,
    dns_name: String,
    availability_zone: Option<&'a str>,
    access_point_id: Option<&'a str>,
    mount: Mounted,
    mount_targets: Vec<Reached<'a>>,
}

#[derive(Serialize)]
struct Mounted {
    #[serde(rename = "type")]
    kind: &'static str,
    source: String,
    mount_point: String,
    options: Vec<String>,
    tls: bool,
    iam: bool,
    read_only: bool,
}

#[derive(Serialize)]
struct Reached<'a> {
    mount_target_id: &'a str,
    availability_zone: &'a str,
    subnet_id: &'a str,
    dns_name: String,
    ip_address: Option<String>,
    lifecycle_state: &'a str,
}

fn reached<'a>(one: &'a MountTarget, name: &str) -> Reached<'a> {
    Reached {
        mount_target_id: one.id.as_str(),
        availability_zone: one.zone.as_str(),
        subnet_id: one.subnet.as_str(),
        dns_name: format!("{}.{name}", one.zone),
        ip_address: one.ip.map(|ip| ip.to_string()),
        lifecycle_state: one.state.as_str(),
    }
}

pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let fs = &mount.connection.file_system;
    let name = mount.dns_name();
    let options = mount.options(&[]);
    let reached = |one| reached(one, &name);
    let mut targets: Vec<Reached<'_>> =
        mount.connection.mount_targets.iter().map(reached).collect();
    targets.sort_by_key(|one| (one.availability_zone, one.mount_target_id));
    let facts = Connected {
        file_system_id: mount.id(),
        name: fs.name.as_deref(),
        arn: fs.arn.as_deref(),
        region: &mount.connection.region,
        dns_name: name,
        availability_zone: fs.one_zone.as_ref().map(crate::domain::ids::Zone::as_str),
        access_point_id: mount.access_point(),
        mount: Mounted {
            kind: mount.kind(),
            source: mount.source(),
            mount_point: mount.mount_point().to_string(),
            options: options
                .split(',')
                .filter(|one| !one.is_empty())
                .map(str::to_owned)
                .collect(),
            tls: mount.tls(),
            iam: mount.iam(),
            read_only: mount.request.read_only,
        },
        mount_targets: targets,
    };
    match serde_json::to_string_pretty(&facts) {
        Ok(text) => Ok(Artefact::of(text + "\n")),
        Err(error) => Err(Refused::new(
            Why::NotAvailable,
            format!("it cannot be written as JSON: {error}"),
            Advice::from("use another form"),
        )),
    }
}
