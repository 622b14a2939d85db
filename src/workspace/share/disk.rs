//! The narrow trait through which all file calls go. Two implementations: [`super::Posix`], and the simulated disk of the tests.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A link, pipe, socket or device.
    Other,
}

/// What is known of a file or a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// The device.
    pub device: u64,
    /// The number of its inode.
    pub inode: u64,
    /// What it is.
    pub kind: FileKind,
    /// Its length in bytes.
    pub size: u64,
    /// When its content changed: nanoseconds since 1970.
    pub mtime: i64,
    /// When its content or its attributes changed: nanoseconds since 1970.
    pub ctime: i64,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
}

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: OsString,
    /// What it is, where the directory says so.
    pub kind: Option<FileKind>,
}

/// A file system, by handles. A `name` is one component; a `path` may have several, below the handle, and no link in it is followed.
///
/// Errors are those of the operating system: their kinds and numbers decide what follows.
#[expect(clippy::missing_errors_doc, reason = "stated once, above")]
pub trait Disk: Send + Sync + 'static {
    /// An open directory.
    type Dir: Clone + Send + Sync + 'static;
    /// An open file.
    type File: Send + Sync + 'static;

    /// Opens a directory by its path on this host; links are followed.
    fn base(&self, path: &Path) -> io::Result<Self::Dir>;
    /// What a path on this host is; links are followed.
    fn stat_base(&self, path: &Path) -> io::Result<Meta>;
    /// Opens a directory below another.
    fn dir(&self, at: &Self::Dir, path: &str) -> io::Result<Self::Dir>;
    /// The same, by one component that may be no text.
    fn child(&self, at: &Self::Dir, name: &OsStr) -> io::Result<Self::Dir>;
    /// Opens a file to read it, without waiting for the other end of a pipe.
    fn open(&self, at: &Self::Dir, path: &str) -> io::Result<Self::File>;
    /// Creates a file that must not exist, to write it.
    fn create(&self, at: &Self::Dir, name: &str) -> io::Result<Self::File>;
    /// Opens a lock file to read and write it; creates it.
    fn lock_file(&self, at: &Self::Dir, name: &str) -> io::Result<Self::File>;
    /// Takes the lock of a file for as long as the file is open; `false` where another has it.
    fn try_lock(&self, file: &Self::File) -> io::Result<bool>;
    /// What an open file is.
    fn stat(&self, file: &Self::File) -> io::Result<Meta>;
    /// What an open directory is.
    fn stat_dir(&self, dir: &Self::Dir) -> io::Result<Meta>;
    /// What an entry is; a link is a link.
    fn stat_at(&self, at: &Self::Dir, name: &OsStr) -> io::Result<Meta>;
    /// The entries of a directory, without `.` and `..`.
    fn list(&self, dir: &Self::Dir) -> io::Result<Vec<Entry>>;
    /// Reads at an offset; fewer bytes than asked for only at the end.
    fn read_at(&self, file: &Self::File, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Writes all bytes at an offset.
    fn write_at(&self, file: &Self::File, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes a file safe against a loss of power, and reports what the server could not store.
    fn sync(&self, file: &Self::File) -> io::Result<()>;
    /// Makes the entries of a directory safe against a loss of power.
    fn sync_dir(&self, dir: &Self::Dir) -> io::Result<()>;
    /// Creates a directory.
    fn mkdir(&self, at: &Self::Dir, name: &str) -> io::Result<()>;
    /// Renames an entry over what has the new name.
    fn rename(&self, from: &Self::Dir, old: &OsStr, to: &Self::Dir, new: &OsStr) -> io::Result<()>;
    /// Gives a file a second name that must not exist.
    fn link(&self, from: &Self::Dir, old: &str, to: &Self::Dir, new: &str) -> io::Result<()>;
    /// Removes an entry that is no directory.
    fn unlink(&self, at: &Self::Dir, name: &OsStr) -> io::Result<()>;
    /// Removes an empty directory.
    fn rmdir(&self, at: &Self::Dir, name: &OsStr) -> io::Result<()>;
    /// Sets the time of a file to the file system's now; creates it.
    fn touch(&self, at: &Self::Dir, name: &str) -> io::Result<()>;
    /// Gives a new file to the owner of its workspace, where this process may.
    fn give(&self, file: &Self::File, owner: &Meta) -> io::Result<()>;
    /// Gives a new directory to the owner of its workspace, where this process may.
    fn give_dir(&self, dir: &Self::Dir, owner: &Meta) -> io::Result<()>;
    /// Whether a directory is on an NFS mount.
    fn is_nfs(&self, dir: &Self::Dir) -> io::Result<bool>;
}

/// What was removed already is removed: of an answer that was lost the second one says so.
pub(crate) fn missing_is_done(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// What exists already exists: for a name that no other process uses.
pub(crate) fn existing_is_done(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
