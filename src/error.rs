//! Failures as the user meets them: exit code, stable code name, one sentence, a hint.

mod asked;
mod code;
mod kind;

use std::fmt;

pub use self::code::Code;
pub use self::kind::Kind;
use crate::cloud::CloudError;
use crate::domain::advice::Advice;
use crate::domain::leftover::Leftover;

/// A failure, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// Why it failed.
    pub code: Code,
    /// How the run ends.
    pub kind: Kind,
    /// What happened: lower case, names the value.
    pub message: Advice,
    /// What to type or change next.
    pub hint: Option<Advice>,
    /// The call of AWS that failed.
    pub source: Option<Box<CloudError>>,
    /// What this run created or changed and did not roll back.
    pub leftovers: Vec<Leftover>,
}

impl Error {
    /// A failure without a hint.
    pub fn new(code: Code, message: impl Into<Advice>) -> Self {
        Self {
            code,
            kind: code.kind(),
            message: message.into(),
            hint: None,
            source: None,
            leftovers: Vec::new(),
        }
    }

    /// A value or an option that cannot be meant.
    pub fn usage(message: impl Into<Advice>) -> Self {
        Self::new(Code::InvalidArguments, message)
    }

    /// The same failure with what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Advice>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same failure with what to do next, and what was to be done before as its reason.
    #[must_use]
    pub fn hint_first(mut self, next: impl Into<Advice>) -> Self {
        let because = match self.hint {
            Some(hint) => Advice::from(" (").then(hint).text(")"),
            None => Advice::default(),
        };
        self.hint = Some(next.into().then(because));
        self
    }

    /// The same failure, met in that region, and with that profile where there are several: what to do next is about them.
    #[must_use]
    pub fn at(mut self, region: &str, profile: Option<&str>) -> Self {
        self.hint = self.hint.map(|hint| hint.at(region, profile));
        self
    }

    /// The same failure, of that call.
    #[must_use]
    pub fn because(mut self, source: &CloudError) -> Self {
        self.source = Some(Box::new(source.clone()));
        self
    }

    /// AWS's id of the request that failed.
    pub fn request_id(&self) -> Option<&str> {
        self.source.as_ref()?.request_id.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
