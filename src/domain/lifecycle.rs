//! The lifecycle policy of a file system: when files move to cheaper storage, and back.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Days after the last access at which files move; EFS knows only these
/// (service model: `TransitionToIARules`, `TransitionToArchiveRules`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Days(u16);

impl Days {
    /// The values EFS accepts.
    pub const ALLOWED: [u16; 9] = [1, 7, 14, 30, 60, 90, 180, 270, 365];

    /// The number of days.
    pub fn get(self) -> u16 {
        self.0
    }

    /// The word of the API: `AFTER_30_DAYS`.
    pub fn word(self) -> String {
        let plural = if self.0 == 1 { "" } else { "S" };
        format!("AFTER_{}_DAY{plural}", self.0)
    }

    /// Reads the word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        let number = word.strip_prefix("AFTER_")?;
        let number = number
            .strip_suffix("_DAYS")
            .or_else(|| number.strip_suffix("_DAY"))?;
        number.parse().ok().map(Self)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}d", self.0)
    }
}

/// A number of days EFS does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a number of days EFS knows: expected one of 1d, 7d, 14d, 30d, 60d, 90d, 180d, 270d, 365d"
)]
pub struct InvalidDays(String);

impl FromStr for Days {
    type Err = InvalidDays;

    fn from_str(text: &str) -> Result<Self, InvalidDays> {
        text.strip_suffix('d')
            .unwrap_or(text)
            .parse()
            .ok()
            .filter(|days| Self::ALLOWED.contains(days))
            .map(Self)
            .ok_or_else(|| InvalidDays(text.to_owned()))
    }
}

/// A lifecycle policy, or the part of one that somebody asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lifecycle {
    /// Move to Infrequent Access after so many days.
    pub transition_to_ia: Option<Days>,
    /// Move to Archive after so many days.
    pub transition_to_archive: Option<Days>,
    /// Move back to Standard at the first access.
    pub transition_to_primary: bool,
}

impl Lifecycle {
    /// Whether nothing moves.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether files that nobody reads move to cheaper storage.
    pub fn saves(&self) -> bool {
        self.transition_to_ia.is_some() || self.transition_to_archive.is_some()
    }

    /// This policy with the transitions of `wish` put over it. Those the wish does not name stay:
    /// `PutLifecycleConfiguration` replaces the whole set, so they have to be sent again.
    #[must_use]
    pub fn with(self, wish: Self) -> Self {
        Self {
            transition_to_ia: wish.transition_to_ia.or(self.transition_to_ia),
            transition_to_archive: wish.transition_to_archive.or(self.transition_to_archive),
            transition_to_primary: wish.transition_to_primary || self.transition_to_primary,
        }
    }

    /// Why EFS would refuse these transitions (`API_PutLifecycleConfiguration`), if it would.
    pub fn contradiction(&self) -> Option<String> {
        let archive = self.transition_to_archive?;
        match self.transition_to_ia {
            Some(ia) if archive <= ia => Some(format!(
                "files cannot move to Archive after {archive} when they move to Infrequent Access only after {ia}: archive has to be later"
            )),
            _ => None,
        }
    }
}

impl fmt::Display for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(days) = self.transition_to_ia {
            parts.push(format!("IA after {days}"));
        }
        if let Some(days) = self.transition_to_archive {
            parts.push(format!("Archive after {days}"));
        }
        if self.transition_to_primary {
            parts.push("back on access".to_owned());
        }
        if parts.is_empty() {
            parts.push("none".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_efs_knows_and_keep_their_word() {
        for days in Days::ALLOWED {
            let parsed: Days = format!("{days}d").parse().unwrap();
            assert_eq!(Days::from_word(&parsed.word()), Some(parsed));
        }
        assert_eq!("1".parse::<Days>().unwrap().word(), "AFTER_1_DAY");
        for bad in ["31d", "0d", "", "d", "-7d", "30 days"] {
            assert!(bad.parse::<Days>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_wish_never_erases_what_it_does_not_name() {
        let now = Lifecycle {
            transition_to_archive: Some(Days(90)),
            ..Lifecycle::default()
        };
        let wish = Lifecycle {
            transition_to_ia: Some(Days(30)),
            ..Lifecycle::default()
        };
        let merged = now.with(wish);
        assert_eq!(merged.transition_to_archive, Some(Days(90)));
        assert_eq!(merged.transition_to_ia, Some(Days(30)));
        assert!(merged.contradiction().is_none());
    }

    #[test]
    fn archive_comes_after_infrequent_access() {
        let policy = |ia, archive| Lifecycle {
            transition_to_ia: Some(Days(ia)),
            transition_to_archive: Some(Days(archive)),
            transition_to_primary: false,
        };
        assert!(policy(30, 90).contradiction().is_none());
        assert!(policy(90, 90).contradiction().is_some());
        assert!(policy(90, 30).contradiction().is_some());
    }
}
