//! Faults on demand: which call goes wrong, and how. Pure, so the same calls meet the same faults.

mod kind;
mod limit;
mod random;
mod rule;

pub use kind::{ErrorCode, Fault};
pub use limit::RateLimit;
pub use random::RandomFaults;
pub use rule::{FaultRule, FaultRuleError, Nth};

use super::world::Millis;

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
