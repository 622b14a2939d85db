//! Faults on demand: which call goes wrong, and how. Pure, so the same calls meet the same faults.

mod limit;
mod rule;

use std::fmt;
use std::time::Duration;

pub use limit::RateLimit;
pub use rule::{FaultRule, FaultRuleError, Nth};

use super::wire::Service;
use super::world::{ApiError, Millis};

/// One way for a call to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Refused as too fast.
    Throttle,
    /// A failure of the service: 500 or 503.
    Status(u16),
    /// The connection breaks, the call had no effect.
    ResetBefore,
    /// The call takes effect, then the connection breaks.
    ResetAfter,
    /// No answer ever, and no effect.
    Hang,
    /// The call takes effect, and no answer ever comes.
    HangAfter,
    /// No answer ever, and the effect comes that much later.
    Late(Duration),
    /// Refused for want of permission.
    Denied,
    /// What the call creates ends in the state `error`.
    ErrorState,
    /// The answer takes that much longer.
    Slow(Duration),
    /// Refused with any code, under any status.
    Code {
        /// The error code.
        code: &'static str,
        /// The HTTP status.
        status: u16,
        /// What AWS says.
        sentence: &'static str,
    },
}

impl Fault {
    /// What the fault answers instead of the service, for the kinds that answer with a fixed error.
    pub(super) fn error(self, service: Service) -> Option<ApiError> {
        let (code, status, message) = match (self, service) {
            (Self::Throttle, Service::Efs) => ("ThrottlingException", 400, "Rate exceeded"),
            (Self::Throttle, Service::Ec2) => {
                ("RequestLimitExceeded", 503, "Request limit exceeded.")
            }
            (Self::Throttle, Service::Sts) => ("Throttling", 400, "Rate exceeded"),
            (Self::Status(503), Service::Efs | Service::Sts) => (
                "ServiceUnavailable",
                503,
                "Service is unavailable. Please try again later.",
            ),
            (Self::Status(503), Service::Ec2) => (
                "Unavailable",
                503,
                "The server is overloaded and can't handle the request.",
            ),
            (Self::Status(status), Service::Efs) => (
                "InternalServerError",
                status,
                "An internal server error has occurred.",
            ),
            (Self::Status(status), Service::Ec2) => {
                ("InternalError", status, "An internal error has occurred")
            }
            (Self::Status(status), Service::Sts) => {
                ("InternalFailure", status, "An internal error has occurred")
            }
            (
                Self::Code {
                    code,
                    status,
                    sentence,
                },
                _,
            ) => (code, status, sentence),
            _ => return None,
        };
        Some(ApiError::new(code, status, message))
    }

    /// Whether the fault can happen to an operation.
    fn fits(self, operation: &str) -> bool {
        self != Self::ErrorState || CREATES_WITH_STATE.contains(&operation)
    }
}

/// What an error says that was given no sentence.
const NO_SENTENCE: &str = "Injected by the sandbox.";

/// Operations whose result has a life-cycle state.
const CREATES_WITH_STATE: &[&str] = &["CreateFileSystem", "CreateMountTarget", "CreateAccessPoint"];

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttle => f.write_str("throttle"),
            Self::Status(status) => write!(f, "{status}"),
            Self::ResetBefore => f.write_str("reset-before"),
            Self::ResetAfter => f.write_str("reset-after"),
            Self::Hang => f.write_str("hang"),
            Self::HangAfter => f.write_str("hang-after"),
            Self::Late(by) => write!(f, "late={}", compact(*by)),
            Self::Denied => f.write_str("denied"),
            Self::ErrorState => f.write_str("error-state"),
            Self::Slow(by) => write!(f, "slow={}", compact(*by)),
            Self::Code {
                code,
                status,
                sentence,
            } if *sentence == NO_SENTENCE => write!(f, "code={code}/{status}"),
            Self::Code {
                code,
                status,
                sentence,
            } => write!(f, "code={code}/{status}:{sentence}"),
        }
    }
}

fn compact(duration: Duration) -> String {
    humantime::format_duration(duration)
        .to_string()
        .replace(' ', "")
}

/// The faults of an account, and how far each has counted.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Vec<(FaultRule, u64)>,
    random: Option<RandomFaults>,
    limit: Option<RateLimit>,
}

impl Faults {
    /// Faults by rules: of two that meet the same call, the first wins.
    pub fn new(rules: impl IntoIterator<Item = FaultRule>) -> Self {
        Self {
            rules: rules.into_iter().map(|rule| (rule, 0)).collect(),
            random: None,
            limit: None,
        }
    }

    /// The same, and random ones where no rule strikes.
    #[must_use]
    pub fn with_random(mut self, random: RandomFaults) -> Self {
        self.random = Some(random);
        self
    }

    /// The same, and reads above a rate are throttled.
    #[must_use]
    pub fn with_limit(mut self, limit: RateLimit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// What happens to the next call of an operation, at that time.
    pub fn strike(&mut self, operation: &str, now: Millis) -> Option<Fault> {
        let limit = self.limit.as_mut();
        let exceeded = limit.is_some_and(|limit| limit.exceeds(operation, now));
        self.next(operation).or(exceeded.then_some(Fault::Throttle))
    }

    /// What rules and chance do to the next call of an operation.
    pub fn next(&mut self, operation: &str) -> Option<Fault> {
        let mut struck = None;
        for (rule, count) in &mut self.rules {
            if rule.concerns(operation) {
                *count += 1;
                if rule.nth.meets(*count) {
                    struck = struck.or(Some(rule.fault));
                }
            }
        }
        // Drawn in any case, so that adding a rule does not shift the random ones.
        let random = self.random.as_mut().and_then(RandomFaults::next);
        struck.or(random)
    }
}

/// Faults at a rate, the same ones for the same seed.
#[derive(Debug, Clone)]
pub struct RandomFaults {
    rate: f64,
    state: u64,
}

/// What random faults choose from.
const RANDOM: [Fault; 5] = [
    Fault::Throttle,
    Fault::Status(500),
    Fault::Status(503),
    Fault::ResetBefore,
    Fault::ResetAfter,
];

impl RandomFaults {
    /// Faults in that share of calls; `None` unless the rate is between 0 and 1.
    pub fn new(rate: f64, seed: u64) -> Option<Self> {
        (0.0..=1.0)
            .contains(&rate)
            .then_some(Self { rate, state: seed })
    }

    fn next(&mut self) -> Option<Fault> {
        // Two draws a call whatever they give, so that runs at different rates stay comparable.
        let [chance, choice] = [self.draw(), self.draw()];
        let strikes = f64::from(chance) < self.rate * 4_294_967_296.0;
        RANDOM
            .into_iter()
            .cycle()
            .nth(choice as usize % RANDOM.len())
            .filter(|_| strikes)
    }

    /// 32 well-mixed bits (splitmix64).
    fn draw(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default()
    }
}
