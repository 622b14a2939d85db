//! Identifiers: parsed where they enter, opaque afterwards.

mod given;
mod kms_key;

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::given::Given;
pub use self::kms_key::{InvalidKmsKey, KmsKey};

/// A value that is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {what}: expected {expected}")]
pub struct InvalidId {
    /// What was typed.
    pub value: String,
    /// What it should have been, with its article.
    pub what: &'static str,
    /// The form that is accepted.
    pub expected: &'static str,
}

/// Whether `text` is `prefix-` and 8 to 40 lower-case hexadecimal digits: the pattern of the EFS service model
/// (botocore `efs/2015-02-01`), which EC2's ids satisfy too.
fn is_resource_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|digits| {
            (8..=40).contains(&digits.len())
                && digits
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
}

macro_rules! resource_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $what:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(#[schemars(with = "String")] Given);

        impl $name {
            /// An id that AWS itself gave: taken as it is.
            pub fn from_aws(id: impl Into<String>) -> Self {
                Self(Given::Known(id.into()))
            }

            /// The id of what a plan creates: AWS gives it then.
            pub fn after_create() -> Self {
                Self(Given::AfterCreate(None))
            }

            /// Whether AWS gave it.
            pub fn is_known(&self) -> bool {
                matches!(self.0, Given::Known(_))
            }

            /// The id as AWS writes it.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_resource_id(text, $prefix) {
                    Ok(Self::from_aws(text))
                } else {
                    Err(InvalidId { value: text.to_owned(), what: $what, expected: $expected })
                }
            }
        }
    };
}

resource_id!(
    /// Id of an EFS file system.
    FileSystemId, "fs", "a file-system id", "`fs-` and 8 to 40 hexadecimal digits"
);
impl FileSystemId {
    /// The file system of another account, by its whole ARN: EFS takes that in place of the id, and knows the bare id in the account
    /// of its owner only (service model: `FileSystemId`; seen by aws/efs-utils#308).
    pub fn of_another_account(arn: &str) -> Self {
        Self::from_aws(arn)
    }

    /// The account of its owner, where that is another one.
    pub fn account(&self) -> Option<&str> {
        let arn = self.as_str().strip_prefix("arn:")?;
        arn.split(':').nth(3)
    }

    /// The id alone, `fs-…`, as it is in the DNS name.
    pub fn bare(&self) -> &str {
        let whole = self.as_str();
        whole.rsplit_once('/').map_or(whole, |(_, id)| id)
    }
}

resource_id!(
    /// Id of a mount target.
    MountTargetId, "fsmt", "a mount-target id", "`fsmt-` and 8 to 40 hexadecimal digits"
);
resource_id!(
    /// Id of an EFS access point.
    AccessPointId, "fsap", "an access-point id", "`fsap-` and 8 to 40 hexadecimal digits"
);
resource_id!(
    /// Id of a VPC.
    VpcId, "vpc", "a VPC id", "`vpc-` and 8 to 40 hexadecimal digits"
);
resource_id!(
    /// Id of a subnet.
    SubnetId, "subnet", "a subnet id", "`subnet-` and 8 to 40 hexadecimal digits"
);
resource_id!(
    /// Id of a security group.
    SecurityGroupId, "sg", "a security-group id", "`sg-` and 8 to 40 hexadecimal digits"
);
resource_id!(
    /// Id of a rule of a security group.
    SecurityGroupRuleId, "sgr", "the id of a security-group rule", "`sgr-` and 8 to 40 hexadecimal digits"
);
resource_id!(
    /// Id of a network interface.
    NetworkInterfaceId, "eni", "a network-interface id", "`eni-` and 8 to 40 hexadecimal digits"
);
impl NetworkInterfaceId {
    /// The interface of the mount target that a plan creates in that zone.
    pub fn after_create_in(zone: &Zone) -> Self {
        Self(Given::AfterCreate(Some(zone.to_string())))
    }
}

/// The name of an Availability Zone as the account sees it, for example `eu-west-1a`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Zone(String);

impl Zone {
    /// A zone name that AWS itself gave.
    pub fn from_aws(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// It is in that region, whatever kind of zone it is.
    pub fn is_in(&self, region: &str) -> bool {
        self.0.starts_with(region)
    }

    /// Its name is that of the region and one letter (AWS global infrastructure, "Availability Zones"). EFS has no mount
    /// targets in Local Zones and Wavelength Zones.
    pub fn is_availability_zone_of(&self, region: &str) -> bool {
        let letter = self.0.strip_prefix(region);
        letter.is_some_and(|letter| letter.len() == 1)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Zone {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let shaped = text.split('-').count() >= 3
            && text.len() <= 64
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && text.ends_with(|c: char| c.is_ascii_lowercase());
        if shaped {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId {
                value: text.to_owned(),
                what: "an Availability Zone",
                expected: "a name such as `eu-west-1a`",
            })
        }
    }
}

/// The name a file system is created under: its identity for efsctl.
///
/// `[A-Za-z0-9][A-Za-z0-9._-]{0,49}`, so that the creation token `efsctl:NAME` stays within the 64 characters AWS
/// accepts and `efsctl-NAME` is a valid name of a security group.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const LONGEST: usize = 50;

    /// The name of what is made for a file system that has none of ours: its id, which has the form of a name.
    pub fn of(id: &FileSystemId) -> Self {
        Self(id.as_str().to_owned())
    }

    /// The name as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The creation token of the file system.
    pub fn token(&self) -> String {
        format!("efsctl:{}", self.0)
    }

    /// The name of the security group that is created for it.
    pub fn security_group(&self) -> String {
        format!("efsctl-{}", self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Name {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        // A name that looks like an id could never be meant by its name.
        let fits = !text.starts_with("fs-")
            && text.len() <= Self::LONGEST
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId {
                value: text.to_owned(),
                what: "a name",
                expected: "1 to 50 letters, digits, `.`, `_` or `-`, beginning with a letter or digit, and not with `fs-`",
            })
        }
    }
}

/// What a person types to mean one file system: its id, its ARN, or the name it was created under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// `fs-…`.
    Id(FileSystemId),
    /// An ARN: the id, and where it is.
    Arn {
        /// The whole ARN.
        arn: String,
        /// Its id.
        id: FileSystemId,
        /// Its region.
        region: String,
        /// The account of its owner.
        account: String,
    },
    /// The name it was created under.
    Name(Name),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) | Self::Arn { id, .. } => id.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

impl FromStr for Reference {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text.starts_with("arn:") {
            let invalid = || InvalidId {
                value: text.to_owned(),
                what: "the ARN of a file system",
                expected: "`arn:PARTITION:elasticfilesystem:REGION:ACCOUNT:file-system/fs-…`",
            };
            let parts: Vec<&str> = text.splitn(6, ':').collect();
            let [_, _, "elasticfilesystem", region, account, resource] = parts.as_slice() else {
                return Err(invalid());
            };
            let id = resource.strip_prefix("file-system/").ok_or_else(invalid)?;
            return Ok(Self::Arn {
                arn: text.to_owned(),
                id: id.parse().map_err(|_| invalid())?,
                region: (*region).to_owned(),
                account: (*account).to_owned(),
            });
        }
        if text.starts_with("fs-") {
            return text.parse().map(Self::Id);
        }
        text.parse()
            .map(Self::Name)
            .map_err(|error: InvalidId| InvalidId {
                what: "a file system",
                expected: "an id `fs-…`, its ARN, or the name it was created under",
                ..error
            })
    }
}

#[cfg(test)]
mod tests;
