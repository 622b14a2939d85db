//! Asking from this host: do the names resolve, does NFS answer.

mod reach;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::time::Instant;

use super::{Awaited, EfsService, Failure};
use crate::cloud::Cloud;
use crate::domain::advice::{Advice, advice};
use crate::domain::deployment::{Deployment, MountTargetView};
use crate::domain::event::Event;
use crate::domain::field::Field;
use crate::domain::ids::{MountTargetId, Reference};
use crate::domain::network::NFS_PORT;
use crate::domain::partition::zonal_dns_name;
use crate::error::{Code, Error};
use crate::host::names::{NoAddress, Resolver};
use crate::host::nfs::NoAnswer;
use crate::host::{ATTEMPT, nfs};
use crate::provision::deadline;
use crate::provision::pace::{GaveUp, Pacing, Retry};

/// How long nothing answers before a host that is in no network of the file system gives up: rules of security groups and names take
/// some seconds to be so everywhere.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked from this host, of a file system that is available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FromHere {
    /// What is asked of each mount target.
    pub question: Question,
    /// One that answers is enough.
    pub any: bool,
}

/// What is asked of a mount target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// Its DNS name resolves to its address.
    Dns(Resolver),
    /// It answers as an NFS 4.1 server.
    Nfs,
}

impl Question {
    /// As it is asked for on the command line.
    fn keyword(self) -> &'static str {
        match self {
            Self::Dns(_) => "dns",
            Self::Nfs => "nfs",
        }
    }
}

impl<C: Cloud> EfsService<C> {
    /// Waits until the file system is available, and its mount targets can be reached from this host.
    ///
    /// # Errors
    ///
    /// As [`EfsService::wait_for_mount_targets`]; [`Code::NotReachableFromHere`]: nothing answers, and the address of this host is in no
    /// network that reaches them.
    pub async fn wait_from_here(
        &self,
        reference: &Reference,
        region: &str,
        awaited: FromHere,
        timeout: Duration,
    ) -> Result<Deployment, Box<Failure>> {
        let deadline = deadline(timeout);
        let keyword = Some(awaited.question.keyword());
        let reached = self.wait_first(reference, Awaited::Available, keyword, timeout);
        let reached = reached.await?;
        let deployment =
            reached.ok_or_else(|| Error::new(Code::Vanished, "the file system vanished"))?;
        let targets = deployment.mount_targets.iter();
        let probe = Probe {
            service: self,
            about: reference,
            awaited,
            targets: targets
                .map(|view| Asked::of(view, &deployment, region))
                .collect(),
            deadline,
        };
        probe.until_answered().await?;
        Ok(deployment)
    }
}

/// A mount target that is asked.
struct Asked<'p> {
    view: &'p MountTargetView,
    name: String,
    address: Option<IpAddr>,
}

/// Why a mount target did not answer as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    /// AWS shows no address of it.
    Unknown,
    /// Its name has no address.
    Name(NoAddress),
    /// Its name has these addresses, and not its own.
    Elsewhere(Vec<IpAddr>),
    /// It is no NFS 4.1 server, or does not answer.
    Server(NoAnswer),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("AWS shows no address of it"),
            Self::Name(why) => why.fmt(f),
            Self::Elsewhere(found) => {
                let found: Vec<String> = found.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "resolves to {}, which is not its address",
                    found.join(", ")
                )
            }
            Self::Server(why) => why.fmt(f),
        }
    }
}

impl Why {
    /// Nothing came back: as where there is no way between the two.
    fn is_silence(&self) -> bool {
        match self {
            Self::Name(NoAddress::NoName | NoAddress::NoAnswer(_)) => true,
            Self::Server(why) => why.is_silence(),
            Self::Name(NoAddress::Failed(_)) | Self::Unknown | Self::Elsewhere(_) => false,
        }
    }
}

impl<'p> Asked<'p> {
    fn of(view: &'p MountTargetView, of: &Deployment, region: &str) -> Self {
        Self {
            view,
            name: zonal_dns_name(&view.availability_zone, &of.file_system_id, region),
            address: view.ip_address.as_ref().and_then(|ip| ip.parse().ok()),
        }
    }

    async fn ask(&self, question: Question) -> Result<(), Why> {
        let address = self.address.ok_or(Why::Unknown)?;
        match question {
            Question::Nfs => {
                let asked = nfs::ask(SocketAddr::new(address, NFS_PORT), ATTEMPT);
                asked.await.map_err(Why::Server)
            }
            Question::Dns(resolver) => {
                let found = resolver.addresses(&self.name, ATTEMPT).await;
                let found = found.map_err(Why::Name)?;
                if found.contains(&address) {
                    return Ok(());
                }
                Err(Why::Elsewhere(found.into_iter().collect()))
            }
        }
    }

    /// What is asked, as it is shown.
    fn at(&self, question: Question) -> String {
        match (question, self.address) {
            (Question::Dns(_), _) => self.name.clone(),
            (Question::Nfs, Some(address)) => address.to_string(),
            (Question::Nfs, None) => self.view.mount_target_id.to_string(),
        }
    }

    fn described(&self, question: Question, why: &Why) -> String {
        let (id, zone) = (&self.view.mount_target_id, &self.view.availability_zone);
        format!("{id} in {zone} ({}): {why}", self.at(question))
    }
}

/// An attempt in which not all that has to answer did.
struct Missing {
    /// Which, and why.
    why: Vec<String>,
    /// Where this host is, if it is in no network that reaches them and none of them answered.
    outside: Option<Advice>,
}

/// A file system that is asked from this host.
struct Probe<'p, C> {
    service: &'p EfsService<C>,
    about: &'p Reference,
    awaited: FromHere,
    targets: Vec<Asked<'p>>,
    deadline: Instant,
}

impl<C: Cloud> Probe<'_, C> {
    /// Until every mount target answers, or, where that suffices, one. AWS says that a name takes up to 90 seconds after the mount target
    /// is available (EFS user guide, "Troubleshooting mount issues").
    async fn until_answered(&self) -> Result<(), Error> {
        if matches!(self.awaited.question, Question::Dns(Resolver::OfHost)) && self.is_simulated() {
            return Err(Error::usage("the mount targets have loopback addresses, as in a simulated account, whose names do not resolve")
                .hint("wait --for nfs asks them by their addresses"));
        }
        let began = Instant::now();
        let retry = Retry {
            pacing: &Pacing::default(),
            deadline: Some(self.deadline),
            stop: &self.service.stops.first,
        };
        let mut answers = BTreeMap::new();
        let mut outside = None;
        let attempt = async || {
            let Err((why, is_silence)) = self.ask_each(&mut answers).await else {
                return Ok(());
            };
            if is_silence && outside.is_none() {
                outside = Some(self.outside().await);
            }
            let outside = outside.clone().flatten().filter(|_| is_silence);
            Err(Missing { why, outside })
        };
        let goes_on = |missing: &Missing| missing.outside.is_none() || began.elapsed() < PATIENCE;
        match retry.until(attempt, goes_on).await {
            Ok(()) => Ok(()),
            Err(GaveUp::Stopped(_)) => {
                let stops = &self.service.stops;
                Err(stops.ended(" while waiting; nothing was changed"))
            }
            Err(GaveUp::TimedOut(missing) | GaveUp::Failed(missing)) => Err(self.in_vain(missing)),
        }
    }

    fn is_simulated(&self) -> bool {
        let mut addresses = self.targets.iter().map(|target| target.address);
        !self.targets.is_empty() && addresses.all(|ip| ip.is_some_and(|ip| ip.is_loopback()))
    }

    /// Asks each once. An error: which did not answer, and whether nothing came back of any of them.
    async fn ask_each(
        &self,
        before: &mut BTreeMap<MountTargetId, Result<(), Why>>,
    ) -> Result<(), (Vec<String>, bool)> {
        let question = self.awaited.question;
        let asked = self.targets.iter().map(async |target| {
            let answer = target.ask(question).await;
            (target, answer)
        });
        let mut missing = Vec::new();
        let mut is_silence = true;
        for (target, answer) in futures::future::join_all(asked).await {
            match &answer {
                Ok(()) => is_silence = false,
                Err(why) => {
                    is_silence &= why.is_silence();
                    missing.push(target.described(question, why));
                }
            }
            let id = target.view.mount_target_id.clone();
            if before.get(&id) != Some(&answer) {
                self.report(target, &answer);
                before.insert(id, answer);
            }
        }
        let enough = self.awaited.any && missing.len() < self.targets.len();
        if missing.is_empty() || enough {
            return Ok(());
        }
        Err((missing, is_silence))
    }

    fn report(&self, target: &Asked<'_>, answer: &Result<(), Why>) {
        let question = self.awaited.question;
        let answer = match (answer, question) {
            (Err(why), _) => why.to_string(),
            (Ok(()), Question::Nfs) => "answers NFS 4.1".to_owned(),
            (Ok(()), Question::Dns(_)) => {
                let address = target.address.map(|ip| ip.to_string());
                format!("resolves to {}", address.unwrap_or_default())
            }
        };
        let event = Event::Asked {
            zone: target.view.availability_zone.clone(),
            at: target.at(question),
            answer,
        };
        self.service.reporter.event(Some(self.about), &event);
    }

    fn in_vain(&self, missing: Missing) -> Error {
        let why = missing.why.join("; ");
        let longer = advice![
            "to keep waiting, run the same command again with a longer ",
            Field::Timeout,
        ];
        if let Some(outside) = missing.outside {
            let message = outside.text(format!("; nothing answered ({why})"));
            return Error::new(Code::NotReachableFromHere, message)
                .hint("run it on a host in the VPC, or in a network that is routed to it");
        }
        let (what, hint) = match (self.awaited.question, self.awaited.any) {
            (Question::Nfs, true) => (
                "no mount target answers NFS 4.1 to this host",
                advice![
                    "no answer means a security group or network ACL in between, or that this host is not in the VPC",
                ],
            ),
            (Question::Nfs, false) => (
                "not every mount target answers NFS 4.1 to this host",
                advice![
                    "no answer means a security group or network ACL in between, or that this host is not in the VPC; if one mount target is enough: ",
                    Field::Any,
                ],
            ),
            (Question::Dns(_), any) => (
                if any {
                    "no DNS name of a mount target resolves on this host"
                } else {
                    "not every DNS name of a mount target resolves on this host"
                },
                advice![
                    "the names resolve only inside the VPC, through the Amazon resolver, with enableDnsSupport and enableDnsHostnames on"
                ],
            ),
        };
        let hint = Advice::joined([hint, longer], "; ");
        Error::new(Code::TimedOut, format!("{what} yet ({why})")).hint(hint)
    }
}
