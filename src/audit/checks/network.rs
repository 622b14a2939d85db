//! The network around the mount targets, for any clients: security groups, network ACLs, DNS.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{other, wrongs};
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::{Known, Unavailable};
use crate::audit::reach::{self, Doubt, Firewalls};
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::{About, Severity};
use crate::domain::ids::{SecurityGroupId, VpcId};
use crate::domain::network::{EncryptionControl, NFS_PORT, NetworkInterface};
use crate::domain::state::MountTarget;

pub(in crate::audit) static ADMITTED: Check = Check {
    about: About {
        id: "nfs-admitted",
        title: "every mount target has a rule that allows NFS",
        failure: "a mount target has no rule that allows NFS",
        severity: Severity::High,
        why: "Security groups without a rule for TCP 2049 let no client in: the mount hangs and times out.",
        reads: &[
            "DescribeMountTargets",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
            "GetManagedPrefixListEntries",
        ],
        controls: &[],
    },
    judge: allowed,
};

/// A mount target without its network interface.
pub(super) fn absent(mt: &MountTarget) -> Unavailable {
    Unavailable::because(format!("the network interface of {} does not exist", mt.id))
}

fn allowed(input: &CheckInput<'_>) -> Known<Outcome> {
    let inventory = input.inventory;
    let firewalls = Firewalls {
        groups: inventory.groups.as_ref().map_err(Clone::clone)?,
        prefix_lists: &inventory.prefix_lists,
    };
    let interfaces = input.interfaces()?;
    if interfaces.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let (mut evidence, mut doubts) = (Vec::new(), Vec::new());
    let mut remedy = None;
    for (mt, interface) in interfaces {
        let Some(interface) = interface else {
            doubts.push(absent(mt));
            continue;
        };
        match reach::allow_some(&interface.groups, &interface.addresses, &firewalls) {
            Ok(true) => {}
            Err(Doubt::PrefixList(id, _)) if inventory.unresolved.contains_key(&id) => {
                doubts.extend(inventory.unresolved.get(&id).cloned());
            }
            Err(doubt) => doubts.push(Unavailable::because(doubt.to_string())),
            Ok(false) => {
                let attached: Vec<&str> = interface
                    .groups
                    .iter()
                    .map(SecurityGroupId::as_str)
                    .collect();
                evidence.push(format!(
                    "no rule of {} allows TCP {NFS_PORT} to {} in {}",
                    attached.join(", "),
                    mt.id,
                    mt.zone
                ));
                remedy.get_or_insert_with(|| {
                    Command::aws("ec2 authorize-security-group-ingress")
                        .flag("--group-id", attached.first().unwrap_or(&"GROUP"))
                        .flag("--protocol", "tcp")
                        .flag("--port", NFS_PORT)
                        .flag("--source-group", "GROUP-OF-THE-CLIENTS")
                });
            }
        }
    }
    if let (true, Some(doubt)) = (evidence.is_empty(), doubts.into_iter().next()) {
        return Err(doubt);
    }
    Ok(Outcome::unless(
        evidence,
        || remedy.map(Advice::from).unwrap_or_default(),
        "each has a rule for TCP 2049",
    ))
}

pub(in crate::audit) static ACL: Check = Check {
    about: About {
        id: "network-acl-admits-nfs",
        title: "the network ACLs allow NFS within the VPC",
        failure: "a network ACL blocks NFS within the VPC",
        severity: Severity::Medium,
        why: "Network ACLs are stateless: they have to allow TCP 2049 in and the answers (1024-65535) out. Checked for clients anywhere in the VPC.",
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

fn acl(input: &CheckInput<'_>) -> Known<Outcome> {
    // Which addresses a mount target has, its interface tells; without it, the one that EFS tells has to do.
    let found: Vec<_> = match input.interfaces() {
        Ok(found) => found,
        Err(_) => input
            .mount_targets()?
            .into_iter()
            .map(|mt| (mt, None))
            .collect(),
    };
    if found.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let judged = found
        .into_iter()
        .map(|(mt, interface)| walled(input, mt, interface));
    Ok(Outcome::unless(
        wrongs(judged)?,
        || {
            format!(
                "in that network ACL allow TCP {NFS_PORT} in from the VPC, and TCP 1024-65535 out to it"
            )
        },
        "TCP 2049 is allowed in and answers out",
    ))
}

/// Whom of the VPC the network ACL keeps from a mount target.
fn walled(
    input: &CheckInput<'_>,
    mt: &MountTarget,
    interface: Option<&NetworkInterface>,
) -> Known<Option<String>> {
    let inventory = input.inventory;
    let vpcs = inventory.vpcs.as_ref().map_err(Clone::clone)?;
    let acl = inventory.acl(&mt.subnet)?;
    let acl = acl.ok_or_else(|| {
        Unavailable::because(format!("the network ACL of {} does not exist", mt.subnet))
    })?;
    let vpc = mt.vpc.as_ref().and_then(|id| vpcs.get(id));
    let vpc =
        vpc.ok_or_else(|| Unavailable::because(format!("the VPC of {} could not be read", mt.id)))?;
    let is_v4 = |range: &IpNet| range.addr().is_ipv4();
    let families: BTreeSet<bool> = match interface {
        Some(interface) => interface.addresses.iter().map(IpAddr::is_ipv4).collect(),
        None => mt.ip.iter().map(IpAddr::is_ipv4).collect(),
    };
    if families.is_empty() {
        return Err(Unavailable::because(format!(
            "the address of {} is not known",
            mt.id
        )));
    }
    let of_family = vpc
        .cidrs
        .iter()
        .filter(|range| families.contains(&is_v4(range)));
    let of_family: Vec<IpNet> = of_family.copied().collect();
    let subnets = inventory.subnets.as_ref().map_err(Clone::clone)?;
    let inside = subnets.get(&mt.subnet).map(|subnet| subnet.ranges.clone());
    let refused = acl.refused(&of_family, &inside.unwrap_or_default());
    if !refused.is_empty() {
        let more = if refused.len() > 4 { ", …" } else { "" };
        let listed: Vec<String> = refused.iter().take(4).map(ToString::to_string).collect();
        return Ok(Some(format!(
            "{} of {} blocks clients in {}{more}",
            acl.id,
            mt.subnet,
            listed.join(", ")
        )));
    }
    // Which addresses it has besides the one that EFS tells, only its interface would tell.
    match (interface, &inventory.interfaces) {
        (None, Err(unavailable)) if vpc.cidrs.iter().any(is_v4) != vpc.cidrs.iter().all(is_v4) => {
            Err(unavailable.clone())
        }
        _ => Ok(None),
    }
}

pub(in crate::audit) static ENCRYPTION: Check = Check {
    about: About {
        id: "vpc-encryption-controls",
        title: "every VPC that enforces encryption in transit excludes EFS from it",
        failure: "a VPC enforces encryption in transit and does not exclude EFS",
        severity: Severity::Medium,
        why: "In such a VPC mount targets count as not compliant unless Elastic File System is excluded: creating one may be refused, and existing ones keep the VPC from enforcing.",
        reads: &["DescribeMountTargets", "DescribeVpcs"],
        controls: &[],
    },
    judge: encryption,
};

/// VPC user guide, "VPC encryption controls": modes, states, and exclusions.
fn encryption(input: &CheckInput<'_>) -> Known<Outcome> {
    let found = input.mount_targets()?;
    let ids: BTreeSet<&VpcId> = found.iter().filter_map(|mt| mt.vpc.as_ref()).collect();
    if ids.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let vpcs = input.inventory.vpcs.as_ref().map_err(Clone::clone)?;
    let (mut passes, mut remedy) = (Vec::new(), None);
    let mut judged = Vec::new();
    for id in ids {
        let Some(vpc) = vpcs.get(id) else {
            judged.push(Err(Unavailable::because(format!("{id} could not be read"))));
            continue;
        };
        let control = vpc.encryption.as_ref();
        let Some(control) =
            control.filter(|one| !matches!(one.state.as_str(), "deleting" | "deleted"))
        else {
            continue;
        };
        judged.push(shut_out(id, control).map(|outcome| match outcome {
            Ok(pass) => {
                passes.push(pass);
                None
            }
            Err(why) => {
                remedy.get_or_insert_with(|| {
                    let id = control.id.as_deref().unwrap_or("ID-OF-ITS-CONTROL");
                    Command::aws("ec2 modify-vpc-encryption-control")
                        .flag("--vpc-encryption-control-id", id)
                        .flag("--mode", &control.mode)
                        .flag("--elastic-file-system-exclusion", "enable")
                });
                Some(why)
            }
        }));
    }
    if judged.is_empty() {
        return Ok(Outcome::none("its VPC controls no encryption"));
    }
    let evidence = wrongs(judged)?;
    Ok(Outcome::unless(
        evidence,
        || remedy.map(Advice::from).unwrap_or_default(),
        passes.join("; "),
    ))
}

/// Whether a VPC shuts EFS out: why not, or else how.
fn shut_out(vpc: &VpcId, control: &EncryptionControl) -> Known<Result<String, String>> {
    let excluded = control.efs_excluded.as_deref();
    match (control.mode.as_str(), excluded) {
        ("monitor", _) => Ok(Ok(format!(
            "{vpc} monitors encryption: what it reports of mount targets blocks no traffic"
        ))),
        ("enforce", Some("enabled" | "enabling")) => {
            Ok(Ok(format!("{vpc} enforces encryption and excludes EFS")))
        }
        ("enforce", None | Some("disabled" | "disabling")) => Ok(Err(format!(
            "{vpc} enforces encryption ({}) and does not exclude EFS",
            control.state
        ))),
        ("enforce", Some(word)) => Err(Unavailable::unknown_word(
            format!("the exclusion of EFS in {vpc}"),
            word,
        )),
        (word, _) => Err(Unavailable::unknown_word(
            format!("the mode of the encryption control of {vpc}"),
            word,
        )),
    }
}

pub(in crate::audit) static DNS: Check = Check {
    about: About {
        id: "vpc-dns",
        title: "the DNS name of the file system resolves in its VPC",
        failure: "the DNS name of the file system does not resolve in its VPC",
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

fn dns(input: &CheckInput<'_>) -> Known<Outcome> {
    let found = input.mount_targets()?;
    let vpcs: BTreeSet<&VpcId> = found.iter().filter_map(|mt| mt.vpc.as_ref()).collect();
    if vpcs.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let mut evidence = Vec::new();
    let mut remedy = None;
    for vpc in vpcs {
        let Some(dns) = input.inventory.dns.get(vpc) else {
            // Which VPCs have mount targets is known by the network interfaces.
            input.inventory.interfaces.as_ref().map_err(Clone::clone)?;
            return Err(Unavailable::because(format!(
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
                    Command::aws("ec2 modify-vpc-attribute")
                        .flag("--vpc-id", vpc)
                        .arg(format!("--{flag}"))
                });
            }
        }
    }
    Ok(Outcome::unless(
        evidence,
        || remedy.map(Advice::from).unwrap_or_default(),
        "both attributes are on",
    ))
}
