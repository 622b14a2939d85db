//! Which file system a mount of this host is of.

use std::net::{IpAddr, Ipv4Addr};

use crate::domain::finding::Verdict;
use crate::domain::ids::{FileSystemId, MountTargetId, Zone};
use crate::domain::text::list;
use crate::host::facts::Mounted;

/// A mount target with its zone and its address.
pub type TargetAddress = (MountTargetId, Zone, IpAddr);

/// What a mount is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Whether it is the file system that is meant.
    pub verdict: Verdict,
    /// What shows it.
    pub seen: String,
    /// The mount target, where it is known.
    pub target: Option<(MountTargetId, Zone)>,
}

/// Whether a mount is of that file system: by the name of its source, the address of its server, or the port of this host at which
/// efs-utils serves it. `targets`: its mount targets, or why they are not known.
#[must_use]
pub fn identity(
    mounted: &Mounted,
    id: &FileSystemId,
    targets: Result<&[TargetAddress], &str>,
) -> Identity {
    let mount = &mounted.mount;
    let (path, source) = (mounted.path.display(), &mount.source);
    let bare = id.bare();
    let is = |verdict, seen: String| Identity {
        verdict,
        seen,
        target: None,
    };
    if !mount.is_nfs() {
        let seen = format!(
            "{path} is not NFS: it is {} from {source}; {bare} is not mounted there",
            mount.kind
        );
        return is(Verdict::Fail, seen);
    }
    let host = source.split_once(":/").map_or("", |(host, _)| host);
    let server = mount.server();
    let at = |ip: IpAddr| {
        let all = targets.ok()?.iter();
        let found = all.clone().find(|(_, _, own)| *own == ip)?;
        Some((found.0.clone(), found.1.clone()))
    };
    let target = server.and_then(at);
    let named = host.split('.').find(|label| label.starts_with("fs-"));
    if named.is_some_and(|named| named != bare) {
        return is(
            Verdict::Fail,
            format!("{path} is another file system: {source}"),
        );
    }
    let is_local = server == Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let port = mount.value("port").and_then(|port| port.parse().ok());
    if let Some(port) = port.filter(|_| is_local) {
        return if mounted.ports.contains(&port) {
            let seen = format!("mounted by efs-utils over TLS, through port {port} of this host");
            is(Verdict::Pass, seen)
        } else {
            let seen = format!(
                "{path} is mounted through port {port} of this host; /run/efs has no state file of {bare} for that port, so which file system it is is not known"
            );
            is(Verdict::Unknown, seen)
        };
    }
    match (server, targets, &target, named) {
        (_, _, Some((id, _)), _) => Identity {
            verdict: Verdict::Pass,
            seen: format!("mounted from {source}, through {id}"),
            target,
        },
        (Some(ip), Ok(own), None, _) => {
            let own = own.iter().map(|(_, _, ip)| ip);
            let seen = format!(
                "{path} is mounted through {ip} ({source}), which no mount target of {bare} has; it has {}",
                list(own)
            );
            is(Verdict::Fail, seen)
        }
        (_, _, None, Some(_)) => is(Verdict::Pass, format!("mounted from {source}")),
        (_, Err(why), None, None) => {
            let seen = format!(
                "{path} is mounted from {source}; whose address that is is not known: {why}"
            );
            is(Verdict::Unknown, seen)
        }
        (None, Ok(_), None, None) => {
            let seen = format!("{path} is mounted from {source}, which does not show its server");
            is(Verdict::Unknown, seen)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::host::facts::Mount;

    type Read<'t> = Result<&'t [TargetAddress], &'t str>;

    #[test]
    fn a_mount_is_recognised_by_name_address_or_port() {
        let id: FileSystemId = "fs-0123456789abcdef0".parse().unwrap();
        let target: TargetAddress = (
            "fsmt-0123456789abcdef0".parse().unwrap(),
            "eu-west-1a".parse().unwrap(),
            [10, 0, 1, 5].into(),
        );
        let own = [target];
        let named = "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/";
        let other = "fs-0123456789abcdef9.efs.eu-west-1.amazonaws.com:/";
        let zonal = "eu-west-1a.fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/app";
        let unread = Err("access denied");
        let rows: [(&str, &str, &str, Read, Verdict); 14] = [
            ("nfs4", named, "addr=10.0.1.5", Ok(&own), Verdict::Pass),
            ("nfs4", zonal, "addr=10.0.1.5", Ok(&own), Verdict::Pass),
            ("nfs4", named, "addr=10.0.1.5", unread, Verdict::Pass),
            (
                "nfs4",
                "10.0.1.5:/",
                "addr=10.0.1.5",
                Ok(&own),
                Verdict::Pass,
            ),
            ("nfs4", "10.0.1.5:/", "rw", Ok(&own), Verdict::Pass),
            ("nfs4", "10.0.1.5:/", "rw", unread, Verdict::Unknown),
            // The name is right, and the server is that of a mount target that was deleted.
            ("nfs4", named, "addr=10.0.9.9", Ok(&own), Verdict::Fail),
            ("nfs4", "10.0.9.9:/", "rw", Ok(&own), Verdict::Fail),
            ("nfs4", other, "addr=10.0.1.5", Ok(&own), Verdict::Fail),
            (
                "nfs4",
                "127.0.0.1:/",
                "port=20101,addr=127.0.0.1",
                Ok(&own),
                Verdict::Pass,
            ),
            (
                "nfs4",
                "127.0.0.1:/",
                "port=20102,addr=127.0.0.1",
                Ok(&own),
                Verdict::Unknown,
            ),
            ("nfs4", "elsewhere:/", "rw", Ok(&own), Verdict::Unknown),
            ("ext4", "/dev/nvme1n1", "rw", Ok(&own), Verdict::Fail),
            ("tmpfs", named, "rw", Ok(&own), Verdict::Fail),
        ];
        for (kind, source, options, targets, expected) in rows {
            let mounted = Mounted {
                path: PathBuf::from("/mnt/efs"),
                mount: Mount {
                    source: source.to_owned(),
                    point: "/mnt/efs".to_owned(),
                    kind: kind.to_owned(),
                    options: options.split(',').map(str::to_owned).collect(),
                },
                ports: vec![20101],
            };
            let found = identity(&mounted, &id, targets);
            assert_eq!(found.verdict, expected, "{kind} {source}: {found:?}");
            let is_at_target =
                expected == Verdict::Pass && targets.is_ok() && !source.starts_with("127");
            assert_eq!(found.target.is_some(), is_at_target, "{found:?}");
        }
    }
}
