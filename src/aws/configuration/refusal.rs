//! What cannot be meant, or cannot be followed: reported before the first call.

use std::fmt;

use crate::domain::advice::{Advice, Command};
use crate::domain::variables::visible;

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag(&'static str),
    /// In the environment.
    Variable(&'static str),
    /// In a profile, or another section, of a file.
    Section {
        /// The section as it is shown: "the profile `prod`".
        section: String,
        /// The setting.
        key: String,
        /// The file.
        file: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Section { section, key, file } => write!(f, "{key} of {section} in {file}"),
        }
    }
}

/// What a refusal means for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// A value cannot be meant, or contradicts another one.
    Value,
    /// There is a way to credentials, and it cannot be gone.
    Credentials,
}

/// A configuration that is not followed. Nothing was asked of AWS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
    /// What is wrong, with the variable, or the profile and the file. Never a secret.
    pub sentence: String,
    /// What to type or change next.
    pub hint: Option<Advice>,
    /// What it means for the exit code.
    pub because: Because,
}

impl Refusal {
    pub(super) fn value(sentence: impl Into<String>) -> Self {
        Self {
            // Names and paths in it may be anything.
            sentence: visible(&sentence.into()),
            hint: None,
            because: Because::Value,
        }
    }

    pub(super) fn credentials(sentence: impl Into<String>) -> Self {
        Self {
            because: Because::Credentials,
            ..Self::value(sentence)
        }
    }

    /// A file of certificates that holds none.
    pub(in crate::aws) fn empty_bundle(origin: &Origin) -> Self {
        Self::value(format!("the file that {origin} names holds no certificate"))
            .hint("it has to be a file of certificates in PEM form")
    }

    #[must_use]
    pub(super) fn hint(self, hint: impl Into<Advice>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// A value that cannot be meant; `what` completes "is not …".
    pub(super) fn wrong(value: &str, what: &str, origin: &Origin) -> Self {
        if value.is_empty() {
            return Self::empty(origin);
        }
        Self::value(format!("`{value}` is not {what} ({origin})")).hint(remedy(origin))
    }

    /// A value that is set and says nothing.
    pub(super) fn empty(origin: &Origin) -> Self {
        let hint = match origin {
            Origin::Variable(name) => format!("unset {name}, or give it a value"),
            origin => remedy(origin),
        };
        Self::value(format!("{origin} is set and empty")).hint(hint)
    }
}

/// What to do about a value that stands there.
pub(super) fn remedy(origin: &Origin) -> String {
    match origin {
        Origin::Flag(flag) => format!("leave {flag} out, or give it another value"),
        Origin::Variable(name) => format!("unset {name}, or give it another value"),
        Origin::Section { key, .. } => format!("take {key} out, or give it another value"),
    }
}

/// The way round for what only the AWS CLI does: another profile, whose process is the CLI.
pub(super) fn by_cli(before: &str, profile: &str) -> Advice {
    let command = Command::aws("configure export-credentials --format process")
        .flag("--profile", profile)
        .local();
    Advice::from(format!(
        "{before}let the AWS CLI hand the credentials over in another profile: credential_process = "
    ))
    .run(command)
}
