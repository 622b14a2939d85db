//! What an operation is called with: the resource that the path names, a JSON body, or members in the query.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::super::world::{ApiError, Millis};
use super::super::Request;

/// Where and when a call is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The region.
    pub(super) region: &'a str,
    /// The time.
    pub(super) now: Millis,
}

/// A call of an operation.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// The resource that the path names; empty when it names none.
    pub(super) id: String,
    body: &'a [u8],
    query: Vec<(String, String)>,
}

impl<'a> Call<'a> {
    /// The call that a request makes on a resource.
    pub(super) fn new(id: String, request: &'a Request) -> Self {
        let query = form_urlencoded::parse(request.query.as_bytes());
        Self {
            id,
            body: &request.body,
            query: query.into_owned().collect(),
        }
    }

    /// The body; no body is an empty object.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let bytes: &[u8] = match self.body.trim_ascii() {
            [] => b"{}",
            bytes => bytes,
        };
        // By way of a map: serde would also fill a structure from an array.
        serde_json::from_slice::<Map<String, Value>>(bytes)
            .and_then(|members| serde_json::from_value(Value::Object(members)))
            .map_err(|error| unreadable(&error))
    }

    /// The member of the query of that name.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    /// All members of the query of that name, for lists.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.query
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// The number of that name in the query.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.get(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    ApiError::new(
                        "BadRequest",
                        400,
                        format!("{name} must be an integer: {text}"),
                    )
                })
            })
            .transpose()
    }
}

/// AWS tells a missing member, a matter of validation, from a body that it cannot read.
fn unreadable(error: &serde_json::Error) -> ApiError {
    let text = error.to_string();
    let code = if text.starts_with("missing field") {
        "BadRequest"
    } else {
        "SerializationException"
    };
    ApiError::new(code, 400, text)
}
