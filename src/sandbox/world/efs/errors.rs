//! The errors of EFS that several operations share, in the words of AWS where these are known.

use super::super::ApiError;

/// `BadRequest`: malformed, missing or contradictory parameters.
pub(super) fn bad_request(message: impl Into<String>) -> ApiError {
    ApiError::new("BadRequest", 400, message)
}

/// A member that breaks a constraint of the service model: the layer in front of EFS refuses it before EFS sees it
/// (kubernetes-sigs/aws-efs-csi-driver#580 and #1073, awsdocs/elastic-beanstalk-samples#55).
pub(super) fn invalid(member: &str, value: &str, constraints: &[&str]) -> ApiError {
    let plural = if constraints.len() == 1 { "" } else { "s" };
    let broken = constraints.iter().map(|constraint| {
        format!(
            "Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
        )
    });
    let broken: Vec<_> = broken.collect();
    let message = format!(
        "{} validation error{plural} detected: {}",
        constraints.len(),
        broken.join("; ")
    );
    ApiError::new("ValidationException", 400, message)
}

/// An id that does not have the form of the model.
pub(super) fn malformed(member: &str, value: &str, pattern: &str) -> ApiError {
    let constraint = format!("satisfy regular expression pattern: {pattern}");
    invalid(member, value, &[&constraint])
}

/// `FileSystemNotFound`.
pub(super) fn file_system_not_found(id: &str) -> ApiError {
    ApiError::new(
        "FileSystemNotFound",
        404,
        format!("File system '{id}' does not exist."),
    )
}

/// `MountTargetNotFound`, which names none (hashicorp/terraform#8523).
pub(super) fn mount_target_not_found() -> ApiError {
    ApiError::new("MountTargetNotFound", 404, "Mount target does not exist.")
}

/// `AccessPointNotFound`.
pub(super) fn access_point_not_found(id: &str) -> ApiError {
    ApiError::new(
        "AccessPointNotFound",
        404,
        format!("Access point '{id}' does not exist."),
    )
}

/// `IncorrectFileSystemLifeCycleState`: only an `available` file system can be changed. AWS says no more
/// than that, in what botocore wrote into several public logs.
pub(super) fn incorrect_file_system_state() -> ApiError {
    ApiError::silent("IncorrectFileSystemLifeCycleState", 409)
}
