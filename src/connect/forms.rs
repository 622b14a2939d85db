//! Every form: a row here, and a file.

mod backup;
mod batch;
mod cloud_init;
mod compose;
mod docker;
mod ecs;
mod ecs_host;
mod ecs_user_data;
mod eks;
mod env;
mod fstab;
mod json;
mod lambda;
mod mount;
mod script;
mod systemd;

use super::artefact::{Artefact, Refused};
use super::mount::Mount;
use super::mounts::Mounts;
use crate::domain::field::Field;
use crate::domain::keyword::Keyword;

use Field::{
    AccessPoint, Container, ContainerPath, Iam, Ip, MountPoint, NoTls, Owner, Path, PlainNfs,
    ReadOnly, Zone,
};

/// A form.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    word: &'static str,
    /// What it is.
    means: &'static str,
    pub(super) mounts: Mounts,
    /// What can be asked for.
    pub(super) takes: &'static [Field],
    pub(super) make: fn(&Mount<'_>) -> Result<Artefact, Refused>,
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for Form {}

const fn row(
    word: &'static str,
    means: &'static str,
    mounts: Mounts,
    takes: &'static [Field],
    make: fn(&Mount<'_>) -> Result<Artefact, Refused>,
) -> (Form, &'static str, &'static str) {
    let form = Form {
        word,
        means,
        mounts,
        takes,
        make,
    };
    (form, form.word, form.means)
}

const HOST: &[Field] = &[
    AccessPoint,
    Iam,
    NoTls,
    PlainNfs,
    ReadOnly,
    Path,
    MountPoint,
    Owner,
    Field::Mode,
    Zone,
    Ip,
];
const LINE: &[Field] = &[
    AccessPoint,
    Iam,
    NoTls,
    PlainNfs,
    ReadOnly,
    Path,
    MountPoint,
    Zone,
    Ip,
];
const BIND: &[Field] = &[
    PlainNfs,
    ReadOnly,
    Path,
    MountPoint,
    ContainerPath,
    Zone,
    Ip,
];
const SERVICE: &[Field] = &[
    PlainNfs,
    ReadOnly,
    Path,
    MountPoint,
    ContainerPath,
    Container,
    Zone,
    Ip,
];
const TASK: &[Field] = &[
    AccessPoint,
    Iam,
    NoTls,
    ReadOnly,
    Path,
    MountPoint,
    ContainerPath,
    Container,
];

#[rustfmt::skip]
impl Keyword for Form {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        row("mount", "Commands that mount it now", Mounts::Client, HOST, mount::make),
        row("fstab", "The line of /etc/fstab", Mounts::Client, LINE, fstab::make),
        row("systemd", "A mount unit and its automount unit", Mounts::Client, LINE, systemd::make),
        row("script", "A shell script that installs the client, mounts it now and at every boot, and undoes that", Mounts::Client, HOST, script::make),
        row("cloud-init", "User data of an instance that does the same", Mounts::Client, HOST, cloud_init::make),
        row("docker", "docker run with a directory of the host's mount; with --plain-nfs a volume", Mounts::OnlyPlain, BIND, docker::make),
        row("compose", "A Compose file with a directory of the host's mount; with --plain-nfs a volume", Mounts::OnlyPlain, SERVICE, compose::make),
        row("ecs", "Volume and mount point of an ECS task definition, for Fargate and EC2", Mounts::Client, TASK, ecs::make),
        row("ecs-host", "The same for EC2, with a directory of the host's mount", Mounts::No, &[ReadOnly, Path, MountPoint, ContainerPath, Container], ecs_host::make),
        row("ecs-user-data", "User data of a container instance, which mounts it before the agent starts", Mounts::Client, HOST, ecs_user_data::make),
        row("batch", "Volume and mount point of a job definition of AWS Batch", Mounts::Client, &[AccessPoint, Iam, NoTls, ReadOnly, Path, MountPoint, ContainerPath], batch::make),
        row("lambda", "File system of a Lambda function; needs --access-point", Mounts::Role, &[AccessPoint, MountPoint], lambda::make),
        row("eks", "StorageClass, PersistentVolume and PersistentVolumeClaim of the EFS CSI driver", Mounts::Client, &[AccessPoint, Iam, NoTls, ReadOnly, Path, Zone, Ip], eks::make),
        row("backup", "Plan, selection and restore of AWS Backup, each as the input of its call", Mounts::No, &[Field::Schedule], backup::make),
        row("env", "Variables of the environment", Mounts::No, &[AccessPoint, MountPoint, Field::Var], env::make),
        row("json", "All of it as one JSON document", Mounts::Client, LINE, json::make),
    ];
}
