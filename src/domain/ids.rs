//! Identifiers: parsed where they enter, opaque afterwards.

mod kms_key;

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
        pub struct $name(String);

        impl $name {
            /// An id that AWS itself gave: taken as it is.
            pub fn known(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as AWS writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_resource_id(text, $prefix) {
                    Ok(Self(text.to_owned()))
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
        Self::known(arn)
    }

    /// The account of its owner, where that is another one.
    pub fn account(&self) -> Option<&str> {
        let arn = self.0.strip_prefix("arn:")?;
        arn.split(':').nth(3)
    }

    /// The id alone, `fs-…`, as it stands in the DNS name.
    pub fn bare(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, id)| id)
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
    /// Id of a network interface.
    NetworkInterfaceId, "eni", "a network-interface id", "`eni-` and 8 to 40 hexadecimal digits"
);

/// The name of an Availability Zone as the account sees it, for example `eu-west-1a`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Zone(String);

impl Zone {
    /// A zone name that AWS itself gave.
    pub fn known(name: impl Into<String>) -> Self {
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

    /// The name of the security group that is made for it.
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
mod tests {
    use super::*;

    #[test]
    fn names_are_what_aws_takes_in_a_token_and_in_a_group_name() {
        let longest = "a".repeat(50);
        for good in ["a", "9", "demo", "team.a_b-c", longest.as_str()] {
            let name: Name = good.parse().unwrap();
            assert!(name.token().len() <= 64, "{good}");
        }
        let too_long = "a".repeat(51);
        for bad in [
            "",
            "fs-12345678",
            "-a",
            ".a",
            "a/b",
            "a b",
            "ä",
            "a:b",
            too_long.as_str(),
        ] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_follow_the_pattern_of_the_service_model() {
        for good in ["fs-01234567", "fs-0123456789abcdef0"] {
            assert!(good.parse::<FileSystemId>().is_ok(), "{good}");
        }
        for bad in [
            "fs-",
            "fs-0123",
            "fs-0123456G",
            "fs-ABCDEF01",
            "fsmt-01234567",
            "fs_01234567",
            "01234567",
        ] {
            assert!(bad.parse::<FileSystemId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_reference_is_an_id_an_arn_or_a_name() {
        let id = Reference::Id(FileSystemId::known("fs-01234567"));
        let arn = "arn:aws-cn:elasticfilesystem:cn-north-1:111122223333:file-system/fs-01234567";
        assert_eq!("fs-01234567".parse(), Ok(id));
        let there = FileSystemId::of_another_account(arn);
        assert_eq!(there.account(), Some("111122223333"));
        assert_eq!(there.bare(), "fs-01234567");
        let here = FileSystemId::known("fs-01234567");
        assert_eq!((here.account(), here.bare()), (None, "fs-01234567"));
        let named: Reference = arn.parse().unwrap();
        assert!(matches!(&named, Reference::Arn { region, .. } if region == "cn-north-1"));
        assert_eq!(named.to_string(), "fs-01234567");
        assert!(matches!("demo".parse(), Ok(Reference::Name(_))));
        for bad in [
            "fs-xyz",
            "arn:aws:s3:::bucket",
            "arn:aws:elasticfilesystem:r:1:file-system/x",
            "a/b",
            "",
        ] {
            assert!(bad.parse::<Reference>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_zone_has_a_region_and_a_letter() {
        assert!("eu-west-1a".parse::<Zone>().is_ok());
        assert!("us-west-2-lax-1a".parse::<Zone>().is_ok());
        for bad in ["eu-west-1", "a", "eu-west-1A", ""] {
            assert!(bad.parse::<Zone>().is_err(), "{bad}");
        }
        let carries = |zone: &str| Zone::known(zone).is_availability_zone_of("us-west-2");
        assert!(carries("us-west-2d"));
        assert!(
            !carries("us-west-2-lax-1a")
                && !carries("us-west-2-wl1-den-wlz-1")
                && !carries("us-east-1a")
        );
    }
}
