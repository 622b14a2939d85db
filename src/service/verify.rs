//! Whether a file system can be used from this host, shown by using it.

mod by_path;
mod network;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use self::by_path::PathPlan;
use self::network::NetworkPlan;
use super::{EfsService, fresh_run};
use crate::cloud::Cloud;
use crate::connect::Rights;
use crate::domain::access_point::AccessPointRef;
use crate::domain::ids::{FileSystemId, Reference};
use crate::domain::verification::{Step, Verification};
use crate::error::Error;
use crate::provision::deadline;
use crate::verify::explain::Known;
use crate::verify::round::{Ended, PREFIX, Reach, Round, Samples, Task};
use crate::verify::tls::Roots;
use crate::verify::{Attributes, Fault, User};

/// How long one step may take.
const LIMIT: Duration = Duration::from_secs(5);

/// How a file system is used to see whether it can be.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// As this user; `None`: over the network as root, by a path as the user of this process.
    pub user: Option<User>,
    /// In this directory of the file system, absolute.
    pub directory: String,
    /// What is done.
    pub task: Task,
    /// By the mount of this host at this path; `None`: over the network, without a mount.
    pub path: Option<PathBuf>,
    /// The root directory of this host, below which its table of mounts is read.
    pub host: PathBuf,
    /// By this access point: this program cannot, and says so.
    pub access_point: Option<AccessPointRef>,
    /// Whom to trust where TLS is needed.
    pub roots: Roots,
    /// How long one step may take.
    pub limit: Duration,
    /// How long all of it may take, the removal apart; `None`: as long as its steps.
    pub timeout: Option<Duration>,
}

impl Default for VerifyRequest {
    /// In the root directory, over the network, by the certificates of the system; five seconds a step.
    fn default() -> Self {
        Self {
            user: None,
            directory: "/".to_owned(),
            task: Task::Use,
            path: None,
            host: "/".into(),
            access_point: None,
            roots: Roots::OfSystem,
            limit: LIMIT,
            timeout: None,
        }
    }
}

/// What will be done where: to be shown, or confirmed, before it is.
#[derive(Debug)]
pub struct PlannedVerification {
    /// The file system.
    pub file_system_id: FileSystemId,
    /// Something is written.
    pub writes: bool,
    /// The private directory that will be created: in the file system, or on this host.
    pub private: String,
    request: VerifyRequest,
    user: User,
    run: String,
    by: By,
}

/// By what a file system is used.
#[derive(Debug)]
enum By {
    Network(NetworkPlan),
    Path(Box<PathPlan>),
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::verify`] will do. Reads only.
    ///
    /// # Errors
    ///
    /// As [`EfsService::connection`]; over the network [`Code::NoMountTarget`](crate::error::Code::NoMountTarget) and
    /// [`Code::NotAvailable`](crate::error::Code::NotAvailable); by a path that is no directory of this host
    /// [`Code::InvalidArguments`](crate::error::Code::InvalidArguments), by one that does not answer [`Code::NotUsable`](crate::error::Code::NotUsable).
    /// By a path, that the file system may not be read is a reason in what is returned, where it is named by its id.
    pub async fn plan_verification(
        &self,
        reference: &Reference,
        region: &str,
        request: VerifyRequest,
    ) -> Result<PlannedVerification, Error> {
        let connection = self.connection(reference, request.access_point.as_ref(), region);
        let connection = connection.await;
        let run = fresh_run();
        let below = request.directory.trim_end_matches('/');
        let private = format!("{below}/{PREFIX}{run}");
        if let Some(path) = &request.path {
            let plan = PathPlan::of(path, &request, reference, connection).await?;
            return Ok(PlannedVerification {
                file_system_id: plan.file_system_id.clone(),
                writes: request.task.writes() && plan.is_meant(),
                private: plan.on_this_host(&private),
                user: plan.user,
                request,
                run,
                by: By::Path(Box::new(plan)),
            });
        }
        let connection = connection?;
        let id = connection.file_system.id.clone();
        let plan = NetworkPlan::of(&connection, region, &request)?;
        Ok(PlannedVerification {
            file_system_id: id,
            writes: request.task.writes(),
            private,
            user: request.user.unwrap_or(User { uid: 0, gid: 0 }),
            request,
            run,
            by: By::Network(plan),
        })
    }

    /// Uses a file system as it was planned: mounts each mount target in this program, or takes the mount of this host; writes, reads,
    /// renames, locks and deletes in a private directory, and reads through each mount target what was written through another. What cannot
    /// be shown by this program is "unknown".
    ///
    /// A ctrl-C ends it, and what was created is removed.
    pub async fn verify(&self, planned: PlannedVerification) -> Verification {
        let request = &planned.request;
        let mut verification = Verification {
            file_system_id: planned.file_system_id.clone(),
            transport: None,
            user: planned.user.to_string(),
            directory: request.directory.clone(),
            steps: Vec::new(),
            complete: true,
            left: None,
            notes: Vec::new(),
        };
        let mut round = Round {
            directory: &request.directory,
            run: &planned.run,
            task: &request.task,
            limit: request.limit,
            deadline: request.timeout.map(deadline),
            samples: None,
            stop: &self.stops.first,
            stop_at_once: &self.stops.second,
        };
        match &planned.by {
            By::Network(plan) => {
                if let Some(ways) = plan.ways(&planned, &mut verification).await {
                    verification.add(&round, &ways, str::to_owned).await;
                }
            }
            By::Path(plan) => {
                round.samples = Some(Samples::of(planned.user.uid));
                if let Some(way) = plan.way(&planned, &mut verification) {
                    let on_this_host = |path: &str| plan.on_this_host(path);
                    verification.add(&round, &[way], on_this_host).await;
                }
            }
        }
        verification
    }
}

impl Verification {
    /// Uses the file system by these ways. `shown`: what a path in it is called.
    async fn add<R: Reach>(
        &mut self,
        round: &Round<'_>,
        ways: &[R],
        shown: impl Fn(&str) -> String,
    ) {
        let Ended {
            is_complete,
            steps,
            left,
            others,
        } = round.run(ways).await;
        self.steps.extend(steps);
        self.complete = is_complete;
        let left: Vec<String> = left.iter().map(|path| shown(path)).collect();
        self.left = (!left.is_empty()).then(|| left.join(" and "));
        for other in others {
            let below = round.directory.trim_end_matches('/');
            let other = shown(&format!("{below}/{other}"));
            let note = format!("{other} is there: another verify is running, or was killed");
            self.notes.push(note);
        }
    }
}

/// Who uses it, and whose it is: what a refusal may come from.
#[derive(Debug)]
struct Asked {
    user: User,
    directory: String,
    rights: Rights,
    attributes: Mutex<Option<Attributes>>,
}

impl Asked {
    fn of(planned: &PlannedVerification, rights: Rights) -> Self {
        Self {
            user: planned.user,
            directory: planned.request.directory.clone(),
            rights,
            attributes: Mutex::default(),
        }
    }

    fn seen(&self, attributes: Attributes) {
        let mut seen = self
            .attributes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *seen = Some(attributes);
    }

    fn explain(&self, step: Step, fault: &Fault) -> Option<String> {
        let known = Known {
            rights: &self.rights,
            user: self.user,
            directory: &self.directory,
            attributes: *self
                .attributes
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        };
        known.explain(step, fault)
    }
}
