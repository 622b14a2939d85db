//! Which subnet of which zone gets a mount target.
//!
//! EFS takes one mount target per zone, all in one VPC; the most reported failure of the field's tools is a second
//! subnet in a zone. The choice here is deterministic: most free addresses, ties by id, so the order in which subnets
//! are given or listed never matters.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::{SubnetId, VpcId, Zone};
use super::network::Subnet;
use super::spec::{IpType, Spec};

/// One mount target that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// In this zone.
    pub zone: Zone,
    /// In this subnet.
    pub subnet: SubnetId,
    /// Addresses free there when it was chosen.
    pub free_addresses: u32,
    /// Somebody named this very subnet: another one of the zone will not do.
    pub explicit: bool,
}

/// Where mount targets are wanted: one VPC, at most one site per zone, in the order of the zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The VPC.
    pub vpc: VpcId,
    /// The sites.
    pub sites: Vec<Site>,
    /// What was decided in a zone and should be told.
    pub notes: Vec<(Zone, String)>,
}

/// Why no layout can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Subnets of several VPCs.
    #[error("{0}: a file system is reached through one VPC")]
    SeveralVpcs(String),
    /// A subnet outside the VPC that was named.
    #[error("--subnet {subnet} is in {found}, not in --vpc {wanted}")]
    OtherVpc {
        /// The subnet.
        subnet: SubnetId,
        /// Its VPC.
        found: VpcId,
        /// The VPC that was named.
        wanted: VpcId,
    },
    /// A zone without a subnet.
    #[error("no subnet in zone {zone} (zones with one: {have})")]
    NoSubnetInZone {
        /// The zone.
        zone: Zone,
        /// Zones that have one.
        have: String,
    },
    /// A subnet given by id lies outside the zones that are wanted.
    #[error("--subnet {subnet} is in zone {found}, which is not one of {wanted}")]
    SubnetElsewhere {
        /// The subnet.
        subnet: SubnetId,
        /// Its zone.
        found: Zone,
        /// The zones that are wanted.
        wanted: String,
    },
    /// A subnet that cannot carry the addresses asked for.
    #[error("subnet {0} cannot carry --ip-type {1}")]
    IpType(SubnetId, &'static str),
    /// A subnet that was named and can have no mount target.
    #[error("--subnet {0} can have no mount target: {1}")]
    Unusable(SubnetId, String),
    /// None of the subnets can have a mount target.
    #[error("no subnet can have a mount target: {0}")]
    NoneUsable(String),
    /// Nothing to choose from.
    #[error("there is no subnet to put a mount target in")]
    Nothing,
}

/// Whether a mount target in that subnet can have these addresses.
pub fn carries(subnet: &Subnet, ip_type: IpType) -> bool {
    match ip_type {
        IpType::Ipv4 => !subnet.ipv6_only,
        IpType::Ipv6 => subnet.ipv6_only,
        IpType::DualStack => subnet.has_ipv6() && !subnet.ipv6_only,
    }
}

fn join<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items
        .into_iter()
        .map(|item| item.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether subnets that were named can be used; an error: the first that cannot, and why.
fn named_fit(
    spec: &Spec,
    candidates: &[&Subnet],
    unusable: &[&Subnet],
    wanted_zones: &BTreeSet<&Zone>,
) -> Result<(), LayoutError> {
    if let Some((subnet, why)) = unusable.iter().find_map(|one| Some((one, one.obstacle()?))) {
        return Err(LayoutError::Unusable(subnet.id.clone(), why));
    }
    if let Some(vpc) = &spec.placement.vpc
        && let Some(other) = candidates.iter().find(|subnet| subnet.vpc != *vpc)
    {
        return Err(LayoutError::OtherVpc {
            subnet: other.id.clone(),
            found: other.vpc.clone(),
            wanted: vpc.clone(),
        });
    }
    let misfit = |subnet: &&&Subnet| !carries(subnet, spec.ip_type);
    if let Some(subnet) = candidates.iter().find(misfit) {
        return Err(LayoutError::IpType(subnet.id.clone(), spec.ip_type.flag()));
    }
    let elsewhere =
        |subnet: &&&Subnet| !wanted_zones.is_empty() && !wanted_zones.contains(&subnet.zone);
    if let Some(subnet) = candidates.iter().find(elsewhere) {
        return Err(LayoutError::SubnetElsewhere {
            subnet: subnet.id.clone(),
            found: subnet.zone.clone(),
            wanted: join(wanted_zones),
        });
    }
    Ok(())
}

/// Chooses one subnet per zone among `candidates`: the subnets that were named, or those of the VPC.
///
/// # Errors
///
/// The first reason why AWS would refuse what was asked for.
pub fn choose(spec: &Spec, candidates: &[Subnet]) -> Result<Layout, LayoutError> {
    let explicit = !spec.placement.subnets.is_empty();
    let wanted_zones: BTreeSet<&Zone> = spec.placement.zones.iter().chain(&spec.one_zone).collect();
    let usable = |subnet: &&Subnet| {
        carries(subnet, spec.ip_type)
            && (wanted_zones.is_empty() || wanted_zones.contains(&subnet.zone))
    };

    let (candidates, unusable): (Vec<&Subnet>, Vec<&Subnet>) = candidates
        .iter()
        .partition(|subnet| subnet.obstacle().is_none());
    let why = |subnet: &Subnet| subnet.obstacle().unwrap_or_default();
    if explicit {
        named_fit(spec, &candidates, &unusable, &wanted_zones)?;
    }
    let vpcs: BTreeMap<&VpcId, &SubnetId> =
        candidates.iter().rev().map(|s| (&s.vpc, &s.id)).collect();
    if vpcs.len() > 1 {
        let where_to = join(
            vpcs.iter()
                .map(|(vpc, subnet)| format!("{subnet} is in {vpc}")),
        );
        return Err(LayoutError::SeveralVpcs(where_to));
    }

    let mut by_zone: BTreeMap<&Zone, Vec<&Subnet>> = BTreeMap::new();
    for subnet in candidates.iter().copied().filter(usable) {
        by_zone.entry(&subnet.zone).or_default().push(subnet);
    }
    let told = |subnet: &&&Subnet| format!("{}: {}", subnet.id, why(subnet));
    if let Some(zone) = wanted_zones
        .iter()
        .find(|zone| !by_zone.contains_key(**zone))
    {
        let left_out = unusable.iter().find(|subnet| subnet.zone == **zone);
        if let Some(subnet) = left_out {
            return Err(LayoutError::NoneUsable(told(&subnet)));
        }
        let have: BTreeSet<&Zone> = candidates.iter().map(|subnet| &subnet.zone).collect();
        return Err(LayoutError::NoSubnetInZone {
            zone: (*zone).clone(),
            have: if have.is_empty() {
                "none".to_owned()
            } else {
                join(have)
            },
        });
    }

    let is_meant = |zone: &Zone| wanted_zones.is_empty() || wanted_zones.contains(zone);
    let empty = unusable
        .iter()
        .filter(|subnet| is_meant(&subnet.zone) && !by_zone.contains_key(&subnet.zone));
    let mut notes: Vec<(Zone, String)> = empty
        .clone()
        .map(|subnet| {
            let note = format!("no mount target in zone {}: {}", subnet.zone, told(&subnet));
            (subnet.zone.clone(), note)
        })
        .collect();
    if by_zone.is_empty()
        && let Some(subnet) = empty.clone().next()
    {
        return Err(LayoutError::NoneUsable(told(&subnet)));
    }
    let mut sites = Vec::new();
    let mut vpc = None;
    for (zone, mut subnets) in by_zone {
        subnets.sort_by(|a, b| {
            b.free_addresses
                .cmp(&a.free_addresses)
                .then_with(|| a.id.cmp(&b.id))
        });
        let Some((first, rest)) = subnets.split_first() else {
            continue;
        };
        if explicit && !rest.is_empty() {
            let note = format!(
                "{} lie in zone {zone}, which takes one mount target: {} is used (most free addresses), {} left out",
                join(subnets.iter().map(|s| &s.id)),
                first.id,
                join(rest.iter().map(|s| &s.id)),
            );
            notes.push((zone.clone(), note));
        }
        vpc.get_or_insert_with(|| first.vpc.clone());
        sites.push(Site {
            zone: zone.clone(),
            subnet: first.id.clone(),
            free_addresses: first.free_addresses,
            // Of two subnets of a zone that were both named, either will do.
            explicit: explicit && rest.is_empty(),
        });
    }
    vpc.map(|vpc| Layout { vpc, sites, notes })
        .ok_or(LayoutError::Nothing)
}

#[cfg(test)]
mod tests;
