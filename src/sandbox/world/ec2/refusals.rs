//! The errors most EC2 operations share (EC2 developer guide, "Error codes").

use crate::world::ApiError;

/// A client error of EC2: nearly all travel under HTTP 400.
pub(super) fn refuse(code: &'static str, message: impl Into<String>) -> ApiError {
    ApiError::new(code, 400, message)
}

/// A required parameter was not sent.
pub(super) fn missing(parameter: &str) -> ApiError {
    refuse(
        "MissingParameter",
        format!("The request must contain the parameter {parameter}"),
    )
}

/// A parameter has a value that cannot be used.
pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    refuse("InvalidParameterValue", message)
}

/// A parameter has a value that cannot be used, in the words EC2 uses most.
pub(super) fn invalid_value(value: &str, parameter: &str, why: &str) -> ApiError {
    invalid(format!(
        "Value ({value}) for parameter {parameter} is invalid. {why}"
    ))
}

/// Two parameters exclude each other.
pub(super) fn combination(message: impl Into<String>) -> ApiError {
    refuse("InvalidParameterCombination", message)
}

/// A required value: the error when it is absent or empty.
pub(super) fn required<'a>(value: Option<&'a str>, parameter: &str) -> Result<&'a str, ApiError> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| missing(parameter))
}

/// Stands between the validation and the effect of every operation: with `DryRun`, success is the error
/// `DryRunOperation`.
pub(super) fn unless_dry_run(dry_run: bool) -> Result<(), ApiError> {
    if dry_run {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(ApiError::new("DryRunOperation", 412, message));
    }
    Ok(())
}
