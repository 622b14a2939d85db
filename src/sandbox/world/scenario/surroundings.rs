//! What stands beside the networks of a description: zones, peerings, states, owners.

use super::document::{PeeringSection, SubnetSection, VpcSection, ZoneSection};
use super::lookup::{self, check_account, check_word, id_or};
use super::phrases::association;
use super::tags::named;
use super::{At, ScenarioError};
use crate::world::catalog;
use crate::world::state::{
    Association, EncryptionControl, Peering, Region, StatedZone, Subnet, Vpc,
};

/// Adds a zone, or what is special about one that every account has.
pub(super) fn add_zone(region: &mut Region, section: &ZoneSection) -> Result<(), ScenarioError> {
    let name = &section.name;
    if !name.starts_with(region.name.as_str()) || region.stated_zones.contains_key(name) {
        let problem = "the name of a zone begins with its region, and is given once";
        return Err(ScenarioError::new(problem));
    }
    let kind = section.kind.as_deref().unwrap_or("availability-zone");
    let usual = region.zones().into_iter().find(|zone| zone.name == *name);
    let is_special = kind != "availability-zone";
    if usual.is_none() && !is_special {
        return lookup::check_zone(region, name);
    }
    for word in [&section.opt_in, &section.state, &section.id]
        .into_iter()
        .flatten()
    {
        check_word(word)?;
    }
    check_word(kind)?;
    if let Some(parent) = &section.parent {
        lookup::check_zone(region, parent).at("parent", parent)?;
    }
    let group = match &usual {
        Some(zone) => zone.group.clone(),
        None => name
            .trim_end_matches(|c: char| c.is_ascii_lowercase())
            .to_owned(),
    };
    let id = usual.map(|zone| zone.id);
    let opt_in = if is_special {
        "opted-in"
    } else {
        "opt-in-not-required"
    };
    let stated = StatedZone {
        id: section
            .id
            .clone()
            .or(id)
            .unwrap_or_else(|| zone_id(&region.name, name)),
        group,
        kind: kind.to_owned(),
        opt_in: section.opt_in.as_deref().unwrap_or(opt_in).to_owned(),
        state: section.state.as_deref().unwrap_or("available").to_owned(),
        parent: section.parent.clone(),
    };
    region.stated_zones.insert(name.clone(), stated);
    Ok(())
}

/// The id of a Local Zone or a Wavelength Zone: `use1-bos1-az1` of `us-east-1-bos-1a`.
fn zone_id(region: &str, name: &str) -> String {
    let prefix = catalog::region(region).map(|facts| facts.zone_prefix);
    let rest = name.strip_prefix(region).unwrap_or(name).trim_matches('-');
    let place = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let letter = rest
        .strip_prefix(place)
        .and_then(|tail| tail.bytes().next());
    let number = letter.map_or(1, |letter| u32::from(letter.saturating_sub(b'a')) + 1);
    let place = place.replacen('-', "", place.matches('-').count());
    format!("{}-{place}-az{number}", prefix.unwrap_or_default())
}

/// Adds a peering.
pub(super) fn add_peering(
    region: &mut Region,
    section: &PeeringSection,
) -> Result<(), ScenarioError> {
    let Some(vpc) = lookup::vpc(region, &section.vpc) else {
        let problem = format!("there is no VPC `{}`", section.vpc);
        return Err(ScenarioError::new(problem));
    };
    let vpc_id = vpc.id.clone();
    let status = section.status.as_deref().unwrap_or("active");
    check_word(status)?;
    if let Some(owner) = &section.peer_owner {
        check_account(owner)?;
    }
    let peer_region = section.peer_region.as_ref().unwrap_or(&region.name);
    if catalog::region(peer_region).is_none() {
        let problem = format!("`{peer_region}` is not a region");
        return Err(ScenarioError::new(problem));
    }
    let here = lookup::vpc(region, &section.peer_vpc);
    let own_ranges = here.map(|vpc| vpc.ipv4_ranges().iter().map(|range| range.cidr).collect());
    let peer_vpc_id = match here {
        Some(vpc) => vpc.id.clone(),
        None => id_or(Some(&section.peer_vpc), "vpc", "", |_| false)?.to_owned(),
    };
    let (peer_region, peer_owner) = (peer_region.clone(), section.peer_owner.clone());
    let made = region.ids.next("pcx", &[&vpc_id, &peer_vpc_id]);
    let taken = |id: &str| region.peerings.contains_key(id);
    let id = id_or(section.id.as_ref(), "pcx", &made, taken)?.to_owned();
    let peering = Peering {
        id: id.clone(),
        status: status.to_owned(),
        vpc_id,
        peer_vpc_id,
        peer_owner: peer_owner.unwrap_or_else(|| region.account_id.clone()),
        peer_region,
        peer_ranges: match section.peer_ranges.as_slice() {
            [] => own_ranges.unwrap_or_default(),
            stated => stated.to_vec(),
        },
        tags: named(section.name.as_ref(), &section.tags),
    };
    region.peerings.insert(id, peering);
    Ok(())
}

/// What stands beside a VPC.
pub(super) fn surround(vpc: &mut Vpc, section: &VpcSection) -> Result<(), ScenarioError> {
    let ranges = |phrases: &[String], ipv6| -> Result<Vec<Association>, ScenarioError> {
        let ranges = phrases.iter().map(|phrase| association(phrase, ipv6));
        ranges.collect()
    };
    vpc.ranges = ranges(&section.ranges, false)?;
    vpc.ipv6_ranges = ranges(&section.ipv6_ranges, true)?;
    vpc.state = other_than("available", section.state.as_ref())?;
    vpc.owner = owner(section.owner.as_ref())?;
    vpc.encryption = match &section.encryption_control {
        None => None,
        Some(control) => {
            let state = control.state.as_deref().unwrap_or("available");
            let exclusion = control.elastic_file_system.as_deref().unwrap_or("disabled");
            for word in [control.mode.as_str(), state, exclusion] {
                check_word(word).at("encryption control of", &vpc.id)?;
            }
            Some(EncryptionControl {
                mode: control.mode.clone(),
                state: state.to_owned(),
                elastic_file_system: exclusion.to_owned(),
            })
        }
    };
    Ok(())
}

/// What stands beside a subnet; `vpc_owner` owns its VPC when that is shared.
pub(super) fn surround_subnet(
    subnet: &mut Subnet,
    section: &SubnetSection,
    vpc_owner: Option<&String>,
) -> Result<(), ScenarioError> {
    subnet.state = other_than("available", section.state.as_ref())?;
    subnet.owner = owner(section.owner.as_ref().or(vpc_owner))?;
    subnet.outpost_arn.clone_from(&section.outpost);
    subnet.customer_owned_ip = section.customer_owned_ip;
    subnet.kind.clone_from(&section.kind);
    let state = section.ipv6_cidr.as_deref();
    let state = state.and_then(|phrase| phrase.split_whitespace().nth(1));
    subnet.ipv6_state = other_than("associated", state.map(str::to_owned).as_ref())?;
    Ok(())
}

/// A word that is not the usual one.
fn other_than(usual: &str, word: Option<&String>) -> Result<Option<String>, ScenarioError> {
    let Some(word) = word else { return Ok(None) };
    check_word(word)?;
    Ok((word != usual).then(|| word.clone()))
}

fn owner(account: Option<&String>) -> Result<Option<String>, ScenarioError> {
    account.map(|id| check_account(id)).transpose()?;
    Ok(account.cloned())
}
