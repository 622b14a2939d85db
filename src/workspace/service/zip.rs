//! The ZIP of a workspace: the same tree gives the same bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use unicode_normalization::UnicodeNormalization;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::refusal::{Code, Refusal};
use super::{Caller, Workspaces};
use crate::domain::metadata::Metadata;
use crate::domain::name::Name;
use crate::domain::step::{Status, Verb};
use crate::share::base::Base;
use crate::share::commit::{Staged, discard, is_no_file, publish, stage};
use crate::share::disk::{Disk, FileKind, Meta};
use crate::share::{File, latest, to_trash, walk};

const PIECE: usize = 128 << 10;

/// A ZIP that is open to be sent.
#[derive(Debug)]
pub struct Download<F> {
    /// The file.
    pub file: F,
    /// Its length in bytes.
    pub size: u64,
    /// What its content is known by.
    pub tag: String,
    /// The name for people of what it holds.
    pub project_name: String,
}

/// A file of the disk, as something that is written in order.
///
/// Its failure is kept and not reported: a writer of ZIPs that meets one tries to write the end of the archive all the same.
struct Sink<'a, D: Disk> {
    disk: &'a D,
    file: &'a D::File,
    at: u64,
    end: u64,
    failure: &'a RefCell<Option<io::Error>>,
}

impl<D: Disk> Write for Sink<'_, D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut failure = self.failure.borrow_mut();
        if failure.is_none() {
            *failure = self.disk.write_at(self.file, self.at, bytes).err();
        }
        self.at += bytes.len() as u64;
        self.end = self.end.max(self.at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<D: Disk> Seek for Sink<'_, D> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// Names that are one on a file system that folds case or composes letters, as those of Windows and macOS do.
pub(super) fn fall_together<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in paths {
        groups
            .entry(path.nfc().flat_map(char::to_lowercase).collect())
            .or_default()
            .push(path);
    }
    let groups = groups.into_values().filter(|group| group.len() > 1);
    groups
        .map(|group| {
            format!(
                "on Windows and macOS these names are one: `{}`",
                group.join("`, `")
            )
        })
        .collect()
}

impl<D: Disk> Workspaces<D> {
    /// The directory that holds the ZIP of a workspace, and its name there.
    pub(super) fn beside_zip(&self, base: &Base<D>, name: &Name) -> io::Result<(D::Dir, String)> {
        let at = match name.split() {
            (None, _) => base.root.clone(),
            (Some(folder), _) => self.disk.dir(&base.root, folder)?,
        };
        Ok((at, name.zip()))
    }

    fn zip_meta(&self, base: &Base<D>, name: &Name) -> io::Result<Option<Meta>> {
        let (at, zip) = self.beside_zip(base, name)?;
        match self.disk.stat_at(&at, zip.as_ref()) {
            Ok(meta) => Ok(Some(meta).filter(|meta| meta.kind == FileKind::File)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether there is a ZIP. One is put there whole or not at all.
    pub(super) fn has_zip(&self, base: &Base<D>, name: &Name) -> Result<bool, Refusal> {
        Ok(self.zip_meta(base, name)?.is_some())
    }

    /// Makes the ZIP of a complete workspace, unless there is one.
    ///
    /// # Errors
    ///
    /// The workspace is not complete, or the ZIP cannot be written: there is none then.
    pub fn pack(&self, who: &Caller, name: &Name) -> Result<(), Refusal> {
        self.packing.alone(name, || {
            let base = self.base()?;
            let open = self.look_unnoted(&base, who, name)?;
            open.step(Verb::Download)?;
            if self.has_zip(&base, name)? {
                return Ok(());
            }
            let files = walk(&self.disk, &open.dir)?.files;
            let staged = stage(&self.disk, &base, &[])?;
            let packed = self.write_zip(&open.dir, &files, &staged).and_then(|()| {
                if self.syncs_metadata() {
                    self.disk.sync(&staged.file)?;
                }
                self.publish_zip(&base, who, name, open.meta.inode, &staged)
            });
            if packed.is_err() {
                discard(&self.disk, &base, &staged);
            }
            packed
        })
    }

    fn publish_zip(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
        directory: u64,
        staged: &Staged<D>,
    ) -> Result<(), Refusal> {
        let locked = self.enter_unnoted(base, who, name)?;
        locked.open.step(Verb::Download)?;
        if locked.open.meta.inode != directory {
            return Err(Refusal::no_job());
        }
        let (at, zip) = self.beside_zip(base, name)?;
        publish(&self.disk, base, staged, &at, &zip)?;
        if self.syncs_metadata() {
            self.disk.sync_dir(&at)?;
        }
        let parent = name
            .split()
            .0
            .map_or_else(|| self.path.clone(), |folder| self.path.join(folder));
        let metadata = Metadata {
            counts: locked.counts,
            zip_path: Some(parent.join(zip).to_string_lossy().into_owned()),
            ..locked.open.metadata
        };
        // For the Python backend only: the ZIP is whole without it.
        let _ = self.write_card(base, &locked.open.dir, &locked.open.meta, &metadata);
        Ok(())
    }

    fn write_zip(&self, dir: &D::Dir, files: &[File], staged: &Staged<D>) -> Result<(), Refusal> {
        let failure = RefCell::new(None);
        let sink = Sink {
            disk: &self.disk,
            file: &staged.file,
            at: 0,
            end: 0,
            failure: &failure,
        };
        let mut zip = ZipWriter::new(BufWriter::with_capacity(PIECE, sink));
        let usual = SimpleFileOptions::default()
            .unix_permissions(0o644)
            .last_modified_time(zip::DateTime::default());
        let mut buffer = vec![0; PIECE];
        for file in files {
            if let Some(error) = failure.take() {
                return Err(error.into());
            }
            let source = match self.disk.open(dir, file.path.as_str()) {
                Ok(source) => source,
                // Removed or replaced by others since the tree was read.
                Err(error) if is_no_file(&error) => continue,
                Err(error) => return Err(error.into()),
            };
            let meta = self.disk.stat(&source)?;
            if meta.kind != FileKind::File {
                continue;
            }
            let options = usual.large_file(meta.size >= u64::from(u32::MAX));
            zip.start_file(file.path.as_str(), options)
                .map_err(io_error)?;
            let mut at = 0;
            loop {
                let read = self.disk.read_at(&source, at, &mut buffer)?;
                let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
                    break;
                };
                zip.write_all(piece)?;
                at += read as u64;
            }
        }
        zip.finish().map_err(io_error)?.flush()?;
        failure.take().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Opens the ZIP of a workspace, or the one that was kept of a deleted one.
    ///
    /// # Errors
    ///
    /// There is none, or not yet.
    pub fn download(&self, who: &Caller, name: &Name) -> Result<Download<D::File>, Refusal> {
        let base = self.base()?;
        let project_name = match self.look(&base, who, name) {
            Ok(open) => {
                open.step(Verb::Download)?;
                open.metadata.project_name
            }
            Err(refused) if refused.code == Code::NotFound => self.kept(&base, who, name)?,
            Err(refused) => return Err(refused),
        };
        let not_yet = || Refusal::new(Code::ZipNotReady, "the ZIP is being created");
        let (at, zip) = self.beside_zip(&base, name)?;
        let file = match self.disk.open(&at, &zip) {
            Ok(file) => file,
            Err(error) if is_no_file(&error) => return Err(not_yet()),
            Err(error) => return Err(error.into()),
        };
        let meta = self.disk.stat(&file)?;
        if meta.kind != FileKind::File {
            return Err(not_yet());
        }
        let tag = format!("\"{:x}-{:x}-{:x}\"", meta.inode, meta.size, meta.mtime);
        Ok(Download {
            file,
            size: meta.size,
            tag,
            project_name,
        })
    }

    /// The name for people of a workspace that was deleted and whose ZIP was kept.
    fn kept(&self, base: &Base<D>, who: &Caller, name: &Name) -> Result<String, Refusal> {
        if self.directory(base, name)?.is_some() {
            return Err(Refusal::no_job());
        }
        let state = latest(&self.disk, base, name)?
            .map(|(_, state)| state)
            .filter(|state| who.may(&state.owner));
        let kept = state
            .and_then(|state| state.kept_zip)
            .ok_or_else(Refusal::no_job)?;
        match self.zip_meta(base, name)? {
            Some(meta) if !self.is_old_zip(base, &meta)? => Ok(kept),
            _ => Err(Refusal::no_job()),
        }
    }

    /// Of a workspace that the Python backend left: a ZIP that is not whole, or not of a complete tree, is not served.
    pub(super) fn drop_broken_zip(
        &self,
        base: &Base<D>,
        name: &Name,
        status: Status,
    ) -> Result<(), Refusal> {
        let (at, zip) = self.beside_zip(base, name)?;
        let Ok(file) = self.disk.open(&at, &zip) else {
            return Ok(());
        };
        let meta = self.disk.stat(&file)?;
        let source = Source {
            disk: &self.disk,
            file: &file,
            at: 0,
            end: meta.size,
        };
        let is_whole =
            status == Status::Complete && zip::ZipArchive::new(io::BufReader::new(source)).is_ok();
        if !is_whole {
            to_trash(&self.disk, base, &at, &zip)?;
        }
        Ok(())
    }
}

/// A file of the disk, as something that is read in any order.
struct Source<'a, D: Disk> {
    disk: &'a D,
    file: &'a D::File,
    at: u64,
    end: u64,
}

impl<D: Disk> io::Read for Source<'_, D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.disk.read_at(self.file, self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<D: Disk> Seek for Source<'_, D> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

fn io_error(error: zip::result::ZipError) -> io::Error {
    match error {
        zip::result::ZipError::Io(error) => error,
        other => io::Error::other(other),
    }
}
