//! The variables of an environment, as a value: what reads them is handed them.

use std::collections::BTreeMap;
use std::fmt;

/// Variables by name. Empty values count as not set where AWS's own tools see it so ([`Variables::filled`]).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The value, however it looks.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value, unless it is empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The same variables with one more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// The home directory.
    pub fn home(&self) -> Option<&str> {
        self.filled("HOME")
    }

    /// A path as the AWS CLI takes it: `~` and `$NAME` stand for what they stand for in a shell.
    pub fn expanded(&self, path: &str) -> String {
        let mut rest = path;
        let mut found = String::new();
        if let (Some(home), Some(below)) = (self.home(), path.strip_prefix('~'))
            && (below.is_empty() || below.starts_with('/'))
        {
            found.push_str(home);
            rest = below;
        }
        while let Some((before, after)) = rest.split_once('$') {
            found.push_str(before);
            let braced = after.strip_prefix('{');
            let (name, behind) =
                braced
                    .and_then(|open| open.split_once('}'))
                    .unwrap_or_else(|| {
                        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                        let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
                        after.split_at_checked(end).unwrap_or((after, ""))
                    });
            if let Some(value) = self.get(name) {
                found.push_str(value);
                rest = behind;
            } else {
                found.push('$');
                rest = after;
            }
        }
        found + rest
    }
}

impl FromIterator<(String, String)> for Variables {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Names only: some of the values are secrets.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A value as it is shown: what cannot be seen is written out.
pub fn visible(value: &str) -> String {
    let mut shown = String::new();
    for c in value.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Variables, visible};

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(visible("\"eu-west-1\"\n"), "\"eu-west-1\"\\n");
    }

    #[test]
    fn paths_are_expanded_as_the_aws_cli_does() {
        let variables = Variables::default().with("HOME", "/h").with("X_1", "y");
        for (path, expanded) in [
            ("~/.aws/config", "/h/.aws/config"),
            ("~", "/h"),
            ("~other/x", "~other/x"),
            ("$HOME/a/${X_1}b$X_1", "/h/a/yby"),
            ("$NOPE/x$", "$NOPE/x$"),
            ("${open", "${open"),
            ("/plain", "/plain"),
        ] {
            assert_eq!(variables.expanded(path), expanded);
        }
    }

    #[test]
    fn no_value_is_shown_by_debugging() {
        let variables = Variables::default().with("AWS_SECRET_ACCESS_KEY", "hidden");
        let shown = format!("{variables:?}");
        assert!(
            shown.contains("AWS_SECRET_ACCESS_KEY") && !shown.contains("hidden"),
            "{shown}"
        );
    }
}
