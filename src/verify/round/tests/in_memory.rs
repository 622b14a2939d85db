//! A share in memory, of which each call can fail, and after which the world can end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio_util::sync::CancellationToken;

use crate::verify::share::{Attributes, Fault, Share, User};

/// What happens at one call, counted from the first.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Event {
    /// It fails, and has not been done.
    Fails(Fault),
    /// It fails, and has been done.
    IsDoneAndFails(Fault),
    /// No call works from here on.
    EverythingEnds,
    /// Ctrl-C.
    CtrlC,
    /// It never ends.
    Hangs,
}

#[derive(Debug, Default)]
pub(super) struct Server {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) directories: Vec<String>,
    pub(super) locks: BTreeMap<String, usize>,
    pub(super) calls: usize,
    pub(super) event: Option<(usize, Event)>,
    pub(super) is_gone: bool,
    pub(super) log: Vec<&'static str>,
}

#[derive(Clone)]
pub(super) struct InMemory {
    pub(super) server: Arc<Mutex<Server>>,
    pub(super) stop: CancellationToken,
    pub(super) number: usize,
}

impl InMemory {
    /// Does it, unless something is to happen here.
    pub(super) async fn call<T>(
        &self,
        name: &'static str,
        done: impl FnOnce(&mut Server) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        // Other ways have their turn at each call.
        tokio::task::yield_now().await;
        let event = {
            let mut server = self.server.lock().unwrap();
            server.calls += 1;
            server.log.push(name);
            let here = server.calls;
            let due = server.event.clone().filter(|(at, _)| *at == here);
            due.map(|(_, event)| event)
        };
        match event {
            Some(Event::Fails(fault)) => return Err(fault),
            Some(Event::IsDoneAndFails(fault)) => {
                let _ = done(&mut self.server.lock().unwrap());
                return Err(fault);
            }
            Some(Event::EverythingEnds) => self.server.lock().unwrap().is_gone = true,
            Some(Event::CtrlC) => {
                self.stop.cancel();
                tokio::task::yield_now().await;
            }
            Some(Event::Hangs) => std::future::pending().await,
            None => {}
        }
        let mut server = self.server.lock().unwrap();
        if server.is_gone {
            return Err(Fault::Disconnected("reset".to_owned()));
        }
        done(&mut server)
    }
}

impl Share for InMemory {
    async fn attributes(&self, path: &str) -> Result<Attributes, Fault> {
        let owner = User { uid: 0, gid: 0 };
        self.call("attributes", |server| {
            if path != "/" && !server.files.contains_key(path) {
                return Err(Fault::NotFound);
            }
            Ok(Attributes { owner, mode: 0o755 })
        })
        .await
    }

    async fn list(&self, path: &str) -> Result<Vec<String>, Fault> {
        let below = format!("{}/", path.trim_end_matches('/'));
        self.call("list", |server| {
            if path != "/" && !server.directories.iter().any(|one| one == path) {
                return Err(Fault::NotFound);
            }
            let all = server.files.keys().chain(&server.directories);
            let names = all.filter_map(|one| one.strip_prefix(&below));
            Ok(names
                .filter(|name| !name.contains('/'))
                .map(str::to_owned)
                .collect())
        })
        .await
    }

    async fn make_directory(&self, path: &str) -> Result<(), Fault> {
        self.call("make_directory", |server| {
            server.directories.push(path.to_owned());
            Ok(())
        })
        .await
    }

    async fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.call("write", |server| {
            if server.files.contains_key(path) {
                return Err(Fault::Exists);
            }
            server.files.insert(path.to_owned(), bytes.to_vec());
            Ok(())
        })
        .await
    }

    async fn read(&self, path: &str, longest: usize) -> Result<Vec<u8>, Fault> {
        self.call("read", |server| {
            let file = server.files.get(path).ok_or(Fault::NotFound)?;
            Ok(file.iter().copied().take(longest).collect())
        })
        .await
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        self.call("rename", |server| {
            let file = server.files.remove(from).ok_or(Fault::NotFound)?;
            server.files.insert(to.to_owned(), file);
            Ok(())
        })
        .await
    }

    async fn lock(&self, path: &str) -> Result<(), Fault> {
        self.call("lock", |server| {
            server.locks.insert(path.to_owned(), self.number);
            Ok(())
        })
        .await
    }

    async fn unlock(&self) -> Result<(), Fault> {
        self.call("unlock", |server| {
            server.locks.retain(|_, holder| *holder != self.number);
            Ok(())
        })
        .await
    }

    async fn is_free(&self, path: &str) -> Result<(), Fault> {
        self.call("is_free", |server| match server.locks.get(path) {
            Some(holder) if *holder != self.number => Err(Fault::Locked),
            _ => Ok(()),
        })
        .await
    }

    async fn remove(&self, path: &str) -> Result<(), Fault> {
        self.call("remove", |server| {
            server.files.remove(path).map(drop).ok_or(Fault::NotFound)
        })
        .await
    }

    async fn remove_directory(&self, path: &str) -> Result<(), Fault> {
        self.call("remove_directory", |server| {
            let below = format!("{path}/");
            if server.files.keys().any(|file| file.starts_with(&below)) {
                return Err(Fault::Other("not empty".to_owned()));
            }
            server.directories.retain(|one| one != path);
            Ok(())
        })
        .await
    }

    async fn close(&self) {}
}
