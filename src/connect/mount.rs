//! A request, resolved against what was read: what is mounted, from where, and how.

use std::net::IpAddr;

use super::access::{self, Comes};
use super::artefact::{Refused, Why};
use super::model::Connection;
use super::mounts::Mounts;
use super::request::{Client, Reach, Request};
use super::values::Directory;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::ids::Zone;
use crate::domain::partition::dns_name;
use crate::domain::state::{MountTarget, State};
use crate::domain::text::list;

/// The options of the kernel's NFS client that AWS recommends (EFS user guide, "NFS mount settings"). `noresvport`: a new port after
/// a connection is lost.
const NFS_OPTIONS: &str =
    "nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport";

/// What is mounted, from where, and how.
#[derive(Debug)]
pub(super) struct Mount<'a> {
    pub(super) connection: &'a Connection,
    pub(super) request: &'a Request,
    mounts: Mounts,
    /// The zone to name: that of a One Zone file system, or the one that was asked for.
    pub(super) zone: Option<Zone>,
    /// The address to use in place of a name.
    pub(super) ip: Option<IpAddr>,
}

impl<'a> Mount<'a> {
    /// The mount that is asked for, with notes.
    pub(super) fn of(
        connection: &'a Connection,
        mounts: Mounts,
        request: &'a Request,
    ) -> Result<(Self, Vec<Advice>), Refused> {
        let fs = &connection.file_system;
        let mut mount = Self {
            connection,
            request,
            mounts,
            zone: fs.one_zone.clone(),
            ip: None,
        };
        let is_mounted = match mounts {
            Mounts::No => false,
            Mounts::OnlyPlain => mount.is_plain(),
            Mounts::Client | Mounts::Role => true,
        };
        if !is_mounted {
            return Ok((mount, Vec::new()));
        }
        let id = fs.id.bare();
        match &fs.state {
            State::Available | State::Updating => {}
            state => {
                let message = format!("{id} is {state}");
                let next = next(id, [state]);
                return Err(Refused::new(Why::NotAvailable, message, next));
            }
        }
        let mut notes = mount.choose()?;
        if let Some(point) = &connection.access_point
            && point.state != State::Available
        {
            let message = format!("the access point {} is {}", point.id, point.state);
            let show = advice!["to see it: ", Command::efsctl("describe").arg(id)];
            return Err(Refused::new(Why::NotAvailable, message, show));
        }
        let has_user = |point: &crate::domain::access_point::AccessPoint| point.user.clone();
        if let Some(user) = connection.access_point.as_ref().and_then(has_user)
            && (request.owner.is_some() || request.mode.is_some())
        {
            let message = format!(
                "every request through the access point is made as {}:{}, which cannot give directories away",
                user.uid, user.gid
            );
            let hint = advice![
                "leave ",
                Field::Owner,
                " and ",
                Field::Mode,
                " out: the access point creates its directory with an owner"
            ];
            return Err(Refused::new(Why::Usage, message, hint));
        }
        notes.extend(access::granted(connection, request, mount.comes())?);
        if fs.is_copy() && !request.read_only {
            notes.push(format!("{id} is the copy of a replication: clients can only read").into());
        }
        if let Some(account) = fs.id.account()
            && mount.ip.is_none()
        {
            notes.push(advice![
                format!("{id} belongs to account {account}: its name resolves where that account lets it; the address of a mount target ("),
                Field::Ip,
                ") always works"
            ]);
        }
        if !mount.path().is_root() && mount.is_of_client() {
            notes.push(format!("the directory {} has to exist in {id}", mount.path()).into());
        }
        Ok((mount, notes))
    }

    /// The mount target that is asked for.
    fn choose(&mut self) -> Result<Vec<Advice>, Refused> {
        let id = self.connection.file_system.id.bare();
        let targets = &self.connection.mount_targets;
        let refused = |message: String, hint: Advice| Refused::new(Why::MountTarget, message, hint);
        if targets.is_empty() {
            let create = Command::efsctl("validate").arg(id).arg("--fix");
            let message = format!("{id} has no mount target: no client can mount it");
            return Err(refused(message, advice!["to add them: ", create]));
        }
        let chosen: Vec<&MountTarget> = match &self.request.reach {
            Reach::OwnZone => targets.iter().collect(),
            Reach::Zone(zone) => targets.iter().filter(|one| one.zone == *zone).collect(),
            Reach::Ip(ip) => targets.iter().filter(|one| one.ip == Some(*ip)).collect(),
        };
        if chosen.is_empty() {
            return Err(match &self.request.reach {
                Reach::Ip(ip) => {
                    let known = targets.iter().filter_map(|one| one.ip);
                    let message = format!("no mount target of {id} has the address {ip}");
                    refused(
                        message,
                        format!("its mount targets have {}", list(known)).into(),
                    )
                }
                Reach::Zone(_) | Reach::OwnZone => {
                    let zone = match &self.request.reach {
                        Reach::Zone(zone) => zone.to_string(),
                        Reach::OwnZone | Reach::Ip(_) => String::new(),
                    };
                    let known = targets.iter().map(|one| &one.zone);
                    let message = format!("{id} has no mount target in {zone}");
                    refused(
                        message,
                        advice![
                            format!("it has mount targets in {}; leave ", list(known)),
                            Field::Zone,
                            " out, or name one of them"
                        ],
                    )
                }
            });
        }
        let is_ready = |one: &&MountTarget| one.state == State::Available;
        let (ready, pending): (Vec<_>, Vec<_>) = chosen.into_iter().partition(is_ready);
        let states = list(
            pending
                .iter()
                .map(|one| format!("{} is {}", one.id, one.state)),
        );
        if ready.is_empty() {
            let message = format!("no mount target of {id} is available: {states}");
            let next = next(id, pending.iter().map(|one| &one.state));
            return Err(Refused::new(Why::NotAvailable, message, next));
        }
        match &self.request.reach {
            Reach::OwnZone => {}
            Reach::Zone(zone) => self.zone = Some(zone.clone()),
            Reach::Ip(ip) => self.ip = Some(*ip),
        }
        Ok(match pending.as_slice() {
            [] => Vec::new(),
            _ => vec![format!("not every mount target is available: {states}").into()],
        })
    }

    fn comes(&self) -> Comes {
        Comes {
            tls: self.tls(),
            iam: self.iam(),
            by_access_point: self.request.access_point.is_some(),
        }
    }

    /// A client mounts it with a source and options.
    fn is_of_client(&self) -> bool {
        self.mounts == Mounts::Client || self.is_plain()
    }

    /// With TLS.
    pub(super) fn tls(&self) -> bool {
        self.request.client == Client::EfsUtils
    }

    /// By the kernel's client alone.
    pub(super) fn is_plain(&self) -> bool {
        self.request.client == Client::Nfs4
    }

    /// With an IAM identity.
    pub(super) fn iam(&self) -> bool {
        self.request.iam || self.mounts == Mounts::Role
    }

    /// The id of the file system.
    pub(super) fn id(&self) -> &'a str {
        self.connection.file_system.id.bare()
    }

    /// The id of the access point.
    pub(super) fn access_point(&self) -> Option<&'a str> {
        let point = self.connection.access_point.as_ref();
        point.map(|point| point.id.as_str())
    }

    /// The directory in the file system.
    pub(super) fn path(&self) -> Directory {
        self.request.path.clone().unwrap_or_else(Directory::root)
    }

    /// The directory on the host.
    pub(super) fn mount_point(&self) -> Directory {
        self.request.mount_point.clone().unwrap_or_default()
    }

    /// The directory of the host's mount that a container gets, where the host has mounted the root of the file system.
    pub(super) fn on_host(&self) -> String {
        self.mount_point().join(&self.path()).to_string()
    }

    /// The directory in the container.
    pub(super) fn in_container(&self) -> String {
        let typed = self.request.container_path.clone();
        typed.unwrap_or_else(|| self.mount_point()).to_string()
    }

    /// The container.
    pub(super) fn container(&self) -> &'a str {
        self.request.container.as_deref().unwrap_or("app")
    }

    /// Its DNS name, or its address: what the kernel's client takes. That of another zone has the zone in front (EFS user guide,
    /// "Mounting on Amazon EC2 with a DNS name").
    pub(super) fn server(&self) -> String {
        match (self.ip, &self.zone) {
            (Some(ip), _) => ip.to_string(),
            (None, Some(zone)) => format!("{zone}.{}", self.dns_name()),
            (None, None) => self.dns_name(),
        }
    }

    /// Its DNS name, which resolves to the mount target in the zone of the client.
    pub(super) fn dns_name(&self) -> String {
        dns_name(&self.connection.file_system.id, &self.connection.region)
    }

    /// What is mounted.
    pub(super) fn source(&self) -> String {
        let path = self.path();
        if !self.is_plain() {
            return format!("{}:{path}", self.id());
        }
        match self.ip {
            // nfs(5): an IPv6 address stands in brackets.
            Some(IpAddr::V6(ip)) => format!("[{ip}]:{path}"),
            _ => format!("{}:{path}", self.server()),
        }
    }

    /// The type of the mount.
    pub(super) fn kind(&self) -> &'static str {
        if self.is_plain() { "nfs4" } else { "efs" }
    }

    /// Its options: those that are given, then its own (efs-utils, `man/mount.efs.8`).
    pub(super) fn options(&self, first: &[&str]) -> String {
        let mut options: Vec<String> = first.iter().map(|one| (*one).to_owned()).collect();
        if self.is_plain() {
            options.push(NFS_OPTIONS.to_owned());
        } else {
            options.extend(self.tls().then(|| "tls".to_owned()));
            options.extend(self.iam().then(|| "iam".to_owned()));
            options.extend(self.access_point().map(|id| format!("accesspoint={id}")));
            options.extend(match self.ip {
                Some(ip) => Some(format!("mounttargetip={ip}")),
                None => self.zone.as_ref().map(|zone| format!("az={zone}")),
            });
        }
        options.extend(self.request.read_only.then(|| "ro".to_owned()));
        options.join(",")
    }

    /// Those of a mount that is made again at every boot. `_netdev`: after the network; `nofail`: the host starts without it, too;
    /// `noresvport`: as [`NFS_OPTIONS`] (EFS user guide, "Automatically mounting EFS file systems").
    pub(super) fn lasting_options(&self) -> String {
        if self.is_plain() {
            self.options(&["_netdev", "nofail"])
        } else {
            self.options(&["_netdev", "nofail", "noresvport"])
        }
    }
}

/// What to do where these are the states of what has to be available.
fn next<'s>(id: &str, states: impl IntoIterator<Item = &'s State>) -> Advice {
    let is_coming = |state: &State| matches!(state, State::Creating | State::Updating);
    if states.into_iter().any(is_coming) {
        advice!["wait for it: ", Command::efsctl("wait").arg(id)]
    } else {
        advice!["to see why: ", Command::efsctl("validate").arg(id)]
    }
}
