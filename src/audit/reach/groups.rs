//! Security groups: a connection passes if any rule of any group allows it. They are stateful: the answer always passes.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Admission, Doubt, Firewalls, Path};
use crate::domain::ids::SecurityGroupId;
use crate::domain::network::{NFS_PORT, Peer, Rule, SecurityGroup};
use crate::domain::ranges::{Ranges, is_wide};

/// What the mount target's groups let in.
pub(super) fn ingress(path: &Path<'_>) -> Admission {
    let Some(attached) = path.server.groups else {
        return Admission::unknown(Doubt::ServerGroups);
    };
    // A range has no groups: it counts by its addresses only.
    let nothing = BTreeSet::new();
    let by = Some(path.client.groups.unwrap_or(&nothing));
    let (ranges, doubts) = allowed(attached, |group| &group.ingress, by, path.firewalls);
    Admission::known_in_part(ranges, doubts)
}

/// Whether the client's groups let it out to that address.
pub(super) fn egress(path: &Path<'_>, door: IpAddr) -> Admission {
    let Some(attached) = path.client.groups else {
        return Admission::of_all(true);
    };
    let to = path.server.groups;
    let (ranges, doubts) = allowed(attached, |group| &group.egress, to, path.firewalls);
    Admission::known_in_part(Ranges::all_if(ranges.has(door)), doubts)
}

/// Addresses of the other end that NFS rules of these groups name, and what is not known of the rules.
///
/// A rule that names a group allows every interface with it, by any of its addresses.
fn allowed<'a>(
    attached: &BTreeSet<SecurityGroupId>,
    rules: impl Fn(&'a SecurityGroup) -> &'a Vec<Rule>,
    other: Option<&BTreeSet<SecurityGroupId>>,
    firewalls: &Firewalls<'a>,
) -> (Ranges, Vec<Doubt>) {
    let (mut nets, mut doubts) = (Vec::new(), Vec::new());
    for id in attached {
        let Some(group) = firewalls.groups.get(id) else {
            doubts.push(Doubt::Group(id.clone()));
            continue;
        };
        for rule in rules(group).iter().filter(|rule| rule.covers(NFS_PORT)) {
            match &rule.peer {
                Peer::Range(range) => nets.push(*range),
                Peer::Group(peer) => match other {
                    Some(other) if other.contains(peer) => nets.extend(world()),
                    Some(_) => {}
                    None => doubts.push(Doubt::ServerGroups),
                },
                Peer::PrefixList(list) => match firewalls.prefix_lists.get(list) {
                    Some(ranges) => nets.extend(ranges),
                    None => doubts.push(Doubt::PrefixList(list.clone(), id.clone())),
                },
                Peer::Distant(distant) => {
                    let is_meant = other.map(|other| other.contains(&distant.id));
                    match (distant.is_in_force(), is_meant) {
                        (Some(false), _) | (_, Some(false)) => {}
                        (Some(true), Some(true)) => nets.extend(world()),
                        (Some(true), None) => doubts.push(Doubt::ServerGroups),
                        (None, _) => doubts.push(Doubt::Peer(rule.peer.to_string(), id.clone())),
                    }
                }
                Peer::Other(text) => doubts.push(Doubt::Peer(text.clone(), id.clone())),
            }
        }
    }
    (Ranges::of(&nets), doubts)
}

/// All of IPv4 and all of IPv6.
fn world() -> [IpNet; 2] {
    [IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())]
}

/// Whether rules of these groups allow NFS from anyone at all who could talk to a server with these addresses. An error: what would
/// have to be known to tell.
pub fn allow_some(
    groups: &BTreeSet<SecurityGroupId>,
    addresses: &[IpAddr],
    firewalls: &Firewalls<'_>,
) -> Result<bool, Doubt> {
    let is_v4 = |range: &IpNet| range.addr().is_ipv4();
    let of_family = |range: &IpNet| {
        addresses.is_empty() || addresses.iter().any(|ip| ip.is_ipv4() == is_v4(range))
    };
    let mut doubt = None;
    for id in groups {
        let Some(group) = firewalls.groups.get(id) else {
            doubt.get_or_insert(Doubt::Group(id.clone()));
            continue;
        };
        for rule in group.ingress.iter().filter(|rule| rule.covers(NFS_PORT)) {
            let opens = match &rule.peer {
                Peer::Range(range) => of_family(range),
                Peer::Group(_) => true,
                Peer::PrefixList(list) => {
                    let ranges = firewalls.prefix_lists.get(list);
                    if ranges.is_none() {
                        doubt.get_or_insert(Doubt::PrefixList(list.clone(), id.clone()));
                    }
                    ranges.is_some_and(|ranges| ranges.iter().any(of_family))
                }
                Peer::Distant(distant) => {
                    let in_force = distant.is_in_force();
                    if in_force.is_none() {
                        doubt.get_or_insert(Doubt::Peer(rule.peer.to_string(), id.clone()));
                    }
                    in_force == Some(true)
                }
                Peer::Other(text) => {
                    doubt.get_or_insert(Doubt::Peer(text.clone(), id.clone()));
                    false
                }
            };
            if opens {
                return Ok(true);
            }
        }
    }
    doubt.map_or(Ok(false), Err)
}

/// Where these groups allow NFS from the Internet: the networks that are too wide, and the group that allows them.
///
/// Ranges and prefix lists that add up count like one range. If no group allows a network alone but all of them together do,
/// each is listed with its share.
pub fn open_to_world(
    groups: &BTreeSet<SecurityGroupId>,
    firewalls: &Firewalls<'_>,
) -> Vec<(SecurityGroupId, IpNet)> {
    let shares: Vec<(&SecurityGroupId, Ranges)> = groups
        .iter()
        .map(|id| {
            let alone = BTreeSet::from([id.clone()]);
            // A rule that names a group allows the interfaces with it, not the world.
            let by = Some(&BTreeSet::new());
            let (ranges, _) = allowed(&alone, |group| &group.ingress, by, firewalls);
            (id, ranges)
        })
        .collect();
    let together = Ranges::any_of(shares.iter().map(|(_, share)| share));
    let wide = together.open().into_iter();
    wide.flat_map(|net| opened(&shares, net)).collect()
}

/// Who allows that network: groups alone, or with their shares of it.
fn opened(shares: &[(&SecurityGroupId, Ranges)], net: IpNet) -> Vec<(SecurityGroupId, IpNet)> {
    let whole = Ranges::of(&[net]);
    let alone: Vec<_> = shares
        .iter()
        .filter(|(_, share)| share.covers(&whole))
        .map(|(id, _)| ((*id).clone(), net))
        .collect();
    if !alone.is_empty() {
        return alone;
    }
    let parts = shares.iter().flat_map(|(id, share)| {
        let nets = share.and(&whole).nets();
        nets.into_iter().map(|net| ((*id).clone(), net))
    });
    let mut parts: Vec<_> = parts.collect();
    if parts.iter().any(|(_, net)| is_wide(net)) {
        parts.retain(|(_, net)| is_wide(net));
    }
    parts
}
