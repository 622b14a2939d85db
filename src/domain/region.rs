//! Regions by their shape, and what people write in their place.

use std::fmt;

use super::variables::visible;

/// Why a text is not a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistaken {
    /// It is in quotes; configuration files know none.
    Quoted,
    /// It is a zone, or a group of zones, of this region.
    Zone(String),
    /// It is something else.
    Other,
}

/// Whether a text has the shape of a region: words, then one number (`eu-west-1`, `us-gov-east-1`, `us-isob-east-1`).
///
/// # Errors
///
/// What it seems to be.
pub fn check(text: &str) -> Result<(), Mistaken> {
    let bare = text.trim_matches(['"', '\'']);
    if bare != text {
        return Err(Mistaken::Quoted);
    }
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.chars().all(known) {
        return Err(Mistaken::Other);
    }
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    let words = parts.iter().take_while(|part| is_word(part)).count();
    let number: String = parts
        .get(words)
        .map(|part| part.chars().take_while(char::is_ascii_digit).collect())
        .unwrap_or_default();
    if words < 2 || number.is_empty() {
        return Err(Mistaken::Other);
    }
    let mut region = parts.iter().take(words).copied().collect::<Vec<_>>();
    region.push(&number);
    let region = region.join("-");
    if region == text {
        Ok(())
    } else {
        Err(Mistaken::Zone(region))
    }
}

/// The sentence for a text that is not a region. `origin` tells where it stands: "--region", "the variable `AWS_REGION`".
pub fn sentence(text: &str, origin: &str, mistaken: &Mistaken) -> String {
    format!("`{}` is not a region ({origin}){mistaken}", visible(text))
}

impl fmt::Display for Mistaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quoted => f.write_str(": the quotes are part of the value"),
            Self::Zone(region) => write!(f, ": it is a zone of {region}"),
            Self::Other => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mistaken, check};

    #[test]
    fn regions_are_told_from_zones_and_typing_errors() {
        for good in [
            "eu-west-1",
            "us-gov-east-1",
            "us-isob-east-1",
            "eusc-de-east-1",
            "ap-southeast-4",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (zone, region) in [
            ("us-east-1a", "us-east-1"),
            ("us-west-2-lax-1a", "us-west-2"),
            ("us-west-2-lax-1", "us-west-2"),
            ("us-east-1-wl1-bos-wlz-1", "us-east-1"),
            ("us-gov-east-1b", "us-gov-east-1"),
        ] {
            assert_eq!(
                check(zone),
                Err(Mistaken::Zone(region.to_owned())),
                "{zone}"
            );
        }
        for quoted in ["\"us-east-1\"", "'us-east-1'", "us-east-1\""] {
            assert_eq!(check(quoted), Err(Mistaken::Quoted), "{quoted}");
        }
        for bad in [
            "eu-west",
            "euwest1",
            "EU-WEST-1",
            "",
            "mars",
            "-1",
            "a--1",
            "use1-az1",
            "eu-west-1 ",
            "é-b-1",
        ] {
            assert_eq!(check(bad), Err(Mistaken::Other), "{bad}");
        }
    }
}
