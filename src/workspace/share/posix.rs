//! The file system of this host.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use rustix::fs::{
    AtFlags, FileType, FlockOperation, Gid, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_NOW,
    Uid, fchmod, fchown, flock, fstat, fstatfs, futimens, linkat, mkdirat, openat, renameat,
    statat, unlinkat,
};
use rustix::io::Errno;

use super::disk::{Disk, Entry, FileKind, Meta};
use super::guard;

/// The file system of this host, by system calls.
#[derive(Debug, Clone, Copy, Default)]
pub struct Posix;

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// `NFS_SUPER_MAGIC` of linux/magic.h; EFS is one.
const NFS: i64 = 0x6969;

fn kind(of: FileType) -> FileKind {
    match of {
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Directory,
        _ => FileKind::Other,
    }
}

#[allow(
    clippy::unnecessary_cast,
    clippy::cast_lossless,
    reason = "the types of these fields differ between architectures"
)]
fn meta(stat: &Stat) -> Meta {
    let nanos =
        |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
    Meta {
        device: stat.st_dev as u64,
        inode: stat.st_ino as u64,
        kind: kind(FileType::from_raw_mode(stat.st_mode)),
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mtime: nanos(
            stat.st_mtime as i64,
            i64::try_from(stat.st_mtime_nsec).unwrap_or(0),
        ),
        ctime: nanos(
            stat.st_ctime as i64,
            i64::try_from(stat.st_ctime_nsec).unwrap_or(0),
        ),
        uid: stat.st_uid,
        gid: stat.st_gid,
    }
}

fn give(to: impl rustix::fd::AsFd, owner: &Meta) -> io::Result<()> {
    let own = fstat(&to)?;
    if (own.st_uid, own.st_gid) == (owner.uid, owner.gid) {
        return Ok(());
    }
    match fchown(
        to,
        Some(Uid::from_raw(owner.uid)),
        Some(Gid::from_raw(owner.gid)),
    ) {
        // A process that is not root writes as itself.
        Err(Errno::PERM) => Ok(()),
        other => Ok(other?),
    }
}

impl Disk for Posix {
    type Dir = Arc<OwnedFd>;
    type File = File;

    fn base(&self, path: &Path) -> io::Result<Self::Dir> {
        Ok(Arc::new(rustix::fs::open(path, FOLDER, Mode::empty())?))
    }

    fn stat_base(&self, path: &Path) -> io::Result<Meta> {
        Ok(meta(&rustix::fs::stat(path)?))
    }

    fn dir(&self, at: &Self::Dir, path: &str) -> io::Result<Self::Dir> {
        Ok(Arc::new(guard::open(at, path, FOLDER)?))
    }

    fn child(&self, at: &Self::Dir, name: &OsStr) -> io::Result<Self::Dir> {
        Ok(Arc::new(openat(
            at,
            name,
            FOLDER | OFlags::NOFOLLOW,
            Mode::empty(),
        )?))
    }

    fn open(&self, at: &Self::Dir, path: &str) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        Ok(File::from(guard::open(at, path, flags)?))
    }

    fn create(&self, at: &Self::Dir, name: &str) -> io::Result<File> {
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(at, name, flags, Mode::from_raw_mode(0o644))?;
        fchmod(&file, Mode::from_raw_mode(0o644))?;
        Ok(File::from(file))
    }

    fn lock_file(&self, at: &Self::Dir, name: &str) -> io::Result<File> {
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        Ok(File::from(openat(
            at,
            name,
            flags,
            Mode::from_raw_mode(0o600),
        )?))
    }

    fn try_lock(&self, file: &File) -> io::Result<bool> {
        loop {
            match flock(file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(true),
                Err(Errno::AGAIN | Errno::ACCESS) => return Ok(false),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn stat(&self, file: &File) -> io::Result<Meta> {
        Ok(meta(&fstat(file)?))
    }

    fn stat_dir(&self, dir: &Self::Dir) -> io::Result<Meta> {
        Ok(meta(&fstat(dir)?))
    }

    fn stat_at(&self, at: &Self::Dir, name: &OsStr) -> io::Result<Meta> {
        Ok(meta(&statat(at, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    fn list(&self, dir: &Self::Dir) -> io::Result<Vec<Entry>> {
        let mut found = Vec::new();
        for entry in rustix::fs::Dir::read_from(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => None,
                known => Some(kind(known)),
            };
            found.push(Entry {
                name: OsString::from_vec(name.to_vec()),
                kind,
            });
        }
        Ok(found)
    }

    fn read_at(&self, file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_at(&self, file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn sync_dir(&self, dir: &Self::Dir) -> io::Result<()> {
        Ok(rustix::fs::fsync(dir)?)
    }

    fn mkdir(&self, at: &Self::Dir, name: &str) -> io::Result<()> {
        mkdirat(at, name, Mode::from_raw_mode(0o755))?;
        let made = openat(at, name, FOLDER | OFlags::NOFOLLOW, Mode::empty())?;
        Ok(fchmod(&made, Mode::from_raw_mode(0o755))?)
    }

    fn rename(&self, from: &Self::Dir, old: &OsStr, to: &Self::Dir, new: &OsStr) -> io::Result<()> {
        Ok(renameat(from, old, to, new)?)
    }

    fn link(&self, from: &Self::Dir, old: &str, to: &Self::Dir, new: &str) -> io::Result<()> {
        Ok(linkat(from, old, to, new, AtFlags::empty())?)
    }

    fn unlink(&self, at: &Self::Dir, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(at, name, AtFlags::empty())?)
    }

    fn rmdir(&self, at: &Self::Dir, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(at, name, AtFlags::REMOVEDIR)?)
    }

    fn touch(&self, at: &Self::Dir, name: &str) -> io::Result<()> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = openat(at, name, flags, Mode::from_raw_mode(0o600))?;
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_NOW,
        };
        Ok(futimens(
            &file,
            &Timestamps {
                last_access: now,
                last_modification: now,
            },
        )?)
    }

    fn give(&self, file: &File, owner: &Meta) -> io::Result<()> {
        give(file, owner)
    }

    fn give_dir(&self, dir: &Self::Dir, owner: &Meta) -> io::Result<()> {
        give(dir, owner)
    }

    fn is_nfs(&self, dir: &Self::Dir) -> io::Result<bool> {
        #[allow(
            clippy::unnecessary_cast,
            reason = "the type of this field differs between architectures"
        )]
        let kind = fstatfs(dir)?.f_type as i64;
        Ok(kind == NFS)
    }
}

/// Lets this process open as many files as it may.
pub fn allow_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // A process that may not is left with what it has.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            ..limit
        },
    );
}

/// A name that is no text is kept in its bytes.
pub(super) fn bytes(name: &OsStr) -> &[u8] {
    name.as_bytes()
}
