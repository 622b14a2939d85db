//! The rate of reads: as fast as AWS lets, and no faster.
//!
//! It begins with a few calls side by side and takes one more for each that is answered. The first throttle ends that: from then on calls
//! leave one by one, a little slower than EFS is known to allow, and slower still when that is too much.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::cloud::{Answer, Class};

/// Calls side by side at the beginning.
const FIRST: usize = 6;

/// Calls side by side at most.
const MOST: usize = 96;

/// Between two calls once AWS has throttled: EFS is known to throttle at ten reads a second.
const INTERVAL: Duration = Duration::from_millis(103);

/// After a throttle nothing leaves for so long.
const REST: Duration = Duration::from_millis(500);

/// No interval is longer than this.
const LONGEST: Duration = Duration::from_secs(2);

/// A call that is throttled for so long is given up.
const PATIENCE: Duration = Duration::from_mins(5);

/// A call that fails in another way that passes is made so often.
const ATTEMPTS: u32 = 5;

/// How many reads may be under way, and when the next one may leave.
#[derive(Debug)]
pub struct Budget {
    lanes: Semaphore,
    pace: Mutex<Pace>,
}

#[derive(Debug)]
struct Pace {
    lanes: usize,
    /// `None`: AWS has not throttled.
    interval: Option<Duration>,
    next: Instant,
    /// When the interval was changed last: what left before says nothing about it.
    since: Instant,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            lanes: Semaphore::new(FIRST),
            pace: Mutex::new(Pace {
                lanes: FIRST,
                interval: None,
                next: Instant::now(),
                since: Instant::now(),
            }),
        }
    }
}

impl Budget {
    /// Makes a call when there is room for it, and again while it is throttled or fails in another way that passes. Reads only: they
    /// may be repeated.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn ask<T>(&self, call: impl AsyncFn() -> Answer<T>) -> Answer<T> {
        let begun = Instant::now();
        let mut failures = 0;
        loop {
            let lane = self.lanes.acquire().await;
            tokio::time::sleep_until(self.slot()).await;
            let left = Instant::now();
            let answer = call().await;
            drop(lane);
            match answer {
                Err(error) if error.is_throttle() && begun.elapsed() < PATIENCE => {
                    self.slow_down(left);
                }
                Err(error) if is_made_again(error.class) && failures + 1 < ATTEMPTS => {
                    failures += 1;
                    tokio::time::sleep(Duration::from_millis(100 << failures)).await;
                }
                answer => {
                    self.widen();
                    return answer;
                }
            }
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When this call may leave.
    fn slot(&self) -> Instant {
        let mut pace = self.pace();
        let now = Instant::now();
        let Some(interval) = pace.interval else {
            return now;
        };
        let slot = pace.next.max(now);
        pace.next = slot + interval;
        slot
    }

    fn widen(&self) {
        let mut pace = self.pace();
        match pace.interval {
            None if pace.lanes < MOST => {
                pace.lanes += 1;
                self.lanes.add_permits(1);
            }
            None => {}
            Some(interval) => pace.interval = Some((interval * 49 / 50).max(INTERVAL)),
        }
    }

    /// A call that left at that time was throttled.
    fn slow_down(&self, left: Instant) {
        let mut pace = self.pace();
        let now = Instant::now();
        pace.interval = match pace.interval {
            None => Some(INTERVAL),
            // All that were under way tell the same thing.
            Some(interval) if left < pace.since => Some(interval),
            Some(interval) => Some((interval * 5 / 4).min(LONGEST)),
        };
        if left >= pace.since {
            pace.since = now;
            // The bucket is empty: a moment's rest keeps the next calls from being refused too.
            pace.next = pace.next.max(now + REST);
        }
    }
}

/// A read that failed so is made again. Unlike in the flow ([`Class::passes`]), no state of anything can refuse it.
fn is_made_again(class: Class) -> bool {
    matches!(class, Class::Retry | Class::Throttle | Class::Lost)
}
