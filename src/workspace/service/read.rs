//! Workspaces and their files are read.

use super::open::Open;
use super::refusal::{Code, Refusal};
use super::view::{FileView, Listing, View};
use super::{Caller, Workspaces};
use crate::domain::limits::Counts;
use crate::domain::name::Name;
use crate::domain::path::RelPath;
use crate::domain::stamp::Stamp;
use crate::domain::step::{Status, Verb};
use crate::share::base::Base;
use crate::share::commit::is_no_file;
use crate::share::disk::{Disk, FileKind};
use crate::share::{peek_record, walk};

/// Trees of more files are not counted again by each look: others rarely write into them.
const COUNTED: u64 = 2_000;

impl<D: Disk> Workspaces<D> {
    /// Shows a workspace.
    ///
    /// # Errors
    ///
    /// There is none, or its metadata is damaged.
    pub fn get(&self, who: &Caller, name: &Name) -> Result<View, Refusal> {
        let base = self.base()?;
        let open = self.look(&base, who, name)?;
        let counts = self.counted(&base, who, name, &open)?;
        self.view(&base, name, &open, counts)
    }

    /// Shows a workspace without noting it as an access.
    ///
    /// # Errors
    ///
    /// There is none, or its metadata is damaged.
    pub fn inspect(&self, who: &Caller, name: &Name) -> Result<View, Refusal> {
        let base = self.base()?;
        let open = self.look_unnoted(&base, who, name)?;
        let counts = self.counted(&base, who, name, &open)?;
        self.view(&base, name, &open, counts)
    }

    pub(super) fn view(
        &self,
        base: &Base<D>,
        name: &Name,
        open: &Open<D>,
        counts: Counts,
    ) -> Result<View, Refusal> {
        Ok(View {
            name: name.clone(),
            kind: open.state.kind,
            owner: open.state.owner.clone(),
            project_name: open.metadata.project_name.clone(),
            status: open.status,
            counts,
            limits: open.limits(&self.options.limits),
            created_at: open.metadata.created_at,
            zip_ready: open.status == Status::Complete && self.has_zip(base, name)?,
            error_message: open.metadata.error_message.clone(),
            last_activity: open.activity.0,
            activity: open.activity.1,
            idle: open.activity.0.until(open.now),
        })
    }

    /// What a workspace holds. Others may have written into it: a record that differs from the tree is corrected.
    pub(super) fn counted(
        &self,
        base: &Base<D>,
        who: &Caller,
        name: &Name,
        open: &Open<D>,
    ) -> Result<Counts, Refusal> {
        let key = name.key();
        let noted = peek_record(&self.disk, &base.locks, &key, open.meta.inode);
        if let Some(noted) = noted.filter(|noted| noted.files > COUNTED) {
            return Ok(noted);
        }
        let found = walk(&self.disk, &open.dir)?.counts;
        if noted == Some(found) || self.options.is_read_only {
            return Ok(found);
        }
        let Ok(mut locked) = self.enter_unnoted(base, who, name) else {
            return Ok(found);
        };
        let counts = walk(&self.disk, &locked.open.dir)?.counts;
        if counts != locked.counts {
            locked.counts = counts;
            let _ = locked.end(&self.disk);
            self.dirty.note(name);
        }
        Ok(counts)
    }

    /// Lists the files of a workspace.
    ///
    /// # Errors
    ///
    /// There is no such workspace.
    pub fn list(&self, who: &Caller, name: &Name) -> Result<Listing, Refusal> {
        let base = self.base()?;
        let open = self.look(&base, who, name)?;
        open.step(Verb::Read)?;
        let walked = walk(&self.disk, &open.dir)?;
        let shown = |file: crate::share::File| FileView {
            size: file.size,
            modified: Stamp::from_nanos(file.mtime),
            path: file.path.as_str().to_owned(),
        };
        Ok(Listing {
            files: walked.files.into_iter().map(shown).collect(),
            warnings: walked.warnings,
        })
    }

    /// Opens a file to read it, with its length. No link is followed, and nothing but a regular file is opened.
    ///
    /// # Errors
    ///
    /// There is no such file.
    pub fn open_file(
        &self,
        who: &Caller,
        name: &Name,
        path: &RelPath,
    ) -> Result<(D::File, u64), Refusal> {
        let base = self.base()?;
        let open = self.look(&base, who, name)?;
        open.step(Verb::Read)?;
        let missing = || Refusal::new(Code::NotFound, format!("file not found: `{path}`"));
        let file = match self.disk.open(&open.dir, path.as_str()) {
            Ok(file) => file,
            Err(error) if is_no_file(&error) => return Err(missing()),
            Err(error) => return Err(error.into()),
        };
        let meta = self.disk.stat(&file)?;
        match meta.kind {
            FileKind::File => Ok((file, meta.size)),
            FileKind::Directory | FileKind::Other => Err(missing()),
        }
    }

    /// Reads a piece of a file that is open.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn read_at(
        &self,
        file: &D::File,
        offset: u64,
        buffer: &mut [u8],
    ) -> Result<usize, Refusal> {
        Ok(self.disk.read_at(file, offset, buffer)?)
    }

    /// Reads a whole file, of at most `most` bytes.
    ///
    /// # Errors
    ///
    /// There is no such file, or it is larger.
    pub fn read_file(
        &self,
        who: &Caller,
        name: &Name,
        path: &RelPath,
        most: u64,
    ) -> Result<Vec<u8>, Refusal> {
        let (file, size) = self.open_file(who, name, path)?;
        if size > most {
            return Err(Refusal::new(
                Code::FileTooLarge,
                format!("`{path}` has {size} bytes: more than {most}"),
            ));
        }
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        let read = self.read_at(&file, 0, &mut bytes)?;
        bytes.truncate(read);
        Ok(bytes)
    }
}
