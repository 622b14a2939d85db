//! Access points: what is asked for, and what there is.

use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest, Sha256};

use super::ids::{AccessPointId, FileSystemId, Name};
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

    /// The idempotency token: `efsctl:NAME/AP`, or a hash of it where that is too long.
    pub fn token(&self, deployment: &Name) -> String {
        let whole = format!("efsctl:{deployment}/{}", self.name);
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

    /// Not on its way out.
    pub fn is_staying(&self) -> bool {
        !matches!(self.state, State::Deleting | State::Deleted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(name: &str, path: &str) -> AccessPointSpec {
        AccessPointSpec::new(name.parse().unwrap(), path)
    }

    #[test]
    fn a_token_has_at_most_64_characters_and_tells_two_names_apart() {
        let short: Name = "data".parse().unwrap();
        assert_eq!(point("app", "/app").token(&short), "efsctl:data/app");
        let long: Name = "n".repeat(50).parse().unwrap();
        let tokens = ["a", "b"].map(|last| {
            let name = format!("{}{last}", "a".repeat(40));
            point(&name, "/").token(&long)
        });
        assert!(tokens.iter().all(|token| token.len() == 64), "{tokens:?}");
        assert_ne!(tokens[0], tokens[1]);
        assert!(tokens[0].starts_with("efsctl:") && tokens[0].is_ascii());
    }

    #[test]
    fn what_efs_refuses_is_said_before() {
        for good in ["/", "/a", "/a/b/c/d", "/data set"] {
            assert_eq!(point("app", good).contradiction(), None, "{good}");
        }
        for bad in ["", "a", "/a/", "//", "/a/b/c/d/e", "/.a", "/a*"] {
            assert!(point("app", bad).contradiction().is_some(), "{bad}");
        }
        let mut app = point("app", "/");
        app.user = Some(PosixUser {
            uid: -1,
            gid: 0,
            secondary_gids: BTreeSet::new(),
        });
        assert!(app.contradiction().unwrap().starts_with("-1 is not"));
        app.user = None;
        app.creation = Some(CreationInfo {
            owner_uid: 0,
            owner_gid: 0,
            permissions: "789".to_owned(),
        });
        assert!(app.contradiction().unwrap().contains("octal"));
    }
}
