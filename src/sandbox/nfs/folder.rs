//! The temporary directory of the servers, which does not outlive this process.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::{Child, Command};

/// Waits for the end of its input, which comes however the process ends that holds the other side, and removes a directory. That is
/// tried for some seconds, as a server that is being killed may still make files in it. Signals of a terminal are not for it.
const REMOVER: &str = r#"trap "" INT TERM HUP
cat >/dev/null
tries=0
while [ -e "$0" ] && [ "$tries" -lt 50 ]; do
  rm -rf -- "$0"
  tries=$((tries + 1))
  sleep 0.1
done"#;

/// A temporary directory that is also removed when this process is killed.
#[derive(Debug)]
pub(super) struct Folder {
    directory: TempDir,
    remover: Child,
}

impl Folder {
    /// Makes it, readable by this user only.
    pub(super) fn create() -> io::Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("efs-sandbox-nfs-")
            .tempdir()?;
        let remover = Command::new("sh")
            .arg("-c")
            .arg(REMOVER)
            .arg(directory.path())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { directory, remover })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Removes it.
    pub(super) async fn remove(mut self) {
        // What remains is removed by the other process, for which this is the sign to begin.
        let _ = self.directory.close();
        drop(self.remover.stdin.take());
        let _ = self.remover.wait().await;
    }
}
