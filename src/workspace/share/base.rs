//! A base directory, and the directory of efsctl in it.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::disk::{Disk, FileKind, existing_is_done, missing_is_done};
use crate::domain::path::OWN;
use crate::domain::stamp::Stamp;

/// What is known of a base: the contents of `base.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Card {
    format: u32,
    id: String,
    created_at: String,
}

/// An open base. Its directories are held open; a base that is mounted somewhere else later is another one.
pub struct Base<D: Disk> {
    /// The path on this host.
    pub path: PathBuf,
    /// The base.
    pub root: D::Dir,
    /// What is being written.
    pub tmp: D::Dir,
    /// A lock file for each workspace.
    pub locks: D::Dir,
    /// The last access of each workspace.
    pub active: D::Dir,
    /// The state of each workspace.
    pub states: D::Dir,
    /// What is held.
    pub leases: D::Dir,
    /// What is being deleted.
    pub trash: D::Dir,
    /// Whether it is on an NFS mount.
    pub is_nfs: bool,
    own: D::Dir,
    identity: (u64, u64),
    card: u64,
    id: String,
}

/// Why a base cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaseFault {
    /// There is nothing, or no directory, or it cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// The base.
        path: PathBuf,
        /// The answer of the operating system.
        error: io::Error,
    },
    /// It is no directory.
    #[error("{0} is no directory")]
    NoDirectory(PathBuf),
    /// It is not the one that was there at first.
    #[error("{0} is another directory than before")]
    Changed(PathBuf),
    /// Its `.efsctl` is of another file system.
    #[error("{0}/.efsctl is on another file system than the base")]
    OtherFileSystem(PathBuf),
    /// Its `base.json` is none.
    #[error("{0}/.efsctl/base.json cannot be read as such a file")]
    Damaged(PathBuf),
    /// It is no NFS mount, and has to be one.
    #[error("{0} is no NFS mount")]
    NoMount(PathBuf),
}

impl<D: Disk> Base<D> {
    /// Opens a base; one without `.efsctl` gets one.
    ///
    /// # Errors
    ///
    /// Why it cannot be used. Nothing was created then, but for parts of `.efsctl`.
    pub fn open(disk: &D, path: &Path) -> Result<Self, BaseFault> {
        let unreadable = |error| BaseFault::Unreadable {
            path: path.to_owned(),
            error,
        };
        let meta = disk.stat_base(path).map_err(unreadable)?;
        if meta.kind != FileKind::Directory {
            return Err(BaseFault::NoDirectory(path.to_owned()));
        }
        let root = disk.base(path).map_err(unreadable)?;
        let own = child(disk, &root, OWN).map_err(unreadable)?;
        if disk.stat_dir(&own).map_err(unreadable)?.device != meta.device {
            return Err(BaseFault::OtherFileSystem(path.to_owned()));
        }
        let part = |name: &str| child(disk, &own, name).map_err(unreadable);
        let (tmp, locks, active) = (part("tmp")?, part("lock")?, part("active")?);
        let (states, leases, trash) = (part("state")?, part("lease")?, part("trash")?);
        let card = match read_card(disk, &own).map_err(unreadable)? {
            Some(text) => text,
            None => new_card(disk, &root, &own, &tmp).map_err(unreadable)?,
        };
        let card: Card =
            serde_json::from_str(&card).map_err(|_| BaseFault::Damaged(path.to_owned()))?;
        if card.format != 1 {
            return Err(BaseFault::Damaged(path.to_owned()));
        }
        Ok(Self {
            path: path.to_owned(),
            is_nfs: disk.is_nfs(&root).map_err(unreadable)?,
            identity: (meta.device, meta.inode),
            card: disk
                .stat_at(&own, "base.json".as_ref())
                .map_err(unreadable)?
                .inode,
            id: card.id,
            locks,
            active,
            states,
            leases,
            trash,
            tmp,
            own,
            root,
        })
    }

    /// Whether the path still leads to this base, and this base is still one.
    pub fn is_there(&self, disk: &D) -> bool {
        let same = |meta: super::disk::Meta| (meta.device, meta.inode) == self.identity;
        disk.stat_base(&self.path).is_ok_and(same)
            && disk
                .stat_at(&self.own, "base.json".as_ref())
                .is_ok_and(|meta| meta.inode == self.card)
    }

    /// The file system's now, by a file that is there.
    pub(super) fn tick(&self, disk: &D) -> io::Result<Stamp> {
        disk.touch(&self.own, "base.json")?;
        Ok(Stamp::from_nanos(
            disk.stat_at(&self.own, "base.json".as_ref())?.mtime,
        ))
    }

    /// Whether both are one base, by its id.
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id
    }

    /// Whether a path is a base already: opening it again creates nothing.
    pub fn is_base(disk: &D, path: &Path) -> bool {
        let Ok(root) = disk.base(path) else {
            return false;
        };
        let own = disk.dir(&root, OWN);
        own.is_ok_and(|own| disk.stat_at(&own, "base.json".as_ref()).is_ok())
    }
}

/// Opens a directory of ours; creates it.
fn child<D: Disk>(disk: &D, at: &D::Dir, name: &str) -> io::Result<D::Dir> {
    match disk.dir(at, name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            existing_is_done(disk.mkdir(at, name))?;
            disk.dir(at, name)
        }
        other => other,
    }
}

fn read_card<D: Disk>(disk: &D, own: &D::Dir) -> io::Result<Option<String>> {
    let file = match disk.open(own, "base.json") {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![0; 64 << 10];
    let read = disk.read_at(&file, 0, &mut bytes)?;
    bytes.truncate(read);
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Two that start at once agree: the first link stays.
fn new_card<D: Disk>(disk: &D, root: &D::Dir, own: &D::Dir, tmp: &D::Dir) -> io::Result<String> {
    let temporary = Uuid::new_v4().to_string();
    let file = disk.create(tmp, &temporary)?;
    let now = Stamp::from_nanos(disk.stat(&file)?.mtime);
    let card = Card {
        format: 1,
        id: Uuid::new_v4().to_string(),
        created_at: now.zulu(),
    };
    let text = serde_json::to_string(&card).map_err(io::Error::other)?;
    disk.write_at(&file, 0, text.as_bytes())?;
    disk.sync(&file)?;
    let linked = disk.link(tmp, &temporary, own, "base.json");
    missing_is_done(disk.unlink(tmp, temporary.as_ref()))?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {
            disk.sync_dir(own)?;
            disk.sync_dir(root)?;
        }
    }
    read_card(disk, own)?.ok_or_else(|| io::ErrorKind::NotFound.into())
}
