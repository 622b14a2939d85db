//! A file system, used by the mount of this host.

use std::io::ErrorKind;
use std::path::Path;

use super::{Asked, PlannedVerification, VerifyRequest};
use crate::connect::options::{self, Harm};
use crate::connect::{Connection, Rights};
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::finding::Verdict;
use crate::domain::ids::{FileSystemId, Reference};
use crate::domain::network::NFS_PORT;
use crate::domain::verification::{Place, Step, StepDone, Transport, Verification};
use crate::error::{Code, Error, Kind};
use crate::host::facts::{self, Mounted, NotMounted};
use crate::verify::identity::{Identity, TargetAddress, identity};
use crate::verify::path::{PathShare, this_user};
use crate::verify::round::Reach;
use crate::verify::{Attributes, Fault, User};

/// The directory of this host, and what is mounted there.
#[derive(Debug)]
pub(super) struct PathPlan {
    pub(super) file_system_id: FileSystemId,
    pub(super) user: User,
    mounted: Mounted,
    identity: Identity,
    place: Place,
}

impl PathPlan {
    /// What is mounted there, compared with what was read of the file system.
    pub(super) async fn of(
        path: &Path,
        request: &VerifyRequest,
        reference: &Reference,
        connection: Result<Connection, Error>,
    ) -> Result<Self, Error> {
        let own = this_user();
        let user = request.user.unwrap_or(own);
        if user != own && own.uid != 0 {
            let message = advice![
                (Field::As, user),
                " together with ",
                (Field::Path, path.display()),
                format!(" needs root: this process is {own}")
            ];
            let hint = format!(
                "run it with sudo, or as that user: sudo -u '#{}' …",
                user.uid
            );
            return Err(Error::usage(message).hint(hint));
        }
        // A host that mounts a file system need not be allowed to describe it.
        let is_unread = |error: &Error| error.kind == Kind::Denied || error.code == Code::NoAnswer;
        let (id, targets) = match (connection, reference) {
            (Ok(connection), _) => {
                let all = connection.mount_targets.into_iter();
                let targets: Vec<TargetAddress> = all
                    .filter_map(|one| Some((one.id, one.zone, one.ip?)))
                    .collect();
                (connection.file_system.id, Ok(targets))
            }
            (Err(error), Reference::Id(id) | Reference::Arn { id, .. }) if is_unread(&error) => {
                (id.clone(), Err(error.to_string()))
            }
            (Err(error), _) => return Err(error),
        };
        let place = facts::Place {
            root: request.host.clone(),
            ..facts::Place::this_host(NFS_PORT)
        };
        let mounted = facts::mounted(&place, path, id.bare()).await;
        let mounted = mounted.map_err(|why| unusable(&why, path, reference))?;
        let targets = targets.as_deref().map_err(String::as_str);
        let identity = identity(&mounted, &id, targets);
        let (target, zone) = identity.target.clone().unzip();
        let place = Place {
            mount_target_id: target,
            availability_zone: zone,
            at: mounted.path.display().to_string(),
        };
        Ok(Self {
            file_system_id: id,
            user,
            mounted,
            identity,
            place,
        })
    }

    /// It may be the file system that is meant: nothing is written to another one.
    pub(super) fn is_meant(&self) -> bool {
        self.identity.verdict != Verdict::Fail
    }

    /// What a path in the file system is called on this host.
    pub(super) fn on_this_host(&self, path: &str) -> String {
        let root = self.mounted.path.display().to_string();
        format!("{}{path}", root.trim_end_matches('/'))
    }

    /// The mount, with what is to be said about it; `None`: it is not what is meant.
    pub(super) fn way(
        &self,
        planned: &PlannedVerification,
        verification: &mut Verification,
    ) -> Option<ByPath> {
        let step = |step, verdict, detail| StepDone {
            step,
            place: self.place.clone(),
            verdict,
            detail: Some(detail),
            milliseconds: 0,
        };
        let Identity { verdict, seen, .. } = &self.identity;
        verification.transport = Some(Transport::Path);
        verification
            .steps
            .push(step(Step::Identify, *verdict, seen.clone()));
        if !self.is_meant() {
            return None;
        }
        let faults = options::faults(&self.mounted.mount.options);
        let (serious, slow): (Vec<_>, Vec<_>) = faults
            .into_iter()
            .partition(|fault| fault.harm == Harm::Serious);
        let said = |fault: options::Fault| format!("{}: {}", fault.option, fault.why);
        let shown = if serious.is_empty() {
            step(
                Step::Options,
                Verdict::Pass,
                self.mounted.mount.options.join(","),
            )
        } else {
            let seen: Vec<String> = serious.into_iter().map(said).collect();
            step(Step::Options, Verdict::Fail, seen.join("; "))
        };
        verification.steps.push(shown);
        verification.notes.extend(slow.into_iter().map(said));
        Some(ByPath {
            place: self.place.clone(),
            mounted: self.mounted.clone(),
            asked: Asked::of(planned, Rights::default()),
        })
    }
}

/// Why a path of this host cannot be used at all.
fn unusable(why: &NotMounted, path: &Path, reference: &Reference) -> Error {
    let named = |what: String| advice![(Field::Path, path.display()), format!(": {what}")];
    let mount = || {
        let connect = Command::efsctl("connect").arg(reference);
        Advice::step("how to mount it", connect.flag("--for", "mount"))
    };
    let doctor = || Advice::step("why", Command::efsctl("doctor").arg(reference));
    match why {
        NotMounted::Unreadable(error) if error.kind() == ErrorKind::StaleNetworkFileHandle => {
            let what = "stale file handle: its server does not have it any more".to_owned();
            Error::new(Code::NotUsable, named(what)).hint(doctor())
        }
        NotMounted::Unreadable(error) => {
            let what = match error.kind() {
                ErrorKind::NotFound => "there is no such directory".to_owned(),
                _ => error.to_string(),
            };
            Error::usage(named(what)).hint(mount())
        }
        NotMounted::NotADirectory => Error::usage(named("it is no directory".to_owned())),
        NotMounted::Hangs => {
            let what = "it does not answer: its server may be away".to_owned();
            Error::new(Code::NotUsable, named(what)).hint(doctor())
        }
        NotMounted::NoTable(why) => Error::new(Code::NotVerified, named(why.clone())),
    }
}

/// The mount of this host.
pub(super) struct ByPath {
    place: Place,
    mounted: Mounted,
    asked: Asked,
}

impl Reach for ByPath {
    type Share = PathShare;

    fn place(&self) -> &Place {
        &self.place
    }

    fn is_mounted(&self) -> bool {
        true
    }

    async fn connect(&self) -> Result<(), String> {
        Ok(())
    }

    async fn mount(&self) -> Result<PathShare, Fault> {
        PathShare::open(self.mounted.path.clone(), self.asked.user).await
    }

    fn seen(&self, attributes: Attributes) {
        self.asked.seen(attributes);
    }

    fn explain(&self, step: Step, fault: &Fault) -> Option<String> {
        if *fault == Fault::ReadOnly && self.mounted.mount.has("ro") {
            return Some(format!("{} is mounted read-only (ro)", self.place.at));
        }
        self.asked.explain(step, fault)
    }
}
