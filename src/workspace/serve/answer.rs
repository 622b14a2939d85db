//! Answers.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use crate::service::{Code, Refusal};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A JSON document.
pub(super) fn json<T: Serialize>(document: &T) -> Response {
    with_status(StatusCode::OK, document)
}

fn with_status<T: Serialize>(status: StatusCode, document: &T) -> Response {
    let body = serde_json::to_vec(document).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// An answer without a body.
pub(super) fn nothing() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// The status of a refusal.
pub(super) fn status(code: Code) -> StatusCode {
    use StatusCode as S;
    match code {
        Code::NotFound => S::NOT_FOUND,
        Code::PathRefused | Code::BadJson | Code::BadContent => S::BAD_REQUEST,
        Code::NotText => S::UNSUPPORTED_MEDIA_TYPE,
        Code::Invalid => S::UNPROCESSABLE_ENTITY,
        Code::FileTooLarge
        | Code::ProjectTooLarge
        | Code::TooManyFiles
        | Code::BodyTooLarge
        | Code::TooManyItems => S::PAYLOAD_TOO_LARGE,
        Code::IdTaken
        | Code::NotGenerating
        | Code::JobFailed
        | Code::JobComplete
        | Code::InTheWay
        | Code::Damaged
        | Code::Held
        | Code::ZipNotReady => S::CONFLICT,
        Code::Expired => S::GONE,
        Code::DiskFull => S::INSUFFICIENT_STORAGE,
        Code::BaseUnavailable | Code::Busy => S::SERVICE_UNAVAILABLE,
        Code::TimedOut => S::REQUEST_TIMEOUT,
        Code::NoMethod => S::METHOD_NOT_ALLOWED,
        Code::Unauthorized => S::UNAUTHORIZED,
        Code::Forbidden => S::FORBIDDEN,
        Code::Internal => S::INTERNAL_SERVER_ERROR,
    }
}

/// A refusal: a sentence and a word.
pub(super) fn refused(refusal: &Refusal) -> Response {
    let mut response = with_status(
        status(refusal.code),
        &json!({"error": refusal.message, "code": refusal.code.as_str()}),
    );
    let headers = response.headers_mut();
    match refusal.code {
        Code::Unauthorized => {
            drop(headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        Code::ZipNotReady | Code::Busy => {
            drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("1")));
        }
        Code::BaseUnavailable => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("5"))),
        _ => {}
    }
    response
}

/// Errors are JSON, also those of the router.
pub(super) fn whole(response: Response) -> Response {
    let is_json = response.headers().get(CONTENT_TYPE) == Some(&JSON);
    let status = response.status();
    if is_json || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let allow = response.headers().get(ALLOW).cloned();
    let refusal = match status {
        StatusCode::NOT_FOUND => Refusal::new(Code::NotFound, "there is nothing at this address"),
        StatusCode::METHOD_NOT_ALLOWED => {
            Refusal::new(Code::NoMethod, "the address does not take this method")
        }
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(Code::BodyTooLarge, "the body is too large"),
        _ => Refusal::new(Code::Internal, "the request could not be carried out"),
    };
    let mut answer = refused(&refusal);
    *answer.status_mut() = status;
    if let Some(allow) = allow {
        answer.headers_mut().insert(ALLOW, allow);
    }
    answer
}
