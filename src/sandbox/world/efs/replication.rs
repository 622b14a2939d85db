//! `DescribeReplicationConfigurations`. Replications come from a described account: no call makes or ends one here.

use serde::Serialize;

use super::super::state::{FileSystem, Replication};
use super::super::{ApiError, Millis, Region};
use super::clock;
use super::names::Kind;
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
    /// `DescribeReplicationConfigurations`: of one file system, or all that begin in this region.
    pub fn describe_replication_configurations(
        &self,
        file_system_id: Option<&str>,
        max: Option<i64>,
        token: Option<&str>,
    ) -> Result<Page<ReplicationDescription>, ApiError> {
        if let Some(id) = file_system_id {
            let found = self.visible_file_system(id)?;
            let Some(replication) = &found.replication else {
                let message = format!(
                    "Replication configuration for file system '{}' not found.",
                    found.id
                );
                return Err(ApiError::new("ReplicationNotFound", 404, message));
            };
            return Ok(Page {
                items: vec![self.describe_replication(found, replication)],
                next: None,
            });
        }
        let replicated = self.file_systems.values().filter_map(|found| {
            let replication = found.replication.as_ref()?;
            Some((
                found.id.as_str(),
                self.describe_replication(found, replication),
            ))
        });
        let request = PageRequest {
            list: "replications",
            max,
            token,
        };
        request.take(replicated)
    }

    fn describe_replication(
        &self,
        source: &FileSystem,
        replication: &Replication,
    ) -> ReplicationDescription {
        let arn = self.efs_arn(Kind::FileSystem, &source.id);
        ReplicationDescription {
            source_file_system_id: source.id.clone(),
            source_file_system_region: self.name.clone(),
            source_file_system_arn: arn.clone(),
            original_source_file_system_arn: arn,
            creation_time: source.life.created,
            source_file_system_owner_id: self.account_id.clone(),
            destinations: vec![DestinationDescription {
                status: replication.status.clone(),
                file_system_id: replication.destination.clone(),
                region: replication.region.clone(),
                owner_id: self.account_id.clone(),
            }],
        }
    }
}
