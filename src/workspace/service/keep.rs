//! The metadata file is kept up to date.

use super::refusal::Refusal;
use super::{Caller, Workspaces};
use crate::domain::metadata::Metadata;
use crate::domain::name::Name;
use crate::domain::path::METADATA;
use crate::share::base::Base;
use crate::share::commit::{discard, publish, stage};
use crate::share::disk::{Disk, Meta};

impl<D: Disk> Workspaces<D> {
    /// Puts the metadata file into a workspace, under its lock.
    pub(super) fn write_card(
        &self,
        base: &Base<D>,
        dir: &D::Dir,
        owner: &Meta,
        metadata: &Metadata,
    ) -> Result<(), Refusal> {
        let staged = stage(&self.disk, base, metadata.render().as_bytes())?;
        let put = (|| {
            self.disk.give(&staged.file, owner)?;
            if self.syncs_metadata() {
                self.disk.sync(&staged.file)?;
            }
            publish(&self.disk, base, &staged, dir, METADATA)?;
            if self.syncs_metadata() {
                self.disk.sync_dir(dir)?;
            }
            Ok(())
        })();
        if put.is_err() {
            discard(&self.disk, base, &staged);
        }
        put
    }

    /// Refreshes the counts in the metadata of workspaces that were written a moment ago; of all that were written, at the end.
    pub fn flush(&self, all: bool) {
        for name in self.dirty.take(all) {
            // One that was deleted meanwhile, or cannot be written, has no counts to refresh.
            let _ = self.flush_one(&name);
        }
    }

    fn flush_one(&self, name: &Name) -> Result<(), Refusal> {
        let base = self.base()?;
        let locked = self.enter_unnoted(&base, &Caller::Everyone, name)?;
        if locked.open.metadata.counts == locked.counts {
            return Ok(());
        }
        let metadata = Metadata {
            counts: locked.counts,
            ..locked.open.metadata
        };
        self.write_card(&base, &locked.open.dir, &locked.open.meta, &metadata)
    }
}
