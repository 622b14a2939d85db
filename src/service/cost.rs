//! What file systems cost, as they are. Makes no writing call.

use super::{EfsService, Scope};
use crate::cloud::Inventory;
use crate::cost::exact::whole;
use crate::cost::{Estimate, Mode, Moved, Prices, Stored, Workload};
use crate::domain::state::FileSystem;
use crate::error::Error;

/// A file system, and what it costs a month at its metered size.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FileSystemCost {
    /// As AWS shows it.
    pub file_system: FileSystem,
    /// A month of it.
    pub estimate: Estimate,
}

impl<C: Inventory> EfsService<C> {
    /// What file systems cost a month at their metered size, by id: one read for all of a region, or one for each that is named. What is
    /// read and written is not in it: those quantities are unknown.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](crate::error::Kind::NotFound) when a file system that is named does not exist;
    /// [`Kind::Denied`](crate::error::Kind::Denied) when they cannot be listed.
    pub async fn costs(
        &self,
        scope: &Scope,
        prices: &Prices,
        region: &str,
    ) -> Result<Vec<FileSystemCost>, Error> {
        let read = async || self.chosen(&self.cloud, scope).await;
        let (chosen, _) = self.read(read).await?;
        let costs = |file_system: FileSystem| {
            let quantities = workload(&file_system).quantities(&whole(1));
            FileSystemCost {
                estimate: Estimate::of(&quantities, prices, region),
                file_system,
            }
        };
        Ok(chosen.into_iter().map(costs).collect())
    }
}

/// What it holds, as it was metered.
fn workload(file_system: &FileSystem) -> Workload {
    let bytes = |bytes: Option<u64>| bytes.map(whole);
    let stored = &file_system.stored;
    Workload {
        mode: Mode::observed(&file_system.throughput()),
        is_one_zone: file_system.one_zone.is_some(),
        stored: Stored {
            standard: bytes(stored.standard),
            infrequent: bytes(stored.infrequent_access),
            archive: bytes(stored.archive),
        },
        moved: Moved::default(),
    }
}
