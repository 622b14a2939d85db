//! `DeleteReplicationConfiguration`.

use super::super::super::state::ReplicationStatus;
use super::super::super::{ApiError, Millis, Region, World};
use super::super::errors::{bad_request, file_system_not_found};
use super::super::names::{FileSystemName, check_enum};
use super::replication_not_found;

/// The two sides of a replication, as the one in the region of a call knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    here: String,
    there: String,
    other_region: String,
    /// The other file system belongs to another account.
    is_foreign: bool,
}

impl World {
    /// `DeleteReplicationConfiguration`, called in the region of the source or in that of the copy, always with the id of the source (EFS
    /// user guide, "Deleting replication configurations"). The configuration is `DELETING` for a while; then each of the two is without it,
    /// and what was the copy is writable. To repeat it is no error until then (UNCONFIRMED).
    ///
    /// `LOCAL_CONFIGURATION_ONLY` "leaves the configuration in the other account or Region unrecoverable" (API reference), which is how
    /// the guide describes the status `ERROR`.
    pub fn delete_replication_configuration(
        &mut self,
        region: &str,
        now: Millis,
        source_file_system_id: &str,
        deletion_mode: Option<&str>,
    ) -> Result<(), ApiError> {
        let mode = deletion_mode.unwrap_or("ALL_CONFIGURATIONS");
        check_enum(
            "DeletionMode",
            mode,
            &["ALL_CONFIGURATIONS", "LOCAL_CONFIGURATION_ONLY"],
        )?;
        let is_local = mode == "LOCAL_CONFIGURATION_ONLY";
        let here = self.reached(region, now)?;
        let pair = here.pair_of(source_file_system_id)?;
        if is_local && pair.other_region == region && !pair.is_foreign {
            return Err(bad_request(
                "LOCAL_CONFIGURATION_ONLY cannot be used for replication within the same account and Region.",
            ));
        }
        let over = now.saturating_add(here.timing.delete);
        if let Some(status) = here.status_of(&pair.here, &pair.there) {
            status.delete(now, over);
        }
        let there = self.reached(&pair.other_region, now)?;
        match there.status_of(&pair.there, &pair.here) {
            Some(status) if is_local => status.fail(now),
            Some(status) => status.delete(now, over),
            None => {}
        }
        Ok(())
    }

    /// Makes the replication of a source end in `ERROR`, on both sides.
    pub(crate) fn fail_replication(&mut self, region: &str, now: Millis, source_id: &str) {
        let Some(here) = self.region(region, now) else {
            return;
        };
        let Ok(pair) = here.pair_of(source_id) else {
            return;
        };
        if let Some(status) = here.status_of(&pair.here, &pair.there) {
            status.fail(now);
        }
        let there = self.region(&pair.other_region, now);
        if let Some(status) = there.and_then(|there| there.status_of(&pair.there, &pair.here)) {
            status.fail(now);
        }
    }
}

impl Region {
    /// The replication of a source, of which this region has one side.
    fn pair_of(&self, source: &str) -> Result<Pair, ApiError> {
        let source = FileSystemName::read("sourceFileSystemId", source)?;
        let is_from = |region: &str| source.home.is_none_or(|(home, _)| home == region);
        let own = self.own_file_systems().find(|own| own.id == source.id);
        if let Some(own) = own.filter(|_| is_from(&self.name))
            && let Some(to) = &own.replication
        {
            return Ok(Pair {
                here: own.id.clone(),
                there: to.destination.clone(),
                other_region: to.region.clone(),
                is_foreign: to.owner.is_some(),
            });
        }
        let mut copies = self.own_file_systems().filter_map(|copy| {
            let from = copy.copy_of.as_ref()?;
            (from.file_system == source.id && is_from(&from.region)).then_some((copy, from))
        });
        match (copies.next(), own) {
            (Some((copy, from)), _) => Ok(Pair {
                here: copy.id.clone(),
                there: from.file_system.clone(),
                other_region: from.region.clone(),
                is_foreign: false,
            }),
            (None, Some(own)) => Err(replication_not_found(&own.id)),
            (None, None) => Err(file_system_not_found(source.id)),
        }
    }

    /// The status of the replication between a file system of this region and another one, as this side knows it. None: there is no such.
    fn status_of(&mut self, id: &str, other: &str) -> Option<&mut ReplicationStatus> {
        let file_system = self.file_systems.get_mut(id)?;
        let to = file_system.replication.as_ref().map(|to| &to.destination);
        let from = file_system.copy_of.as_ref().map(|from| &from.file_system);
        let is_theirs = to.or(from).is_some_and(|partner| partner == other);
        file_system.replication_status_mut().filter(|_| is_theirs)
    }
}
