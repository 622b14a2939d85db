//! Whether a file system can be used from this host, shown by using it.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{EfsService, fresh_run};
use crate::cloud::Cloud;
use crate::connect::Rights;
use crate::domain::access_point::AccessPointRef;
use crate::domain::finding::Verdict;
use crate::domain::ids::{FileSystemId, Reference};
use crate::domain::network::NFS_PORT;
use crate::domain::partition::dns_name;
use crate::domain::state::State;
use crate::domain::verification::{Place, Step, StepDone, Transport, Verification};
use crate::error::{Code, Error};
use crate::host::{ATTEMPT, nfs};
use crate::provision::deadline;
use crate::verify::explain::Known;
use crate::verify::nfs::NfsShare;
use crate::verify::round::{Ended, PREFIX, Reach, Round, Task};
use crate::verify::tls::{Forwarder, Roots};
use crate::verify::way::{Way, way};
use crate::verify::{Attributes, Fault, User};

/// How long one step may take.
const LIMIT: Duration = Duration::from_secs(5);

/// How a file system is used to see whether it can be.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// As this user.
    pub user: User,
    /// In this directory of the file system, absolute.
    pub directory: String,
    /// What is done.
    pub task: Task,
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
    /// Root, in the root directory, by the certificates of the system; five seconds a step.
    fn default() -> Self {
        Self {
            user: User { uid: 0, gid: 0 },
            directory: "/".to_owned(),
            task: Task::Use,
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
    /// The private directory that will be created.
    pub private: String,
    request: VerifyRequest,
    run: String,
    way: Way,
    name: String,
    targets: Vec<(Place, SocketAddr)>,
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::verify`] will do. Reads only.
    ///
    /// # Errors
    ///
    /// As [`EfsService::connection`]; [`Code::NoMountTarget`], [`Code::NotAvailable`].
    pub async fn plan_verification(
        &self,
        reference: &Reference,
        region: &str,
        request: VerifyRequest,
    ) -> Result<PlannedVerification, Error> {
        let point = request.access_point.as_ref();
        let connection = self.connection(reference, point, region).await?;
        let id = connection.file_system.id.clone();
        let all = connection.mount_targets.iter();
        let mut targets: Vec<_> = all
            .filter(|one| one.state == State::Available)
            .filter_map(|one| {
                let place = Place {
                    mount_target_id: Some(one.id.clone()),
                    availability_zone: Some(one.zone.clone()),
                    at: one.ip?.to_string(),
                };
                Some((place, SocketAddr::new(one.ip?, NFS_PORT)))
            })
            .collect();
        targets.sort_by(|(one, _), (other, _)| one.availability_zone.cmp(&other.availability_zone));
        if targets.is_empty() {
            let (code, what) = match connection.mount_targets.as_slice() {
                [] => (Code::NoMountTarget, "has no mount target"),
                _ => (Code::NotAvailable, "has no mount target that is available"),
            };
            return Err(Error::new(code, format!("{} {what}", id.bare())));
        }
        let run = fresh_run();
        let below = request.directory.trim_end_matches('/');
        Ok(PlannedVerification {
            way: match request.access_point {
                Some(_) => Way::NeedsIdentity,
                None => way(&connection.rules),
            },
            name: dns_name(&id, region),
            private: format!("{below}/{PREFIX}{run}"),
            writes: request.task.writes(),
            file_system_id: id,
            request,
            run,
            targets,
        })
    }

    /// Uses a file system as it was planned: mounts each mount target in this program, writes, reads, renames, locks and deletes in a
    /// private directory, and reads through each what was written through another. What cannot be told by this program is "unknown".
    ///
    /// A ctrl-C ends it, and what was created is removed.
    pub async fn verify(&self, planned: PlannedVerification) -> Verification {
        let request = &planned.request;
        let mut verification = Verification {
            file_system_id: planned.file_system_id.clone(),
            transport: None,
            user: request.user.to_string(),
            directory: request.directory.clone(),
            steps: Vec::new(),
            complete: true,
            left: None,
            notes: Vec::new(),
        };
        let (transport, rights) = match &planned.way {
            Way::Open(transport, rights) => (*transport, rights.clone()),
            Way::NeedsIdentity => {
                let why = if request.access_point.is_some() {
                    "an access point is reached by efs-utils only"
                } else {
                    "the file system policy lets only clients with an IAM identity, or by an access point, mount: efs-utils only"
                };
                verification.steps = unknown(&planned, why);
                return verification;
            }
            Way::Denied => {
                verification.steps = planned.not_mounted(
                    Verdict::Fail,
                    "the file system policy denies every client to mount",
                );
                return verification;
            }
        };
        verification.transport = Some(transport);
        let roots = match transport {
            Transport::Tls => match request.roots.store() {
                Ok(roots) => Some(roots),
                Err(why) => {
                    verification.steps = unknown(
                        &planned,
                        &format!("the certificates to trust cannot be read: {why}"),
                    );
                    return verification;
                }
            },
            Transport::Plain | Transport::Path => None,
        };
        let mut ways = Vec::new();
        for (place, address) in &planned.targets {
            let forwarder = match &roots {
                None => Ok(None),
                Some(roots) => {
                    let opened = Forwarder::open(*address, &planned.name, roots.clone(), ATTEMPT);
                    opened.await.map(Some)
                }
            };
            match forwarder {
                Ok(forwarder) => ways.push(OverNetwork {
                    place: place.clone(),
                    address: forwarder.as_ref().map_or(*address, Forwarder::address),
                    forwarder,
                    user: request.user,
                    directory: request.directory.clone(),
                    rights: rights.clone(),
                    attributes: Mutex::default(),
                }),
                Err(why) => verification.notes.push(why),
            }
        }
        let round = Round {
            directory: &request.directory,
            run: &planned.run,
            task: &request.task,
            limit: request.limit,
            deadline: request.timeout.map(deadline),
            stop: &self.stops.first,
            stop_at_once: &self.stops.second,
        };
        let Ended {
            is_complete,
            steps,
            left,
            others,
        } = round.run(&ways).await;
        verification.steps = steps;
        verification.complete = is_complete;
        verification.left = left;
        for other in others {
            let below = request.directory.trim_end_matches('/');
            let note =
                format!("{below}/{other} is there: another verify is running, or was killed");
            verification.notes.push(note);
        }
        verification
    }
}

impl PlannedVerification {
    /// Each mount target with the same verdict, without having been asked.
    fn not_mounted(&self, verdict: Verdict, why: &str) -> Vec<StepDone> {
        let step = |(place, _): &(Place, SocketAddr)| StepDone {
            step: Step::Mount,
            place: place.clone(),
            verdict,
            detail: Some(why.to_owned()),
            milliseconds: 0,
        };
        self.targets.iter().map(step).collect()
    }
}

fn unknown(planned: &PlannedVerification, why: &str) -> Vec<StepDone> {
    planned.not_mounted(Verdict::Unknown, why)
}

/// A mount target, reached over the network.
struct OverNetwork {
    place: Place,
    /// Its own, or that of the forwarder in front of it.
    address: SocketAddr,
    forwarder: Option<Forwarder>,
    user: User,
    directory: String,
    rights: Rights,
    attributes: Mutex<Option<Attributes>>,
}

impl Reach for OverNetwork {
    type Share = NfsShare;

    fn place(&self) -> &Place {
        &self.place
    }

    async fn connect(&self) -> Result<(), String> {
        let asked = nfs::ask(self.address, ATTEMPT).await;
        let Err(why) = asked else {
            return Ok(());
        };
        // The client of the forwarder sees a connection that ends; why it ended, the forwarder knows.
        Err(match self.forwarder.as_ref().map(Forwarder::failure) {
            None => why.to_string(),
            Some(None) => format!("over TLS: {why}"),
            Some(Some(why)) => format!("TLS: {why}"),
        })
    }

    async fn mount(&self) -> Result<NfsShare, Fault> {
        NfsShare::mount(self.address, self.user).await
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
