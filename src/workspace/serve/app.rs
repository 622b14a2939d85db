//! What all requests share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Lane, Notify, OwnedMutexGuard, Semaphore, watch};
use tokio::time::Instant;

use super::auth::Auth;
use super::metrics::Metrics;
use crate::domain::name::Name;
use crate::service::{Caller, Code, Refusal, Stats, Workspaces};
use crate::share::Posix;

/// Bodies in memory, over all requests, in KiB.
const BODIES: usize = 256 << 10;

/// How long the sum of a large base is kept.
const STATS_KEPT: Duration = Duration::from_secs(4);

/// A sum that takes longer than this is kept.
const STATS_SLOW: Duration = Duration::from_millis(200);

/// Lanes that nothing may be using.
const MANY: usize = 4_096;

/// How the packing of a workspace ended.
type Packed = Option<Result<(), Refusal>>;

pub(super) struct App {
    workspaces: Arc<Workspaces<Posix>>,
    pub(super) auth: Auth,
    /// Permits for bodies in memory, each for a KiB.
    pub(super) bodies: Arc<Semaphore>,
    pub(super) metrics: Metrics,
    /// Something is in the trash.
    pub(super) trash: Notify,
    lanes: Mutex<HashMap<Name, Arc<Lane<()>>>>,
    packing: Mutex<HashMap<Name, watch::Receiver<Packed>>>,
    stats: Lane<Option<(Instant, Stats)>>,
}

impl App {
    pub(super) fn new(workspaces: Workspaces<Posix>, auth: Auth) -> Self {
        Self {
            workspaces: Arc::new(workspaces),
            auth,
            bodies: Arc::new(Semaphore::new(BODIES)),
            metrics: Metrics::new(),
            trash: Notify::new(),
            lanes: Mutex::default(),
            packing: Mutex::default(),
            stats: Lane::default(),
        }
    }

    pub(super) fn workspaces(&self) -> &Workspaces<Posix> {
        &self.workspaces
    }

    /// Runs what may block on the disk.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Workspaces<Posix>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let workspaces = self.workspaces.clone();
        let ended = tokio::task::spawn_blocking(move || run(&workspaces)).await;
        ended.unwrap_or_else(|_| {
            Err(Refusal::new(
                Code::Internal,
                "the request could not be carried out",
            ))
        })
    }

    /// The same for a change of one workspace: one at a time, so that a workspace that another process has locked holds one thread only.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        name: &Name,
        run: impl FnOnce(&Workspaces<Posix>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let lane = self.lane(name).await;
        let answer = self.run(run).await;
        drop(lane);
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes
            .get(name)
            .is_some_and(|lane| Arc::strong_count(lane) == 1)
        {
            lanes.remove(name);
        }
        answer
    }

    async fn lane(&self, name: &Name) -> OwnedMutexGuard<()> {
        let lane = {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            // Requests that were abandoned leave theirs behind.
            if lanes.len() > MANY {
                lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
            }
            lanes.entry(name.clone()).or_default().clone()
        };
        lane.lock_owned().await
    }

    /// Makes the ZIP of a workspace, once however many ask for it.
    pub(super) fn pack(self: &Arc<Self>, who: &Caller, name: &Name) -> watch::Receiver<Packed> {
        let mut packing = self.packing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(receiver) = packing.get(name) {
            return receiver.clone();
        }
        let (sender, receiver) = watch::channel(None);
        packing.insert(name.clone(), receiver.clone());
        let (app, who, name) = (self.clone(), who.clone(), name.clone());
        tokio::spawn(async move {
            let packed = {
                let name = name.clone();
                app.run(move |workspaces| workspaces.pack(&who, &name))
                    .await
            };
            app.packing
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&name);
            sender.send_replace(Some(packed));
        });
        receiver
    }

    /// What the base holds; of a base that takes long to sum up, at most five seconds old.
    pub(super) async fn stats(&self) -> Result<Stats, Refusal> {
        let mut kept = self.stats.lock().await;
        if let Some((at, stats)) = *kept
            && at.elapsed() < STATS_KEPT
        {
            return Ok(stats);
        }
        let begun = Instant::now();
        let stats = self.run(Workspaces::stats).await?;
        *kept = (begun.elapsed() > STATS_SLOW).then_some((begun, stats));
        Ok(stats)
    }
}
