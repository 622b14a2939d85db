//! What is behind an account's lock, and what becomes of one call.

use super::clock::millis;
use super::{Call, Calls, Options, Outcome, Verdict};
use crate::fault::{Fault, Faults};
use crate::store::{LateCall, Loaded, State, Store, StoreError, StoreLock};
use crate::wire::{self, Reply, Request, Target, permission};
use crate::world::{Millis, World};

#[derive(Debug)]
pub(super) struct Inner {
    options: Options,
    state: State,
    faults: Faults,
    calls: Calls,
    store: Option<Store>,
    requests: u64,
    /// The clock of an account does not run backwards, whatever the wall clock does.
    now: Millis,
}

impl Inner {
    pub(super) fn new(options: Options, store: Option<Store>) -> Self {
        Self {
            state: options.start(),
            faults: options.faults.clone(),
            calls: Calls::default(),
            options,
            store,
            requests: 0,
            now: 0,
        }
    }

    pub(super) fn calls(&self) -> &Calls {
        &self.calls
    }

    pub(super) fn state(&mut self, now: Millis) -> Result<State, StoreError> {
        self.settle(now)?;
        Ok(self.state.clone())
    }

    pub(super) fn look<T>(
        &mut self,
        now: Millis,
        look: impl FnOnce(&World, Millis) -> T,
    ) -> Result<T, StoreError> {
        self.settle(now)?;
        Ok(look(&self.state.world, self.now))
    }

    fn settle(&mut self, now: Millis) -> Result<(), StoreError> {
        let lock = self.refresh()?;
        if self.catch_up(now) {
            self.save(lock.as_ref())?;
        }
        Ok(())
    }

    pub(super) fn reset(&mut self) -> Result<(), StoreError> {
        // Read first: a file that is not ours is not overwritten by a reset either.
        let lock = self.refresh()?;
        self.state = self.options.start();
        self.faults = self.options.faults.clone();
        self.calls = Calls::default();
        self.save(lock.as_ref())
    }

    pub(super) fn serve(&mut self, now: Millis, request: &Request) -> Result<Verdict, StoreError> {
        let lock = self.refresh()?;
        let mut changed = self.catch_up(now);
        let request_id = self.next_request_id();
        let mut call = Call {
            at: self.now,
            service: None,
            region: None,
            operation: None,
            writes: false,
            status: None,
            fault: None,
        };
        let verdict = match wire::target(request) {
            Err(refusal) => self.answer(refusal.reply(&request_id)),
            Ok(target) => {
                let operation = wire::operation_of(target.service, request);
                let at = self.now;
                let fault = operation
                    .as_deref()
                    .and_then(|name| self.faults.strike(name, at));
                call.writes = operation
                    .as_deref()
                    .is_some_and(|name| wire::writes(target.service, name, request));
                let (verdict, effect) =
                    self.carry_out(fault, &target, operation.as_deref(), request, &request_id);
                changed |= effect && call.writes;
                call.service = Some(target.service);
                call.region = Some(target.region);
                call.operation = operation;
                call.fault = fault.map(|fault| fault.to_string());
                verdict
            }
        };
        if let Outcome::Reply(reply) = &verdict.outcome {
            call.status = Some(reply.status);
        }
        self.calls.record(call);
        if changed {
            self.save(lock.as_ref())?;
        }
        Ok(verdict)
    }

    /// Lets a call and its fault happen: what the client sees, and whether there may be something to save.
    fn carry_out(
        &mut self,
        fault: Option<Fault>,
        target: &Target,
        operation: Option<&str>,
        request: &Request,
        request_id: &str,
    ) -> (Verdict, bool) {
        let now = self.now;
        let error = match fault {
            Some(Fault::Denied) => {
                let action = format!("{}:{}", target.service.name(), operation.unwrap_or("*"));
                Some(permission::denial(&self.state.world, target, &action))
            }
            fault => fault.and_then(|fault| fault.error(target.service)),
        };
        if let Some(error) = error {
            return (
                self.answer(wire::error_reply(target.service, &error, request_id)),
                false,
            );
        }
        match fault {
            Some(Fault::ResetBefore) => return (self.silence(Outcome::Reset), false),
            Some(Fault::Hang) => return (self.silence(Outcome::Hang), false),
            Some(Fault::Late(by)) => {
                let due = now.saturating_add(millis(by));
                self.state.late.push(LateCall::new(due, target, request));
                return (self.silence(Outcome::Hang), true);
            }
            _ => {}
        }
        let reply = wire::respond_to(&mut self.state.world, now, target, request, request_id);
        let took_effect = reply.status < 400;
        let verdict = match fault {
            Some(Fault::ResetAfter) => self.silence(Outcome::Reset),
            Some(Fault::HangAfter) => self.silence(Outcome::Hang),
            Some(Fault::ErrorState) => {
                self.spoil(target, &reply);
                self.answer(reply)
            }
            Some(Fault::Slow(by)) => {
                let mut verdict = self.answer(reply);
                verdict.delay = verdict.delay.saturating_add(by);
                verdict
            }
            _ => self.answer(reply),
        };
        (verdict, took_effect)
    }

    /// Makes what a call has created end in the state `error`.
    fn spoil(&mut self, target: &Target, reply: &Reply) {
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let id = |member| {
            body.get(member)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
        };
        let world = &mut self.state.world;
        if !id("SourceFileSystemId").is_empty() {
            world.fail_replication(&target.region, self.now, id("SourceFileSystemId"));
            return;
        }
        let Some(region) = world.regions.get_mut(&target.region) else {
            return;
        };
        // A mount target and an access point are answered with the id of their file system too.
        let life = if let Some(made) = region.mount_targets.get_mut(id("MountTargetId")) {
            &mut made.life
        } else if let Some(made) = region.access_points.get_mut(id("AccessPointId")) {
            &mut made.life
        } else if let Some(made) = region.file_systems.get_mut(id("FileSystemId")) {
            &mut made.life
        } else {
            return;
        };
        life.fails = true;
    }

    /// Lets the late effects happen that have come due: whether there were any.
    fn catch_up(&mut self, now: Millis) -> bool {
        self.now = self.now.max(now);
        let (mut due, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.state.late)
            .into_iter()
            .partition(|late| late.due <= self.now);
        self.state.late = waiting;
        due.sort_by_key(|late| late.due);
        let any = !due.is_empty();
        for late in due {
            let (at, request_id) = (late.due, self.next_request_id());
            let (target, request) = late.into_request();
            wire::respond_to(&mut self.state.world, at, &target, &request, &request_id);
        }
        any
    }

    /// Takes the lock, and the state as another process may have left it.
    pub(super) fn refresh(&mut self) -> Result<Option<StoreLock>, StoreError> {
        let lock = self.lock()?;
        if let (Some(store), Some(lock)) = (&mut self.store, &lock) {
            match store.load(lock)? {
                Loaded::Unchanged => {}
                Loaded::Absent => self.state = self.options.start(),
                Loaded::Changed(state) => {
                    self.state = *state;
                    self.options.apply(&mut self.state);
                }
            }
        }
        Ok(lock)
    }

    fn lock(&self) -> Result<Option<StoreLock>, StoreError> {
        self.store.as_ref().map(Store::lock).transpose()
    }

    fn save(&mut self, lock: Option<&StoreLock>) -> Result<(), StoreError> {
        match (&mut self.store, lock) {
            (Some(store), Some(lock)) => store.save(&self.state, lock),
            _ => Ok(()),
        }
    }

    fn answer(&self, reply: Reply) -> Verdict {
        Verdict {
            delay: self.options.latency,
            outcome: Outcome::Reply(reply),
        }
    }

    fn silence(&self, outcome: Outcome) -> Verdict {
        Verdict {
            delay: self.options.latency,
            outcome,
        }
    }

    /// Request ids look like those of AWS, and are the same in every run.
    fn next_request_id(&mut self) -> String {
        self.requests += 1;
        let mixed = self.requests.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            mixed >> 32,
            (mixed >> 16) & 0xffff,
            mixed & 0xfff,
            (mixed >> 20) & 0xfff,
            self.requests
        )
    }
}
