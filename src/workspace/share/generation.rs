//! The state of a workspace: a new generation is published by `link`, so that of two writers one is first and the other sees it.

use std::io;

use uuid::Uuid;

use super::base::Base;
use super::disk::{Disk, existing_is_done, missing_is_done};
use crate::domain::name::Name;
use crate::domain::state::State;

const LARGEST: usize = 64 << 10;

fn generations<D: Disk>(disk: &D, dir: &D::Dir) -> io::Result<Vec<u64>> {
    let entries = disk.list(dir)?;
    let number = |name: &str| name.strip_suffix(".json")?.parse().ok();
    let mut found: Vec<u64> = entries
        .iter()
        .filter_map(|entry| number(entry.name.to_str()?))
        .collect();
    found.sort_unstable();
    Ok(found)
}

/// The latest state and its generation; `None` for a workspace that has none.
pub(crate) fn latest<D: Disk>(
    disk: &D,
    base: &Base<D>,
    name: &Name,
) -> io::Result<Option<(u64, State)>> {
    let dir = match disk.dir(&base.states, &name.key()) {
        Ok(dir) => dir,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A newer one may be published, and this one removed, between the list and the read.
    for _ in 0..64 {
        let Some(newest) = generations(disk, &dir)?.pop() else {
            return Ok(None);
        };
        let file = match disk.open(&dir, &format!("{newest}.json")) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let mut bytes = vec![0; LARGEST];
        let read = disk.read_at(&file, 0, &mut bytes)?;
        bytes.truncate(read);
        let state = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
        return Ok(Some((newest, state)));
    }
    Err(io::ErrorKind::NotFound.into())
}

/// Publishes the generation after `before` (0: the first), and removes older ones. `false`: another was first.
pub(crate) fn publish<D: Disk>(
    disk: &D,
    base: &Base<D>,
    name: &Name,
    before: u64,
    state: &State,
) -> io::Result<bool> {
    let key = name.key();
    existing_is_done(disk.mkdir(&base.states, &key))?;
    let dir = disk.dir(&base.states, &key)?;
    let temporary = Uuid::new_v4().to_string();
    let file = disk.create(&base.tmp, &temporary)?;
    let written = (|| {
        let text = serde_json::to_vec(state).map_err(io::Error::other)?;
        disk.write_at(&file, 0, &text)?;
        disk.sync(&file)?;
        let own = disk.stat(&file)?.inode;
        let next = format!("{}.json", before + 1);
        match disk.link(&base.tmp, &temporary, &dir, &next) {
            // The answer of a first try may have been lost.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Ok(disk.stat_at(&dir, next.as_ref())?.inode == own)
            }
            other => other.map(|()| true),
        }
    })();
    let cleaned = disk.unlink(&base.tmp, temporary.as_ref());
    let is_first = written?;
    if is_first {
        disk.sync_dir(&dir)?;
        disk.sync_dir(&base.states)?;
        for older in generations(disk, &dir)?
            .into_iter()
            .filter(|number| *number <= before)
        {
            missing_is_done(disk.unlink(&dir, format!("{older}.json").as_ref()))?;
        }
    }
    missing_is_done(cleaned)?;
    Ok(is_first)
}

/// Removes the state of a workspace that is no more.
pub(crate) fn withdraw<D: Disk>(disk: &D, base: &Base<D>, name: &Name) -> io::Result<()> {
    let key = name.key();
    let dir = match disk.dir(&base.states, &key) {
        Ok(dir) => dir,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in disk.list(&dir)? {
        missing_is_done(disk.unlink(&dir, &entry.name))?;
    }
    missing_is_done(disk.rmdir(&base.states, key.as_ref()))
}

/// The names of which there is anything below `.efsctl`.
pub(crate) fn names_below<D: Disk>(disk: &D, base: &Base<D>) -> io::Result<Vec<Name>> {
    let mut names = Vec::new();
    for dir in [&base.states, &base.locks, &base.active, &base.leases] {
        let entries = disk.list(dir)?;
        names.extend(
            entries
                .iter()
                .filter_map(|entry| Name::from_key(entry.name.to_str()?)),
        );
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
