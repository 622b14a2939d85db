//! What to do about each cause, where the check that found it does not say. A command is complete, and is about this file system.

use ipnet::IpNet;

use super::facts::Case;
use crate::domain::advice::{Advice, Command};
use crate::domain::ids::{SecurityGroupId, SubnetId};
use crate::domain::network::NFS_PORT;

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

pub(super) const ROUTES: Says = |case| {
    let ranges = case.account.ranges.iter().flatten();
    let range = ranges.map(ToString::to_string).next();
    let route = Command::aws("ec2 create-route")
        .flag("--route-table-id", "RTB-OF-THE-CLIENT")
        .flag(
            "--destination-cidr-block",
            range.unwrap_or_else(|| "RANGE-OF-THE-VPC".to_owned()),
        )
        .flag("--vpc-peering-connection-id", "pcx-ID");
    Advice::from("for example, over a peering, and the same back: ").run(route)
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

pub(super) const ANSWERS: Says = |case| {
    let wait = Command::efsctl("wait").arg(case.id());
    Advice::from("see whether it stays so: ")
        .run(wait.flag("--for", "nfs"))
        .text("; if it does, try from an instance in its VPC: ")
        .run(Command::efsctl("doctor").arg(case.id()))
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

pub(super) const ROOT: Says = |case| {
    let mount = connect(case, "--iam");
    Advice::from("allow elasticfilesystem:ClientRootAccess to the role of the client, or mount by an access point, which has a user of its own; ").then(mount)
};

pub(super) const WRITE: Says = |case| {
    let mount = connect(case, "--iam");
    Advice::from("allow elasticfilesystem:ClientWrite to the role of the client; ").then(mount)
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

pub(super) const OPTIONS: Says = |case| {
    let line = Command::efsctl("connect")
        .arg(case.id())
        .flag("--for", "mount");
    host("unmount it", "sudo umount /mnt/efs")
        .text(", and mount it with the recommended options: ")
        .run(line)
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
    host(
        "update efs-utils to version 2, which needs no stunnel",
        "sudo yum update -y amazon-efs-utils",
    )
    .text("; or set stunnel_check_cert_hostname = false in /etc/amazon/efs/efs-utils.conf")
};

pub(super) const GROUPS: Says = |case| OWN_DIRECTORY(case);

pub(super) const LIMITS: Says = |_| {
    let why = "an instance has at most 65,536 open files and a mount 65,536 locks, a file 512 locks, 177 links and 47.9 TiB, a name 255 bytes; to see what is open";
    host(why, "sudo lsof /mnt/efs")
};

pub(super) const DEPENDENTS: Says = |case| {
    let delete = Command::efsctl("delete").arg(case.id());
    Advice::from("delete what belongs to it first; to see it: ").run(delete.arg("--dry-run"))
};

pub(super) const THROUGHPUT: Says = |case| {
    let show = Command::efsctl("describe").arg(case.id());
    Advice::from("try again at the time that the message names; what is set now: ").run(show)
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

pub(super) const SHOW: Says = |case| {
    Advice::from("to see it, with its mount targets: ")
        .run(Command::efsctl("describe").arg(case.id()))
};

pub(super) const RECREATE: Says = |case| {
    let mut targets = case.account.mount_targets.iter().flatten();
    let id = targets
        .next()
        .map_or_else(|| "fsmt-ID".to_owned(), |mt| mt.id.to_string());
    let delete = Command::aws("efs delete-mount-target").flag("--mount-target-id", id);
    let fix = validate(case).arg("--fix=mount-target-present");
    Advice::from(delete).text("; then ").run(fix)
};

pub(super) const EGRESS: Says = |case| {
    let mut clients = case.account.clients.iter();
    let group = clients.find_map(|client| client.parse::<SecurityGroupId>().ok());
    let group = group.map_or_else(
        || "GROUP-OF-THE-CLIENT".to_owned(),
        |group| group.to_string(),
    );
    let ip = case
        .addresses()
        .first()
        .map(|ip| IpNet::from(*ip).to_string());
    let allow = Command::aws("ec2 authorize-security-group-egress")
        .flag("--group-id", group)
        .flag("--protocol", "tcp")
        .flag("--port", NFS_PORT)
        .flag("--cidr", ip.unwrap_or_else(|| case.address()));
    Advice::from(allow)
};

/// The entries of the network ACL of a subnet.
fn entries(subnet: &str) -> Advice {
    let filter = format!("Name=association.subnet-id,Values={subnet}");
    let show = Command::aws("ec2 describe-network-acls").flag("--filters", filter);
    Advice::from("to see its entries: ").run(show)
}

pub(super) const ACL_OF_MOUNT_TARGET: Says = |case| {
    let mut targets = case.account.mount_targets.iter().flatten();
    let subnet = targets.next().map(|mt| mt.subnet.to_string());
    entries(subnet.as_deref().unwrap_or("SUBNET-OF-THE-MOUNT-TARGET"))
};

pub(super) const ACL_OF_CLIENT: Says = |case| {
    let mut clients = case.account.clients.iter();
    let subnet = clients.find(|client| client.parse::<SubnetId>().is_ok());
    entries(subnet.map_or("SUBNET-OF-THE-CLIENT", String::as_str))
};

pub(super) const LIST_ACCESS_POINTS: Says = |case| {
    let list = Command::aws("efs describe-access-points").flag("--file-system-id", case.id());
    Advice::from("to see them: ").run(list)
};
