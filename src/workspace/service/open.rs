//! A workspace is opened: by its name, for a caller, with or without its lock.

use std::io;

use super::refusal::{Code, Refusal};
use super::{Caller, Workspaces};
use crate::domain::due::{Activity, Due, due};
use crate::domain::limits::{Counts, Limits};
use crate::domain::metadata::{Damage, LARGEST, Metadata};
use crate::domain::name::Name;
use crate::domain::path::METADATA;
use crate::domain::record::Record;
use crate::domain::stamp::Stamp;
use crate::domain::state::{Kind, State};
use crate::domain::step::{Status, Verb, step};
use crate::share::base::Base;
use crate::share::commit::{is_no_file, is_obstacle};
use crate::share::disk::{Disk, FileKind, Meta};
use crate::share::{Held, acquire, is_unwritable, latest, newest, publish, read_lease, walk};

/// A workspace as it is now.
pub(super) struct Open<D: Disk> {
    pub(super) dir: D::Dir,
    pub(super) meta: Meta,
    pub(super) generation: u64,
    pub(super) state: State,
    pub(super) metadata: Metadata,
    /// The status, with time taken into account.
    pub(super) status: Status,
    pub(super) activity: (Stamp, Activity),
    pub(super) now: Stamp,
}

/// The same under its lock, with its counts.
pub(super) struct Locked<D: Disk> {
    pub(super) held: Held<D>,
    pub(super) open: Open<D>,
    pub(super) counts: Counts,
}

impl<D: Disk> Open<D> {
    /// Whether a step is allowed, and what it leads to.
    pub(super) fn step(&self, verb: Verb) -> Result<Status, Refusal> {
        Ok(step(self.status, verb)?)
    }

    /// The limits, or those of whatever writes.
    pub(super) fn limits(&self, usual: &Limits) -> Limits {
        self.state.limits.unwrap_or(*usual)
    }
}

impl<D: Disk> Locked<D> {
    /// Notes that a change begins: what is found so was interrupted.
    pub(super) fn begin(&mut self, disk: &D) -> io::Result<()> {
        self.note(disk, true)
    }

    /// Notes the counts.
    pub(super) fn end(&mut self, disk: &D) -> io::Result<()> {
        self.note(disk, false)
    }

    fn note(&mut self, disk: &D, is_pending: bool) -> io::Result<()> {
        let record = Record {
            directory: self.open.meta.inode,
            counts: self.counts,
            is_pending,
        };
        self.held.note(disk, record)
    }
}

/// What is read of a metadata file.
pub(super) enum Card {
    Whole(Metadata),
    Damaged(Damage),
    Absent,
}

impl<D: Disk> Workspaces<D> {
    /// Reads the metadata file of a directory.
    pub(super) fn card(&self, dir: &D::Dir, name: &Name) -> io::Result<Card> {
        let file = match self.disk.open(dir, METADATA) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Card::Absent),
            Err(error) if is_no_file(&error) => return Ok(Card::Damaged(Damage::NoFile)),
            Err(error) => return Err(error),
        };
        let meta = self.disk.stat(&file)?;
        if meta.kind != FileKind::File {
            return Ok(Card::Damaged(Damage::NoFile));
        }
        if meta.size > LARGEST {
            return Ok(Card::Damaged(Damage::TooLarge));
        }
        let mut bytes = vec![0; usize::try_from(meta.size).unwrap_or(0)];
        let read = self.disk.read_at(&file, 0, &mut bytes)?;
        bytes.truncate(read);
        Ok(match Metadata::parse(&bytes, name) {
            Ok(metadata) => Card::Whole(metadata),
            Err(damage) => Card::Damaged(damage),
        })
    }

    /// Opens the directory of a name; `None` where there is none.
    pub(super) fn directory(&self, base: &Base<D>, name: &Name) -> io::Result<Option<D::Dir>> {
        match self.disk.dir(&base.root, name.as_str()) {
            Ok(dir) => Ok(Some(dir)),
            Err(error) if error.kind() == io::ErrorKind::NotFound || is_obstacle(&error) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Opens a workspace without its lock, and notes the access unless it is due. One that the Python backend left is taken in.
    pub(super) fn look(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
    ) -> Result<Open<D>, Refusal> {
        let open = self.look_unnoted(base, who, name)?;
        self.note_access(base, name, &open);
        Ok(open)
    }

    /// The same without noting it.
    pub(super) fn look_unnoted(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
    ) -> Result<Open<D>, Refusal> {
        if let Some(open) = self.read(base, who, name)? {
            return Ok(open);
        }
        if self.options.is_read_only {
            return self
                .read_as(base, who, name, true)?
                .ok_or_else(Refusal::no_job);
        }
        let held = match self.lock(base, name) {
            Err(error) if is_unwritable(&error) => {
                return self
                    .read_as(base, who, name, true)?
                    .ok_or_else(Refusal::no_job);
            }
            other => other?,
        };
        let open = self.take_in(base, who, name);
        drop(held);
        open
    }

    /// Opens a workspace under its lock, and notes the access unless it is due.
    pub(super) fn enter(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
    ) -> Result<Locked<D>, Refusal> {
        let locked = self.enter_unnoted(base, who, name)?;
        self.note_access(base, name, &locked.open);
        Ok(locked)
    }

    /// The same without noting it: what efsctl does by itself is no activity.
    pub(super) fn enter_unnoted(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
    ) -> Result<Locked<D>, Refusal> {
        // A lock file is created only for what there is.
        let dir = self.directory(base, name)?.ok_or_else(Refusal::no_job)?;
        match self.disk.stat_at(&dir, METADATA.as_ref()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Refusal::no_job()),
            other => other?,
        };
        let held = self.lock(base, name)?;
        self.locked(base, who, name, held)
    }

    pub(super) fn locked(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
        mut held: Held<D>,
    ) -> Result<Locked<D>, Refusal> {
        let open = match self.take_in(base, who, name) {
            Ok(open) => open,
            Err(refused) => {
                if refused.code == Code::NotFound && self.directory(base, name)?.is_none() {
                    let _ = self.disk.unlink(&base.locks, name.key().as_ref());
                }
                return Err(refused);
            }
        };
        let counts = if let Some(counts) = held.counts(open.meta.inode) {
            counts
        } else {
            let counts = walk(&self.disk, &open.dir)?.counts;
            held.note(
                &self.disk,
                Record {
                    directory: open.meta.inode,
                    counts,
                    is_pending: false,
                },
            )?;
            counts
        };
        Ok(Locked { held, open, counts })
    }

    fn lock(&self, base: &Base<D>, name: &Name) -> io::Result<Held<D>> {
        acquire(&self.disk, &base.locks, &name.key())
    }

    /// Reads a workspace under its lock; one without a state gets its first.
    fn take_in(&self, base: &Base<D>, who: &Caller, name: &Name) -> Result<Open<D>, Refusal> {
        if let Some(open) = self.read(base, who, name)? {
            return Ok(open);
        }
        let dir = self.directory(base, name)?.ok_or_else(Refusal::no_job)?;
        let Card::Whole(metadata) = self.card(&dir, name)? else {
            return Err(Refusal::no_job());
        };
        self.drop_broken_zip(base, name, metadata.status)?;
        let state = State::new(Kind::Job, &metadata.user_id, None);
        publish(&self.disk, base, name, 0, &state)?;
        self.read(base, who, name)?.ok_or_else(Refusal::no_job)
    }

    /// Reads a workspace; `None` where it has no state yet.
    fn read(&self, base: &Base<D>, who: &Caller, name: &Name) -> Result<Option<Open<D>>, Refusal> {
        self.read_as(base, who, name, false)
    }

    /// The same; with `as_is` one without a state is shown as the one it would get.
    fn read_as(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
        as_is: bool,
    ) -> Result<Option<Open<D>>, Refusal> {
        let dir = self.directory(base, name)?.ok_or_else(Refusal::no_job)?;
        let card = self.card(&dir, name)?;
        if matches!(card, Card::Absent) {
            return Err(Refusal::no_job());
        }
        let known = latest(&self.disk, base, name)?;
        if known
            .as_ref()
            .is_some_and(|(_, state)| !who.may(&state.owner))
        {
            return Err(Refusal::no_job());
        }
        let metadata = match card {
            Card::Whole(metadata) => metadata,
            Card::Absent => return Err(Refusal::no_job()),
            Card::Damaged(damage) => return Err(self.damaged(name, &damage)),
        };
        let new = || (0, State::new(Kind::Job, &metadata.user_id, None));
        let Some((generation, state)) = known.or_else(|| as_is.then(new)) else {
            return Ok(None);
        };
        let meta = self.disk.stat_dir(&dir)?;
        let now = self.now(base)?;
        let activity = self.activity(base, name, &dir, metadata.created_at, now)?;
        let status = match due(now, &self.options.policy, state.kind, activity.0) {
            Due::Expire => Status::Expired,
            Due::Keep => metadata.status,
        };
        Ok(Some(Open {
            dir,
            meta,
            generation,
            state,
            metadata,
            status,
            activity,
            now,
        }))
    }

    /// The metadata file cannot be used.
    pub(super) fn damaged(&self, name: &Name, damage: &Damage) -> Refusal {
        let file = self.path.join(name.as_str()).join(METADATA);
        Refusal::new(
            Code::Damaged,
            format!("the metadata file {} is damaged: {damage}", file.display()),
        )
    }

    /// The last activity, and what it was. The tree is read only where the rest says that the workspace is idle.
    pub(super) fn activity(
        &self,
        base: &Base<D>,
        name: &Name,
        dir: &D::Dir,
        created_at: Stamp,
        now: Stamp,
    ) -> io::Result<(Stamp, Activity)> {
        // What can write the metadata can write a time in it that has not come.
        let mut last = (created_at.min(now), Activity::Created);
        if let Ok(meta) = self.disk.stat_at(&base.active, name.key().as_ref()) {
            let at = Stamp::from_nanos(meta.mtime);
            if at > last.0 {
                last = (at, Activity::Access);
            }
        }
        let period = self.options.policy.expire;
        if last.0.until(now) > period
            && read_lease(&self.disk, base, name)?
                .is_some_and(|(lease, beat)| !lease.is_stale(beat, now))
        {
            return Ok((now, Activity::Lease));
        }
        if last.0.until(now) > period {
            let period = i64::try_from(period.as_nanos()).unwrap_or(i64::MAX);
            let tree =
                Stamp::from_nanos(newest(&self.disk, dir, now.nanos().saturating_sub(period))?);
            if tree > last.0 {
                last = (tree, Activity::Tree);
            }
        }
        Ok(last)
    }

    /// Notes an access, at most once in a while. A workspace that is due does not live again by being read.
    fn note_access(&self, base: &Base<D>, name: &Name, open: &Open<D>) {
        if open.status == Status::Expired || self.options.is_read_only {
            return;
        }
        let (at, what) = open.activity;
        if what != Activity::Access || at.until(open.now) >= self.options.policy.note_every() {
            // A disk that is full, or can only be read, is no reason to refuse a read.
            let _ = self.disk.touch(&base.active, &name.key());
        }
    }
}
