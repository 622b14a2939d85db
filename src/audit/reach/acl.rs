//! Network ACLs on the path: that of the mount target's subnet, and that of the client's.

use std::net::IpAddr;

use super::{Admission, Doubt, Path, Place};

/// What the ACL of the mount target's subnet lets in, and answer.
pub(super) fn inbound(path: &Path<'_>) -> Admission {
    let place = path.server.place;
    match place.acl {
        _ if inside_one_subnet(path) => Admission::of_all(true),
        None => Admission::unknown(unread(place, "the mount target's subnet")),
        Some(acl) => Admission::certain(acl.served()),
    }
}

/// Whether the ACL of the client's subnet lets it out to that address, and hear the answer.
pub(super) fn outbound(path: &Path<'_>, door: IpAddr) -> Admission {
    let place = path.client.place;
    match (place.acl, place.subnet) {
        _ if inside_one_subnet(path) => Admission::of_all(true),
        (None, None) => Admission::of_all(true),
        (None, Some(_)) => Admission::unknown(unread(place, "the client's subnet")),
        (Some(acl), _) => Admission::of_all(acl.reached().has(door)),
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
