//! The file system's clock. This host's may be days off, and every host of a share has another one.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use super::base::Base;
use super::disk::{Disk, missing_is_done};
use crate::domain::stamp::Stamp;

/// How long a reading is carried on by this host's monotonic clock.
const CARRIED: Duration = Duration::from_secs(30);

/// The clock of a base.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<Option<(Instant, Stamp)>>);

impl Clock {
    /// Now, as the file system has it: the time of a file that was just created there.
    #[expect(
        clippy::disallowed_methods,
        reason = "locks and file systems know only real time"
    )]
    pub(crate) fn now<D: Disk>(&self, disk: &D, base: &Base<D>) -> io::Result<Stamp> {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, stamp)) = *read
            && at.elapsed() < CARRIED
        {
            return Ok(carried(at, stamp));
        }
        let name = Uuid::new_v4().to_string();
        let file = match disk.create(&base.tmp, &name) {
            Ok(file) => file,
            // A base that is full, or can only be read, can be read.
            // A base that is full can be read: a file that is there has a time too. One that can only be read has no clock of its own.
            Err(error) if is_unwritable(&error) => {
                return Ok(base.tick(disk).unwrap_or_else(|_| {
                    read.map_or_else(of_host, |(at, stamp)| carried(at, stamp))
                }));
            }
            Err(error) => return Err(error),
        };
        let at = Instant::now();
        let made = disk.stat(&file);
        missing_is_done(disk.unlink(&base.tmp, name.as_ref()))?;
        let stamp = Stamp::from_nanos(made?.mtime);
        *read = Some((at, stamp));
        Ok(stamp)
    }
}

fn carried(at: Instant, stamp: Stamp) -> Stamp {
    let passed = i64::try_from(at.elapsed().as_nanos()).unwrap_or(0);
    Stamp::from_nanos(stamp.nanos().saturating_add(passed))
}

/// This host's clock, where the file system's cannot be read.
pub(crate) fn of_host() -> Stamp {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Stamp::from_nanos(i64::try_from(now.as_nanos()).unwrap_or(i64::MAX))
}

/// Whether nothing can be created, which is no reason not to read.
pub(crate) fn is_unwritable(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(
        error.kind(),
        K::ReadOnlyFilesystem | K::StorageFull | K::QuotaExceeded | K::PermissionDenied
    )
}
