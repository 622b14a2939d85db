//! Managed prefix lists: they can be looked at and tagged.

use super::describe::{Describe, Listed, Page, Seen, one, select};
use super::kinds::{Kind, PREFIX_LIST};
use super::paging::Sizes;
use super::resource::Resource;
use crate::world::state::{PrefixList, PrefixListEntry};
use crate::world::{ApiError, Region, Tags};

/// Pages of prefix lists and of their entries: 1 to 100 (EC2 API reference, "`DescribeManagedPrefixLists`" and
/// "`GetManagedPrefixListEntries`"), also when no size is asked for (hashicorp/terraform-provider-aws#26004).
const SIZES: Sizes = Sizes {
    allowed: 1..=100,
    usual: 100,
};

/// Input of `GetManagedPrefixListEntries`.
#[derive(Debug, Clone, Default)]
pub struct GetManagedPrefixListEntries {
    /// The list.
    pub prefix_list_id: Option<String>,
    /// Page size, 1 to 100.
    pub max_results: Option<i64>,
    /// Token of the page.
    pub next_token: Option<String>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// A prefix list as `DescribeManagedPrefixLists` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixListView {
    /// What is stored.
    pub list: PrefixList,
    /// The account it belongs to, or `AWS`.
    pub owner_id: String,
    /// ARN.
    pub arn: String,
    /// How many entries it may have; a list of AWS does not say.
    pub max_entries: Option<usize>,
    /// Its version, which never changes; a list of AWS has none.
    pub version: Option<u64>,
}

impl PrefixList {
    /// `IPv4` or `IPv6`.
    pub fn address_family(&self) -> &'static str {
        if self.is_ipv6 { "IPv6" } else { "IPv4" }
    }

    /// Whether it is one of those that AWS keeps for its services: no customer may use their names (EC2 API
    /// reference, "`CreateManagedPrefixList`").
    fn is_of_aws(&self) -> bool {
        self.name.starts_with("com.amazonaws.")
    }
}

impl Listed for Seen<'_, PrefixList> {
    const FILTERS: &'static [&'static str] = &["owner-id", "prefix-list-id", "prefix-list-name"];
    const SIZES: Sizes = SIZES;

    fn attribute(&self, name: &str) -> Vec<String> {
        match name {
            "owner-id" => one(self.region.owner_of(self.it)),
            "prefix-list-id" => one(&self.it.id),
            "prefix-list-name" => one(&self.it.name),
            _ => Vec::new(),
        }
    }
}

struct EntryOf<'a> {
    entry: &'a PrefixListEntry,
    cidr: String,
}

impl Resource for EntryOf<'_> {
    const KIND: &'static Kind = &PREFIX_LIST;

    fn id(&self) -> &str {
        &self.cidr
    }

    fn tags(&self) -> &Tags {
        static NONE: Tags = Tags::new();
        &NONE
    }
}

impl Listed for EntryOf<'_> {
    const FILTERS: &'static [&'static str] = &[];
    const SIZES: Sizes = SIZES;

    fn attribute(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

impl Region {
    /// `DescribeManagedPrefixLists`.
    pub fn describe_managed_prefix_lists(
        &self,
        input: &Describe,
    ) -> Result<Page<PrefixListView>, ApiError> {
        let page = select(input, self.see(self.prefix_lists.values()))?;
        Ok(page.map(|seen| self.prefix_list_view(seen.it)))
    }

    /// `GetManagedPrefixListEntries`.
    pub fn get_managed_prefix_list_entries(
        &self,
        input: &GetManagedPrefixListEntries,
    ) -> Result<Page<PrefixListEntry>, ApiError> {
        let id = PREFIX_LIST.required(input.prefix_list_id.as_deref())?;
        // In these words, which other calls do not use: aws/aws-application-networking-k8s#172.
        let list = self.prefix_lists.get(id).ok_or_else(|| ApiError {
            message: format!("The prefix list ({id}) does not exist."),
            ..PREFIX_LIST.not_found(id)
        })?;
        let request = Describe {
            max_results: input.max_results,
            next_token: input.next_token.clone(),
            dry_run: input.dry_run,
            ..Describe::default()
        };
        let entries = list.entries.iter().map(|entry| EntryOf {
            entry,
            cidr: entry.cidr.to_string(),
        });
        Ok(select(&request, entries)?.map(|found| found.entry.clone()))
    }

    fn owner_of<'a>(&'a self, list: &PrefixList) -> &'a str {
        if list.is_of_aws() {
            "AWS"
        } else {
            &self.account_id
        }
    }

    fn prefix_list_view(&self, list: &PrefixList) -> PrefixListView {
        let own = !list.is_of_aws();
        let account = if own { &self.account_id } else { "aws" };
        PrefixListView {
            owner_id: self.owner_of(list).to_owned(),
            arn: format!(
                "arn:{}:ec2:{}:{account}:prefix-list/{}",
                self.partition(),
                self.name,
                list.id
            ),
            max_entries: own.then(|| list.entries.len().max(1)),
            version: own.then_some(1),
            list: list.clone(),
        }
    }
}
