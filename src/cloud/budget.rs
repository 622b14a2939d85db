//! The rate of reads of an account in a region, shared by all that read there.
//!
//! The flow polls EFS at most nine times a second, whatever the number of deployments: EFS is known to throttle at ten reads a second.
//! Its failures are passed on: the loop decides what follows from them.
//!
//! An audit reads as fast as AWS lets. It begins with a few calls side by side and takes one more for each that is answered. The first
//! throttle ends that: from then on calls leave one by one, a little slower than EFS is known to allow, and slower still when that is too
//! much. Polls take their places among them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, sleep_until};

use super::{Answer, Class};

/// Polls that leave in any second.
const POLLS: usize = 9;

/// That second, with a reserve for what the network delays.
const SECOND: Duration = Duration::from_millis(1_020);

/// Between two polls, once there are more than may leave.
const SPACING: Duration = Duration::from_millis(112);

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

/// A call that fails transiently in another way is made so often.
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
    /// When the last polls left, or may leave.
    polls: VecDeque<Instant>,
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
                polls: VecDeque::with_capacity(POLLS),
            }),
        }
    }
}

impl Budget {
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

    /// When this poll may leave.
    fn poll_slot(&self) -> Instant {
        let mut pace = self.pace();
        let now = Instant::now();
        let mut slot = now;
        if pace.polls.len() == POLLS
            && let Some(first) = pace.polls.pop_front()
        {
            slot = slot.max(first + SECOND);
        }
        if let Some(last) = pace.polls.back().filter(|_| slot > now) {
            slot = slot.max(*last + SPACING);
        }
        if let Some(interval) = pace.interval {
            slot = slot.max(pace.next);
            pace.next = slot + interval;
        }
        pace.polls.push_back(slot);
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

/// A call on its way through the budget.
#[derive(Debug)]
pub(super) enum Turn<'b> {
    /// It leaves at once.
    Free,
    /// A poll of the flow.
    Poll(&'b Budget),
    /// A read of an audit.
    Bulk(Bulk<'b>),
}

impl<'b> Turn<'b> {
    /// A read of an audit, which is sent again while it is throttled or fails transiently in another way.
    pub(super) fn bulk(budget: &'b Budget) -> Self {
        Self::Bulk(Bulk {
            budget,
            lane: None,
            begun: Instant::now(),
            left: Instant::now(),
            failures: 0,
        })
    }

    /// Waits until the call may leave.
    pub(super) async fn wait(&mut self) {
        match self {
            Self::Free => {}
            Self::Poll(budget) => wait_until(budget.poll_slot()).await,
            Self::Bulk(bulk) => bulk.wait().await,
        }
    }

    /// The answer, unless the call has to be sent again.
    pub(super) async fn answered<T>(&mut self, answer: Answer<T>) -> Option<Answer<T>> {
        match self {
            Self::Free | Self::Poll(_) => Some(answer),
            Self::Bulk(bulk) => bulk.answered(answer).await,
        }
    }
}

/// A read of an audit on its way.
#[derive(Debug)]
pub(super) struct Bulk<'b> {
    budget: &'b Budget,
    lane: Option<SemaphorePermit<'b>>,
    begun: Instant,
    left: Instant,
    failures: u32,
}

impl Bulk<'_> {
    async fn wait(&mut self) {
        // No one closes the semaphore.
        self.lane = self.budget.lanes.acquire().await.ok();
        wait_until(self.budget.slot()).await;
        self.left = Instant::now();
    }

    async fn answered<T>(&mut self, answer: Answer<T>) -> Option<Answer<T>> {
        self.lane = None;
        match answer {
            Err(error) if error.is_throttle() && self.begun.elapsed() < PATIENCE => {
                self.budget.slow_down(self.left);
                None
            }
            Err(error) if is_made_again(error.class) && self.failures + 1 < ATTEMPTS => {
                self.failures += 1;
                sleep(Duration::from_millis(100 << self.failures)).await;
                None
            }
            answer => {
                self.budget.widen();
                Some(answer)
            }
        }
    }
}

async fn wait_until(slot: Instant) {
    if slot > Instant::now() {
        sleep_until(slot).await;
    }
}

/// A read that failed so is made again. Unlike in the flow ([`Class::is_transient`]), no state of anything can refuse it.
fn is_made_again(class: Class) -> bool {
    matches!(class, Class::Retry | Class::Throttle | Class::Ambiguous)
}
