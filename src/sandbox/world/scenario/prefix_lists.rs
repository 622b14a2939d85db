//! Managed prefix lists of a described region.

use super::document::{Family, PrefixListSection};
use super::lookup::id_or;
use super::phrases::prefix_list_entry;
use super::tags::add_tags;
use super::{At, ScenarioError};
use crate::world::state::{PrefixList, PrefixListEntry, Region, Tags};

/// Adds a prefix list, before the rules that refer to it.
pub(super) fn add_prefix_list(
    region: &mut Region,
    section: &PrefixListSection,
) -> Result<(), ScenarioError> {
    let made = region.ids.next("pl", &[&section.name]);
    let taken = |id: &str| region.prefix_lists.contains_key(id);
    let id = id_or(section.id.as_ref(), "pl", &made, taken)?.to_owned();
    let mut entries: Vec<PrefixListEntry> = Vec::new();
    for phrase in &section.entries {
        let entry = prefix_list_entry(phrase)?;
        if entries.iter().any(|known| known.cidr == entry.cidr) {
            return Err(ScenarioError::new("given twice")).at("entry", entry.cidr);
        }
        entries.push(entry);
    }
    let family = |entry: &PrefixListEntry| match entry.cidr {
        ipnet::IpNet::V4(_) => Family::V4,
        ipnet::IpNet::V6(_) => Family::V6,
    };
    let first = entries.first().map_or(Family::V4, family);
    let own = section.address_family.unwrap_or(first);
    if let Some(stranger) = entries.iter().find(|entry| family(entry) != own) {
        let problem = "a prefix list has ranges of one address family only";
        return Err(ScenarioError::new(problem)).at("entry", stranger.cidr);
    }
    let list = PrefixList {
        id: id.clone(),
        name: section.name.clone(),
        is_ipv6: own == Family::V6,
        entries,
        tags: Tags::new(),
    };
    region.prefix_lists.insert(id.clone(), list);
    add_tags(region, &id, &section.tags)
}
