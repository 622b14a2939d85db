//! The network path: security groups, network ACLs, DNS.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::other;
use crate::audit::check::{Check, Outcome, Subject};
use crate::audit::clients::{Client, ClientRef};
use crate::audit::facts::{Seen, Unseen};
use crate::audit::reach::{self, Addresses, Firewalls, Reach, Server, Stage, reach};
use crate::domain::finding::{About, Severity};
use crate::domain::ids::{SecurityGroupId, SubnetId, VpcId};
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
    let at = |subnet: Option<&'_ SubnetId>| subnet.and_then(|id| place.acl(id).ok().flatten());
    // Every interface of a client has to get through; a client without one may be anywhere.
    let ends: Vec<reach::Client<'_>> = match &client.stated {
        ClientRef::Group(_) | ClientRef::Instance(_) if !client.endpoints.is_empty() => {
            return Ok(worst(client.endpoints.iter().map(|own| {
                let addresses: Vec<IpNet> = own.addresses.iter().map(|ip| (*ip).into()).collect();
                let end = reach::Client {
                    groups: Some(&own.groups),
                    addresses: Addresses::Every(&addresses),
                    place: reach::Place {
                        subnet: own.subnet.as_ref(),
                        acl: at(own.subnet.as_ref()),
                    },
                };
                reach(&end, &server, &firewalls)
            })));
        }
        ClientRef::Group(id) => {
            let worn = BTreeSet::from([id.clone()]);
            let end = reach::Client {
                groups: Some(&worn),
                addresses: Addresses::Within(&[]),
                place: reach::Place::default(),
            };
            return Ok(reach(&end, &server, &firewalls));
        }
        ClientRef::Subnet(id) => vec![range_of(client, Some(id), at(Some(id)))],
        _ => vec![range_of(client, None, None)],
    };
    Ok(worst(
        ends.iter().map(|end| reach(end, &server, &firewalls)),
    ))
}

fn range_of<'a>(
    client: &'a Client,
    subnet: Option<&'a SubnetId>,
    acl: Option<&'a crate::domain::network::NetworkAcl>,
) -> reach::Client<'a> {
    reach::Client {
        groups: None,
        addresses: Addresses::Every(&client.addresses),
        place: reach::Place { subnet, acl },
    }
}

fn worst(paths: impl Iterator<Item = Reach>) -> Reach {
    let rank = |path: &Reach| match path {
        Reach::Open => 0,
        Reach::Unknown { .. } => 1,
        Reach::Blocked { .. } => 2,
    };
    paths.max_by_key(rank).unwrap_or(Reach::Open)
}

pub(in crate::audit) static ADMITTED: Check = Check {
    about: About {
        id: "nfs-admitted",
        title: "every mount target admits NFS from somebody",
        severity: Severity::High,
        why: "Security groups without a rule for TCP 2049 keep everybody out: the mount hangs and times out.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
        ],
        controls: &[],
    },
    judge: admitted,
};

fn admitted(subject: &Subject<'_>) -> Seen<Outcome> {
    let groups = subject.place.groups.as_ref().map_err(Clone::clone)?;
    let endpoints = subject.endpoints()?;
    if endpoints.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let mut evidence = Vec::new();
    let mut remedy = None;
    for (mt, endpoint) in endpoints {
        let Some(endpoint) = endpoint else {
            return Err(Unseen::because(format!(
                "the network interface of {} is not there",
                mt.id
            )));
        };
        let mut unread = None;
        let mut opens = false;
        for id in &endpoint.groups {
            match groups.get(id) {
                Some(group) => opens |= group.ingress.iter().any(|rule| rule.covers(NFS_PORT)),
                None => unread = Some(id),
            }
        }
        match unread {
            _ if opens => {}
            Some(id) => {
                return Err(Unseen::because(format!(
                    "security group {id} could not be read"
                )));
            }
            None => {
                let worn: Vec<&str> = endpoint
                    .groups
                    .iter()
                    .map(SecurityGroupId::as_str)
                    .collect();
                evidence.push(format!(
                    "no rule of {} admits TCP {NFS_PORT} to {} in {}",
                    worn.join(", "),
                    mt.id,
                    mt.zone
                ));
                remedy.get_or_insert_with(|| format!(
                    "aws ec2 authorize-security-group-ingress --group-id {} --protocol tcp --port {NFS_PORT} --source-group GROUP-OF-THE-CLIENTS --region {}",
                    worn.first().unwrap_or(&"GROUP"), subject.place.region
                ));
            }
        }
    }
    Ok(Outcome::unless(
        evidence,
        || remedy.unwrap_or_default(),
        "each has a rule for TCP 2049",
    ))
}

pub(in crate::audit) static ACL: Check = Check {
    about: About {
        id: "network-acl-admits-nfs",
        title: "the network ACLs let NFS through within the VPC",
        severity: Severity::Medium,
        why: "Network ACLs are stateless: TCP 2049 has to be let in, and the answers (1024-65535) out. Judged for clients anywhere in the VPC.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkAcls",
            "DescribeVpcs",
            "DescribeSubnets",
        ],
        controls: &[other("Systems Manager", "AWSSupport-CheckAndMountEFS")],
    },
    judge: acl,
};

fn acl(subject: &Subject<'_>) -> Seen<Outcome> {
    let found = subject.mount_targets()?;
    if found.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let vpcs = subject.place.vpcs.as_ref().map_err(Clone::clone)?;
    let ranges = |vpc: Option<&VpcId>| vpc.and_then(|id| vpcs.get(id)).map(|vpc| vpc.cidrs.clone());
    let mut evidence = Vec::new();
    for mt in found {
        let Some(acl) = subject.place.acl(&mt.subnet)? else {
            return Err(Unseen::because(format!(
                "the network ACL of {} is not there",
                mt.subnet
            )));
        };
        let Some(ranges) = ranges(mt.vpc.as_ref()) else {
            return Err(Unseen::because(format!(
                "the VPC of {} could not be read",
                mt.id
            )));
        };
        let Some(ip) = mt.ip else {
            return Err(Unseen::because(format!(
                "the address of {} is not known",
                mt.id
            )));
        };
        let of_family: Vec<IpNet> = ranges
            .into_iter()
            .filter(|range| range.addr().is_ipv4() == ip.is_ipv4())
            .collect();
        let subnets = subject.place.subnets.as_ref().map_err(Clone::clone)?;
        let inside = subnets.get(&mt.subnet).map(|subnet| subnet.ranges.clone());
        let refused = reach::refused_by_acl(acl, &of_family, &inside.unwrap_or_default());
        if !refused.is_empty() {
            let more = if refused.len() > 4 { ", …" } else { "" };
            let told: Vec<String> = refused.iter().take(4).map(ToString::to_string).collect();
            evidence.push(format!(
                "{} of {} stops clients in {}{more}",
                acl.id,
                mt.subnet,
                told.join(", ")
            ));
        }
    }
    Ok(Outcome::unless(
        evidence,
        || {
            format!(
                "in that network ACL allow TCP {NFS_PORT} in from the VPC, and TCP 1024-65535 out to it"
            )
        },
        "TCP 2049 is let in and answers out",
    ))
}

pub(in crate::audit) static DNS: Check = Check {
    about: About {
        id: "vpc-dns",
        title: "the DNS name of the file system resolves in its VPC",
        severity: Severity::Medium,
        why: "The mount helper and /etc/fstab use the DNS name; it resolves only where the VPC has enableDnsSupport and enableDnsHostnames on.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeVpcAttribute",
        ],
        controls: &[other("Systems Manager", "AWSSupport-CheckAndMountEFS")],
    },
    judge: dns,
};

fn dns(subject: &Subject<'_>) -> Seen<Outcome> {
    let found = subject.mount_targets()?;
    let vpcs: BTreeSet<&VpcId> = found.iter().filter_map(|mt| mt.vpc.as_ref()).collect();
    if vpcs.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let mut evidence = Vec::new();
    let mut remedy = None;
    for vpc in vpcs {
        let Some(dns) = subject.place.dns.get(vpc) else {
            // Which VPCs have mount targets is known by the network interfaces.
            subject.place.endpoints.as_ref().map_err(Clone::clone)?;
            return Err(Unseen::because(format!(
                "the DNS attributes of {vpc} were not read"
            )));
        };
        let dns = dns.as_ref().map_err(Clone::clone)?;
        for (on, attribute, flag) in [
            (dns.support, "enableDnsSupport", "enable-dns-support"),
            (dns.hostnames, "enableDnsHostnames", "enable-dns-hostnames"),
        ] {
            if !on {
                evidence.push(format!("{vpc} has {attribute} off"));
                remedy.get_or_insert_with(|| {
                    format!(
                        "aws ec2 modify-vpc-attribute --vpc-id {vpc} --{flag} --region {}",
                        subject.place.region
                    )
                });
            }
        }
    }
    Ok(Outcome::unless(
        evidence,
        || remedy.unwrap_or_default(),
        "both attributes are on",
    ))
}
