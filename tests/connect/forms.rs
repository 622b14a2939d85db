//! What each form says, with the values of the file system.

use std::collections::BTreeSet;

use efsctl::connect::Form;
use efsctl::domain::keyword::Keyword;

use super::expected::{ASKED, check};
use super::{connect, data, printed};
use crate::support::world::world;

#[test]
fn every_form_says_what_it_has_to_say() {
    let place = data().file();
    for (form, asked) in ASKED {
        let text = printed(&place, &format!("--for {form} {asked}"));
        check(form, &text).unwrap();
    }
    let known: BTreeSet<&str> = Form::KEYWORDS.iter().map(|(_, word, _)| *word).collect();
    let mut tested: BTreeSet<&str> = ASKED.iter().map(|(form, _)| *form).collect();
    // Those of a script run, in `script`.
    tested.extend(["script", "cloud-init", "ecs-user-data"]);
    assert_eq!(tested, known);
}

#[test]
fn what_is_shortest_is_the_default() {
    let place = data().file();
    let cases = [
        (
            "mount",
            "sudo mkdir -p /mnt/efs\nsudo mount -t efs -o tls fs-0123456789abcdef0:/ /mnt/efs\n",
        ),
        (
            "mount --no-tls",
            "sudo mkdir -p /mnt/efs\nsudo mount -t efs fs-0123456789abcdef0:/ /mnt/efs\n",
        ),
        (
            "fstab",
            "fs-0123456789abcdef0:/ /mnt/efs efs _netdev,nofail,noresvport,tls 0 0\n",
        ),
        (
            "fstab --plain-nfs",
            "fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/ /mnt/efs nfs4 _netdev,nofail,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport 0 0\n",
        ),
        (
            "fstab --plain-nfs --az eu-west-1b --read-only",
            "eu-west-1b.fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/ /mnt/efs nfs4 _netdev,nofail,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,ro 0 0\n",
        ),
        (
            "fstab --plain-nfs --ip 10.0.1.5 --path /a",
            "10.0.1.5:/a /mnt/efs nfs4 _netdev,nofail,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport 0 0\n",
        ),
        (
            "docker",
            "docker run --mount type=bind,source=/mnt/efs,target=/mnt/efs IMAGE\n",
        ),
        (
            "docker --plain-nfs --path /a",
            "docker volume create --driver local --opt type=nfs4 --opt o=addr=fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com,rw,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport --opt device=:/a efs\ndocker run --mount type=volume,source=efs,target=/mnt/efs,volume-nocopy IMAGE\n",
        ),
        (
            "compose --plain-nfs",
            "services:\n  app:\n    volumes:\n      - source: efs\n        target: /mnt/efs\n        type: volume\n        volume:\n          nocopy: true\nvolumes:\n  efs:\n    driver: local\n    driver_opts:\n      device: \":/\"\n      o: \"addr=fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com,rw,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport\"\n      type: nfs4\n",
        ),
        (
            "env",
            "EFS_ENABLED=true\nEFS_FILE_SYSTEM_ID=fs-0123456789abcdef0\nEFS_MOUNT_PATH=/mnt/efs\nAWS_REGION=eu-west-1\n",
        ),
        (
            "env --var EFS_ENABLED=/x",
            "EFS_FILE_SYSTEM_ID=fs-0123456789abcdef0\nEFS_MOUNT_PATH=/mnt/efs\nAWS_REGION=eu-west-1\nEFS_ENABLED=/mnt/efs/x\n",
        ),
    ];
    for (asked, text) in cases {
        assert_eq!(printed(&place, &format!("--for {asked}")), text, "{asked}");
    }
}

/// A One Zone file system has one mount target: clients in other zones have to name its zone.
#[test]
fn a_one_zone_file_system_names_its_zone() {
    let place = world()
        .account("111122223333")
        .vpc("10.0.0.0/16")
        .subnet('b')
        .group("nfs", &[])
        .file_system("data")
        .set("id", "fs-0123456789abcdef0")
        .set("zone", "eu-west-1b")
        .mount_target('b', &["nfs"])
        .file();
    for (asked, part) in [
        (
            "fstab",
            " efs _netdev,nofail,noresvport,tls,az=eu-west-1b 0 0",
        ),
        (
            "fstab --plain-nfs",
            "eu-west-1b.fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/ ",
        ),
        ("mount", " -o tls,az=eu-west-1b "),
        ("eks", "mountOptions:\n  - \"az=eu-west-1b\"\n"),
        (
            "eks --no-tls",
            "volumeAttributes:\n      encryptInTransit: \"false\"\n",
        ),
        ("json", "\"availability_zone\": \"eu-west-1b\""),
        (
            "docker --plain-nfs",
            "o=addr=eu-west-1b.fs-0123456789abcdef0.efs.",
        ),
    ] {
        let text = printed(&place, &format!("--for {asked}"));
        assert!(text.contains(part), "{asked}: {text}");
    }
    let ended = connect(&place, "--for ecs");
    assert!(
        ended.stderr.contains("run the tasks in eu-west-1b"),
        "{}",
        ended.stderr
    );
}

#[test]
fn names_and_arns_are_those_of_the_partition() {
    for (region, suffix, partition) in [
        ("us-east-1", "amazonaws.com", "aws"),
        ("cn-north-1", "amazonaws.com.cn", "aws-cn"),
        ("us-gov-west-1", "amazonaws.com", "aws-us-gov"),
        ("us-iso-east-1", "c2s.ic.gov", "aws-iso"),
        ("us-isob-east-1", "sc2s.sgov.gov", "aws-iso-b"),
        ("us-isof-south-1", "csp.hci.ic.gov", "aws-iso-f"),
        ("eu-isoe-west-1", "cloud.adc-e.uk", "aws-iso-e"),
        ("eusc-de-east-1", "amazonaws.eu", "aws-eusc"),
    ] {
        let text = format!(
            "account_id = \"111122223333\"\n[[region]]\nname = \"{region}\"\ndefault_vpc = true\n\
             [[region.vpc]]\nid = \"vpc-00000000000000001\"\ncidr = \"10.0.0.0/16\"\n\
             [[region.vpc.subnet]]\nid = \"subnet-000000000000000a1\"\nzone = \"{region}a\"\ncidr = \"10.0.1.0/24\"\n\
             [[region.file_system]]\nid = \"fs-0123456789abcdef0\"\nname = \"data\"\n\
             [[region.file_system.mount_target]]\nsubnet = \"subnet-000000000000000a1\"\n\
             [[region.file_system.access_point]]\nid = \"fsap-0123456789abcdef0\"\npath = \"/app\"\n"
        );
        let place = crate::support::world::WorldFile::of(&text);
        let fstab = printed(
            &place,
            &format!("--for fstab --plain-nfs --region {region}"),
        );
        let name = format!("fs-0123456789abcdef0.efs.{region}.{suffix}:/ ");
        assert!(fstab.starts_with(&name), "{region}: {fstab}");
        let backup = printed(&place, &format!("--for backup --region {region}"));
        assert!(
            backup.contains(&format!("\"arn:{partition}:iam::111122223333:role/")),
            "{backup}"
        );
        let lambda = printed(
            &place,
            &format!("--for lambda --access-point fsap-0123456789abcdef0 --region {region}"),
        );
        let arn =
            format!("\"arn:{partition}:elasticfilesystem:{region}:111122223333:access-point/fsap-");
        assert!(lambda.contains(&arn), "{lambda}");
    }
}

/// Whatever a path holds, its reader gets it as it is.
#[test]
fn strange_paths_are_read_as_they_are() {
    let place = data().file();
    for path in [
        "/mnt/it's",
        "/mnt/a\"b",
        "/mnt/$HOME",
        "/mnt/a;b",
        "/mnt/ö #1",
        "/mnt/%n",
        "/mnt/a\\b",
        "/mnt/a,b",
        "/mnt/`x`",
        "/mnt/a: b",
    ] {
        let line = format!("--mount-point {}", shell(path));
        for form in [
            "mount", "fstab", "systemd", "docker", "compose", "env", "ecs",
        ] {
            let text = printed(&place, &format!("--for {form} {line}"));
            let read = super::read::read(form, &text).unwrap();
            let wanted = if form == "compose" {
                path.replace('$', "$$")
            } else {
                path.to_owned()
            };
            let is_in = strings(&read)
                .iter()
                .any(|one| *one == wanted || one.ends_with(&format!("={wanted}")));
            assert!(is_in, "{form} {path}: {text}");
        }
    }
}

fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// All texts in a value.
fn strings(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::String(text) => vec![text.clone()],
        serde_json::Value::Array(items) => items.iter().flat_map(strings).collect(),
        serde_json::Value::Object(members) => members.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}
