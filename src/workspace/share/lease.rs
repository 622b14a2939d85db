//! Leases on disk: taken by `link`, kept by the file system's clock, broken by renaming them away.

use std::io;

use uuid::Uuid;

use super::base::Base;
use super::disk::{Disk, missing_is_done};
use crate::domain::lease::Lease;
use crate::domain::name::Name;
use crate::domain::stamp::Stamp;

const LARGEST: usize = 16 << 10;

/// The lease of a workspace and its last sign of life; `None` where there is none, or none that can be read.
pub(crate) fn read_lease<D: Disk>(
    disk: &D,
    base: &Base<D>,
    name: &Name,
) -> io::Result<Option<(Lease, Stamp)>> {
    read(disk, &base.leases, &name.key())
}

fn read<D: Disk>(disk: &D, at: &D::Dir, key: &str) -> io::Result<Option<(Lease, Stamp)>> {
    let file = match disk.open(at, key) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![0; LARGEST];
    let read = disk.read_at(&file, 0, &mut bytes)?;
    bytes.truncate(read);
    let last = Stamp::from_nanos(disk.stat(&file)?.mtime);
    Ok(serde_json::from_slice(&bytes)
        .ok()
        .map(|lease| (lease, last)))
}

/// Takes the lease of a workspace; the answer is the lease that another one holds.
pub(crate) fn take_lease<D: Disk>(
    disk: &D,
    base: &Base<D>,
    name: &Name,
    lease: &Lease,
    now: Stamp,
) -> io::Result<Option<Lease>> {
    let key = name.key();
    let temporary = Uuid::new_v4().to_string();
    let file = disk.create(&base.tmp, &temporary)?;
    let taken = (|| {
        let text = serde_json::to_vec(lease).map_err(io::Error::other)?;
        disk.write_at(&file, 0, &text)?;
        disk.sync(&file)?;
        let own = disk.stat(&file)?.inode;
        for _ in 0..8 {
            match disk.link(&base.tmp, &temporary, &base.leases, &key) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => return other.map(|()| None),
            }
            // The answer of a first try may have been lost.
            if disk
                .stat_at(&base.leases, key.as_ref())
                .is_ok_and(|meta| meta.inode == own)
            {
                return Ok(None);
            }
            match read_lease(disk, base, name)? {
                Some((held, last)) if !held.is_stale(last, now) => return Ok(Some(held)),
                Some((stale, _)) => break_lease(disk, base, &key, &stale.nonce)?,
                None => {}
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    })();
    let _ = disk.unlink(&base.tmp, temporary.as_ref());
    taken
}

/// Renames a stale lease away. One that was taken meanwhile is another one, and is put back.
fn break_lease<D: Disk>(disk: &D, base: &Base<D>, key: &str, nonce: &str) -> io::Result<()> {
    let away = Uuid::new_v4().to_string();
    match disk.rename(&base.leases, key.as_ref(), &base.tmp, away.as_ref()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    }
    if read(disk, &base.tmp, &away)?.is_some_and(|(lease, _)| lease.nonce != nonce) {
        let _ = disk.link(&base.tmp, &away, &base.leases, key);
    }
    missing_is_done(disk.unlink(&base.tmp, away.as_ref()))
}

/// Gives a sign of life; `false` where the lease is another's now.
pub(crate) fn beat_lease<D: Disk>(
    disk: &D,
    base: &Base<D>,
    name: &Name,
    lease: &Lease,
) -> io::Result<bool> {
    let is_own = read_lease(disk, base, name)?.is_some_and(|(held, _)| held.nonce == lease.nonce);
    if is_own {
        disk.touch(&base.leases, &name.key())?;
    }
    Ok(is_own)
}

/// Ends a lease, if it still is the holder's.
pub(crate) fn drop_lease<D: Disk>(
    disk: &D,
    base: &Base<D>,
    name: &Name,
    lease: &Lease,
) -> io::Result<()> {
    match read_lease(disk, base, name)? {
        Some((held, _)) if held.nonce == lease.nonce => {
            break_lease(disk, base, &name.key(), &lease.nonce)
        }
        _ => Ok(()),
    }
}
