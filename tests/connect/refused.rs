//! What the file system does not allow is refused, with what works instead.

use efsctl::domain::settings::policy::Preset;
use serde_json::json;

use super::{connect, data};
use crate::support::world::{World, world};

/// `data`, with the policy of these presets.
fn guarded(presets: &str) -> World {
    let presets = presets.split(' ').map(|word| word.parse().unwrap());
    with_policy(&Preset::document(&presets.collect()).to_string())
}

fn with_policy(policy: &str) -> World {
    world()
        .account("111122223333")
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &[])
        .file_system("data")
        .set("id", "fs-0123456789abcdef0")
        .set("policy", policy)
        .mount_target('a', &["nfs"])
        .set("ip", "10.0.1.5")
        .access_point("/app")
        .set("id", "fsap-0123456789abcdef0")
        .set("uid", 1000)
        .set("gid", 1000)
        .set("name", "app")
}

const PLAIN: &str = "--for fstab --plain-nfs";
const TLS: &str = "--for fstab";
const POINT: &str = "--for fstab --access-point app";
const IAM: &str = "--for fstab --iam";
const BOTH: &str = "--for fstab --access-point app --iam";

/// Presets, what is asked for, and a part of the hint; or, of what is printed, a part of the notes.
#[test]
fn a_policy_lets_in_what_it_lets_in() {
    let cases: &[(&str, &str, Result<&str, &str>)] = &[
        (
            "enforce-tls",
            PLAIN,
            Err("leave --plain-nfs out: efs-utils mounts with TLS"),
        ),
        (
            "enforce-tls",
            "--for mount --no-tls",
            Err("leave --no-tls out"),
        ),
        (
            "enforce-tls",
            "--for docker --plain-nfs",
            Err("leave --plain-nfs out"),
        ),
        (
            "enforce-tls",
            "--for compose --plain-nfs",
            Err("leave --plain-nfs out"),
        ),
        (
            "enforce-tls",
            "--for batch --no-tls",
            Err("leave --no-tls out"),
        ),
        ("enforce-tls", "--for docker", Ok("")),
        ("enforce-tls", TLS, Ok("")),
        ("enforce-tls", POINT, Ok("")),
        ("deny-anonymous", TLS, Err("add --iam")),
        ("deny-anonymous", POINT, Err("add --iam")),
        ("deny-anonymous", PLAIN, Err("add --iam")),
        (
            "deny-anonymous",
            IAM,
            Ok(
                "needs elasticfilesystem:ClientMount and ClientWrite, by its own policy or this one",
            ),
        ),
        (
            "deny-anonymous",
            "--for fstab --iam --read-only",
            Ok("needs elasticfilesystem:ClientMount, by its own policy or this one"),
        ),
        (
            "deny-anonymous",
            "--for lambda --access-point app",
            Ok("lets only IAM identities mount"),
        ),
        (
            "access-points-only",
            TLS,
            Err("name one with --access-point; to list them: efsctl"),
        ),
        (
            "access-points-only",
            IAM,
            Err("name one with --access-point"),
        ),
        (
            "access-points-only",
            PLAIN,
            Err("name an access point with --access-point"),
        ),
        ("access-points-only", POINT, Ok("")),
        (
            "access-points-only deny-anonymous",
            TLS,
            Err("--access-point, and add --iam"),
        ),
        (
            "access-points-only deny-anonymous",
            BOTH,
            Ok("lets only IAM identities mount"),
        ),
        (
            "read-only",
            TLS,
            Ok(
                "lets such a client only read (for lack of an IAM identity: elasticfilesystem:ClientWrite)",
            ),
        ),
        ("read-only", "--for fstab --read-only", Ok("")),
        ("deny-root", TLS, Ok("squashes root")),
        ("deny-root", POINT, Ok("")),
    ];
    for (presets, asked, wanted) in cases {
        let place = guarded(presets).file();
        let ended = connect(&place, asked);
        let notes = ended
            .stderr
            .lines()
            .filter(|line| line.starts_with("note: ") || line.starts_with("hint: "));
        let notes: Vec<&str> = notes.collect();
        let case = format!("{presets}, {asked}: {}", ended.stderr);
        match wanted {
            Err(hint) => {
                assert_eq!((ended.code, ended.stdout.as_str()), (4, ""), "{case}");
                assert!(
                    ended
                        .stderr
                        .contains("error: the policy of fs-0123456789abcdef0 "),
                    "{case}"
                );
                assert!(notes.last().unwrap().contains(hint), "{case}");
            }
            Ok("") => {
                assert_eq!(ended.code, 0, "{case}");
                let about_policy = notes.iter().any(|note| note.contains("policy"));
                assert!(!about_policy, "{case}");
            }
            Ok(note) => {
                assert_eq!(ended.code, 0, "{case}");
                assert!(notes.iter().any(|line| line.contains(note)), "{case}");
            }
        }
    }
}

/// What depends on conditions is neither refused nor taken for allowed.
#[test]
fn what_is_not_known_is_said() {
    let statement = json!({
        "Sid": "some", "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "elasticfilesystem:Client*",
        "Condition": { "StringEquals": { "aws:SourceVpc": "vpc-00000000000000001" } },
    });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] });
    let place = with_policy(&policy.to_string()).file();
    for (asked, note) in [
        (
            TLS,
            "a client without IAM identity mount depends on its conditions; where it does not, add --iam",
        ),
        (
            POINT,
            "depends on its conditions; where it does not, add --iam",
        ),
        (
            PLAIN,
            "depends on its conditions; where it does not, leave --plain-nfs out",
        ),
        (
            IAM,
            "depends on its conditions: the role of the client needs elasticfilesystem:ClientMount and ClientWrite",
        ),
    ] {
        let ended = connect(&place, asked);
        assert_eq!(ended.code, 0, "{asked}: {}", ended.stderr);
        assert!(ended.stderr.contains(note), "{asked}: {}", ended.stderr);
    }
    let nobody = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "no", "Effect": "Deny", "Principal": "*", "Action": "elasticfilesystem:ClientMount" },
    ] });
    let place = with_policy(&nobody.to_string()).file();
    for asked in [TLS, POINT, IAM, BOTH, PLAIN] {
        let ended = connect(&place, asked);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (4, ""),
            "{asked}: {}",
            ended.stderr
        );
    }
    let ended = connect(&place, BOTH);
    assert!(
        ended
            .stderr
            .contains("denies mounting to every client by this access point"),
        "{}",
        ended.stderr
    );
    let denied = data()
        .denied(&["elasticfilesystem:DescribeFileSystemPolicy"])
        .file();
    let ended = connect(&denied, PLAIN);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("note: whether the file system policy lets such a client mount is not known: DescribeFileSystemPolicy is denied (the caller needs elasticfilesystem:DescribeFileSystemPolicy)\n"), "{}", ended.stderr);
}

#[test]
fn what_is_not_there_is_named_with_what_to_do() {
    let none = world()
        .file_system("data")
        .set("id", "fs-0123456789abcdef0")
        .file();
    let with_target = |state: &str| {
        let world = world().vpc("10.0.0.0/16").subnet('a').group("nfs", &[]);
        let world = world.file_system("data").set("id", "fs-0123456789abcdef0");
        let world = world.mount_target('a', &["nfs"]);
        let world = world.set("id", "fsmt-0123456789abcdefa");
        world.set("state", state).file()
    };
    let (creating, failed) = (with_target("creating"), with_target("error"));
    let other = world().file_system("data").set("state", "creating").file();
    let ready = data().file();
    let cases = [
        (
            &none,
            TLS,
            4,
            "fs-0123456789abcdef0 has no mount target: no client can mount it",
            "validate fs-0123456789abcdef0 --fix",
        ),
        (
            &creating,
            TLS,
            4,
            "no mount target of fs-0123456789abcdef0 is available: fsmt-0123456789abcdefa is creating",
            "wait fs-0123456789abcdef0",
        ),
        (
            &failed,
            TLS,
            4,
            "no mount target of fs-0123456789abcdef0 is available: fsmt-0123456789abcdefa is error",
            "to see why: efsctl",
        ),
        (&other, TLS, 4, " is creating", "wait fs-"),
        (
            &ready,
            "--for mount --az eu-west-1c",
            4,
            "fs-0123456789abcdef0 has no mount target in eu-west-1c",
            "eu-west-1a, eu-west-1b; leave --az out",
        ),
        (
            &ready,
            "--for mount --ip 10.0.1.6",
            4,
            "no mount target of fs-0123456789abcdef0 has the address 10.0.1.6",
            "its mount targets have 10.0.1.5, 10.0.2.5",
        ),
        (
            &ready,
            "--for mount --access-point web",
            7,
            "fs-0123456789abcdef0 has no access point `web`",
            "it has fsap-0123456789abcdef0 (app, /app)",
        ),
        (
            &none,
            "--for mount --access-point web",
            7,
            "has no access point `web`",
            "set fs-0123456789abcdef0 --access-point NAME=/PATH:UID:GID",
        ),
    ];
    for (place, asked, code, message, hint) in cases {
        let ended = connect(place, asked);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (code, ""),
            "{asked}: {}",
            ended.stderr
        );
        let (said, hinted) = ended
            .stderr
            .split_once("\nhint: ")
            .unwrap_or_else(|| panic!("{}", ended.stderr));
        assert!(
            said.contains(message) && hinted.contains(hint),
            "{asked}: {}",
            ended.stderr
        );
    }
    // What needs no mount target is printed without one.
    for form in ["backup", "env", "docker"] {
        assert_eq!(connect(&none, &format!("--for {form}")).code, 0, "{form}");
    }
}

/// An access point that has a user gives nothing away.
#[test]
fn an_owner_is_not_set_through_the_user_of_an_access_point() {
    let place = guarded("enforce-tls").file();
    let ended = connect(&place, "--for script --access-point app --owner 1:1");
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (2, ""),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("is made as 1000:1000"),
        "{}",
        ended.stderr
    );
}
