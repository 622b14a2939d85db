//! What is mistyped of `connect`: refused before anything is read.

use crate::support::cli::Efsctl;

/// Arguments, a part of the sentence, a part of what follows it.
const TABLE: &[(&str, &str, &str)] = &[
    ("", "required arguments were not provided", "--help"),
    ("data", "--for <TARGET>", "--help"),
    (
        "data --for podman",
        "invalid value 'podman' for '--for",
        "--help",
    ),
    ("a/b --for mount", "`a/b` is not a file system", "--help"),
    (
        "data --for mount --access-point fsap-x",
        "`fsap-x` is not an access-point id",
        "--help",
    ),
    (
        "data --for mount --mount-point mnt",
        "`mnt` is not a directory: expected an absolute path",
        "--help",
    ),
    (
        "data --for mount --mount-point /mnt/../etc",
        "`/mnt/../etc` is not a directory: expected a path without . and ..",
        "--help",
    ),
    (
        "data --for mount --mount-point /",
        "--mount-point / would hide the system of the host",
        "/mnt/efs",
    ),
    (
        "data --for mount --owner 1000",
        "`1000` is not an owner: expected USER:GROUP",
        "--help",
    ),
    (
        "data --for mount --mode u+x",
        "`u+x` is not a mode: expected three or four octal digits",
        "--help",
    ),
    (
        "data --for mount --az 1a",
        "`1a` is not an Availability Zone",
        "--help",
    ),
    (
        "data --for mount --ip 10.0.1",
        "invalid value '10.0.1' for '--ip",
        "--help",
    ),
    (
        "data --for mount --az eu-west-1a --ip 10.0.1.5",
        "cannot be used with",
        "--help",
    ),
    (
        "data --for mount --no-tls --plain-nfs",
        "cannot be used with",
        "--help",
    ),
    (
        "data --for mount --iam --plain-nfs",
        "--plain-nfs and --iam exclude each other: IAM needs TLS",
        "leave one of them out",
    ),
    (
        "data --for mount --iam --no-tls",
        "--no-tls and --iam exclude each other: IAM needs TLS",
        "leave one of them out",
    ),
    (
        "data --for fstab --access-point app --plain-nfs",
        "--plain-nfs and --access-point exclude each other",
        "leave one of them out",
    ),
    (
        "data --for fstab --access-point app --path /x",
        "--access-point and --path exclude each other",
        "leave one of them out",
    ),
    (
        "data --for script --read-only --owner 1:1",
        "--read-only and --owner exclude each other",
        "leave one of them out",
    ),
    (
        "data --for mount --schedule daily",
        "--for mount has no --schedule",
        "leave --schedule out",
    ),
    (
        "data --for ecs --plain-nfs",
        "--for ecs has no --plain-nfs",
        "leave --plain-nfs out",
    ),
    (
        "data --for lambda",
        "--for lambda mounts through an access point, and none is named",
        "--access-point",
    ),
    (
        "data --for backup --schedule hourly",
        "invalid value 'hourly' for '--schedule",
        "--help",
    ),
    (
        "data --for env --var 1X",
        "`1X` is not a variable: expected NAME or NAME=/DIRECTORY",
        "--help",
    ),
    (
        "data --for ecs --container a.b",
        "`a.b` is not a name of a container",
        "--help",
    ),
    ("data --for mount --force", "--write <PATH>", "--help"),
    (
        "data --for fstab --write /etc/fstab --force",
        "/etc/fstab has lines of others, which --write would overwrite",
        "sudo tee -a /etc/fstab",
    ),
    (
        "data --for json -o json",
        "connect prints what it is asked for and has no other form",
        "--for json is a JSON document",
    ),
];

#[test]
fn each_is_refused_before_anything_is_read() {
    for (arguments, sentence, next) in TABLE {
        // Without credentials and endpoint any call would be another failure.
        let ended = Efsctl::new(&format!("connect {arguments} --region eu-west-1")).run();
        let case = format!("{arguments}: {}{}", ended.stderr, ended.stdout);
        assert_eq!(ended.code, 2, "{case}");
        let all = format!("{}\n{}", ended.stderr, ended.stdout);
        assert!(all.contains(sentence), "{sentence}\n{case}");
        assert!(all.contains(next), "{next}\n{case}");
    }
}
