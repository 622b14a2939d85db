//! Finding out why a file system cannot be mounted: reads only.

use std::net::IpAddr;
use std::time::Duration;

use super::EfsService;
use super::connection::rules;
use super::validate::unlocated;
use crate::audit::audit;
use crate::audit::check::CheckInput;
use crate::audit::clients::{Client, ClientRef};
use crate::audit::facts::{FileSystemFacts, RegionInventory, Unavailable};
use crate::audit::gather::{self, Purpose};
use crate::audit::reach::{Passing, Stage};
use crate::audit::rules::Rules;
use crate::audit::stages::{ClientPath, Routed, StageOfPath, client_paths};
use crate::cloud::{CloudError, Connected, Inventory};
use crate::doctor::{
    AccountFacts, Case, Diagnosis, Gate, GatePassing, HostSide, PathFacts, Readable, diagnose,
};
use crate::domain::advice::Advice;
use crate::domain::finding::Verdict;
use crate::domain::ids::Reference;
use crate::domain::partition::dns_name;
use crate::domain::settings::policy::ObservedPolicy;
use crate::error::Error;
use crate::host::facts::{self, Place, Question};
use crate::provision::explain::explain;

/// Checks that judge nothing where no client is known.
const ABOUT_CLIENTS: [&str; 2] = ["nfs-from-clients", "zones-of-clients"];

/// What a diagnosis is about.
#[derive(Clone)]
pub struct DoctorOptions {
    /// The region, for names and remedies.
    pub region: String,
    /// Clients whose way is judged.
    pub clients: Vec<ClientRef>,
    /// This host, where it is asked; an error: why it is not.
    pub host: Result<Place, Advice>,
    /// The message of the client.
    pub message: Option<String>,
    /// The time, in seconds since the Unix epoch: what was created just now may not be known everywhere yet.
    pub now: i64,
    /// The end of all reading.
    pub timeout: Option<Duration>,
}

impl<C: Inventory> EfsService<C> {
    /// Why a file system cannot be mounted or used: the causes, the most likely one first, with what was seen. The way of clients is
    /// judged by the checks of the audit.
    ///
    /// At most 18 reads, at most five one after another.
    ///
    /// # Errors
    ///
    /// As [`EfsService::validate`]. A cause that is found is no error.
    pub async fn doctor(
        &self,
        reference: &Reference,
        options: &DoctorOptions,
    ) -> Result<Diagnosis, Error> {
        let stop = self.stops.first.clone();
        let reading = Box::pin(self.examine(reference, options));
        self.within("examination", options.timeout, &stop, reading)
            .await
    }

    async fn examine(
        &self,
        reference: &Reference,
        options: &DoctorOptions,
    ) -> Result<Diagnosis, Error> {
        let cloud = &self.cloud.without_retries();
        let file_system = self.find_by(cloud, reference).await?;
        let located = async {
            let mut inventory =
                gather::region(cloud, &options.region, None, Purpose::Causes).await?;
            let clients = gather::clients(cloud, &inventory, &options.clients).await?;
            if let Ok(clients) = &clients {
                gather::lists_of_clients(cloud, &mut inventory, clients).await?;
            }
            Ok((inventory, clients))
        };
        // This host is asked while the region is read.
        let read = async {
            let found = gather::mount_facts(cloud, file_system).await?;
            let host = ask(options, &found).await;
            Ok((found, host))
        };
        let failed = |error: CloudError| explain(&error, "reading what may be the cause");
        let (located, read) = futures::join!(located, read);
        let (inventory, clients) = located.map_err(failed)?;
        let (found, host) = read.map_err(failed)?;
        // One that could not be looked up is no reason to leave out everything else; one that does not exist is mistyped.
        let clients = match clients {
            Err(unseen) if unseen.is_gone => return Err(unlocated(&unseen)),
            clients => clients,
        };
        let account = account(&inventory, &found, clients, options);
        Ok(diagnose(&Case {
            account,
            host,
            clock_ahead: cloud.clock_ahead(),
            message: options.message.clone(),
        }))
    }
}

/// Asks this host about the file system and its mount targets.
async fn ask(options: &DoctorOptions, found: &FileSystemFacts) -> HostSide {
    let place = match &options.host {
        Ok(place) => place,
        Err(why) => return HostSide::NotAsked(why.clone()),
    };
    let id = &found.file_system.id;
    let targets = found.mount_targets.iter().flatten();
    let server = |mt: &crate::domain::state::MountTarget| Some((mt.id.to_string(), mt.ip?));
    let question = Question {
        id: id.bare().to_owned(),
        name: dns_name(id, &options.region),
        servers: targets.filter_map(server).collect(),
    };
    HostSide::Asked(Box::new(facts::read(place, &question).await))
}

fn why(unavailable: &Unavailable) -> Advice {
    let why = unavailable.why.clone();
    match &unavailable.action {
        Some(action) => why.text(format!(" (the caller needs {action})")),
        None => why,
    }
}

fn account(
    inventory: &RegionInventory,
    found: &FileSystemFacts,
    clients: Result<Vec<Client>, Unavailable>,
    options: &DoctorOptions,
) -> AccountFacts {
    let today = Rules::default();
    let (clients, unlocated) = match clients {
        Ok(clients) => (clients, None),
        Err(unseen) => (Vec::new(), Some(unseen)),
    };
    let input = CheckInput {
        inventory,
        facts: found,
        rules: &today,
        clients: &clients,
    };
    let fs = &found.file_system;
    let mut findings = audit(&input).findings;
    if let Some(unseen) = &unlocated {
        for finding in &mut findings {
            if ABOUT_CLIENTS.contains(&finding.about.id) {
                finding.verdict = Verdict::Unknown;
                finding.evidence = vec![why(unseen)];
            }
        }
    }
    let paths = match unlocated {
        Some(unseen) => Err(why(&unseen)),
        None if clients.is_empty() => Ok(Vec::new()),
        None => client_paths(&input)
            .map(|paths| paths.into_iter().map(path).collect())
            .map_err(|unseen| why(&unseen)),
    };
    let readable = |unseen: &Unavailable| why(unseen);
    let points = inventory.access_points.as_ref().map_err(readable);
    let replicated = inventory.replications.iter().flatten();
    let mut replicated = replicated.map(|replication| replication.source.to_string());
    let subnets = inventory.subnets.iter().flatten();
    let mut zones: Vec<_> = subnets
        .filter(|(id, _)| clients.iter().any(|client| client.subnets.contains(id)))
        .map(|(_, subnet)| subnet.zone.clone())
        .collect();
    zones.sort_unstable();
    zones.dedup();
    AccountFacts {
        region: options.region.clone(),
        age: fs.created_at.map(|at| options.now.saturating_sub(at)),
        mount_targets: found.mount_targets.clone().map_err(|unseen| why(&unseen)),
        findings,
        paths,
        clients: options.clients.iter().map(ToString::to_string).collect(),
        zones,
        rules: client_rules(found),
        access_points: points.map(|points| points.get(&fs.id).cloned().unwrap_or_default()),
        copy: input.copy().map_err(|unseen| why(&unseen)),
        is_replicated: replicated.any(|source| source == fs.id.bare()),
        ranges: ranges(inventory, found),
        file_system: fs.clone(),
    }
}

fn client_rules(found: &FileSystemFacts) -> Readable<crate::connect::ClientRules> {
    let policy = found.policy.as_ref().map_err(why)?;
    let observed = ObservedPolicy::read(policy.as_deref(), &found.file_system.id);
    rules(&observed, &found.file_system, None)
}

fn ranges(inventory: &RegionInventory, found: &FileSystemFacts) -> Readable<Vec<ipnet::IpNet>> {
    let vpcs = inventory.vpcs.as_ref().map_err(why)?;
    let targets = found.mount_targets.as_ref().map_err(why)?;
    let own = targets.iter().filter_map(|mt| vpcs.get(mt.vpc.as_ref()?));
    let mut ranges: Vec<_> = own.flat_map(|vpc| vpc.cidrs.clone()).collect();
    ranges.sort_unstable();
    ranges.dedup();
    if ranges.is_empty() {
        return Err("the ranges of the VPC are not known".into());
    }
    Ok(ranges)
}

/// The way of a client, in the order in which a packet goes it.
fn path(found: ClientPath) -> PathFacts {
    let address: Option<IpAddr> = found.address;
    let gate = |stage: Stage| {
        let mut stages = found.stages.iter();
        let found = stages.find(|one| one.stage == stage);
        found.map_or_else(|| GatePassing::Unknown("it was not judged".into()), passing)
    };
    let routes = match &found.routes {
        Ok(Routed::Yes(_)) => GatePassing::Open,
        Ok(Routed::No(why)) => GatePassing::Closed {
            evidence: why.as_str().into(),
            remedy: "add a route to the VPC of the mount targets in the route table of the client's subnet, and one back: over a VPC peering, a transit gateway or a VPN".into(),
        },
        Err(unseen) => GatePassing::Unknown(why(unseen)),
    };
    PathFacts {
        gates: vec![
            (Gate::Family, gate(Stage::AddressFamily)),
            (Gate::Egress, gate(Stage::EgressRules)),
            (Gate::ClientAcl, gate(Stage::OutboundAcl)),
            (Gate::Routes, routes),
            (Gate::MountTargetAcl, gate(Stage::InboundAcl)),
            (Gate::Ingress, gate(Stage::IngressRules)),
        ],
        client: found.client,
        mount_target: found.mount_target,
        zone: found.zone,
        address,
    }
}

fn passing(staged: &StageOfPath) -> GatePassing {
    match (&staged.passing, &staged.closed) {
        (Passing::Open, _) => GatePassing::Open,
        (Passing::Closed(_), Some((evidence, remedy))) => GatePassing::Closed {
            evidence: evidence.clone(),
            remedy: remedy.clone(),
        },
        _ => GatePassing::Unknown("what is known does not decide it".into()),
    }
}
