//! What the SDK calls an error, classified.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_smithy_types::retry::ErrorKind;

use super::credentials::unusable::Unusable;
use super::transport::Unanswered;
use crate::cloud::error::{Class, CloudError, classify, classify_said};
use crate::cloud::{Cause, missing_right};

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
            let Unusable {
                sentence,
                cause,
                action,
            } = unusable_in(&error).cloned().unwrap_or_else(|| {
                let why = why(&error);
                Unusable {
                    sentence: format!("no AWS credentials were found ({why})"),
                    cause: Cause::NoCredentials,
                    action: missing_right(&why),
                }
            });
            return CloudError {
                code: Some("NoCredentials".to_owned()),
                action,
                cause: Some(cause),
                ..CloudError::new(Class::Credentials, operation, sentence)
            };
        }
        (_, None) if is_page => {
            let status = status.unwrap_or_default();
            CloudError {
                cause: Some(Cause::WebPage),
                ..CloudError::new(
                    Class::Permanent,
                    operation,
                    format!(
                        "the endpoint answered with a web page (HTTP {status}): it is no AWS endpoint, or does not know {operation}"
                    ),
                )
            }
        }
        (SdkError::ServiceError(_), Some(code)) => {
            let message = said.unwrap_or_else(|| format!("HTTP {}", status.unwrap_or_default()));
            CloudError::new(
                classify_said(Some(code), status, &message),
                operation,
                message,
            )
        }
        (SdkError::TimeoutError(_), _) => CloudError {
            cause: Some(Cause::Silence),
            ..CloudError::new(Class::Ambiguous, operation, "no answer in time")
        },
        (SdkError::ConstructionFailure(_), _) => {
            CloudError::new(Class::Permanent, operation, deepest(&error))
        }
        (SdkError::DispatchFailure(failure), _) => {
            // The SDK takes nothing else for transient but a connection that was closed before the answer was complete.
            let connection_broken =
                is_reset(&error) || failure.as_other() == Some(ErrorKind::TransientError);
            CloudError {
                connection_broken,
                cause: heard(&error).or(connection_broken.then_some(Cause::ConnectionBroken)),
                ..CloudError::new(Class::Ambiguous, operation, unanswered(&error))
            }
        }
        _ => CloudError::new(
            classify(None, status),
            operation,
            said.unwrap_or_else(|| deepest(&error)),
        ),
    };
    failed.code = code;
    if failed.class == Class::Denied {
        // A denial that names no right may be about one of another service, or about the tags that the call sets.
        let may_be_another = service == "elasticfilesystem"
            || ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress"].contains(&operation);
        failed.action = match failed.cause() {
            Some(Cause::RightUnnamed) if may_be_another => None,
            _ => Some(
                missing_right(&failed.message).unwrap_or_else(|| format!("{service}:{operation}")),
            ),
        };
    }
    failed.request_id = request_id;
    failed
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

fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    causes(error).find_map(<dyn Error>::downcast_ref::<T>)
}

/// What was found out about credentials that cannot be had.
pub(super) fn unusable_in<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Unusable> {
    find(error)
}

/// Why a service gave no credentials.
pub(super) fn said(error: &(dyn Error + 'static)) -> Option<Cause> {
    let meta = find::<ErrorMetadata>(error)?;
    Cause::said(meta.code(), meta.message().unwrap_or_default())
}

/// What is reported of it: the sentence of the service that refused, such as STS, or what lies deepest.
pub(super) fn why(error: &(dyn Error + 'static)) -> String {
    let said = causes(error).find_map(|cause| {
        let meta = cause.downcast_ref::<ErrorMetadata>()?;
        meta.message().map(str::to_owned)
    });
    said.unwrap_or_else(|| first_line(&unanswered(error)))
}

/// The cause of a connection without an answer, by all that is said of it.
pub(super) fn heard(error: &(dyn Error + 'static)) -> Option<Cause> {
    let host = find::<Unanswered>(error).map(|way| way.host.as_str());
    let texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    Cause::heard(&texts.join(": "), host)
}

/// The deepest cause, behind the host it is about.
fn unanswered(error: &(dyn Error + 'static)) -> String {
    match find::<Unanswered>(error) {
        Some(way) if !way.host.is_empty() => format!("{}: {}", way.host, deepest(error)),
        _ => deepest(error),
    }
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
