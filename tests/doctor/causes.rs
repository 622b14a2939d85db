//! One cause each, and it is named first.

use efsctl::doctor::{CAUSES, Certainty, Diagnosis};
use efsctl::domain::finding::Verdict;
use efsctl::domain::settings::policy::Preset;

use super::setup::{ID, Names, Role, Setup, text};

/// What breaks one thing of a healthy set-up, by the cause that it is.
pub type Breaks = fn(&mut Setup);

const TLS: &str = r#"{"Statement": [
 {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"]},
 {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"#;
const NONE: &str = r#"{"Statement": {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount"}}"#;
const READ: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount"}}"#;
const NO_ROOT: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]}}"#;
const BY_POINT: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"], "Condition": {"StringLike": {"elasticfilesystem:AccessPointArn": "*"}}}}"#;

fn policy(setup: &mut Setup, document: &str) {
    setup
        .file_system
        .insert("policy", format!("'''{document}'''"));
}

/// Causes that AWS shows.
pub const ACCOUNT: &[(&str, Breaks)] = &[
    ("file-system-not-available", |s| {
        s.file_system.insert("state", text("updating"));
    }),
    ("no-mount-target", |s| s.has_mount_target = false),
    ("mount-target-error", |s| {
        s.mount_target.insert("state", text("error"));
    }),
    ("mount-target-changing", |s| {
        s.mount_target.insert("state", text("creating"));
    }),
    ("mount-target-interface", |s| {
        s.mount_target.insert("interface", "false".to_owned());
    }),
    ("security-group-inbound", |s| {
        s.ingress = vec!["tcp 22 from clients"]
    }),
    ("security-group-outbound", |s| {
        s.egress = Some(vec!["tcp 443 to 0.0.0.0/0"])
    }),
    ("acl-of-mount-target", |s| s.acl_of_mount_target = true),
    ("acl-of-client", |s| s.acl_of_client = true),
    ("no-route", |s| {
        s.client_in = 'c';
        s.ingress = vec!["tcp 2049 from 10.7.0.0/16"];
    }),
    ("dns-attributes", |s| s.dns_hostnames = false),
    ("one-zone-elsewhere", |s| {
        s.file_system.insert("zone", text("eu-west-1a"));
        s.client_in = 'b';
    }),
    ("zone-without-mount-target", |s| s.client_in = 'b'),
    ("address-family", |s| s.from = vec!["2001:db8::/64"]),
    ("dns-not-propagated", |s| {
        s.is_new = true;
        s.message
            .push("mount.nfs4: Failed to resolve server: Name or service not known");
    }),
    ("policy-denies-mount", |s| policy(s, NONE)),
    ("policy-requires-tls", |s| policy(s, TLS)),
    ("policy-requires-iam", |s| {
        let document = Preset::document(&[Preset::DenyAnonymous].into()).to_string();
        policy(s, &document);
    }),
    ("policy-requires-access-point", |s| policy(s, BY_POINT)),
    ("policy-read-only", |s| policy(s, READ)),
    ("root-squash", |s| policy(s, NO_ROOT)),
    ("access-point-directory", |s| {
        s.access_points.push([("path", text("/missing"))].into());
        s.message.push(
            "mount.nfs4: mounting fs failed, reason given by server: No such file or directory",
        );
    }),
    ("access-point-not-available", |s| {
        s.access_points.push([("state", text("error"))].into());
    }),
    ("read-only-copy", |s| {
        s.file_system.insert(
            "copy_of",
            r#"{ from = "fs-0fedcba9876543210", region = "eu-west-2" }"#.to_owned(),
        );
    }),
    ("kms-key", |s| {
        s.file_system.insert("encrypted", "true".to_owned());
        s.message
            .push("cp: cannot create regular file '/mnt/efs/a': Input/output error");
    }),
];

/// Causes that the host shows.
pub const HOST: &[(&str, Breaks)] = &[
    ("nfs-client-missing", |s| {
        drop(s.files.remove("sbin/mount.nfs4"))
    }),
    ("efs-utils-missing", |s| {
        s.files.remove("sbin/mount.efs");
        s.files.insert(
            "etc/fstab",
            format!("{ID}:/ /mnt/efs efs _netdev,tls 0 0\n"),
        );
    }),
    ("kernel-without-nfs41", |s| {
        s.files
            .insert("proc/filesystems", "nodev\tproc\n".to_owned());
        s.files
            .insert("lib/modules/6.1.0/modules.dep", String::new());
    }),
    ("other-resolver", |s| {
        s.files
            .insert("etc/resolv.conf", "nameserver 192.0.2.53\n".to_owned());
        s.names = Names {
            plain: Err("Name or service not known".to_owned()),
            absolute: Err("Name or service not known".to_owned()),
        };
    }),
    ("search-domain", |s| {
        s.names.plain = Ok([192, 0, 2, 80].into())
    }),
    ("hosts-entry", |s| {
        s.files
            .insert("etc/hosts", format!("192.0.2.81 {}\n", super::setup::NAME));
        s.names = Names {
            plain: Ok([192, 0, 2, 81].into()),
            absolute: Ok([192, 0, 2, 81].into()),
        };
    }),
    ("name-elsewhere", |s| {
        s.names = Names {
            plain: Ok([192, 0, 2, 82].into()),
            absolute: Ok([192, 0, 2, 82].into()),
        }
    }),
    ("host-outside-vpc", |s| {
        s.network = "127.9";
        s.role = Role::Full;
        let ip = Ok([127, 9, 1, 20].into());
        s.names = Names {
            plain: ip.clone(),
            absolute: ip,
        };
    }),
    ("connection-refused", |s| s.role = Role::Nothing),
    ("not-an-nfs-server", |s| s.role = Role::Http),
    ("server-does-not-answer", |s| s.role = Role::Silent),
    ("mounted-without-noresvport", |s| {
        s.files.insert(
            "proc/mounts",
            format!(
                "{}:/ /mnt/efs nfs4 rw,hard,addr=127.0.1.20 0 0\n",
                super::setup::NAME
            ),
        );
    }),
    ("clock-skew", |s| s.clock_ahead = -400),
    ("mount-options", |s| {
        s.files.insert(
            "proc/mounts",
            format!(
                "{}:/ /mnt/efs nfs4 rw,soft,noresvport,addr=127.0.1.20 0 0\n",
                super::setup::NAME
            ),
        );
    }),
    ("stale-handle", |s| {
        s.files.insert(
            "proc/mounts",
            format!(
                "{}:/ /mnt/efs nfs4 rw,noresvport,addr=127.0.1.20 0 0\n",
                super::setup::NAME
            ),
        );
        s.look = |_| Err(std::io::Error::from_raw_os_error(116));
    }),
    ("mount-target-deleted", |s| {
        s.files.insert(
            "proc/mounts",
            format!(
                "{}:/ /mnt/efs nfs4 rw,noresvport,addr=127.0.1.99 0 0\n",
                super::setup::NAME
            ),
        );
    }),
    ("boot-without-netdev", |s| {
        s.files
            .insert("etc/fstab", format!("{ID}:/ /mnt/efs efs tls 0 0\n"));
    }),
    ("tls-proxy-down", |s| {
        s.files
            .insert("run/efs/fs-0123456789abcdef0.mnt.efs.9", String::new());
    }),
    ("many-groups", |s| {
        s.files.insert(
            "proc/self/status",
            format!(
                "Groups:\t{}\n",
                (0..20).map(|n| n.to_string()).collect::<Vec<_>>().join(" ")
            ),
        );
        s.message
            .push("touch: cannot touch '/mnt/efs/a': Permission denied");
    }),
    ("stunnel-hostname", |s| {
        s.files.remove("usr/bin/efs-proxy");
        s.files.insert("usr/bin/stunnel", String::new());
        s.files.insert(
            "etc/amazon/efs/efs-utils.conf",
            "[mount]\nstunnel_check_cert_hostname = true\n".to_owned(),
        );
        s.message
            .push("Failed to initialize TLS tunnel: stunnel cannot check the certificate");
    }),
];

/// Messages of efs-facts, with the cause that each begins with where nothing else is known.
pub const MESSAGES: &[(&str, &str)] = &[
    ("mount.nfs4: Connection timed out", "security-group-inbound"),
    (
        "mount.nfs4: access denied by server while mounting 127.0.0.1:/",
        "policy-denies-mount",
    ),
    (
        "mount: wrong fs type, bad option, bad superblock on fs:/",
        "nfs-client-missing",
    ),
    (
        "mount.nfs: an incorrect mount option was specified",
        "kernel-without-nfs41",
    ),
    (
        "mount.nfs4: mounting failed, reason given by server: No such file or directory",
        "access-point-directory",
    ),
    (
        "mount.nfs4: Failed to resolve server fs: Name or service not known",
        "dns-attributes",
    ),
    (
        "nfs: server 10.0.1.5 not responding, still trying",
        "mounted-without-noresvport",
    ),
    (
        "INFO: task cp:812 blocked for more than 120 seconds.",
        "hung-tasks",
    ),
    ("ls: reading directory: Stale file handle", "stale-handle"),
    ("nfs: bad file handle", "stale-handle"),
    (
        "A start job is running for /mnt/efs (1min 30s / no limit)",
        "boot-without-netdev",
    ),
    (
        "the mount target is stuck creating",
        "mount-target-changing",
    ),
    ("mount target state error", "mount-target-error"),
    ("write: Disk quota exceeded", "client-limits"),
    ("File name too long", "client-limits"),
    ("Too many links", "client-limits"),
    ("File too large", "client-limits"),
    ("read: Input/output error", "kms-key"),
    ("KMS key is disabled", "kms-key"),
    (
        "touch: cannot touch 'a': Permission denied",
        "root-owns-directory",
    ),
    (
        "chown: changing ownership of 'a': Operation not permitted",
        "root-squash",
    ),
    (
        "touch: cannot touch 'a': Read-only file system",
        "policy-read-only",
    ),
    ("mount.nfs4: Connection refused", "connection-refused"),
    ("mount: unknown filesystem type 'efs'", "efs-utils-missing"),
    (
        "stunnel: certificate host name does not match",
        "stunnel-hostname",
    ),
    (
        "hangs after deleting the mount target",
        "mount-target-deleted",
    ),
    (
        "An error occurred (FileSystemInUse) when calling DeleteFileSystem",
        "delete-blocked",
    ),
    (
        "An error occurred (TooManyRequests) when calling UpdateFileSystem",
        "throughput-locked",
    ),
    (
        "Signature expired: 20260101T000000Z is now earlier than",
        "clock-skew",
    ),
    (
        "AWS Access Key ID and Secret Access Key are not found in AWS credentials file",
        "no-credentials",
    ),
    (
        "Failed to resolve server fs-0aaaaaaaaaaaaaaaa.efs.us-east-1.amazonaws.com",
        "another-file-system",
    ),
];

pub fn named(found: &Diagnosis) -> Vec<String> {
    let causes = found.causes.iter();
    causes
        .map(|one| format!("{} {} {}", one.cause.id, one.certainty.as_str(), one.score))
        .collect()
}

async fn is_first(expected: &str, setup: &Setup) {
    let found = setup
        .diagnosed()
        .await
        .unwrap_or_else(|error| panic!("{expected}: {error}"));
    let first = found
        .causes
        .first()
        .unwrap_or_else(|| panic!("{expected}: {:#?}", found.steps));
    assert_eq!(first.cause.id, expected, "{:?}", named(&found));
    assert!(!first.evidence.is_empty(), "{expected} says what was seen");
    assert!(
        first.remedy.steps().next().is_some(),
        "{expected} has a command: {}",
        first.remedy
    );
}

#[tokio::test]
async fn each_cause_that_the_account_shows_is_named_first() {
    for (cause, breaks) in ACCOUNT {
        let mut setup = Setup::healthy();
        breaks(&mut setup);
        is_first(cause, &setup).await;
    }
}

#[tokio::test]
async fn each_cause_that_the_host_shows_is_named_first() {
    for (cause, breaks) in HOST {
        let mut setup = Setup::healthy().here();
        breaks(&mut setup);
        is_first(cause, &setup).await;
    }
}

/// What the account shows is not judged: the reads are denied.
#[tokio::test]
async fn each_message_begins_with_its_cause() {
    for (message, cause) in MESSAGES {
        let mut setup = Setup::healthy();
        setup.from.clear();
        setup.denied = [
            "ec2:*",
            "elasticfilesystem:DescribeM*",
            "elasticfilesystem:DescribeA*",
            "elasticfilesystem:DescribeR*",
            "elasticfilesystem:DescribeFileSystemPolicy",
        ]
        .map(str::to_owned)
        .to_vec();
        setup.file_system.insert("encrypted", "true".to_owned());
        setup.message = vec![message];
        is_first(cause, &setup).await;
    }
}

/// What was seen to be well is not named, whatever the message says.
#[tokio::test]
async fn a_guess_that_is_disproved_is_not_made() {
    for (message, not) in [
        ("mount.nfs4: Connection timed out", "security-group-inbound"),
        ("mount.nfs4: access denied by server", "policy-denies-mount"),
        ("Failed to resolve server", "dns-attributes"),
        ("Input/output error", "kms-key"),
        ("Operation not permitted", "root-squash"),
        ("Read-only file system", "policy-read-only"),
    ] {
        let mut setup = Setup::healthy();
        setup.message = vec![message];
        let found = setup.diagnosed().await.unwrap();
        assert!(
            found.causes.iter().all(|one| one.cause.id != not),
            "{message}: {:?}",
            named(&found)
        );
        let is_left = found
            .causes
            .iter()
            .any(|one| one.cause.id == "identity-denied");
        assert_eq!(is_left, message.contains("denied"), "{message}");
    }
}

#[tokio::test]
async fn a_healthy_file_system_has_no_cause() {
    for setup in [Setup::healthy(), Setup::healthy().here()] {
        let found = setup.diagnosed().await.unwrap();
        assert!(found.causes.is_empty(), "{:?}", named(&found));
        assert_eq!(found.count(Verdict::Fail), 0, "{:#?}", found.steps);
        assert!(found.count(Verdict::Pass) >= 10);
    }
}

/// At least 22, and all of the table but those that only a message shows.
#[test]
fn each_cause_has_a_set_up_or_a_message() {
    let by_set_up: Vec<&str> = ACCOUNT
        .iter()
        .chain(HOST)
        .map(|(cause, _)| *cause)
        .collect();
    assert!(by_set_up.len() >= 22);
    let by_message: Vec<&str> = MESSAGES.iter().map(|(_, cause)| *cause).collect();
    let missing: Vec<&str> = CAUSES
        .iter()
        .map(|cause| cause.id)
        .filter(|id| !by_set_up.contains(id) && !by_message.contains(id))
        .collect();
    assert_eq!(
        missing,
        ["identity-denied"],
        "what is left where the policy denies nothing"
    );
    let mut ids: Vec<&str> = CAUSES.iter().map(|cause| cause.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), CAUSES.len());
    assert_eq!(Certainty::of(0), None);
}
