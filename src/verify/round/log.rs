//! What a round has done so far.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::PREFIX;
use crate::domain::finding::Verdict;
use crate::domain::verification::{Place, Step, StepDone};

/// What may be there that was not before.
#[derive(Debug, Default)]
pub(super) struct Created {
    /// The private directory.
    pub(super) private: bool,
    /// The token.
    pub(super) token: bool,
}

/// The steps so far.
#[derive(Default)]
pub(super) struct Log {
    pub(super) steps: Mutex<Vec<StepDone>>,
    pub(super) created: Mutex<Created>,
    pub(super) others: Mutex<Vec<String>>,
}

/// The name of a private directory. Clients choose the names of theirs: what is shown is of this form.
pub(super) fn is_private(name: &str) -> bool {
    let run = name.strip_prefix(PREFIX);
    run.is_some_and(|run| !run.is_empty() && run.chars().all(|c| c.is_ascii_hexdigit()))
}

/// How long ago that was.
pub(super) fn milliseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl Log {
    /// What may be there by now.
    pub(super) fn created(&self) -> MutexGuard<'_, Created> {
        self.created.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more step.
    pub(super) fn push(&self, done: StepDone) {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        steps.push(done);
    }

    /// One that passed, with what was seen.
    pub(super) fn passed(&self, step: Step, place: &Place, began: Instant, detail: Option<String>) {
        self.push(StepDone {
            step,
            place: place.clone(),
            verdict: Verdict::Pass,
            detail,
            milliseconds: milliseconds(began),
        });
    }

    /// What could not be done there, because there is no private directory.
    pub(super) fn not_tried(&self, place: &Place) {
        self.push(StepDone {
            step: Step::Write,
            place: place.clone(),
            verdict: Verdict::Unknown,
            detail: Some("not tried: the private directory could not be created".to_owned()),
            milliseconds: 0,
        });
    }
}
