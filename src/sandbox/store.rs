//! The state file: the account between two commands.
//!
//! A call locks `FILE.lock`, reads the file, and replaces it when it changed something. The replacement is a
//! rename, so a reader, or a process that is killed at any moment, leaves and finds a whole file.

mod document;
mod error;

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

pub use document::{LateCall, State};
pub use error::StoreError;

/// How long a call waits for another process to finish its own.
const PATIENCE: Duration = Duration::from_secs(10);

/// What [`Store::load`] found.
#[derive(Debug)]
pub enum Loaded {
    /// There is no file.
    Absent,
    /// The file is the one that was last read or written here.
    Unchanged,
    /// Somebody else wrote it.
    Changed(Box<State>),
}

/// A state file.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    patience: Duration,
    seen: Option<Seen>,
}

/// The file that was last read or written.
#[derive(Debug)]
struct Seen {
    /// Kept open: while it is, no other file can get its inode number.
    _file: File,
    metadata: Metadata,
}

/// The right to read and write the state file; given up when dropped.
#[derive(Debug)]
#[must_use = "the lock is released when this is dropped"]
pub struct StoreLock {
    _file: File,
}

impl Store {
    /// The state file of that path; nothing is touched yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            patience: PATIENCE,
            seen: None,
        }
    }

    /// The same, waiting that long for other processes.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for the file to be free, and takes it. Makes the directory on first use.
    pub fn lock(&self) -> Result<StoreLock, StoreError> {
        if let Some(parent) = self.path.parent() {
            fs::create_dir_all(parent).map_err(|source| self.error("cannot be created", source))?;
        }
        if fs::metadata(&self.path).is_ok_and(|found| !found.is_file()) {
            return Err(StoreError::NotAFile {
                path: self.path.clone(),
            });
        }
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut path = self.resolved().into_os_string();
        path.push(".lock");
        let file = options
            .open(path)
            .map_err(|source| self.error("cannot be locked", source))?;
        // Another process holds the lock for milliseconds of real time: no clock of a test is involved.
        #[expect(
            clippy::disallowed_methods,
            reason = "a lock of another process, on a thread that may block"
        )]
        let (now, pause) = (Instant::now, thread::sleep);
        let deadline = now() + self.patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(StoreLock { _file: file }),
                Err(TryLockError::Error(source)) => {
                    return Err(self.error("cannot be locked", source));
                }
                Err(TryLockError::WouldBlock) if now() >= deadline => {
                    let path = self.path.clone();
                    return Err(StoreError::Busy {
                        path,
                        patience: self.patience,
                    });
                }
                Err(TryLockError::WouldBlock) => pause(Duration::from_millis(5)),
            }
        }
    }

    /// Reads the file, unless it is as this store left it.
    pub fn load(&mut self, _lock: &StoreLock) -> Result<Loaded, StoreError> {
        let found = match fs::metadata(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.seen = None;
                return Ok(Loaded::Absent);
            }
            Err(source) => return Err(self.error("cannot be read", source)),
        };
        if self.seen.as_ref().is_some_and(|seen| seen.is(&found)) {
            return Ok(Loaded::Unchanged);
        }
        self.seen = None;
        let file = File::open(&self.path).map_err(|source| self.error("cannot be read", source))?;
        let mut text = Vec::new();
        BufReader::new(&file)
            .read_to_end(&mut text)
            .map_err(|source| self.error("cannot be read", source))?;
        let state = State::from_json(&self.path, &text)?;
        self.remember(file)?;
        Ok(Loaded::Changed(Box::new(state)))
    }

    /// Replaces the file by that state, at once and as a whole.
    pub fn save(&mut self, state: &State, _lock: &StoreLock) -> Result<(), StoreError> {
        // The cache stands for a file that is on the disk: if this fails, what is in memory is not.
        self.seen = None;
        let file = self
            .replace(state)
            .map_err(|source| self.error("cannot be written", source))?;
        self.remember(file)
    }

    fn replace(&self, state: &State) -> std::io::Result<File> {
        let path = self.resolved();
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // Of one name only, which the lock makes ours: what a killed process left behind does not pile up.
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        match fs::remove_file(directory.join(&name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let temporary = tempfile::Builder::new()
            .prefix(&name)
            .rand_bytes(0)
            .tempfile_in(directory)?;
        let mut writer = BufWriter::new(temporary.as_file());
        state.write(&mut writer)?;
        writer.flush()?;
        drop(writer);
        // Not synced: this survives the death of the process, and a simulation need not survive a power cut.
        temporary.persist(&path).map_err(|error| error.error)
    }

    /// The file itself: a symbolic link stays one, and all names of a file share one lock.
    fn resolved(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    fn remember(&mut self, file: File) -> Result<(), StoreError> {
        let metadata = file
            .metadata()
            .map_err(|source| self.error("cannot be read", source))?;
        self.seen = Some(Seen {
            _file: file,
            metadata,
        });
        Ok(())
    }

    fn error(&self, what: &'static str, source: std::io::Error) -> StoreError {
        StoreError::Io {
            path: self.path.clone(),
            what,
            source,
        }
    }
}

impl Seen {
    #[cfg(unix)]
    fn is(&self, found: &Metadata) -> bool {
        use std::os::unix::fs::MetadataExt;
        let key = |data: &Metadata| {
            (
                data.dev(),
                data.ino(),
                data.len(),
                data.mtime(),
                data.mtime_nsec(),
            )
        };
        key(&self.metadata) == key(found)
    }

    /// Without inode numbers a replaced file cannot be told for sure, so it is read again.
    #[cfg(not(unix))]
    fn is(&self, _found: &Metadata) -> bool {
        let _ = &self.metadata;
        false
    }
}
