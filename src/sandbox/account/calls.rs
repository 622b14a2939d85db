//! What was called: counts, and the latest calls.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::wire::Service;
use crate::world::Millis;

/// How many calls the log remembers.
const REMEMBERED: usize = 10_000;

/// The calls of an account since it was opened or reset.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Calls {
    /// All calls.
    pub total: u64,
    /// Those that asked for a change.
    pub writes: u64,
    /// How often each operation was called.
    pub counts: BTreeMap<String, u64>,
    /// The latest 10,000, oldest first.
    pub log: VecDeque<Call>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// When it came.
    pub at: Millis,
    /// The service, if the request named one.
    pub service: Option<Service>,
    /// The region, if the request named one.
    pub region: Option<String>,
    /// The operation, if the service has it.
    pub operation: Option<String>,
    /// Whether it asked for a change, successful or not.
    pub writes: bool,
    /// Status of the answer; none when the client got no answer.
    pub status: Option<u16>,
    /// The fault that met it, as a rule would write it.
    pub fault: Option<String>,
}

impl Calls {
    /// How often an operation was called.
    pub fn count(&self, operation: &str) -> u64 {
        self.counts.get(operation).copied().unwrap_or_default()
    }

    pub(super) fn record(&mut self, call: Call) {
        self.total += 1;
        self.writes += u64::from(call.writes);
        if let Some(operation) = &call.operation {
            *self.counts.entry(operation.clone()).or_default() += 1;
        }
        if self.log.len() == REMEMBERED {
            self.log.pop_front();
        }
        self.log.push_back(call);
    }
}
