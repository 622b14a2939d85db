//! `DescribeReplicationConfigurations`. Replications come from a described account: no call makes or ends one here.

use serde::Serialize;

use super::super::state::FileSystem;
use super::super::{ApiError, Millis, Region};
use super::clock;
use super::pages::{Page, PageRequest};

/// `ReplicationConfigurationDescription` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReplicationDescription {
    /// The file system that is copied.
    pub source_file_system_id: String,
    /// Its region.
    pub source_file_system_region: String,
    /// Its ARN.
    pub source_file_system_arn: String,
    /// The same: it is not a copy itself.
    pub original_source_file_system_arn: String,
    /// When the replication was made.
    #[serde(serialize_with = "clock::seconds")]
    pub creation_time: Millis,
    /// Account that owns it.
    pub source_file_system_owner_id: String,
    /// The copy: there is one.
    pub destinations: Vec<DestinationDescription>,
}

/// `Destination` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DestinationDescription {
    /// `ENABLED`, `ENABLING`, `DELETING`, `ERROR`, `PAUSED` or `PAUSING`.
    pub status: String,
    /// The copy.
    pub file_system_id: String,
    /// Its region.
    pub region: String,
    /// Account that owns it.
    pub owner_id: String,
}

impl Region {
    /// `DescribeReplicationConfigurations`: of one file system, or all that begin or end in this region.
    pub fn describe_replication_configurations(
        &self,
        file_system_id: Option<&str>,
        max: Option<i64>,
        token: Option<&str>,
    ) -> Result<Page<ReplicationDescription>, ApiError> {
        if let Some(id) = file_system_id {
            let found = self.visible_file_system(id)?;
            let Some(item) = self.replication_of(found) else {
                let message = format!(
                    "Replication configuration for file system '{}' not found.",
                    found.id
                );
                return Err(ApiError::new("ReplicationNotFound", 404, message));
            };
            return Ok(Page {
                items: vec![item],
                next: None,
            });
        }
        let replicated = self.own_file_systems();
        let replicated =
            replicated.filter_map(|found| Some((found.id.as_str(), self.replication_of(found)?)));
        let request = PageRequest {
            list: "replications",
            max,
            token,
        };
        request.take(replicated)
    }

    /// The replication that a file system is in, as its source or as its copy.
    fn replication_of(&self, found: &FileSystem) -> Option<ReplicationDescription> {
        let here = Side {
            file_system: &found.id,
            region: &self.name,
        };
        let (source, destination, status) = match (&found.replication, &found.copy_of) {
            (Some(to), _) => {
                let there = Side {
                    file_system: &to.destination,
                    region: &to.region,
                };
                (here, there, &to.status)
            }
            (None, Some(from)) => {
                let there = Side {
                    file_system: &from.file_system,
                    region: &from.region,
                };
                (there, here, &from.status)
            }
            (None, None) => return None,
        };
        let arn = format!(
            "arn:{}:elasticfilesystem:{}:{}:file-system/{}",
            self.partition(),
            source.region,
            self.account_id,
            source.file_system
        );
        Some(ReplicationDescription {
            source_file_system_id: source.file_system.to_owned(),
            source_file_system_region: source.region.to_owned(),
            source_file_system_arn: arn.clone(),
            original_source_file_system_arn: arn,
            creation_time: found.life.created,
            source_file_system_owner_id: self.account_id.clone(),
            destinations: vec![DestinationDescription {
                status: status.clone(),
                file_system_id: destination.file_system.to_owned(),
                region: destination.region.to_owned(),
                owner_id: self.account_id.clone(),
            }],
        })
    }
}

/// One side of a replication.
struct Side<'a> {
    file_system: &'a str,
    region: &'a str,
}
