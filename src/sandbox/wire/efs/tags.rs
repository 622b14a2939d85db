//! Tags: of any resource, and the older operations for file systems only.

use serde::Deserialize;

use super::super::super::world::efs::Tag;
use super::super::super::world::{ApiError, Region};
use super::call::Call;
use super::operation::{Operation, operations};
use super::pages::{markers, next_token};
use super::replies::Answer;

pub(super) const OPERATIONS: &[Operation] = operations! {
    POST "resource-tags/{id}" TagResource => tag;
    DELETE "resource-tags/{id}" UntagResource => untag;
    GET "resource-tags/{id}" ListTagsForResource => list;
    POST "create-tags/{id}" CreateTags => create;
    POST "delete-tags/{id}" DeleteTags => delete;
    GET "tags/{id}" DescribeTags => describe;
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Add {
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Remove {
    tag_keys: Vec<String>,
}

fn tag(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let Add { tags } = call.body()?;
    region.tag_resource(&call.id, tags)?;
    Ok(Answer::empty(200))
}

fn untag(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    region.untag_resource(&call.id, &call.all("tagKeys"))?;
    Ok(Answer::empty(200))
}

fn list(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let page = region.list_tags_for_resource(
        &call.id,
        call.number("MaxResults")?,
        call.get("NextToken").as_deref(),
    )?;
    next_token("Tags", page)
}

fn create(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let Add { tags } = call.body()?;
    region.create_file_system_tags(&call.id, tags)?;
    Ok(Answer::empty(204))
}

fn delete(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let Remove { tag_keys } = call.body()?;
    region.delete_file_system_tags(&call.id, &tag_keys)?;
    Ok(Answer::empty(204))
}

fn describe(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let marker = call.get("Marker");
    let max = call.number("MaxItems")?;
    let page = region.describe_file_system_tags(&call.id, max, marker.as_deref())?;
    markers("Tags", page, marker)
}
