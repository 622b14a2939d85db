//! The path of stated clients to the mount targets.

use crate::domain::text::list;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::other;
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::clients::{Client, ClientRef};
use crate::audit::facts::{Known, Unavailable};
use crate::audit::reach::{
    self, Addresses, Doubt, Firewalls, Reach, Server, Stage, is_wide, reach,
};
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::finding::{About, Severity};
use crate::domain::ids::{SecurityGroupId, SubnetId, VpcId};
use crate::domain::network::{NFS_PORT, NetworkInterface, Peer, SecurityGroup, Subnet};
use crate::domain::state::MountTarget;
use crate::domain::tags;

pub(in crate::audit) static CLIENTS: Check = Check {
    about: About {
        id: "nfs-from-clients",
        title: "the clients can reach NFS on every mount target",
        failure: "a client cannot reach NFS on a mount target",
        severity: Severity::High,
        why: "The most common causes of a mount that hangs: no rule of the mount target's security groups allows the client, or its own rules or a network ACL block it. Checked when clients are given (--client).",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
            "DescribeNetworkAcls",
            "GetManagedPrefixListEntries",
        ],
        controls: &[
            other("ParallelCluster", "EfsIdValidator"),
            other("Systems Manager", "AWSSupport-CheckAndMountEFS"),
        ],
    },
    judge: clients,
};

fn clients(input: &CheckInput<'_>) -> Known<Outcome> {
    if input.clients.is_empty() {
        return Ok(Outcome::none(advice![
            "no clients are given (",
            Field::Client,
            ")",
        ]));
    }
    if input.interfaces()?.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let (refusals, mut unknown) = refusals(input)?;
    let doubt = input
        .clients
        .iter()
        .find_map(|client| client.doubts.first());
    if let (true, true, Some(doubt)) = (refusals.is_empty(), unknown.is_empty(), doubt) {
        return Err(Unavailable::because(doubt.as_str()));
    }
    if refusals.is_empty() && !unknown.is_empty() {
        unknown.dedup();
        return Err(doubted(input, &unknown));
    }
    let stated: Vec<String> = input
        .clients
        .iter()
        .map(|client| client.stated.to_string())
        .collect();
    Ok(Outcome::unless(
        refusals.iter().map(describe).collect(),
        || {
            let ways = refusals.iter().flat_map(|refusal| ways_out(input, refusal));
            let ways: BTreeSet<Advice> = ways.collect();
            Advice::joined(ways, "; ")
        },
        format!("{} may connect to every mount target", stated.join(", ")),
    ))
}

/// What is not known, with the right that is missing to know it.
fn doubted(input: &CheckInput<'_>, doubts: &[Doubt]) -> Unavailable {
    let inventory = input.inventory;
    let unavailable = |doubt: &Doubt| match doubt {
        Doubt::PrefixList(id, _) => inventory.unresolved.get(id),
        Doubt::Acl(_) => inventory.acls.as_ref().err(),
        Doubt::Group(_) => inventory.groups.as_ref().err(),
        Doubt::Address | Doubt::ServerGroups => inventory.interfaces.as_ref().err(),
        Doubt::ClientAddress | Doubt::Peer(..) => None,
    };
    let why: Vec<String> = doubts.iter().map(ToString::to_string).collect();
    let mut unavailable = doubts.iter().filter_map(unavailable);
    Unavailable {
        action: unavailable.find_map(|unavailable| unavailable.action.clone()),
        ..Unavailable::because(why.join("; "))
    }
}

/// A client that does not get through to a mount target.
#[derive(Debug)]
pub(in crate::audit) struct Refusal<'a> {
    pub(in crate::audit) client: &'a Client,
    pub(in crate::audit) mount_target: &'a MountTarget,
    pub(in crate::audit) interface: Option<&'a NetworkInterface>,
    pub(in crate::audit) stage: Stage,
    pub(in crate::audit) uncovered: Vec<IpNet>,
}

/// Which stated clients surely do not get through to which mount target; and of the others, what would have to be known.
pub(in crate::audit) fn refusals<'a>(
    input: &CheckInput<'a>,
) -> Known<(Vec<Refusal<'a>>, Vec<Doubt>)> {
    let (mut refusals, mut unknown) = (Vec::new(), Vec::new());
    for (mount_target, interface) in input.interfaces()? {
        for client in input.clients {
            // Interfaces of one client that are stopped in one place are reported, and let through, together.
            let mut stopped: BTreeMap<Stage, Vec<IpNet>> = BTreeMap::new();
            for path in paths(input, client, mount_target, interface, reach)? {
                match path {
                    Reach::Open => {}
                    Reach::Unknown { why } => unknown.extend(why),
                    Reach::Blocked { stage, uncovered } => {
                        stopped.entry(stage).or_default().extend(uncovered);
                    }
                }
            }
            refusals.extend(stopped.into_iter().map(|(stage, uncovered)| Refusal {
                client,
                mount_target,
                interface,
                stage,
                uncovered,
            }));
        }
    }
    Ok((refusals, unknown))
}

pub(in crate::audit) fn describe(refusal: &Refusal<'_>) -> String {
    let (client, mt) = (refusal.client, refusal.mount_target);
    let who = match refusal.uncovered.as_slice() {
        [] => client.stated.to_string(),
        uncovered => {
            let ranges = list(uncovered.iter().take(4));
            let more = if uncovered.len() > 4 { ", …" } else { "" };
            format!("{} ({ranges}{more})", client.stated)
        }
    };
    let what = match refusal.stage {
        Stage::AddressFamily => "has no address of the same family as",
        Stage::IngressRules => "is not allowed by the security groups of",
        Stage::EgressRules => "is blocked by its own outbound rules on the way to",
        Stage::InboundAcl => "is blocked by the network ACL of the subnet of",
        Stage::OutboundAcl => "is blocked by the network ACL of its own subnet on the way to",
    };
    // Which port a client has the answer sent to is its own choice: an ACL that lets through a part of them may do, or not.
    let wanted = match refusal.stage {
        Stage::InboundAcl => ": not all of TCP 2049 in and TCP 1024-65535 out passes",
        Stage::OutboundAcl => ": not all of TCP 2049 out and TCP 1024-65535 in passes",
        Stage::AddressFamily | Stage::IngressRules | Stage::EgressRules => "",
    };
    format!("{who} {what} mount target {} in {}{wanted}", mt.id, mt.zone)
}

/// What lets that client through: commands where it is rules, otherwise words.
pub(in crate::audit) fn ways_out(input: &CheckInput<'_>, refusal: &Refusal<'_>) -> Vec<Advice> {
    let words = match (refusal.stage, rules(input, refusal)) {
        (Stage::IngressRules, Ok(rules)) if rules.iter().any(|(_, peer)| matches!(peer, Peer::Range(range) if is_wide(range))) => {
            "do not allow so much of the Internet: give the clients by their group, or by narrower ranges".to_owned()
        }
        (Stage::IngressRules, Ok(rules)) => {
            let command = |(group, peer): (SecurityGroupId, Peer)| {
                let source = match peer {
                    Peer::Group(id) => format!("UserIdGroupPairs=[{{GroupId={id}}}]"),
                    Peer::Range(range @ IpNet::V6(_)) => format!("Ipv6Ranges=[{{CidrIpv6={range}}}]"),
                    peer => format!("IpRanges=[{{CidrIp={peer}}}]"),
                };
                let rule = format!("IpProtocol=tcp,FromPort={NFS_PORT},ToPort={NFS_PORT},{source}");
                Advice::from(
                    Command::aws("ec2 authorize-security-group-ingress")
                        .flag("--group-id", group)
                        .flag("--ip-permissions", rule),
                )
            };
            return rules.into_iter().map(command).collect();
        }
        (Stage::IngressRules, Err(why)) => why,
        (Stage::EgressRules, _) => format!("allow TCP {NFS_PORT} to the mount targets in the outbound rules of the client's security groups"),
        (Stage::InboundAcl, _) => format!("in the network ACL{} allow TCP {NFS_PORT} in and TCP 1024-65535 out, with lower rule numbers than the entries that deny it", named(input, &refusal.mount_target.subnet)),
        (Stage::OutboundAcl, _) => format!("in the network ACL of the client's subnet allow TCP {NFS_PORT} out and TCP 1024-65535 in, with lower rule numbers than the entries that deny it"),
        (Stage::AddressFamily, _) => {
            "give the client an address of that family, or mount through a mount target that has one of the client's".to_owned()
        }
    };
    vec![words.into()]
}

/// ` acl-…`, where it is known.
fn named(input: &CheckInput<'_>, subnet: &SubnetId) -> String {
    let acl = input.inventory.acl(subnet).ok().flatten();
    acl.map(|acl| format!(" {}", acl.id)).unwrap_or_default()
}

/// The rules that would allow a refused client: in which group, from whom. An error: why a rule is not the way.
pub(in crate::audit) fn rules(
    input: &CheckInput<'_>,
    refusal: &Refusal<'_>,
) -> Result<Vec<(SecurityGroupId, Peer)>, String> {
    let mt = refusal.mount_target;
    let client = refusal.client;
    if refusal.stage != Stage::IngressRules {
        return Err(describe(refusal));
    }
    let Some(door) = door(input, refusal.interface) else {
        return Err(format!(
            "attach a security group that allows the client to mount target {}",
            mt.id
        ));
    };
    let peers =
        peers(input, client, &door.vpc).map_err(|why| format!("{}: {why}", client.stated))?;
    let addresses = refusal
        .interface
        .map_or(&[][..], |interface| &interface.addresses);
    let is_needed = |peer: &Peer| match peer {
        Peer::Range(range) => {
            let family = |ip: &IpAddr| ip.is_ipv4() == range.addr().is_ipv4();
            let within = |net: &IpNet| net.contains(range) || range.contains(net);
            addresses.iter().chain(&mt.ip).any(family)
                && (refusal.uncovered.is_empty() || refusal.uncovered.iter().any(within))
        }
        Peer::Group(_) | Peer::PrefixList(_) | Peer::Distant(_) | Peer::Other(_) => true,
    };
    let rules = peers.into_iter().filter(is_needed);
    Ok(rules.map(|peer| (door.id.clone(), peer)).collect())
}

/// The group of a mount target that a rule belongs into: one that efsctl created, else one that is about NFS already, and the
/// default group of the VPC last, which others have too.
fn door<'a>(
    input: &CheckInput<'a>,
    interface: Option<&'a NetworkInterface>,
) -> Option<&'a SecurityGroup> {
    let groups = input.inventory.groups.as_ref().ok()?;
    let attached = interface?.groups.iter().filter_map(|id| groups.get(id));
    attached.min_by_key(|group| {
        let about_nfs = group.ingress.iter().any(|rule| rule.covers(NFS_PORT));
        (
            group.name == "default",
            !tags::is_managed(&group.tags),
            !about_nfs,
            &group.id,
        )
    })
}

/// Whom a rule has to name to allow a stated client to mount targets of that VPC. An error: why no rule would.
pub(in crate::audit) fn peers(
    input: &CheckInput<'_>,
    client: &Client,
    vpc: &VpcId,
) -> Result<Vec<Peer>, String> {
    let groups = input.inventory.groups.as_ref().ok();
    match &client.stated {
        ClientRef::Group(id) => match groups.and_then(|groups| groups.get(id)) {
            Some(group) if group.vpc != *vpc => Err(format!(
                "the group belongs to {}, and the mount targets are in {vpc}: a rule can name it only over a peering of the two; give the clients by their address range",
                group.vpc
            )),
            None => Err(
                "the group is not of this account, and a rule names it with the account it is of; give the clients by their address range".to_owned(),
            ),
            Some(_) => Ok(vec![Peer::Group(id.clone())]),
        },
        _ if client.addresses.is_empty() && let Some(doubt) = client.doubts.first() => {
            Err(doubt.clone())
        }
        ClientRef::Subnet(_) | ClientRef::Vpc(_) | ClientRef::Instance(_) | ClientRef::Range(_) => {
            Ok(client.addresses.iter().copied().map(Peer::Range).collect())
        }
    }
}

/// The paths from one client to one mount target, one of each of its interfaces, each as it is judged: every one has to get through.
pub(in crate::audit) fn paths<T>(
    input: &CheckInput<'_>,
    client: &Client,
    mt: &MountTarget,
    interface: Option<&NetworkInterface>,
    judge: impl Fn(&reach::Client<'_>, &Server<'_>, &Firewalls<'_>) -> T,
) -> Known<Vec<T>> {
    let inventory = input.inventory;
    let groups = inventory.groups.as_ref().map_err(Clone::clone)?;
    let firewalls = Firewalls {
        groups,
        prefix_lists: &inventory.prefix_lists,
    };
    let addresses: Vec<IpAddr> = match interface {
        Some(interface) if !interface.addresses.is_empty() => interface.addresses.clone(),
        _ => mt.ip.into_iter().collect(),
    };
    let server = Server {
        groups: interface.map(|interface| &interface.groups),
        addresses: &addresses,
        place: reach::Place {
            subnet: Some(&mt.subnet),
            acl: inventory.acl(&mt.subnet).ok().flatten(),
        },
    };
    let to_server = |end: &reach::Client<'_>| judge(end, &server, &firewalls);
    let at = |subnet| reach::Place {
        subnet: Some(subnet),
        acl: inventory.acl(subnet).ok().flatten(),
    };
    Ok(match &client.stated {
        // A client without an interface may be anywhere in the VPC of its group.
        ClientRef::Group(id) if client.interfaces.is_empty() => {
            let vpc = groups.get(id).map(|group| &group.vpc);
            let vpcs = inventory.vpcs.as_ref().ok();
            let vpc = vpc.and_then(|vpc| vpcs?.get(vpc));
            vec![to_server(&reach::Client {
                groups: Some(&BTreeSet::from([id.clone()])),
                addresses: Addresses::Within(vpc.map_or(&[], |vpc| &vpc.cidrs)),
                place: reach::Place::default(),
            })]
        }
        ClientRef::Group(_) | ClientRef::Instance(_) => {
            let own = client.interfaces.iter().map(|own| {
                let addresses: Vec<IpNet> = own.addresses.iter().map(|ip| (*ip).into()).collect();
                to_server(&reach::Client {
                    groups: Some(&own.groups),
                    addresses: Addresses::Every(&addresses),
                    place: own.subnet.as_ref().map(at).unwrap_or_default(),
                })
            });
            own.collect()
        }
        ClientRef::Subnet(_) | ClientRef::Vpc(_) | ClientRef::Range(_) => {
            let parts = parts(input, client, mt);
            let parts = parts.iter().map(|(subnet, addresses)| {
                to_server(&reach::Client {
                    groups: None,
                    addresses: Addresses::Every(addresses),
                    place: subnet.map(at).unwrap_or_default(),
                })
            });
            parts.collect()
        }
    })
}

/// The addresses of a client by the subnet they are in: each has a network ACL of its own. No one is where a VPC has no subnet.
fn parts<'a>(
    input: &CheckInput<'a>,
    client: &'a Client,
    mt: &MountTarget,
) -> Vec<(Option<&'a SubnetId>, Vec<IpNet>)> {
    let subnets = input.inventory.subnets.as_ref().ok();
    let subnets = subnets.into_iter().flat_map(|subnets| subnets.values());
    let is_meant = |subnet: &&Subnet| match &client.stated {
        // An address of the mount target's VPC is there, wherever else it is used too.
        ClientRef::Range(_) => mt.vpc.as_ref() == Some(&subnet.vpc),
        _ => client.subnets.contains(&subnet.id),
    };
    let mut rest = client.addresses.clone();
    let mut parts = Vec::new();
    for subnet in subnets.filter(is_meant) {
        let (inside, outside) = reach::split(&rest, &subnet.ranges);
        if !inside.is_empty() {
            parts.push((Some(&subnet.id), inside));
        }
        rest = outside;
    }
    let everywhere = !matches!(client.stated, ClientRef::Vpc(_)) || parts.is_empty();
    if everywhere && !rest.is_empty() {
        parts.push((None, rest));
    }
    parts
}
