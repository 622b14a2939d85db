//! Filters of Describe calls: names are checked, values may hold `*` and `?`.

use super::refusals::{invalid, refuse};
use crate::wildcard::fits;
use crate::world::{ApiError, Tags};

/// Filter values of one request (EC2 user guide, "List and filter your resources").
const MOST_VALUES: usize = 200;

/// One filter: a resource passes when any of the values fits.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// `vpc-id`, `tag:Name`, …
    pub name: String,
    /// Values; `*` and `?` are wildcards.
    pub values: Vec<String>,
}

impl Filter {
    /// The filter of one name and one value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            values: vec![value.into()],
        }
    }
}

/// Refuses a filter this kind of resource does not have.
pub(super) fn check(filters: &[Filter], known: &[&str]) -> Result<(), ApiError> {
    for filter in filters {
        let name = filter.name.as_str();
        if !known.contains(&name) && name != "tag-key" && !name.starts_with("tag:") {
            return Err(invalid(format!("The filter '{name}' is invalid")));
        }
        if filter.values.is_empty() {
            return Err(invalid(format!("The filter '{name}' has no values")));
        }
    }
    if filters
        .iter()
        .map(|filter| filter.values.len())
        .sum::<usize>()
        > MOST_VALUES
    {
        let message = "The maximum number of filter values specified on a single call is 200";
        return Err(refuse("FilterLimitExceeded", message));
    }
    Ok(())
}

/// Whether a resource passes all filters: any value of each. `attribute` gives the values the resource
/// has under the name of a filter.
pub(super) fn pass(
    filters: &[Filter],
    tags: &Tags,
    mut attribute: impl FnMut(&str) -> Vec<String>,
) -> bool {
    filters.iter().all(|filter| {
        let wanted = |value: &str| filter.values.iter().any(|pattern| fits(pattern, value));
        match filter.name.strip_prefix("tag:") {
            Some(key) => tags.get(key).is_some_and(|value| wanted(value)),
            None if filter.name == "tag-key" => tags.keys().any(|key| wanted(key)),
            None => attribute(&filter.name).iter().any(|value| wanted(value)),
        }
    })
}
