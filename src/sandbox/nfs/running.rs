//! What runs: servers and listeners.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::Notes;
use super::config::Storage;
use super::diff::{State, Step};
use super::forward::{self, Upstream};
use super::ganesha::{self, Ganesha};
use super::note::{Note, PORT};
use super::observed::Place;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Servers and listeners. A task ends when what stops it is dropped.
pub(super) struct Running {
    folder: PathBuf,
    storage: Storage,
    notes: Notes,
    state: State,
    servers: BTreeMap<String, (Upstream, oneshot::Sender<()>)>,
    listeners: BTreeMap<String, oneshot::Sender<()>>,
    tasks: JoinSet<()>,
    /// How many servers were started: one that is still ending has a folder of its own.
    started: u64,
}

impl Running {
    /// Nothing, so far.
    pub(super) fn new(folder: &Path, storage: Storage, notes: Notes) -> Self {
        Self {
            folder: folder.to_owned(),
            storage,
            notes,
            state: State::default(),
            servers: BTreeMap::new(),
            listeners: BTreeMap::new(),
            tasks: JoinSet::new(),
            started: 0,
        }
    }

    /// What runs, to be compared.
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// Does one thing, or says why it could not be done.
    pub(super) async fn carry_out(&mut self, step: Step) -> Result<(), Note> {
        while self.tasks.try_join_next().is_some() {}
        match step {
            Step::Close(id) => self.close(&id),
            Step::End(file_system) => {
                self.servers.remove(&file_system);
                self.state.servers.remove(&file_system);
            }
            Step::Start(file_system) => self.start(&file_system).await?,
            Step::Open(id, place) => self.open(id, place)?,
        }
        Ok(())
    }

    /// Ends all of it.
    pub(super) async fn end(mut self) {
        self.listeners.clear();
        self.servers.clear();
        while self.tasks.join_next().await.is_some() {}
    }

    async fn start(&mut self, file_system: &str) -> Result<(), Note> {
        let not_started = |error: std::io::Error| Note::NotStarted {
            file_system: file_system.to_owned(),
            why: error.to_string(),
        };
        let files = self.storage.of(file_system);
        self.started += 1;
        let folder = self.folder.join(self.started.to_string());
        let ganesha = Ganesha::prepare(file_system, folder, files).await;
        let (upstream, stop, task) =
            ganesha::keep(ganesha.map_err(not_started)?, self.notes.clone());
        self.tasks.spawn(task);
        self.servers
            .insert(file_system.to_owned(), (upstream, stop));
        self.state.servers.insert(file_system.to_owned());
        Ok(())
    }

    fn open(&mut self, id: String, place: Place) -> Result<(), Note> {
        let upstream = self.servers.get(&place.file_system).map(|(it, _)| it);
        let Some(upstream) = upstream.filter(|it| !it.is_ended()) else {
            // It did not start, which was said.
            return Ok(());
        };
        let listener = listen((place.address, PORT).into()).map_err(|error| Note::Taken {
            mount_target: id.clone(),
            address: place.address,
            why: error.to_string(),
        })?;
        let (stop, stopped) = oneshot::channel();
        self.tasks
            .spawn(forward::serve(listener, upstream.clone(), stopped));
        self.listeners.insert(id.clone(), stop);
        (self.notes)(&Note::open(&id, &place));
        self.state.targets.insert(id, place);
        Ok(())
    }

    fn close(&mut self, id: &str) {
        self.listeners.remove(id);
        if let Some(place) = self.state.targets.remove(id) {
            (self.notes)(&Note::Closed {
                mount_target: id.to_owned(),
                address: place.address,
            });
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
