//! Deleting: renamed away at once, removed later. Killed anywhere, a workspace is whole or does not exist.

use std::ffi::OsStr;
use std::io;
use std::time::Duration;

use uuid::Uuid;

use super::base::Base;
use super::disk::{Disk, FileKind, missing_is_done};
use crate::domain::stamp::Stamp;

/// How old what is left of a killed process has to be before it is removed.
const OLD: Duration = Duration::from_hours(24);

/// Renames an entry into the trash; `false` where there is none.
pub(crate) fn to_trash<D: Disk>(
    disk: &D,
    base: &Base<D>,
    at: &D::Dir,
    name: &str,
) -> io::Result<bool> {
    let place = Uuid::new_v4().to_string();
    match disk.rename(at, name.as_ref(), &base.trash, place.as_ref()) {
        Ok(()) => Ok(true),
        // The answer of a first try may have been lost: then it is there.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(disk.stat_at(&base.trash, place.as_ref()).is_ok())
        }
        Err(error) => Err(error),
    }
}

/// Empties the trash, and removes temporary files that a killed process left a day ago. What cannot be removed now is left for the
/// next time.
pub(crate) fn empty<D: Disk>(disk: &D, base: &Base<D>, now: Stamp) -> io::Result<()> {
    for entry in disk.list(&base.trash)? {
        let _ = remove_tree(disk, &base.trash, &base.trash, &entry.name);
    }
    for entry in disk.list(&base.tmp)? {
        let Ok(meta) = disk.stat_at(&base.tmp, &entry.name) else {
            continue;
        };
        if Stamp::from_nanos(meta.ctime).until(now) > OLD {
            let _ = remove_tree(disk, &base.trash, &base.tmp, &entry.name);
        }
    }
    Ok(())
}

/// Removes an entry with all below it. No link is followed. Directories are renamed up into the trash first, so that the depth of a
/// tree does not matter.
pub(crate) fn remove_tree<D: Disk>(
    disk: &D,
    trash: &D::Dir,
    at: &D::Dir,
    name: &OsStr,
) -> io::Result<()> {
    let meta = match disk.stat_at(at, name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    if meta.kind != FileKind::Directory {
        return missing_is_done(disk.unlink(at, name));
    }
    let mut left = vec![(at.clone(), name.to_owned())];
    while let Some((from, name)) = left.last().cloned() {
        let dir = disk.child(&from, &name)?;
        let mut below = Vec::new();
        for entry in disk.list(&dir)? {
            let is_directory = match entry.kind {
                Some(kind) => kind == FileKind::Directory,
                None => disk.stat_at(&dir, &entry.name)?.kind == FileKind::Directory,
            };
            if is_directory {
                let place = Uuid::new_v4().to_string();
                match disk.rename(&dir, &entry.name, trash, place.as_ref()) {
                    // The answer of a first try may have been lost: then it is there.
                    Err(error)
                        if error.kind() == io::ErrorKind::NotFound
                            && disk.stat_at(trash, place.as_ref()).is_err() =>
                    {
                        return Err(error);
                    }
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
                below.push((trash.clone(), place.into()));
            } else {
                missing_is_done(disk.unlink(&dir, &entry.name))?;
            }
        }
        left.pop();
        missing_is_done(disk.rmdir(&from, &name))?;
        left.extend(below);
    }
    Ok(())
}
