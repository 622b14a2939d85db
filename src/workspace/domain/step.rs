//! The life of a workspace, as one table.

/// Where a workspace is in its life; the words of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It is being filled.
    Generating,
    /// It is whole, and has a ZIP or will have one.
    Complete,
    /// It was given up, with a reason.
    Failed,
    /// It was idle for too long: read until the next sweep, which deletes it.
    Expired,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Generating,
        Self::Complete,
        Self::Failed,
        Self::Expired,
    ];

    /// The word in the metadata file and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generating => "generating",
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// The status that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// What is done to a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Reads it: status, list, a file.
    Read,
    /// Writes or deletes a file, or writes the plan.
    Write,
    /// Says that it is whole.
    Complete,
    /// Says that it failed.
    Fail,
    /// Opens it again.
    Reopen,
    /// Fetches its ZIP.
    Download,
    /// Deletes it.
    Delete,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Write,
        Self::Complete,
        Self::Fail,
        Self::Reopen,
        Self::Download,
        Self::Delete,
    ];
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    /// It is due to be deleted.
    #[error("the job is expired")]
    Expired,
    /// It is in another status than the step needs.
    #[error("the job is {0}, not generating")]
    NotGenerating(&'static str),
    /// A failed one cannot be completed.
    #[error("the job is failed: it cannot be completed")]
    Failed,
    /// A complete one cannot fail.
    #[error("the job is complete: it cannot fail any more")]
    Complete,
    /// Only a complete one has a ZIP.
    #[error("the job is {0}: only a complete job has a ZIP")]
    NoZip(&'static str),
}

/// What a workspace in `status` becomes by `verb`; the same status where nothing changes.
///
/// # Errors
///
/// The step is refused.
pub fn step(status: Status, verb: Verb) -> Result<Status, StepRefused> {
    use Status as S;
    use Verb as V;
    match (status, verb) {
        (_, V::Read | V::Delete)
        | (S::Generating, V::Write)
        | (S::Complete, V::Complete | V::Download)
        | (S::Failed, V::Fail) => Ok(status),
        (S::Expired, V::Write | V::Complete | V::Fail | V::Reopen | V::Download) => {
            Err(StepRefused::Expired)
        }
        (S::Generating, V::Complete) => Ok(S::Complete),
        (S::Generating, V::Fail) => Ok(S::Failed),
        (S::Generating | S::Complete | S::Failed, V::Reopen) => Ok(S::Generating),
        (S::Complete | S::Failed, V::Write) => Err(StepRefused::NotGenerating(status.as_str())),
        (S::Failed, V::Complete) => Err(StepRefused::Failed),
        (S::Complete, V::Fail) => Err(StepRefused::Complete),
        (S::Generating | S::Failed, V::Download) => Err(StepRefused::NoZip(status.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows: status; columns: verbs in the order of `ALL`. A letter is the next status, `!` a refusal.
    const TABLE: [(Status, &str); 4] = [
        (Status::Generating, "ggcfg!g"),
        (Status::Complete, "c!c!gcc"),
        (Status::Failed, "f!!fg!f"),
        (Status::Expired, "e!!!!!e"),
    ];

    #[test]
    fn the_table() {
        for (status, row) in TABLE {
            for (verb, expected) in Verb::ALL.into_iter().zip(row.chars()) {
                let next =
                    step(status, verb).map_or('!', |next| next.as_str().chars().next().unwrap());
                assert_eq!(next, expected, "{status:?} {verb:?}");
            }
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Status::parse("Complete"), None);
    }
}
