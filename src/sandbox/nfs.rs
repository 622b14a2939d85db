//! File systems of an account that can be mounted: NFS servers on the loopback interface.
//!
//! Each file system with a mount target has an nfs-ganesha on a free port of 127.0.0.1, and each available mount target a listener on
//! port 2049 of its address that forwards to it. What there is to do is found by looking: `observed` says what the account has,
//! `diff` compares it with what runs, and `running` makes it so.

mod config;
mod diff;
mod ending;
mod folder;
mod forward;
mod ganesha;
mod log;
mod note;
mod observed;
mod programs;
mod running;
mod unusable;

use std::collections::BTreeSet;
use std::future::Future;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::Ipv4Net;

pub use config::Storage;
pub use note::Note;
pub use observed::{NotLoopback, check};
pub use unusable::Unusable;

use crate::account::{Account, Clock};
use diff::steps;
use folder::Folder;
use observed::{Wanted, wanted};
use running::Running;

/// The range of the default VPCs of an account whose file systems can be mounted: on Linux, every address in it is one of this machine.
pub const DEFAULT_VPC: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(127, 31, 0, 0), 16);

/// How often the account is looked at.
const INTERVAL: Duration = Duration::from_millis(100);

/// Receives what happens.
pub type Notes = Arc<dyn Fn(&Note) + Send + Sync>;

/// What is needed to serve NFS is there.
#[derive(Debug)]
pub struct Nfs {
    folder: Folder,
    storage: Storage,
}

impl Nfs {
    /// Looks for the programs, and makes the temporary directory of their files.
    pub fn open(storage: Storage) -> Result<Self, Unusable> {
        programs::check(&storage)?;
        let storage = storage.prepared()?;
        let folder = Folder::create().map_err(Unusable::Folder)?;
        config::check(folder.path())?;
        Ok(Self { folder, storage })
    }

    /// Serves the file systems of an account until `shutdown`; then all of it is ended and removed.
    pub async fn run(
        self,
        account: Account,
        clock: Clock,
        notes: impl Fn(&Note) + Send + Sync + 'static,
        shutdown: impl Future<Output = ()>,
    ) {
        let notes: Notes = Arc::new(notes);
        let mut running = Running::new(self.folder.path(), self.storage, notes.clone());
        let mut said = BTreeSet::new();
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        tokio::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                _ = ticks.tick() => {}
            }
            let now = clock();
            let looked = account.run(move |account| account.look(now, wanted)).await;
            let found = match looked {
                Ok(wanted) => {
                    let found = wanted.unserved.iter().map(Note::unserved).collect();
                    carry_out(&wanted, &mut running, found).await
                }
                // What runs goes on: the next look may succeed.
                Err(error) => BTreeSet::from([Note::Unread(error.to_string())]),
            };
            for note in found.difference(&said) {
                notes(note);
            }
            said = found;
        }
        running.end().await;
        self.folder.remove().await;
    }
}

/// Makes what runs what is wanted. Answers with `hindrances`, and with what of it could not be done: it is tried again.
async fn carry_out(
    wanted: &Wanted,
    running: &mut Running,
    mut hindrances: BTreeSet<Note>,
) -> BTreeSet<Note> {
    for step in steps(wanted, running.state()) {
        hindrances.extend(running.carry_out(step).await.err());
    }
    hindrances
}
