//! The library on a simulated account: the real SDK and adapter, in process, on tokio's paused clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use efsctl::audit::rules::Rules;
use efsctl::aws::{AwsCloud, Connection};
use efsctl::domain::advice::Advice;
use efsctl::domain::event::{Event, Reporter};
use efsctl::domain::ids::Reference;
use efsctl::domain::spec::Spec;
use efsctl::provision::pace::Pacing;
use efsctl::sandbox::account::{Account, Calls, Clock, Options, tokio_clock};
use efsctl::sandbox::connector::Connector;
use efsctl::sandbox::fault::Faults;
use efsctl::sandbox::world::{Region, Timing, World, scenario};
use efsctl::service::{CreateOptions, Created, EfsService, Failure, Stops, ValidateOptions};

use super::rewrite::Rewriting;

/// The region of every bench.
pub const REGION: &str = "eu-west-1";

/// Hears everything.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<Recorded>>>);

/// What an event is about, and the event.
pub type Recorded = (Option<Reference>, Event);

impl Reporter for Recorder {
    fn event(&self, about: Option<&Reference>, event: &Event) {
        let about = about.cloned();
        self.0.lock().unwrap().push((about, event.clone()));
    }
}

/// An account, and how long things take in it.
#[derive(Clone)]
pub struct Harness {
    pub account: Account,
    pub clock: Clock,
    pub recorder: Recorder,
    pub stops: Stops,
}

impl Harness {
    /// An empty account: things take seconds, every call 50 ms.
    pub fn new() -> Self {
        Self::with(Options {
            world: World::default(),
            ..Self::options()
        })
    }

    /// What a bench does unless told otherwise.
    pub fn options() -> Options {
        Options {
            world: World::default(),
            timing: Some(Timing {
                file_system: 5_000,
                mount_target: 80_000,
                delete: 10_000,
                describe_lag: 0,
            }),
            latency: Duration::from_millis(50),
            faults: Faults::default(),
        }
    }

    /// An account that behaves so.
    pub fn with(options: Options) -> Self {
        Self {
            account: Account::new(options),
            clock: tokio_clock(),
            recorder: Recorder::default(),
            stops: Stops::default(),
        }
    }

    /// An empty account in which these calls go wrong.
    pub fn faulty(rules: &[&str]) -> Self {
        let rules = rules.iter().map(|rule| rule.parse().expect("a fault rule"));
        Self::with(Options {
            faults: Faults::new(rules),
            ..Self::options()
        })
    }

    /// An account described in TOML.
    pub fn described(world: &str) -> Self {
        let world = scenario::parse(world, tokio_clock()()).expect("a world");
        Self::with(Options {
            world,
            ..Self::options()
        })
    }

    /// The same, where nothing takes time: for tests in real time.
    pub fn at_once(world: &str) -> Self {
        let world = scenario::parse(world, tokio_clock()()).expect("a world");
        Self::with(Options {
            world,
            latency: Duration::ZERO,
            ..Self::options()
        })
    }

    /// The service on it: a new run, with nothing remembered.
    pub async fn service(&self) -> EfsService<AwsCloud> {
        self.in_region(REGION).await
    }

    /// The service in that region of it.
    pub async fn in_region(&self, region: &str) -> EfsService<AwsCloud> {
        let connector = Connector::new(self.account.clone()).with_clock(self.clock.clone());
        let connection = Connection {
            region: Some(region.to_owned()),
            http_client: Some(SharedHttpClient::new(connector)),
            ..Connection::default()
        };
        let cloud = AwsCloud::connect(connection)
            .await
            .expect("a region is given");
        self.service_on(cloud)
    }

    /// The service as an audit uses it: calls are sent once.
    pub async fn auditor(&self) -> EfsService<AwsCloud> {
        self.service_on(self.service().await.cloud().without_retries())
    }

    /// The service on it, where answers are changed on their way: the request in one text, and the body of the answer.
    pub async fn rewritten(
        &self,
        change: impl Fn(&str, String) -> String + Send + Sync + 'static,
    ) -> EfsService<AwsCloud> {
        self.routed(str::to_owned, change).await
    }

    /// The same, with requests sent to other addresses.
    pub async fn routed(
        &self,
        route: impl Fn(&str) -> String + Send + Sync + 'static,
        change: impl Fn(&str, String) -> String + Send + Sync + 'static,
    ) -> EfsService<AwsCloud> {
        let connector = Connector::new(self.account.clone()).with_clock(self.clock.clone());
        let client = Rewriting::over(connector, change).routed(route);
        let connection = Connection {
            region: Some(REGION.to_owned()),
            http_client: Some(SharedHttpClient::new(client)),
            ..Connection::default()
        };
        let cloud = AwsCloud::connect(connection)
            .await
            .expect("a region is given");
        self.service_on(cloud)
    }

    /// The service as doctor uses it, to which AWS answers at that time (`Date` of HTTP).
    pub async fn dated(&self, date: String) -> EfsService<AwsCloud> {
        let connector = Connector::new(self.account.clone()).with_clock(self.clock.clone());
        let client = Rewriting::over(connector, |_, answer| answer).dated(date);
        let connection = Connection {
            region: Some(REGION.to_owned()),
            http_client: Some(SharedHttpClient::new(client)),
            ..Connection::default()
        };
        let cloud = AwsCloud::connect(connection).await;
        self.service_on(cloud.expect("a region is given").without_retries())
    }

    fn service_on(&self, cloud: AwsCloud) -> EfsService<AwsCloud> {
        EfsService::new(cloud, Box::new(self.recorder.clone()))
            .with_cancellation(self.stops.clone())
            // Without jitter a run can be repeated call by call.
            .with_pacing(Pacing {
                jitter: 0.0,
                ..Pacing::default()
            })
    }

    pub async fn create(&self, spec: &Spec) -> Result<Created, Box<Failure>> {
        self.create_as(spec, "run1").await
    }

    pub async fn create_as(&self, spec: &Spec, run: &str) -> Result<Created, Box<Failure>> {
        self.create_with(
            spec,
            &CreateOptions {
                run: run.to_owned(),
                ..CreateOptions::default()
            },
        )
        .await
    }

    pub async fn create_with(
        &self,
        spec: &Spec,
        options: &CreateOptions,
    ) -> Result<Created, Box<Failure>> {
        self.service().await.create(spec, options).await
    }

    /// Calls so far.
    pub fn calls(&self) -> Calls {
        self.account.calls()
    }

    /// Calls so far that can change something.
    pub fn writes(&self) -> u64 {
        self.calls().writes
    }

    /// The region as it stands.
    pub fn region(&self) -> Region {
        self.region_named(REGION)
    }

    /// Another region as it stands.
    pub fn region_named(&self, name: &str) -> Region {
        let now = (self.clock)();
        let mut state = self.account.state(now).expect("no state file");
        state
            .world
            .region(name, now)
            .expect("a region of AWS")
            .clone()
    }

    /// What is there of ours: file systems, mount targets, security groups made by efsctl.
    pub fn things(&self) -> Things {
        let region = self.region();
        let ours = |tags: &std::collections::BTreeMap<String, String>| {
            tags.contains_key("efsctl:managed-by")
        };
        Things {
            file_systems: region.file_systems.keys().cloned().collect(),
            mount_targets: region.mount_targets.keys().cloned().collect(),
            groups: region
                .security_groups
                .values()
                .filter(|group| ours(&group.tags))
                .map(|group| group.id.clone())
                .collect(),
        }
    }

    /// What happened so far, and to which deployment.
    pub fn events(&self) -> Vec<Recorded> {
        self.recorder.0.lock().unwrap().clone()
    }

    /// Whether a warning or a note said that.
    pub fn told(&self, said: &str) -> bool {
        let events = self.recorder.0.lock().unwrap();
        events.iter().any(|(_, event)| match event {
            Event::Warning(text) | Event::Note(text) => text.contains(said),
            _ => false,
        })
    }

    /// Warnings so far.
    pub fn warnings(&self) -> Vec<String> {
        let events = self.recorder.0.lock().unwrap();
        events
            .iter()
            .filter_map(|(_, event)| match event {
                Event::Warning(warning) => Some(warning.to_string()),
                _ => None,
            })
            .collect()
    }
}

/// Ids of what exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Things {
    pub file_systems: Vec<String>,
    pub mount_targets: Vec<String>,
    pub groups: Vec<String>,
}

impl Things {
    /// How many: file systems, mount targets, groups.
    pub fn count(&self) -> (usize, usize, usize) {
        (
            self.file_systems.len(),
            self.mount_targets.len(),
            self.groups.len(),
        )
    }
}

/// The default spec.
pub fn spec(name: &str) -> Spec {
    Spec::new(name.parse().expect("a name"))
}

/// Evidence, as one text.
pub fn joined(lines: &[Advice], between: &str) -> String {
    Advice::joined(lines.iter().cloned(), between).to_string()
}

/// A reference by name or id.
pub fn reference(text: &str) -> Reference {
    text.parse().expect("a reference")
}

/// What is asked of file systems: that these clients can use them, on the day of all tests.
pub fn asked(clients: &[&str]) -> ValidateOptions {
    ValidateOptions {
        region: REGION.to_owned(),
        clients: clients
            .iter()
            .map(|client| client.parse().expect("a client"))
            .collect(),
        rules: Rules::on("2026-11-21".to_owned()),
        ..ValidateOptions::default()
    }
}
