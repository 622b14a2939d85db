//! The rate of reads: as fast as AWS lets, and no faster.
//!
//! It begins with a few calls side by side and takes one more for each that is answered. The first throttle ends that: from then on calls
//! leave one by one, a little slower than EFS is known to allow, and slower still when that is too much.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::cloud::{Answer, Class};

/// Calls side by side at the beginning.
const FIRST: usize = 8;

/// Calls side by side at most.
const MOST: usize = 96;

/// Between two calls once AWS has throttled: EFS is known to throttle at ten reads a second.
const INTERVAL: Duration = Duration::from_millis(103);

/// No interval is longer than this.
const LONGEST: Duration = Duration::from_secs(1);

/// A call that is throttled for so long is given up.
const PATIENCE: Duration = Duration::from_mins(5);

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
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            lanes: Semaphore::new(FIRST),
            pace: Mutex::new(Pace {
                lanes: FIRST,
                interval: None,
                next: Instant::now(),
            }),
        }
    }
}

impl Budget {
    /// Makes a call when there is room for it, and again while it is throttled.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn ask<T>(&self, call: impl AsyncFn() -> Answer<T>) -> Answer<T> {
        let begun = Instant::now();
        loop {
            let lane = self.lanes.acquire().await;
            let slot = self.slot();
            tokio::time::sleep_until(slot).await;
            let answer = call().await;
            drop(lane);
            match answer {
                Err(error) if error.class == Class::Retry && begun.elapsed() < PATIENCE => {
                    self.slow_down();
                }
                answer => {
                    self.widen();
                    return answer;
                }
            }
        }
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
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
        if pace.interval.is_none() && pace.lanes < MOST {
            pace.lanes += 1;
            self.lanes.add_permits(1);
        }
    }

    fn slow_down(&self) {
        let mut pace = self.pace();
        let slower = pace
            .interval
            .map(|interval| (interval * 21 / 20).min(LONGEST));
        pace.interval = Some(slower.unwrap_or(INTERVAL));
    }
}
