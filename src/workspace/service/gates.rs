//! What one process keeps in memory, none of which an answer depends on: one packer for each workspace, and whose metadata lags.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::name::Name;

/// One gate for each workspace that is in use.
#[derive(Debug, Default)]
pub(super) struct Gates(Mutex<HashMap<Name, Arc<Mutex<()>>>>);

impl Gates {
    /// Runs something alone for a workspace.
    pub(super) fn alone<T>(&self, name: &Name, run: impl FnOnce() -> T) -> T {
        let gate = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(name.clone())
            .or_default()
            .clone();
        let answer = {
            let _alone = gate.lock().unwrap_or_else(PoisonError::into_inner);
            run()
        };
        drop(gate);
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if gates
            .get(name)
            .is_some_and(|gate| Arc::strong_count(gate) == 1)
        {
            gates.remove(name);
        }
        answer
    }
}

/// How long the writes of a workspace pause before its metadata is refreshed.
const QUIET: Duration = Duration::from_millis(300);

/// How long its metadata may lag while it is written without a pause.
const LATEST: Duration = Duration::from_secs(5);

/// Workspaces whose metadata file has older counts than their tree: when it was written first and last.
#[derive(Debug, Default)]
pub(super) struct Dirty(Mutex<HashMap<Name, (Instant, Instant)>>);

impl Dirty {
    /// Notes a write.
    #[expect(
        clippy::disallowed_methods,
        reason = "locks and file systems know only real time"
    )]
    pub(super) fn note(&self, name: &Name) {
        let now = Instant::now();
        let mut dirty = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        dirty.entry(name.clone()).or_insert((now, now)).1 = now;
    }

    /// Takes those that are quiet, or have lagged for long; all of them at the end.
    pub(super) fn take(&self, all: bool) -> Vec<Name> {
        let mut dirty = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = |(first, last): &(Instant, Instant)| {
            all || last.elapsed() >= QUIET || first.elapsed() >= LATEST
        };
        let due: Vec<Name> = dirty
            .iter()
            .filter(|(_, times)| is_due(times))
            .map(|(name, _)| name.clone())
            .collect();
        for name in &due {
            dirty.remove(name);
        }
        due
    }
}
