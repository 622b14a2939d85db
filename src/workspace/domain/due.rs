//! Whether a workspace is idle, and what follows.

use std::time::Duration;

use super::stamp::Stamp;
use super::state::Kind;

/// After how long without activity something happens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// A job expires.
    pub expire: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            expire: Duration::from_hours(48),
        }
    }
}

impl Policy {
    /// The period after which a job expires, in hours, to the microsecond.
    pub fn expire_hours(&self) -> f64 {
        let hours = self.expire.as_secs_f64() / 3_600.0;
        (hours * 1e9).round() / 1e9
    }

    /// How often an access is noted: a tenth of the shortest period, and at least each minute.
    pub fn note_every(&self) -> Duration {
        (self.expire / 10).min(Duration::from_mins(1))
    }
}

/// What made a workspace count as active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// It was created.
    Created,
    /// It was read or written through efsctl.
    Access,
    /// It is held.
    Lease,
    /// Something in its tree changed.
    Tree,
}

impl Activity {
    /// In a sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Access => "access",
            Self::Lease => "lease",
            Self::Tree => "change in the tree",
        }
    }
}

/// What follows for a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Keep,
    /// It is deleted.
    Expire,
}

/// What follows for a workspace of a kind whose last activity was at `last`. It is due exactly when it was idle for longer than the period.
pub fn due(now: Stamp, policy: &Policy, kind: Kind, last: Stamp) -> Due {
    match kind {
        Kind::Job if last.until(now) > policy.expire => Due::Expire,
        Kind::Job | Kind::Project => Due::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_expires_when_idle_for_longer_than_the_period() {
        let policy = Policy {
            expire: Duration::from_secs(10),
        };
        let at = |seconds: i64| Stamp::from_nanos(seconds * 1_000_000_000);
        assert_eq!(due(at(10), &policy, Kind::Job, at(0)), Due::Keep);
        assert_eq!(due(at(11), &policy, Kind::Job, at(0)), Due::Expire);
        assert_eq!(due(at(0), &policy, Kind::Job, at(99)), Due::Keep);
        assert_eq!(due(at(99), &policy, Kind::Project, at(0)), Due::Keep);
        assert_eq!(policy.note_every(), Duration::from_secs(1));
        assert_eq!(Policy::default().note_every(), Duration::from_mins(1));
        assert!((Policy::default().expire_hours() - 48.0).abs() < f64::EPSILON);
        let short = Policy {
            expire: Duration::from_secs_f64(0.000_4 * 3_600.0),
        };
        assert_eq!(short.expire_hours().to_string(), "0.0004");
    }
}
