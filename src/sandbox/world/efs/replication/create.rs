//! `CreateReplicationConfiguration`.
//!
//! What a new copy is like: EFS user guide, "Configuring replication to new EFS file system"; API reference of 2022,
//! `CreateReplicationConfiguration`.

use super::super::super::state::{FileSystem, Life, Replication, ReplicationStatus, Source};
use super::super::super::{ApiError, Millis, Region, World};
use super::super::errors::{bad_request, file_system_not_found, incorrect_file_system_state};
use super::super::file_systems::{CreateFileSystem, PERFORMANCE_MODES};
use super::super::throughput::THROUGHPUT_MODES;
use super::request::{CopyKind, CreateReplicationConfiguration, Destination};
use super::{ReplicationDescription, destination_token, replication_not_found};

impl World {
    /// `CreateReplicationConfiguration`, called in the region of the source: the copy is created, or taken, in its own region.
    pub fn create_replication_configuration(
        &mut self,
        region: &str,
        now: Millis,
        input: &CreateReplicationConfiguration,
    ) -> Result<ReplicationDescription, ApiError> {
        let here = self.reached(region, now)?;
        let destination = input.destination(here)?;
        let source = here
            .replication_source(&input.source_file_system_id)?
            .clone();
        let status = ReplicationStatus::Timed(Life::new(now, here.timing.file_system));
        let from = Source {
            file_system: source.id.clone(),
            region: region.to_owned(),
            role_arn: destination.role_arn.clone(),
            status: status.clone(),
        };
        let there = self.reached(&destination.region, now)?;
        let copy = there.receive_copy(&source, from, &destination)?;
        let owner = match destination.copy {
            CopyKind::Existing { owner, .. } => owner,
            CopyKind::New { .. } => None,
        };
        let to = Replication {
            destination: copy,
            region: destination.region,
            owner,
            role_arn: destination.role_arn,
            status,
        };
        self.reached(region, now)?.begin_replication(&source.id, to)
    }

    /// A region, for an operation that concerns two.
    pub(super) fn reached(&mut self, region: &str, now: Millis) -> Result<&mut Region, ApiError> {
        self.region(region, now)
            .ok_or_else(|| bad_request(format!("There is no Region '{region}'.")))
    }
}

impl Region {
    /// The file system, if it can become a source: "This file system cannot already be a source or destination file system in another
    /// replication configuration" (API reference).
    fn replication_source(&self, name: &str) -> Result<&FileSystem, ApiError> {
        let source = self.available_file_system(name)?;
        check_is_free(source)?;
        Ok(source)
    }

    /// Makes a file system of this region the copy of a source: a new one, or the one that is named. Answers with its id.
    fn receive_copy(
        &mut self,
        source: &FileSystem,
        from: Source,
        destination: &Destination,
    ) -> Result<String, ApiError> {
        let id = match &destination.copy {
            CopyKind::New { zone, key } => {
                self.create_copy(source, &from.region, zone.as_deref(), key.as_deref())?
            }
            CopyKind::Existing { id, owner } => {
                self.check_existing(source, &from.region, id, owner.as_ref())?;
                id.clone()
            }
        };
        if let Some(copy) = self.file_systems.get_mut(&id) {
            copy.copy_of = Some(from);
            "REPLICATING".clone_into(&mut copy.replication_overwrite_protection);
            copy.size = source.size;
        }
        Ok(id)
    }

    /// A new file system to be the copy: always encrypted, without mount targets, lifecycle and tags; modes as its source has
    /// them, but general purpose in One Zone, and no more throughput than the account may have there.
    fn create_copy(
        &mut self,
        source: &FileSystem,
        source_region: &str,
        zone: Option<&str>,
        key: Option<&str>,
    ) -> Result<String, ApiError> {
        let known = |mode: &String, modes: &[&str]| {
            Some(mode)
                .filter(|mode| modes.contains(&mode.as_str()))
                .cloned()
        };
        let most = self.quotas.provisioned_mibps;
        let new = self.new_file_system(CreateFileSystem {
            // The right token follows from how many copies there were: it is given once nothing refuses this one any more.
            creation_token: source.id.clone(),
            performance_mode: known(&source.performance_mode, PERFORMANCE_MODES)
                .filter(|_| zone.is_none()),
            encrypted: Some(true),
            kms_key_id: key.map(str::to_owned),
            throughput_mode: known(&source.throughput_mode, THROUGHPUT_MODES),
            provisioned_throughput_in_mibps: source.provisioned_mibps.map(|mibps| mibps.min(most)),
            availability_zone_name: zone.map(str::to_owned),
            ..CreateFileSystem::default()
        })?;
        self.check_file_system_quota()?;
        let number = self.ids.next("destination", &[source_region, &source.id]);
        let creation_token = destination_token(number.rsplit('-').next().unwrap_or_default());
        let copy = FileSystem {
            id: self.ids.next("fs", &[&creation_token]),
            creation_token,
            ..new
        };
        let id = copy.id.clone();
        self.file_systems.insert(id.clone(), copy);
        Ok(id)
    }

    /// Whether a file system of this region can become the copy. Protection that is on is `BadRequest` (UNCONFIRMED).
    fn check_existing(
        &self,
        source: &FileSystem,
        source_region: &str,
        id: &str,
        owner: Option<&String>,
    ) -> Result<(), ApiError> {
        let found = self.file_systems.get(id);
        let copy = found
            .filter(|found| found.owner.as_ref() == owner)
            .ok_or_else(|| file_system_not_found(id))?;
        if copy.id == source.id && self.name == source_region {
            return Err(bad_request(
                "The source and destination file systems must be different.",
            ));
        }
        if copy.life.at(self.now) != "available" {
            return Err(incorrect_file_system_state());
        }
        check_is_free(copy)?;
        if copy.replication_overwrite_protection != "DISABLED" {
            return Err(bad_request(format!(
                "The replication overwrite protection of the destination file system '{id}' must be disabled."
            )));
        }
        if source.encrypted && !copy.encrypted {
            return Err(ApiError::new(
                "ConflictException",
                409,
                "The source file system is encrypted but the destination file system is unencrypted.",
            ));
        }
        Ok(())
    }

    /// Makes a file system of this region a source, and describes its replication.
    fn begin_replication(
        &mut self,
        source_id: &str,
        to: Replication,
    ) -> Result<ReplicationDescription, ApiError> {
        let source = self.file_system_mut(source_id)?;
        source.replication = Some(to);
        let source = self.file_system(source_id)?;
        self.replication_of(source)
            .ok_or_else(|| replication_not_found(source_id))
    }
}

/// "A file system can be part of only one replication configuration." The code is the one whose description says so; the
/// service model does not list it for this operation (UNCONFIRMED).
fn check_is_free(file_system: &FileSystem) -> Result<(), ApiError> {
    if !file_system.is_replicated() {
        return Ok(());
    }
    Err(ApiError::new(
        "ReplicationAlreadyExists",
        409,
        format!(
            "File system '{}' is already included in a replication configuration.",
            file_system.id
        ),
    ))
}
