//! What is counted, as `OpenMetrics`.

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::service::Stats;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u16,
}

pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Histogram,
    written: Counter,
    swept: Counter,
    connections: Gauge,
    jobs: Gauge,
    files: Gauge,
    bytes: Gauge,
    over: Gauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("efsctl_workspace");
        let new = Self {
            requests: Family::default(),
            seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 16)),
            written: Counter::default(),
            swept: Counter::default(),
            connections: Gauge::default(),
            jobs: Gauge::default(),
            files: Gauge::default(),
            bytes: Gauge::default(),
            over: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register(
            "requests",
            "Requests that were answered",
            new.requests.clone(),
        );
        registry.register_with_unit(
            "request",
            "How long answers took",
            Unit::Seconds,
            new.seconds.clone(),
        );
        registry.register_with_unit(
            "written",
            "Content that was written",
            Unit::Bytes,
            new.written.clone(),
        );
        registry.register(
            "swept",
            "Jobs that expired and were removed",
            new.swept.clone(),
        );
        registry.register("connections", "Open connections", new.connections.clone());
        registry.register("jobs", "Jobs", new.jobs.clone());
        registry.register("files", "Files of all jobs", new.files.clone());
        registry.register_with_unit(
            "held",
            "Content of all jobs",
            Unit::Bytes,
            new.bytes.clone(),
        );
        registry.register(
            "over",
            "Jobs that hold more than they may",
            new.over.clone(),
        );
        Self { registry, ..new }
    }

    pub(super) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = Labels {
            method: method.to_owned(),
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    pub(super) fn written(&self, bytes: u64) {
        self.written.inc_by(bytes);
    }

    pub(super) fn swept(&self, jobs: u64) {
        self.swept.inc_by(jobs);
    }

    pub(super) fn connected(&self, by: i64) {
        self.connections.inc_by(by);
    }

    pub(super) fn holds(&self, stats: &Stats) {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.jobs.set(number(stats.workspaces));
        self.files.set(number(stats.counts.files));
        self.bytes.set(number(stats.counts.bytes));
        self.over.set(number(stats.over));
    }

    pub(super) fn render(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
