//! Access points: what is asked for, and what there is.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::ids::{AccessPointId, FileSystemId, InvalidId, Name};
use super::lifecycle_state::State;
use super::tags::{self, Tags};

/// Who every request through an access point is made as (EFS API reference, `PosixUser`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosixUser {
    /// User id.
    pub uid: i64,
    /// Group id.
    pub gid: i64,
    /// Further group ids, at most 16.
    pub secondary_gids: BTreeSet<i64>,
}

/// With what EFS creates the directory at the first mount, where it is missing (EFS API reference, `CreationInfo`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreationInfo {
    /// User id of the owner.
    pub owner_uid: i64,
    /// Group id of the owner.
    pub owner_gid: i64,
    /// Octal: `0755`.
    pub permissions: String,
}

/// An access point that is asked for. All of it is fixed at creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPointSpec {
    /// Its identity, within the deployment.
    pub name: Name,
    /// The directory that clients see as the root.
    pub path: String,
    /// Who every request is made as; `None`: the user of the client.
    pub user: Option<PosixUser>,
    /// With what the directory is created; `None`: it has to exist, and that of an access point that exists is not compared.
    pub creation: Option<CreationInfo>,
}

/// Length of a `ClientToken` (service model: `ClientToken`).
const TOKEN: usize = 64;

/// The idempotency token of the access point of that name: `efsctl:NAME/AP`, or a hash of it where that is too long.
pub fn token(deployment: &Name, name: &Name) -> String {
    let whole = format!("efsctl:{deployment}/{name}");
    if whole.len() <= TOKEN {
        return whole;
    }
    let digest = Sha256::digest(whole.as_bytes());
    let hex = digest.iter().map(|byte| format!("{byte:02x}"));
    let hex: String = hex.collect();
    let mut token = format!("efsctl:{hex}");
    token.truncate(TOKEN);
    token
}

impl AccessPointSpec {
    /// An access point to that directory, as the client's own user.
    pub fn new(name: Name, path: impl Into<String>) -> Self {
        Self {
            name,
            path: path.into(),
            user: None,
            creation: None,
        }
    }

    /// The idempotency token.
    pub fn token(&self, deployment: &Name) -> String {
        token(deployment, &self.name)
    }

    /// Why EFS would refuse it (API reference, `RootDirectory`, `CreationInfo`, `PosixUser`), if it would.
    pub fn contradiction(&self) -> Option<String> {
        let names: Vec<&str> = self.path.split('/').skip(1).collect();
        let is_plain =
            |name: &&str| !name.is_empty() && !name.starts_with('.') && !name.contains(SPECIAL);
        let is_path = self.path.starts_with('/')
            && (self.path == "/" || (names.len() <= 4 && names.iter().all(is_plain)));
        if !is_path || self.path.chars().count() > 100 {
            return Some(format!(
                "`{}` is not a path for an access point: expected / or up to four names, each after a slash, of 100 characters in all",
                self.path
            ));
        }
        let user = self.user.iter();
        let ids = user.flat_map(|user| {
            [user.uid, user.gid]
                .into_iter()
                .chain(user.secondary_gids.iter().copied())
        });
        let creation = self.creation.iter();
        let owner = creation.flat_map(|creation| [creation.owner_uid, creation.owner_gid]);
        if let Some(id) = ids.chain(owner).find(|id| u32::try_from(*id).is_err()) {
            return Some(format!(
                "{id} is not a user or group id: expected 0 to 4294967295"
            ));
        }
        let permissions = self.creation.as_ref().map(|creation| &creation.permissions);
        let is_octal = |text: &&String| {
            (3..=4).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'))
        };
        if let Some(bad) = permissions.filter(|text| !is_octal(text)) {
            return Some(format!(
                "`{bad}` are not permissions: expected three or four octal digits, for example 0755"
            ));
        }
        let groups = self
            .user
            .as_ref()
            .map_or(0, |user| user.secondary_gids.len());
        (groups > 16).then(|| format!("{groups} secondary groups are too many: EFS takes 16"))
    }
}

impl FromStr for AccessPointSpec {
    type Err = InvalidAccessPoint;

    /// `NAME=PATH[:UID:GID[:MODE]]`. With a user the directory is created for that user, where it is missing: by default with 755.
    fn from_str(text: &str) -> Result<Self, InvalidAccessPoint> {
        let form = || InvalidAccessPoint::Form(text.to_owned());
        let (name, rest) = text.split_once('=').ok_or_else(form)?;
        let name = name
            .parse()
            .map_err(|_| InvalidAccessPoint::Name(name.to_owned()))?;
        let mut parts = rest.split(':');
        let path = parts.next().unwrap_or_default();
        let mut spec = Self::new(name, path);
        let rest: Vec<&str> = parts.collect();
        let (uid, gid, mode) = match *rest.as_slice() {
            [] => return spec.checked(),
            [uid, gid] => (uid, gid, "755"),
            [uid, gid, mode] => (uid, gid, mode),
            _ => return Err(form()),
        };
        let id = |word: &str| {
            let id = word.parse::<u32>().map(i64::from);
            id.map_err(|_| InvalidAccessPoint::UserId(word.to_owned()))
        };
        let (uid, gid) = (id(uid)?, id(gid)?);
        spec.user = Some(PosixUser {
            uid,
            gid,
            secondary_gids: BTreeSet::new(),
        });
        spec.creation = Some(CreationInfo {
            owner_uid: uid,
            owner_gid: gid,
            // EFS keeps the digits as they were sent.
            permissions: format!("{mode:0>4}"),
        });
        spec.checked()
    }
}

impl AccessPointSpec {
    fn checked(self) -> Result<Self, InvalidAccessPoint> {
        match self.contradiction() {
            Some(sentence) => Err(InvalidAccessPoint::Refused(sentence)),
            None => Ok(self),
        }
    }
}

/// No access point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAccessPoint {
    /// Not of the form.
    #[error(
        "`{0}` is not an access point: expected NAME=PATH, NAME=PATH:UID:GID or NAME=PATH:UID:GID:MODE, for example app=/app:1000:1000:750"
    )]
    Form(String),
    /// No name.
    #[error("`{0}` is not a name: expected 1 to 50 letters, digits, `.`, `_`, `-`")]
    Name(String),
    /// No id.
    #[error("{0}")]
    Id(#[from] InvalidId),
    /// No user or group id.
    #[error("`{0}` is not a user or group id: expected 0 to 4294967295")]
    UserId(String),
    /// EFS would refuse it.
    #[error("{0}")]
    Refused(String),
}

/// An access point that exists, as it is named: by the name it was created under, or by its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessPointRef {
    /// By its name.
    Name(Name),
    /// By its id.
    Id(AccessPointId),
}

impl fmt::Display for AccessPointRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Id(id) => id.fmt(f),
        }
    }
}

impl FromStr for AccessPointRef {
    type Err = InvalidAccessPoint;

    fn from_str(text: &str) -> Result<Self, InvalidAccessPoint> {
        // A name that looks like an id would hide an id that was mistyped.
        if text.starts_with("fsap-") {
            return Ok(Self::Id(text.parse()?));
        }
        let name = || InvalidAccessPoint::Name(text.to_owned());
        text.parse().map(Self::Name).map_err(|_| name())
    }
}

/// Characters that no name in a path may hold.
const SPECIAL: &[char] = &[
    '$', '#', '<', '>', ';', '`', '|', '&', '?', '{', '}', '^', '*', '\n',
];

impl fmt::Display for AccessPointSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.name, self.path)?;
        match &self.user {
            Some(user) => write!(f, " as {}:{}", user.uid, user.gid),
            None => Ok(()),
        }
    }
}

/// An access point as `DescribeAccessPoints` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPoint {
    /// Its id.
    pub id: AccessPointId,
    /// Its file system.
    pub file_system: FileSystemId,
    /// The token it was created under.
    pub token: Option<String>,
    /// Its state.
    pub state: State,
    /// The directory that clients see as the root.
    pub path: String,
    /// Who every request is made as; `None`: the user of the client.
    pub user: Option<PosixUser>,
    /// With what the directory is created.
    pub creation: Option<CreationInfo>,
    /// Tags: they tell who made it.
    pub tags: Tags,
}

impl AccessPoint {
    /// What is known of it besides its id: `pvc-0001, /dyn/pvc-0001, created by the EFS CSI driver (efs.csi.aws.com/cluster=true)`.
    pub fn details(&self) -> String {
        let name = self.tags.get("Name").cloned();
        let path = Some(self.path.clone());
        let maker = tags::maker(&self.tags).map(|maker| format!("created by {maker}"));
        let known = [name, path, maker].into_iter().flatten();
        known.collect::<Vec<_>>().join(", ")
    }

    /// Its id with what else is known of it: `fsap-1 (app, /app)`.
    pub fn described(&self) -> String {
        match self.details() {
            details if details.is_empty() => self.id.to_string(),
            details => format!("{} ({details})", self.id),
        }
    }

    /// Not on its way out.
    pub fn is_staying(&self) -> bool {
        !matches!(self.state, State::Deleting | State::Deleted)
    }
}

#[cfg(test)]
mod tests;
