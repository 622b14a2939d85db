//! Replications: how they are described, and what is common to their operations.
//!
//! A replication is between two file systems, often in two regions, and each of them knows its own side of it. What is
//! described is read in one region. What is created or deleted takes a step in each of the two: those operations are methods of
//! [`World`](super::super::World), made of a method of [`Region`] for each step.

mod create;
mod delete;
mod request;

use serde::Serialize;

use super::super::state::{FileSystem, ReplicationStatus};
use super::super::{ApiError, Millis, Region};
use super::clock;
use super::pages::{Page, PageRequest};
pub use request::{CreateReplicationConfiguration, DestinationToCreate};

/// The words of the API for the status of a replication.
pub(in crate::world) const REPLICATION_STATUS: &[&str] = &[
    "ENABLED", "ENABLING", "DELETING", "ERROR", "PAUSED", "PAUSING",
];

/// "The majority of source file systems" are synchronized within that time (EFS user guide, "Replicating EFS file systems").
const SYNC: Millis = 15 * 60 * 1_000;

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
    /// When the replication was created.
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
    /// When the copy was as its source; none before the first time.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "clock::maybe_seconds"
    )]
    pub last_replicated_timestamp: Option<Millis>,
    /// Account that owns it.
    pub owner_id: String,
    /// The role as which EFS replicates, where the call named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
}

impl Region {
    /// `DescribeReplicationConfigurations`: of one file system of this region, or all that begin or end here.
    pub fn describe_replication_configurations(
        &self,
        file_system_id: Option<&str>,
        max: Option<i64>,
        token: Option<&str>,
    ) -> Result<Page<ReplicationDescription>, ApiError> {
        if let Some(id) = file_system_id {
            let found = self.visible_file_system(id)?;
            let item = self.visible_replication(found);
            let item = item.ok_or_else(|| replication_not_found(&found.id))?;
            return Ok(Page {
                items: vec![item],
                next: None,
            });
        }
        // One within this region is listed once, at its source.
        let listed = self.own_file_systems().filter(|found| {
            let source = found
                .copy_of
                .as_ref()
                .filter(|from| from.region == self.name);
            let source = source.and_then(|from| self.file_systems.get(&from.file_system));
            let copy = source.and_then(|source| source.replication.as_ref());
            copy.is_none_or(|copy| copy.destination != found.id)
        });
        let listed =
            listed.filter_map(|found| Some((found.id.as_str(), self.visible_replication(found)?)));
        let request = PageRequest {
            list: "replications",
            max,
            token,
        };
        request.take(listed)
    }

    /// The replication that a file system is in, once the Describe calls know of it.
    fn visible_replication(&self, found: &FileSystem) -> Option<ReplicationDescription> {
        let (_, status) = Sides::of(found, &self.name)?;
        let in_view = status.life().is_none_or(|life| self.is_in_view(life));
        self.replication_of(found).filter(|_| in_view)
    }

    /// The replication that a file system is in, as its source or as its copy.
    fn replication_of(&self, found: &FileSystem) -> Option<ReplicationDescription> {
        let (sides, status) = Sides::of(found, &self.name)?;
        let (source, source_region) = sides.source;
        let (destination, destination_region) = sides.destination;
        let arn = format!(
            "arn:{}:elasticfilesystem:{source_region}:{}:file-system/{source}",
            self.partition(),
            self.account_id,
        );
        Some(ReplicationDescription {
            source_file_system_id: source.to_owned(),
            source_file_system_region: source_region.to_owned(),
            source_file_system_arn: arn.clone(),
            original_source_file_system_arn: arn,
            creation_time: status
                .life()
                .map_or(found.life.created, |life| life.created),
            source_file_system_owner_id: self.account_id.clone(),
            destinations: vec![DestinationDescription {
                status: status.at(self.now).to_owned(),
                file_system_id: destination.to_owned(),
                region: destination_region.to_owned(),
                last_replicated_timestamp: self.last_sync(status),
                owner_id: self.owner(sides.owner).to_owned(),
                role_arn: sides.role_arn.cloned(),
            }],
        })
    }

    /// When the copy was as its source for the last time: at the end of the first copy, and again after each interval.
    fn last_sync(&self, status: &ReplicationStatus) -> Option<Millis> {
        let enabled = status.life()?.available;
        (status.at(self.now) == "ENABLED").then(|| self.now - (self.now - enabled) % SYNC)
    }
}

/// The two file systems of a replication, each with its region.
struct Sides<'a> {
    source: (&'a str, &'a str),
    destination: (&'a str, &'a str),
    /// The account that owns the copy, where that is another one.
    owner: Option<&'a String>,
    role_arn: Option<&'a String>,
}

impl<'a> Sides<'a> {
    /// Those of the replication that a file system of a region is in, and its status as that side knows it.
    fn of(found: &'a FileSystem, region: &'a str) -> Option<(Self, &'a ReplicationStatus)> {
        let here = (found.id.as_str(), region);
        if let Some(to) = &found.replication {
            let sides = Self {
                source: here,
                destination: (&to.destination, &to.region),
                owner: to.owner.as_ref(),
                role_arn: to.role_arn.as_ref(),
            };
            return Some((sides, &to.status));
        }
        let from = found.copy_of.as_ref()?;
        let sides = Self {
            source: (&from.file_system, &from.region),
            destination: here,
            owner: found.owner.as_ref(),
            role_arn: from.role_arn.as_ref(),
        };
        Some((sides, &from.status))
    }
}

/// `ReplicationNotFound`.
fn replication_not_found(id: &str) -> ApiError {
    let message = format!("Replication configuration for file system '{id}' not found.");
    ApiError::new("ReplicationNotFound", 404, message)
}

/// The token of a copy that EFS itself created, as seen in cloud-custodian (`test_efs_remove_matched`): a UUID, of these digits here.
pub(in crate::world) fn destination_token(digits: &str) -> String {
    let digits = format!("{digits:0>17}0000000000000000");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!(
        "destination-{}-{}-4{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        part(15, 18),
        part(18, 30)
    )
}
