//! The mount targets that a spec asks for, each in its subnet.

use crate::domain::text::list;
use std::collections::{BTreeMap, BTreeSet};

use super::{Choice, PlacementError, Preferences, best_subnets, carries};
use crate::domain::ids::{SubnetId, VpcId, Zone};
use crate::domain::keyword::Keyword;
use crate::domain::network::Subnet;
use crate::domain::spec::Spec;

/// One mount target that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZonePlacement {
    /// In this zone.
    pub zone: Zone,
    /// In this subnet.
    pub subnet: SubnetId,
    /// Addresses free there when it was chosen.
    pub free_addresses: u32,
    /// Someone named this very subnet: another one of the zone will not do.
    pub explicit: bool,
    /// How many other subnets of the zone could have been chosen.
    pub others: usize,
}

impl ZonePlacement {
    /// The placement of a choice; `explicit`: that subnet was named.
    pub fn of(choice: &Choice<'_>, explicit: bool) -> Self {
        Self {
            zone: choice.subnet.zone.clone(),
            subnet: choice.subnet.id.clone(),
            free_addresses: choice.subnet.free_addresses,
            explicit,
            others: choice.others.len(),
        }
    }
}

/// Where mount targets are wanted: one VPC, at most one mount target per zone, in the order of the zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The VPC.
    pub vpc: VpcId,
    /// One for each zone.
    pub zones: Vec<ZonePlacement>,
    /// What was decided in a zone and should be reported.
    pub notes: Vec<(Zone, String)>,
}

/// Whether subnets that were named can be used; an error: the first that cannot, and why.
fn named_fit(
    spec: &Spec,
    candidates: &[&Subnet],
    unusable: &[&Subnet],
    wanted_zones: &BTreeSet<&Zone>,
) -> Result<(), PlacementError> {
    if let Some((subnet, why)) = unusable.iter().find_map(|one| Some((one, one.obstacle()?))) {
        return Err(PlacementError::Unusable(subnet.id.clone(), why));
    }
    if let Some(vpc) = &spec.placement.vpc
        && let Some(other) = candidates.iter().find(|subnet| subnet.vpc != *vpc)
    {
        return Err(PlacementError::OtherVpc {
            subnet: other.id.clone(),
            found: other.vpc.clone(),
            wanted: vpc.clone(),
        });
    }
    let misfit = |subnet: &&&Subnet| !carries(subnet, spec.ip_type);
    if let Some(subnet) = candidates.iter().find(misfit) {
        return Err(PlacementError::IpType(
            subnet.id.clone(),
            spec.ip_type.keyword(),
        ));
    }
    let elsewhere =
        |subnet: &&&Subnet| !wanted_zones.is_empty() && !wanted_zones.contains(&subnet.zone);
    if let Some(subnet) = candidates.iter().find(elsewhere) {
        return Err(PlacementError::SubnetElsewhere {
            subnet: subnet.id.clone(),
            found: subnet.zone.clone(),
            wanted: list(wanted_zones),
        });
    }
    Ok(())
}

impl Placement {
    /// One subnet in each zone that is wanted, of `candidates`: the subnets that were named, or those of the VPC.
    ///
    /// # Errors
    ///
    /// The first reason why AWS would refuse what was asked for.
    pub fn of(
        spec: &Spec,
        candidates: &[Subnet],
        preferences: &Preferences<'_>,
    ) -> Result<Self, PlacementError> {
        let explicit = !spec.placement.subnets.is_empty();
        let wanted: BTreeSet<&Zone> = spec.placement.zones.iter().chain(&spec.one_zone).collect();
        let is_wanted = |zone: &Zone| wanted.is_empty() || wanted.contains(zone);
        let is_refused =
            |subnet: &&Subnet| spec.hardened && subnet.gives_public_addresses == Some(true);
        let (public, candidates): (Vec<&Subnet>, Vec<&Subnet>) =
            candidates.iter().partition(is_refused);
        if let Some(subnet) = public.first().filter(|_| explicit) {
            return Err(PlacementError::Public(subnet.id.clone()));
        }
        let (usable, unusable): (Vec<&Subnet>, Vec<&Subnet>) = candidates
            .iter()
            .partition(|subnet| subnet.obstacle().is_none());
        if explicit {
            named_fit(spec, &usable, &unusable, &wanted)?;
        }
        let vpc = one_vpc(&usable)?;
        let meant = candidates.iter().filter(|subnet| is_wanted(&subnet.zone));
        let meant = meant.copied();
        let choices = best_subnets(meant, preferences);
        let fits = |zone: &Zone| choices.get(zone).is_some_and(Result::is_ok);
        if let Some(zone) = wanted.iter().find(|zone| !fits(zone)) {
            if let Some(subnet) = unusable.iter().find(|subnet| subnet.zone == **zone) {
                return Err(PlacementError::NoneUsable(obstacle(subnet)));
            }
            if let Some(subnet) = public.iter().find(|subnet| subnet.zone == **zone) {
                return Err(PlacementError::NonePrivate(subnet.id.clone()));
            }
            let have: BTreeSet<&Zone> = usable.iter().map(|subnet| &subnet.zone).collect();
            return Err(PlacementError::NoSubnetInZone {
                zone: (*zone).clone(),
                have: if have.is_empty() {
                    "none".to_owned()
                } else {
                    list(have)
                },
            });
        }
        let empty = unusable
            .iter()
            .filter(|subnet| is_wanted(&subnet.zone) && !fits(&subnet.zone));
        if let Some(subnet) = empty.clone().next()
            && choices.values().all(Result::is_err)
        {
            return Err(PlacementError::NoneUsable(obstacle(subnet)));
        }
        let mut notes: Vec<(Zone, String)> = empty
            .map(|subnet| {
                let zone = &subnet.zone;
                let note = format!("no mount target in zone {zone}: {}", obstacle(subnet));
                (zone.clone(), note)
            })
            .collect();
        let only_public: BTreeMap<&Zone, &SubnetId> = public
            .iter()
            .filter(|subnet| is_wanted(&subnet.zone) && !choices.contains_key(&subnet.zone))
            .map(|subnet| (&subnet.zone, &subnet.id))
            .collect();
        if let Some(subnet) = only_public.values().next()
            && choices.is_empty()
        {
            return Err(PlacementError::NonePrivate((*subnet).clone()));
        }
        notes.extend(only_public.into_iter().map(|(zone, subnet)| {
            let note = format!("no mount target in zone {zone}: {subnet} assigns public addresses");
            (zone.clone(), note)
        }));
        let mut placed = Vec::new();
        for choice in choices.values().filter_map(|choice| choice.as_ref().ok()) {
            notes.extend(remarks(choice, explicit));
            // Of two subnets of a zone that were both named, either will do.
            placed.push(ZonePlacement::of(
                choice,
                explicit && choice.others.is_empty(),
            ));
        }
        match vpc {
            Some(vpc) if !placed.is_empty() => Ok(Self {
                vpc: vpc.clone(),
                zones: placed,
                notes,
            }),
            _ => Err(PlacementError::Nothing),
        }
    }
}

fn obstacle(subnet: &Subnet) -> String {
    format!("{}: {}", subnet.id, subnet.obstacle().unwrap_or_default())
}

/// The VPC of all of them.
fn one_vpc<'s>(subnets: &[&'s Subnet]) -> Result<Option<&'s VpcId>, PlacementError> {
    let by_vpc = subnets.iter().rev().map(|s| (&s.vpc, &s.id));
    let vpcs: BTreeMap<&VpcId, &SubnetId> = by_vpc.collect();
    if vpcs.len() > 1 {
        let located = vpcs
            .iter()
            .map(|(vpc, subnet)| format!("{subnet} is in {vpc}"));
        return Err(PlacementError::SeveralVpcs(list(located)));
    }
    Ok(vpcs.into_keys().next())
}

/// What should be reported of a choice.
fn remarks(choice: &Choice<'_>, explicit: bool) -> Vec<(Zone, String)> {
    let (subnet, zone) = (choice.subnet, &choice.subnet.zone);
    let mut remarks = Vec::new();
    if explicit && !choice.others.is_empty() {
        let mut named = vec![&subnet.id];
        named.extend(choice.others.iter().map(|other| &other.id));
        remarks.push(format!(
            "{} are in zone {zone}, which takes one mount target: {} is used ({}), {} left out",
            list(named),
            subnet.id,
            choice.because,
            list(choice.others.iter().map(|other| &other.id)),
        ));
    }
    if !choice.blocked.is_empty() {
        remarks.push(format!(
            "the network ACL of {} in zone {zone} blocks NFS from {}, and no other subnet there is better",
            subnet.id,
            list(&choice.blocked),
        ));
    }
    remarks
        .into_iter()
        .map(|remark| (zone.clone(), remark))
        .collect()
}

#[cfg(test)]
mod tests;
