//! Files are written and removed.

use std::io;

use super::open::{Locked, Open};
use super::refusal::{Code, Refusal};
use super::view::Written;
use super::{Caller, Workspaces};
use crate::domain::name::Name;
use crate::domain::path::RelPath;
use crate::domain::step::Verb;
use crate::share::base::Base;
use crate::share::commit::{
    Place, Staged, Touched, discard, is_obstacle, parents, place, publish, stage,
};
use crate::share::disk::{Disk, FileKind};

/// One file of a batch: its path as it was given, and its content or why there is none.
#[derive(Debug)]
pub struct Item {
    /// Where it is to be.
    pub path: Result<RelPath, Refusal>,
    /// What is to be in it.
    pub content: Result<Vec<u8>, Refusal>,
}

/// How many files of a batch are synced side by side.
const SIDE_BY_SIDE: usize = 16;

impl<D: Disk> Workspaces<D> {
    /// Writes a file; acknowledged, it is whole, and stays so after a kill.
    ///
    /// # Errors
    ///
    /// The old content stays.
    pub fn put(
        &self,
        who: &Caller,
        name: &Name,
        path: &RelPath,
        bytes: Vec<u8>,
    ) -> Result<Written, Refusal> {
        let item = Item {
            path: Ok(path.clone()),
            content: Ok(bytes),
        };
        let written = self.put_batch(who, name, &[item])?;
        written
            .into_iter()
            .next()
            .unwrap_or_else(|| Err(Refusal::new(Code::Internal, "nothing was written")))
    }

    /// Writes several files, each independent of the others, in order; of two with one path the later stays. One lock, one sync.
    ///
    /// # Errors
    ///
    /// None of them could be tried. What is wrong with a single one is in its place of the answer.
    pub fn put_batch(
        &self,
        who: &Caller,
        name: &Name,
        items: &[Item],
    ) -> Result<Vec<Result<Written, Refusal>>, Refusal> {
        let base = self.base()?;
        // Before anything is written for a workspace that there is not.
        let open = self.look(&base, who, name)?;
        open.step(Verb::Write)?;
        let limits = open.limits(&self.options.limits);
        let staged: Vec<Result<(&RelPath, Staged<D>), Refusal>> = items
            .iter()
            .map(|item| {
                let path = item.path.as_ref().map_err(Clone::clone)?;
                let content = item.content.as_ref().map_err(Clone::clone)?;
                limits.file(content.len() as u64)?;
                Ok((path, stage(&self.disk, &base, content)?))
            })
            .collect();
        let answer = self.commit(&base, who, name, &staged, &open);
        let was_put = |index: usize| {
            answer
                .as_ref()
                .is_ok_and(|done| done.get(index).is_some_and(Result::is_ok))
        };
        for (index, staged) in staged.iter().enumerate() {
            if let Ok((_, staged)) = staged
                && !was_put(index)
            {
                discard(&self.disk, &base, staged);
            }
        }
        answer
    }

    fn commit(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
        staged: &[Result<(&RelPath, Staged<D>), Refusal>],
        before: &Open<D>,
    ) -> Result<Vec<Result<Written, Refusal>>, Refusal> {
        let files: Vec<&Staged<D>> = staged.iter().flatten().map(|(_, staged)| staged).collect();
        for file in &files {
            self.disk.give(&file.file, &before.meta)?;
        }
        if self.syncs_files(base) {
            self.sync_all(&files)?;
        }
        let mut locked = self.enter(base, who, name)?;
        locked.open.step(Verb::Write)?;
        let mut touched = Touched::default();
        let mut has_begun = false;
        let mut answers = Vec::with_capacity(staged.len());
        for item in staged {
            answers.push(match item {
                Ok((path, staged)) => self.commit_one(
                    base,
                    &mut locked,
                    path,
                    staged,
                    &mut touched,
                    &mut has_begun,
                ),
                Err(refused) => Err(refused.clone()),
            });
        }
        if has_begun {
            if self.syncs_files(base) {
                touched.sync(&self.disk)?;
            }
            // Of a rename that failed it is not known whether it happened: the record stays pending, and the tree is counted.
            let is_unknown = |refused: &Refusal| {
                matches!(
                    refused.code,
                    Code::Internal | Code::BaseUnavailable | Code::Busy
                )
            };
            let is_known = !answers
                .iter()
                .any(|answer| answer.as_ref().is_err_and(is_unknown));
            if is_known {
                // The files are in their places; counts that cannot be noted are counted.
                let _ = locked.end(&self.disk);
            }
            self.dirty.note(name);
        }
        Ok(answers)
    }

    fn commit_one(
        &self,
        base: &Base<D>,
        locked: &mut Locked<D>,
        path: &RelPath,
        staged: &Staged<D>,
        touched: &mut Touched<D>,
        has_begun: &mut bool,
    ) -> Result<Written, Refusal> {
        let limits = locked.open.limits(&self.options.limits);
        let blocked = |what: &str| {
            Refusal::new(
                Code::InTheWay,
                format!("`{path}` cannot be written: {what}"),
            )
        };
        let (parent, old) = match place(&self.disk, &locked.open.dir, path)? {
            Place::InTheWay(what) => return Err(blocked(what)),
            Place::Known { parent, old } => (Some(parent), old),
            Place::New => (None, None),
        };
        let counts = limits.write(locked.counts, old, staged.size)?;
        let sync = self.syncs_files(base);
        if !*has_begun {
            locked.begin(&self.disk)?;
            *has_begun = true;
        }
        let (folder, last) = path.split();
        let parent = match (parent, folder) {
            (Some(parent), _) => parent,
            (None, None) => locked.open.dir.clone(),
            (None, Some(folder)) => match parents(
                &self.disk,
                &locked.open.dir,
                folder,
                &locked.open.meta,
                sync,
            ) {
                Err(error) if is_obstacle(&error) => {
                    return Err(blocked(
                        "a file, a link or a mount has the name of one of its directories",
                    ));
                }
                other => other?,
            },
        };
        match publish(&self.disk, base, staged, &parent, last) {
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                return Err(blocked("a directory has that name"));
            }
            other => other?,
        }
        if sync {
            touched.add(&self.disk, &parent)?;
        }
        locked.counts = counts;
        Ok(Written {
            path: path.as_str().to_owned(),
            size: staged.size,
        })
    }

    /// Syncs files side by side.
    fn sync_all(&self, files: &[&Staged<D>]) -> io::Result<()> {
        let lane = files.len().div_ceil(SIDE_BY_SIDE).max(1);
        if files.len() <= 2 {
            return files
                .iter()
                .try_for_each(|staged| self.disk.sync(&staged.file));
        }
        std::thread::scope(|scope| {
            let sync = |lane: &[&Staged<D>]| {
                lane.iter()
                    .try_for_each(|staged| self.disk.sync(&staged.file))
            };
            let lanes: Vec<_> = files
                .chunks(lane)
                .map(|lane| scope.spawn(move || sync(lane)))
                .collect();
            let ended = lanes.into_iter().map(|lane| {
                lane.join()
                    .unwrap_or_else(|_| Err(io::Error::other("a sync panicked")))
            });
            ended.collect()
        })
    }

    /// Removes a file, and the directories that are empty then.
    ///
    /// # Errors
    ///
    /// There is no such file; nothing is removed.
    pub fn remove_file(&self, who: &Caller, name: &Name, path: &RelPath) -> Result<(), Refusal> {
        let base = self.base()?;
        let mut locked = self.enter(&base, who, name)?;
        locked.open.step(Verb::Write)?;
        let missing = || Refusal::new(Code::NotFound, format!("file not found: `{path}`"));
        let Place::Known {
            parent,
            old: Some(size),
        } = place(&self.disk, &locked.open.dir, path)?
        else {
            return Err(missing());
        };
        let (folder, last) = path.split();
        locked.begin(&self.disk)?;
        match self.disk.unlink(&parent, last.as_ref()) {
            // The answer of a first try may have been lost; under the lock it was there.
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        locked.counts = locked.counts.without(size);
        let mut left = folder;
        while let Some(folder) = left {
            let (above, last) = folder
                .rsplit_once('/')
                .map_or((None, folder), |(above, last)| (Some(above), last));
            let above_dir = match above {
                None => Ok(locked.open.dir.clone()),
                Some(above) => self.disk.dir(&locked.open.dir, above),
            };
            match above_dir {
                Ok(dir) if self.disk.rmdir(&dir, last.as_ref()).is_ok() => left = above,
                _ => break,
            }
        }
        if self.syncs_files(&base)
            && self
                .disk
                .stat_dir(&parent)
                .is_ok_and(|meta| meta.kind == FileKind::Directory)
        {
            let _ = self.disk.sync_dir(&parent);
        }
        let _ = locked.end(&self.disk);
        self.dirty.note(name);
        Ok(())
    }
}
