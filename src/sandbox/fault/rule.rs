//! A fault in words: `OPERATION:NTH:KIND`.

use std::fmt;
use std::str::FromStr;

use super::{CREATES_WITH_STATE, Fault, NO_SENTENCE};
use crate::sandbox::wire::operations;

/// Which of an operation's calls a rule meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// That one, counted from 1.
    Only(u64),
    /// That one and all later ones.
    From(u64),
    /// All.
    Every,
}

impl Nth {
    /// Whether the call of that number is met.
    pub(super) fn meets(self, count: u64) -> bool {
        match self {
            Self::Only(nth) => count == nth,
            Self::From(nth) => count >= nth,
            Self::Every => true,
        }
    }
}

impl fmt::Display for Nth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only(nth) => write!(f, "{nth}"),
            Self::From(nth) => write!(f, "{nth}+"),
            Self::Every => f.write_str("*"),
        }
    }
}

/// A fault and when it happens; written `OPERATION:NTH:KIND`, for example `CreateMountTarget:2:throttle`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// Name of the operation; `None` for any (`*`).
    pub operation: Option<String>,
    /// Which of its calls.
    pub nth: Nth,
    /// What happens to them.
    pub fault: Fault,
}

impl FaultRule {
    /// Whether the rule counts the calls of an operation.
    pub(super) fn concerns(&self, operation: &str) -> bool {
        self.operation
            .as_deref()
            .is_none_or(|name| name == operation)
            && self.fault.fits(operation)
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.as_deref().unwrap_or("*");
        write!(f, "{operation}:{}:{}", self.nth, self.fault)
    }
}

/// Why a text is not a [`FaultRule`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultRuleError {
    /// Not three parts.
    #[error("expected OPERATION:NTH:KIND, for example CreateMountTarget:2:throttle")]
    Shape,
    /// No such operation: it would never happen.
    #[error("OPERATION: the sandbox has no operation `{name}`{}", did_you_mean(.closest.as_deref()))]
    Operation {
        /// What was written.
        name: String,
        /// What may have been meant.
        closest: Option<String>,
    },
    /// Not a number of a call.
    #[error(
        "NTH: `{0}` is not a count: write a number from 1, `3+` for the third and all later calls, or `*` for all"
    )]
    Nth(String),
    /// Not a kind of fault.
    #[error(
        "KIND: `{0}` is not one of throttle, 500, 503, reset-before, reset-after, hang, hang-after, late=5s, \
         denied, error-state, slow=10s, code=CODE/STATUS, code=CODE/STATUS:SENTENCE"
    )]
    Kind(String),
    /// A kind that cannot happen to the operation.
    #[error("KIND: {kind} cannot happen to {operation}; it is for {}", CREATES_WITH_STATE.join(", "))]
    Unfit {
        /// The kind.
        kind: String,
        /// The operation.
        operation: String,
    },
}

fn did_you_mean(closest: Option<&str>) -> String {
    closest
        .map(|name| format!("; did you mean {name}?"))
        .unwrap_or_default()
}

impl FromStr for FaultRule {
    type Err = FaultRuleError;

    fn from_str(text: &str) -> Result<Self, FaultRuleError> {
        let mut parts = text.splitn(3, ':').map(str::trim);
        let (Some(operation), Some(nth), Some(kind)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(FaultRuleError::Shape);
        };
        let operation = match operation {
            "*" => None,
            name if operations::is_known(name) => Some(name.to_owned()),
            name => {
                let closest = operations::closest(name).map(str::to_owned);
                return Err(FaultRuleError::Operation {
                    name: name.to_owned(),
                    closest,
                });
            }
        };
        let nth = parse_nth(nth).ok_or_else(|| FaultRuleError::Nth(nth.to_owned()))?;
        let fault = parse_kind(kind).ok_or_else(|| FaultRuleError::Kind(kind.to_owned()))?;
        match operation {
            Some(operation) if !fault.fits(&operation) => Err(FaultRuleError::Unfit {
                kind: fault.to_string(),
                operation,
            }),
            operation => Ok(Self {
                operation,
                nth,
                fault,
            }),
        }
    }
}

fn parse_nth(text: &str) -> Option<Nth> {
    let count = |digits: &str| digits.parse().ok().filter(|nth| *nth > 0);
    match text.strip_suffix('+') {
        Some(digits) => count(digits).map(Nth::From),
        None if text == "*" => Some(Nth::Every),
        None => count(text).map(Nth::Only),
    }
}

fn parse_kind(text: &str) -> Option<Fault> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    Some(match (name, value) {
        ("throttle", None) => Fault::Throttle,
        ("500", None) => Fault::Status(500),
        ("503", None) => Fault::Status(503),
        ("reset-before", None) => Fault::ResetBefore,
        ("reset-after", None) => Fault::ResetAfter,
        ("hang", None) => Fault::Hang,
        ("hang-after", None) => Fault::HangAfter,
        ("late", Some(by)) => Fault::Late(humantime::parse_duration(by).ok()?),
        ("denied", None) => Fault::Denied,
        ("error-state", None) => Fault::ErrorState,
        ("slow", Some(by)) => Fault::Slow(humantime::parse_duration(by).ok()?),
        ("code", Some(value)) => {
            let (value, sentence) = match value.split_once(':') {
                Some((value, sentence)) => (value, sentence.trim()),
                None => (value, NO_SENTENCE),
            };
            let (code, status) = value.rsplit_once('/')?;
            let is_code = |c: char| c.is_ascii_alphanumeric() || c == '.';
            let status = status
                .parse()
                .ok()
                .filter(|status| (400..600).contains(status))?;
            if code.is_empty() || !code.chars().all(is_code) {
                return None;
            }
            // Codes and sentences are static everywhere else; a rule lives as long as the process that was given it.
            Fault::Code {
                code: code.to_owned().leak(),
                status,
                sentence: sentence.to_owned().leak(),
            }
        }
        _ => return None,
    })
}
