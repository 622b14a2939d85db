//! A failed call, classified once.

use std::fmt;

use super::cause::Cause;
pub use super::class::Class;
use super::codes;
use super::sentences::class_said;
use crate::domain::leftover::RefusedCall;

/// The class of an answer, by its code and HTTP status; no status means that there was no answer.
pub fn classify(code: Option<&str>, status: Option<u16>) -> Class {
    match (code.and_then(codes::find), status) {
        (Some(row), _) => row.class,
        // No answer, a 5xx, or one that is no error of AWS (a web page, a body that was cut off) after a request went out.
        (None, None | Some(200..=299 | 408 | 500..=599)) => Class::Ambiguous,
        (None, Some(429)) => Class::Throttle,
        (None, Some(401)) => Class::Credentials,
        (None, Some(403)) => Class::Denied,
        // A code of its own that ends so, from an operation that the table does not know yet.
        (None, Some(404)) => Class::NotFound,
        (None, Some(_)) => Class::Permanent,
    }
}

/// The class of an answer, by what it says as well: of some codes the words turn the meaning.
pub fn classify_said(code: Option<&str>, status: Option<u16>, message: &str) -> Class {
    class_said(code, message).unwrap_or_else(|| classify(code, status))
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudError {
    /// What it means for the loop.
    pub class: Class,
    /// The operation of AWS that failed, for example `CreateMountTarget`.
    pub operation: &'static str,
    /// The error code of AWS.
    pub code: Option<String>,
    /// What AWS said, or what happened to the connection.
    pub message: String,
    /// AWS's id of the request.
    pub request_id: Option<String>,
    /// The IAM action that is missing, where it is known.
    pub action: Option<String>,
    /// The id of what exists already (`FileSystemAlreadyExists`).
    pub existing: Option<String>,
    /// A connection was made, and broke: whom it reached may answer the next time.
    pub connection_broken: bool,
    /// Why, where it is not in the code and the message: of a connection, or of credentials.
    pub cause: Option<Cause>,
}

impl CloudError {
    /// An error of that class, where only a sentence is known.
    pub fn new(class: Class, operation: &'static str, message: impl Into<String>) -> Self {
        Self {
            class,
            operation,
            code: None,
            message: message.into(),
            request_id: None,
            action: None,
            existing: None,
            connection_broken: false,
            cause: None,
        }
    }

    /// Why it failed, as far as that is known.
    pub fn cause(&self) -> Option<Cause> {
        self.cause
            .clone()
            .or_else(|| Cause::said(self.code.as_deref(), &self.message))
    }

    /// Whether AWS refused it because of the rate of calls.
    pub fn is_throttle(&self) -> bool {
        self.class == Class::Throttle
    }

    /// The call, as one that something is left for.
    pub fn refused(&self) -> RefusedCall {
        RefusedCall {
            operation: self.operation,
            aws_code: self.code.clone(),
            message: self.message.clone(),
        }
    }

    /// Whether AWS answered with this code.
    pub fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{}: {} ({code})", self.operation, self.message),
            None => write!(f, "{}: {}", self.operation, self.message),
        }
    }
}

impl std::error::Error for CloudError {}
