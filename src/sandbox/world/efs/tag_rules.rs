//! What EFS accepts as tags (API reference, `Tag`; user guide, "Tagging").

use std::collections::BTreeSet;

use super::super::{ApiError, Tags};
use super::errors::bad_request;
use super::shapes::Tag;

/// The most tags of one resource. Tags of AWS itself do not count.
const LIMIT: usize = 50;

/// The tags of a request, when they are all sound and their keys are distinct.
pub(super) fn check_tags(tags: &[Tag]) -> Result<(), ApiError> {
    let mut keys = BTreeSet::new();
    for Tag { key, value } in tags {
        check_key(key)?;
        if value.chars().count() > 256 {
            return Err(bad_request(format!(
                "The value of tag '{key}' is longer than 256 characters."
            )));
        }
        if !value.chars().all(is_allowed) {
            return Err(bad_request(format!(
                "The value of tag '{key}' contains invalid characters."
            )));
        }
        if !keys.insert(key) {
            return Err(bad_request(format!(
                "Tag keys must be unique: '{key}' is not."
            )));
        }
    }
    Ok(())
}

/// The keys of a request to remove tags: one to fifty.
pub(super) fn check_keys(keys: &[String]) -> Result<(), ApiError> {
    if !(1..=LIMIT).contains(&keys.len()) {
        return Err(bad_request("TagKeys must hold between 1 and 50 keys."));
    }
    keys.iter().try_for_each(|key| check_key(key))
}

/// What a resource carries once `added` is there too.
pub(super) fn merge(present: &Tags, added: Vec<Tag>) -> Result<Tags, ApiError> {
    check_tags(&added)?;
    let mut tags = present.clone();
    tags.extend(added.into_iter().map(|tag| (tag.key, tag.value)));
    if tags.keys().filter(|key| !is_reserved(key)).count() > LIMIT {
        return Err(bad_request("A resource can have at most 50 tags."));
    }
    Ok(tags)
}

fn check_key(key: &str) -> Result<(), ApiError> {
    if !(1..=128).contains(&key.chars().count()) {
        Err(bad_request(
            "A tag key must have between 1 and 128 characters.",
        ))
    } else if is_reserved(key) {
        Err(bad_request(format!(
            "The tag key '{key}' begins with 'aws:', which is reserved."
        )))
    } else if !key.chars().all(is_allowed) {
        Err(bad_request(format!(
            "The tag key '{key}' contains invalid characters."
        )))
    } else {
        Ok(())
    }
}

fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

/// Letters, separators and numbers of Unicode, and `_.:/=+-@`.
fn is_allowed(character: char) -> bool {
    character.is_alphanumeric()
        || (character.is_whitespace() && !character.is_control())
        || "_.:/=+-@".contains(character)
}
