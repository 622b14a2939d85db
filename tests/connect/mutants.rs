//! Ten errors in each form, which the checks of `expected` and `script` have to find: what other readers let pass.

use super::expected::{ASKED, check};
use super::host::{DISTRIBUTIONS, Host};
use super::script::{cloud_init, expected, transcript};
use super::{data, printed};

type Errors = [(&'static str, &'static str); 10];

#[rustfmt::skip]
const MUTANTS: &[(&str, Errors)] = &[
    ("mount", [("-p '", "-p /x '"), ("my data'\nsudo mount", "my data\nsudo mount"), ("-t efs", "-t nfs4"), ("tls,iam", "tls, iam"), ("tls,", ""), ("accesspoint=fsap", "accesspoint=fs"), ("az=eu-west-1b", "az=use1-az1"), ("def0:/ ", "def0: "), ("chown app", "chown -R app"), ("2750", "755")]),
    ("fstab", [("my\\040data", "my data"), ("nofail", "nofial"), ("_netdev,", "_netdv,"), (" efs ", " nfs4 "), ("0 0\n", "0 1\n"), ("tls,", "notls,"), ("iam,", ""), ("mounttargetip=10.0.2.5", "mounttargetip=10.0.2.50"), (":/ ", ": "), ("0 0\n", "0 0")]),
    ("systemd", [("x20data.mount", "-data.mount"), ("Where=", "where="), ("/a%%b", "/a%b"), ("Type=efs", "Type=nfs"), ("Options=_netdev,", "Options="), (",ro", ""), ("[Mount]", "[Mounts]"), ("WantedBy=remote-fs", "WantedBy=multi-user"), ("After=network-online.target\n", ""), ("[Automount]\nWhere=/mnt/my data", "[Automount]\nWhere=/mnt/data")]),
    ("docker", [("type=bind", "type=volume"), ("'type", "type"), ("\"source", "source"), ("a,b", "a, b"), ("target=", "dst="), (",readonly", ""), ("IMAGE", ""), ("--mount", "--mounts"), ("/mnt/my data", "/mnt/my"), ("target=/data", "target=data")]),
    ("compose", [("services:", "service:"), ("web:", "app:"), ("    volumes:", "   volumes:"), ("bind:", "binds:"), ("create_host_path: false", "create_host_path: true"), ("$$", "$"), ("target: /data", "target: data"), ("type: bind", "type: volume"), ("read_only: true", "read_only: yes"), ("      - ", "      ")]),
    ("ecs", [("containerDefinitions", "ContainerDefinitions"), ("ENABLED\"\n        }", "DISABLED\"\n        }"), ("transitEncryption\": \"ENABLED", "transitEncryption\": \"enabled"), ("accessPointId", "accessPoint"), ("fsap-0", "fsap-1"), ("\"name\": \"efs\"", "\"name\": \"data\""), ("sourceVolume\": \"efs", "sourceVolume\": \"EFS"), ("readOnly\": true", "readOnly\": \"true\""), ("\"containerPath\": \"/data\"", "\"containerPath\": \"/\""), ("\"fileSystemId\"", "\"rootDirectory\": \"/x\", \"fileSystemId\"")]),
    ("ecs-host", [("host", "Host"), ("sourcePath", "source"), ("/mnt/efs/jobs", "/mnt/efsjobs"), ("/mnt/efs/jobs", "/mnt/efs"), ("readOnly\": false", "readOnly\": null"), ("web", "app"), ("/data", "/date"), ("sourceVolume", "sourceVolumes"), ("volumes", "volume"), ("\"name\": \"efs\"", "\"name\": \"EFS\"")]),
    ("batch", [("containerProperties", "ContainerProperties"), ("DISABLED", "ENABLED"), ("DISABLED", "NONE"), ("/jobs", "jobs"), ("rootDirectory", "root"), ("fs-0", "fs-1"), ("mountPoints", "mountpoints"), ("readOnly\": false", "readOnly\": true"), ("\"name\": \"efs\"", "\"name\": \"\""), ("efsVolumeConfiguration", "efsVolume")]),
    ("lambda", [("FileSystemConfigs", "FileSystemConfig"), ("Arn", "arn"), ("arn:aws:", "arn:aws-cn:"), ("elasticfilesystem", "efs"), ("eu-west-1", "eu-west-2"), ("111122223333", ""), ("access-point/", "accesspoint/"), ("fsap-", "fs-"), ("/mnt/data", "/data"), ("LocalMountPath", "MountPath")]),
    ("eks", [("kind: StorageClass", "kind: Storageclass"), ("provisioner:", "provisoner:"), ("efs.csi.aws.com", "ebs.csi.aws.com"), ("def0::fsap", "def0:fsap"), ("\"700\"", "700"), ("storageClassName: \"\"\n  volumeMode", "volumeMode"), ("volumeName: fs-", "volumeName: efs-"), ("ReadOnlyMany", "ReadWriteMany"), ("- iam\n", ""), ("---\n", "--\n")]),
    ("backup", [("cron(0 5 ? * SUN *)", "cron(0 5 * * SUN *)"), ("cron(", "cron"), ("DeleteAfterDays\": 90", "DeleteAfterDays\": \"90\""), ("StartWindowMinutes\": 480", "StartWindowMinutes\": 30"), ("service-role/AWSB", "AWSB"), ("file-system/fs-", "fs-"), ("newFileSystem\": \"false", "newFileSystem\": \"true"), ("Encrypted\": \"true\"", "Encrypted\": true"), ("file-system-id", "FileSystemId"), ("arn:aws:kms:eu-west-1", "arn:aws:kms:eu-west-2")]),
    ("env", [("EFS_ENABLED=true", "EFS_ENABLED=false"), ("EFS_ENABLED=", "EFS_ENABLED ="), ("'/mnt/my data'", "/mnt/my data"), ("/my data/jobs", "/my data//jobs"), ("SANDBOX_PATH", "SANDBOX-PATH"), ("AWS_REGION=eu-west-1", "AWS_REGION=eu-west-1a"), ("fsap-", "fs-"), ("JOBS=", "EFS_ENABLED="), ("AWS_REGION", "export AWS_REGION"), ("x'\n", "x'")]),
    ("json", [("nfs4", "nfs"), ("10.0.1.5:/a", "10.0.1.5:a"), ("hard", "soft"), ("nfsvers=4.1", "nfsvers=4.0"), ("\"tls\": false", "\"tls\": true"), ("noresvport", "resvport"), ("\"region\": \"eu-west-1\"", "\"region\": \"eu-west-2\""), ("amazonaws.com\"", "amazonaws.com.cn\""), ("availability_zone\": \"eu-west-1b", "availability_zone\": \"eu-west-1a"), ("\"mount_targets\"", "\"targets\"")]),
];

/// In the script: it runs, and does something else.
#[rustfmt::skip]
const IN_SCRIPT: Errors = [
    ("file_system=fs-0", "file_system=fs-1"),
    ("noresvport,tls 0 0", "noresvport 0 0"),
    ("my\\040mnt efs", "my mnt efs"),
    ("owner='1000:app'", "owner=1000"),
    ("mode='2750'", "mode=755"),
    ("mount_type=efs", "mount_type=nfs4"),
    ("install_package amazon-efs-utils", "install_package efs-utils"),
    ("is_mounted || mount_with_retries", "mount_with_retries"),
    ("comment=$marker_of_created\n  fi\n  write", "comment=$marker\n  fi\n  write"),
    ("other_lines | replace_fstab", "other_lines >/dev/null"),
];

/// In what holds the script.
#[rustfmt::skip]
const IN_CLOUD_INIT: Errors = [
    ("#cloud-config", "#cloud config"), ("runcmd:", "runcmdz:"), ("  - - /usr", "  - /usr"), ("write_files:", "write_file:"), ("\"0755\"", "755"),
    ("\"0755\"", "\"0644\""), ("/usr/local/sbin/mount-fs", "/usr/local/bin/mount-fs"), ("content: |", "content: >"), ("      set -eu", "     set -eu"), ("fail() {", "fail () {"),
];

fn mutant(text: &str, (good, bad): (&str, &str)) -> String {
    let text_with = text.replacen(good, bad, 1);
    assert_ne!(text_with, text, "{good} is not in\n{text}");
    text_with
}

#[test]
fn each_is_found() {
    let place = data().file();
    let mut seen = Vec::new();
    for (form, errors) in MUTANTS {
        let (_, asked) = ASKED
            .iter()
            .find(|(known, _)| known == form)
            .expect("asked for");
        let text = printed(&place, &format!("--for {form} {asked}"));
        for error in errors {
            let bad = mutant(&text, *error);
            assert!(check(form, &bad).is_err(), "{form}: {error:?}");
        }
        seen.push(*form);
    }
    let asked: Vec<&str> = ASKED.iter().map(|(form, _)| *form).collect();
    assert_eq!(seen, asked, "each form has its errors");
}

#[test]
fn each_is_found_in_what_runs() {
    let place = data().file();
    for error in IN_SCRIPT {
        let distribution = &DISTRIBUTIONS[0];
        let host = Host::new(distribution, "/bin/dash");
        let directory = host.path("my mnt").display().to_string();
        for form in ["script", "ecs-user-data"] {
            let asked =
                format!("--for {form} --owner 1000:app --mode 2750 --mount-point '{directory}'");
            let bad = mutant(&printed(&place, &asked), error);
            assert_ne!(
                transcript(&host, &bad),
                expected(distribution),
                "{form}: {error:?}"
            );
        }
    }
    let script = printed(&place, "--for script");
    let data = printed(&place, "--for cloud-init");
    assert_eq!(cloud_init(&data, &script), Ok(()));
    for error in IN_CLOUD_INIT {
        assert!(
            cloud_init(&mutant(&data, error), &script).is_err(),
            "{error:?}"
        );
    }
}
