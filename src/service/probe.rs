//! Asking from this host: does the name resolve, does NFS answer.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::{Instant, timeout};

use super::{Awaited, EfsService, Failure, Stops};
use crate::cloud::Cloud;
use crate::domain::advice::advice;
use crate::domain::deployment::{Deployment, MountTargetView};
use crate::domain::field::Field;
use crate::domain::ids::Reference;
use crate::domain::network::NFS_PORT;
use crate::domain::partition::dns_name;
use crate::error::{Code, Error};
use crate::host::{ATTEMPT, nfs};
use crate::provision::deadline;
use crate::provision::pace::{GaveUp, Pacing, Retry};

/// What is asked from this host, of a file system that is available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FromHere {
    /// Its DNS name resolves.
    Dns,
    /// Each of its mount targets answers as an NFS 4.1 server.
    Nfs,
    /// One of them does.
    AnyNfs,
}

impl<C: Cloud> EfsService<C> {
    /// Waits until the file system is available, and can be reached from this host.
    ///
    /// # Errors
    ///
    /// As [`EfsService::wait_for_mount_targets`].
    pub async fn wait_from_here(
        &self,
        reference: &Reference,
        region: &str,
        awaited: FromHere,
        timeout: Duration,
    ) -> Result<Deployment, Box<Failure>> {
        let deadline = deadline(timeout);
        let reached = self.wait(reference, Awaited::Available, timeout).await?;
        let deployment =
            reached.ok_or_else(|| Error::new(Code::Vanished, "the file system vanished"))?;
        let probe = Probe {
            region,
            deployment: &deployment,
            deadline,
            stops: &self.stops,
        };
        match awaited {
            FromHere::Dns => probe.dns().await?,
            FromHere::Nfs => probe.nfs(false).await?,
            FromHere::AnyNfs => probe.nfs(true).await?,
        }
        Ok(deployment)
    }
}

/// A file system that is asked from this host.
struct Probe<'p> {
    region: &'p str,
    deployment: &'p Deployment,
    deadline: Instant,
    stops: &'p Stops,
}

impl Probe<'_> {
    /// Until the name resolves: AWS says up to 90 seconds after the mount target is available.
    async fn dns(&self) -> Result<(), Error> {
        let name = dns_name(&self.deployment.file_system_id, self.region);
        let resolved = || async {
            match timeout(ATTEMPT, lookup_host((name.as_str(), NFS_PORT))).await {
                Ok(Ok(mut addresses)) => addresses
                    .next()
                    .map(|_| ())
                    .ok_or_else(|| "no address".to_owned()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("no answer in 2 s".to_owned()),
            }
        };
        self.until(&format!("{name} does not resolve on this host"), resolved)
            .await
            .map_err(|error| error.hint("the name resolves only inside the VPC, through the Amazon resolver, with enableDnsSupport and enableDnsHostnames on"))
    }

    /// Until every mount target answers, or, where that suffices, one.
    async fn nfs(&self, one_suffices: bool) -> Result<(), Error> {
        let targets = self.deployment.mount_targets.iter();
        let targets = targets.map(|mt| {
            let address = mt.ip_address.as_ref().and_then(|ip| ip.parse().ok());
            (mt, address.map(|ip| SocketAddr::new(ip, NFS_PORT)))
        });
        let targets: Vec<(&MountTargetView, Option<SocketAddr>)> = targets.collect();
        let answered = || async {
            let asked = targets.iter().map(async |(mt, address)| {
                let of = format!("{} in {}", mt.mount_target_id, mt.availability_zone);
                let Some(address) = address else {
                    return Err(format!("{of}: AWS shows no address of it"));
                };
                let answer = nfs::ask(*address, ATTEMPT).await;
                answer.map_err(|why| format!("{of} ({}): {why}", address.ip()))
            });
            let answers = futures::future::join_all(asked).await;
            let count = answers.len();
            let missing: Vec<String> = answers.into_iter().filter_map(Result::err).collect();
            if missing.is_empty() || one_suffices && missing.len() < count {
                return Ok(());
            }
            Err(missing.join("; "))
        };
        let what = if one_suffices {
            "no mount target answers NFS 4.1 to this host"
        } else {
            "not every mount target answers NFS 4.1 to this host"
        };
        self.until(what, answered).await.map_err(|error| {
            error.hint(advice![
                "no answer means a security group or network ACL in between, or that this host is not in the VPC; if one mount target is enough: ",
                Field::Any,
            ])
        })
    }

    async fn until<F, Fut>(&self, what: &str, attempt: F) -> Result<(), Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<(), String>>,
    {
        let retry = Retry {
            pacing: &Pacing::default(),
            deadline: Some(self.deadline),
            stop: &self.stops.first,
        };
        match retry.until(async || attempt().await, |_| true).await {
            Ok(()) => Ok(()),
            Err(GaveUp::Stopped(_)) => Err(self.stops.ended(" while waiting; nothing was changed")),
            Err(GaveUp::TimedOut(last) | GaveUp::Failed(last)) => {
                let error = Error::new(Code::TimedOut, format!("{what} yet ({last})"));
                Err(error.hint(advice![
                    "to keep waiting, run the same command again with a longer ",
                    Field::Timeout,
                ]))
            }
        }
    }
}
