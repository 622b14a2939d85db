//! What the SDK calls an error, classified.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_smithy_types::retry::ErrorKind;

use crate::cloud::error::{Class, CloudError, classify};

/// One failed call. `service` is the prefix of IAM actions: `elasticfilesystem` or `ec2`.
#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
pub(super) fn failed<E>(
    service: &str,
    operation: &'static str,
    error: SdkError<E, HttpResponse>,
) -> CloudError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let response = error.raw_response();
    let status = response.map(|response| response.status().as_u16());
    let header = |name: &str| response.and_then(|response| response.headers().get(name));
    let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let meta = error.meta();
    let request_id = header("x-amzn-requestid")
        .or_else(|| header("x-amz-request-id"))
        .or_else(|| meta.extra("aws_request_id"))
        .map(str::to_owned);
    let code = error.code().map(str::to_owned);
    let said = error.message().map(str::to_owned);

    let mut failed = match (&error, &code) {
        _ if has_cause::<CredentialsError>(&error) => {
            // Where another service refused to give them, such as STS, its sentence tells why.
            let refused = causes(&error).find_map(|cause| {
                let meta = cause.downcast_ref::<ErrorMetadata>()?;
                meta.message().map(str::to_owned)
            });
            let why = refused.unwrap_or_else(|| first_line(&deepest(&error)));
            let mut failed = CloudError::new(Class::Credentials, operation, why);
            failed.code = Some("NoCredentials".to_owned());
            return failed;
        }
        (_, None) if is_page => {
            let status = status.unwrap_or_default();
            CloudError::new(
                Class::Terminal,
                operation,
                format!(
                    "the endpoint answered with a web page (HTTP {status}): it is no AWS endpoint, or does not know {operation}"
                ),
            )
        }
        (SdkError::ServiceError(_), Some(code)) => {
            let message = said.unwrap_or_else(|| format!("HTTP {}", status.unwrap_or_default()));
            CloudError::new(classify(Some(code), status), operation, message)
        }
        (SdkError::TimeoutError(_), _) => {
            CloudError::new(Class::Lost, operation, "no answer in time")
        }
        (SdkError::ConstructionFailure(_), _) => {
            CloudError::new(Class::Terminal, operation, deepest(&error))
        }
        (SdkError::DispatchFailure(failure), _) => CloudError {
            // The SDK takes nothing else for transient but a connection that was closed before the answer was complete.
            cut: is_reset(&error) || failure.as_other() == Some(ErrorKind::TransientError),
            ..CloudError::new(Class::Lost, operation, deepest(&error))
        },
        _ => CloudError::new(
            classify(None, status),
            operation,
            said.unwrap_or_else(|| deepest(&error)),
        ),
    };
    if failed.class == Class::Denied {
        failed.action = Some(
            missing_action(&failed.message).unwrap_or_else(|| format!("{service}:{operation}")),
        );
    }
    failed.code = code;
    failed.request_id = request_id;
    failed
}

/// The IAM action that a denial names.
fn missing_action(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    let action: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
        .collect();
    action.contains(':').then_some(action)
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| {
        (*error).source()
    })
}

fn has_cause<T: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(<dyn Error>::is::<T>)
}

/// Whether a connection was made and broke.
fn is_reset(error: &(dyn Error + 'static)) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let mut below = causes(error).filter_map(<dyn Error>::downcast_ref::<std::io::Error>);
    below.any(|error| {
        matches!(
            error.kind(),
            BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
        )
    })
}

/// The chain of providers tells each of its failures on a line of its own.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// The deepest cause: the one that says "connection refused" and not "dispatch failure".
fn deepest(error: &(dyn Error + 'static)) -> String {
    causes(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::missing_action;

    #[test]
    fn the_missing_action_is_the_one_the_denial_names() {
        let efs = "User: arn:aws:iam::1:user/x is not authorized to perform: elasticfilesystem:TagResource on the specified resource";
        assert_eq!(
            missing_action(efs).as_deref(),
            Some("elasticfilesystem:TagResource")
        );
        assert_eq!(
            missing_action("You are not authorized to perform this operation."),
            None
        );
    }
}
