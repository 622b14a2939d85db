//! The path of stated clients to the mount targets.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::other;
use crate::audit::check::{Check, Outcome, Subject};
use crate::audit::clients::{Client, ClientRef};
use crate::audit::facts::{Seen, Unseen};
use crate::audit::reach::{self, Addresses, Firewalls, Reach, Server, Stage, reach};
use crate::domain::finding::{About, Severity};
use crate::domain::network::{Endpoint, NFS_PORT};
use crate::domain::state::MountTarget;

pub(in crate::audit) static CLIENTS: Check = Check {
    about: About {
        id: "nfs-from-clients",
        title: "the stated clients reach NFS on every mount target",
        severity: Severity::High,
        why: "What most often keeps a client from mounting: no rule of the mount target's security groups admits it, its own rules or a network ACL do not let it out. Judged when clients are stated (--client).",
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

fn clients(subject: &Subject<'_>) -> Seen<Outcome> {
    if subject.clients.is_empty() {
        return Ok(Outcome::none("no clients are stated (--client)"));
    }
    let endpoints = subject.endpoints()?;
    if endpoints.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let (mut blocked, mut unknown, mut remedy) = (Vec::new(), Vec::new(), None);
    for (mount_target, endpoint) in endpoints {
        for client in subject.clients {
            match path(subject, client, mount_target, endpoint)? {
                Reach::Open => {}
                Reach::Unknown { why } => unknown.extend(why),
                Reach::Blocked { stage, uncovered } => {
                    blocked.push(refusal(client, mount_target, stage, &uncovered));
                    let way = || way_out(subject, client, endpoint, (stage, &uncovered));
                    remedy.get_or_insert_with(way);
                }
            }
        }
    }
    if blocked.is_empty() && !unknown.is_empty() {
        unknown.dedup();
        return Err(Unseen::because(unknown.join("; ")));
    }
    let stated: Vec<String> = subject
        .clients
        .iter()
        .map(|client| client.stated.to_string())
        .collect();
    Ok(Outcome::unless(
        blocked,
        || remedy.unwrap_or_default(),
        format!("{} may connect to every mount target", stated.join(", ")),
    ))
}

fn refusal(client: &Client, mt: &MountTarget, stage: Stage, uncovered: &[IpNet]) -> String {
    let who = match uncovered {
        [] => client.stated.to_string(),
        ranges => {
            let ranges: Vec<String> = ranges.iter().take(4).map(ToString::to_string).collect();
            let more = if uncovered.len() > 4 { ", …" } else { "" };
            format!("{} ({}{more})", client.stated, ranges.join(", "))
        }
    };
    let what = match stage {
        Stage::AddressFamily => "has no address of the family of",
        Stage::IngressRules => "is not admitted by the security groups of",
        Stage::EgressRules => "may not, by its own outbound rules, connect to",
        Stage::InboundAcl => "is stopped by the network ACL of the subnet of",
        Stage::OutboundAcl => "is stopped by the network ACL of its own subnet on the way to",
    };
    format!("{who} {what} mount target {} in {}", mt.id, mt.zone)
}

fn way_out(
    subject: &Subject<'_>,
    client: &Client,
    endpoint: Option<&Endpoint>,
    (stage, uncovered): (Stage, &[IpNet]),
) -> String {
    let region = &subject.place.region;
    let group = endpoint.and_then(|endpoint| endpoint.groups.iter().next());
    match (stage, group) {
        (Stage::IngressRules, Some(group)) => {
            let range = uncovered.first().or(client.addresses.first());
            let source = match (&client.stated, range) {
                (ClientRef::Group(id), _) => format!("UserIdGroupPairs=[{{GroupId={id}}}]"),
                (_, Some(range @ IpNet::V6(_))) => format!("Ipv6Ranges=[{{CidrIpv6={range}}}]"),
                (_, Some(range)) => format!("IpRanges=[{{CidrIp={range}}}]"),
                (_, None) => "IpRanges=[{CidrIp=RANGE}]".to_owned(),
            };
            format!("aws ec2 authorize-security-group-ingress --group-id {group} --ip-permissions 'IpProtocol=tcp,FromPort={NFS_PORT},ToPort={NFS_PORT},{source}' --region {region}")
        }
        (Stage::EgressRules, _) => format!("admit TCP {NFS_PORT} to the mount targets in the outbound rules of the client's security groups"),
        (Stage::InboundAcl | Stage::OutboundAcl, _) => format!("admit TCP {NFS_PORT} one way and TCP 1024-65535 the other way in that network ACL"),
        (Stage::AddressFamily | Stage::IngressRules, _) => {
            "give the client an address of that family, or mount by a mount target that has one of the client's".to_owned()
        }
    }
}

/// The path from one client to one mount target.
fn path(
    subject: &Subject<'_>,
    client: &Client,
    mt: &MountTarget,
    endpoint: Option<&Endpoint>,
) -> Seen<Reach> {
    let place = subject.place;
    let groups = place.groups.as_ref().map_err(Clone::clone)?;
    let firewalls = Firewalls {
        groups,
        prefix_lists: &place.prefix_lists,
    };
    let addresses: Vec<IpAddr> = match endpoint {
        Some(endpoint) if !endpoint.addresses.is_empty() => endpoint.addresses.clone(),
        _ => mt.ip.into_iter().collect(),
    };
    let server = Server {
        groups: endpoint.map(|endpoint| &endpoint.groups),
        addresses: &addresses,
        place: reach::Place {
            subnet: Some(&mt.subnet),
            acl: place.acl(&mt.subnet).ok().flatten(),
        },
    };
    let to_server = |end: &reach::Client<'_>| reach(end, &server, &firewalls);
    let at = |subnet| reach::Place {
        subnet: Some(subnet),
        acl: place.acl(subnet).ok().flatten(),
    };
    // Every interface of a client has to get through; a client without one may be anywhere.
    Ok(match &client.stated {
        ClientRef::Group(id) if client.endpoints.is_empty() => to_server(&reach::Client {
            groups: Some(&BTreeSet::from([id.clone()])),
            addresses: Addresses::Within(&[]),
            place: reach::Place::default(),
        }),
        ClientRef::Group(_) | ClientRef::Instance(_) => worst(client.endpoints.iter().map(|own| {
            let addresses: Vec<IpNet> = own.addresses.iter().map(|ip| (*ip).into()).collect();
            to_server(&reach::Client {
                groups: Some(&own.groups),
                addresses: Addresses::Every(&addresses),
                place: own.subnet.as_ref().map(at).unwrap_or_default(),
            })
        })),
        ClientRef::Subnet(_) | ClientRef::Vpc(_) | ClientRef::Range(_) => {
            let subnet = match &client.stated {
                ClientRef::Subnet(id) => Some(id),
                _ => None,
            };
            to_server(&reach::Client {
                groups: None,
                addresses: Addresses::Every(&client.addresses),
                place: subnet.map(at).unwrap_or_default(),
            })
        }
    })
}

fn worst(paths: impl Iterator<Item = Reach>) -> Reach {
    let rank = |path: &Reach| match path {
        Reach::Open => 0,
        Reach::Unknown { .. } => 1,
        Reach::Blocked { .. } => 2,
    };
    paths.max_by_key(rank).unwrap_or(Reach::Open)
}
