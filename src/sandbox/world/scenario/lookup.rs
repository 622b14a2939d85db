//! Finding what a description refers to, by id or by name.

use super::ScenarioError;
use crate::world::state::{Region, Subnet, Vpc};

/// The id a resource is to have: the one asked for, when it is sound and free, or the one it has.
pub(super) fn id_or<'a>(
    asked: Option<&'a String>,
    prefix: &str,
    made: &'a str,
    is_taken: impl FnOnce(&str) -> bool,
) -> Result<&'a str, ScenarioError> {
    let Some(asked) = asked else {
        return Ok(made);
    };
    let digits = asked
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('-'));
    let is_sound = |digits: &str| {
        (8..=17).contains(&digits.len())
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    if !digits.is_some_and(is_sound) {
        return Err(ScenarioError::new(format!(
            "`{asked}` is not an id: it must be `{prefix}-` and 8 to 17 hexadecimal digits"
        )));
    }
    if is_taken(asked) {
        return Err(ScenarioError::new(format!(
            "the id `{asked}` is given twice"
        )));
    }
    Ok(asked)
}

/// The subnet of that id or name.
pub(super) fn subnet<'a>(region: &'a Region, text: &str) -> Result<&'a Subnet, ScenarioError> {
    let is_meant = |subnet: &&Subnet| {
        subnet.id == text || subnet.tags.get("Name").is_some_and(|name| name == text)
    };
    let mut found = region.subnets.values().filter(is_meant);
    match (found.next(), found.next()) {
        (Some(subnet), None) => Ok(subnet),
        (None, _) => Err(ScenarioError::new(format!("there is no subnet `{text}`"))),
        (Some(_), Some(_)) => {
            let problem = format!("there are several subnets `{text}`: say which by its id");
            Err(ScenarioError::new(problem))
        }
    }
}

/// The id of the security group of that id, or of that name in a VPC.
pub(super) fn group(region: &Region, vpc_id: &str, text: &str) -> Result<String, ScenarioError> {
    let mut groups = region.security_groups.values();
    groups
        .find(|group| group.id == text || (group.vpc_id == vpc_id && group.name == text))
        .map(|group| group.id.clone())
        .ok_or_else(|| ScenarioError::new(format!("there is no security group `{text}`")))
}

/// The id of the prefix list of that name, if there is one.
pub(super) fn prefix_list<'a>(
    region: &'a Region,
    name: &str,
) -> Result<Option<&'a str>, ScenarioError> {
    let mut found = region
        .prefix_lists
        .values()
        .filter(|list| list.name == name);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => {
            let problem = format!("there are several prefix lists `{name}`: say which by its id");
            Err(ScenarioError::new(problem))
        }
        (list, _) => Ok(list.map(|list| list.id.as_str())),
    }
}

/// Refuses a zone the region does not have.
pub(super) fn check_zone(region: &Region, name: &str) -> Result<(), ScenarioError> {
    let zones = region.zones();
    if zones.iter().any(|zone| zone.name == name) {
        return Ok(());
    }
    let known: Vec<_> = zones.iter().map(|zone| zone.name.as_str()).collect();
    Err(ScenarioError::new(format!(
        "the zones of the region are {}",
        known.join(", ")
    )))
}

/// Refuses what is no account.
pub(super) fn check_account(id: &str) -> Result<(), ScenarioError> {
    if id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let problem = format!("`{id}` is not an account: an account id has twelve digits");
    Err(ScenarioError::new(problem))
}

/// Refuses what is no word of an API: values that are not known today are words all the same.
pub(super) fn check_word(word: &str) -> Result<(), ScenarioError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if !word.is_empty() && word.bytes().all(is_word) {
        return Ok(());
    }
    Err(ScenarioError::new(format!(
        "`{word}` is not a word of the API"
    )))
}

/// Refuses what is no word of an API, and one that differs from a word of today only in its case.
pub(super) fn check_word_like(word: &str, known: &[&str]) -> Result<(), ScenarioError> {
    let mut known = known.iter();
    match known.find(|known| known.eq_ignore_ascii_case(word) && **known != word) {
        Some(meant) => Err(ScenarioError::new(format!("`{word}` has to be `{meant}`"))),
        None => check_word(word),
    }
}

/// The VPC of that id or name.
pub(super) fn vpc<'a>(region: &'a Region, text: &str) -> Option<&'a Vpc> {
    let mut vpcs = region.vpcs.values();
    vpcs.find(|vpc| vpc.id == text || vpc.tags.get("Name").is_some_and(|name| name == text))
}
