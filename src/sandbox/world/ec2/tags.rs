//! Tags of EC2 resources, given at creation or later.

use super::describe::{Describe, Listed, Page, one, select};
use super::kinds::{self, Kind};
use super::refusals::{invalid, missing, refuse, unless_dry_run};
use super::resource::Resource;
use crate::world::{ApiError, Region, Tags};

/// Tags of one resource, those of AWS itself not counted.
const MOST_TAGS: usize = 50;

/// Resources one call tags.
const MOST_RESOURCES: usize = 1_000;

/// Tags for a resource that is being made.
#[derive(Debug, Clone, Default)]
pub struct TagSpecification {
    /// `security-group`, `security-group-rule`, `vpc`, `subnet`.
    pub resource_type: String,
    /// Key and value.
    pub tags: Vec<(String, String)>,
}

/// Input of `CreateTags`.
#[derive(Debug, Clone, Default)]
pub struct CreateTags {
    /// Ids of any kind.
    pub resources: Vec<String>,
    /// Key and value.
    pub tags: Vec<(String, String)>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// Input of `DeleteTags`.
#[derive(Debug, Clone, Default)]
pub struct DeleteTags {
    /// Ids of any kind.
    pub resources: Vec<String>,
    /// Keys; with a value, only a tag of that value. None at all: every tag.
    pub tags: Vec<(String, Option<String>)>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// One tag as `DescribeTags` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagView {
    /// The resource.
    pub resource_id: String,
    /// `vpc`, `security-group`, …
    pub resource_type: &'static str,
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
}

struct TagOf<'a> {
    id: &'a str,
    kind: &'static Kind,
    key: &'a str,
    value: &'a str,
    tags: Tags,
    place: String,
}

impl Resource for TagOf<'_> {
    const KIND: &'static Kind = &kinds::VPC;

    fn id(&self) -> &str {
        &self.place
    }

    fn tags(&self) -> &Tags {
        &self.tags
    }
}

impl Listed for TagOf<'_> {
    const FILTERS: &'static [&'static str] = &["key", "resource-id", "resource-type", "value"];

    fn attribute(&self, name: &str) -> Vec<String> {
        match name {
            "key" => one(&self.key),
            "resource-id" => one(&self.id),
            "resource-type" => one(&self.kind.resource_type),
            "value" => one(&self.value),
            _ => Vec::new(),
        }
    }
}

/// Resources of one kind with their ids and tags.
fn tagged<'a, T: Resource + 'a>(
    resources: impl Iterator<Item = &'a T>,
) -> impl Iterator<Item = (&'static Kind, &'a str, &'a Tags)> {
    resources.map(|it| (T::KIND, it.id(), it.tags()))
}

impl Region {
    /// `CreateTags`: on all resources, or none.
    pub fn create_tags(&mut self, input: &CreateTags) -> Result<(), ApiError> {
        self.check_resources(&input.resources)?;
        if input.tags.is_empty() {
            return Err(missing("tagSet"));
        }
        let new = checked(&input.tags)?;
        for id in &input.resources {
            let mut tags = self.tags_of(id).cloned().unwrap_or_default();
            tags.extend(new.clone());
            check_count(&tags)?;
        }
        unless_dry_run(input.dry_run)?;
        for id in &input.resources {
            if let Some(tags) = self.tags_of(id) {
                tags.extend(new.clone());
            }
        }
        Ok(())
    }

    /// `DeleteTags`: tags that are not there are no error.
    pub fn delete_tags(&mut self, input: &DeleteTags) -> Result<(), ApiError> {
        self.check_resources(&input.resources)?;
        for (key, _) in &input.tags {
            check_key(key)?;
        }
        unless_dry_run(input.dry_run)?;
        for id in &input.resources {
            let Some(tags) = self.tags_of(id) else {
                continue;
            };
            if input.tags.is_empty() {
                tags.retain(|key, _| is_reserved(key));
            }
            for (key, value) in &input.tags {
                if value.is_none() || tags.get(key) == value.as_ref() {
                    tags.remove(key);
                }
            }
        }
        Ok(())
    }

    /// `DescribeTags`.
    pub fn describe_tags(&self, input: &Describe) -> Result<Page<TagView>, ApiError> {
        let rules = self.security_groups.values().flat_map(|group| &group.rules);
        let instances =
            (self.instances.iter()).map(|(id, it)| (&kinds::INSTANCE, id.as_str(), &it.tags));
        let everything = tagged(self.vpcs.values())
            .chain(tagged(self.subnets.values()))
            .chain(tagged(self.security_groups.values()))
            .chain(tagged(rules))
            .chain(tagged(self.prefix_lists.values()))
            .chain(tagged(self.network_interfaces.values()))
            .chain(tagged(self.route_tables.values()))
            .chain(tagged(self.network_acls.values()))
            .chain(tagged(self.peerings.values()))
            .chain(tagged(self.endpoints.values()))
            .chain(instances);
        let tags = everything.flat_map(|(kind, id, tags)| {
            tags.iter().map(move |(key, value)| TagOf {
                id,
                kind,
                key,
                value,
                tags: Tags::from([(key.clone(), value.clone())]),
                place: format!("{id} {key}"),
            })
        });
        Ok(select(input, tags)?.map(|tag| TagView {
            resource_id: tag.id.to_owned(),
            resource_type: tag.kind.resource_type,
            key: tag.key.to_owned(),
            value: tag.value.to_owned(),
        }))
    }

    fn check_resources(&mut self, ids: &[String]) -> Result<(), ApiError> {
        if ids.is_empty() {
            return Err(missing("resourceIdSet"));
        }
        if ids.len() > MOST_RESOURCES {
            return Err(invalid(
                "The maximum number of resources of one request is 1000",
            ));
        }
        for id in ids {
            let prefix = id.split_once('-').map_or("", |(prefix, _)| prefix);
            let Some(kind) = kinds::ALL.into_iter().find(|kind| kind.prefix == prefix) else {
                return Err(refuse("InvalidID", format!("The ID '{id}' is not valid")));
            };
            kind.check(id)?;
            self.tags_of(id).ok_or_else(|| kind.not_found(id))?;
        }
        Ok(())
    }

    /// The tags of a resource of any kind.
    fn tags_of(&mut self, id: &str) -> Option<&mut Tags> {
        match id.split_once('-')?.0 {
            "vpc" => self.vpcs.get_mut(id).map(|it| &mut it.tags),
            "subnet" => self.subnets.get_mut(id).map(|it| &mut it.tags),
            "sg" => self.security_groups.get_mut(id).map(|it| &mut it.tags),
            "sgr" => {
                let mut rules = self
                    .security_groups
                    .values_mut()
                    .flat_map(|it| &mut it.rules);
                rules.find(|rule| rule.id == id).map(|it| &mut it.tags)
            }
            "pl" => self.prefix_lists.get_mut(id).map(|it| &mut it.tags),
            "eni" => self.network_interfaces.get_mut(id).map(|it| &mut it.tags),
            "rtb" => self.route_tables.get_mut(id).map(|it| &mut it.tags),
            "acl" => self.network_acls.get_mut(id).map(|it| &mut it.tags),
            "vpce" => self.endpoints.get_mut(id).map(|it| &mut it.tags),
            "i" => self.instances.get_mut(id).map(|it| &mut it.tags),
            "pcx" => self.peerings.get_mut(id).map(|it| &mut it.tags),
            _ => None,
        }
    }
}

/// The tags that specifications of a create call give to the kind of resource it makes.
pub(super) fn specified(
    specifications: &[TagSpecification],
    kind: &Kind,
) -> Result<Tags, ApiError> {
    let mut all = Vec::new();
    for specification in specifications {
        kind.check_resource_type(&specification.resource_type)?;
        if specification.tags.is_empty() {
            return Err(invalid("Tag specification must have at least one tag"));
        }
        all.extend(specification.tags.iter().cloned());
    }
    let tags = checked(&all)?;
    check_count(&tags)?;
    Ok(tags)
}

fn checked(pairs: &[(String, String)]) -> Result<Tags, ApiError> {
    let mut tags = Tags::new();
    for (key, value) in pairs {
        check_key(key)?;
        if value.chars().count() > 256 {
            let message = "Tag value exceeds the maximum length of 256 characters";
            return Err(invalid(message));
        }
        if tags.insert(key.clone(), value.clone()).is_some() {
            return Err(invalid(format!("Duplicate tag key '{key}' specified.")));
        }
    }
    Ok(tags)
}

fn check_key(key: &str) -> Result<(), ApiError> {
    if key.is_empty() {
        return Err(invalid("Tag key cannot be empty"));
    }
    if key.chars().count() > 128 {
        return Err(invalid(
            "Tag key exceeds the maximum length of 128 characters",
        ));
    }
    if is_reserved(key) {
        return Err(invalid(
            "Tag keys starting with 'aws:' are reserved for internal use",
        ));
    }
    Ok(())
}

fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

fn check_count(tags: &Tags) -> Result<(), ApiError> {
    if tags.keys().filter(|key| !is_reserved(key)).count() > MOST_TAGS {
        let message = "The maximum number of Tags for a resource has been reached.";
        return Err(refuse("TagLimitExceeded", message));
    }
    Ok(())
}
