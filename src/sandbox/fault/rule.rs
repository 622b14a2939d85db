//! A fault in words: `OPERATION:NTH:KIND`.

use std::fmt;
use std::str::FromStr;

use super::kind::{CREATES_WITH_STATE, Fault};
use crate::wire::operations;

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
    #[error("KIND: `{0}` is not one of {forms}", forms = Fault::forms())]
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
        let fault = Fault::parse(kind).ok_or_else(|| FaultRuleError::Kind(kind.to_owned()))?;
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
