//! Directories that are there become workspaces.

use super::Workspaces;
use super::open::Card;
use super::refusal::{Code, Refusal};
use crate::domain::metadata::Metadata;
use crate::domain::name::Name;
use crate::domain::path::OWN;
use crate::domain::record::Record;
use crate::domain::state::{Kind, State};
use crate::share::disk::{Disk, FileKind};
use crate::share::{acquire, latest, publish, walk};

/// What became of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adopted {
    /// It is a workspace now.
    New,
    /// It was one.
    Unchanged,
}

impl<D: Disk> Workspaces<D> {
    /// Makes a workspace of a directory: writes its metadata. With `force` metadata that is damaged is written again.
    ///
    /// # Errors
    ///
    /// There is no such directory, or its metadata is damaged.
    pub fn adopt(
        &self,
        name: &Name,
        owner: &str,
        project_name: &str,
        force: bool,
    ) -> Result<Adopted, Refusal> {
        if self.would_adopt(name, force)? == Adopted::Unchanged {
            return Ok(Adopted::Unchanged);
        }
        let base = self.base()?;
        let missing = || Refusal::new(Code::NotFound, format!("there is no directory `{name}`"));
        let mut held = acquire(&self.disk, &base.locks, &name.key())?;
        let dir = self.directory(&base, name)?.ok_or_else(missing)?;
        let meta = self.disk.stat_dir(&dir)?;
        let now = self.now(&base)?;
        let known = latest(&self.disk, &base, name)?;
        let kind = if name.split().0.is_some() {
            Kind::Project
        } else {
            Kind::Job
        };
        let (generation, state) = known.unwrap_or_else(|| (0, State::new(kind, owner, None)));
        if generation == 0 && !publish(&self.disk, &base, name, 0, &state)? {
            return Err(Refusal::new(
                Code::Busy,
                format!("`{name}` was changed at the same time"),
            ));
        }
        let counts = walk(&self.disk, &dir)?.counts;
        let metadata = Metadata {
            counts,
            ..Metadata::new(name, &state.owner, project_name, now)
        };
        self.write_card(&base, &dir, &meta, &metadata)?;
        held.note(
            &self.disk,
            Record {
                directory: meta.inode,
                counts,
                is_pending: false,
            },
        )?;
        Ok(Adopted::New)
    }

    /// Whether a directory would be made a workspace; changes nothing.
    ///
    /// # Errors
    ///
    /// There is no such directory, or its metadata is damaged.
    pub fn would_adopt(&self, name: &Name, force: bool) -> Result<Adopted, Refusal> {
        let base = self.base()?;
        let missing = || Refusal::new(Code::NotFound, format!("there is no directory `{name}`"));
        let dir = self.directory(&base, name)?.ok_or_else(missing)?;
        match self.card(&dir, name)? {
            Card::Whole(_) => Ok(Adopted::Unchanged),
            Card::Damaged(damage) if !force => Err(self.damaged(name, &damage)),
            Card::Damaged(_) | Card::Absent => Ok(Adopted::New),
        }
    }

    /// Directories that are no workspaces and hold none.
    ///
    /// # Errors
    ///
    /// The base cannot be read.
    pub fn strangers(&self) -> Result<Vec<String>, Refusal> {
        let base = self.base()?;
        let names = self.names()?;
        let mut found = Vec::new();
        for entry in self.disk.list(&base.root)? {
            let text = entry.name.to_string_lossy().into_owned();
            let is_directory = match entry.kind {
                Some(kind) => kind == FileKind::Directory,
                None => self.disk.stat_at(&base.root, &entry.name)?.kind == FileKind::Directory,
            };
            let is_ours = |name: &Name| name.as_str().split('/').next() == Some(text.as_str());
            if is_directory && text != OWN && !names.iter().any(is_ours) {
                found.push(text);
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}
