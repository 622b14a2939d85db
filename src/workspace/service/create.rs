//! A workspace comes to be.

use std::io;

use uuid::Uuid;

use super::open::Card;
use super::refusal::{Code, Refusal};
use super::view::View;
use super::{Caller, Workspaces};
use crate::domain::due::Activity;
use crate::domain::limits::{Counts, Limits};
use crate::domain::metadata::Metadata;
use crate::domain::name::Name;
use crate::domain::path::METADATA;
use crate::domain::record::Record;
use crate::domain::stamp::Stamp;
use crate::domain::state::{Kind, State};
use crate::domain::step::Status;
use crate::share::base::Base;
use crate::share::disk::{Disk, existing_is_done};
use crate::share::{acquire, latest, publish, to_trash, withdraw};

/// A workspace that is requested.
#[derive(Debug, Clone)]
pub struct New {
    /// Its name; without one a job gets a random id.
    pub name: Option<Name>,
    /// Its kind.
    pub kind: Kind,
    /// Whose it will be.
    pub owner: String,
    /// A name for people.
    pub project_name: String,
    /// Limits of its own.
    pub limits: Option<Limits>,
}

fn taken(name: &Name, what: &str) -> Refusal {
    Refusal::new(Code::IdTaken, format!("`{name}` is taken: {what}"))
}

impl<D: Disk> Workspaces<D> {
    /// Creates a workspace; of several creators of one name, one does.
    ///
    /// # Errors
    ///
    /// The name is taken by whatever there is: nothing of it is changed.
    pub fn create(&self, new: &New) -> Result<View, Refusal> {
        let base = self.base()?;
        let name = new
            .name
            .clone()
            .unwrap_or_else(|| Name::random(*Uuid::new_v4().as_bytes()));
        self.free(&base, &name, new)?;
        let now = self.now(&base)?;
        let metadata = Metadata::new(&name, &new.owner, &new.project_name, now);
        let temporary = Uuid::new_v4().to_string();
        let made = self
            .beside(&base, &temporary, &metadata)
            .and_then(|()| self.publish_new(&base, &name, &temporary, new));
        if made.is_err() {
            let _ =
                crate::share::remove_tree(&self.disk, &base.trash, &base.tmp, temporary.as_ref());
        }
        made?;
        Ok(self.created(name, new, now))
    }

    /// Shows what a workspace would be, and creates nothing.
    ///
    /// # Errors
    ///
    /// The name is taken.
    pub fn would_create(&self, new: &New) -> Result<View, Refusal> {
        let base = self.base()?;
        let name = new
            .name
            .clone()
            .unwrap_or_else(|| Name::random(*Uuid::new_v4().as_bytes()));
        self.free(&base, &name, new)?;
        Ok(self.created(name, new, self.now(&base)?))
    }

    fn created(&self, name: Name, new: &New, now: Stamp) -> View {
        View {
            kind: new.kind,
            owner: new.owner.clone(),
            project_name: new.project_name.clone(),
            status: Status::Generating,
            counts: Counts::default(),
            limits: new.limits.unwrap_or(self.options.limits),
            created_at: now,
            zip_ready: false,
            error_message: None,
            last_activity: now,
            activity: Activity::Created,
            idle: std::time::Duration::ZERO,
            name,
        }
    }

    /// The new directory with its metadata, where no reader sees it.
    fn beside(&self, base: &Base<D>, temporary: &str, metadata: &Metadata) -> Result<(), Refusal> {
        existing_is_done(self.disk.mkdir(&base.tmp, temporary))?;
        let dir = self.disk.dir(&base.tmp, temporary)?;
        let file = self.disk.create(&dir, METADATA)?;
        self.disk.write_at(&file, 0, metadata.render().as_bytes())?;
        if self.syncs_metadata() {
            self.disk.sync(&file)?;
            self.disk.sync_dir(&dir)?;
        }
        Ok(())
    }

    /// Refuses a name that is taken.
    fn free(&self, base: &Base<D>, name: &Name, new: &New) -> Result<(), Refusal> {
        let (folder, last) = name.split();
        let mut at = base.root.clone();
        let mut above = String::new();
        for part in folder.iter().flat_map(|folder| folder.split('/')) {
            above = if above.is_empty() {
                part.to_owned()
            } else {
                format!("{above}/{part}")
            };
            at = match self.disk.dir(&at, part) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(_) => return Err(taken(name, &format!("`{above}` is no directory"))),
                Ok(dir) => dir,
            };
            if self.disk.stat_at(&at, METADATA.as_ref()).is_ok() {
                return Err(taken(
                    name,
                    &format!("`{above}` is a workspace, which holds no other"),
                ));
            }
        }
        if self.disk.stat_at(&at, last.as_ref()).is_ok() {
            let is_workspace = match self.directory(base, name)? {
                Some(dir) => !matches!(self.card(&dir, name)?, Card::Absent),
                None => false,
            };
            return Err(taken(
                name,
                if is_workspace {
                    "a workspace has that name"
                } else {
                    "something else has that name"
                },
            ));
        }
        if self.disk.stat_at(&at, name.zip().as_ref()).is_ok() {
            let state = latest(&self.disk, base, name)?.map(|(_, state)| state);
            let is_own =
                state.is_some_and(|state| state.kept_zip.is_some() && state.owner == new.owner);
            if !is_own {
                return Err(taken(name, "a ZIP has that name"));
            }
        }
        Ok(())
    }

    fn publish_new(
        &self,
        base: &Base<D>,
        name: &Name,
        temporary: &str,
        new: &New,
    ) -> Result<(), Refusal> {
        let (folder, last) = name.split();
        let mut held = acquire(&self.disk, &base.locks, &name.key())?;
        self.free(base, name, new)?;
        let root = self.disk.stat_dir(&base.root)?;
        let at = match folder {
            None => base.root.clone(),
            Some(folder) => crate::share::commit::parents(
                &self.disk,
                &base.root,
                folder,
                &root,
                self.syncs_metadata(),
            )?,
        };
        // What a process that was killed left behind is none of the new one's: a ZIP that was kept, a time of access.
        if to_trash(&self.disk, base, &at, &name.zip())? && self.syncs_metadata() {
            // Before the state no longer says whose it was.
            self.disk.sync_dir(&at)?;
        }
        let _ = self.disk.unlink(&base.active, name.key().as_ref());
        let before = latest(&self.disk, base, name)?.map_or(0, |(generation, _)| generation);
        if !publish(
            &self.disk,
            base,
            name,
            before,
            &State::new(new.kind, &new.owner, new.limits),
        )? {
            return Err(taken(name, "another one was created at the same time"));
        }
        let dir = self.disk.dir(&base.tmp, temporary)?;
        let inode = self.disk.stat_dir(&dir)?.inode;
        held.note(
            &self.disk,
            Record {
                directory: inode,
                counts: Counts::default(),
                is_pending: false,
            },
        )?;
        match self
            .disk
            .rename(&base.tmp, temporary.as_ref(), &at, last.as_ref())
        {
            Ok(()) => {}
            // The answer of a first try may have been lost: then it is there.
            Err(_)
                if self
                    .disk
                    .stat_at(&at, last.as_ref())
                    .is_ok_and(|meta| meta.inode == inode) => {}
            Err(error) if is_taken(&error) => {
                let _ = withdraw(&self.disk, base, name);
                return Err(taken(name, "something else has that name"));
            }
            Err(error) => {
                let _ = withdraw(&self.disk, base, name);
                return Err(error.into());
            }
        }
        if self.syncs_metadata() {
            self.disk.sync_dir(&at)?;
        }
        Ok(())
    }

    /// Notes an access, as reading does.
    ///
    /// # Errors
    ///
    /// There is no such workspace.
    pub fn touch(&self, who: &Caller, name: &Name) -> Result<Stamp, Refusal> {
        let base = self.base()?;
        let open = self.look(&base, who, name)?;
        open.step(crate::domain::step::Verb::Read)?;
        self.disk.touch(&base.active, &name.key())?;
        Ok(open.now)
    }
}

fn is_taken(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(
        error.kind(),
        K::DirectoryNotEmpty | K::AlreadyExists | K::NotADirectory | K::IsADirectory
    )
}
