//! What is more open than it has to be.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::network::absent;
use super::{hub, other, prowler, wrongs};
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::{Known, RegionInventory, Unavailable};
use crate::audit::reach::{Doubt, Firewalls, is_wide, open_to_world};
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::{About, Severity};
use crate::domain::ids::SecurityGroupId;
use crate::domain::network::{NFS_PORT, Peer, Rule, SecurityGroup};

/// The security groups of the mount targets; an error when one could not be read, or a mount target's interface not be seen.
fn attached_groups<'a>(input: &CheckInput<'a>) -> Known<Vec<&'a SecurityGroup>> {
    let groups = input.inventory.groups.as_ref().map_err(Clone::clone)?;
    let mut ids: BTreeSet<&SecurityGroupId> = BTreeSet::new();
    for (mt, interface) in input.interfaces()? {
        let interface = interface.ok_or_else(|| absent(mt))?;
        ids.extend(&interface.groups);
    }
    let read = |id: &SecurityGroupId| {
        let found = groups.get(id);
        found.ok_or_else(|| Unavailable::because(format!("security group {id} could not be read")))
    };
    ids.into_iter().map(read).collect()
}

pub(in crate::audit) static WORLD: Check = Check {
    about: About {
        id: "nfs-not-open-to-the-world",
        title: "NFS is not open to the Internet",
        failure: "NFS is open to the Internet",
        severity: Severity::Critical,
        why: "A rule for 0.0.0.0/0 or ::/0, or several that add up to more public addresses than a /8 (IPv6: a /32) has, leaves only routing between the data and the Internet.",
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

fn world(input: &CheckInput<'_>) -> Known<Outcome> {
    let inventory = input.inventory;
    let firewalls = Firewalls {
        groups: inventory.groups.as_ref().map_err(Clone::clone)?,
        prefix_lists: &inventory.prefix_lists,
    };
    // Groups of one mount target add up; those of different ones do not.
    let mut open = BTreeSet::new();
    for (_, interface) in input.interfaces()? {
        let Some(interface) = interface else { continue };
        let of_family = |(_, net): &(SecurityGroupId, IpNet)| {
            let mut addresses = interface.addresses.iter();
            interface.addresses.is_empty()
                || addresses.any(|ip| ip.is_ipv4() == net.addr().is_ipv4())
        };
        let found = open_to_world(&interface.groups, &firewalls);
        open.extend(found.into_iter().filter(of_family));
    }
    if open.is_empty() {
        return closed(input);
    }
    let evidence = open
        .iter()
        .map(|(group, range)| format!("{group} allows TCP {NFS_PORT} from {range}"));
    let ways: BTreeSet<Advice> = open
        .iter()
        .filter_map(|(id, range)| Some((firewalls.groups.get(id)?, range)))
        .flat_map(|(group, range)| closing(group, range, inventory))
        .collect();
    let remedy = Advice::from("allow the clients' groups or ranges, then: ");
    let remedy = remedy.then(Advice::joined(ways, "; "));
    Ok(Outcome::fail(evidence, remedy))
}

/// Nothing is seen to be open: that is good, if all was seen.
fn closed(input: &CheckInput<'_>) -> Known<Outcome> {
    let groups = attached_groups(input)?;
    if groups.is_empty() {
        return Ok(Outcome::none("no mount target has a security group"));
    }
    let unresolved = groups
        .iter()
        .flat_map(|group| &group.ingress)
        .find_map(|rule| match &rule.peer {
            Peer::PrefixList(id) if rule.covers(NFS_PORT) => {
                Some((id, input.inventory.unresolved.get(id)?))
            }
            _ => None,
        });
    let unread = groups.iter().find_map(|group| {
        let mut rules = group.ingress.iter().filter(|rule| rule.covers(NFS_PORT));
        let peer = rules.find_map(|rule| match &rule.peer {
            Peer::Other(text) => Some(text.clone()),
            _ => None,
        })?;
        Some(Doubt::Peer(peer, group.id.clone()))
    });
    if let Some(doubt) = unread {
        return Err(Unavailable::because(doubt.to_string()));
    }
    match unresolved {
        Some((id, unavailable)) => Err(Unavailable {
            why: Advice::from(format!("prefix list {id} could not be resolved: "))
                .then(unavailable.why.clone()),
            ..unavailable.clone()
        }),
        None => Ok(Outcome::pass(
            "no security group allows a large part of the Internet",
        )),
    }
}

/// What closes a range that a group allows: its rules for all of it, or else the wide ones in it, or else all that add up to it.
fn closing(group: &SecurityGroup, range: &IpNet, inventory: &RegionInventory) -> Vec<Advice> {
    let nets = |rule: &Rule| -> Vec<IpNet> {
        match &rule.peer {
            Peer::Range(own) => vec![*own],
            Peer::PrefixList(id) => inventory.prefix_lists.get(id).cloned().unwrap_or_default(),
            Peer::Group(_) | Peer::Distant(_) | Peer::Other(_) => Vec::new(),
        }
    };
    let by = |fits: &dyn Fn(&IpNet) -> bool| -> Vec<&Rule> {
        let rules = group.ingress.iter();
        let fits = |rule: &&Rule| rule.covers(NFS_PORT) && nets(rule).iter().any(fits);
        rules.filter(fits).collect()
    };
    let mut rules = by(&|own| own.contains(range));
    if rules.is_empty() {
        rules = by(&|own| range.contains(own) && is_wide(own));
    }
    if rules.is_empty() {
        rules = by(&|own| range.contains(own));
    }
    let way = |rule: &Rule| match &rule.peer {
        Peer::PrefixList(id) => Advice::from(format!(
            "remove the ranges that are too wide from prefix list {id}"
        )),
        _ => Command::aws("ec2 revoke-security-group-ingress")
            .flag("--group-id", &group.id)
            .flag("--ip-permissions", revoke(rule))
            .into(),
    };
    rules.into_iter().map(way).collect()
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
        title: "no mount target has the VPC's default security group",
        failure: "a mount target has the VPC's default security group",
        severity: Severity::Low,
        why: "Everything launched without a security group gets it, and so becomes a client of the file system.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
        ],
        controls: &[other("Security Hub", "EC2.2")],
    },
    judge: |input| {
        let groups = attached_groups(input)?;
        if groups.is_empty() {
            return Ok(Outcome::none("no mount target has a security group"));
        }
        let default = |id: &SecurityGroupId| {
            groups
                .iter()
                .any(|group| group.id == *id && group.name == "default")
        };
        let interfaces = input.interfaces()?;
        let users: Vec<_> = interfaces
            .iter()
            .filter(|(_, interface)| {
                interface.is_some_and(|interface| interface.groups.iter().any(default))
            })
            .map(|(mt, _)| &mt.id)
            .collect();
        let evidence = users
            .iter()
            .map(|id| format!("mount target {id} has the default security group of its VPC"))
            .collect();
        Ok(Outcome::unless(
            evidence,
            || {
                let first = users.first().map_or("", |id| id.as_str());
                Command::aws("efs modify-mount-target-security-groups")
                    .flag("--mount-target-id", first)
                    .flag("--security-groups", "GROUP")
            },
            "none is a default group",
        ))
    },
};

pub(in crate::audit) static OTHER_PORTS: Check = Check {
    about: About {
        id: "only-nfs-admitted",
        title: "the security groups allow nothing but NFS",
        failure: "the security groups allow more than NFS",
        severity: Severity::Low,
        why: "A mount target listens on TCP 2049 only. Other rules mean that the group is shared with something else, and will grow with its needs.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
        ],
        controls: &[],
    },
    judge: |input| {
        let groups = attached_groups(input)?;
        if groups.is_empty() {
            return Ok(Outcome::none("no mount target has a security group"));
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
                evidence.push(format!("{} allows {ports} from {}", group.id, rule.peer));
            }
        }
        Ok(Outcome::unless(
            evidence,
            || {
                format!(
                    "attach to the mount targets a group of their own that allows TCP {NFS_PORT} and nothing else"
                )
            },
            "nothing besides TCP 2049",
        ))
    },
};

pub(in crate::audit) static PUBLIC_SUBNET: Check = Check {
    about: About {
        id: "no-public-subnet",
        title: "no mount target is in a subnet that assigns public addresses",
        failure: "a mount target is in a subnet that assigns public addresses",
        severity: Severity::Medium,
        why: "A mount target itself gets no public address, but what is launched beside it does: clients of a file system belong in private subnets.",
        reads: &["DescribeMountTargets", "DescribeSubnets"],
        controls: &[
            hub("EFS.6"),
            prowler("efs_mount_target_not_publicly_accessible"),
            other("AWS Config", "efs-mount-target-public-accessible"),
        ],
    },
    judge: |input| {
        let found = input.mount_targets()?;
        if found.is_empty() {
            return Ok(Outcome::none("it has no mount target"));
        }
        let subnets = input.inventory.subnets.as_ref().map_err(Clone::clone)?;
        let mut first = None;
        let judged = found.into_iter().map(|mt| {
            let subnet = subnets.get(&mt.subnet).ok_or_else(|| {
                // A subnet shared by another account is not ours to describe.
                Unavailable::because(format!("subnet {} could not be read", mt.subnet))
            })?;
            let public = subnet.gives_public_addresses.ok_or_else(|| {
                Unavailable::because(format!(
                    "EC2 does not report whether {} assigns public addresses",
                    mt.subnet
                ))
            })?;
            Ok(public.then(|| {
                first.get_or_insert(&mt.subnet);
                format!(
                    "{} of mount target {} assigns public addresses",
                    mt.subnet, mt.id
                )
            }))
        });
        let evidence = wrongs(judged)?;
        Ok(Outcome::unless(
            evidence,
            || {
                let first = first.map_or("", |id| id.as_str());
                let close = Command::aws("ec2 modify-subnet-attribute")
                    .flag("--subnet-id", first)
                    .arg("--no-map-public-ip-on-launch");
                Advice::from("move the mount target to a private subnet, or: ").run(close)
            },
            "none assigns public addresses",
        ))
    },
};
