//! The lifecycle policy of a file system: when files move to cheaper storage, and back.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Key, On, Setting, Verdict, Wish};

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

    /// 30.
    pub const THIRTY: Self = Self(30);

    /// The number of days.
    pub fn get(self) -> u16 {
        self.0
    }

    /// The word of the API: `AFTER_30_DAYS`.
    pub fn to_api(self) -> String {
        let plural = if self.0 == 1 { "" } else { "S" };
        format!("AFTER_{}_DAY{plural}", self.0)
    }

    /// Reads the word of the API.
    pub fn from_api(word: &str) -> Option<Self> {
        let number = word.strip_prefix("AFTER_")?;
        let number = number
            .strip_suffix("_DAYS")
            .or_else(|| number.strip_suffix("_DAY"))?;
        let days = number.parse().ok().map(Self)?;
        // What is sent again is the word that was read.
        (days.to_api() == word).then_some(days)
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

/// When files move, as it is given: a number of days, or `never`.
///
/// # Errors
///
/// It is neither, as a sentence.
pub fn transition(text: &str) -> Result<Wish<Days>, String> {
    if text == "never" {
        return Ok(Wish::Clear);
    }
    text.parse()
        .map(Wish::Set)
        .map_err(|error| format!("{error}, or never"))
}

/// A transition that this version cannot say in its own words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtherTransition {
    /// To Infrequent Access, by that word of the API.
    TransitionToIa(String),
    /// To Archive, by that word.
    TransitionToArchive(String),
    /// Back to Standard, by that word.
    TransitionToPrimary(String),
    /// It exists, and nothing is known of it: an element of the policy without any member that this version knows.
    Unreadable,
}

impl fmt::Display for OtherTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TransitionToIa(word) => write!(f, "IA {word}"),
            Self::TransitionToArchive(word) => write!(f, "Archive {word}"),
            Self::TransitionToPrimary(word) => write!(f, "back {word}"),
            Self::Unreadable => f.write_str("one that this version of efsctl cannot read"),
        }
    }
}

/// The one word of `TransitionToPrimaryStorageClass` (service model).
pub const ON_ACCESS: &str = "AFTER_1_ACCESS";

/// A lifecycle policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lifecycle {
    /// Move to Infrequent Access after so many days.
    pub transition_to_ia: Option<Days>,
    /// Move to Archive after so many days.
    pub transition_to_archive: Option<Days>,
    /// Move back to Standard at the first access.
    pub transition_to_primary: bool,
    /// Transitions in words that this version does not know: kept, so that the set can be sent again whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_transitions: Vec<OtherTransition>,
}

impl Lifecycle {
    /// Adds one element of the policy, as `DescribeLifecycleConfiguration` tells it.
    pub fn add(&mut self, ia: Option<&str>, archive: Option<&str>, primary: Option<&str>) {
        let others = &mut self.other_transitions;
        let mut days = |word: &str, other: fn(String) -> OtherTransition| {
            let days = Days::from_api(word);
            if days.is_none() {
                others.push(other(word.to_owned()));
            }
            days
        };
        if let Some(word) = ia {
            self.transition_to_ia = days(word, OtherTransition::TransitionToIa);
        }
        if let Some(word) = archive {
            self.transition_to_archive = days(word, OtherTransition::TransitionToArchive);
        }
        match primary {
            Some(ON_ACCESS) => self.transition_to_primary = true,
            Some(word) => others.push(OtherTransition::TransitionToPrimary(word.to_owned())),
            None if ia.is_none() && archive.is_none() => others.push(OtherTransition::Unreadable),
            None => {}
        }
    }

    /// Whether all of it can be sent again. `PutLifecycleConfiguration` replaces the whole set, so what cannot would be erased.
    pub fn can_be_sent(&self) -> bool {
        !self
            .other_transitions
            .contains(&OtherTransition::Unreadable)
    }

    /// Whether nothing moves.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether files that are not accessed move to cheaper storage.
    pub fn saves(&self) -> bool {
        self.transition_to_ia.is_some() || self.transition_to_archive.is_some()
    }

    /// Whether it is sure that they do not: no transition that may be one is in words that are not known.
    pub fn saves_nothing(&self) -> bool {
        !self.saves()
            && self
                .other_transitions
                .iter()
                .all(|other| matches!(other, OtherTransition::TransitionToPrimary(_)))
    }

    /// This policy with the transitions of `wish` put over it. Those the wish does not name stay:
    /// `PutLifecycleConfiguration` replaces the whole set, so they have to be sent again.
    #[must_use]
    pub fn with(&self, wish: &Transitions) -> Self {
        let stays = |other: &OtherTransition| match other {
            OtherTransition::TransitionToIa(_) => wish.to_ia.is_leave(),
            OtherTransition::TransitionToArchive(_) => wish.to_archive.is_leave(),
            OtherTransition::TransitionToPrimary(_) => wish.to_primary.is_leave(),
            OtherTransition::Unreadable => true,
        };
        let others = self.other_transitions.iter().filter(|other| stays(other));
        Self {
            other_transitions: others.cloned().collect(),
            transition_to_ia: wish.to_ia.or(self.transition_to_ia),
            transition_to_archive: wish.to_archive.or(self.transition_to_archive),
            transition_to_primary: wish.to_primary.apply_to(self.transition_to_primary),
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

/// What is asked of a lifecycle policy: each transition for itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transitions {
    /// To Infrequent Access after so many days.
    pub to_ia: Wish<Days>,
    /// To Archive after so many days.
    pub to_archive: Wish<Days>,
    /// Back to Standard at the first access.
    pub to_primary: Wish<On>,
}

impl Setting for Lifecycle {
    const KEY: Key = Key::Lifecycle;
    const NAME: &'static str = "lifecycle policy";
    const RESOURCE: &'static str = "lifecycle_policy";
    type Wish = Transitions;
    type Observed = Self;

    fn verdict(wish: &Transitions, observed: &Self) -> Verdict<Self> {
        match observed.with(wish) {
            same if same == *observed => Verdict::Keep,
            result if result.can_be_sent() => Verdict::Set(result),
            result => Verdict::Conflict {
                wanted: result.to_string(),
                found: observed.to_string(),
            },
        }
    }

    fn shown(observed: &Self) -> String {
        observed.to_string()
    }

    fn observed(&self) -> Self {
        self.clone()
    }

    fn at_creation(_: &Transitions, _: bool) -> Self {
        Self::default()
    }

    fn is_unset(observed: &Self) -> bool {
        observed.saves_nothing()
    }

    /// EFS takes a transition to Archive with elastic throughput only.
    fn after(&self) -> &'static [Key] {
        match self.transition_to_archive {
            Some(_) => &[Key::Throughput],
            None => &[],
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
        parts.extend(self.other_transitions.iter().map(ToString::to_string));
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
            assert_eq!(Days::from_api(&parsed.to_api()), Some(parsed));
        }
        assert_eq!("1".parse::<Days>().unwrap().to_api(), "AFTER_1_DAY");
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
        let wish = Transitions {
            to_ia: Wish::Set(Days(30)),
            ..Transitions::default()
        };
        let merged = now.with(&wish);
        assert_eq!(merged.transition_to_archive, Some(Days(90)));
        assert_eq!(merged.transition_to_ia, Some(Days(30)));
        assert!(merged.contradiction().is_none());
    }

    #[test]
    fn a_transition_in_an_unknown_word_stays_unless_it_is_the_one_that_is_asked_for() {
        use OtherTransition::{
            TransitionToArchive, TransitionToIa, TransitionToPrimary, Unreadable,
        };
        let mut now = Lifecycle::default();
        now.add(Some("AFTER_2_MOONS"), None, None);
        now.add(None, Some("AFTER_90_DAYS"), None);
        now.add(None, None, Some("AFTER_2_ACCESSES"));
        assert_eq!(now.transition_to_archive, Some(Days(90)));
        assert_eq!(
            now.other_transitions,
            [
                TransitionToIa("AFTER_2_MOONS".to_owned()),
                TransitionToPrimary("AFTER_2_ACCESSES".to_owned())
            ]
        );
        assert!(!now.is_empty() && !now.saves_nothing() && now.can_be_sent());
        let wish = Transitions {
            to_primary: Wish::Set(On),
            ..Transitions::default()
        };
        let merged = now.with(&wish);
        assert_eq!(
            merged.other_transitions,
            [TransitionToIa("AFTER_2_MOONS".to_owned())]
        );
        assert!(merged.transition_to_primary);
        let shown = r#"{"transition_to_ia":null,"transition_to_archive":90,"transition_to_primary":true,"other_transitions":[{"transition_to_ia":"AFTER_2_MOONS"}]}"#;
        assert_eq!(serde_json::to_string(&merged).unwrap(), shown);
        let mut odd = Lifecycle::default();
        odd.add(None, Some("AFTER_1_DAYS"), None);
        assert_eq!(
            odd.other_transitions,
            [TransitionToArchive("AFTER_1_DAYS".to_owned())]
        );
        odd.add(None, None, None);
        assert_eq!(odd.other_transitions.last(), Some(&Unreadable));
        assert!(!odd.with(&wish).can_be_sent());
    }

    #[test]
    fn archive_comes_after_infrequent_access() {
        let policy = |ia, archive| Lifecycle {
            transition_to_ia: Some(Days(ia)),
            transition_to_archive: Some(Days(archive)),
            ..Lifecycle::default()
        };
        assert!(policy(30, 90).contradiction().is_none());
        assert!(policy(90, 90).contradiction().is_some());
        assert!(policy(90, 30).contradiction().is_some());
    }
}
