//! What is asked for.

use std::net::IpAddr;

use super::values::{Directory, Mode, Owner, Variable};
use crate::domain::access_point::AccessPointRef;
use crate::domain::field::Field;
use crate::domain::ids::Zone;
use crate::domain::keyword::Keyword;

/// The client that mounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Client {
    /// efs-utils, with TLS.
    #[default]
    EfsUtils,
    /// efs-utils, without TLS.
    EfsUtilsWithoutTls,
    /// The NFS client of the kernel alone: no TLS, no IAM identity, no access point.
    Nfs4,
}

/// Which mount target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reach {
    /// The one in the zone of the client; of a One Zone file system its only one.
    #[default]
    OwnZone,
    /// The one in that zone.
    Zone(Zone),
    /// The one with that address.
    Ip(IpAddr),
}

/// How often backups are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Schedule {
    /// Every day.
    #[default]
    Daily,
    /// Every week.
    Weekly,
}

impl Keyword for Schedule {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Daily, "daily", "Every day; kept for 35 days"),
        (Self::Weekly, "weekly", "Every Sunday; kept for 90 days"),
    ];
}

/// What is asked for of a form. What is not asked for has the default of its accessor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Through this access point.
    pub access_point: Option<AccessPointRef>,
    /// The client.
    pub client: Client,
    /// With the IAM identity of the host or the task.
    pub iam: bool,
    /// Read-only.
    pub read_only: bool,
    /// The directory in the file system.
    pub path: Option<Directory>,
    /// The directory on the host.
    pub mount_point: Option<Directory>,
    /// The directory in the container.
    pub container_path: Option<Directory>,
    /// The container, or the service of Compose.
    pub container: Option<String>,
    /// Whom the directory belongs to.
    pub owner: Option<Owner>,
    /// Its permissions.
    pub mode: Option<Mode>,
    /// Which mount target.
    pub reach: Reach,
    /// How often backups are made.
    pub schedule: Option<Schedule>,
    /// Variables that hold directories.
    pub variables: Vec<Variable>,
}

impl Request {
    /// What was asked for.
    pub(super) fn asked(&self) -> impl Iterator<Item = Field> {
        let fields = [
            (Field::AccessPoint, self.access_point.is_some()),
            (Field::Iam, self.iam),
            (Field::NoTls, self.client == Client::EfsUtilsWithoutTls),
            (Field::PlainNfs, self.client == Client::Nfs4),
            (Field::ReadOnly, self.read_only),
            (Field::Path, self.path.is_some()),
            (Field::MountPoint, self.mount_point.is_some()),
            (Field::ContainerPath, self.container_path.is_some()),
            (Field::Container, self.container.is_some()),
            (Field::Owner, self.owner.is_some()),
            (Field::Mode, self.mode.is_some()),
            (Field::Zone, matches!(self.reach, Reach::Zone(_))),
            (Field::Ip, matches!(self.reach, Reach::Ip(_))),
            (Field::Schedule, self.schedule.is_some()),
            (Field::Var, !self.variables.is_empty()),
        ];
        let asked = fields.into_iter().filter(|(_, is_asked)| *is_asked);
        asked.map(|(field, _)| field)
    }
}
