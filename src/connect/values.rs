//! Values of a request, parsed where they are typed.

use std::fmt;
use std::str::FromStr;

/// A value that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {what}: expected {expected}")]
pub struct InvalidValue {
    value: String,
    what: &'static str,
    expected: &'static str,
}

/// A directory, by its absolute path, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory(String);

impl Directory {
    /// The root.
    pub fn root() -> Self {
        Self("/".to_owned())
    }

    /// Its path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// It is the root.
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// A directory below it, by its path from here.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        match (self.is_root(), below.is_root()) {
            (_, true) => self.clone(),
            (true, false) => below.clone(),
            (false, false) => Self(format!("{}{}", self.0, below.0)),
        }
    }
}

impl Default for Directory {
    /// Where hosts have it unless they are told otherwise.
    fn default() -> Self {
        Self("/mnt/efs".to_owned())
    }
}

impl fmt::Display for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Directory {
    type Err = InvalidValue;

    /// A line feed ends a line of fstab and of a unit, whatever is done about it; a blank or a backslash at the end is not kept in units
    /// (systemd.syntax: trailing white space is removed, and a backslash continues the line).
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = |expected| InvalidValue {
            value: text.escape_debug().to_string(),
            what: "a directory",
            expected,
        };
        if !text.starts_with('/') {
            return Err(invalid("an absolute path, such as /mnt/efs"));
        }
        if text.chars().any(char::is_control) {
            return Err(invalid("a path without control characters"));
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| matches!(*part, "." | "..")) {
            return Err(invalid("a path without . and .."));
        }
        if parts.iter().any(|part| part.ends_with(['\\', ' '])) {
            return Err(invalid("names that end in no blank and no backslash"));
        }
        if parts.iter().any(|part| part.len() > 255) || text.len() > 4095 {
            return Err(invalid(
                "names of at most 255 bytes, and a path of at most 4095",
            ));
        }
        Ok(Self(format!("/{}", parts.join("/"))))
    }
}

/// A user and a group, by names or numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner(String);

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Owner {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let is_name = |name: &str| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let is_number = name.chars().all(|c| c.is_ascii_digit());
            name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                && name.len() <= 32
                && name.chars().all(is_plain)
                && (!is_number || name.parse::<u32>().is_ok())
        };
        match text.split_once(':') {
            Some((user, group)) if is_name(user) && is_name(group) => Ok(Self(text.to_owned())),
            _ => Err(InvalidValue {
                value: text.to_owned(),
                what: "an owner",
                expected: "USER:GROUP, names or numbers, for example 1000:1000",
            }),
        }
    }
}

/// Permissions of a directory, octal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mode(String);

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Mode {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let is_octal = text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
        if is_octal && (3..=4).contains(&text.len()) {
            return Ok(Self(text.to_owned()));
        }
        Err(InvalidValue {
            value: text.to_owned(),
            what: "a mode",
            expected: "three or four octal digits, for example 755",
        })
    }
}

/// A variable of the environment that holds a directory of the file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The directory, by its path in the file system.
    pub directory: Directory,
}

impl FromStr for Variable {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let (name, directory) = match text.split_once('=') {
            Some((name, directory)) => (name, directory.parse()?),
            None => (text, Directory::root()),
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_name = !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(is_plain);
        if !is_name {
            return Err(InvalidValue {
                value: text.to_owned(),
                what: "a variable",
                expected: "NAME or NAME=/DIRECTORY, of letters, digits and _, for example SANDBOX_PATH",
            });
        }
        Ok(Self {
            name: name.to_owned(),
            directory,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_absolute_and_plain() {
        for (typed, read) in [
            ("/", "/"),
            ("/mnt/efs/", "/mnt/efs"),
            ("//mnt///e f s", "/mnt/e f s"),
            ("/a/-b/ö", "/a/-b/ö"),
        ] {
            assert_eq!(typed.parse::<Directory>().unwrap().as_str(), read);
        }
        for bad in ["", "mnt", "/a/../b", "/a/.", "/a\nb", "/a\\", "/a /b"] {
            assert!(bad.parse::<Directory>().is_err(), "{bad:?}");
        }
        let mount: Directory = "/mnt/efs".parse().unwrap();
        let below = |path: &str| mount.join(&path.parse().unwrap()).to_string();
        assert_eq!(
            (below("/"), below("/a/b")),
            ("/mnt/efs".into(), "/mnt/efs/a/b".into())
        );
        assert_eq!(Directory::root().join(&mount), mount);
    }

    #[test]
    fn owners_modes_and_variables_are_told_from_typing_errors() {
        for good in [
            "1000:1000",
            "ec2-user:ec2-user",
            "0:0",
            "_apt:nogroup",
            "4294967295:0",
        ] {
            assert!(good.parse::<Owner>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "1000",
            "a:",
            ":b",
            "a b:c",
            "-a:b",
            "1:2:3",
            "4294967296:0",
            "a;b:c",
        ] {
            assert!(bad.parse::<Owner>().is_err(), "{bad}");
        }
        for (mode, is_good) in [
            ("755", true),
            ("0755", true),
            ("2775", true),
            ("75", false),
            ("788", false),
            ("u+x", false),
            ("", false),
        ] {
            assert_eq!(mode.parse::<Mode>().is_ok(), is_good, "{mode}");
        }
        for good in ["SANDBOX_PATH", "a1=/x/y", "_x"] {
            assert!(good.parse::<Variable>().is_ok(), "{good}");
        }
        for bad in ["", "1A", "A-B", "A=x", "A=", "=/x", "A B"] {
            assert!(bad.parse::<Variable>().is_err(), "{bad}");
        }
    }
}
