//! Parameters that many operations share.

use crate::wire::query::Query;
use crate::world::ApiError;
use crate::world::ec2::{Describe, Filter, TagSpecification};

/// The parameters of a Describe call; `ids` is the name of its list of ids.
pub(super) fn describe(query: &Query, ids: &str) -> Result<Describe, ApiError> {
    Ok(Describe {
        ids: query.list(ids),
        filters: filters(query),
        max_results: query.number("MaxResults")?,
        next_token: query.text("NextToken").filter(|token| !token.is_empty()),
        dry_run: query.dry_run()?,
    })
}

pub(super) fn filters(query: &Query) -> Vec<Filter> {
    let filters = query.structures("Filter").into_iter();
    filters
        .map(|filter| Filter {
            name: filter.text("Name").unwrap_or_default(),
            values: filter.list("Value"),
        })
        .collect()
}

pub(super) fn tag_specifications(query: &Query) -> Vec<TagSpecification> {
    let specifications = query.structures("TagSpecification").into_iter();
    specifications
        .map(|specification| TagSpecification {
            resource_type: specification.text("ResourceType").unwrap_or_default(),
            tags: tags(&specification),
        })
        .collect()
}

pub(super) fn tags(query: &Query) -> Vec<(String, String)> {
    let text = |tag: &Query, name| tag.text(name).unwrap_or_default();
    let tags = query.structures("Tag").into_iter();
    tags.map(|tag| (text(&tag, "Key"), text(&tag, "Value")))
        .collect()
}
