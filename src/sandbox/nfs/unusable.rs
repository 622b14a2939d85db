//! Why NFS cannot be served.

use std::io;
use std::path::PathBuf;

/// Why NFS cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// There is no nfs-ganesha.
    #[error(
        "nfs-ganesha, which serves NFS, is not installed: there is no ganesha.nfsd in the PATH"
    )]
    NoGanesha,
    /// There is no setpriv.
    #[error("setpriv of util-linux, which nfs-ganesha is started with, is not in the PATH")]
    NoSetpriv,
    /// A program cannot be run.
    #[error("{0} cannot be run: {1}")]
    Program(&'static str, #[source] io::Error),
    /// Files in a directory are served by root only.
    #[error("files in a directory are served by root only")]
    NeedsRoot,
    /// A directory cannot be used.
    #[error("{} cannot be used: {}", .0.display(), .1)]
    Directory(PathBuf, #[source] io::Error),
    /// A path cannot be written into a configuration.
    #[error("the path {:?} has a character that the configuration of nfs-ganesha cannot hold", .0)]
    Path(PathBuf),
    /// The temporary directory could not be made.
    #[error("the temporary directory of nfs-ganesha could not be made: {0}")]
    Folder(#[source] io::Error),
}
