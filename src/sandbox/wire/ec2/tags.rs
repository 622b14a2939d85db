//! Tags.

use super::input::{describe as describe_input, tags};
use super::operation::{Operation, done, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::tags::{CreateTags, DeleteTags};
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    CreateTags => create;
    DeleteTags => delete;
    DescribeTags => describe;
};

fn create(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    region.create_tags(&CreateTags {
        resources: query.list("ResourceId"),
        tags: tags(query),
        dry_run: query.dry_run()?,
    })?;
    done(xml);
    Ok(())
}

fn delete(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let tags = query.structures("Tag").into_iter();
    region.delete_tags(&DeleteTags {
        resources: query.list("ResourceId"),
        tags: tags
            .map(|tag| (tag.text("Key").unwrap_or_default(), tag.text("Value")))
            .collect(),
        dry_run: query.dry_run()?,
    })?;
    done(xml);
    Ok(())
}

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.describe_tags(&describe_input(query, "")?)?;
    xml.list("tagSet", &page.items, |xml, tag| {
        xml.text("resourceId", &tag.resource_id);
        xml.text("resourceType", tag.resource_type);
        xml.text("key", &tag.key);
        xml.text("value", &tag.value);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}
