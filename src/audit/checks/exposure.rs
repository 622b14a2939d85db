//! What is more open than it has to be.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::{hub, other, prowler};
use crate::audit::check::{Check, Outcome, Subject};
use crate::audit::facts::{Seen, Unseen};
use crate::audit::reach::{Firewalls, open_to_world};
use crate::domain::finding::{About, Severity};
use crate::domain::ids::SecurityGroupId;
use crate::domain::network::{NFS_PORT, Peer, Rule, SecurityGroup};

/// The security groups that the mount targets wear; an error when one could not be read.
fn worn<'a>(subject: &Subject<'a>) -> Seen<Vec<&'a SecurityGroup>> {
    let groups = subject.place.groups.as_ref().map_err(Clone::clone)?;
    let ids: BTreeSet<&SecurityGroupId> = subject
        .endpoints()?
        .into_iter()
        .filter_map(|(_, endpoint)| endpoint)
        .flat_map(|endpoint| &endpoint.groups)
        .collect();
    let read = |id: &SecurityGroupId| {
        let found = groups.get(id);
        found.ok_or_else(|| Unseen::because(format!("security group {id} could not be read")))
    };
    ids.into_iter().map(read).collect()
}

pub(in crate::audit) static WORLD: Check = Check {
    about: About {
        id: "nfs-not-open-to-the-world",
        title: "NFS is not open to every address",
        severity: Severity::Critical,
        why: "A rule for 0.0.0.0/0 or ::/0, or several that amount to it, leaves only routing between the data and everybody.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
            "GetManagedPrefixListEntries",
        ],
        controls: &[
            other("Security Hub", "EC2.19"),
            prowler("ec2_securitygroup_allow_ingress_from_internet_to_any_port"),
        ],
    },
    judge: world,
};

fn world(subject: &Subject<'_>) -> Seen<Outcome> {
    let groups = worn(subject)?;
    if groups.is_empty() {
        return Ok(Outcome::none("no mount target wears a security group"));
    }
    let place = subject.place;
    let firewalls = Firewalls {
        groups: place.groups.as_ref().map_err(Clone::clone)?,
        prefix_lists: &place.prefix_lists,
    };
    // Groups of one mount target add up; those of different ones do not.
    let mut open = BTreeSet::new();
    for (_, endpoint) in subject.endpoints()? {
        let groups = endpoint.map(|endpoint| endpoint.groups.clone());
        open.extend(open_to_world(&groups.unwrap_or_default(), &firewalls));
    }
    let unresolved = groups
        .iter()
        .flat_map(|group| &group.ingress)
        .find_map(|rule| match &rule.peer {
            Peer::PrefixList(id) if rule.covers(NFS_PORT) => Some((id, place.unresolved.get(id)?)),
            _ => None,
        });
    if let (true, Some((id, unseen))) = (open.is_empty(), unresolved) {
        return Err(Unseen {
            why: format!("prefix list {id} could not be resolved: {}", unseen.why),
            ..unseen.clone()
        });
    }
    let region = &place.region;
    let commands: Vec<String> = open
        .iter()
        .flat_map(|(id, range)| {
            let group = groups.iter().find(|group| group.id == *id);
            opening(group.map_or(&[], |group| &group.ingress), range)
                .into_iter()
                .map(move |rule| format!("aws ec2 revoke-security-group-ingress --group-id {id} --ip-permissions '{}' --region {region}", revoke(rule)))
        })
        .collect();
    let remedy = || match commands.as_slice() {
        [] => "take those ranges out of the prefix list".to_owned(),
        commands => format!(
            "admit the clients' groups or ranges, then: {}",
            commands.join("; ")
        ),
    };
    let evidence = open
        .iter()
        .map(|(group, range)| format!("{group} admits TCP {NFS_PORT} from {range}"))
        .collect();
    Ok(Outcome::unless(
        evidence,
        remedy,
        "no security group admits every address",
    ))
}

/// The rules by which a range is open: those for all of it, or else all that add up to it.
fn opening<'a>(rules: &'a [Rule], range: &IpNet) -> Vec<&'a Rule> {
    let of = |fits: &dyn Fn(&IpNet) -> bool| -> Vec<&'a Rule> {
        let by_range = |rule: &&Rule| match &rule.peer {
            Peer::Range(own) => rule.covers(NFS_PORT) && fits(own),
            Peer::Group(_) | Peer::PrefixList(_) => false,
        };
        rules.iter().filter(by_range).collect()
    };
    match of(&|own| own.contains(range)) {
        whole if !whole.is_empty() => whole,
        _ => of(&|own| range.contains(own)),
    }
}

/// A rule, in the words of `--ip-permissions`.
fn revoke(rule: &Rule) -> String {
    let ports = rule.ports.map_or(String::new(), |(from, to)| {
        format!(",FromPort={from},ToPort={to}")
    });
    let range = match &rule.peer {
        Peer::Range(range @ IpNet::V6(_)) => format!("Ipv6Ranges=[{{CidrIpv6={range}}}]"),
        peer => format!("IpRanges=[{{CidrIp={peer}}}]"),
    };
    format!("IpProtocol={}{ports},{range}", rule.protocol)
}

pub(in crate::audit) static DEFAULT_GROUP: Check = Check {
    about: About {
        id: "no-default-security-group",
        title: "no mount target wears the VPC's default security group",
        severity: Severity::Low,
        why: "Everything launched without a group wears it: its members, and so the clients of the file system, are whoever forgot to choose.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
        ],
        controls: &[other("Security Hub", "EC2.2")],
    },
    judge: |subject| {
        let groups = worn(subject)?;
        if groups.is_empty() {
            return Ok(Outcome::none("no mount target wears a security group"));
        }
        let default = |id: &SecurityGroupId| {
            groups
                .iter()
                .any(|group| group.id == *id && group.name == "default")
        };
        let endpoints = subject.endpoints()?;
        let wearers: Vec<_> = endpoints
            .iter()
            .filter(|(_, endpoint)| {
                endpoint.is_some_and(|endpoint| endpoint.groups.iter().any(default))
            })
            .map(|(mt, _)| &mt.id)
            .collect();
        let evidence = wearers
            .iter()
            .map(|id| format!("mount target {id} wears the default group of its VPC"))
            .collect();
        let region = &subject.place.region;
        Ok(Outcome::unless(
            evidence,
            || {
                let first = wearers.first().map_or("", |id| id.as_str());
                format!(
                    "aws efs modify-mount-target-security-groups --mount-target-id {first} --security-groups GROUP --region {region}"
                )
            },
            "none is a default group",
        ))
    },
};

pub(in crate::audit) static OTHER_PORTS: Check = Check {
    about: About {
        id: "only-nfs-admitted",
        title: "the security groups admit nothing but NFS",
        severity: Severity::Low,
        why: "A mount target listens on TCP 2049 only. Other rules mean that the group is shared with something else, and grows with its needs.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
        ],
        controls: &[],
    },
    judge: |subject| {
        let groups = worn(subject)?;
        if groups.is_empty() {
            return Ok(Outcome::none("no mount target wears a security group"));
        }
        let port = i32::from(NFS_PORT);
        let exact = |rule: &Rule| {
            matches!(rule.protocol.as_str(), "tcp" | "6") && rule.ports == Some((port, port))
        };
        let mut evidence = Vec::new();
        for group in groups {
            for rule in group.ingress.iter().filter(|rule| !exact(rule)) {
                let ports = match rule.ports {
                    None => "all ports".to_owned(),
                    Some((from, to)) if from == to => format!("{} {from}", rule.protocol),
                    Some((from, to)) => format!("{} {from}-{to}", rule.protocol),
                };
                evidence.push(format!("{} admits {ports} from {}", group.id, rule.peer));
            }
        }
        Ok(Outcome::unless(
            evidence,
            || {
                format!(
                    "give the mount targets a group of their own that admits TCP {NFS_PORT} and nothing else"
                )
            },
            "TCP 2049 and nothing else",
        ))
    },
};

pub(in crate::audit) static PUBLIC_SUBNET: Check = Check {
    about: About {
        id: "no-public-subnet",
        title: "no mount target is in a subnet that gives public addresses",
        severity: Severity::Medium,
        why: "A mount target itself gets no public address, but what is launched beside it does: clients of a file system belong into private subnets.",
        reads: &["DescribeMountTargets", "DescribeSubnets"],
        controls: &[
            hub("EFS.6"),
            prowler("efs_mount_target_not_publicly_accessible"),
            other("AWS Config", "efs-mount-target-public-accessible"),
        ],
    },
    judge: |subject| {
        let found = subject.mount_targets()?;
        if found.is_empty() {
            return Ok(Outcome::none("it has no mount target"));
        }
        let subnets = subject.place.subnets.as_ref().map_err(Clone::clone)?;
        let mut evidence = Vec::new();
        let mut first = None;
        for mt in found {
            let subnet = subnets.get(&mt.subnet).ok_or_else(|| {
                // A subnet shared by another account is not ours to describe.
                Unseen::because(format!("subnet {} could not be read", mt.subnet))
            })?;
            if subnet.gives_public_addresses {
                first.get_or_insert(&mt.subnet);
                evidence.push(format!(
                    "{} of mount target {} gives public addresses",
                    mt.subnet, mt.id
                ));
            }
        }
        let region = &subject.place.region;
        Ok(Outcome::unless(
            evidence,
            || {
                let first = first.map_or("", |id| id.as_str());
                format!(
                    "move the mount target to a private subnet, or: aws ec2 modify-subnet-attribute --subnet-id {first} --no-map-public-ip-on-launch --region {region}"
                )
            },
            "none gives public addresses",
        ))
    },
};
