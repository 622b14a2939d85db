//! AWS Backup: the input of `CreateBackupPlan`, `CreateBackupSelection` and `StartRestoreJob`.

use serde_json::{Map, Value, json};

use crate::connect::artefact::{Artefact, Refused, Why};
use crate::connect::mount::Mount;
use crate::connect::request::Schedule;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::keyword::Keyword;
use crate::domain::partition::Partition;

pub(super) fn make(mount: &Mount<'_>) -> Result<Artefact, Refused> {
    let fs = &mount.connection.file_system;
    let account = fs.arn.as_deref().and_then(|arn| arn.split(':').nth(4));
    let (Some(arn), Some(account)) = (fs.arn.as_deref(), account) else {
        return Err(Refused::new(
            Why::NotAvailable,
            "AWS gave no ARN of the file system, and AWS Backup needs it",
            Advice::from("run the same command again"),
        ));
    };
    let schedule = mount.request.schedule.unwrap_or_default();
    // Fields: minute, hour, day of the month, month, day of the week, year (AWS Backup, "Cron expressions").
    let (cron, days) = match schedule {
        Schedule::Daily => ("cron(0 5 * * ? *)", 35),
        Schedule::Weekly => ("cron(0 5 ? * SUN *)", 90),
    };
    let partition = Partition::of(&mount.connection.region).name;
    // AWS Backup creates it with the first assignment in the console (AWS Backup, "Default service role").
    let role =
        format!("arn:{partition}:iam::{account}:role/service-role/AWSBackupDefaultServiceRole");
    let name = format!("efs-{}-{}", mount.id(), schedule.keyword());
    let document = json!({
        "CreateBackupPlan": {
            "BackupPlan": {
                "BackupPlanName": name,
                "Rules": [{
                    "RuleName": schedule.keyword(),
                    "TargetBackupVaultName": "Default",
                    "ScheduleExpression": cron,
                    "StartWindowMinutes": 480,
                    "CompletionWindowMinutes": 10080,
                    "Lifecycle": { "DeleteAfterDays": days },
                }],
            },
        },
        "CreateBackupSelection": {
            "BackupSelection": {
                "SelectionName": name,
                "IamRoleArn": role,
                "Resources": [arn],
            },
        },
        "StartRestoreJob": {
            "IamRoleArn": role,
            "ResourceType": "EFS",
            "Metadata": metadata(mount),
        },
    });
    let list = Command::aws("backup list-recovery-points-by-resource").flag("--resource-arn", arn);
    Ok(Artefact::json(&document)
        .note("create-backup-selection takes --backup-plan-id, which create-backup-plan answers; the role and the vault `Default` exist once AWS Backup was opened in the console")
        .note(advice!["start-restore-job takes --recovery-point-arn; to list them: ", list])
        .note(format!("a restore never writes in place: it creates the directory aws-backup-restore_TIME at the root of {}, in Standard storage; move the files yourself", mount.id()))
        .note("a restore writes at most 1,500 files or 200 MB a second, and ends after 30 days at the latest; mount targets, access points, policy and lifecycle are not in a backup"))
}

/// What a restore of EFS is told, all of it as text (AWS Backup, "Restore an Amazon EFS file system").
fn metadata(mount: &Mount<'_>) -> Value {
    let fs = &mount.connection.file_system;
    let mut metadata = Map::new();
    let mut put = |key: &str, value: &str| drop(metadata.insert(key.to_owned(), value.into()));
    put("file-system-id", mount.id());
    put("newFileSystem", "false");
    put("PerformanceMode", fs.performance.as_str());
    if let Some(encrypted) = fs.encrypted {
        put("Encrypted", if encrypted { "true" } else { "false" });
    }
    if let Some(key) = &fs.kms_key_id {
        put("KmsKeyId", key);
    }
    metadata.into()
}
