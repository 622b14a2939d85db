//! What to do about each cause, where the check that found it does not say. A command is complete, and is about this file system.

use super::facts::Case;
use crate::domain::advice::{Advice, Command};

type Says = fn(&Case) -> Advice;

/// A command of this host, after what it is for.
fn host(why: &str, command: &str) -> Advice {
    Advice::from(format!("{why}: ")).run(Command::shell(command))
}

fn connect(case: &Case, flags: &str) -> Advice {
    let command = Command::efsctl("connect")
        .arg(case.id())
        .flag("--for", "mount");
    let words = flags.split_whitespace();
    Advice::from("mount it so: ").run(words.fold(command, Command::arg))
}

fn validate(case: &Case) -> Command {
    Command::efsctl("validate").arg(case.id())
}

pub(super) const WAIT: Says =
    |case| Advice::from("wait for it: ").run(Command::efsctl("wait").arg(case.id()));

pub(super) const ADD_MOUNT_TARGETS: Says = |case| {
    let check = match case.account.clients.as_slice() {
        [] => "mount-target-present",
        _ => "zones-of-clients",
    };
    let clients = case.account.clients.iter();
    let fix = clients.fold(validate(case), |command, client| {
        command.flag("--client", client)
    });
    let fix = fix.arg(format!("--fix={check}"));
    Advice::from("to add mount targets, shown first: ")
        .run(fix.clone().arg("--dry-run"))
        .text("; ")
        .run(fix)
};

pub(super) const RULES: Says = |case| {
    let doctor = Command::efsctl("doctor")
        .arg(case.id())
        .flag("--from", "i-ID");
    Advice::from("to have the rules between them judged, name the client: ").run(doctor)
};

pub(super) const ROUTES: Says = |_| {
    "add a route from the client's subnet to the VPC of the mount targets, and one back: a VPC peering or a transit gateway has to lead there".into()
};

pub(super) const DNS: Says = |case| {
    let mut targets = case.account.mount_targets.iter().flatten();
    let vpc = targets.find_map(|mt| mt.vpc.as_ref());
    let vpc = vpc.map_or_else(|| "VPC".to_owned(), ToString::to_string);
    let set = Command::aws("ec2 modify-vpc-attribute").flag("--vpc-id", vpc);
    advice_of(
        set.clone().arg("--enable-dns-support"),
        set.arg("--enable-dns-hostnames"),
    )
};

fn advice_of(first: Command, second: Command) -> Advice {
    Advice::from(first).text("; ").run(second)
}

pub(super) const RESOLVER: Says = |case| {
    let mount = Command::efsctl("connect")
        .arg(case.id())
        .flag("--for", "mount");
    Advice::from("forward the EFS domain to the resolver of the VPC (its range plus two), or mount by address: ")
        .run(mount.flag("--ip", case.address()))
};

pub(super) const BY_ADDRESS: Says = |case| connect(case, &format!("--ip {}", case.address()));

pub(super) const FRESH: Says = |case| {
    let wait = Command::efsctl("wait").arg(case.id()).flag("--for", "dns");
    Advice::from("wait until the name resolves, at most 90 s after the mount target is available: ")
        .run(wait)
};

pub(super) const FROM_CLIENT: Says = |case| {
    let doctor = Command::efsctl("doctor").arg(case.id());
    Advice::from("run this on a host in the VPC, or name the client: ")
        .run(doctor.flag("--from", "i-ID"))
};

pub(super) const THAT_ONE: Says =
    |_| Advice::from("find the file system that the message names: ").run(Command::efsctl("list"));

pub(super) const POLICY: Says = |case| {
    let show = Command::aws("efs describe-file-system-policy");
    Advice::from("allow elasticfilesystem:ClientMount to the clients; to see the policy: ")
        .run(show.flag("--file-system-id", case.id()))
};

pub(super) const TLS: Says = |case| connect(case, "");
pub(super) const IAM: Says = |case| connect(case, "--iam");
pub(super) const BY_ACCESS_POINT: Says = |case| connect(case, "--access-point fsap-ID");

pub(super) const CREATE_ACCESS_POINT: Says = |case| {
    let points = case.account.access_points.iter().flatten();
    let path = points
        .filter(|one| one.creation.is_none())
        .map(|one| one.path.clone())
        .next();
    let path = path
        .filter(|path| path != "/")
        .unwrap_or_else(|| "/PATH".to_owned());
    let set = Command::efsctl("set").arg(case.id());
    Advice::from("an access point cannot be changed; to create one that creates its directory: ")
        .run(set.flag("--access-point", format!("NAME={path}:1000:1000:755")))
};

pub(super) const OWN_DIRECTORY: Says = |case| {
    let set = Command::efsctl("set").arg(case.id());
    Advice::from("an access point creates a directory that belongs to its user: ")
        .run(set.flag("--access-point", "NAME=/PATH:1000:1000:755"))
        .text("; or, as root on a client: ")
        .run(Command::shell("sudo chown USER:GROUP /mnt/efs"))
};

pub(super) const ROOT: Says = |_| {
    "allow elasticfilesystem:ClientRootAccess to the role of the client and mount with tls,iam, or mount by an access point, which has a user of its own".into()
};

pub(super) const WRITE: Says = |_| {
    "allow elasticfilesystem:ClientWrite to the role of the client and mount with tls,iam".into()
};

pub(super) const COPY: Says = |case| {
    let show = Command::aws("efs describe-replication-configurations");
    Advice::from("write to the source of the replication; to see it: ")
        .run(show.flag("--file-system-id", case.id()))
};

pub(super) const KEY: Says = |case| {
    let key = case
        .account
        .file_system
        .kms_key_id
        .clone()
        .unwrap_or_else(|| "KEY".to_owned());
    Advice::from("enable the key again, or cancel its deletion; to see its state: ")
        .run(Command::aws("kms describe-key").flag("--key-id", key))
};

pub(super) const NFS_CLIENT: Says = |_| {
    host(
        "install the NFS client",
        "sudo apt-get install -y nfs-common",
    )
    .text(" (Debian, Ubuntu), or ")
    .run(Command::shell("sudo yum install -y nfs-utils"))
};

pub(super) const EFS_UTILS: Says = |case| {
    let connect = Command::efsctl("connect")
        .arg(case.id())
        .flag("--for", "script");
    host("install efs-utils", "sudo yum install -y amazon-efs-utils")
        .text(" (Amazon Linux); elsewhere, a script that installs it: ")
        .run(connect)
};

pub(super) const KERNEL: Says = |_| {
    host("load the module", "sudo modprobe nfsv4")
        .text("; a kernel without NFS 4.1 has to be replaced by a newer one")
};

pub(super) const SEARCH: Says = |case| {
    let name = case.name();
    host("compare both", &format!("getent ahosts {name}."))
        .text(", and take the search domain, or its wildcard record, out of /etc/resolv.conf; until then mount by address: ")
        .run(Command::efsctl("connect").arg(case.id()).flag("--for", "mount").flag("--ip", case.address()))
};

pub(super) const HOSTS: Says = |case| {
    host(
        "correct the entry in /etc/hosts",
        &format!("grep -n {} /etc/hosts", case.id()),
    )
};

pub(super) const OTHER_ADDRESS: Says = |case| {
    Advice::from("mount by the name of the file system, or by an address of: ")
        .run(Command::efsctl("describe").arg(case.id()))
};

pub(super) const NORESVPORT: Says = |case| {
    let line = Command::efsctl("connect")
        .arg(case.id())
        .flag("--for", "mount");
    host("unmount it", "sudo umount /mnt/efs")
        .text(", and mount it with noresvport: ")
        .run(line)
};

pub(super) const REMOUNT: Says = |case| {
    let line = Command::efsctl("connect")
        .arg(case.id())
        .flag("--for", "mount");
    host("unmount it", "sudo umount -f -l /mnt/efs")
        .text(", and mount it again: ")
        .run(line)
};

pub(super) const FSTAB: Says = |case| {
    let line = Command::efsctl("connect")
        .arg(case.id())
        .flag("--for", "fstab");
    Advice::from("add _netdev,nofail to its line in /etc/fstab; the whole line: ").run(line)
};

pub(super) const WATCHDOG: Says = |_| {
    host(
        "restart the watchdog of efs-utils, which starts it again",
        "sudo systemctl restart amazon-efs-mount-watchdog",
    )
};

pub(super) const STUNNEL: Says = |_| {
    "update efs-utils to version 2, which needs no stunnel; or set stunnel_check_cert_hostname = false in /etc/amazon/efs/efs-utils.conf".into()
};

pub(super) const GROUPS: Says = |case| OWN_DIRECTORY(case);

pub(super) const LIMITS: Says = |_| {
    "an instance has at most 65,536 open files and a mount 65,536 locks, a file 512 locks, 177 links and 47.9 TiB, a name 255 bytes: close files, or use more clients".into()
};

pub(super) const DEPENDENTS: Says = |case| {
    let delete = Command::efsctl("delete").arg(case.id());
    Advice::from("delete what belongs to it first; to see it: ").run(delete.arg("--dry-run"))
};

pub(super) const THROUGHPUT: Says = |_| {
    "EFS takes one decrease or change of mode in 24 hours: try again at the time that the message names".into()
};

pub(super) const HUNG: Says = |_| {
    host(
        "see which tasks hang, and update the kernel",
        "sudo dmesg --ctime --level err,warn",
    )
};

pub(super) const CLOCK: Says = |_| host("synchronise the clock", "sudo chronyc makestep");

pub(super) const CREDENTIALS: Says = |case| {
    connect(case, "--iam").text("; it needs an instance profile, or a profile with awsprofile=")
};

pub(super) const ZONE: Says = |case| {
    let zone = case.account.file_system.one_zone.as_ref();
    let zone = zone.map_or_else(|| "ZONE".to_owned(), ToString::to_string);
    connect(case, &format!("--az {zone}"))
};

pub(super) const HOSTED_ZONE: Says = |case| {
    let mut targets = case.account.mount_targets.iter().flatten();
    let vpc = targets.find_map(|mt| mt.vpc.as_ref());
    let vpc = vpc.map_or_else(|| "VPC".to_owned(), ToString::to_string);
    let list = Command::aws("route53 list-hosted-zones-by-vpc").flag("--vpc-id", vpc);
    Advice::from("disassociate the private hosted zone for the EFS domain from the VPC, delete the mount target and create it again; to find the zone: ")
        .run(list.flag("--vpc-region", &case.account.region))
};
