//! Names of workspaces.

use std::fmt;

use super::path::OWN;

/// The longest segment of a name.
const LONGEST_SEGMENT: usize = 128;

/// The longest name below `.efsctl`, where it is one component: room for the ending of a temporary one.
const LONGEST_KEY: usize = 240;

/// What no segment may be: the directory of efsctl, and words of the API's addresses.
const RESERVED: [&str; 3] = [OWN, "admin", "create"];

/// The name of a workspace: one to three segments.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

/// A name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name of a workspace: expected one segment, or for a project up to three with `/` between them, each of letters, digits, `.`, `_` and `-`, a letter or a digit first, at most 128, without `..`, not ending in `.zip`, and not `admin` or `create`"
)]
pub struct NameRefused(pub String);

impl Name {
    /// The id of a job: one segment of letters, digits, `.`, `_` and `-`.
    ///
    /// # Errors
    ///
    /// What is no id.
    pub fn job(text: &str) -> Result<Self, NameRefused> {
        if is_segment(text, "") {
            Ok(Self(text.to_owned()))
        } else {
            Err(refused(text))
        }
    }

    /// The name of a project: one to three segments, which may also have `@`, `+` and `=`.
    ///
    /// # Errors
    ///
    /// What is no name.
    pub fn project(text: &str) -> Result<Self, NameRefused> {
        let name = Self(text.to_owned());
        let count = text.split('/').count();
        let is_name = count <= 3 && text.split('/').all(|part| is_segment(part, "@+="));
        if is_name && name.key().len() <= LONGEST_KEY {
            Ok(name)
        } else {
            Err(refused(text))
        }
    }

    /// A new id of a job: 20 hexadecimal digits.
    pub fn random(bytes: [u8; 16]) -> Self {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(20);
        for byte in bytes.iter().take(10) {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// As it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The directory that holds it, if not the base, and its last segment.
    pub fn split(&self) -> (Option<&str>, &str) {
        match self.0.rsplit_once('/') {
            Some((parent, last)) => (Some(parent), last),
            None => (None, &self.0),
        }
    }

    /// As one component, below `.efsctl`.
    pub fn key(&self) -> String {
        use std::fmt::Write as _;
        let mut key = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
                    key.push(char::from(byte));
                }
                other => {
                    let _ = write!(key, "%{other:02X}");
                }
            }
        }
        key
    }

    /// The name of a key; `None` for what is none.
    pub fn from_key(key: &str) -> Option<Self> {
        let mut bytes = key.bytes();
        let mut text = Vec::with_capacity(key.len());
        while let Some(byte) = bytes.next() {
            if byte == b'%' {
                let digits = [bytes.next()?, bytes.next()?];
                text.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            } else {
                text.push(byte);
            }
        }
        Self::project(&String::from_utf8(text).ok()?).ok()
    }

    /// The name of its ZIP, beside the directory.
    pub fn zip(&self) -> String {
        let (_, last) = self.split();
        format!("{last}.zip")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_segment(text: &str, also: &str) -> bool {
    text.len() <= LONGEST_SEGMENT
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c) || also.contains(c))
        && !text.contains("..")
        && !text.to_ascii_lowercase().ends_with(".zip")
        && !RESERVED.contains(&text)
}

fn refused(text: &str) -> NameRefused {
    NameRefused(
        text.chars()
            .take(140)
            .flat_map(char::escape_debug)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_jobs() {
        for good in [
            "a",
            "abc123",
            "A.b_c-d",
            "0",
            &"x".repeat(128),
            "x.zip.bak",
            "creates",
        ] {
            assert_eq!(Name::job(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            ".",
            "..",
            "../../x",
            "a/b",
            "a\\b",
            ".x",
            "-x",
            "_x",
            "a..b",
            "a.zip",
            "A.ZIP",
            "admin",
            "create",
            ".efsctl",
            "é",
            "a b",
            "a\0",
            "a\n",
            "a%2f",
            &"x".repeat(129),
            "a@b",
        ] {
            assert!(Name::job(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_of_projects_and_their_keys() {
        for good in ["user-1/project-a", "a/b/c", "me@example.org/x+y=z"] {
            let name = Name::project(good).unwrap();
            assert!(!name.key().contains('/'));
            assert_eq!(Name::from_key(&name.key()), Some(name));
        }
        let long = "@".repeat(100);
        for bad in [
            "a/b/c/d",
            "a//b",
            "/a",
            "a/",
            "a/../b",
            "a/admin",
            &long,
            &format!("a{long}"),
        ] {
            assert!(Name::project(bad).is_err(), "{bad:?}");
        }
        for odd in ["%", "%2", "%zz", "a%2F..", "%FF"] {
            assert_eq!(Name::from_key(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_random_id_is_an_id() {
        let name = Name::random([0xab; 16]);
        assert_eq!(name.as_str(), "ab".repeat(10));
        assert!(Name::job(name.as_str()).is_ok());
    }
}
