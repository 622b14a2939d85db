//! `PutFileSystemPolicy`, `DescribeFileSystemPolicy`, `DeleteFileSystemPolicy`.

use serde::{Deserialize, Serialize};

use super::super::{ApiError, Region};
use super::errors::bad_request;
use super::policy_document::PolicyDocument;
use super::rendering::rendered;

/// Input of `PutFileSystemPolicy`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutFileSystemPolicy {
    /// The file system, by id or ARN.
    #[serde(skip)]
    pub file_system_id: String,
    /// The policy, as JSON.
    pub policy: String,
    /// Accept a policy that keeps the caller from changing it again.
    pub bypass_policy_lockout_safety_check: Option<bool>,
}

/// `FileSystemPolicyDescription` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FileSystemPolicyDescription {
    /// The file system.
    pub file_system_id: String,
    /// The policy: as it was put, or, when it is described, as AWS writes it.
    pub policy: String,
}

impl Region {
    /// `PutFileSystemPolicy`.
    pub fn put_file_system_policy(
        &mut self,
        input: PutFileSystemPolicy,
    ) -> Result<FileSystemPolicyDescription, ApiError> {
        if !(1..=20_000).contains(&input.policy.chars().count()) {
            return Err(bad_request(
                "Policy must have between 1 and 20000 characters.",
            ));
        }
        let document = PolicyDocument::parse(&input.policy)?;
        document.check_principals(&self.unknown_principals)?;
        let bypass = input.bypass_policy_lockout_safety_check == Some(true);
        if !bypass && document.locks_out(&self.account_id) {
            return Err(ApiError::new(
                "InvalidPolicyException",
                400,
                "The policy would prevent the caller from making further PutFileSystemPolicy requests on the file system.",
            ));
        }
        let file_system = self.available_file_system_mut(&input.file_system_id)?;
        file_system.policy = Some(input.policy.clone());
        Ok(FileSystemPolicyDescription {
            file_system_id: file_system.id.clone(),
            policy: input.policy,
        })
    }

    /// `DescribeFileSystemPolicy`. `PolicyNotFound` means that the default policy is in effect.
    pub fn describe_file_system_policy(
        &self,
        file_system_id: &str,
    ) -> Result<FileSystemPolicyDescription, ApiError> {
        let file_system = self.visible_file_system(file_system_id)?;
        let file_system_id = file_system.id.clone();
        match &file_system.policy {
            Some(policy) => Ok(FileSystemPolicyDescription {
                file_system_id,
                policy: rendered(policy),
            }),
            // Without a sentence: cloud-custodian, `test_efs_has_statement_no_policy`.
            None => Err(ApiError::silent("PolicyNotFound", 404)),
        }
    }

    /// `DeleteFileSystemPolicy`: back to the default policy. Nothing to delete is no error.
    pub fn delete_file_system_policy(&mut self, file_system_id: &str) -> Result<(), ApiError> {
        self.available_file_system_mut(file_system_id)?.policy = None;
        Ok(())
    }
}
