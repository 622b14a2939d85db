//! When a file system is no longer needed: a tag of ours, for environments that end.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use super::settings::Wish;
use super::tags::{EXPIRES, Tags};

/// The latest time that is taken: the end of the year 9999, RFC 3339's last.
const LATEST: i64 = 253_402_300_799;

/// A moment after which a file system is no longer needed, in seconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry {
    /// That moment.
    pub at: i64,
    /// It was given as a duration: on what exists, a time that is set already stays, or each run would put it off.
    pub is_relative: bool,
}

impl Expiry {
    /// What the tag of a file system says; `None`: it has none, or one that is no time.
    pub fn of(tags: &Tags) -> Option<Self> {
        let time = humantime::parse_rfc3339_weak(tags.get(EXPIRES)?).ok()?;
        let since = time.duration_since(UNIX_EPOCH).ok()?;
        Some(Self {
            at: i64::try_from(since.as_secs()).ok()?,
            is_relative: false,
        })
    }

    /// Whether it is over.
    pub fn is_over(self, now: i64) -> bool {
        self.at <= now
    }
}

impl fmt::Display for Expiry {
    /// RFC 3339: the value of the tag.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = u64::try_from(self.at).unwrap_or_default();
        let time = UNIX_EPOCH + Duration::from_secs(seconds);
        humantime::format_rfc3339_seconds(time).fmt(f)
    }
}

/// When it ends, as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expires {
    /// Never: no tag.
    Never,
    /// At that time, in seconds since 1970.
    At(i64),
    /// So long after now.
    After(Duration),
}

impl Expires {
    /// What that asks for, at that time in seconds since 1970.
    ///
    /// # Errors
    ///
    /// It is over already.
    pub fn from(self, now: i64) -> Result<Wish<Expiry>, InvalidExpiry> {
        let (at, is_relative) = match self {
            Self::Never => return Ok(Wish::Clear),
            Self::At(at) => (at, false),
            Self::After(duration) => {
                let seconds = i64::try_from(duration.as_secs()).unwrap_or(LATEST);
                (now.saturating_add(seconds).min(LATEST), true)
            }
        };
        let expiry = Expiry { at, is_relative };
        if expiry.is_over(now) {
            return Err(InvalidExpiry::Over(expiry));
        }
        Ok(Wish::Set(expiry))
    }
}

impl FromStr for Expires {
    type Err = InvalidExpiry;

    fn from_str(text: &str) -> Result<Self, InvalidExpiry> {
        if text == "never" {
            return Ok(Self::Never);
        }
        if let Ok(duration) = humantime::parse_duration(text) {
            let whole = duration >= Duration::from_mins(1);
            return whole
                .then_some(Self::After(duration))
                .ok_or_else(|| InvalidExpiry::Short(text.to_owned()));
        }
        let invalid = || InvalidExpiry::Form(text.to_owned());
        let time = humantime::parse_rfc3339(text).map_err(|_| invalid())?;
        let since = time.duration_since(UNIX_EPOCH).map_err(|_| invalid())?;
        i64::try_from(since.as_secs())
            .map(Self::At)
            .map_err(|_| invalid())
    }
}

/// No time at which something can end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidExpiry {
    /// Neither a duration nor a time.
    #[error(
        "`{0}` is neither a duration nor a time: expected for example 48h, 14d, 2027-01-31T18:00:00Z, or never"
    )]
    Form(String),
    /// A duration under a minute.
    #[error("`{0}` is too short: expected at least 1m")]
    Short(String),
    /// A time that has passed.
    #[error("{0} is in the past")]
    Over(Expiry),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_times_become_the_value_of_the_tag() {
        let now = 1_800_000_000;
        for (text, shown, is_relative) in [
            ("48h", "2027-01-17T08:00:00Z", true),
            ("14d", "2027-01-29T08:00:00Z", true),
            ("2027-02-01T00:00:00Z", "2027-02-01T00:00:00Z", false),
        ] {
            let wish = text.parse::<Expires>().unwrap().from(now).unwrap();
            let expiry = *wish.value().unwrap();
            assert_eq!(expiry.to_string(), shown, "{text}");
            assert_eq!(expiry.is_relative, is_relative, "{text}");
            let tags = Tags::from([(EXPIRES.to_owned(), shown.to_owned())]);
            assert_eq!(Expiry::of(&tags).unwrap().at, expiry.at, "{text}");
            assert!(!expiry.is_over(now) && expiry.is_over(expiry.at), "{text}");
        }
        let never = "never".parse::<Expires>().unwrap().from(now);
        assert_eq!(never, Ok(Wish::Clear));
    }

    #[test]
    fn what_is_no_time_or_over_is_refused() {
        for bad in [
            "",
            "soon",
            "48",
            "2027-02-01",
            "2027-13-01T00:00:00Z",
            "-1h",
        ] {
            let refused = bad.parse::<Expires>();
            assert!(
                matches!(refused, Err(InvalidExpiry::Form(_))),
                "{bad}: {refused:?}"
            );
        }
        assert!(matches!(
            "59s".parse::<Expires>(),
            Err(InvalidExpiry::Short(_))
        ));
        let past = "2001-01-01T00:00:00Z".parse::<Expires>().unwrap();
        let refused = past.from(1_800_000_000).unwrap_err();
        assert_eq!(refused.to_string(), "2001-01-01T00:00:00Z is in the past");
        let forever = "9000y"
            .parse::<Expires>()
            .unwrap()
            .from(1_800_000_000)
            .unwrap();
        assert_eq!(forever.value().unwrap().to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn a_tag_that_is_no_time_is_no_expiry() {
        for text in ["", "soon", "1800000000"] {
            let tags = Tags::from([(EXPIRES.to_owned(), text.to_owned())]);
            assert_eq!(Expiry::of(&tags), None, "{text}");
        }
    }
}
