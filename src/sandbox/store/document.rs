//! What a state file says: `{"efsctl_sandbox":1,"world":…}`.

use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::wire::{Request, Service, Target};
use crate::world::{Millis, World};

/// The version of the state file's format.
const FORMAT: u64 = 1;

/// What an account keeps.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The simulated AWS.
    pub world: World,
    /// Calls whose effect is still to come.
    pub late: Vec<LateCall>,
}

/// A call that takes effect later than it was made. Its headers, which carry a signature, are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateCall {
    /// When it takes effect.
    pub due: Millis,
    /// Its service.
    pub service: Service,
    /// Its region.
    pub region: String,
    /// `POST`, …
    pub method: String,
    /// Path.
    pub path: String,
    /// Query string.
    pub query: String,
    /// Body.
    pub body: String,
}

impl LateCall {
    /// A call that takes effect at `due`.
    pub fn new(due: Millis, target: &Target, request: &Request) -> Self {
        Self {
            due,
            service: target.service,
            region: target.region.clone(),
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        }
    }

    /// The call as it came, without its headers.
    pub fn into_request(self) -> (Target, Request) {
        let target = Target {
            service: self.service,
            region: self.region,
        };
        let request = Request {
            method: self.method,
            path: self.path,
            query: self.query,
            headers: Vec::new(),
            body: self.body.into_bytes(),
        };
        (target, request)
    }
}

/// The state as it stands in the file, to be written.
#[derive(Serialize)]
struct Written<'a> {
    efsctl_sandbox: u64,
    world: &'a World,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    late: &'a [LateCall],
}

/// The state as it stands in the file, read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[expect(dead_code, reason = "checked by `Marker` before")]
    efsctl_sandbox: u64,
    world: World,
    #[serde(default)]
    late: Vec<LateCall>,
}

/// What tells a state file from any other JSON.
#[derive(Deserialize)]
struct Marker {
    efsctl_sandbox: Option<u64>,
}

impl State {
    /// Writes the document that a state file holds.
    pub fn write(&self, to: impl Write) -> serde_json::Result<()> {
        let document = Written {
            efsctl_sandbox: FORMAT,
            world: &self.world,
            late: &self.late,
        };
        serde_json::to_writer(to, &document)
    }

    /// Reads the document of a state file; the path is for the error.
    pub(super) fn from_json(path: &Path, text: &[u8]) -> Result<Self, StoreError> {
        let corrupt = |source| StoreError::Corrupt {
            path: path.to_owned(),
            source,
        };
        // Written as UTF-8; an editor may have put a byte order mark before it, or have saved it as something else.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        if text.contains(&0) || std::str::from_utf8(text).is_err() {
            return Err(StoreError::NotUtf8 {
                path: path.to_owned(),
            });
        }
        let marker = match serde_json::from_slice(text) {
            Ok(Marker { efsctl_sandbox }) => efsctl_sandbox,
            Err(error) if error.is_data() => None,
            Err(error) => return Err(corrupt(error)),
        };
        match marker {
            None => Err(StoreError::Foreign {
                path: path.to_owned(),
            }),
            Some(FORMAT) => {
                let Document { world, late, .. } = serde_json::from_slice(text).map_err(corrupt)?;
                Ok(State { world, late })
            }
            Some(version) => Err(StoreError::Newer {
                path: path.to_owned(),
                version,
                format: FORMAT,
            }),
        }
    }
}
