//! Docker: a bind mount of a directory of the host's mount, which keeps its TLS; or an NFS volume, which has none.

use crate::connect::artefact::{Artefact, Refused};
use crate::connect::mount::Mount;
use crate::connect::quote::{csv, shell};
use crate::domain::advice::{Command, advice};

#[allow(clippy::unnecessary_wraps, reason = "all forms have one type")]
pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let target = csv(&format!("target={}", mount.in_container()));
    let read_only = if mount.request.read_only {
        ",readonly"
    } else {
        ""
    };
    if mount.is_plain() {
        let options = shell(&format!("o={}", volume_options(mount)));
        let device = shell(&format!("device={}", device(mount)));
        let volume = shell(&format!(
            "type=volume,source=efs,{target}{read_only},volume-nocopy"
        ));
        let text = format!(
            "docker volume create --driver local --opt type=nfs4 --opt {options} --opt {device} efs\ndocker run --mount {volume} IMAGE\n"
        );
        return Ok(Artefact::of(text)
            .note("the volume has no TLS: Docker mounts it by the kernel's NFS client"));
    }
    let source = csv(&format!("source={}", mount.on_host()));
    let bind = shell(&format!("type=bind,{source},{target}{read_only}"));
    let text = format!("docker run --mount {bind} IMAGE\n");
    Ok(Artefact::of(text).note(host(mount)))
}

/// What the host has to have mounted.
pub(super) fn host(mount: &Mount<'_>) -> crate::domain::advice::Advice {
    let place = mount.mount_point();
    let connect = Command::efsctl("connect")
        .arg(mount.id())
        .flag("--for", "script");
    let connect = connect.flag("--mount-point", &place);
    advice![
        format!("the host mounts {} at {place}: ", mount.id()),
        connect
    ]
}

/// What Docker's `local` driver hands to the kernel (Docker docs, `docker volume create`, "Driver-specific options").
pub(super) fn volume_options(mount: &Mount<'_>) -> String {
    let access = if mount.request.read_only { "" } else { "rw," };
    format!("addr={},{access}{}", mount.server(), mount.options(&[]))
}

pub(super) fn device(mount: &Mount<'_>) -> String {
    format!(":{}", mount.path())
}
