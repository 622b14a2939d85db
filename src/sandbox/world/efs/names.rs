//! How a client may name a resource of EFS, and the ARN by which EFS names it back.

use super::super::{ApiError, Region};
use super::errors::bad_request;

/// A kind of resource that has an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    FileSystem,
    AccessPoint,
}

impl Kind {
    /// The resource type in an ARN, and the prefix of the ids.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::FileSystem => ("file-system", "fs-"),
            Self::AccessPoint => ("access-point", "fsap-"),
        }
    }
}

/// Whether a text is `prefix` and 8 to 40 lower-case hexadecimal digits, as all ids here are.
pub(super) fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|digits| {
        (8..=40).contains(&digits.len())
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

impl Region {
    /// The ARN of a resource of EFS.
    pub(super) fn efs_arn(&self, kind: Kind, id: &str) -> String {
        format!("{}{id}", self.efs_arn_prefix(kind))
    }

    fn efs_arn_prefix(&self, kind: Kind) -> String {
        format!(
            "arn:{}:elasticfilesystem:{}:{}:{}/",
            self.partition(),
            self.name,
            self.account_id,
            kind.words().0
        )
    }

    /// The id in a name that may be an id or an ARN of this account and region.
    pub(super) fn efs_id<'a>(&self, kind: Kind, name: &'a str) -> Option<&'a str> {
        let id = if name.starts_with("arn:") {
            name.strip_prefix(self.efs_arn_prefix(kind).as_str())?
        } else {
            name
        };
        is_id(id, kind.words().1).then_some(id)
    }

    /// The id of a file system named by id or ARN.
    pub(super) fn file_system_id<'a>(&self, name: &'a str) -> Result<&'a str, ApiError> {
        self.efs_id(Kind::FileSystem, name)
            .ok_or_else(|| bad_request(format!("invalid file system ID: {name}")))
    }

    /// The id of an access point named by id or ARN.
    pub(super) fn access_point_id<'a>(&self, name: &'a str) -> Result<&'a str, ApiError> {
        self.efs_id(Kind::AccessPoint, name)
            .ok_or_else(|| bad_request(format!("invalid access point ID: {name}")))
    }
}

/// The id of a mount target, which has no ARN.
pub(super) fn mount_target_id(name: &str) -> Result<&str, ApiError> {
    if is_id(name, "fsmt-") {
        Ok(name)
    } else {
        Err(bad_request(format!("invalid mount target ID: {name}")))
    }
}

/// The token by which a creation is recognised when it is repeated: 1 to 64 ASCII characters.
pub(super) fn check_token(member: &str, token: &str) -> Result<(), ApiError> {
    let fits = (1..=64).contains(&token.len())
        && token
            .bytes()
            .all(|byte| byte.is_ascii() && !byte.is_ascii_control());
    if fits {
        Ok(())
    } else {
        Err(bad_request(format!(
            "{member} must be a string of 1 to 64 ASCII characters."
        )))
    }
}

/// One of the values that the API knows for a member.
pub(super) fn check_enum(member: &str, value: &str, known: &[&str]) -> Result<(), ApiError> {
    if known.contains(&value) {
        Ok(())
    } else {
        Err(bad_request(format!(
            "Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
            known.join(", ")
        )))
    }
}
