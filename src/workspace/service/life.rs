//! A workspace is completed, fails, is opened again, is deleted.

use super::open::Locked;
use super::refusal::{Code, Refusal};
use super::view::Completed;
use super::{Caller, Workspaces};
use crate::domain::metadata::Metadata;
use crate::domain::name::Name;
use crate::domain::step::{Status, Verb};
use crate::share::base::Base;
use crate::share::disk::Disk;
use crate::share::{publish, to_trash, walk, withdraw};

/// The longest reason of a failure, in characters.
const LONGEST_REASON: usize = 2_000;

impl<D: Disk> Workspaces<D> {
    /// Says that a workspace is whole. [`Workspaces::pack`] creates its ZIP.
    ///
    /// # Errors
    ///
    /// It failed, or is due.
    pub fn complete(&self, who: &Caller, name: &Name) -> Result<Completed, Refusal> {
        let base = self.base()?;
        let locked = self.enter(&base, who, name)?;
        let next = locked.open.step(Verb::Complete)?;
        let walked = walk(&self.disk, &locked.open.dir)?;
        let mut warnings = walked.warnings;
        warnings.extend(super::zip::fall_together(
            walked.files.iter().map(|file| file.path.as_str()),
        ));
        if next != locked.open.metadata.status {
            // A ZIP of an earlier time is not the one of this tree.
            let (at, zip) = self.beside_zip(&base, name)?;
            to_trash(&self.disk, &base, &at, &zip)?;
            self.become_status(&base, &locked, next, None)?;
        }
        Ok(Completed {
            zip_ready: self.has_zip(&base, name)?,
            warnings,
        })
    }

    /// Says that a workspace failed, and why.
    ///
    /// # Errors
    ///
    /// It is complete, or due.
    pub fn fail(&self, who: &Caller, name: &Name, reason: &str) -> Result<(), Refusal> {
        let base = self.base()?;
        let locked = self.enter(&base, who, name)?;
        let next = locked.open.step(Verb::Fail)?;
        let reason = reason.chars().take(LONGEST_REASON).collect();
        self.become_status(&base, &locked, next, Some(reason))
    }

    /// Opens a complete or failed workspace for writing again.
    ///
    /// # Errors
    ///
    /// It is due.
    pub fn reopen(&self, who: &Caller, name: &Name) -> Result<(), Refusal> {
        let base = self.base()?;
        let locked = self.enter(&base, who, name)?;
        let next = locked.open.step(Verb::Reopen)?;
        self.become_status(&base, &locked, next, None)?;
        let (at, zip) = self.beside_zip(&base, name)?;
        to_trash(&self.disk, &base, &at, &zip)?;
        Ok(())
    }

    fn become_status(
        &self,
        base: &Base<D>,
        locked: &Locked<D>,
        status: Status,
        reason: Option<String>,
    ) -> Result<(), Refusal> {
        let metadata = Metadata {
            status,
            counts: locked.counts,
            zip_path: None,
            error_message: reason,
            ..locked.open.metadata.clone()
        };
        self.write_card(base, &locked.open.dir, &locked.open.meta, &metadata)
    }

    /// Deletes a workspace; its ZIP stays if that is asked for and there is one. It is in the trash then: [`Workspaces::empty_trash`].
    ///
    /// # Errors
    ///
    /// There is none, or its metadata is damaged: then its files stay.
    pub fn delete(&self, who: &Caller, name: &Name, keep_zip: bool) -> Result<(), Refusal> {
        if keep_zip {
            // One that is complete has a ZIP to keep; no other has.
            let _ = self.pack(who, name);
        }
        let base = self.base()?;
        let locked = self.enter_unnoted(&base, who, name)?;
        locked.open.step(Verb::Delete)?;
        self.remove(&base, name, locked, keep_zip)
    }

    /// Removes a workspace under its lock.
    pub(super) fn remove(
        &self,
        base: &Base<D>,
        name: &Name,
        locked: Locked<D>,
        keep_zip: bool,
    ) -> Result<(), Refusal> {
        let (at, zip) = self.beside_zip(base, name)?;
        let (_, last) = name.split();
        let is_kept = keep_zip
            && locked.open.metadata.status == Status::Complete
            && self.has_zip(base, name)?;
        let kept = is_kept.then(|| locked.open.metadata.project_name.clone());
        let mut state = locked.open.state.clone();
        if state.kept_zip != kept {
            state.kept_zip = kept;
            if !publish(&self.disk, base, name, locked.open.generation, &state)? {
                return Err(Refusal::new(
                    Code::Busy,
                    "the job was changed at the same time",
                ));
            }
        }
        if !is_kept {
            to_trash(&self.disk, base, &at, &zip)?;
        }
        to_trash(&self.disk, base, &at, last)?;
        if self.syncs_metadata() {
            self.disk.sync_dir(&at)?;
        }
        // What is left of it now is found by the next sweep, if this is where the process ends.
        let key = name.key();
        let _ = self.disk.unlink(&base.active, key.as_ref());
        if !is_kept {
            let _ = withdraw(&self.disk, base, name);
        }
        let _ = self.disk.unlink(&base.locks, key.as_ref());
        drop(locked);
        Ok(())
    }
}
