//! Tokens of pages: a token names the last item of the page before, so a page is right even when resources come and go
//! between two calls. Clients cannot read it and cannot make one up.

use std::fmt::Write as _;

use crate::mix::number;

const MASK: u8 = 0xa5;

/// The token that continues a list behind that place. Short keys make short tokens: EFS allows 128 characters.
pub(super) fn seal(list: &str, place: &str) -> String {
    let mut token = format!("{:016x}", number(&[list, place]));
    for byte in place.bytes() {
        // Writing to a String cannot fail.
        let _ = write!(token, "{:02x}", byte ^ MASK);
    }
    token
}

/// Where a token continues that list; `None`: it was not handed out for it.
pub(super) fn open(list: &str, token: &str) -> Option<String> {
    let (_, hidden) = token.split_at_checked(16)?;
    let bytes = hidden.as_bytes().chunks(2).map(|pair| {
        let byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
        Some(byte ^ MASK)
    });
    let place = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
    (seal(list, &place) == token).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn a_token_leads_back_to_its_place_and_a_made_up_one_nowhere() {
        let good = seal("vpcs", "vpc-0123456789abcdef0");
        assert_eq!(
            open("vpcs", &good).as_deref(),
            Some("vpc-0123456789abcdef0")
        );
        assert_eq!(open("subnets", &good), None);
        for bad in [
            "",
            "x",
            "zz",
            "ab",
            "ä",
            "0000000000000000",
            good.get(1..).unwrap_or_default(),
            good.get(2..).unwrap_or_default(),
            &format!("{good}00"),
            &format!("{good}+f"),
            &good.to_uppercase(),
        ] {
            assert_eq!(open("vpcs", bad), None, "{bad}");
        }
    }
}
