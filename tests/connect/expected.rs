//! What each form has to say, written by hand.

use serde_json::{Value, json};

const FS: &str = "fs-0123456789abcdef0";
const AP: &str = "fsap-0123456789abcdef0";

/// Forms, with what is asked of each.
pub const ASKED: &[(&str, &str)] = &[
    (
        "mount",
        "--access-point app --iam --az eu-west-1b --mount-point '/mnt/my data' --owner app:1000 --mode 2750",
    ),
    (
        "fstab",
        "--access-point app --iam --ip 10.0.2.5 --mount-point '/mnt/my data'",
    ),
    (
        "systemd",
        "--path /a%b --read-only --mount-point '/mnt/my data'",
    ),
    (
        "docker",
        "--path '/a,b' --mount-point '/mnt/my data' --container-path /data --read-only",
    ),
    (
        "compose",
        "--path '/a$b' --container web --container-path /data --read-only",
    ),
    (
        "ecs",
        "--access-point app --iam --container web --container-path /data --read-only",
    ),
    (
        "ecs-host",
        "--path /jobs --container web --container-path /data",
    ),
    ("batch", "--path /jobs --no-tls --container-path /data"),
    ("lambda", "--access-point app --mount-point /mnt/data"),
    (
        "eks",
        "--access-point app --iam --read-only --az eu-west-1a",
    ),
    ("backup", "--schedule weekly"),
    (
        "env",
        "--access-point app --mount-point '/mnt/my data' --var SANDBOX_PATH --var JOBS=/jobs/x",
    ),
    ("json", "--plain-nfs --ip 10.0.1.5 --path /a"),
];

/// What it has to say, as `read::read` reads it.
pub fn expected(form: &str) -> Value {
    match form {
        "mount" => json!([
            ["sudo", "mkdir", "-p", "/mnt/my data"],
            [
                "sudo",
                "mount",
                "-t",
                "efs",
                "-o",
                format!("tls,iam,accesspoint={AP},az=eu-west-1b"),
                format!("{FS}:/"),
                "/mnt/my data"
            ],
            ["sudo", "chown", "app:1000", "/mnt/my data"],
            ["sudo", "chmod", "2750", "/mnt/my data"],
        ]),
        "fstab" => json!([
            format!("{FS}:/"),
            "/mnt/my data",
            "efs",
            format!("_netdev,nofail,noresvport,tls,iam,accesspoint={AP},mounttargetip=10.0.2.5"),
            "0",
            "0",
        ]),
        "systemd" => json!({
            "mnt-my\\x20data.mount": {
                "Unit": {
                    "Description": format!("Amazon EFS {FS}"),
                    "Wants": "network-online.target",
                    "After": "network-online.target",
                },
                "Mount": {
                    "What": format!("{FS}:/a%b"),
                    "Where": "/mnt/my data",
                    "Type": "efs",
                    "Options": "_netdev,noresvport,tls,ro",
                    "TimeoutSec": "90",
                },
                "Install": { "WantedBy": "remote-fs.target" },
            },
            "mnt-my\\x20data.automount": {
                "Unit": { "Description": format!("Automount of Amazon EFS {FS}") },
                "Automount": { "Where": "/mnt/my data" },
                "Install": { "WantedBy": "remote-fs.target" },
            },
        }),
        "docker" => json!([[
            "docker",
            "run",
            "--mount",
            [
                "type=bind",
                "source=/mnt/my data/a,b",
                "target=/data",
                "readonly"
            ],
            "IMAGE"
        ]]),
        "compose" => json!({ "services": { "web": { "volumes": [{
            "type": "bind",
            "source": "/mnt/efs/a$$b",
            "target": "/data",
            "read_only": true,
            "bind": { "create_host_path": false },
        }] } } }),
        "ecs" => json!({
            "containerDefinitions": [{ "name": "web", "mountPoints": [point(true)] }],
            "volumes": [{ "name": "efs", "efsVolumeConfiguration": {
                "fileSystemId": FS,
                "transitEncryption": "ENABLED",
                "authorizationConfig": { "accessPointId": AP, "iam": "ENABLED" },
            } }],
        }),
        "ecs-host" => json!({
            "containerDefinitions": [{ "name": "web", "mountPoints": [point(false)] }],
            "volumes": [{ "name": "efs", "host": { "sourcePath": "/mnt/efs/jobs" } }],
        }),
        "batch" => json!({ "containerProperties": {
            "mountPoints": [point(false)],
            "volumes": [{ "name": "efs", "efsVolumeConfiguration": {
                "fileSystemId": FS,
                "rootDirectory": "/jobs",
                "transitEncryption": "DISABLED",
            } }],
        } }),
        "lambda" => json!({ "FileSystemConfigs": [{
            "Arn": format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/{AP}"),
            "LocalMountPath": "/mnt/data",
        }] }),
        "eks" => json!([
            {
                "apiVersion": "storage.k8s.io/v1",
                "kind": "StorageClass",
                "metadata": { "name": format!("efs-{FS}") },
                "provisioner": "efs.csi.aws.com",
                "mountOptions": ["iam", "az=eu-west-1a", "ro"],
                "parameters": {
                    "provisioningMode": "efs-ap",
                    "fileSystemId": FS,
                    "directoryPerms": "700",
                    "basePath": "/dynamic",
                    "subPathPattern": "${.PVC.namespace}/${.PVC.name}",
                    "ensureUniqueDirectory": "true",
                },
            },
            {
                "apiVersion": "v1",
                "kind": "PersistentVolume",
                "metadata": { "name": FS },
                "spec": {
                    "capacity": { "storage": "5Gi" },
                    "volumeMode": "Filesystem",
                    "accessModes": ["ReadOnlyMany"],
                    "persistentVolumeReclaimPolicy": "Retain",
                    "storageClassName": "",
                    "mountOptions": ["iam", "az=eu-west-1a", "ro"],
                    "csi": { "driver": "efs.csi.aws.com", "volumeHandle": format!("{FS}::{AP}") },
                },
            },
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": { "name": FS },
                "spec": {
                    "accessModes": ["ReadOnlyMany"],
                    "resources": { "requests": { "storage": "5Gi" } },
                    "storageClassName": "",
                    "volumeName": FS,
                },
            },
        ]),
        "backup" => {
            let role = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole";
            json!({
                "CreateBackupPlan": { "BackupPlan": {
                    "BackupPlanName": format!("efs-{FS}-weekly"),
                    "Rules": [{
                        "RuleName": "weekly",
                        "TargetBackupVaultName": "Default",
                        "ScheduleExpression": "cron(0 5 ? * SUN *)",
                        "StartWindowMinutes": 480,
                        "CompletionWindowMinutes": 10080,
                        "Lifecycle": { "DeleteAfterDays": 90 },
                    }],
                } },
                "CreateBackupSelection": { "BackupSelection": {
                    "SelectionName": format!("efs-{FS}-weekly"),
                    "IamRoleArn": role,
                    "Resources": [format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{FS}")],
                } },
                "StartRestoreJob": {
                    "IamRoleArn": role,
                    "ResourceType": "EFS",
                    "Metadata": {
                        "file-system-id": FS,
                        "newFileSystem": "false",
                        "PerformanceMode": "generalPurpose",
                        "Encrypted": "true",
                        "KmsKeyId": "KEY",
                    },
                },
            })
        }
        "env" => json!({
            "EFS_ENABLED": "true",
            "EFS_FILE_SYSTEM_ID": FS,
            "EFS_MOUNT_PATH": "/mnt/my data",
            "EFS_ACCESS_POINT_ID": AP,
            "AWS_REGION": "eu-west-1",
            "SANDBOX_PATH": "/mnt/my data",
            "JOBS": "/mnt/my data/jobs/x",
        }),
        "json" => {
            let name = format!("{FS}.efs.eu-west-1.amazonaws.com");
            let target = |letter: char, number: u8| {
                json!({
                    "mount_target_id": format!("fsmt-0123456789abcdef{letter}"),
                    "availability_zone": format!("eu-west-1{letter}"),
                    "subnet_id": format!("subnet-000000000000000{letter}1"),
                    "dns_name": format!("eu-west-1{letter}.{name}"),
                    "ip_address": format!("10.0.{number}.5"),
                    "lifecycle_state": "available",
                })
            };
            json!({
                "file_system_id": FS,
                "name": "data",
                "arn": format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{FS}"),
                "region": "eu-west-1",
                "dns_name": name,
                "availability_zone": null,
                "access_point_id": null,
                "mount": {
                    "type": "nfs4",
                    "source": "10.0.1.5:/a",
                    "mount_point": "/mnt/efs",
                    "options": ["nfsvers=4.1", "rsize=1048576", "wsize=1048576", "hard", "timeo=600", "retrans=2", "noresvport"],
                    "tls": false,
                    "iam": false,
                    "read_only": false,
                },
                "mount_targets": [target('a', 1), target('b', 2)],
            })
        }
        form => panic!("{form}"),
    }
}

fn point(read_only: bool) -> Value {
    json!({ "sourceVolume": "efs", "containerPath": "/data", "readOnly": read_only })
}

/// Whether a form says what it has to say.
pub fn check(form: &str, text: &str) -> Result<(), String> {
    let mut read = super::read::read(form, text)?;
    if form == "backup" {
        // The key of the account, which the simulated one makes.
        let key = &mut read["StartRestoreJob"]["Metadata"]["KmsKeyId"];
        let is_key = key.as_str().is_some_and(|key| {
            key.starts_with("arn:aws:kms:eu-west-1:111122223333:key/") && key.len() == 75
        });
        if is_key {
            *key = json!("KEY");
        }
    }
    let expected = expected(form);
    if read == expected {
        Ok(())
    } else {
        Err(format!("{form}: {read:#}\nis not\n{expected:#}"))
    }
}
