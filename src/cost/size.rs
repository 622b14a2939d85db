//! Amounts of data and shares of it, as they are typed.

use std::fmt;
use std::str::FromStr;

use super::exact::{Exact, decimal, shortest, whole};

/// Bytes of a GB as AWS bills it (EFS user guide, "Understanding billing and usage reports": 1 GB is 2^30 bytes).
pub const GB: u64 = 1 << 30;

/// More than this is a slip of the keyboard.
const LARGEST: u64 = 1 << 60;

/// Each unit, and its bytes. Those of AWS's bills are binary, whichever way they are written.
const UNITS: [(&str, u64); 10] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("PiB", 1 << 50),
    ("KB", 1 << 10),
    ("MB", 1 << 20),
    ("GB", 1 << 30),
    ("TB", 1 << 40),
    ("PB", 1 << 50),
];

/// An amount of data: `200GiB`, `1.5TiB`, `0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size(Exact);

impl Size {
    /// In bytes, of which there may be a fraction.
    pub fn bytes(&self) -> &Exact {
        &self.0
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mistyped = || {
            format!(
                "`{text}` is not an amount of data: expected a number with a unit, such as 200GiB or 1.5TiB"
            )
        };
        if text == "0" {
            return Ok(Self(whole(0)));
        }
        let find = |(name, _): &&(&str, u64)| ends_in(text, name);
        let (name, bytes) = UNITS.iter().find(find).ok_or_else(mistyped)?;
        let number = text.get(..text.len() - name.len()).unwrap_or_default();
        let number = decimal(number.trim_end()).ok_or_else(mistyped)?;
        let size = number * whole(*bytes);
        if size > whole(LARGEST) {
            return Err(format!("`{text}` is too much: at most 1024PiB"));
        }
        Ok(Self(size))
    }
}

fn ends_in(text: &str, name: &str) -> bool {
    let begin = text.len().checked_sub(name.len());
    let end = begin.and_then(|begin| text.get(begin..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(name))
}

/// How much of what is stored is in a storage class: `80%`, or an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// So many hundredths.
    Percent(Exact),
    /// So much.
    Size(Size),
}

impl Share {
    /// In bytes, of a whole.
    pub fn of(&self, whole_size: &Size) -> Exact {
        match self {
            Self::Percent(percent) => whole_size.bytes() * percent / whole(100),
            Self::Size(size) => size.bytes().clone(),
        }
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_suffix('%') {
            Some(number) => match decimal(number.trim_end()) {
                Some(percent) if percent <= whole(100) => Ok(Self::Percent(percent)),
                _ => Err(format!("`{text}` is not a share: expected 0% to 100%")),
            },
            None => text.parse().map(Self::Size).map_err(|_: String| {
                format!("`{text}` is not a share: expected 80% or an amount such as 160GiB")
            }),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{}%", shortest(percent, 4)),
            Self::Size(size) => write!(f, "{} GB", shortest(&(size.bytes() / whole(GB)), 4)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_shares_are_read_or_refused_by_name() {
        for (text, gb) in [
            ("200GiB", "200"),
            ("1TiB", "1024"),
            ("1.5 tib", "1536"),
            ("512MB", "0.5"),
            ("10GB", "10"),
            ("0", "0"),
            ("1024PiB", "1073741824"),
        ] {
            let size: Size = text.parse().unwrap();
            assert_eq!(shortest(&(size.bytes() / whole(GB)), 6), gb, "{text}");
        }
        for text in [
            "", "200", "GiB", "-1GiB", "1e3GiB", "200Gb/s", "1025PiB", "NaNGiB", "é",
        ] {
            let error = text.parse::<Size>().unwrap_err();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
        let all: Size = "200GiB".parse().unwrap();
        for (text, gb) in [
            ("80%", "160"),
            ("12.5 %", "25"),
            ("160GiB", "160"),
            ("0", "0"),
        ] {
            let share: Share = text.parse().unwrap();
            assert_eq!(shortest(&(share.of(&all) / whole(GB)), 6), gb, "{text}");
        }
        for text in ["101%", "-1%", "%", "80", ""] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
