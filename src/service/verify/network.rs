//! A file system, used over the network, without a mount of this host.

use std::net::SocketAddr;

use super::{Asked, PlannedVerification, VerifyRequest};
use crate::connect::Connection;
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::Verdict;
use crate::domain::network::NFS_PORT;
use crate::domain::partition::dns_name;
use crate::domain::state::State;
use crate::domain::verification::{Place, Step, StepDone, Transport, Verification};
use crate::error::{Code, Error};
use crate::host::{ATTEMPT, nfs};
use crate::verify::nfs::NfsShare;
use crate::verify::round::Reach;
use crate::verify::tls::Forwarder;
use crate::verify::way::{Way, way};
use crate::verify::{Attributes, Fault};

/// Which mount targets are used, and how.
#[derive(Debug)]
pub(super) struct NetworkPlan {
    way: Way,
    name: String,
    targets: Vec<(Place, SocketAddr)>,
}

impl NetworkPlan {
    /// Every mount target that is available.
    pub(super) fn of(
        connection: &Connection,
        region: &str,
        request: &VerifyRequest,
    ) -> Result<Self, Error> {
        let id = &connection.file_system.id;
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
            let add = Command::efsctl("validate").arg(id.bare()).arg("--fix");
            let wait = Command::efsctl("wait").arg(id.bare());
            let hint = match code {
                Code::NoMountTarget => Advice::step("to add them", add),
                _ => Advice::step("to wait for them", wait),
            };
            return Err(Error::new(code, format!("{} {what}", id.bare())).hint(hint));
        }
        Ok(Self {
            way: match request.access_point {
                Some(_) => Way::NeedsIdentity,
                None => way(&connection.rules),
            },
            name: dns_name(id, region),
            targets,
        })
    }

    /// A way to each mount target; `None`: this program cannot go there, and the steps say why.
    pub(super) async fn ways(
        &self,
        planned: &PlannedVerification,
        verification: &mut Verification,
    ) -> Option<Vec<OverNetwork>> {
        let (transport, rights) = match &self.way {
            Way::Open(transport, rights) => (*transport, rights.clone()),
            Way::NeedsIdentity => {
                let why = if planned.request.access_point.is_some() {
                    "an access point is reached by efs-utils only"
                } else {
                    "the file system policy lets only clients with an IAM identity, or by an access point, mount: efs-utils only"
                };
                verification.steps = self.not_mounted(Verdict::Unknown, why);
                return None;
            }
            Way::Denied => {
                let why = "the file system policy denies every client to mount";
                verification.steps = self.not_mounted(Verdict::Fail, why);
                return None;
            }
        };
        verification.transport = Some(transport);
        let roots = match transport {
            Transport::Tls => match planned.request.roots.store() {
                Ok(roots) => Some(roots),
                Err(why) => {
                    let why = format!("the certificates to trust cannot be read: {why}");
                    verification.steps = self.not_mounted(Verdict::Unknown, &why);
                    return None;
                }
            },
            Transport::Plain | Transport::Path => None,
        };
        let mut ways = Vec::new();
        for (place, address) in &self.targets {
            let forwarder = match &roots {
                None => Ok(None),
                Some(roots) => {
                    let opened = Forwarder::open(*address, &self.name, roots.clone(), ATTEMPT);
                    opened.await.map(Some)
                }
            };
            match forwarder {
                Ok(forwarder) => ways.push(OverNetwork {
                    place: place.clone(),
                    address: forwarder.as_ref().map_or(*address, Forwarder::address),
                    forwarder,
                    asked: Asked::of(planned, rights.clone()),
                }),
                Err(why) => verification.notes.push(why),
            }
        }
        Some(ways)
    }

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

/// A mount target, reached over the network.
pub(super) struct OverNetwork {
    place: Place,
    /// Its own, or that of the forwarder in front of it.
    address: SocketAddr,
    forwarder: Option<Forwarder>,
    asked: Asked,
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
        NfsShare::mount(self.address, self.asked.user).await
    }

    fn seen(&self, attributes: Attributes) {
        self.asked.seen(attributes);
    }

    fn explain(&self, step: Step, fault: &Fault) -> Option<String> {
        self.asked.explain(step, fault)
    }
}
