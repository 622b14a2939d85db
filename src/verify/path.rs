//! A share as the kernel of this host has it mounted.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{
    AtFlags, Dir, Mode, OFlags, fadvise, mkdirat, openat, renameat, statat, unlinkat,
};
use rustix::io::Errno;
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};
use tokio::sync::oneshot;

use super::share::{Attributes, Fault, Share, User};

/// What the one thread of a share does. A call into the kernel may never come back (a mount with `hard` whose server is away), so it is not
/// waited for when the program ends.
type Job = Box<dyn FnOnce() + Send>;

/// A directory of this host, as that user.
#[derive(Debug)]
pub struct PathShare {
    root: PathBuf,
    work: Sender<Job>,
    held: Arc<Mutex<Option<File>>>,
}

/// The user and the group of this process.
#[must_use]
pub fn this_user() -> User {
    User {
        uid: rustix::process::geteuid().as_raw(),
        gid: rustix::process::getegid().as_raw(),
    }
}

impl PathShare {
    /// The directory, used as that user. Another user than that of the process needs root.
    ///
    /// # Errors
    ///
    /// It is not there, it may not be entered, or the user may not be changed.
    pub async fn open(root: PathBuf, user: User) -> Result<Self, Fault> {
        let (work, jobs) = channel::<Job>();
        std::thread::spawn(move || jobs.into_iter().for_each(|job| job()));
        let share = Self {
            root,
            work,
            held: Arc::default(),
        };
        share
            .call("/", move |at| {
                if user != this_user() {
                    become_user(user)?;
                }
                at.parent.map(drop)
            })
            .await?;
        Ok(share)
    }

    /// Does it on the thread of this share, with the open directory of a path and the name in it.
    async fn call<T: Send + 'static>(
        &self,
        path: &str,
        job: impl FnOnce(At) -> Result<T, Errno> + Send + 'static,
    ) -> Result<T, Fault> {
        let (root, path) = (self.root.clone(), path.to_owned());
        let (tell, answer) = oneshot::channel();
        let job = move || {
            let _ = tell.send(job(At::of(&root, &path)));
        };
        let ended = || Fault::Other("the thread that uses the mount ended".to_owned());
        self.work.send(Box::new(job)).map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?.map_err(fault)
    }
}

/// Only the thread that asks becomes it, which is what Linux does and this needs (setresuid(2), "C library/kernel differences").
fn become_user(user: User) -> Result<(), Errno> {
    let gid = rustix::process::Gid::from_raw(user.gid);
    let uid = rustix::process::Uid::from_raw(user.uid);
    set_thread_groups(&[gid])?;
    set_thread_res_gid(Some(gid), Some(gid), Some(gid))?;
    set_thread_res_uid(Some(uid), Some(uid), Some(uid))
}

/// Where something is: no symbolic link is followed on the way, since whoever owns a directory could have it lead elsewhere.
struct At {
    parent: Result<OwnedFd, Errno>,
    name: String,
}

impl At {
    fn of(root: &Path, path: &str) -> Self {
        let path = path.trim_matches('/');
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let names = above.split('/').filter(|name| !name.is_empty());
        let root = rustix::fs::open(root, DIRECTORY, Mode::empty());
        let parent = names.fold(root, |parent, name| {
            openat(parent?, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())
        });
        let name = if name.is_empty() { "." } else { name };
        Self {
            parent,
            name: name.to_owned(),
        }
    }

    fn open(self, flags: OFlags) -> Result<File, Errno> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let opened = openat(self.parent?, &self.name, flags, Mode::from(0o600))?;
        Ok(File::from(opened))
    }
}

const DIRECTORY: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);

impl Share for PathShare {
    async fn attributes(&self, path: &str) -> Result<Attributes, Fault> {
        self.call(path, |at| {
            let found = statat(at.parent?, &at.name, AtFlags::SYMLINK_NOFOLLOW)?;
            Ok(Attributes {
                owner: User {
                    uid: found.st_uid,
                    gid: found.st_gid,
                },
                mode: found.st_mode,
            })
        })
        .await
    }

    async fn list(&self, path: &str) -> Result<Vec<String>, Fault> {
        self.call(path, |at| {
            let opened = openat(
                at.parent?,
                &at.name,
                DIRECTORY | OFlags::NOFOLLOW,
                Mode::empty(),
            )?;
            let mut names = Vec::new();
            for entry in Dir::new(opened)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if name != "." && name != ".." {
                    names.push(name);
                }
            }
            Ok(names)
        })
        .await
    }

    async fn make_directory(&self, path: &str) -> Result<(), Fault> {
        self.call(path, |at| mkdirat(at.parent?, &at.name, Mode::from(0o700)))
            .await
    }

    async fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let bytes = bytes.to_vec();
        self.call(path, move |at| {
            let mut file = at.open(OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)?;
            file.write_all(&bytes).map_err(|error| of_error(&error))?;
            file.sync_all().map_err(|error| of_error(&error))
        })
        .await
    }

    async fn read(&self, path: &str, longest: usize) -> Result<Vec<u8>, Fault> {
        self.call(path, move |at| {
            let file = at.open(OFlags::RDONLY)?;
            // What this host wrote is in its memory; where it cannot be dropped, that is what is read.
            let _ = fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
            let mut read = Vec::new();
            let longest = u64::try_from(longest).unwrap_or(u64::MAX);
            file.take(longest)
                .read_to_end(&mut read)
                .map_err(|error| of_error(&error))?;
            Ok(read)
        })
        .await
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        let (root, to) = (self.root.clone(), to.to_owned());
        self.call(from, move |at| {
            let to = At::of(&root, &to);
            renameat(at.parent?, &at.name, to.parent?, &to.name)
        })
        .await
    }

    async fn lock(&self, path: &str) -> Result<(), Fault> {
        let held = self.held.clone();
        self.call(path, move |at| {
            let file = at.open(OFlags::RDWR)?;
            try_lock(&file)?;
            *held.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
            Ok(())
        })
        .await
    }

    async fn unlock(&self) -> Result<(), Fault> {
        let held = self.held.clone();
        self.call("/", move |_| {
            let file = held.lock().unwrap_or_else(PoisonError::into_inner).take();
            file.map_or(Ok(()), |file| {
                file.unlock().map_err(|error| of_error(&error))
            })
        })
        .await
    }

    async fn is_free(&self, path: &str) -> Result<(), Fault> {
        self.call(path, |at| {
            let file = at.open(OFlags::RDWR)?;
            try_lock(&file)?;
            file.unlock().map_err(|error| of_error(&error))
        })
        .await
    }

    async fn remove(&self, path: &str) -> Result<(), Fault> {
        self.call(path, |at| unlinkat(at.parent?, &at.name, AtFlags::empty()))
            .await
    }

    async fn remove_directory(&self, path: &str) -> Result<(), Fault> {
        self.call(path, |at| {
            unlinkat(at.parent?, &at.name, AtFlags::REMOVEDIR)
        })
        .await
    }

    async fn close(&self) {
        let _ = self.unlock().await;
    }
}

fn try_lock(file: &File) -> Result<(), Errno> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(std::fs::TryLockError::WouldBlock) => Err(Errno::WOULDBLOCK),
        Err(std::fs::TryLockError::Error(error)) => Err(of_error(&error)),
    }
}

fn of_error(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

fn fault(error: Errno) -> Fault {
    match error {
        Errno::PERM | Errno::ACCESS => Fault::Permission,
        Errno::ROFS => Fault::ReadOnly,
        Errno::NOSPC | Errno::DQUOT => Fault::Full,
        Errno::NOENT => Fault::NotFound,
        Errno::EXIST => Fault::Exists,
        Errno::WOULDBLOCK => Fault::Locked,
        Errno::STALE => Fault::Stale,
        other => Fault::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
