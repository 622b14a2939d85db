//! A share over NFS 4.1, spoken by this program: no root, no client of the kernel.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::PoisonError;

use bytes::Bytes;
use futures::StreamExt;
use nfs_rs::{
    LockToken, Mount, Nfs4ErrorCode, NfsError, OPEN_BOTH, OPEN_READ, OpenFile, parse_url_and_mount,
};

use super::share::{Attributes, Fault, Share, User};

/// The whole of a file (RFC 8881, section 18.10.3), and `WRITE_LT`.
const TO_THE_END: u64 = u64::MAX;
const FOR_WRITING: u32 = 2;

/// A mounted share.
#[derive(Debug)]
pub struct NfsShare {
    mount: Box<dyn Mount>,
    held: Mutex<Option<(OpenFile, LockToken)>>,
}

impl NfsShare {
    /// Mounts the root of the server at that address, as that user.
    ///
    /// # Errors
    ///
    /// What the server refuses, or that it does not answer.
    pub async fn mount(server: SocketAddr, user: User) -> Result<Self, Fault> {
        let host = match server {
            SocketAddr::V4(server) => server.ip().to_string(),
            SocketAddr::V6(server) => format!("[{}]", server.ip()),
        };
        // A port that any user may have: EFS does not ask for another (EFS user guide, "Mounting considerations").
        let url = format!(
            "nfs://{host}/?version=4.1&nfsport={}&noresvport=true&uid={}&gid={}",
            server.port(),
            user.uid,
            user.gid
        );
        Ok(Self {
            mount: parse_url_and_mount(&url).await.map_err(fault)?,
            held: Mutex::default(),
        })
    }

    async fn opened<T>(
        &self,
        file: OpenFile,
        done: impl Future<Output = Result<T, NfsError>>,
    ) -> Result<T, Fault> {
        let done = done.await;
        let closed = self.mount.close_stateful(file).await;
        let done = done.map_err(fault)?;
        closed.map_err(fault)?;
        Ok(done)
    }

    async fn write_all(&self, fh: Bytes, bytes: &[u8]) -> Result<(), NfsError> {
        nfs_rs::write_all(&*self.mount, fh, 0, Bytes::copy_from_slice(bytes)).await?;
        Ok(())
    }

    async fn read_all(&self, fh: Bytes, longest: usize) -> Result<Vec<u8>, NfsError> {
        let mut read = Vec::new();
        loop {
            let at = u64::try_from(read.len()).unwrap_or(u64::MAX);
            let left = u32::try_from(longest.saturating_sub(read.len())).unwrap_or(u32::MAX);
            let part = self.mount.read(fh.clone(), at, left).await?;
            if part.is_empty() || left == 0 {
                return Ok(read);
            }
            read.extend_from_slice(&part);
        }
    }

    fn take_held(&self) -> Option<(OpenFile, LockToken)> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.take()
    }
}

impl Share for NfsShare {
    async fn attributes(&self, path: &str) -> Result<Attributes, Fault> {
        let found = self.mount.getattr_path(path).await.map_err(fault)?;
        Ok(Attributes {
            owner: User {
                uid: found.uid,
                gid: found.gid,
            },
            mode: found.file_mode,
        })
    }

    async fn list(&self, path: &str) -> Result<Vec<String>, Fault> {
        let mut entries = self.mount.readdir_path(path).await.map_err(fault)?;
        let mut names = Vec::new();
        while let Some(entry) = entries.next().await {
            let name = entry.map_err(fault)?.file_name;
            if name != "." && name != ".." {
                names.push(name);
            }
        }
        Ok(names)
    }

    async fn make_directory(&self, path: &str) -> Result<(), Fault> {
        let made = self.mount.mkdir_path(path, 0o700).await;
        made.map(drop).map_err(fault)
    }

    async fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let created = self
            .mount
            .create_path_stateful_with_access(path, Some(0o600), OPEN_BOTH)
            .await;
        let file = created.map_err(fault)?;
        let fh = file.object.fh.clone();
        self.opened(file, self.write_all(fh, bytes)).await
    }

    async fn read(&self, path: &str, longest: usize) -> Result<Vec<u8>, Fault> {
        let opened = self.mount.open_path_stateful(path, OPEN_READ).await;
        let file = opened.map_err(fault)?;
        let fh = file.object.fh.clone();
        self.opened(file, self.read_all(fh, longest)).await
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        self.mount.rename_path(from, to).await.map_err(fault)
    }

    async fn lock(&self, path: &str) -> Result<(), Fault> {
        let opened = self.mount.open_path_stateful(path, OPEN_BOTH).await;
        let file = opened.map_err(fault)?;
        let locked = self
            .mount
            .lock_open_stateful(&file, FOR_WRITING, 0, TO_THE_END)
            .await;
        match locked {
            Ok(token) => {
                let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
                *held = Some((file, token));
                Ok(())
            }
            Err(error) => {
                // The lock is what failed, whatever becomes of the file.
                let _ = self.mount.close_stateful(file).await;
                Err(fault(error))
            }
        }
    }

    async fn unlock(&self) -> Result<(), Fault> {
        let Some((file, token)) = self.take_held() else {
            return Ok(());
        };
        self.opened(file, self.mount.unlock_stateful(token)).await
    }

    async fn is_free(&self, path: &str) -> Result<(), Fault> {
        let found = self.mount.lookup_path(path).await.map_err(fault)?;
        let tested = self
            .mount
            .lock_test(found.fh, FOR_WRITING, 0, TO_THE_END)
            .await;
        tested.map_err(fault)
    }

    async fn remove(&self, path: &str) -> Result<(), Fault> {
        self.mount.remove_path(path).await.map_err(fault)
    }

    async fn remove_directory(&self, path: &str) -> Result<(), Fault> {
        self.mount.rmdir_path(path).await.map_err(fault)
    }

    async fn close(&self) {
        // The server forgets a client that does not come back.
        let _ = self.mount.umount().await;
    }
}

fn fault(error: NfsError) -> Fault {
    match error {
        NfsError::Nfs4(code) => of_status(code),
        NfsError::LockDenied { .. } => Fault::Locked,
        NfsError::Io(error) => match error.kind() {
            ErrorKind::TimedOut => Fault::Other("the server does not answer".to_owned()),
            ErrorKind::UnexpectedEof => Fault::Disconnected("the server closed it".to_owned()),
            _ => Fault::Disconnected(error.to_string()),
        },
        NfsError::ServerBusy(busy) => fault(*busy.source),
        NfsError::OperationOutcome(outcome) => {
            let outcome = *outcome;
            fault(*outcome.source)
        }
        lost if lost.is_connection_lost() => Fault::Disconnected(lost.to_string()),
        other => Fault::Other(other.to_string()),
    }
}

/// The statuses of RFC 8881, section 15.1, that say what to do.
fn of_status(code: Nfs4ErrorCode) -> Fault {
    match code {
        Nfs4ErrorCode::NFS4ERR_PERM | Nfs4ErrorCode::NFS4ERR_ACCESS => Fault::Permission,
        Nfs4ErrorCode::NFS4ERR_ROFS => Fault::ReadOnly,
        Nfs4ErrorCode::NFS4ERR_NOSPC | Nfs4ErrorCode::NFS4ERR_DQUOT => Fault::Full,
        Nfs4ErrorCode::NFS4ERR_NOENT => Fault::NotFound,
        Nfs4ErrorCode::NFS4ERR_EXIST => Fault::Exists,
        Nfs4ErrorCode::NFS4ERR_DENIED | Nfs4ErrorCode::NFS4ERR_LOCKED => Fault::Locked,
        Nfs4ErrorCode::NFS4ERR_STALE | Nfs4ErrorCode::NFS4ERR_BADHANDLE => Fault::Stale,
        other => Fault::Other(format!("the server answers: {other}")),
    }
}
