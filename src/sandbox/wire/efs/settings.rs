//! What a file system is set to: life cycle, backup, policy, protection.

use serde::Deserialize;
use serde_json::json;

use super::super::super::world::efs::{LifecyclePolicy, PutFileSystemPolicy};
use super::super::super::world::{ApiError, Region};
use super::call::Call;
use super::operation::{Operation, operations};
use super::replies::Answer;

pub(super) const OPERATIONS: &[Operation] = operations! {
    PUT "file-systems/{id}/backup-policy" PutBackupPolicy => put_backup;
    GET "file-systems/{id}/backup-policy" DescribeBackupPolicy => describe_backup;
    PUT "file-systems/{id}/lifecycle-configuration" PutLifecycleConfiguration => put_lifecycle;
    GET "file-systems/{id}/lifecycle-configuration" DescribeLifecycleConfiguration => describe_lifecycle;
    PUT "file-systems/{id}/policy" PutFileSystemPolicy => put_policy;
    GET "file-systems/{id}/policy" DescribeFileSystemPolicy => describe_policy;
    DELETE "file-systems/{id}/policy" DeleteFileSystemPolicy => delete_policy;
    PUT "file-systems/{id}/protection" UpdateFileSystemProtection => update_protection;
};

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PutBackup {
    backup_policy: BackupPolicy,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct BackupPolicy {
    status: Option<String>,
}

fn put_backup(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let PutBackup { backup_policy } = call.body()?;
    let status = region.put_backup_policy(&call.id, backup_policy.status.as_deref())?;
    Answer::json(200, &json!({ "BackupPolicy": { "Status": status } }))
}

fn describe_backup(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let status = region.describe_backup_policy(&call.id)?;
    Answer::json(200, &json!({ "BackupPolicy": { "Status": status } }))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PutLifecycle {
    lifecycle_policies: Option<Vec<LifecyclePolicy>>,
}

fn put_lifecycle(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let PutLifecycle { lifecycle_policies } = call.body()?;
    let policies = region.put_lifecycle_configuration(&call.id, lifecycle_policies)?;
    Answer::json(200, &json!({ "LifecyclePolicies": policies }))
}

fn describe_lifecycle(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let policies = region.describe_lifecycle_configuration(&call.id)?;
    Answer::json(200, &json!({ "LifecyclePolicies": policies }))
}

fn put_policy(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input = PutFileSystemPolicy {
        file_system_id: call.id.clone(),
        ..call.body()?
    };
    Answer::json(200, &region.put_file_system_policy(input)?)
}

fn describe_policy(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    Answer::json(200, &region.describe_file_system_policy(&call.id)?)
}

fn delete_policy(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    region.delete_file_system_policy(&call.id)?;
    Ok(Answer::empty(200))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct UpdateProtection {
    replication_overwrite_protection: Option<String>,
}

fn update_protection(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input: UpdateProtection = call.body()?;
    let value = input.replication_overwrite_protection;
    Answer::json(
        200,
        &region.update_file_system_protection(&call.id, value.as_deref())?,
    )
}
