//! What an answer has to hold to be one.
//!
//! The SDK puts the empty text, zero, or a word of its own where a member that the service model requires is missing
//! (`serde_util` of aws-sdk-efs), and `None` everywhere in EC2. An answer without the id of what it is about says nothing
//! that can be relied on: it counts as lost, so that the caller looks again, and never as an answer about `""`.

use std::str::FromStr;

use crate::cloud::{Answer, Class, CloudError};

/// A member that has to be there.
pub(super) fn required<'s>(
    operation: &'static str,
    member: &'static str,
    value: Option<&'s str>,
) -> Answer<&'s str> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| missing(operation, member))
}

/// A member that has to be there, and is no text.
pub(super) fn required_value<T>(
    operation: &'static str,
    member: &'static str,
    value: Option<T>,
) -> Answer<T> {
    value.ok_or_else(|| missing(operation, member))
}

/// A range or address that has to be understood: without it, what hangs on it would be judged as if it were not there.
pub(super) fn parsed<T: FromStr>(
    operation: &'static str,
    member: &'static str,
    text: &str,
) -> Answer<T> {
    text.parse().map_err(|_| {
        let sentence = format!("the answer's {member} `{text}` cannot be read");
        CloudError::new(Class::Permanent, operation, sentence)
    })
}

fn missing(operation: &'static str, member: &'static str) -> CloudError {
    CloudError::new(
        Class::Ambiguous,
        operation,
        format!("the answer has no {member}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_no_answer_and_what_cannot_be_read_is_named() {
        assert_eq!(required("X", "Id", Some("a")), Ok("a"));
        for nothing in [None, Some("")] {
            assert_eq!(
                required("X", "Id", nothing).unwrap_err().class,
                Class::Ambiguous
            );
        }
        assert_eq!(
            required_value::<bool>("X", "On", None).unwrap_err().class,
            Class::Ambiguous
        );
        let odd = parsed::<std::net::IpAddr>("X", "IpAddress", "10.0.0").unwrap_err();
        assert!(odd.message.contains("`10.0.0`"), "{odd}");
    }
}
