//! Replies in the form of EFS: status, headers, JSON body.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
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
        let mut text = Vec::new();
        let mut serializer = Serializer::with_formatter(&mut text, Numbers);
        match body.serialize(&mut serializer) {
            Ok(()) => Ok(Self {
                status,
                body: Some(text),
            }),
            Err(error) => Err(ApiError::new("InternalServerError", 500, error.to_string())),
        }
    }

    /// The reply that carries it.
    pub(super) fn into_reply(self, request_id: &str) -> Reply {
        reply(self.status, request_id, self.body.unwrap_or_default())
    }
}

/// Numbers as AWS writes them: large ones with an exponent (`1.480254394E9`).
struct Numbers;

impl Formatter for Numbers {
    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let size = value.abs();
        if size < 1e7 && (size >= 1e-3 || size == 0.0) {
            return write!(writer, "{value:?}");
        }
        let text = format!("{value:E}");
        match text.split_once('E') {
            Some((digits, power)) if !digits.contains('.') => write!(writer, "{digits}.0E{power}"),
            _ => writer.write_all(text.as_bytes()),
        }
    }
}

/// Codes of the layer in front of EFS, which has a body of its own: `{"message":"Rate exceeded"}`
/// (aws/res#99, ekristen/aws-nuke#776, kubernetes-sigs/aws-efs-csi-driver#1073).
const IN_FRONT: &[&str] = &[
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "ServiceUnavailable",
    "UnrecognizedClientException",
    "ValidationException",
];

/// Whether an error comes from the layer in front. `ThrottlingException` is modelled for access points, with 429.
fn is_in_front(error: &ApiError) -> bool {
    IN_FRONT.contains(&error.code) || (error.code == "ThrottlingException" && error.status == 400)
}

/// The reply to a request that EFS refuses: the code in a header and in the body.
pub fn error_reply(error: &ApiError, request_id: &str) -> Reply {
    let mut body = Map::new();
    let message = Some(error.message.as_str()).filter(|message| !message.is_empty());
    if is_in_front(error) {
        body.insert("message".to_owned(), message.into());
    } else {
        body.insert("ErrorCode".to_owned(), error.code.into());
        body.insert("Message".to_owned(), message.into());
    }
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
