//! `PutBackupPolicy` and `DescribeBackupPolicy`.

use super::super::{ApiError, Region};
use super::errors::bad_request;
use super::names::check_enum;

/// The tag by which AWS Backup finds the file systems to back up; users cannot set it.
pub(super) const BACKUP_TAG: &str = "aws:elasticfilesystem:default-backup";

impl Region {
    /// `PutBackupPolicy`: answers with the transition (`ENABLING`, `DISABLING`) when there is one; it is
    /// over at the next call.
    pub fn put_backup_policy(
        &mut self,
        file_system_id: &str,
        status: Option<&str>,
    ) -> Result<String, ApiError> {
        let status = status.ok_or_else(|| bad_request("BackupPolicy must have a Status."))?;
        check_enum("BackupPolicy.Status", status, &["ENABLED", "DISABLED"])?;
        let file_system = self.available_file_system_mut(file_system_id)?;
        let before = file_system.backup.replace(status.to_owned());
        if before.as_deref().unwrap_or("DISABLED") == status {
            return Ok(status.to_owned());
        }
        if status == "ENABLED" {
            file_system
                .tags
                .insert(BACKUP_TAG.to_owned(), "enabled".to_owned());
            Ok("ENABLING".to_owned())
        } else {
            file_system.tags.remove(BACKUP_TAG);
            Ok("DISABLING".to_owned())
        }
    }

    /// `DescribeBackupPolicy`. One that was never set is not found, without a sentence
    /// (aws-samples/service-screener-v2#95).
    pub fn describe_backup_policy(&self, file_system_id: &str) -> Result<String, ApiError> {
        let backup = self.visible_file_system(file_system_id)?.backup.clone();
        backup.ok_or_else(|| ApiError::silent("PolicyNotFound", 404))
    }
}
