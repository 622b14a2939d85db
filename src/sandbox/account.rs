//! A simulated account as it is used: a world, its faults, its latency, its log, and perhaps a state file.
//!
//! [`Account::serve`] decides at once what becomes of a request; the waiting is left to whoever carries the
//! answer. A call takes effect when it arrives, or, where a fault says so, never or later.

mod calls;
mod clock;
mod inner;

use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use calls::{Call, Calls};
pub use clock::{Clock, tokio_clock, wall_clock};

use inner::Inner;

use super::fault::Faults;
use super::store::{State, Store, StoreError};
use super::wire::{Reply, Request};
use super::world::{Millis, Timing, World};

/// How an account behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What is there at first, and after a reset.
    pub world: World,
    /// How long things take, instead of what the world says.
    pub timing: Option<Timing>,
    /// How long every answer takes.
    pub latency: Duration,
    /// What goes wrong.
    pub faults: Faults,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What to wait before.
    pub delay: Duration,
    /// What happens then.
    pub outcome: Outcome,
}

/// What the client sees in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// An answer.
    Reply(Reply),
    /// A broken connection.
    Reset,
    /// Nothing.
    Hang,
}

/// A simulated account. Clones are the same account.
#[derive(Debug, Clone)]
pub struct Account {
    shared: Arc<Mutex<Inner>>,
    has_store: bool,
}

impl Default for Account {
    /// An account in memory with nothing in it but the default VPC of each region.
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Account {
    /// An account in memory that starts as this world.
    pub fn in_memory(world: World) -> Self {
        Self::new(Options {
            world,
            ..Options::default()
        })
    }

    /// An account in memory.
    pub fn new(options: Options) -> Self {
        Self::open(options, None)
    }

    /// An account in a state file, which is read at once. `options.world` is the account while there is no file.
    pub fn with_store(store: Store, options: Options) -> Result<Self, StoreError> {
        let account = Self::open(options, Some(store));
        account.inner().refresh()?;
        Ok(account)
    }

    fn open(options: Options, store: Option<Store>) -> Self {
        let has_store = store.is_some();
        let inner = Inner::new(options, store);
        Self {
            shared: Arc::new(Mutex::new(inner)),
            has_store,
        }
    }

    /// Decides what becomes of a request that arrives now.
    pub fn serve(&self, now: Millis, request: &Request) -> Result<Verdict, StoreError> {
        self.inner().serve(now, request)
    }

    /// The calls so far.
    pub fn calls(&self) -> Calls {
        self.inner().calls().clone()
    }

    /// The account as it stands at a time, with the effects that have come due.
    pub fn state(&self, now: Millis) -> Result<State, StoreError> {
        self.inner().state(now)
    }

    /// Looks at the world as it stands at a time, with the effects that have come due.
    pub fn look<T>(
        &self,
        now: Millis,
        look: impl FnOnce(&World, Millis) -> T,
    ) -> Result<T, StoreError> {
        self.inner().look(now, look)
    }

    /// Back to the start: the first world, no calls, no effects to come, faults counting from one.
    pub fn reset(&self) -> Result<(), StoreError> {
        self.inner().reset()
    }

    /// Does some work on the account, on a thread of its own where it may wait for the disk.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        if !self.has_store {
            return work(self);
        }
        let account = self.clone();
        match tokio::task::spawn_blocking(move || work(&account)).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is going down: nobody is there to take an answer.
                Err(_) => pending().await,
            },
        }
    }

    /// A panic of another thread leaves a world that is at worst between two members of one resource.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Options {
    /// The state of a new account.
    fn start(&self) -> State {
        let mut state = State {
            world: self.world.clone(),
            late: Vec::new(),
        };
        self.apply(&mut state);
        state
    }

    /// Puts these options in force over what a state says.
    fn apply(&self, state: &mut State) {
        state.world.timing = self.timing.unwrap_or(state.world.timing);
    }
}
