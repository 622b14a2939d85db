//! Who asks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use axum::http::header::{AUTHORIZATION, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::service::{Caller, Code, Refusal};

/// The owner of what is created without authentication.
pub(super) const ANONYMOUS: &str = "anonymous";

/// How a request shows who asks.
#[derive(Debug)]
pub enum Auth {
    /// It does not: every job is everyone's, and so are the routes of administrators. For this host only.
    Open,
    /// By a bearer token.
    Tokens(Tokens),
    /// By a header that a proxy in front sets. For a socket in the file system only.
    Header(HeaderName),
}

/// The file of tokens.
#[derive(Debug)]
pub struct Tokens {
    path: PathBuf,
    known: RwLock<HashMap<[u8; 32], Holder>>,
}

#[derive(Debug, Clone)]
struct Holder {
    user: String,
    is_admin: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    token: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    sha256: String,
    user: String,
    #[serde(default)]
    role: Role,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Role {
    #[default]
    User,
    Admin,
}

/// A file of tokens that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {why}")]
pub struct AuthFault {
    /// The file.
    pub path: String,
    /// What is wrong with it.
    pub why: String,
}

impl Tokens {
    /// Reads a file of tokens: TOML, and per `[[token]]` its `sha256`, `user` and `role` (`user` or `admin`).
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(path: &Path) -> Result<Self, AuthFault> {
        let known = Self::parse(path)?;
        Ok(Self {
            path: path.to_owned(),
            known: RwLock::new(known),
        })
    }

    fn parse(path: &Path) -> Result<HashMap<[u8; 32], Holder>, AuthFault> {
        let fault = |why: String| AuthFault {
            path: path.display().to_string(),
            why,
        };
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        let file: File = toml::from_str(&text)
            .map_err(|error| fault(error.to_string().trim_end().to_owned()))?;
        if file.token.is_empty() {
            return Err(fault("it has no [[token]]".to_owned()));
        }
        let mut known = HashMap::new();
        for row in file.token {
            let hash = digest(&row.sha256).ok_or_else(|| {
                fault(format!(
                    "the sha256 of user `{}` is not 64 hexadecimal digits",
                    row.user
                ))
            })?;
            if row.user.is_empty() || row.user.chars().any(char::is_control) {
                return Err(fault(format!("`{}` is no user", row.user.escape_debug())));
            }
            let holder = Holder {
                user: row.user,
                is_admin: row.role == Role::Admin,
            };
            if known.insert(hash, holder).is_some() {
                return Err(fault("it has one sha256 twice".to_owned()));
            }
        }
        Ok(known)
    }

    fn holder(&self, token: &[u8]) -> Option<Holder> {
        // The token is compared by its hash, which takes the same time however much of it is right.
        let hash: [u8; 32] = Sha256::digest(token).into();
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&hash)
            .cloned()
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// The hash of a token, as the file of tokens has it.
pub fn sha256(token: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(token.as_bytes()) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A new token, and its hash for the file of tokens.
pub fn new_token() -> (String, String) {
    let token = format!(
        "efsw_{}{}",
        uuid::Uuid::new_v4().simple(),
        uuid::Uuid::new_v4().simple()
    );
    let hash = sha256(&token);
    (token, hash)
}

/// The header that a proxy sets; `None` for what is no name of one.
pub fn header(name: &str) -> Option<HeaderName> {
    name.parse().ok()
}

/// Who asks, and what for.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) user: String,
    pub(super) caller: Caller,
    pub(super) is_admin: bool,
}

impl Auth {
    /// Reads the file of tokens again.
    pub(super) fn reload(&self) -> Result<usize, AuthFault> {
        let Self::Tokens(tokens) = self else {
            return Ok(0);
        };
        let known = Tokens::parse(&tokens.path)?;
        let count = known.len();
        *tokens.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(count)
    }

    /// Who sent a request.
    pub(super) fn identify(&self, headers: &HeaderMap) -> Result<Identity, Refusal> {
        let refused = |message: &str| Refusal::new(Code::Unauthorized, message);
        let named = |user: &str, is_admin| Identity {
            user: user.to_owned(),
            caller: Caller::User(user.to_owned()),
            is_admin,
        };
        match self {
            Self::Open => Ok(Identity {
                user: ANONYMOUS.to_owned(),
                caller: Caller::Everyone,
                is_admin: true,
            }),
            Self::Header(name) => {
                let user = headers
                    .get(name)
                    .and_then(|value| value.to_str().ok())
                    .filter(|user| !user.is_empty());
                user.map(|user| named(user, false))
                    .ok_or_else(|| refused(&format!("the header {name} is missing")))
            }
            Self::Tokens(tokens) => {
                let value = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
                let value = value
                    .ok_or_else(|| refused("a token is needed: Authorization: Bearer TOKEN"))?;
                let token = value
                    .split_at_checked(7)
                    .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "));
                let holder = token.and_then(|(_, token)| tokens.holder(token.trim_ascii()));
                let holder = holder.ok_or_else(|| refused("the token is not known"))?;
                Ok(named(&holder.user, holder.is_admin))
            }
        }
    }
}
