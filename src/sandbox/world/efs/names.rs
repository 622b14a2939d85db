//! How a client may name a resource of EFS, and the ARN by which EFS names it back.

use super::super::{ApiError, Region};
use super::errors::{bad_request, file_system_not_found, invalid, malformed};

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

/// The forms of the names in the service model.
pub(super) const FILE_SYSTEM_PATTERN: &str = "^(arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-:]+:file-system/fs-[0-9a-f]{8,40}|fs-[0-9a-f]{8,40})$";
const ACCESS_POINT_PATTERN: &str = "^(arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-:]+:access-point/fsap-[0-9a-f]{8,40}|fsap-[0-9a-f]{8,40})$";

/// Whether a text is `prefix` and 8 to 40 lower-case hexadecimal digits, as all ids here are.
pub(super) fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|digits| {
        (8..=40).contains(&digits.len())
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// A file system as a request names it, wherever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileSystemName<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its region and its account, when an ARN names it.
    pub(super) home: Option<(&'a str, &'a str)>,
}

impl<'a> FileSystemName<'a> {
    /// The file system that an id or an ARN names, of whatever region and account.
    pub(super) fn read(member: &str, name: &'a str) -> Result<Self, ApiError> {
        let parts: Vec<&str> = name.splitn(6, ':').collect();
        let (id, home) = match parts[..] {
            ["arn", _, "elasticfilesystem", region, account, resource] => {
                let id = resource.strip_prefix("file-system/").unwrap_or_default();
                (id, Some((region, account)))
            }
            _ => (name, None),
        };
        if is_id(id, "fs-") {
            Ok(Self { id, home })
        } else {
            Err(malformed(member, name, FILE_SYSTEM_PATTERN))
        }
    }
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

    /// The account and the id in the ARN of a file system of another account.
    pub(super) fn foreign_file_system<'a>(&self, name: &'a str) -> Option<(&'a str, &'a str)> {
        let prefix = format!("arn:{}:elasticfilesystem:{}:", self.partition(), self.name);
        let (account, id) = name.strip_prefix(&prefix)?.split_once(":file-system/")?;
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_foreign = is_account && account != self.account_id && is_id(id, "fs-");
        is_foreign.then_some((account, id))
    }

    /// The id of a file system named by id or ARN.
    pub(super) fn file_system_id<'a>(&self, name: &'a str) -> Result<&'a str, ApiError> {
        if let Some((_, id)) = self.foreign_file_system(name) {
            return Err(file_system_not_found(id));
        }
        self.efs_id(Kind::FileSystem, name)
            .ok_or_else(|| malformed("fileSystemId", name, FILE_SYSTEM_PATTERN))
    }

    /// The id of an access point named by id or ARN.
    pub(super) fn access_point_id<'a>(&self, name: &'a str) -> Result<&'a str, ApiError> {
        self.efs_id(Kind::AccessPoint, name)
            .ok_or_else(|| malformed("accessPointId", name, ACCESS_POINT_PATTERN))
    }
}

/// The id of a mount target, which has no ARN.
pub(super) fn mount_target_id(name: &str) -> Result<&str, ApiError> {
    if is_id(name, "fsmt-") {
        Ok(name)
    } else {
        Err(malformed("mountTargetId", name, "^fsmt-[0-9a-f]{8,40}$"))
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
        let mut path = member.to_owned();
        path.get_mut(..1).map(str::make_ascii_lowercase);
        let constraint = format!("satisfy enum value set: [{}]", known.join(", "));
        Err(invalid(&path, value, &[&constraint]))
    }
}
