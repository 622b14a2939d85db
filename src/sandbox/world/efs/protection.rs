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
        // As seen in hashicorp/terraform-provider-aws#37790.
        if file_system.copy_of.is_some() && replication_overwrite_protection.is_some() {
            return Err(ApiError::new(
                "ReplicationAlreadyExists",
                409,
                "ReplicationOverwriteProtection cannot be changed while the file system is a replication destination.",
            ));
        }
        if let Some(value) = replication_overwrite_protection {
            value.clone_into(&mut file_system.replication_overwrite_protection);
        }
        Ok(FileSystemProtection {
            replication_overwrite_protection: file_system.replication_overwrite_protection.clone(),
        })
    }
}
