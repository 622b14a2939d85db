//! Why a state file cannot be used. In every case it is left as it is.

use std::path::PathBuf;
use std::time::Duration;

/// A state file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("the sandbox state file {} {what}: {source}", .path.display())]
    Io {
        /// The state file.
        path: PathBuf,
        /// What cannot be done.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// Another process holds it.
    #[error(
        "the sandbox state file {} is in use by another process and did not become free within {patience:?}",
        .path.display()
    )]
    Busy {
        /// The state file.
        path: PathBuf,
        /// How long was waited.
        patience: Duration,
    },
    /// A directory, a device, …
    #[error("the sandbox state file {} is not a regular file", .path.display())]
    NotAFile {
        /// The state file.
        path: PathBuf,
    },
    /// Saved in another encoding.
    #[error(
        "the sandbox state file {} is not UTF-8 and was not changed: save it as UTF-8",
        .path.display()
    )]
    NotUtf8 {
        /// The state file.
        path: PathBuf,
    },
    /// Not JSON, or not the state of an account.
    #[error(
        "the sandbox state file {} is corrupt and was not changed: {source}; remove it to start with a new account",
        .path.display()
    )]
    Corrupt {
        /// The state file.
        path: PathBuf,
        /// Where.
        source: serde_json::Error,
    },
    /// JSON of somebody else.
    #[error(
        "{} is not a sandbox state file and was not changed: it has no `efsctl_sandbox` version; name another file",
        .path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Of another version of the program.
    #[error(
        "the sandbox state file {} has format {version}, this efsctl knows format {format}: it was not changed; \
         use the efsctl that wrote it, or another file",
        .path.display()
    )]
    Newer {
        /// The state file.
        path: PathBuf,
        /// Its format.
        version: u64,
        /// Ours.
        format: u64,
    },
}
