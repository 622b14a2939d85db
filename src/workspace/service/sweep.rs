//! What is due is removed, and what there is is summed up.

use std::io;

use super::open::Card;
use super::refusal::{Code, Refusal};
use super::{Caller, Workspaces};
use crate::domain::due::{Due, due};
use crate::domain::limits::Counts;
use crate::domain::name::Name;
use crate::domain::path::{METADATA, OWN};
use crate::domain::state::Kind;
use crate::domain::step::Status;
use crate::share::base::Base;
use crate::share::disk::{Disk, FileKind, Meta};
use crate::share::{
    empty, latest, names_below, peek_record, to_trash, try_acquire, walk, withdraw,
};

/// What a sweep did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Workspaces that were checked.
    pub checked: u64,
    /// Those that expired, and were removed unless nothing was to be changed.
    pub expired: Vec<Name>,
    /// Workspaces whose metadata is damaged.
    pub broken: Vec<Name>,
    /// Workspaces that could not be checked or removed, and why.
    pub failed: Vec<(Name, String)>,
    /// Bytes of the files that were removed.
    pub bytes_freed: u64,
}

/// What a base holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Workspaces.
    pub workspaces: u64,
    /// Their files and bytes.
    pub counts: Counts,
    /// Workspaces that hold more than they may, since others wrote into them.
    pub over: u64,
}

impl<D: Disk> Workspaces<D> {
    /// The names of all workspaces, in order.
    ///
    /// # Errors
    ///
    /// The base cannot be read.
    pub fn names(&self) -> Result<Vec<Name>, Refusal> {
        let base = self.base()?;
        let mut found = Vec::new();
        let mut left = vec![(base.root.clone(), String::new(), 1)];
        while let Some((dir, prefix, depth)) = left.pop() {
            for entry in self.disk.list(&dir)? {
                let Some(text) = entry.name.to_str().filter(|text| depth > 1 || *text != OWN)
                else {
                    continue;
                };
                if !matches!(entry.kind, None | Some(FileKind::Directory)) {
                    continue;
                }
                let Ok(name) = Name::project(&format!("{prefix}{text}")) else {
                    continue;
                };
                let Ok(below) = self.disk.child(&dir, &entry.name) else {
                    continue;
                };
                if self.disk.stat_at(&below, METADATA.as_ref()).is_ok() {
                    found.push(name);
                } else if depth < 3 {
                    left.push((below, format!("{name}/"), depth + 1));
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Removes what expired. Of several sweepers each takes the lock of a workspace or leaves it to the other.
    ///
    /// # Errors
    ///
    /// The base cannot be read. What is wrong with a single workspace is in the answer.
    pub fn sweep(&self, dry_run: bool) -> Result<Sweep, Refusal> {
        let mut sweep = Sweep::default();
        for name in self.names()? {
            sweep.checked += 1;
            match self.sweep_one(&name, dry_run) {
                Ok(Some(bytes)) => {
                    sweep.bytes_freed += bytes;
                    sweep.expired.push(name);
                }
                Ok(None) => {}
                Err(refused) => match refused.code {
                    Code::NotFound => {}
                    Code::Damaged => sweep.broken.push(name),
                    _ => sweep.failed.push((name, refused.message)),
                },
            }
        }
        if !dry_run {
            self.sweep_states()?;
        }
        Ok(sweep)
    }

    /// Removes one workspace if it is due; returns the bytes it held.
    fn sweep_one(&self, name: &Name, dry_run: bool) -> Result<Option<u64>, Refusal> {
        let base = self.base()?;
        let Some(dir) = self.directory(&base, name)? else {
            return Ok(None);
        };
        let metadata = match self.card(&dir, name)? {
            Card::Whole(metadata) => metadata,
            Card::Absent => return Ok(None),
            Card::Damaged(damage) => return Err(Refusal::new(Code::Damaged, damage.to_string())),
        };
        let now = self.now(&base)?;
        let (last, _) = self.activity(&base, name, &dir, metadata.created_at, now)?;
        if due(now, &self.options.policy, Kind::Job, last) == Due::Keep {
            return Ok(None);
        }
        if dry_run {
            let kind = latest(&self.disk, &base, name)?.map_or(Kind::Job, |(_, state)| state.kind);
            let is_due = due(now, &self.options.policy, kind, last) == Due::Expire;
            return Ok(is_due.then_some(metadata.counts.bytes));
        }
        let Some(held) = try_acquire(&self.disk, &base.locks, &name.key())? else {
            return Ok(None);
        };
        let locked = self.locked(&base, &Caller::Everyone, name, held)?;
        if locked.open.status != Status::Expired || locked.open.state.kind != Kind::Job {
            return Ok(None);
        }
        // A status that the file itself says is no reason to delete: the time is.
        if due(
            locked.open.now,
            &self.options.policy,
            Kind::Job,
            locked.open.activity.0,
        ) == Due::Keep
        {
            return Ok(None);
        }
        let bytes = locked.counts.bytes;
        self.remove(&base, name, locked, false)?;
        Ok(Some(bytes))
    }

    /// What is left below `.efsctl` of workspaces that are no more: the state of one whose ZIP was kept stays until that is old.
    fn sweep_states(&self) -> Result<(), Refusal> {
        let base = self.base()?;
        for name in names_below(&self.disk, &base)? {
            let key = name.key();
            if self.directory(&base, &name)?.is_some() {
                continue;
            }
            let Some(_held) = try_acquire(&self.disk, &base.locks, &key)? else {
                continue;
            };
            if self.directory(&base, &name)?.is_some() {
                continue;
            }
            let is_kept = latest(&self.disk, &base, &name)?
                .is_some_and(|(_, state)| state.kept_zip.is_some());
            if is_kept && let Ok((at, zip)) = self.beside_zip(&base, &name) {
                match self.disk.stat_at(&at, zip.as_ref()) {
                    Ok(meta) if !self.is_old_zip(&base, &meta)? => {
                        let _ = self.disk.unlink(&base.locks, key.as_ref());
                        continue;
                    }
                    Ok(_) => {
                        to_trash(&self.disk, &base, &at, &zip)?;
                    }
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    Err(_) => {}
                }
            }
            withdraw(&self.disk, &base, &name)?;
            let _ = self.disk.unlink(&base.active, key.as_ref());
            let _ = self.disk.unlink(&base.leases, key.as_ref());
            let _ = self.disk.unlink(&base.locks, key.as_ref());
        }
        Ok(())
    }

    /// Whether a kept ZIP is older than a workspace may be idle.
    pub(super) fn is_old_zip(&self, base: &Base<D>, meta: &Meta) -> Result<bool, Refusal> {
        let changed = crate::domain::stamp::Stamp::from_nanos(meta.mtime.max(meta.ctime));
        Ok(changed.until(self.now(base)?) > self.options.policy.expire)
    }

    /// Removes what was deleted, and what killed processes left a day ago.
    ///
    /// # Errors
    ///
    /// The base cannot be read. What cannot be removed is tried again the next time.
    pub fn empty_trash(&self) -> Result<(), Refusal> {
        let base = self.base()?;
        let now = self.now(&base)?;
        Ok(empty(&self.disk, &base, now)?)
    }

    /// Sums up what there is, from the records where they can be believed.
    ///
    /// # Errors
    ///
    /// The base cannot be read.
    pub fn stats(&self) -> Result<Stats, Refusal> {
        let base = self.base()?;
        let mut stats = Stats::default();
        for name in self.names()? {
            let Some(dir) = self.directory(&base, &name)? else {
                continue;
            };
            let inode = self.disk.stat_dir(&dir)?.inode;
            let counts = match peek_record(&self.disk, &base.locks, &name.key(), inode) {
                Some(counts) => counts,
                None => walk(&self.disk, &dir)?.counts,
            };
            let limits = self.options.limits;
            stats.workspaces += 1;
            stats.over += u64::from(counts.bytes > limits.bytes || counts.files > limits.files);
            stats.counts.files += counts.files;
            stats.counts.bytes += counts.bytes;
        }
        Ok(stats)
    }

    /// Makes the ZIPs that a killed process did not: of every complete workspace without one.
    ///
    /// # Errors
    ///
    /// The base cannot be read. What cannot be packed is tried again when it is completed or downloaded.
    pub fn pack_missing(&self) -> Result<(), Refusal> {
        for name in self.names()? {
            let base = self.base()?;
            let Ok(Some(dir)) = self.directory(&base, &name) else {
                continue;
            };
            let Ok(Card::Whole(metadata)) = self.card(&dir, &name) else {
                continue;
            };
            if metadata.status == Status::Complete && !self.has_zip(&base, &name)? {
                let _ = self.pack(&Caller::Everyone, &name);
            }
        }
        Ok(())
    }
}
