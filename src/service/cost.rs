//! What file systems cost, as they are. Makes no writing call.

use num_traits::Zero;

use super::{EfsService, Scope};
use crate::cloud::Inventory;
use crate::cost::exact::whole;
use crate::cost::{Estimate, Exact, Mode, Moved, Prices, Stored, Workload};
use crate::domain::observed::Observed;
use crate::domain::settings::Lifecycle;
use crate::domain::state::{FileSystem, StoredBytes};
use crate::error::Error;
use crate::provision::survey::Survey;

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

/// What a plan changes of what is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCost {
    /// What is billed without it; `None`: there is no file system yet.
    pub before: Option<Workload>,
    /// What is billed once it is carried out: nothing is stored in a new file system, and what moves is unknown.
    pub after: Workload,
}

impl PlannedCost {
    /// That of a survey; `None`: nothing of what is billed changes.
    pub(super) fn of(survey: &Survey) -> Option<Self> {
        let before = billed(&survey.observed);
        let after = billed(&survey.predicted())?;
        (before.as_ref() != Some(&after)).then_some(Self { before, after })
    }
}

/// A file system as it was read or predicted, with what its lifecycle policy will move.
fn billed(observed: &Observed) -> Option<Workload> {
    let file_system = observed.file_system.as_ref()?;
    let mut workload = workload(file_system);
    let stored = &mut workload.stored;
    if file_system.stored == StoredBytes::default() && !file_system.id.is_known() {
        *stored = Stored {
            standard: Some(whole(0)),
            infrequent: Some(whole(0)),
            archive: Some(whole(0)),
        };
    }
    // What is empty and will be moved to is unknown, not empty.
    let policy = observed.settings.get::<Lifecycle>();
    let moves = |class: &mut Option<Exact>, is_moved: bool| {
        if is_moved && class.as_ref().is_some_and(Zero::is_zero) {
            *class = None;
        }
    };
    if let Some(policy) = policy {
        moves(&mut stored.infrequent, policy.transition_to_ia.is_some());
        moves(&mut stored.archive, policy.transition_to_archive.is_some());
    }
    Some(workload)
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
