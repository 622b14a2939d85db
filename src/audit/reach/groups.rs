//! Security groups: a connection passes if any rule of any group admits it. They are stateful: the answer always passes.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::ranges::Ranges;
use super::{Admission, Doubt, Firewalls, Path};
use crate::domain::ids::SecurityGroupId;
use crate::domain::network::{NFS_PORT, Peer, Rule, SecurityGroup};

/// What the mount target's groups let in.
pub(super) fn ingress(path: &Path<'_>) -> Admission {
    let Some(worn) = path.server.groups else {
        return Admission::unknown(Doubt::ServerGroups);
    };
    // A range wears nothing: it counts by its addresses only.
    let nothing = BTreeSet::new();
    let by = Some(path.client.groups.unwrap_or(&nothing));
    let (ranges, doubts) = admitted(worn, |group| &group.ingress, by, path.firewalls);
    Admission::known_in_part(ranges, doubts)
}

/// Whether the client's groups let it out to that address.
pub(super) fn egress(path: &Path<'_>, door: IpAddr) -> Admission {
    let Some(worn) = path.client.groups else {
        return Admission::of_all(true);
    };
    let to = path.server.groups;
    let (ranges, doubts) = admitted(worn, |group| &group.egress, to, path.firewalls);
    Admission::known_in_part(Ranges::all_if(ranges.has(door)), doubts)
}

/// Addresses of the other end that NFS rules of these groups name, and what is not known of the rules.
///
/// A rule that names a group admits whoever wears it, by any of its addresses.
fn admitted<'a>(
    worn: &BTreeSet<SecurityGroupId>,
    rules: impl Fn(&'a SecurityGroup) -> &'a Vec<Rule>,
    other: Option<&BTreeSet<SecurityGroupId>>,
    firewalls: &Firewalls<'a>,
) -> (Ranges, Vec<Doubt>) {
    let (mut nets, mut doubts) = (Vec::new(), Vec::new());
    for id in worn {
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
            }
        }
    }
    (Ranges::of(&nets), doubts)
}

/// All of IPv4 and all of IPv6.
fn world() -> [IpNet; 2] {
    [IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())]
}

/// Where these groups admit NFS from everywhere: `0.0.0.0/0` or `::/0`, and the group that does.
///
/// Ranges and prefix lists that amount to everything count like the one range. If no group does it alone but all
/// of them together do, each is listed with its share.
pub fn open_to_world(
    groups: &BTreeSet<SecurityGroupId>,
    firewalls: &Firewalls<'_>,
) -> Vec<(SecurityGroupId, IpNet)> {
    let shares: Vec<(&SecurityGroupId, Ranges)> = groups
        .iter()
        .map(|id| {
            let alone = BTreeSet::from([id.clone()]);
            // A rule that names a group admits its wearers, not the world.
            let by = Some(&BTreeSet::new());
            let (ranges, _) = admitted(&alone, |group| &group.ingress, by, firewalls);
            (id, ranges)
        })
        .collect();
    world()
        .into_iter()
        .flat_map(|whole| opened(&shares, whole))
        .collect()
}

fn opened(shares: &[(&SecurityGroupId, Ranges)], whole: IpNet) -> Vec<(SecurityGroupId, IpNet)> {
    let all = Ranges::of(&[whole]);
    let alone: Vec<_> = shares
        .iter()
        .filter(|(_, share)| share.covers(&all))
        .map(|(id, _)| ((*id).clone(), whole))
        .collect();
    let together = Ranges::any_of(shares.iter().map(|(_, share)| share));
    if !alone.is_empty() || !together.covers(&all) {
        return alone;
    }
    let nets = |(id, share): &(&SecurityGroupId, Ranges)| {
        let id = (*id).clone();
        let nets = share.and(&all).nets();
        nets.into_iter().map(move |net| (id.clone(), net))
    };
    shares.iter().flat_map(nets).collect()
}
