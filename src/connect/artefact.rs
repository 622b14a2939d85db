//! What is printed, and why nothing is.

use crate::domain::advice::Advice;

/// What is put where the file system is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artefact {
    /// One, or several that belong together.
    pub files: Vec<File>,
    /// What it needs, and what it does not do.
    pub notes: Vec<Advice>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name: of several, where it belongs; of one, nothing.
    pub name: String,
    /// What is in it, with a line feed at its end.
    pub text: String,
}

impl Artefact {
    /// One file.
    pub(super) fn of(text: impl Into<String>) -> Self {
        let file = File {
            name: String::new(),
            text: text.into(),
        };
        Self {
            files: vec![file],
            notes: Vec::new(),
        }
    }

    /// A JSON document.
    pub(super) fn json(value: &serde_json::Value) -> Self {
        Self::of(format!("{value:#}\n"))
    }

    /// The same, with a note.
    pub(super) fn note(mut self, note: impl Into<Advice>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// All of it as one text: each of several files follows its name, as in the output of `systemctl cat`.
    pub fn text(&self) -> String {
        let named = |file: &File| format!("# {}\n{}", file.name, file.text);
        match self.files.as_slice() {
            [one] => one.text.clone(),
            several => several.iter().map(named).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// Why a form cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// The cause.
    pub why: Why,
    /// What is the matter.
    pub message: Advice,
    /// What to do instead.
    pub hint: Advice,
}

/// The cause of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It cannot be meant.
    Usage,
    /// The file system policy.
    Policy,
    /// There is no mount target, or not that one.
    MountTarget,
    /// Something is not available.
    NotAvailable,
}

impl Refused {
    pub(super) fn new(why: Why, message: impl Into<Advice>, hint: impl Into<Advice>) -> Self {
        Self {
            why,
            message: message.into(),
            hint: hint.into(),
        }
    }
}
