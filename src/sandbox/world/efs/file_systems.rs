//! `CreateFileSystem`, `DescribeFileSystems`, `DeleteFileSystem`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::state::{FileSystem, Life};
use super::super::{ApiError, Region};
use super::backup::BACKUP_TAG;
use super::errors::bad_request;
use super::names::{check_enum, check_token};
use super::pages::{Page, PageRequest};
use super::shapes::{FileSystemDescription, Tag};
use super::tag_rules;
use super::throughput::Throughput;

/// Input of `CreateFileSystem`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateFileSystem {
    /// The token that makes a repeat recognisable.
    pub creation_token: String,
    /// `generalPurpose` (default) or `maxIO`.
    pub performance_mode: Option<String>,
    /// Encrypt at rest; the API's default is not to.
    pub encrypted: Option<bool>,
    /// Key id, alias, or ARN of either.
    pub kms_key_id: Option<String>,
    /// `bursting` (default), `provisioned` or `elastic`.
    pub throughput_mode: Option<String>,
    /// MiB/s, with `provisioned`.
    pub provisioned_throughput_in_mibps: Option<f64>,
    /// Makes it a One Zone file system.
    pub availability_zone_name: Option<String>,
    /// Automatic backups; the default is true for One Zone.
    pub backup: Option<bool>,
    /// Tags.
    pub tags: Option<Vec<Tag>>,
}

/// Input of `DescribeFileSystems`.
#[derive(Debug, Clone, Default)]
pub struct DescribeFileSystems {
    /// Only that one, by id or ARN.
    pub file_system_id: Option<String>,
    /// Only the one of that token.
    pub creation_token: Option<String>,
    /// At most so many (100).
    pub max_items: Option<i64>,
    /// Where to go on.
    pub marker: Option<String>,
}

impl Region {
    /// `CreateFileSystem`.
    pub fn create_file_system(
        &mut self,
        input: CreateFileSystem,
    ) -> Result<FileSystemDescription, ApiError> {
        let new = self.new_file_system(input)?;
        self.check_creation_token(&new.creation_token)?;
        self.check_file_system_quota()?;
        let file_system = FileSystem {
            id: self.ids.next("fs", &[&new.creation_token]),
            ..new
        };
        let description = self.describe_file_system(&file_system);
        self.file_systems
            .insert(file_system.id.clone(), file_system);
        Ok(description)
    }

    /// Whether the account may have one more file system here.
    pub(super) fn check_file_system_quota(&self) -> Result<(), ApiError> {
        let most = self.quotas.file_systems;
        if self.own_file_systems().count() < most {
            return Ok(());
        }
        Err(ApiError::new(
            "FileSystemLimitExceeded",
            403,
            format!(
                "You have reached the maximum number of file systems ({most}) of this account in this Region."
            ),
        ))
    }

    /// The file system that a request describes, still without an id.
    pub(super) fn new_file_system(&self, input: CreateFileSystem) -> Result<FileSystem, ApiError> {
        check_token("CreationToken", &input.creation_token)?;
        let zone = input.availability_zone_name;
        let performance_mode = input
            .performance_mode
            .unwrap_or_else(|| "generalPurpose".to_owned());
        check_performance_mode(&performance_mode, zone.as_deref())?;
        let throughput = Throughput {
            mode: input
                .throughput_mode
                .unwrap_or_else(|| "bursting".to_owned()),
            mibps: input.provisioned_throughput_in_mibps,
        };
        throughput.check(&performance_mode, self.quotas.provisioned_mibps)?;
        let kms_key_id = self.key_of(input.encrypted == Some(true), input.kms_key_id.as_deref())?;
        if let Some(zone) = &zone {
            if !(1..=64).contains(&zone.chars().count()) {
                return Err(bad_request(
                    "AvailabilityZoneName must have 1 to 64 characters.",
                ));
            }
            self.check_one_zone(zone)?;
        }
        let mut tags = tag_rules::merge(&BTreeMap::new(), input.tags.unwrap_or_default())?;
        let backup = input.backup.unwrap_or(zone.is_some());
        if backup {
            tags.insert(BACKUP_TAG.to_owned(), "enabled".to_owned());
        }
        Ok(FileSystem {
            id: String::new(),
            owner: None,
            creation_token: input.creation_token,
            life: Life::new(self.now, self.timing.file_system),
            encrypted: kms_key_id.is_some(),
            kms_key_id,
            performance_mode,
            throughput_mode: throughput.mode,
            provisioned_mibps: throughput.mibps,
            throughput_locked_until: None,
            availability_zone: zone,
            lifecycle: Vec::new(),
            backup: backup.then(|| "ENABLED".to_owned()),
            policy: None,
            replication_overwrite_protection: "ENABLED".to_owned(),
            replication: None,
            copy_of: None,
            tags,
            size: FileSystem::empty_size(),
        })
    }

    /// The key of an encrypted file system; none without encryption.
    fn key_of(&self, encrypted: bool, named: Option<&str>) -> Result<Option<String>, ApiError> {
        match (encrypted, named) {
            (true, named) => self.key_arn(named).map(Some),
            (false, None) => Ok(None),
            (false, Some(_)) => Err(bad_request(
                "Encrypted must be set to true when KmsKeyId is specified.",
            )),
        }
    }

    /// A token stays taken until the deletion of its file system is over.
    fn check_creation_token(&self, token: &str) -> Result<(), ApiError> {
        match self
            .file_systems
            .values()
            .find(|other| other.creation_token == token)
        {
            None => Ok(()),
            Some(FileSystem { id, .. }) => Err(ApiError::new(
                "FileSystemAlreadyExists",
                409,
                format!("File system '{id}' already exists with creation token '{token}'"),
            )
            .with("FileSystemId", id)),
        }
    }

    /// `DescribeFileSystems`. A token that nobody used gives an empty list.
    pub fn describe_file_systems(
        &self,
        input: &DescribeFileSystems,
    ) -> Result<Page<FileSystemDescription>, ApiError> {
        if let Some(token) = &input.creation_token {
            check_token("CreationToken", token)?;
        }
        if input.file_system_id.is_some() && input.creation_token.is_some() {
            return Err(bad_request(
                "Only one of FileSystemId and CreationToken can be specified.",
            ));
        }
        let id = match &input.file_system_id {
            Some(name) => Some(&self.visible_file_system(name)?.id),
            None => None,
        };
        let chosen = self.own_file_systems().filter(|file_system| {
            id.is_none_or(|id| *id == file_system.id)
                && input
                    .creation_token
                    .as_ref()
                    .is_none_or(|token| *token == file_system.creation_token)
                && self.is_in_view(&file_system.life)
        });
        let request = PageRequest {
            list: "file-systems",
            max: input.max_items,
            token: input.marker.as_deref(),
        };
        // Newest first, as in all recordings; the API leaves the order open.
        let mut newest: Vec<_> = chosen.map(|chosen| (place(chosen), chosen)).collect();
        newest.sort_by(|(one, _), (other, _)| one.cmp(other));
        request.take(
            newest
                .into_iter()
                .map(|(place, chosen)| (place, self.describe_file_system(chosen))),
        )
    }

    /// The file systems of the account itself.
    pub(super) fn own_file_systems(&self) -> impl Iterator<Item = &FileSystem> {
        let all = self.file_systems.values();
        all.filter(|file_system| file_system.owner.is_none())
    }

    /// `DeleteFileSystem`. Its access points go with it; to repeat it is no error until it is gone.
    pub fn delete_file_system(&mut self, file_system_id: &str) -> Result<(), ApiError> {
        let found = self.file_system(file_system_id)?;
        let id = found.id.clone();
        let in_use = |message: String| Err(ApiError::new("FileSystemInUse", 409, message));
        if self.mount_targets_of(&id).next().is_some() {
            return in_use(format!("File system '{id}' has mount targets."));
        }
        if found.is_replicated() {
            return in_use(format!(
                "You cannot delete file system '{id}' because it is in a replication configuration."
            ));
        }
        let gone = self.now.saturating_add(self.timing.delete);
        self.file_system_mut(&id)?.life.gone.get_or_insert(gone);
        Ok(())
    }
}

/// Where a file system stands in the list: the newest is first.
fn place(file_system: &FileSystem) -> String {
    format!(
        "{:016x}{}",
        u64::MAX - file_system.life.created,
        file_system.id
    )
}

/// The performance modes of the API.
pub(in crate::world) const PERFORMANCE_MODES: &[&str] = &["generalPurpose", "maxIO"];

fn check_performance_mode(mode: &str, zone: Option<&str>) -> Result<(), ApiError> {
    check_enum("PerformanceMode", mode, PERFORMANCE_MODES)?;
    if mode == "maxIO" && zone.is_some() {
        return Err(bad_request(
            "One Zone file systems do not support the maxIO performance mode.",
        ));
    }
    Ok(())
}
