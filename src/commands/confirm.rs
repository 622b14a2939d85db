//! Asking before what cannot be undone.

use super::App;
use crate::domain::advice::Advice;
use crate::domain::field::Field;
use crate::error::{Code, Error};

/// A question, and what is said where the answer is not yes.
pub(super) struct Question {
    /// The question.
    pub(super) text: String,
    /// What is not done: `delete`.
    pub(super) verb: &'static str,
    /// What is so then: `nothing was deleted`.
    pub(super) undone: &'static str,
    /// What to do where nobody can be asked.
    pub(super) hint: Advice,
}

impl App {
    /// Asks on the terminal; an error: it is not to be done.
    pub(super) async fn confirm(&self, question: Question) -> Result<(), Error> {
        let Question {
            text,
            verb,
            undone,
            hint,
        } = question;
        // On a thread of its own, so that ctrl-C is heard meanwhile.
        let ui = self.ui.clone();
        let asked = tokio::task::spawn_blocking(move || ui.confirm(&text));
        let answer = tokio::select! {
            answer = asked => answer.unwrap_or(None),
            () = self.signals.first.cancelled() => {
                return Err(self.stops().ended(&format!(": {undone}")));
            }
        };
        match answer {
            Some(true) => Ok(()),
            Some(false) => Err(Error::new(
                Code::NotConfirmed,
                format!("not confirmed: {undone}"),
            )),
            None => Err(Error::new(
                Code::ConfirmationMissing,
                format!("refusing to {verb} without confirmation: stdin is not a terminal"),
            )
            .hint(hint)),
        }
    }
}

/// How to go on without a terminal.
pub(super) fn same_with_yes() -> Advice {
    Advice::from("to confirm, run the same command with ")
        .field(Field::Yes)
        .text("; to preview, with ")
        .field(Field::DryRun)
}
