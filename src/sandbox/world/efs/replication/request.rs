//! What `CreateReplicationConfiguration` asks for, read and checked as far as that takes no file system.
//!
//! The codes are those of the service model; where the documentation does not say which one a refusal has, it is `BadRequest`
//! with words of our own (UNCONFIRMED).

use serde::Deserialize;

use super::super::super::{ApiError, Region, catalog};
use super::super::errors::{bad_request, malformed};
use super::super::names::FileSystemName;

const REGION_PATTERN: &str = "^[a-z]{2}-((iso[a-z]{0,1}-)|(gov-)){0,1}[a-z]+-{0,1}[0-9]{0,1}$";
const ROLE_PATTERN: &str = r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+";

/// Input of `CreateReplicationConfiguration`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateReplicationConfiguration {
    /// The file system to be copied, by id or ARN.
    #[serde(skip)]
    pub source_file_system_id: String,
    /// Where to: one destination.
    pub destinations: Option<Vec<DestinationToCreate>>,
}

/// `DestinationToCreate` of the API.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DestinationToCreate {
    /// Region of the copy.
    pub region: Option<String>,
    /// Makes a new copy a One Zone file system.
    pub availability_zone_name: Option<String>,
    /// Key of a new copy: key id, alias, or ARN of either.
    pub kms_key_id: Option<String>,
    /// A file system that exists, by id or ARN; of another account by ARN.
    pub file_system_id: Option<String>,
    /// The role as which EFS replicates: needed for a file system of another account.
    pub role_arn: Option<String>,
}

/// The destination that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) region: String,
    pub(super) role_arn: Option<String>,
    pub(super) copy: CopyKind,
}

/// The copy that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CopyKind {
    /// A new file system.
    New {
        zone: Option<String>,
        key: Option<String>,
    },
    /// One that exists; of another account, when there is an owner.
    Existing { id: String, owner: Option<String> },
}

impl CreateReplicationConfiguration {
    /// The one destination, for a source in that region.
    pub(super) fn destination(&self, here: &Region) -> Result<Destination, ApiError> {
        match self.destinations.as_deref() {
            None | Some([]) => Err(bad_request("Destinations must be specified.")),
            Some([one]) => one.read(here),
            Some(_) => Err(bad_request(
                "Only one destination is supported in a replication configuration.",
            )),
        }
    }
}

impl DestinationToCreate {
    fn read(&self, here: &Region) -> Result<Destination, ApiError> {
        if let Some(role) = &self.role_arn
            && !is_role(role)
        {
            return Err(malformed(
                "destinations.1.member.roleArn",
                role,
                ROLE_PATTERN,
            ));
        }
        let existing = self.file_system_id.as_deref();
        let existing = existing
            .map(|name| FileSystemName::read("destinations.1.member.fileSystemId", name))
            .transpose()?;
        let region = self.region(existing.as_ref(), here)?;
        Ok(Destination {
            region,
            role_arn: self.role_arn.clone(),
            copy: match existing {
                None => CopyKind::New {
                    zone: self.availability_zone_name.clone(),
                    key: self.kms_key_id.clone(),
                },
                Some(name) => self.existing(name, here)?,
            },
        })
    }

    /// The region of the copy: as named, or that of the ARN, of the zone, or of the source of a bare id.
    fn region(
        &self,
        existing: Option<&FileSystemName<'_>>,
        here: &Region,
    ) -> Result<String, ApiError> {
        let of_arn = existing
            .and_then(|name| name.home)
            .map(|(region, _)| region);
        let zone = self.availability_zone_name.as_deref();
        let of_zone =
            zone.map(|zone| zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase()));
        let of_id = existing.map(|_| here.name.as_str());
        let named = self.region.as_deref();
        let region = named.or(of_arn).or(of_zone).or(of_id).ok_or_else(|| {
            bad_request("One of Region, AvailabilityZoneName and FileSystemId must be specified.")
        })?;
        if of_arn.is_some_and(|of_arn| of_arn != region) {
            return Err(bad_request(format!(
                "The destination file system is not in the Region '{region}'."
            )));
        }
        let Some(facts) = catalog::region(region) else {
            return Err(malformed(
                "destinations.1.member.region",
                region,
                REGION_PATTERN,
            ));
        };
        // "The Region must be enabled for the account that owns the source file system" (API reference, `DestinationToCreate`).
        if here.disabled_regions.contains(region) || facts.partition().name != here.partition() {
            return Err(bad_request(format!(
                "The Region '{region}' is not enabled for the account of the source file system."
            )));
        }
        Ok(region.to_owned())
    }

    fn existing(&self, name: FileSystemName<'_>, here: &Region) -> Result<CopyKind, ApiError> {
        if self.availability_zone_name.is_some() || self.kms_key_id.is_some() {
            return Err(bad_request(
                "AvailabilityZoneName and KmsKeyId cannot be specified for an existing destination file system.",
            ));
        }
        let owner = name.home.map(|(_, account)| account);
        let owner = owner.filter(|account| *account != here.account_id);
        if owner.is_some() && self.role_arn.is_none() {
            // As seen in hashicorp/terraform-provider-aws#42814.
            return Err(bad_request(
                "No RoleArn provided.  RoleArn is required for cross-account replication.",
            ));
        }
        Ok(CopyKind::Existing {
            id: name.id.to_owned(),
            owner: owner.map(str::to_owned),
        })
    }
}

fn is_role(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts[..] else {
        return false;
    };
    let name = resource.strip_prefix("role").unwrap_or_default();
    (partition.is_empty() || partition.starts_with("aws"))
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && name.len() > 1
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&byte))
}
