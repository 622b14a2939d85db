//! From what was asked for to a place in this account, or the reason why there is none.

use std::collections::BTreeSet;

use super::Context;
use super::explain::explain;
use super::survey::{Raw, Survey};
use crate::cloud::{Cloud, Vpcs};
use crate::domain::action::Action;
use crate::domain::diff::{conflicts, diff};
use crate::domain::ids::{SecurityGroupId, Zone};
use crate::domain::layout::{self, Layout, LayoutError};
use crate::domain::network::{Peer, SecurityGroup, Source, Subnet};
use crate::domain::spec::{Access, Spec};
use crate::error::{Error, Kind};

/// Groups that were named and have to exist.
pub(super) fn known_groups(spec: &Spec) -> BTreeSet<SecurityGroupId> {
    match &spec.access {
        Access::Groups(groups) => groups.iter().cloned().collect(),
        Access::Make(sources) => sources
            .iter()
            .filter_map(|source| match source {
                Source::Group(id) => Some(id.clone()),
                Source::Itself | Source::Vpc | Source::Range(_) => None,
            })
            .collect(),
    }
}

pub(super) fn place(spec: &Spec, raw: &Raw) -> Result<Layout, Error> {
    let real: BTreeSet<&Zone> = raw
        .zones
        .iter()
        .filter(|zone| zone.is_availability_zone)
        .map(|zone| &zone.zone)
        .collect();
    let is_real = |zone: &Zone| real.is_empty() || real.contains(zone);
    let have = || {
        real.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (flag, zone) in spec
        .placement
        .zones
        .iter()
        .map(|z| ("--az", z))
        .chain(spec.one_zone.iter().map(|z| ("--one-zone", z)))
    {
        if !is_real(zone) {
            return Err(Error::usage(format!(
                "{flag} {zone} is not an Availability Zone of this region"
            ))
            .hint(format!("the region has {}", have())));
        }
    }
    if !spec.placement.subnets.is_empty()
        && let Some(subnet) = raw.subnets.iter().find(|subnet| !is_real(&subnet.zone))
    {
        return Err(Error::usage(format!(
            "--subnet {} is in {}, which is not an Availability Zone: EFS has no mount targets there",
            subnet.id, subnet.zone
        )));
    }
    let candidates: Vec<Subnet> = raw
        .subnets
        .iter()
        .filter(|subnet| is_real(&subnet.zone))
        .cloned()
        .collect();
    layout::choose(spec, &candidates).map_err(|error| match error {
        LayoutError::Nothing if spec.placement.vpc.is_none() && raw.vpcs.is_empty() => {
            Error::usage("this region has no default VPC to put mount targets in")
                .hint("name a VPC with --vpc vpc-…, or subnets with --subnet subnet-…")
        }
        LayoutError::NoSubnetInZone { .. } => Error::usage(error.to_string())
            .hint("make a subnet there, or leave the zone out of --az"),
        LayoutError::SeveralVpcs(_) => {
            Error::usage(error.to_string()).hint("give --subnet only subnets of one VPC")
        }
        error => Error::usage(error.to_string())
            .hint("see `efsctl create --help` for --vpc, --subnet, --az and --ip-type"),
    })
}

pub(super) async fn peers<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    layout: &Layout,
    raw: &Raw,
) -> Result<(BTreeSet<Peer>, bool), Error> {
    let Access::Make(sources) = &spec.access else {
        return Ok((BTreeSet::new(), false));
    };
    let mut peers = BTreeSet::new();
    for source in sources {
        match source {
            Source::Itself => {}
            Source::Group(id) => {
                peers.insert(Peer::Group(id.clone()));
            }
            Source::Range(range) => {
                peers.insert(Peer::Range(*range));
            }
            Source::Vpc => {
                let vpc = match raw.vpcs.iter().find(|vpc| vpc.id == layout.vpc) {
                    Some(vpc) => Some(vpc.clone()),
                    None => context
                        .cloud
                        .vpcs(&Vpcs::Id(layout.vpc.clone()))
                        .await
                        .map_err(|error| explain(&error, "looking at the VPC's address ranges"))?
                        .pop(),
                };
                peers.extend(vpc.into_iter().flat_map(|vpc| vpc.cidrs).map(Peer::Range));
            }
        }
    }
    Ok((peers, sources.contains(&Source::Itself)))
}

/// Groups to wear have to be in the VPC of the mount targets.
pub(super) fn check_groups(
    spec: &Spec,
    layout: &Layout,
    known: &[SecurityGroup],
) -> Result<(), Error> {
    let Access::Groups(_) = &spec.access else {
        return Ok(());
    };
    match known.iter().find(|group| group.vpc != layout.vpc) {
        Some(group) => Err(Error::usage(format!(
            "--security-group {} belongs to {}, but the mount targets are in {}",
            group.id, group.vpc, layout.vpc
        ))
        .hint("a mount target wears security groups of its own VPC")),
        None => Ok(()),
    }
}

/// Refuses, before the first write, what cannot end well.
pub(super) fn refuse(survey: &Survey) -> Result<(), Error> {
    let conflicts = conflicts(&survey.target, &survey.now);
    if let Some(first) = conflicts.first() {
        let name = &survey.target.spec.name;
        let fields: Vec<String> = conflicts
            .iter()
            .map(|conflict| {
                format!(
                    "{} is {}, not {}",
                    conflict.field, conflict.found, conflict.wanted
                )
            })
            .collect();
        let what = survey.now.file_system.as_ref().map_or_else(
            || format!("`{name}` is taken"),
            |fs| {
                format!(
                    "`{name}` exists as {} and differs in what cannot be changed",
                    fs.id
                )
            },
        );
        let hint = match first.field {
            "security_group_id" => "use that group with --security-group, or choose another NAME".to_owned(),
            "encrypted" | "kms_key_id" => {
                "encryption is fixed at creation: ask for what is there, or create another NAME and copy the data".to_owned()
            }
            _ => "ask for what is there, or choose another NAME".to_owned(),
        };
        return Err(
            Error::new(Kind::Conflict, format!("{what}: {}", fields.join("; "))).hint(hint),
        );
    }
    let next = diff(&survey.goal(), &survey.now);
    if !next.failed.is_empty() {
        return Err(Error::new(Kind::Failed, next.failed.join("; "))
            .hint("remove the cause, delete that mount target, and run the same command again"));
    }
    let full = survey.plan().into_iter().find_map(|action| match action {
        Action::CreateMountTarget { subnet, .. } => survey
            .target
            .layout
            .sites
            .iter()
            .find(|site| site.subnet == subnet && site.free_addresses == 0),
        _ => None,
    });
    if let Some(site) = full {
        return Err(Error::new(
            Kind::Failed,
            format!("subnet {} in {} has no free address for a mount target", site.subnet, site.zone),
        )
        .hint("free an address there, choose another subnet of that zone with --subnet, or leave the zone out with --az"));
    }
    Ok(())
}
