//! What can be done on a share, and how it fails.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Who does it: ids of a user and a group, as the file system knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// The id of the user; 0 is root.
    pub uid: u32,
    /// The id of the group.
    pub gid: u32,
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.uid, self.gid)
    }
}

impl FromStr for User {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ids = text.split_once(':');
        let ids = ids.and_then(|(uid, gid)| Some((uid.parse().ok()?, gid.parse().ok()?)));
        let (uid, gid) = ids.ok_or_else(|| {
            format!("`{text}` is not UID:GID: expected two numbers, such as 1000:1000")
        })?;
        Ok(Self { uid, gid })
    }
}

/// Whose a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes {
    /// Its owner.
    pub owner: User,
    /// Its permissions.
    pub mode: u32,
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "owner {}, mode {:04o}", self.owner, self.mode & 0o7777)
    }
}

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The user may not.
    Permission,
    /// The share is read-only.
    ReadOnly,
    /// There is no space, or the quota is used up.
    Full,
    /// There is no such thing.
    NotFound,
    /// It is there already.
    Exists,
    /// Another one holds the lock.
    Locked,
    /// The server does not know the file any more.
    Stale,
    /// The connection ended, for that reason.
    Disconnected(String),
    /// It did not end in that time.
    Slow(Duration),
    /// What was read is not what was written.
    Different,
    /// Anything else, in the words of who refused it.
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permission => f.write_str("permission denied"),
            Self::ReadOnly => f.write_str("the file system is read-only for this client"),
            Self::Full => f.write_str("no space left"),
            Self::NotFound => f.write_str("no such file or directory"),
            Self::Exists => f.write_str("it exists"),
            Self::Locked => f.write_str("another client holds the lock"),
            Self::Stale => f.write_str("stale file handle"),
            Self::Disconnected(why) => write!(f, "the connection ended: {why}"),
            Self::Slow(time) => write!(f, "no answer in {} s", time.as_secs_f64()),
            Self::Different => f.write_str("what was read is not what was written"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

/// A file system in use. Paths are absolute in it. What is opened is closed again, but for a lock.
#[expect(
    async_fn_in_trait,
    reason = "used by this crate only, on its one thread"
)]
pub trait Share {
    /// Whose a file or directory is.
    async fn attributes(&self, path: &str) -> Result<Attributes, Fault>;
    /// The names in a directory.
    async fn list(&self, path: &str) -> Result<Vec<String>, Fault>;
    /// Creates a directory that only its owner can enter.
    async fn make_directory(&self, path: &str) -> Result<(), Fault>;
    /// Creates a file with these bytes, on stable storage.
    async fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Fault>;
    /// What is in a file, up to so many bytes, from the server: not from a cache.
    async fn read(&self, path: &str, longest: usize) -> Result<Vec<u8>, Fault>;
    /// Gives a file another name.
    async fn rename(&self, from: &str, to: &str) -> Result<(), Fault>;
    /// Locks a whole file for writing until it is unlocked.
    async fn lock(&self, path: &str) -> Result<(), Fault>;
    /// Unlocks what this share locked.
    async fn unlock(&self) -> Result<(), Fault>;
    /// An error: somebody else holds a lock on it.
    async fn is_free(&self, path: &str) -> Result<(), Fault>;
    /// Deletes a file.
    async fn remove(&self, path: &str) -> Result<(), Fault>;
    /// Deletes an empty directory.
    async fn remove_directory(&self, path: &str) -> Result<(), Fault>;
    /// Ends the use of it.
    async fn close(&self);
}
