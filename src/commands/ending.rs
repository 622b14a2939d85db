//! How a command ends: with something to print, or with an error and what was done until then.

use super::App;
use crate::domain::advice::{Advice, Command};
use crate::domain::deployment::Deployment;
use crate::domain::leftover::Leftover;
use crate::domain::text::counted;
use crate::error::{Code, Error, Kind};
use crate::service::Failure;
use crate::ui::Ui;
use crate::ui::document::{Calls, Contents, Outcome};

/// What is to be printed; `None`: it was printed meanwhile.
pub(super) type Ended = Result<Option<Contents>, Box<Failed>>;

/// How a command failed: the error, and what was done until then.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(super) error: Error,
    pub(super) contents: Contents,
}

impl From<Error> for Box<Failed> {
    fn from(error: Error) -> Self {
        Self::new(Failed {
            error,
            contents: Contents::new(Outcome::Failed),
        })
    }
}

impl From<Box<Failure>> for Box<Failed> {
    fn from(failure: Box<Failure>) -> Self {
        let Failure {
            error,
            changes,
            not_applied,
            observed,
            losses: _,
        } = *failure;
        let still = Deployment::of(&observed).filter(|_| error.kind == Kind::TimedOut);
        Self::new(Failed {
            error,
            contents: Contents {
                changes,
                not_applied,
                file_system: still,
                ..Contents::new(Outcome::Failed)
            },
        })
    }
}

/// Tells a failure. Answers with the exit code.
pub(crate) fn fail(ui: &Ui, contents: Contents, calls: Calls, error: &Error) -> u8 {
    let contents = contents.failed(error);
    let Err(lost) = ui.failure(&contents, calls, error) else {
        return error.kind.exit_code();
    };
    // When stdout is full the exit code still tells; but a verdict without its report is none.
    if error.kind != Kind::Policy {
        return error.kind.exit_code();
    }
    let error = output_failed(&lost, &contents);
    let _ = ui.failure(&Contents::new(Outcome::Failed), calls, &error);
    error.kind.exit_code()
}

/// A result that could not be printed. What was changed is reported in the sentence: it is the only place left.
pub(super) fn output_failed(error: &std::io::Error, contents: &Contents) -> Error {
    if contents.changes.is_empty() || contents.outcome == Outcome::Planned {
        return unwritable(error);
    }
    if contents.outcome == Outcome::Deleted {
        return unwritable(error).hint("the deletion is complete");
    }
    let made = contents.changes.iter().cloned();
    let made = made.map(|change| Leftover::changed(change, None));
    let shown = contents.file_system.as_ref().map(|fs| {
        Advice::from("everything was done; to show it: ")
            .run(Command::efsctl("describe").arg(&fs.file_system_id))
    });
    Error {
        kind: Kind::Leftovers,
        leftovers: made.collect(),
        hint: shown,
        ..unwritable(error)
    }
}

pub(super) fn unwritable(error: &std::io::Error) -> Error {
    Error::new(
        Code::OutputFailed,
        format!("the result could not be written to stdout: {error}"),
    )
}

/// One ending of all: the exit code is the first of [`Kind::PRECEDENCE`], with the cause of the first that ended so.
pub(super) fn several(app: &App, contents: Contents, errors: &[Error]) -> Ended {
    let count = contents.results.as_ref().map_or(0, Vec::len);
    let kinds: Vec<Kind> = errors.iter().map(|error| error.kind).collect();
    let first = Kind::first_of(&kinds).and_then(|kind| errors.iter().find(|one| one.kind == kind));
    let Some(first) = first else {
        return Ok(Some(contents));
    };
    let failed = format!(
        "{} of {} failed",
        errors.len(),
        counted(count, "file system")
    );
    let error = Error {
        kind: first.kind,
        leftovers: errors
            .iter()
            .flat_map(|error| error.leftovers.clone())
            .collect(),
        ..Error::new(first.code, failed)
    };
    let error = error.hint("what is done stays; to finish, run the same command again");
    let failed: Box<Failed> = app.checked(contents, error);
    Err(failed)
}
