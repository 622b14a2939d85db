//! How a run ends: its exit code.

/// What kind of end a run came to. The numbers are in `docs/EXIT_CODES.md` and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// 1: failed, nothing of this run is left.
    Failed,
    /// 2: the command line or a value on it is wrong.
    Usage,
    /// 3: policy: findings, or `--check` found changes.
    Policy,
    /// 4: in conflict with what exists.
    Conflict,
    /// 5: failed, and something of this run may be left.
    Leftovers,
    /// 6: timed out while still in progress.
    TimedOut,
    /// 7: not found.
    NotFound,
    /// 8: denied, or no credentials.
    Denied,
    /// 130: interrupted by ctrl-C.
    Interrupted,
    /// 143: interrupted by SIGTERM.
    Terminated,
}

impl Kind {
    /// Every kind, for tables.
    pub const ALL: [Self; 10] = [
        Self::Failed,
        Self::Usage,
        Self::Policy,
        Self::Conflict,
        Self::Leftovers,
        Self::TimedOut,
        Self::NotFound,
        Self::Denied,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// Of several ends the one that is the exit code: what ended the whole run, then what leaves something behind, then what somebody has
    /// to change before it can work, then what a later run may do.
    pub const PRECEDENCE: [Self; 10] = [
        Self::Terminated,
        Self::Interrupted,
        Self::Leftovers,
        Self::Denied,
        Self::Usage,
        Self::Conflict,
        Self::NotFound,
        Self::Failed,
        Self::TimedOut,
        Self::Policy,
    ];

    /// The exit code of a run that ended so in several places; `None`: it failed in none.
    pub fn first_of(kinds: &[Self]) -> Option<Self> {
        Self::PRECEDENCE
            .into_iter()
            .find(|kind| kinds.contains(kind))
    }

    /// The exit code of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Policy => 3,
            Self::Conflict => 4,
            Self::Leftovers => 5,
            Self::TimedOut => 6,
            Self::NotFound => 7,
            Self::Denied => 8,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The stable name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Policy => "policy",
            Self::Conflict => "conflict",
            Self::Leftovers => "leftovers",
            Self::TimedOut => "timed-out",
            Self::NotFound => "not-found",
            Self::Denied => "denied",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }

    /// One line of documentation.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Failed => "failed; nothing of this run is left, and `set` applied nothing",
            Self::Usage => {
                "the command line is wrong, or a value on it, in the environment or in a profile; no write call was made"
            }
            Self::Policy => {
                "policy: `validate` found failures, or with `--strict` had nothing to check for something that was requested; `doctor` found a cause that is certain or likely; or `--dry-run --check` found changes"
            }
            Self::Conflict => "in conflict with what exists; nothing was changed",
            Self::Leftovers => {
                "failed, and resources of this run may be left behind: they are listed, with the command that removes them; or `set` applied some changes and not all, and lists both: it never reverts what it applied"
            }
            Self::TimedOut => {
                "timed out while still in progress; nothing was rolled back; the command to resume is printed"
            }
            Self::NotFound => {
                "a named resource does not exist, or no file system carries the tag of `--tag`"
            }
            Self::Denied => {
                "denied by AWS, or no credentials; the missing IAM action is named if AWS names it"
            }
            Self::Interrupted => {
                "interrupted (ctrl-C); resources created by this run were removed; deletions are not undone"
            }
            Self::Terminated => {
                "terminated (SIGTERM); resources created by this run were removed; deletions are not undone"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn of_several_ends_one_is_the_exit_code() {
        let all: BTreeSet<Kind> = Kind::PRECEDENCE.into();
        assert_eq!(all, BTreeSet::from(Kind::ALL));
        let first = |kinds: &[Kind]| Kind::first_of(kinds).map(Kind::exit_code);
        assert_eq!(first(&[]), None);
        assert_eq!(
            first(&[Kind::Failed, Kind::Leftovers, Kind::Denied]),
            Some(5)
        );
        assert_eq!(first(&[Kind::TimedOut, Kind::Failed]), Some(1));
    }

    #[test]
    fn no_two_kinds_share_an_exit_code_or_a_name() {
        let codes: BTreeSet<u8> = Kind::ALL.iter().map(|kind| kind.exit_code()).collect();
        let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(
            (codes.len(), names.len()),
            (Kind::ALL.len(), Kind::ALL.len())
        );
    }
}
