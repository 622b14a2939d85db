//! `efsctl connect`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

use super::keyword::keyword;
use crate::connect::{Client, Directory, Form, Mode, Owner, Reach, Request, Schedule, Variable};
use crate::domain::access_point::AccessPointRef;
use crate::domain::ids::{Reference, Zone};

/// What `efsctl connect --help` begins with.
pub const ABOUT: &str = "Print what mounts a file system: commands, units, task definitions and more

Prints that, with the values of this file system, and nothing else; what it needs besides is on stderr. Changes nothing. What the file system \
policy does not allow, such as mounting without TLS, is refused with the reason (exit code 4).";

/// `efsctl connect`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct ConnectArgs {
    /// File-system id, ARN, or the name it was created under
    #[arg(value_name = "FS")]
    pub file_system: Reference,
    /// What to print
    #[arg(long = "for", value_parser = keyword::<Form>(), value_name = "TARGET", required = true)]
    pub form: Form,
    /// Mount through this access point: its id, or its name
    #[arg(long, value_name = "NAME|fsap-…")]
    access_point: Option<AccessPointRef>,
    /// Mount with the IAM identity of the host, or of the task
    #[arg(long)]
    iam: bool,
    /// Mount with efs-utils and without TLS
    #[arg(long, conflicts_with = "plain_nfs")]
    no_tls: bool,
    /// Mount with the NFS client of the kernel, without efs-utils: no TLS, no IAM, no access point
    #[arg(long)]
    plain_nfs: bool,
    /// Mount read-only
    #[arg(long)]
    read_only: bool,
    /// Directory in the file system; with a directory of the host's mount, the directory below that. Default: /
    #[arg(long, value_name = "DIRECTORY")]
    path: Option<Directory>,
    /// Directory of the host; without a host, of the container. Default: /mnt/efs
    #[arg(long, value_name = "DIRECTORY")]
    mount_point: Option<Directory>,
    /// Directory in the container. Default: that of --mount-point
    #[arg(long, value_name = "DIRECTORY")]
    container_path: Option<Directory>,
    /// Name of the container, or of the service of Compose. Default: app
    #[arg(long, value_name = "NAME", value_parser = container)]
    container: Option<String>,
    /// Whom the mounted directory is given to: names or numbers
    #[arg(long, value_name = "USER:GROUP")]
    owner: Option<Owner>,
    /// Permissions of the mounted directory, octal
    #[arg(long, value_name = "MODE")]
    mode: Option<Mode>,
    /// Mount target in this zone. Default: that in the zone of the client
    #[arg(long, value_name = "ZONE", conflicts_with = "ip")]
    az: Option<Zone>,
    /// Mount target with this address, for clients that do not resolve its name
    #[arg(long, value_name = "ADDRESS")]
    ip: Option<IpAddr>,
    /// How often to back up. Default: daily
    #[arg(long, value_parser = keyword::<Schedule>(), value_name = "HOW-OFTEN")]
    schedule: Option<Schedule>,
    /// A variable that holds the mount point, or a directory below it; may be repeated
    #[arg(long, value_name = "NAME[=DIRECTORY]")]
    var: Vec<Variable>,
    /// Write it to this file, or several files to this directory, instead of stdout
    #[arg(long, value_name = "PATH")]
    pub write: Option<PathBuf>,
    /// Overwrite the file
    #[arg(long, requires = "write")]
    pub force: bool,
}

impl ConnectArgs {
    /// What is asked for.
    pub fn request(&self) -> Request {
        let client = match (self.plain_nfs, self.no_tls) {
            (true, _) => Client::Nfs4,
            (false, true) => Client::EfsUtilsWithoutTls,
            (false, false) => Client::EfsUtils,
        };
        let reach = match (&self.az, self.ip) {
            (_, Some(ip)) => Reach::Ip(ip),
            (Some(zone), None) => Reach::Zone(zone.clone()),
            (None, None) => Reach::OwnZone,
        };
        Request {
            access_point: self.access_point.clone(),
            client,
            iam: self.iam,
            read_only: self.read_only,
            path: self.path.clone(),
            mount_point: self.mount_point.clone(),
            container_path: self.container_path.clone(),
            container: self.container.clone(),
            owner: self.owner.clone(),
            mode: self.mode.clone(),
            reach,
            schedule: self.schedule,
            variables: self.var.clone(),
        }
    }
}

/// What ECS takes as the name of a container (ECS API reference, `ContainerDefinition`), and Compose as that of a service.
fn container(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    if !text.is_empty() && text.len() <= 255 && text.chars().all(is_plain) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` is not a name of a container: expected 1 to 255 letters, digits, `-` and `_`"
    ))
}
