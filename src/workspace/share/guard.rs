//! The guard on disk: a path is opened below a directory handle, and no link is followed, inside or out.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::Errno;

/// Whether this kernel, or a seccomp profile, refuses `openat2`.
static WITHOUT_OPENAT2: AtomicBool = AtomicBool::new(false);

/// How often EAGAIN is tried again: the kernel answers it when a rename happens meanwhile.
const TRIES: u32 = 64;

const RESOLVE: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS)
    .union(ResolveFlags::NO_XDEV);

/// Opens `path` below `at`.
pub(super) fn open(at: &OwnedFd, path: &str, flags: OFlags) -> io::Result<OwnedFd> {
    if !WITHOUT_OPENAT2.load(Ordering::Relaxed) {
        match by_kernel(at, path, flags) {
            Err(Errno::NOSYS | Errno::PERM) => WITHOUT_OPENAT2.store(true, Ordering::Relaxed),
            other => return Ok(other?),
        }
    }
    Ok(by_component(at, path, flags)?)
}

fn by_kernel(at: &OwnedFd, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let mut tries = 0;
    loop {
        match openat2(
            at,
            path,
            flags | OFlags::CLOEXEC | OFlags::NOFOLLOW,
            Mode::empty(),
            RESOLVE,
        ) {
            Err(Errno::AGAIN | Errno::INTR) if tries < TRIES => tries += 1,
            other => return other,
        }
    }
}

fn by_component(at: &OwnedFd, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let device = rustix::fs::fstat(at)?.st_dev;
    let same = |file: OwnedFd| {
        if rustix::fs::fstat(&file)?.st_dev == device {
            Ok(file)
        } else {
            Err(Errno::XDEV)
        }
    };
    let folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut held: Option<OwnedFd> = None;
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        if matches!(part, "" | "." | "..") {
            return Err(Errno::XDEV);
        }
        let from = held.as_ref().map_or(at.as_fd(), AsFd::as_fd);
        let is_last = parts.peek().is_none();
        let flags = if is_last {
            flags | OFlags::NOFOLLOW | OFlags::CLOEXEC
        } else {
            folder
        };
        let opened = same(openat(from, part, flags, Mode::empty())?)?;
        if is_last {
            return Ok(opened);
        }
        held = Some(opened);
    }
    Err(Errno::NOENT)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Both ways of opening give the same verdicts.
    #[test]
    fn no_link_is_followed_and_nothing_above_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::fs::create_dir_all(path.join("base/a/b")).unwrap();
        std::fs::write(path.join("secret"), "s").unwrap();
        std::fs::write(path.join("base/a/b/f"), "f").unwrap();
        symlink("../secret", path.join("base/out")).unwrap();
        symlink("/etc", path.join("base/etc")).unwrap();
        symlink(".", path.join("base/self")).unwrap();
        symlink("a", path.join("base/alias")).unwrap();
        symlink("b/f", path.join("base/a/link")).unwrap();
        let at: OwnedFd = std::fs::File::open(path.join("base")).unwrap().into();
        for (name, is_open) in [
            ("a/b/f", true),
            ("a/b", true),
            ("a/b/g", false),
            ("out", false),
            ("etc/passwd", false),
            ("self/a/b/f", false),
            ("alias/b/f", false),
            ("a/link", false),
            ("../secret", false),
            ("a/../../secret", false),
            ("a/b/f/x", false),
        ] {
            let flags = OFlags::RDONLY | OFlags::NONBLOCK;
            assert_eq!(
                by_kernel(&at, name, flags).is_ok(),
                is_open,
                "openat2 {name}"
            );
            assert_eq!(
                by_component(&at, name, flags).is_ok(),
                is_open,
                "openat {name}"
            );
            assert_eq!(open(&at, name, flags).is_ok(), is_open, "{name}");
        }
    }
}
