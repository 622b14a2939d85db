//! The lexical guard: what comes from outside becomes a [`RelPath`] or a refusal.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The file that makes a directory a workspace; reserved.
pub const METADATA: &str = ".job_metadata.json";

/// The directory of efsctl itself; reserved.
pub const OWN: &str = ".efsctl";

/// The longest component, in bytes: the limit of EFS and of Linux.
pub const LONGEST_COMPONENT: usize = 255;

/// The longest path, in bytes.
pub const LONGEST_PATH: usize = 4_000;

/// The most components of a path.
pub const MOST_COMPONENTS: usize = 100;

/// A path below a workspace. It names a file there, and nothing else, byte for byte as it came: nothing is folded or decoded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelPath(String);

/// Why a path is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// Begins with a slash.
    #[error("it is absolute")]
    Absolute,
    /// A component `.` or `..`, as it stands or in its compatibility form.
    #[error("it has a component `.` or `..`")]
    Dots,
    /// Two slashes, or one at the end.
    #[error("it has an empty component")]
    EmptyComponent,
    /// A component of white space.
    #[error("it has a blank component")]
    Blank,
    /// A backslash.
    #[error("it has a backslash")]
    Backslash,
    /// `C:`.
    #[error("it begins with a drive")]
    Drive,
    /// NUL, a control character, DEL.
    #[error("it has a control character")]
    Control,
    /// Not UTF-8, or half of a surrogate pair.
    #[error("it is not text")]
    NotText,
    /// More than 255 bytes.
    #[error("a component is longer than 255 bytes")]
    LongComponent,
    /// More than 4,000 bytes.
    #[error("it is longer than 4,000 bytes")]
    Long,
    /// More than 100 components.
    #[error("it has more than 100 components")]
    Deep,
    /// The metadata file, or the directory of efsctl.
    #[error("the name is reserved")]
    Reserved,
}

impl PathFault {
    /// Whether it tries to leave the workspace.
    pub fn is_traversal(self) -> bool {
        matches!(
            self,
            Self::Absolute | Self::Dots | Self::Backslash | Self::Drive
        )
    }
}

/// A path that is refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRefused {
    /// The path, made printable.
    pub path: String,
    /// What is wrong with it.
    pub fault: PathFault,
}

impl fmt::Display for PathRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = if self.fault.is_traversal() {
            "Path traversal detected"
        } else {
            "Path not allowed"
        };
        write!(f, "{first}: `{}`: {}", self.path, self.fault)
    }
}

impl std::error::Error for PathRefused {}

impl RelPath {
    /// A path as it was given.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn new(text: &str) -> Result<Self, PathRefused> {
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some(fault) => Err(refused(text, fault)),
        }
    }

    /// A path as it was given, in bytes.
    ///
    /// # Errors
    ///
    /// What is wrong with it; that it is not UTF-8 among it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PathRefused> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::new(text),
            Err(_) => Err(refused(&String::from_utf8_lossy(bytes), PathFault::NotText)),
        }
    }

    /// `plan.json`.
    pub fn plan() -> Self {
        Self("plan.json".to_owned())
    }

    /// As it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The directory, if there is one, and the name.
    pub fn split(&self) -> (Option<&str>, &str) {
        match self.0.rsplit_once('/') {
            Some((parent, name)) => (Some(parent), name),
            None => (None, &self.0),
        }
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is said of a path: it may be long, and may hold what moves a cursor.
fn refused(text: &str, fault: PathFault) -> PathRefused {
    const SHOWN: usize = 120;
    let mut path: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        path.push('…');
    }
    PathRefused { path, fault }
}

fn fault(text: &str) -> Option<PathFault> {
    let mut letters = text.chars();
    let is_drive =
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
    let whole = [
        (text.is_empty(), PathFault::Empty),
        (text.chars().any(char::is_control), PathFault::Control),
        (text.contains('\\'), PathFault::Backslash),
        (text.starts_with('/'), PathFault::Absolute),
        (is_drive, PathFault::Drive),
        (text.len() > LONGEST_PATH, PathFault::Long),
    ];
    if let Some((_, fault)) = whole.into_iter().find(|(wrong, _)| *wrong) {
        return Some(fault);
    }
    if text.split('/').count() > MOST_COMPONENTS {
        return Some(PathFault::Deep);
    }
    let first = text.split('/').next();
    if first.is_some_and(|first| first == METADATA || first == OWN) {
        return Some(PathFault::Reserved);
    }
    text.split('/').find_map(component)
}

fn component(name: &str) -> Option<PathFault> {
    let dots = |part: &str| part == "." || part == "..";
    if name.is_empty() {
        return Some(PathFault::EmptyComponent);
    }
    if dots(name) {
        return Some(PathFault::Dots);
    }
    if name.len() > LONGEST_COMPONENT {
        return Some(PathFault::LongComponent);
    }
    if name.is_ascii() {
        return name.bytes().all(|b| b == b' ').then_some(PathFault::Blank);
    }
    let folded: String = name.nfkc().collect();
    let is_blank = |text: &str| text.chars().all(char::is_whitespace);
    if is_blank(name) || is_blank(&folded) {
        return Some(PathFault::Blank);
    }
    folded.split(['/', '\\']).find_map(|part| match part {
        "" => Some(PathFault::EmptyComponent),
        part if dots(part) => Some(PathFault::Dots),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn good_names_are_kept_byte_for_byte() {
        for good in [
            "a",
            "src/App.tsx",
            "..foo",
            "a...b",
            ".gitignore",
            "[id].tsx",
            "100%.txt",
            "a%2fb",
            "-rf",
            "~x",
            "CON",
            "é",
            "e\u{301}",
            "..../x",
            "a b",
            " a",
            "日本/語.txt",
            "src/.job_metadata.json",
            "x/.efsctl",
            ".Efsctl",
            "ab:c",
            "…",
        ] {
            assert_eq!(RelPath::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn what_leaves_a_workspace_is_refused() {
        use PathFault as F;
        let long = "x".repeat(256);
        let longer = ["y"; 101].join("/");
        let longest = ["z".repeat(200).as_str(); 21].join("/");
        for (bad, fault) in [
            ("", F::Empty),
            ("/", F::Absolute),
            ("/etc/passwd", F::Absolute),
            ("../x", F::Dots),
            ("a/../b", F::Dots),
            ("a/..", F::Dots),
            (".", F::Dots),
            ("./a", F::Dots),
            ("a/./b", F::Dots),
            ("a//b", F::EmptyComponent),
            ("a/", F::EmptyComponent),
            ("a\\b", F::Backslash),
            ("..\\x", F::Backslash),
            ("C:/x", F::Drive),
            ("c:x", F::Drive),
            ("a\0b", F::Control),
            ("a\nb", F::Control),
            ("a\u{7f}", F::Control),
            ("a\u{85}b", F::Control),
            (" ", F::Blank),
            ("a/ /b", F::Blank),
            ("\u{a0}", F::Blank),
            ("\u{3000}/x", F::Blank),
            ("．．/x", F::Dots),
            ("․․/x", F::Dots),
            ("‥/x", F::Dots),
            ("．/x", F::Dots),
            ("..／x", F::Dots),
            ("a／／b", F::EmptyComponent),
            ("／x", F::EmptyComponent),
            ("..＼x", F::Dots),
            ("x/‥", F::Dots),
            (long.as_str(), F::LongComponent),
            (longer.as_str(), F::Deep),
            (longest.as_str(), F::Long),
            (".job_metadata.json", F::Reserved),
            (".job_metadata.json/x", F::Reserved),
            (".efsctl", F::Reserved),
            (".efsctl/tmp", F::Reserved),
        ] {
            assert_eq!(RelPath::new(bad).unwrap_err().fault, fault, "{bad:?}");
        }
        assert_eq!(RelPath::from_bytes(b"a\xff").unwrap_err().fault, F::NotText);
        assert_eq!(
            RelPath::from_bytes(b"\xed\xa0\x80").unwrap_err().fault,
            F::NotText
        );
        assert!(RelPath::new(&["y"; 100].join("/")).is_ok());
        assert!(RelPath::new(&"x".repeat(255)).is_ok());
    }

    proptest! {
        #[test]
        fn no_accepted_path_leaves_a_directory(text in "[a./\\\\ :．․／C\u{2025}\u{1}-]{0,12}|\\PC{0,20}") {
            if let Ok(path) = RelPath::new(&text) {
                prop_assert_eq!(path.as_str(), text.as_str());
                let mut depth = 0usize;
                for part in path.as_str().split('/') {
                    prop_assert!(!part.is_empty() && part != "." && part != ".." && !part.contains(['\0', '\\']));
                    let folded: String = part.nfkc().collect();
                    for part in folded.split(['/', '\\']) {
                        prop_assert!(!part.is_empty() && part != "." && part != "..");
                    }
                    depth += 1;
                }
                prop_assert!(depth <= MOST_COMPONENTS);
                let joined = std::path::Path::new("/base").join(path.as_str());
                prop_assert!(joined.starts_with("/base"));
            }
        }
    }
}
