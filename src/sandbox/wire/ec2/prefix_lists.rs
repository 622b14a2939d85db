//! Managed prefix lists.

use super::input::describe as describe_input;
use super::operation::{Operation, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::prefix_lists::{GetManagedPrefixListEntries, PrefixListView};
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    DescribeManagedPrefixLists => describe;
    GetManagedPrefixListEntries => entries;
};

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.describe_managed_prefix_lists(&describe_input(query, "PrefixListId")?)?;
    xml.list("prefixListSet", &page.items, write);
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn entries(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let page = region.get_managed_prefix_list_entries(&GetManagedPrefixListEntries {
        prefix_list_id: query.text("PrefixListId"),
        max_results: query.number("MaxResults")?,
        next_token: query.text("NextToken").filter(|token| !token.is_empty()),
        dry_run: query.dry_run()?,
    })?;
    xml.list("entrySet", &page.items, |xml, entry| {
        xml.text("cidr", entry.cidr);
        xml.optional("description", entry.description.as_deref());
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn write(xml: &mut Xml, view: &PrefixListView) {
    xml.text("addressFamily", view.list.address_family());
    xml.optional("maxEntries", view.max_entries);
    xml.text("ownerId", &view.owner_id);
    xml.text("prefixListArn", &view.arn);
    xml.text("prefixListId", &view.list.id);
    xml.text("prefixListName", &view.list.name);
    xml.text("state", "create-complete");
    xml.tags(&view.list.tags);
    xml.optional("version", view.version);
}
