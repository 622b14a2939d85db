//! A limit on the rate of reads, as the service has one: a bucket of tokens that fills again.

use crate::wire::{Service, operations};
use crate::world::Millis;

/// So many EFS Describe calls a second; a second's worth may come at once. What is more is throttled.
#[derive(Debug, Clone)]
pub struct RateLimit {
    per_second: f64,
    tokens: f64,
    last: Option<Millis>,
}

impl RateLimit {
    /// A limit; `None` unless it is a positive number.
    pub fn new(per_second: f64) -> Option<Self> {
        (per_second.is_finite() && per_second > 0.0).then_some(Self {
            per_second,
            tokens: per_second.max(1.0),
            last: None,
        })
    }

    /// Whether a call at that time is one too many.
    pub(super) fn exceeds(&mut self, operation: &str, now: Millis) -> bool {
        if !operation.starts_with("Describe")
            || !operations::of(Service::Efs).any(|name| name == operation)
        {
            return false;
        }
        let passed = now.saturating_sub(self.last.unwrap_or(now));
        self.last = Some(now);
        let seconds = std::time::Duration::from_millis(passed).as_secs_f64();
        let most = self.per_second.max(1.0);
        self.tokens = (self.tokens + seconds * self.per_second).min(most);
        if self.tokens < 1.0 {
            return true;
        }
        self.tokens -= 1.0;
        false
    }
}
