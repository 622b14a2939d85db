//! What cannot end well, refused before the first write.

use super::placement::Survey;
use crate::domain::action::Action;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::diff::{Attribute, conflicts, diff};
use crate::domain::field::Field;
use crate::domain::goal::Owner;
use crate::domain::settings::{Key, Lifecycle, Throughput, Wish};
use crate::domain::spec::Combination;
use crate::domain::state::State;
use crate::error::{Code, Error};

/// Refuses, before the first write, what cannot end well.
///
/// # Errors
///
/// Why it cannot end well, with what to do about it.
pub fn refuse(survey: &Survey) -> Result<(), Error> {
    contradicts_what_exists(survey)?;
    result_fits(survey)?;
    let next = diff(&survey.goal(), &survey.observed);
    if !next.failed.is_empty() {
        let message = next.failed.join("; ");
        let network = survey.desired.network.as_ref();
        let needs_groups = network.is_some_and(|network| {
            let groups = survey.desired.given_groups(network);
            !network.placement.zones.is_empty() && groups.is_some_and(|groups| groups.is_empty())
        });
        if needs_groups {
            return Err(Error::new(Code::AccessDenied, message).hint(advice![
                "the caller needs the IAM action ec2:DescribeNetworkInterfaces; if you have this permission, retry in a minute; or name the groups: ",
                (Field::SecurityGroup, "sg-…"),
            ]));
        }
        let broken = survey
            .observed
            .mount_targets
            .iter()
            .filter(|mt| mt.state == State::Error);
        let remove: Vec<Advice> = broken
            .map(|mt| Command::aws("efs delete-mount-target").flag("--mount-target-id", &mt.id))
            .map(Advice::from)
            .collect();
        let hint = if remove.is_empty() {
            Advice::from("restore it from a backup under another NAME")
        } else {
            Advice::from("remove the cause; then: ")
                .then(Advice::joined(remove, " && "))
                .text("; then run the same command again")
        };
        return Err(Error::new(Code::InErrorState, message).hint(hint));
    }
    let full = survey.plan().iter().find_map(|action| match action {
        Action::CreateMountTarget { subnet, .. } => survey
            .desired
            .network
            .as_ref()?
            .placement
            .zones
            .iter()
            .find(|zone| zone.subnet == *subnet && zone.free_addresses == 0),
        _ => None,
    });
    if let Some(zone) = full {
        let full = format!(
            "subnet {} in {} has no free address for a mount target",
            zone.subnet, zone.zone
        );
        let message = if zone.explicit {
            advice![Field::Subnet, ": ", full]
        } else {
            full.into()
        };
        return Err(Error::new(Code::NoFreeAddress, message).hint(advice![
            "free an address there, choose another subnet of that zone with ",
            Field::Subnet,
            ", or leave the zone out with ",
            Field::Zone,
        ]));
    }
    Ok(())
}

/// Differences that cannot be changed, reported field by field.
fn contradicts_what_exists(survey: &Survey) -> Result<(), Error> {
    let conflicts = conflicts(&survey.desired, &survey.observed);
    if let Some(first) = conflicts.first() {
        let name = &survey.desired.spec.name;
        let fields: Vec<String> = conflicts
            .iter()
            .map(|conflict| {
                format!(
                    "{} is {} (wanted {})",
                    conflict.attribute.as_str(),
                    conflict.found,
                    conflict.wanted
                )
            })
            .collect();
        if first.attribute == Attribute::SecurityGroupId && conflicts.len() == 1 {
            return Err(Error::new(
                Code::NameTaken,
                format!(
                    "the security group name {} is taken: {}",
                    name.security_group(),
                    first.found
                ),
            )
            .hint(match survey.desired.owner {
                Owner::Efsctl => advice![
                    "choose another NAME, or, if you trust that group, use it with ",
                    Field::SecurityGroup,
                ],
                Owner::Found { .. } => Advice::from(
                    "delete that group if it is unused, or create the first mount target yourself: ",
                )
                .run(Command::aws("efs create-mount-target").flag("--subnet-id", "SUBNET")),
            }));
        }
        let what = survey.observed.file_system.as_ref().map_or_else(
            || format!("`{name}` is taken"),
            |fs| match survey.desired.owner {
                Owner::Efsctl => {
                    format!("`{name}` exists as {} with other immutable settings", fs.id)
                }
                Owner::Found { .. } => format!("{} cannot be changed so", fs.id),
            },
        );
        let of_found = matches!(survey.desired.owner, Owner::Found { .. });
        let hint = match first.attribute {
            Attribute::Encrypted | Attribute::KmsKeyId => {
                "encryption is fixed at creation: adjust the request to match, or create another NAME and copy the data".into()
            }
            Attribute::Setting(Key::Protection) if of_found => {
                "it is the read-only copy of a replication: its protection changes when the replication is deleted".into()
            }
            Attribute::Setting(Key::Protection) => {
                "it is the read-only copy of a replication: choose another NAME, or mount it as it is".into()
            }
            Attribute::Setting(Key::Policy) => advice![
                "give the whole policy with ",
                (Field::Policy, "file://PATH"),
                ", or remove it first with ",
                (Field::Policy, "none"),
            ],
            Attribute::Setting(Key::Replication) => advice![
                "a file system has one copy: end the replication first, in a run of its own: ",
                (Field::ReplicateTo, "none"),
                "; that of a copy is configured at its source",
            ],
            Attribute::Setting(Key::Lifecycle) => {
                advice![
                    "it has a transition that this version of efsctl cannot read, and the whole policy would be replaced: leave ",
                    Field::Transitions,
                    " out",
                ]
            }
            Attribute::SubnetId if of_found => {
                "a zone has one mount target: to have it in another subnet, remove it first, in a run of its own".into()
            }
            Attribute::VpcId if of_found => {
                "all mount targets of a file system are in one VPC".into()
            }
            _ => Advice::from("adjust the request to match, or choose another NAME"),
        };
        let message = format!("{what}: {}", fields.join("; "));
        return Err(Error::new(Code::SettingsDiffer, message).hint(hint));
    }
    Ok(())
}

/// Settings are fixed, or stay unless they are named: what would result has to be something EFS takes.
fn result_fits(survey: &Survey) -> Result<(), Error> {
    let (spec, observed) = (&survey.desired.spec, &survey.observed);
    let wishes = &spec.settings;
    let judged = [Key::Lifecycle, Key::Throughput];
    if !wishes.asked().any(|key| judged.contains(&key)) {
        return Ok(());
    }
    let found = observed.file_system.as_ref();
    let lifecycle = observed.settings.get::<Lifecycle>().cloned();
    let lifecycle = lifecycle.unwrap_or_default();
    // A mode that is not known is not judged: AWS decides.
    let throughput = match &wishes.throughput {
        Wish::Set(throughput) => Some(*throughput),
        Wish::Clear => Some(Throughput::default()),
        Wish::Leave => match found {
            Some(fs) => fs.throughput().known().copied(),
            None => Some(Throughput::default()),
        },
    };
    let result = Combination {
        performance: found.map_or(spec.performance, |fs| fs.performance.known().copied()),
        throughput,
        lifecycle: lifecycle.with(&wishes.lifecycle),
        is_one_zone: spec.one_zone.is_some(),
    };
    result.check().map_err(|error| {
        let hint = match found {
            Some(fs) => Advice::from(format!(
                "the file system has: performance {}, throughput {}, lifecycle {lifecycle}; settings that are not named stay",
                fs.performance.as_str(),
                fs.throughput()
            )),
            None => advice!["add ", (Field::Throughput, "elastic")],
        };
        Error::from(error).hint(hint)
    })
}
