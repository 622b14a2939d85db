//! The errors of EFS that several operations share, in the words of AWS where these are known.

use super::super::ApiError;

/// `BadRequest`: malformed, missing or contradictory parameters.
pub(super) fn bad_request(message: impl Into<String>) -> ApiError {
    ApiError::new("BadRequest", 400, message)
}

/// `FileSystemNotFound`.
pub(super) fn file_system_not_found(id: &str) -> ApiError {
    ApiError::new(
        "FileSystemNotFound",
        404,
        format!("File system '{id}' does not exist."),
    )
}

/// `MountTargetNotFound`.
pub(super) fn mount_target_not_found(id: &str) -> ApiError {
    ApiError::new(
        "MountTargetNotFound",
        404,
        format!("Mount target '{id}' does not exist."),
    )
}

/// `AccessPointNotFound`.
pub(super) fn access_point_not_found(id: &str) -> ApiError {
    ApiError::new(
        "AccessPointNotFound",
        404,
        format!("Access point '{id}' does not exist."),
    )
}

/// `IncorrectFileSystemLifeCycleState`: only an `available` file system can be changed.
pub(super) fn incorrect_file_system_state(id: &str, state: &str) -> ApiError {
    ApiError::new(
        "IncorrectFileSystemLifeCycleState",
        409,
        format!(
            "File system '{id}' is in the life cycle state '{state}'; it must be 'available' for this operation."
        ),
    )
}
