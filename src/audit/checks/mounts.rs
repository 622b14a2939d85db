//! Mount targets: are they there, ready, and where they are needed.

use crate::domain::text::{counted, list};
use std::collections::{BTreeMap, BTreeSet};

use super::{prowler, wrongs};
use crate::audit::check::{Check, CheckInput, Outcome};
use crate::audit::facts::{Known, Unavailable};
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::finding::{About, Severity};
use crate::domain::ids::Zone;
use crate::domain::network::Subnet;
use crate::domain::state::{MountTarget, State};

pub(in crate::audit) static FILE_SYSTEM_STATE: Check = Check {
    about: About {
        id: "file-system-state",
        title: "the file system is available",
        failure: "the file system is not available",
        severity: Severity::High,
        why: "In any other state no new mounts and no changes are possible. `error` is permanent: the zone of a One Zone file system was lost.",
        reads: &["DescribeFileSystems"],
        controls: &[],
    },
    judge: |input| {
        let fs = &input.facts.file_system;
        Ok(match fs.state {
            State::Available => Outcome::pass("available"),
            State::Other(ref word) => return Err(Unavailable::unknown_word(&fs.id, word)),
            _ => {
                let remedy = match fs.state {
                    State::Error => "restore a backup into a new file system".into(),
                    State::Deleting => {
                        let wait = Command::efsctl("wait").arg(&fs.id);
                        Advice::from("wait until it is deleted: ")
                            .run(wait.flag("--for", "deleted"))
                    }
                    _ => Advice::from("wait for it: ").run(Command::efsctl("wait").arg(&fs.id)),
                };
                Outcome::fail([format!("{} is {}", fs.id, fs.state)], remedy)
            }
        })
    },
};

pub(in crate::audit) static PRESENT: Check = Check {
    about: About {
        id: "mount-target-present",
        title: "the file system has a mount target",
        failure: "the file system has no usable mount target",
        severity: Severity::High,
        why: "Without a mount target no client can reach it.",
        reads: &["DescribeMountTargets"],
        controls: &[],
    },
    judge: |input| {
        let state = &input.facts.file_system.state;
        if *state == State::Creating {
            return Ok(Outcome::none("the file system is still being created"));
        }
        if *state == State::Error {
            return Ok(Outcome::none("the file system is in permanent error"));
        }
        let broken = !input.mount_targets()?.is_empty();
        if let (true, Some(unclear)) = (input.sound_mount_targets()?.is_empty(), input.unclear()) {
            return Err(unclear);
        }
        let count = input.sound_mount_targets()?.len();
        let none = (count == 0).then(|| {
            if broken {
                "all its mount targets are in error".to_owned()
            } else {
                "it has no mount target".to_owned()
            }
        });
        Ok(Outcome::unless(
            none.into_iter().collect(),
            || {
                if broken {
                    Advice::from("see mount-target-state: what is in error has to be deleted first")
                } else {
                    create_in(input, "SUBNET").into()
                }
            },
            counted(count, "mount target"),
        ))
    },
};

/// The command that makes a mount target.
fn create_in(input: &CheckInput<'_>, subnet: &str) -> Command {
    input.aws_efs(
        "create-mount-target",
        &format!("--subnet-id {subnet} --security-groups GROUP"),
    )
}

pub(in crate::audit) static STATE: Check = Check {
    about: About {
        id: "mount-target-state",
        title: "every mount target is available",
        failure: "a mount target is not available",
        severity: Severity::High,
        why: "Clients of its zone cannot mount through it. `error` is permanent, and comes from a Route 53 private hosted zone for the EFS domain in the VPC.",
        reads: &["DescribeMountTargets"],
        controls: &[],
    },
    judge: |input| {
        let found = input.mount_targets()?;
        if found.is_empty() {
            return Ok(Outcome::none("it has no mount target"));
        }
        let judged = found.iter().map(|mt| match &mt.state {
            State::Available => Ok(None),
            State::Other(word) => Err(Unavailable::unknown_word(
                format!("mount target {}", mt.id),
                word,
            )),
            state => Ok(Some(format!(
                "mount target {} in {} is {state}",
                mt.id, mt.zone
            ))),
        });
        let evidence = wrongs(judged)?;
        let remedy = || match found.iter().find(|mt| mt.state == State::Error) {
            Some(mt) => {
                let delete = Command::aws("efs delete-mount-target");
                Advice::from(
                    "disassociate the private hosted zone for the EFS domain from the VPC, then: ",
                )
                .run(delete.flag("--mount-target-id", &mt.id))
                .text(", and create it again")
            }
            None => Advice::from("wait for them: ").run(Command::efsctl("wait").arg(input.id())),
        };
        Ok(Outcome::unless(evidence, remedy, "all are available"))
    },
};

pub(in crate::audit) static ZONES_OF_CLIENTS: Check = Check {
    about: About {
        id: "zones-of-clients",
        title: "every zone with clients has a mount target",
        failure: "a zone with clients has no mount target",
        severity: Severity::Medium,
        why: "A client in a zone without a mount target crosses zones: it pays for the traffic, waits longer, and is cut off when the other zone fails. Checked when clients (--client) or zones (--az) are given.",
        reads: &["DescribeMountTargets", "DescribeSubnets"],
        controls: &[prowler("efs_multi_az_enabled")],
    },
    judge: zones_of_clients,
};

fn zones_of_clients(input: &CheckInput<'_>) -> Known<Outcome> {
    let mut wanted: BTreeMap<Zone, Advice> = input
        .rules
        .zones
        .iter()
        .map(|zone| (zone.clone(), Field::Zone.into()))
        .collect();
    let inhabited: BTreeSet<_> = input
        .clients
        .iter()
        .flat_map(|client| client.subnets.iter().map(move |id| (id, &client.stated)))
        .collect();
    let mut local = BTreeSet::new();
    if !inhabited.is_empty() {
        let subnets = input.inventory.subnets.as_ref().map_err(Clone::clone)?;
        for (id, client) in inhabited {
            let Some(Subnet { zone, .. }) = subnets.get(id) else {
                continue;
            };
            if zone.is_availability_zone_of(&input.inventory.region) {
                let why = format!("client {client}");
                wanted.entry(zone.clone()).or_insert_with(|| why.into());
            } else {
                local.insert(zone.as_str());
            }
        }
    }
    if wanted.is_empty() && !local.is_empty() {
        return Ok(Outcome::none(format!(
            "the clients are in {}, where EFS has no mount targets",
            list(local)
        )));
    }
    if wanted.is_empty() {
        return Ok(Outcome::none(advice![
            "neither clients in subnets (",
            Field::Client,
            ") nor zones (",
            Field::Zone,
            ") are given",
        ]));
    }
    let sound = input.sound_mount_targets()?;
    let have: BTreeSet<&Zone> = sound.iter().map(|mt| &mt.zone).collect();
    // A One Zone file system takes no second mount target: that is another check.
    if let Some(only) = &input.facts.file_system.one_zone {
        wanted.retain(|zone, _| zone == only);
        if wanted.is_empty() {
            return Ok(Outcome::none(format!(
                "it is a One Zone file system in {only}"
            )));
        }
    }
    let missing: Vec<Advice> = wanted
        .iter()
        .filter(|(zone, _)| !have.contains(zone))
        .map(|(zone, why)| {
            let missing = Advice::from(format!("no mount target in {zone} ("));
            missing.then(why.clone()).text(")")
        })
        .collect();
    if let (false, Some(unclear)) = (missing.is_empty(), input.unclear()) {
        return Err(unclear);
    }
    let zones: Vec<&str> = wanted.keys().map(Zone::as_str).collect();
    let remedy = || create_in(input, "SUBNET-OF-THAT-ZONE");
    Ok(Outcome::unless(
        missing,
        remedy,
        format!("mount targets in {}", zones.join(", ")),
    ))
}

pub(in crate::audit) static EXPECTED_PLACEMENT: Check = Check {
    about: About {
        id: "expected-placement",
        title: "mount targets are in the expected subnets and VPC",
        failure: "mount targets are not in the expected subnets and VPC",
        severity: Severity::Medium,
        why: "A mount target in another subnet has other network ACLs and routes than were planned. Checked when --subnet or --vpc is given.",
        reads: &["DescribeMountTargets"],
        controls: &[],
    },
    judge: placement,
};

fn placement(input: &CheckInput<'_>) -> Known<Outcome> {
    let rules = input.rules;
    if rules.subnets.is_empty() && rules.vpc.is_none() {
        return Ok(Outcome::none(advice![
            "no subnet (",
            Field::Subnet,
            ") and no VPC (",
            Field::Vpc,
            ") is expected",
        ]));
    }
    let found = input.mount_targets()?;
    if found.is_empty() && rules.subnets.is_empty() {
        return Ok(Outcome::none("it has no mount target"));
    }
    let have: BTreeSet<_> = found.iter().map(|mt| &mt.subnet).collect();
    let mut absent = rules
        .subnets
        .iter()
        .filter(|id| !have.contains(id))
        .peekable();
    let first = absent.peek().map(|id| create_in(input, id.as_str()));
    let mut evidence: Vec<String> = absent
        .map(|id| format!("no mount target in {id}"))
        .collect();
    let missing = evidence.len();
    let astray =
        |mt: &&&MountTarget| !rules.subnets.is_empty() && !rules.subnets.contains(&mt.subnet);
    evidence.extend(
        found
            .iter()
            .filter(astray)
            .map(|mt| format!("mount target {} is in {}", mt.id, mt.subnet)),
    );
    let elsewhere =
        |mt: &&&MountTarget| mt.vpc.is_some() && rules.vpc.is_some() && mt.vpc != rules.vpc;
    evidence.extend(found.iter().filter(elsewhere).map(|mt| {
        let vpc = mt.vpc.as_ref().map_or("another VPC", |vpc| vpc.as_str());
        format!("mount target {} is in {vpc}", mt.id)
    }));
    let misplaced = evidence.len() > missing;
    Ok(Outcome::unless(
        evidence,
        || {
            match first {
            Some(create) if !misplaced => Advice::from(create),
            _ => "mount targets cannot be moved, a zone takes one, and all have to be in one VPC: delete those that are not expected, then create them where they are expected".into(),
        }
        },
        "as expected",
    ))
}

pub(in crate::audit) static SEVERAL_ZONES: Check = Check {
    about: About {
        id: "mount-targets-in-several-zones",
        title: "a Regional file system has mount targets in several zones",
        failure: "a Regional file system has mount targets in one zone only",
        severity: Severity::Medium,
        why: "With one mount target, the loss of its zone cuts off all clients although the data survives.",
        reads: &["DescribeMountTargets"],
        controls: &[prowler("efs_multi_az_enabled")],
    },
    judge: |input| {
        if let Some(zone) = &input.facts.file_system.one_zone {
            return Ok(Outcome::none(format!(
                "it is a One Zone file system in {zone}"
            )));
        }
        let found = input.sound_mount_targets()?;
        let zones: BTreeSet<&str> = found.iter().map(|mt| mt.zone.as_str()).collect();
        if let (true, Some(unclear)) = (zones.len() < 2, input.unclear()) {
            return Err(unclear);
        }
        if found.is_empty() {
            return Ok(Outcome::none(
                "it has no mount target, or none that is not in error",
            ));
        }
        let listed = list(&zones);
        let evidence = (zones.len() < 2).then(|| format!("only in {listed}"));
        Ok(Outcome::unless(
            evidence.into_iter().collect(),
            || create_in(input, "SUBNET-OF-ANOTHER-ZONE"),
            format!("in {listed}"),
        ))
    },
};

pub(in crate::audit) static ONE_ZONE_STORAGE: Check = Check {
    about: About {
        id: "data-in-several-zones",
        title: "the data is stored in several zones",
        failure: "the data is stored in one zone only",
        severity: Severity::Medium,
        why: "One Zone storage is lost with its zone. It is cheaper, and right for data that can be recreated.",
        reads: &["DescribeFileSystems"],
        controls: &[prowler("efs_multi_az_enabled")],
    },
    judge: |input| {
        let one = input.facts.file_system.one_zone.as_ref();
        let evidence = one.map(|zone| format!("all data is in {zone}"));
        Ok(Outcome::unless(
            evidence.into_iter().collect(),
            || {
                "cannot be fixed in place: replicate it to a Regional file system, or copy the data; or add an exception to the config file".to_owned()
            },
            "Regional storage",
        ))
    },
};

pub(in crate::audit) static INTERFACE: Check = Check {
    about: About {
        id: "mount-target-interface",
        title: "every mount target has its network interface",
        failure: "a mount target has lost its network interface",
        severity: Severity::Medium,
        why: "The interface has the address and the security groups. Without the interface, or without a group on it, no client can use the mount target.",
        reads: &["DescribeMountTargets", "DescribeNetworkInterfaces"],
        controls: &[],
    },
    judge: |input| {
        let found = input.interfaces()?;
        if found.is_empty() {
            return Ok(Outcome::none("it has no mount target"));
        }
        let wrong = |(mt, interface): &(
            &MountTarget,
            Option<&crate::domain::network::NetworkInterface>,
        )| {
            match interface {
                None => Some(format!("the network interface of {} does not exist", mt.id)),
                Some(interface) if interface.groups.is_empty() => Some(format!(
                    "{} of {} has no security group",
                    interface.id, mt.id
                )),
                Some(_) => None,
            }
        };
        Ok(Outcome::unless(
            found.iter().filter_map(wrong).collect(),
            || "delete the mount target and create it again".to_owned(),
            "each has one, with security groups",
        ))
    },
};
