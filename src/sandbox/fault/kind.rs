//! The kinds of faults: one table for what they are, how they are written and how they are read.

use std::fmt;
use std::time::Duration;

use crate::wire::Service;
use crate::world::ApiError;

/// A kind a row: what it is, the word for it, and for a kind with a value examples of that.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $word:literal $(($value:ident: $type:ty) $($example:literal)|+)?;)*) => {
        /// One way for a call to go wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $kind $(($type))?,)*
        }

        impl Fault {
            /// Every kind as it is written, a list for error messages.
            pub(super) fn forms() -> String {
                [$(forms!($word $(, $($example)|+)?)),*].join(", ")
            }

            /// The fault that a text names; `None`: there is no such kind, or its value has another form.
            pub(super) fn parse(text: &str) -> Option<Self> {
                let (word, value) = match text.split_once('=') {
                    Some((word, value)) => (word, Some(value)),
                    None => (text, None),
                };
                match (word, value) {
                    $(($word, given!($($value)?)) => Some(Self::$kind $((<$type>::read($value)?))?),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for Fault {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$kind $(($value))? => {
                        f.write_str($word)?;
                        $(write!(f, "={}", $value.written())?;)?
                        Ok(())
                    })*
                }
            }
        }
    };
}

macro_rules! forms {
    ($word:literal) => { $word };
    ($word:literal, $first:literal $(| $more:literal)*) => {
        concat!($word, "=", $first $(, ", ", $word, "=", $more)*)
    };
}

macro_rules! given {
    () => {
        None
    };
    ($value:ident) => {
        Some($value)
    };
}

kinds! {
    /// Refused as too fast.
    Throttle "throttle";
    /// A failure of the service.
    Failure "500";
    /// The service is overloaded.
    Unavailable "503";
    /// The connection breaks, the call had no effect.
    ResetBefore "reset-before";
    /// The call takes effect, then the connection breaks.
    ResetAfter "reset-after";
    /// No answer ever, and no effect.
    Hang "hang";
    /// The call takes effect, and no answer ever comes.
    HangAfter "hang-after";
    /// No answer ever, and the effect comes that much later.
    Late "late" (by: Duration) "5s";
    /// Refused for want of permission.
    Denied "denied";
    /// What the call creates ends in the state `error`.
    ErrorState "error-state";
    /// The answer takes that much longer.
    Slow "slow" (by: Duration) "10s";
    /// Refused with any code, under any status.
    Code "code" (error: ErrorCode) "CODE/STATUS" | "CODE/STATUS:SENTENCE";
}

/// Operations whose result has a life-cycle state.
pub(super) const CREATES_WITH_STATE: &[&str] = &[
    "CreateFileSystem",
    "CreateMountTarget",
    "CreateAccessPoint",
    "CreateReplicationConfiguration",
];

impl Fault {
    /// What the fault answers instead of the service, for the kinds that answer with a fixed error.
    pub(crate) fn error(self, service: Service) -> Option<ApiError> {
        use Service::{Ec2, Efs, Sts};

        let (code, status, message) = match (self, service) {
            (Self::Throttle, Efs) => ("ThrottlingException", 400, "Rate exceeded"),
            (Self::Throttle, Ec2) => ("RequestLimitExceeded", 503, "Request limit exceeded."),
            (Self::Throttle, Sts) => ("Throttling", 400, "Rate exceeded"),
            (Self::Unavailable, Efs | Sts) => (
                "ServiceUnavailable",
                503,
                "Service is unavailable. Please try again later.",
            ),
            (Self::Unavailable, Ec2) => (
                "Unavailable",
                503,
                "The server is overloaded and can't handle the request.",
            ),
            (Self::Failure, Efs) => (
                "InternalServerError",
                500,
                "An internal server error has occurred.",
            ),
            (Self::Failure, Ec2) => ("InternalError", 500, "An internal error has occurred"),
            (Self::Failure, Sts) => ("InternalFailure", 500, "An internal error has occurred"),
            (Self::Code(error), _) => (error.code, error.status, error.sentence),
            _ => return None,
        };
        Some(ApiError::new(code, status, message))
    }

    /// Whether the fault can happen to an operation.
    pub(super) fn fits(self, operation: &str) -> bool {
        self != Self::ErrorState || CREATES_WITH_STATE.contains(&operation)
    }
}

/// Any error of AWS; written `CODE/STATUS` or `CODE/STATUS:SENTENCE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// The error code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What AWS says.
    pub sentence: &'static str,
}

/// What an error says that was given no sentence.
const NO_SENTENCE: &str = "Injected by the sandbox.";

/// The value of a kind of fault, as text.
trait Value: Sized {
    fn read(text: &str) -> Option<Self>;
    fn written(&self) -> String;
}

impl Value for Duration {
    fn read(text: &str) -> Option<Self> {
        humantime::parse_duration(text).ok()
    }

    fn written(&self) -> String {
        humantime::format_duration(*self)
            .to_string()
            .replace(' ', "")
    }
}

impl Value for ErrorCode {
    fn read(text: &str) -> Option<Self> {
        let (text, sentence) = match text.split_once(':') {
            Some((text, sentence)) => (text, sentence.trim()),
            None => (text, NO_SENTENCE),
        };
        let (code, status) = text.rsplit_once('/')?;
        let is_code = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let status = status
            .parse()
            .ok()
            .filter(|status| (400..600).contains(status))?;
        if code.is_empty() || !code.chars().all(is_code) {
            return None;
        }
        // Codes and sentences are static everywhere else; a rule lives as long as the process that was given it.
        Some(Self {
            code: code.to_owned().leak(),
            status,
            sentence: sentence.to_owned().leak(),
        })
    }

    fn written(&self) -> String {
        let Self {
            code,
            status,
            sentence,
        } = self;
        match *sentence {
            NO_SENTENCE => format!("{code}/{status}"),
            sentence => format!("{code}/{status}:{sentence}"),
        }
    }
}
