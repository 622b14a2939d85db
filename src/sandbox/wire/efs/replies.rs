//! Replies in the form of EFS: status, headers, JSON body.

use serde::Serialize;
use serde_json::{Map, Value};

use super::super::super::world::ApiError;
use super::super::{Reply, Request};

/// What an operation answers when it succeeds.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    body: Option<Vec<u8>>,
}

impl Answer {
    /// A status without a body.
    pub(super) fn empty(status: u16) -> Self {
        Self { status, body: None }
    }

    /// A status with a JSON body.
    pub(super) fn json(status: u16, body: &impl Serialize) -> Result<Self, ApiError> {
        match serde_json::to_vec(body) {
            Ok(body) => Ok(Self {
                status,
                body: Some(body),
            }),
            Err(error) => Err(ApiError::new("InternalServerError", 500, error.to_string())),
        }
    }

    /// The reply that carries it.
    pub(super) fn into_reply(self, request_id: &str) -> Reply {
        reply(self.status, request_id, self.body.unwrap_or_default())
    }
}

/// The reply to a request that EFS refuses: the code in a header and in the body.
pub fn error_reply(error: &ApiError, request_id: &str) -> Reply {
    let mut body = Map::new();
    body.insert("ErrorCode".to_owned(), error.code.into());
    let message = Some(error.message.as_str()).filter(|message| !message.is_empty());
    body.insert("Message".to_owned(), message.into());
    for (name, value) in &error.fields {
        body.insert((*name).to_owned(), value.as_str().into());
    }
    let mut reply = reply(
        error.status,
        request_id,
        Value::Object(body).to_string().into_bytes(),
    );
    reply
        .headers
        .push(("x-amzn-errortype".to_owned(), error.code.to_owned()));
    reply
}

/// The error of a path that no operation has.
pub(super) fn unknown_operation(request: &Request) -> ApiError {
    ApiError::new(
        "UnknownOperationException",
        404,
        format!(
            "No operation of the sandbox answers to {} {}.",
            request.method, request.path
        ),
    )
}

fn reply(status: u16, request_id: &str, body: Vec<u8>) -> Reply {
    Reply {
        status,
        headers: vec![
            ("x-amzn-requestid".to_owned(), request_id.to_owned()),
            ("content-type".to_owned(), "application/json".to_owned()),
        ],
        body,
    }
}
