//! Where the time of an account comes from.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::world::Millis;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// The time of day.
pub fn wall_clock() -> Clock {
    Arc::new(|| {
        millis(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        )
    })
}

/// The time of day when this was called, going on with tokio's clock: it stands still while that is paused.
pub fn tokio_clock() -> Clock {
    let (start, epoch) = (tokio::time::Instant::now(), wall_clock()());
    Arc::new(move || epoch.saturating_add(millis(start.elapsed())))
}

/// A duration in the unit of the world.
pub(super) fn millis(duration: Duration) -> Millis {
    duration.as_millis().try_into().unwrap_or(Millis::MAX)
}
