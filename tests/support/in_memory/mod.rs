//! The in-process backend of the sandbox: [`Cloud`](efsctl::cloud::Cloud) straight over the world, without SDK, HTTP and state
//! file, on tokio's clock. It costs microseconds a call, so that a sweep can make millions; the contract suite keeps it
//! equal to the wire.

mod calls;
mod reads;
mod settings;
mod shapes;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use efsctl::cloud::error::classify_said;
use efsctl::cloud::{Answer, Class, CloudError};
use efsctl::sandbox::world::{ApiError, Region, World};
use efsctl::service::Stops;
use tokio::sync::Notify;
use tokio::time::Instant;

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Refused for good, without effect.
    Refused,
    /// Refused for want of permission.
    Denied,
    /// This call and the next three are throttled.
    Throttled,
    /// A failure of the service, without effect.
    Broken,
    /// The connection is reset before the effect.
    LostBefore,
    /// The connection is reset after the effect.
    LostAfter,
    /// No answer until the operation timeout, no effect.
    Hangs,
    /// The client gives up, and the effect comes that many seconds later.
    Late(u64),
    /// Ctrl-C while the call is in flight.
    CtrlC,
    /// Ctrl-C, and once more a moment later.
    CtrlCTwice,
    /// The process is killed while the call is in flight; the call takes effect.
    Killed,
}

/// An effect that comes later.
type LateEffect = Box<dyn FnOnce(&mut World, &str, u64) + Send>;

/// The account: one, however many runs are at work in it.
struct Shared {
    world: World,
    late: Vec<(Instant, LateEffect)>,
    started: Instant,
    epoch: u64,
    region: &'static str,
}

/// What one run called, and what is to go wrong.
#[derive(Default)]
struct Calls {
    writes: usize,
    refusals: usize,
    faults: Vec<(usize, Fault)>,
    operations: Vec<&'static str>,
    looked: Option<Instant>,
    /// When the last read of any kind was sent.
    read: Option<Instant>,
    deletions: Vec<Deletion>,
}

/// A deletion that took effect.
#[derive(Debug, Clone, Copy)]
pub struct Deletion {
    /// When the last read before it was sent: what happened later the run could not know.
    pub decided: Instant,
    pub effect: Instant,
}

/// The world, as a cloud, for one run.
#[derive(Clone)]
pub struct InMemory {
    shared: Arc<Mutex<Shared>>,
    calls: Arc<Mutex<Calls>>,
    latency: Duration,
    pub stops: Stops,
    /// Wakes whoever kills the run.
    pub killed: Arc<Notify>,
}

/// How long the client waits for an answer that never comes.
const TIMEOUT: Duration = Duration::from_secs(20);

impl InMemory {
    /// A world whose time goes on from `epoch`, seen in one region.
    pub fn new(world: World, region: &'static str, epoch: u64) -> Self {
        Self {
            shared: Arc::new(Mutex::new(Shared {
                world,
                late: Vec::new(),
                started: Instant::now(),
                epoch,
                region,
            })),
            calls: Arc::default(),
            latency: Duration::from_millis(50),
            stops: Stops::default(),
            killed: Arc::default(),
        }
    }

    /// Every call is answered at once.
    pub fn without_latency(mut self) -> Self {
        self.latency = Duration::ZERO;
        self
    }

    /// The same, as if it had begun at that moment.
    pub fn began(self, at: Instant) -> Self {
        self.shared.lock().unwrap().started = at;
        self
    }

    /// The same account for another run: nothing called, no faults, nobody has pressed ctrl-C.
    pub fn afresh(&self) -> Self {
        Self {
            calls: Arc::default(),
            stops: Stops::default(),
            killed: Arc::default(),
            ..self.clone()
        }
    }

    /// The n-th call (from 0) of this run goes wrong so.
    pub fn arm(&self, faults: &[(usize, Fault)]) {
        self.calls().faults = faults.to_vec();
    }

    /// The world, and its time, to go on from another day.
    pub fn snapshot(&self) -> (World, u64) {
        let shared = self.shared.lock().unwrap();
        (shared.world.clone(), shared.now())
    }

    /// Calls of this run that can change something.
    pub fn writes(&self) -> usize {
        self.calls().writes
    }

    /// Writing calls of this run that AWS itself refused.
    pub fn refusals(&self) -> usize {
        self.calls().refusals
    }

    /// The operations this run called, in order.
    pub fn operations(&self) -> Vec<&'static str> {
        self.calls().operations.clone()
    }

    /// When this run began its last read.
    pub fn last_read(&self) -> Option<Instant> {
        self.calls().read
    }

    /// What this run deleted.
    pub fn deletions(&self) -> Vec<Deletion> {
        self.calls().deletions.clone()
    }

    /// When this run looked at the mount targets last.
    pub fn last_look(&self) -> Option<Instant> {
        self.calls().looked
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap()
    }

    /// Does something to the region as it stands, in nobody's name.
    pub fn with_region<T>(&self, work: impl FnOnce(&mut Region) -> T) -> T {
        self.with_world(|world, region, now| work(in_region(world, region, now)))
    }

    fn with_world<T>(&self, work: impl FnOnce(&mut World, &str, u64) -> T) -> T {
        let mut shared = self.shared.lock().unwrap();
        shared.apply_late();
        let now = shared.now();
        let region = shared.region;
        work(&mut shared.world, region, now)
    }

    async fn call<T: Send + 'static>(
        &self,
        operation: &'static str,
        effect: impl FnOnce(&mut Region) -> Result<T, ApiError> + Send + 'static,
    ) -> Answer<T> {
        let effect = |world: &mut World, region: &str, now| effect(in_region(world, region, now));
        self.call_world(operation, effect).await
    }

    /// A call that concerns two regions.
    async fn call_world<T: Send + 'static>(
        &self,
        operation: &'static str,
        effect: impl FnOnce(&mut World, &str, u64) -> Result<T, ApiError> + Send + 'static,
    ) -> Answer<T> {
        let (fault, decided) = self.calls().begin(operation);
        let took_effect = |effect: Instant| {
            if operation.starts_with("Delete") {
                self.calls().deletions.push(Deletion { decided, effect });
            }
        };
        tokio::time::sleep(self.latency / 2).await;
        let lost = |what: &str| Err(CloudError::new(Class::Ambiguous, operation, what));
        match fault {
            Some(Fault::Refused) => Err(refused(operation, "BadRequest", 400)),
            Some(Fault::Denied) => Err(refused(operation, "AccessDeniedException", 403)),
            Some(Fault::Throttled) => Err(refused(operation, "ThrottlingException", 400)),
            Some(Fault::Broken) => Err(refused(operation, "InternalServerError", 500)),
            Some(Fault::LostBefore) => lost("connection reset"),
            Some(Fault::LostAfter) => {
                let _ = self.with_world(effect);
                took_effect(Instant::now());
                lost("connection reset")
            }
            Some(Fault::Hangs) => {
                tokio::time::sleep(TIMEOUT).await;
                lost("no answer in time")
            }
            Some(Fault::Late(seconds)) => {
                tokio::time::sleep(TIMEOUT).await;
                let due = Instant::now() + Duration::from_secs(seconds);
                let effect: LateEffect =
                    Box::new(move |world, region, now| drop(effect(world, region, now)));
                self.shared.lock().unwrap().late.push((due, effect));
                took_effect(due);
                lost("no answer in time")
            }
            Some(Fault::CtrlC | Fault::CtrlCTwice | Fault::Killed) | None => {
                match fault {
                    Some(Fault::CtrlC) => self.stops.first.cancel(),
                    Some(Fault::CtrlCTwice) => {
                        self.stops.first.cancel();
                        let second = self.stops.second.clone();
                        tokio::spawn(async move {
                            tokio::time::sleep(Duration::from_secs(1)).await;
                            second.cancel();
                        });
                    }
                    _ => {}
                }
                let answer = self.with_world(effect);
                took_effect(Instant::now());
                if fault == Some(Fault::Killed) {
                    self.killed.notify_one();
                    std::future::pending::<()>().await;
                }
                let refused =
                    answer.is_err() && efsctl::aws::request_counter::is_writing(operation);
                self.calls().refusals += usize::from(refused);
                tokio::time::sleep(self.latency / 2).await;
                answer.map_err(|error| translated(operation, &error))
            }
        }
    }
}

impl Calls {
    /// Counts a call; what goes wrong with it, and when the last read before it was sent.
    fn begin(&mut self, operation: &'static str) -> (Option<Fault>, Instant) {
        let nth = self.operations.len();
        self.operations.push(operation);
        let is_writing = efsctl::aws::request_counter::is_writing(operation);
        self.writes += usize::from(is_writing);
        let decided = self.read.unwrap_or_else(Instant::now);
        if !is_writing {
            self.read = Some(Instant::now());
        }
        if operation == "DescribeMountTargets" {
            self.looked = Some(Instant::now());
        }
        let fault = self.faults.iter().find_map(|(at, fault)| {
            let burst = if *fault == Fault::Throttled { 4 } else { 1 };
            (*at..*at + burst).contains(&nth).then_some(*fault)
        });
        (fault, decided)
    }
}

impl Shared {
    fn now(&self) -> u64 {
        self.epoch + u64::try_from(self.started.elapsed().as_millis()).expect("a moment")
    }

    /// Effects come when they are due, not when somebody looks next.
    fn apply_late(&mut self) {
        self.late.sort_by_key(|(due, _)| std::cmp::Reverse(*due));
        while let Some((due, effect)) = self.late.pop_if(|(due, _)| *due <= Instant::now()) {
            let after = u64::try_from((due - self.started).as_millis()).expect("a moment");
            effect(&mut self.world, self.region, self.epoch + after);
        }
    }
}

fn in_region<'w>(world: &'w mut World, name: &str, now: u64) -> &'w mut Region {
    world.region(name, now).expect("a region of AWS")
}

fn refused(operation: &'static str, code: &'static str, status: u16) -> CloudError {
    translated(
        operation,
        &ApiError::new(code, status, format!("{code} (injected)")),
    )
}

fn translated(operation: &'static str, error: &ApiError) -> CloudError {
    let class = classify_said(Some(error.code), Some(error.status), &error.message);
    CloudError {
        class,
        operation,
        code: Some(error.code.to_owned()),
        message: error.message.clone(),
        request_id: Some("direct".to_owned()),
        action: (class == Class::Denied).then(|| format!("elasticfilesystem:{operation}")),
        existing: error.fields.get("FileSystemId").cloned(),
        connection_broken: false,
        cause: None,
    }
}
