//! What the address of a request names.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;

use super::app::App;
use super::auth::Identity;
use super::body::{self, Content, discard};
use crate::domain::name::Name;
use crate::domain::path::RelPath;
use crate::service::{Caller, Code, Refusal};

const PREFIX: &str = "/api/v1/jobs/";

/// A request whose sender is known.
pub(super) struct Asked {
    pub(super) app: Arc<App>,
    pub(super) who: Identity,
    parts: Parts,
    body: Body,
}

impl Asked {
    /// Finds out who asks. The body of a request that is refused is not kept.
    pub(super) fn new(app: Arc<App>, request: Request) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        match app.auth.identify(&parts.headers) {
            Ok(who) => Ok(Self {
                app,
                who,
                parts,
                body,
            }),
            Err(refused) => {
                discard(body);
                Err(refused)
            }
        }
    }

    pub(super) fn caller(&self) -> &Caller {
        &self.who.caller
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The job that the address names. What is no id is no job either.
    pub(super) fn name(&self) -> Result<Name, Refusal> {
        name(&self.parts.uri)
    }

    /// The file that the address names: its segments are decoded once, after they were split.
    pub(super) fn path(&self) -> Result<RelPath, Refusal> {
        let rest = self
            .parts
            .uri
            .path()
            .strip_prefix(PREFIX)
            .unwrap_or_default();
        let path = rest.splitn(3, '/').nth(2).unwrap_or_default();
        let bytes: Vec<u8> = percent_decode_str(path).collect();
        Ok(RelPath::from_bytes(&bytes)?)
    }

    /// The last value of a parameter of the query.
    pub(super) fn query(&self, key: &str) -> Option<String> {
        let pairs = form_urlencoded::parse(self.parts.uri.query().unwrap_or_default().as_bytes());
        pairs
            .filter(|(name, _)| name == key)
            .last()
            .map(|(_, value)| value.into_owned())
    }

    /// A parameter that is true or false.
    pub(super) fn flag(&self, key: &str) -> Result<bool, Refusal> {
        let Some(value) = self.query(key) else {
            return Ok(false);
        };
        match value.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
            _ => Err(Refusal::new(
                Code::Invalid,
                format!(
                    "{key}: `{}` is neither true nor false",
                    value.escape_debug()
                ),
            )),
        }
    }

    /// A parameter that is a number above zero.
    pub(super) fn number(&self, key: &str) -> Result<Option<usize>, Refusal> {
        let wrong = |value: &str| {
            Refusal::new(
                Code::Invalid,
                format!("{key}: `{}` is no number above 0", value.escape_debug()),
            )
        };
        let Some(value) = self.query(key) else {
            return Ok(None);
        };
        match value.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(wrong(&value)),
        }
    }

    /// Reads the body.
    pub(super) async fn body(&mut self, most: u64) -> Result<Content, Refusal> {
        let body = std::mem::replace(&mut self.body, Body::empty());
        body::read(&self.app, &self.parts.headers, body, most).await
    }
}

/// The job that an address names.
pub(super) fn name(uri: &Uri) -> Result<Name, Refusal> {
    let rest = uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let id = rest.split('/').next().unwrap_or_default();
    let id = percent_decode_str(id)
        .decode_utf8()
        .map_err(|_| Refusal::no_job())?;
    Name::job(&id).map_err(|_| Refusal::no_job())
}
