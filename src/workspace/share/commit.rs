//! A file is written beside, and put into its place by one rename: no reader sees half of it.

use std::collections::HashMap;
use std::io;

use rustix::io::Errno;
use uuid::Uuid;

use super::base::Base;
use super::disk::{Disk, FileKind, Meta, existing_is_done};
use crate::domain::path::RelPath;

/// How much a write survives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// `Power` on NFS, `Kill` for the files of jobs elsewhere.
    #[default]
    Auto,
    /// The death of the process.
    Kill,
    /// A loss of power.
    Power,
}

/// A file that is written and has no name yet that a reader could see.
pub(crate) struct Staged<D: Disk> {
    pub(crate) name: String,
    pub(crate) file: D::File,
    pub(crate) size: u64,
}

/// Writes a file into `tmp`; nothing of it is left if that fails.
pub(crate) fn stage<D: Disk>(disk: &D, base: &Base<D>, bytes: &[u8]) -> io::Result<Staged<D>> {
    let name = Uuid::new_v4().to_string();
    let file = disk.create(&base.tmp, &name)?;
    let staged = Staged {
        name,
        file,
        size: bytes.len() as u64,
    };
    match disk.write_at(&staged.file, 0, bytes) {
        Ok(()) => Ok(staged),
        Err(error) => {
            discard(disk, base, &staged);
            Err(error)
        }
    }
}

/// Removes what was staged.
pub(crate) fn discard<D: Disk>(disk: &D, base: &Base<D>, staged: &Staged<D>) {
    let _ = disk.unlink(&base.tmp, staged.name.as_ref());
}

/// Where a file is to be, as it was found under the lock.
pub(crate) enum Place<D: Disk> {
    /// Its directory exists; there is nothing by its name, or what a write replaces.
    Known { parent: D::Dir, old: Option<u64> },
    /// Directories are missing.
    New,
    /// A directory has its name, or something that is no directory one of its parents'.
    InTheWay(&'static str),
}

/// What is at a path.
pub(crate) fn place<D: Disk>(disk: &D, root: &D::Dir, path: &RelPath) -> io::Result<Place<D>> {
    let (folder, name) = path.split();
    let parent = match folder {
        None => root.clone(),
        Some(folder) => match disk.dir(root, folder) {
            Ok(dir) => dir,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Place::New),
            Err(error) if is_obstacle(&error) => {
                return Ok(Place::InTheWay(
                    "a file, a link or a mount has the name of one of its directories",
                ));
            }
            Err(error) => return Err(error),
        },
    };
    match disk.stat_at(&parent, name.as_ref()) {
        Ok(meta) => Ok(match meta.kind {
            FileKind::Directory => Place::InTheWay("a directory has that name"),
            FileKind::File => Place::Known {
                parent,
                old: Some(meta.size),
            },
            FileKind::Other => Place::Known { parent, old: None },
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Place::Known { parent, old: None })
        }
        Err(error) => Err(error),
    }
}

/// What an open answers where a link, a file or a mount has the place of a directory.
pub(crate) fn is_obstacle(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::NOTDIR | Errno::LOOP | Errno::XDEV)
    )
}

/// What an open answers where there is something that is no file to read: a link, a socket, a file of others.
pub(crate) fn is_no_file(error: &io::Error) -> bool {
    let known = [
        Errno::NOENT,
        Errno::NOTDIR,
        Errno::LOOP,
        Errno::XDEV,
        Errno::ISDIR,
        Errno::NXIO,
        Errno::ACCESS,
        Errno::PERM,
        Errno::NODEV,
    ];
    Errno::from_io_error(error).is_some_and(|number| known.contains(&number))
}

/// Creates the directories of a path, as far as they are missing; returns the last and whether one was created.
pub(crate) fn parents<D: Disk>(
    disk: &D,
    root: &D::Dir,
    folder: &str,
    owner: &Meta,
    sync: bool,
) -> io::Result<D::Dir> {
    let mut at = root.clone();
    for part in folder.split('/') {
        at = match disk.dir(&at, part) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                existing_is_done(disk.mkdir(&at, part))?;
                let made = disk.dir(&at, part)?;
                disk.give_dir(&made, owner)?;
                if sync {
                    disk.sync_dir(&at)?;
                }
                made
            }
            other => other?,
        };
    }
    Ok(at)
}

/// Puts a staged file into its place.
pub(crate) fn publish<D: Disk>(
    disk: &D,
    base: &Base<D>,
    staged: &Staged<D>,
    to: &D::Dir,
    name: &str,
) -> io::Result<()> {
    match disk.rename(&base.tmp, staged.name.as_ref(), to, name.as_ref()) {
        // The answer of a first try may have been lost: then it is the file under that name.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let own = disk.stat(&staged.file)?.inode;
            match disk.stat_at(to, name.as_ref()) {
                Ok(meta) if meta.inode == own => Ok(()),
                _ => Err(error),
            }
        }
        other => other,
    }
}

/// Directories whose entries changed, each to be synced once.
pub(crate) struct Touched<D: Disk>(HashMap<u64, D::Dir>);

impl<D: Disk> Default for Touched<D> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<D: Disk> Touched<D> {
    /// Notes a directory.
    pub(crate) fn add(&mut self, disk: &D, dir: &D::Dir) -> io::Result<()> {
        self.0.insert(disk.stat_dir(dir)?.inode, dir.clone());
        Ok(())
    }

    /// Syncs them.
    pub(crate) fn sync(&self, disk: &D) -> io::Result<()> {
        self.0.values().try_for_each(|dir| disk.sync_dir(dir))
    }
}
