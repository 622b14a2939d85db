//! What a failed call means, in few words.

/// What a failed call means for the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Refused because of what exists or of the state it is in: look again and compare.
    Recheck,
    /// Refused for now: nothing happened, try later.
    Retry,
    /// Refused because of the rate of calls: nothing happened, try later, and less often.
    Throttle,
    /// No usable answer: it may have happened or not. Look.
    Ambiguous,
    /// It does not exist.
    NotFound,
    /// Not permitted: the credentials are valid, but a permission is missing.
    Denied,
    /// There are no credentials, or AWS does not take them: wrong, expired, or of no use in this region. No call will work.
    Credentials,
    /// A limit of the account: a person has to raise it.
    Quota,
    /// Will not work however often it is tried.
    Permanent,
}

impl Class {
    /// A look that fails so may be made again.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Retry | Self::Throttle | Self::Ambiguous | Self::Recheck
        )
    }
}
