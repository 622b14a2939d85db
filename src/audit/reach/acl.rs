//! Network ACLs: of the entries that match, the one with the lowest number decides; without one it is refused.
//!
//! They are stateless, so the answer has to pass too, and they see only what enters or leaves the subnet.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::{Admission, Doubt, Path, Place};
use crate::domain::network::{AclEntry, NFS_PORT, NetworkAcl};
use crate::domain::ranges::Ranges;

/// The ports an answer goes to: what the VPC user guide advises to open, because clients differ in what they use.
///
/// An ACL that admits only a part of them is taken as refusing: whether a mount works would hang on the port the
/// client happens to draw. A Linux client draws a reserved port (665 to 1023) unless it mounts with `noresvport`,
/// which EFS asks for and its mount helper sets: those are not demanded.
const EPHEMERAL: RangeInclusive<u16> = 1024..=65535;

/// What the ACL of the mount target's subnet lets in, and answer.
pub(super) fn inbound(path: &Path<'_>) -> Admission {
    let place = path.server.place;
    match place.acl {
        _ if inside_one_subnet(path) => Admission::of_all(true),
        None => Admission::unknown(unread(place, "the mount target's subnet")),
        Some(acl) => Admission::certain(conversed(acl, Way::In)),
    }
}

/// Whether the ACL of the client's subnet lets it out to that address, and hear the answer.
pub(super) fn outbound(path: &Path<'_>, door: IpAddr) -> Admission {
    let place = path.client.place;
    match (place.acl, place.subnet) {
        _ if inside_one_subnet(path) => Admission::of_all(true),
        (None, None) => Admission::of_all(true),
        (None, Some(_)) => Admission::unknown(unread(place, "the client's subnet")),
        (Some(acl), _) => Admission::of_all(conversed(acl, Way::Out).has(door)),
    }
}

/// Two unknown subnets are taken as different: that is what a client has to be prepared for.
fn inside_one_subnet(path: &Path<'_>) -> bool {
    let ours = path.client.place.subnet;
    ours.is_some() && ours == path.server.place.subnet
}

fn unread(place: Place<'_>, otherwise: &str) -> Doubt {
    let subnet = place.subnet.map_or(otherwise, |subnet| subnet.as_str());
    Doubt::Acl(subnet.to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// Addresses of the other end that NFS passes to or from that way, and the answer the other way.
fn conversed(acl: &NetworkAcl, way: Way) -> Ranges {
    let back = match way {
        Way::In => Way::Out,
        Way::Out => Way::In,
    };
    let question = admitted(acl, way, NFS_PORT..=NFS_PORT);
    question.and(&admitted(acl, back, EPHEMERAL))
}

/// Addresses of the other end that pass that way on all of these ports.
fn admitted(acl: &NetworkAcl, way: Way, ports: RangeInclusive<u16>) -> Ranges {
    let mut entries: Vec<&AclEntry> = acl
        .entries
        .iter()
        .filter(|entry| entry.egress == (way == Way::Out))
        .filter(|entry| matches!(entry.protocol.as_str(), "-1" | "6" | "tcp"))
        .collect();
    entries.sort_by_key(|entry| entry.number);
    // Between two ports at which an entry begins or ends, all are treated alike: one of them stands for all.
    let edges = entries
        .iter()
        .filter_map(|entry| entry.ports)
        .flat_map(|(from, to)| [Some(from), to.checked_add(1)])
        .flatten()
        .filter(|port| ports.contains(port));
    edges
        .chain([*ports.start()])
        .map(|port| admitted_on(&entries, port))
        .fold(Ranges::everything(), |all, one| all.and(&one))
}

fn admitted_on(entries: &[&AclEntry], port: u16) -> Ranges {
    let mut undecided = Ranges::everything();
    let mut admitted = Ranges::nothing();
    for entry in entries.iter().filter(|entry| covers(entry, port)) {
        let range = Ranges::of(&[entry.range]);
        if entry.allow {
            admitted = admitted.or(&undecided.and(&range));
        }
        undecided = undecided.minus(&range);
    }
    admitted
}

/// Whether an entry is about that TCP port. One for all protocols is about all ports, whatever it says of them.
fn covers(entry: &AclEntry, port: u16) -> bool {
    entry.protocol == "-1"
        || entry
            .ports
            .is_none_or(|(from, to)| (from..=to).contains(&port))
}

/// Which of these client addresses a network ACL keeps from NFS in its subnet, apart from those of the subnet itself.
pub fn refused_by_acl(acl: &NetworkAcl, clients: &[IpNet], inside: &[IpNet]) -> Vec<IpNet> {
    let through = conversed(acl, Way::In).or(&Ranges::of(inside));
    Ranges::of(clients).minus(&through).nets()
}
