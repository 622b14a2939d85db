//! One lock file for each workspace, with a record of its counts. The kernel drops the lock of a process that dies.

use std::io;
use std::time::{Duration, Instant};

use super::disk::Disk;
use crate::domain::limits::Counts;
use crate::domain::record::{LENGTH, Record};

/// How long a lock is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A lock that is held until this is dropped.
pub(crate) struct Held<D: Disk> {
    file: D::File,
    bytes: [u8; LENGTH],
}

impl<D: Disk> Held<D> {
    /// The counts of the directory with this inode, if the record can be believed.
    pub(crate) fn counts(&self, directory: u64) -> Option<Counts> {
        Record::counts_of(&self.bytes, directory)
    }

    /// Writes the record.
    pub(crate) fn note(&mut self, disk: &D, record: Record) -> io::Result<()> {
        let bytes = record.encode();
        if bytes != self.bytes {
            disk.write_at(&self.file, 0, &bytes)?;
            self.bytes = bytes;
        }
        Ok(())
    }
}

/// Takes the lock of a workspace.
///
/// # Errors
///
/// [`io::ErrorKind::TimedOut`]: another process held it for half a minute.
#[expect(
    clippy::disallowed_methods,
    reason = "locks and file systems know only real time"
)]
pub(crate) fn acquire<D: Disk>(disk: &D, locks: &D::Dir, key: &str) -> io::Result<Held<D>> {
    let begun = Instant::now();
    let mut pause = Duration::from_micros(100);
    loop {
        if let Some(held) = try_acquire(disk, locks, key)? {
            return Ok(held);
        }
        if begun.elapsed() > PATIENCE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(5));
    }
}

/// The same without waiting; `None` where another has it.
pub(crate) fn try_acquire<D: Disk>(
    disk: &D,
    locks: &D::Dir,
    key: &str,
) -> io::Result<Option<Held<D>>> {
    // A lock file that was deleted, or that another one has taken the place of, protects nothing: it is opened again.
    for _ in 0..64 {
        let file = disk.lock_file(locks, key)?;
        if !disk.try_lock(&file)? {
            return Ok(None);
        }
        let own = disk.stat(&file)?.inode;
        match disk.stat_at(locks, key.as_ref()) {
            Ok(meta) if meta.inode == own => {
                let bytes = read(disk, &file)?;
                return Ok(Some(Held { file, bytes }));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(None)
}

/// The counts by the record, without the lock; `None` where it cannot be believed.
pub(crate) fn peek_record<D: Disk>(
    disk: &D,
    locks: &D::Dir,
    key: &str,
    directory: u64,
) -> Option<Counts> {
    let file = disk.open(locks, key).ok()?;
    Record::counts_of(&read(disk, &file).ok()?, directory)
}

fn read<D: Disk>(disk: &D, file: &D::File) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    let read = disk.read_at(file, 0, &mut bytes)?;
    Ok(if read == LENGTH { bytes } else { [0; LENGTH] })
}
