//! Pages and their tokens. A token names the last resource of the page before, so a page is right even
//! when resources come and go between two calls; clients cannot read it and cannot make one up.

use std::ops::RangeInclusive;

use super::refusals::{invalid, refuse};
use crate::sandbox::world::ApiError;

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

/// The token of the page that starts behind `last`.
pub(super) fn token(last: &str) -> String {
    let sealed = format!("{last}.{:016x}", seal(last));
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    let masked = sealed.bytes().map(|byte| byte ^ MASK);
    masked
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .flatten()
        .collect()
}

/// Where the page of a token starts.
pub(super) fn last_of(token: &str) -> Result<String, ApiError> {
    open(token).ok_or_else(|| {
        refuse(
            "InvalidNextToken",
            format!("The token '{token}' is invalid"),
        )
    })
}

const MASK: u8 = 0xa5;

fn open(token: &str) -> Option<String> {
    let bytes = token.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok().map(|byte| byte ^ MASK)
    });
    let text = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
    let (last, sum) = text.rsplit_once('.')?;
    (format!("{:016x}", seal(last)) == sum).then(|| last.to_owned())
}

/// FNV-1a: enough to tell a token of ours from a made-up one.
fn seal(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{last_of, token};

    #[test]
    fn a_token_leads_back_to_its_resource_and_a_made_up_one_nowhere() {
        let good = token("vpc-0123456789abcdef0");
        assert_eq!(last_of(&good).as_deref(), Ok("vpc-0123456789abcdef0"));
        for bad in [
            "",
            "x",
            "zz",
            "ab",
            "é",
            good.get(2..).unwrap_or_default(),
            &format!("{good}00"),
        ] {
            assert_eq!(
                last_of(bad).map_err(|error| error.code),
                Err("InvalidNextToken"),
                "{bad}"
            );
        }
    }
}
