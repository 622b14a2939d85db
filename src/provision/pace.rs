//! When to poll next. The only file that knows the crate `backoff`, which is unmaintained: replacing it means replacing
//! this file (`docs/DEPENDENCIES.md`).

use std::time::Duration;

use backoff::backoff::Backoff;
use backoff::{ExponentialBackoff, ExponentialBackoffBuilder};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The rhythm of a wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pacing {
    /// The first read comes after this.
    pub first: Duration,
    /// Each interval is so much longer than the one before.
    pub factor: f64,
    /// No interval is longer than this.
    pub longest: Duration,
    /// Each interval is varied by this share, up and down, so that many waits do not poll in step.
    pub jitter: f64,
}

impl Default for Pacing {
    /// 0.25 s, ×1.06, at most 2.5 s, ±20 %: after a wait of `t` seconds the next poll is about `0.25 + 0.06 t` away, so the
    /// overshoot is 3 % of the wait on average, and never more than 3 s. One read is one call, however many
    /// mount targets there are: a wait of 90 s takes some 60 calls, far below the ten a second that are known to be throttled.
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            factor: 1.06,
            longest: Duration::from_millis(2_500),
            jitter: 0.2,
        }
    }
}

/// One wait: counts its polls and knows when the next one is due.
#[derive(Debug)]
pub struct Pace {
    policy: ExponentialBackoff,
    last: Instant,
}

impl Pace {
    /// A wait that begins now.
    pub fn new(pacing: &Pacing) -> Self {
        let policy = ExponentialBackoffBuilder::new()
            .with_initial_interval(pacing.first)
            .with_multiplier(pacing.factor)
            .with_max_interval(pacing.longest)
            .with_randomization_factor(pacing.jitter)
            // The deadline is the caller's, on tokio's clock.
            .with_max_elapsed_time(None)
            .build();
        Self {
            policy,
            last: Instant::now(),
        }
    }

    /// Something moved: begin again with short intervals.
    pub fn reset(&mut self) {
        self.policy.reset();
        self.last = Instant::now();
    }

    /// When to poll next. Intervals run from poll to poll, so that a slow answer does not slow the rhythm.
    pub fn next_poll(&mut self) -> Instant {
        let interval = self
            .policy
            .next_backoff()
            .unwrap_or(self.policy.max_interval);
        self.last = (self.last + interval).max(Instant::now());
        self.last
    }
}

/// Trying again what failed transiently.
#[derive(Debug)]
pub struct Retry<'r> {
    /// In this rhythm.
    pub pacing: &'r Pacing,
    /// No try begins at this moment or later.
    pub deadline: Option<Instant>,
    /// Ends it between two tries.
    pub stop: &'r CancellationToken,
}

/// Why there is no further try, with the last failure.
#[derive(Debug)]
pub enum GaveUp<E> {
    /// It is not transient.
    Failed(E),
    /// The next try would come too late.
    TimedOut(E),
    /// It was cancelled.
    Stopped(E),
}

impl<E> GaveUp<E> {
    /// The last failure.
    pub fn last(self) -> E {
        match self {
            Self::Failed(error) | Self::TimedOut(error) | Self::Stopped(error) => error,
        }
    }
}

impl Retry<'_> {
    /// Tries until it works.
    ///
    /// # Errors
    ///
    /// The last failure: it is not transient, it times out, or it was cancelled. A try that has begun always ends.
    pub async fn until<T, E>(
        &self,
        mut attempt: impl AsyncFnMut() -> Result<T, E>,
        mut passes: impl FnMut(&E) -> bool,
    ) -> Result<T, GaveUp<E>> {
        let mut pace = Pace::new(self.pacing);
        loop {
            let error = match attempt().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if !passes(&error) {
                return Err(GaveUp::Failed(error));
            }
            let next = pace.next_poll();
            if self.deadline.is_some_and(|deadline| next >= deadline) {
                return Err(GaveUp::TimedOut(error));
            }
            tokio::select! {
                () = tokio::time::sleep_until(next) => {}
                () = self.stop.cancelled() => return Err(GaveUp::Stopped(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn intervals_grow_to_the_cap_and_stay_within_the_jitter() {
        let pacing = Pacing::default();
        let mut pace = Pace::new(&pacing);
        let mut expected = pacing.first.as_secs_f64();
        let mut last = Instant::now();
        for poll in 0..200 {
            let next = pace.next_poll();
            let interval = (next - last).as_secs_f64();
            assert!(
                (expected * 0.79..=expected * 1.21).contains(&interval),
                "look {poll}: {interval} is not around {expected}"
            );
            expected = (expected * pacing.factor).min(pacing.longest.as_secs_f64());
            last = next;
            tokio::time::sleep_until(next).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_tried_again_until_it_works_or_must_not_be() {
        let stop = CancellationToken::new();
        let pacing = Pacing {
            first: Duration::from_secs(1),
            factor: 1.0,
            longest: Duration::from_secs(1),
            jitter: 0.0,
        };
        let retry = Retry {
            pacing: &pacing,
            deadline: Some(Instant::now() + Duration::from_millis(4_500)),
            stop: &stop,
        };
        let mut tries = 0;
        let third = async || {
            tries += 1;
            if tries < 3 { Err(tries) } else { Ok(tries) }
        };
        let begun = Instant::now();
        assert!(matches!(retry.until(third, |_| true).await, Ok(3)));
        assert_eq!(begun.elapsed(), Duration::from_secs(2));
        let for_good = retry.until(async || Err::<(), _>("no"), |_| false).await;
        assert!(matches!(for_good, Err(GaveUp::Failed("no"))));
        let late = retry.until(async || Err::<(), _>("busy"), |_| true).await;
        assert!(matches!(late, Err(GaveUp::TimedOut("busy"))));
        assert_eq!(begun.elapsed(), Duration::from_secs(4));
        stop.cancel();
        let retry = Retry {
            deadline: None,
            ..retry
        };
        let stopped = retry.until(async || Err::<(), _>("busy"), |_| true).await;
        assert!(matches!(stopped, Err(GaveUp::Stopped("busy"))));
        assert_eq!(begun.elapsed(), Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_answer_does_not_slow_the_rhythm() {
        let mut pace = Pace::new(&Pacing {
            jitter: 0.0,
            factor: 1.0,
            ..Pacing::default()
        });
        let first = pace.next_poll();
        tokio::time::sleep_until(first).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(pace.next_poll() - first, Duration::from_millis(250));
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(pace.next_poll(), Instant::now());
    }
}
