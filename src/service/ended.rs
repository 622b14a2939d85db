//! Why a run ended short of its goal, in words: the one place for all runs.

use super::Stops;
use crate::domain::advice::Advice;
use crate::domain::text::counted;
use crate::error::{Code, Error};
use crate::provision::converge::Stop;
use crate::provision::explain::explain;

/// What a run was about.
pub(super) struct About<'a> {
    /// What was read, where a read failed: completes "while …".
    pub(super) looking: &'static str,
    /// What is not done yet, where it timed out: "still in progress".
    pub(super) unfinished: String,
    /// What is said where nothing is on its way.
    pub(super) idle: &'static str,
    /// What became of it, where it was interrupted: follows "interrupted".
    pub(super) interrupted: &'static str,
    /// What is said first where a setting is locked.
    pub(super) locked: Option<&'static str>,
    /// How to resume after a timeout; the argument says whether only states are waited for.
    pub(super) resume: &'a dyn Fn(bool) -> Advice,
    /// What to do about what will never be as it should.
    pub(super) remedy: Option<&'static str>,
}

impl Stops {
    /// The failure of a run that was interrupted. `rest` follows "interrupted", or "terminated".
    pub fn ended(&self, rest: &str) -> Error {
        if self.terminated.is_cancelled() {
            Error::new(Code::Terminated, format!("terminated{rest}"))
        } else {
            Error::new(Code::Interrupted, format!("interrupted{rest}"))
        }
    }

    /// Why a run ended.
    pub(super) fn explain(&self, stop: &Stop, about: &About<'_>) -> Error {
        match stop {
            Stop::CallFailed(action, error) => {
                explain(error, &format!("asking AWS to {}", action.key()))
            }
            Stop::Locked(action, error) => {
                let error = explain(error, &format!("asking AWS to {}", action.key()));
                match about.locked {
                    Some(locked) => {
                        let why = error.hint.clone().unwrap_or_default();
                        error.hint(Advice::from(locked).text("; ").then(why))
                    }
                    None => error,
                }
            }
            Stop::ReadFailed(error) => explain(error, about.looking),
            Stop::Failed(sentences) => {
                let failed = Error::new(Code::InErrorState, sentences.join("; "));
                match about.remedy {
                    Some(remedy) => failed.hint(remedy),
                    None => failed,
                }
            }
            Stop::Blocked(blocked) => {
                let blocked: Vec<String> = blocked.iter().map(ToString::to_string).collect();
                Error::new(Code::InUse, blocked.join("; "))
            }
            Stop::TimedOut {
                waiting,
                complete,
                elapsed,
                refreshes,
                last,
            } => {
                let last = last
                    .as_ref()
                    .map(|error| format!("; last failed call: {error}"))
                    .unwrap_or_default();
                let waiting = if waiting.is_empty() {
                    about.idle.to_owned()
                } else {
                    waiting.join(", ")
                };
                Error::new(
                    Code::TimedOut,
                    format!(
                        "timed out after {:.0} s ({}), {}: {waiting}{last}",
                        elapsed.as_secs_f64(),
                        counted(*refreshes as usize, "poll"),
                        about.unfinished,
                    ),
                )
                .hint((about.resume)(*complete))
            }
            Stop::Interrupted => self.ended(about.interrupted),
        }
    }
}
