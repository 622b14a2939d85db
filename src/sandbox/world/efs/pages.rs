//! Pagination: what was asked for, the page, and the opaque token that continues it.

use super::super::{ApiError, token};
use super::errors::bad_request;

/// The most that EFS returns in one page, and what it returns when no number is given.
const PAGE: usize = 100;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The token of the next page, when there is one.
    pub next: Option<String>,
}

/// The pagination members of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageRequest<'a> {
    /// The list that is paged: a token of another list is refused.
    pub(super) list: &'static str,
    /// `MaxItems` or `MaxResults`.
    pub(super) max: Option<i64>,
    /// `Marker` or `NextToken`.
    pub(super) token: Option<&'a str>,
}

impl PageRequest<'_> {
    /// The page of `items`, which come in ascending order of their keys.
    pub(super) fn take<K: AsRef<str>, T>(
        &self,
        items: impl Iterator<Item = (K, T)>,
    ) -> Result<Page<T>, ApiError> {
        let limit = self.limit()?;
        let after = self.token.map(|token| self.read(token)).transpose()?;
        let mut rest = items
            .skip_while(|(key, _)| after.as_deref().is_some_and(|after| key.as_ref() <= after));
        let mut page = Vec::new();
        let mut last = None;
        for (key, item) in rest.by_ref().take(limit) {
            page.push(item);
            last = Some(key);
        }
        let next = rest
            .next()
            .and(last)
            .map(|key| token::seal(self.list, key.as_ref()));
        Ok(Page { items: page, next })
    }

    fn limit(&self) -> Result<usize, ApiError> {
        match self.max {
            None => Ok(PAGE),
            Some(max) if max < 1 => Err(bad_request(
                "The maximum number of items must be at least 1.",
            )),
            Some(max) => Ok(usize::try_from(max).map_or(PAGE, |max| max.min(PAGE))),
        }
    }

    fn read(&self, token: &str) -> Result<String, ApiError> {
        token::open(self.list, token)
            .ok_or_else(|| bad_request(format!("invalid pagination token: {token}")))
    }
}

#[cfg(test)]
mod tests {
    use super::PageRequest;

    const ITEMS: [(&str, u8); 3] = [("a", 1), ("b", 2), ("c", 3)];

    fn request(max: Option<i64>, token: Option<&str>) -> PageRequest<'_> {
        PageRequest {
            list: "letters",
            max,
            token,
        }
    }

    #[test]
    fn pages_follow_each_other_until_nothing_is_left() {
        let first = request(Some(2), None).take(ITEMS.into_iter()).unwrap();
        assert_eq!(first.items, [1, 2]);
        let second = request(Some(2), first.next.as_deref())
            .take(ITEMS.into_iter())
            .unwrap();
        assert_eq!((second.items, second.next), (vec![3], None));
        let whole = request(Some(3), None).take(ITEMS.into_iter()).unwrap();
        assert_eq!(whole.next, None);
    }

    #[test]
    fn a_token_that_nobody_handed_out_is_refused() {
        let token = request(Some(1), None)
            .take(ITEMS.into_iter())
            .unwrap()
            .next
            .unwrap();
        let other = PageRequest {
            list: "numbers",
            max: None,
            token: Some(&token),
        };
        assert_eq!(
            other.take(ITEMS.into_iter()).unwrap_err().code,
            "BadRequest"
        );
        for bad in [
            "",
            "x",
            "ä",
            "0000000000000000",
            token.get(1..).unwrap_or_default(),
            &format!("{token}+f"),
        ] {
            let refused = request(None, Some(bad)).take(ITEMS.into_iter());
            assert_eq!(refused.unwrap_err().code, "BadRequest", "{bad}");
        }
        assert!(request(Some(0), None).take(ITEMS.into_iter()).is_err());
    }
}
