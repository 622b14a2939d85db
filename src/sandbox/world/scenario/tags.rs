//! Tags of what is described.

use super::ScenarioError;
use crate::world::ec2::tags::CreateTags;
use crate::world::efs::Tag;
use crate::world::state::{Region, Tags};

/// Tags with the name among them.
pub(super) fn named(name: Option<&String>, tags: &Tags) -> Tags {
    let mut tags = tags.clone();
    if let Some(name) = name {
        tags.entry("Name".to_owned())
            .or_insert_with(|| name.clone());
    }
    tags
}

/// Tags as calls take them.
pub(super) fn pairs(tags: &Tags) -> Vec<(String, String)> {
    tags.iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Tags a resource as `CreateTags` does.
pub(super) fn add_tags(region: &mut Region, id: &str, tags: &Tags) -> Result<(), ScenarioError> {
    if !tags.is_empty() {
        let resources = vec![id.to_owned()];
        region.create_tags(&CreateTags {
            resources,
            tags: pairs(tags),
            dry_run: false,
        })?;
    }
    Ok(())
}

/// Tags as the calls of EFS take them.
pub(super) fn tags_of(tags: &Tags) -> Vec<Tag> {
    pairs(tags)
        .into_iter()
        .map(|(key, value)| Tag { key, value })
        .collect()
}
