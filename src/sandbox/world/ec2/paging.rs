//! Sizes of pages, and the tokens that continue them.

use std::ops::RangeInclusive;

use super::refusals::{invalid, refuse};
use crate::world::{ApiError, token};

/// The page sizes of a kind of resource.
pub(super) struct Sizes {
    /// What `MaxResults` may ask for.
    pub allowed: RangeInclusive<i64>,
    /// The size that nobody asked for.
    pub usual: usize,
}

/// What nearly all Describe calls allow; without `MaxResults` they answer with everything at once.
pub(super) const MOST: Sizes = Sizes {
    allowed: 5..=1_000,
    usual: usize::MAX,
};

/// The size of a page; sizes that are not allowed are refused.
pub(super) fn size(max_results: Option<i64>, sizes: &Sizes) -> Result<usize, ApiError> {
    let Some(size) = max_results else {
        return Ok(sizes.usual);
    };
    let (least, most) = (sizes.allowed.start(), sizes.allowed.end());
    let bound = if size < *least {
        format!("greater than {least}")
    } else if size > *most {
        format!("less than or equal to {most}")
    } else {
        return Ok(usize::try_from(size).unwrap_or(usize::MAX));
    };
    Err(invalid(format!(
        "Value ( {size} ) for parameter maxResults is invalid. Expecting a value {bound}."
    )))
}

/// What seals the tokens of EC2.
const LIST: &str = "ec2";

/// The token of the page that starts behind `last`.
pub(super) fn token(last: &str) -> String {
    token::seal(LIST, last)
}

/// Where the page of a token starts.
pub(super) fn last_of(token: &str) -> Result<String, ApiError> {
    token::open(LIST, token).ok_or_else(|| {
        refuse(
            "InvalidNextToken",
            format!("The token '{token}' is invalid"),
        )
    })
}
