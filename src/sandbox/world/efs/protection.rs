//! `UpdateFileSystemProtection`.

use super::super::{ApiError, Region};
use super::names::check_enum;
use super::shapes::FileSystemProtection;

impl Region {
    /// `UpdateFileSystemProtection`. `REPLICATING` is for AWS to set; no value keeps the present one.
    pub fn update_file_system_protection(
        &mut self,
        file_system_id: &str,
        replication_overwrite_protection: Option<&str>,
    ) -> Result<FileSystemProtection, ApiError> {
        if let Some(value) = replication_overwrite_protection {
            check_enum(
                "ReplicationOverwriteProtection",
                value,
                &["ENABLED", "DISABLED"],
            )?;
        }
        let file_system = self.available_file_system_mut(file_system_id)?;
        if let Some(value) = replication_overwrite_protection {
            value.clone_into(&mut file_system.replication_overwrite_protection);
        }
        Ok(FileSystemProtection {
            replication_overwrite_protection: file_system.replication_overwrite_protection.clone(),
        })
    }
}
