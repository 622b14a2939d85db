//! What all Describe calls have in common: ids, filters, pages, `DryRun`.

use super::filters::{self, Filter};
use super::kinds::Kind;
use super::paging::{self, Sizes};
use super::refusals::{combination, unless_dry_run};
use super::resource::Resource;
use crate::world::{ApiError, Region, Tags};

/// The input of a Describe call.
#[derive(Debug, Clone, Default)]
pub struct Describe {
    /// Only these; each must exist.
    pub ids: Vec<String>,
    /// Only those that pass all filters.
    pub filters: Vec<Filter>,
    /// Page size, for nearly all 5 to 1,000.
    pub max_results: Option<i64>,
    /// Token of the page.
    pub next_token: Option<String>,
    /// Only whether it would be allowed.
    pub dry_run: bool,
}

/// One page of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The results.
    pub items: Vec<T>,
    /// Token of the next page; none: this was the last.
    pub next_token: Option<String>,
}

impl<T> Page<T> {
    /// The page with every result made into something else.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(make).collect(),
            next_token: self.next_token,
        }
    }
}

/// A resource together with the region it is in, whose other resources some filters ask about.
pub(super) struct Seen<'a, T> {
    pub region: &'a Region,
    pub it: &'a T,
}

impl Region {
    /// The resources of one kind, as [`select`] takes them.
    pub(super) fn see<'a, T: 'a>(
        &'a self,
        all: impl Iterator<Item = &'a T>,
    ) -> impl Iterator<Item = Seen<'a, T>> {
        all.map(|it| Seen { region: self, it })
    }
}

impl<T: Resource> Resource for Seen<'_, T> {
    const KIND: &'static Kind = T::KIND;

    fn id(&self) -> &str {
        self.it.id()
    }

    fn tags(&self) -> &Tags {
        self.it.tags()
    }
}

/// A resource that can be described.
pub(super) trait Listed: Resource {
    /// Names of its filters, besides `tag:…` and `tag-key`. One that the sandbox has no values for is
    /// listed all the same: it is valid, and fits nothing.
    const FILTERS: &'static [&'static str];
    /// How many of it are on a page.
    const SIZES: Sizes = paging::MOST;
    /// Its values under the name of a filter.
    fn attribute(&self, name: &str) -> Vec<String>;
}

/// The page a request asks for, out of everything there is.
pub(super) fn select<T: Listed>(
    request: &Describe,
    everything: impl Iterator<Item = T>,
) -> Result<Page<T>, ApiError> {
    let size = paging::size(request.max_results, &T::SIZES)?;
    if request.max_results.is_some() && !request.ids.is_empty() {
        let list = T::KIND.list;
        return Err(combination(format!(
            "The parameter {list} cannot be used with the parameter MaxResults"
        )));
    }
    request.ids.iter().try_for_each(|id| T::KIND.check(id))?;
    filters::check(&request.filters, T::FILTERS)?;
    let last = request
        .next_token
        .as_deref()
        .map(paging::last_of)
        .transpose()?;

    let mut found: Vec<T> = everything
        .filter(|item| request.ids.is_empty() || request.ids.iter().any(|id| id == item.id()))
        .collect();
    let absent: Vec<&str> = (request.ids.iter().map(String::as_str))
        .filter(|id| !found.iter().any(|item| item.id() == *id))
        .collect();
    if !absent.is_empty() {
        return Err(T::KIND.none_found(&absent));
    }
    unless_dry_run(request.dry_run)?;

    found.retain(|item| filters::pass(&request.filters, item.tags(), |name| item.attribute(name)));
    found.sort_by(|a, b| a.id().cmp(b.id()));
    if let Some(last) = last {
        found.retain(|item| item.id() > last.as_str());
    }
    let more = found.len() > size;
    found.truncate(size);
    let next_token = if more {
        found.last().map(|item| paging::token(item.id()))
    } else {
        None
    };
    Ok(Page {
        items: found,
        next_token,
    })
}

/// One value of an attribute.
pub(super) fn one<T: ToString + ?Sized>(value: &T) -> Vec<String> {
    vec![value.to_string()]
}
