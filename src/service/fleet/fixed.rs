//! What was added to file systems, or would be, and why not all of it could be.

use std::fmt;

use crate::domain::advice::Advice;
use crate::domain::ids::FileSystemId;
use crate::domain::leftover::Leftover;
use crate::domain::plan::Change;
use crate::domain::resource::ResourceKind;
use crate::error::{Error, Kind};

/// What was added to one file system, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The file system.
    pub file_system: FileSystemId,
    /// Its region.
    pub region: String,
    /// The profile of its account, where there are several.
    pub profile: Option<String>,
    /// What was added, or would be.
    pub changes: Vec<Change>,
    /// What failed and cannot be added here: why.
    pub notes: Vec<Advice>,
    /// Why nothing more was added.
    pub error: Option<Advice>,
}

/// What could not be fixed, or not be audited again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unfixed {
    /// This file system.
    FileSystem(FileSystemId),
    /// What was fixed in this region.
    Region(String),
}

impl fmt::Display for Unfixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileSystem(id) => id.fmt(f),
            Self::Region(region) => f.write_str(region),
        }
    }
}

impl Unfixed {
    /// What its failure left, with the file system.
    fn left<'e>(&self, error: &'e Error) -> impl Iterator<Item = Leftover> + use<'e> {
        let file_system = match self {
            Self::FileSystem(id) => Some(id.clone()),
            Self::Region(_) => None,
        };
        error.leftovers.iter().map(move |left| Leftover {
            file_system_id: file_system.clone(),
            ..left.clone()
        })
    }
}

/// What was planned, or done.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    pub(super) fixes: Vec<Fix>,
    pub(super) failures: Vec<(Unfixed, Error)>,
}

impl Fixed {
    /// Why not everything could be added. Together with what was added it is reported as left, so that no one takes it for undone.
    pub(super) fn failure(&self, planned: bool) -> Option<Error> {
        let (_, first) = self.failures.first()?;
        let reported = self
            .failures
            .iter()
            .map(|(what, error)| Advice::from(format!("{what}: ")).then(error.message.clone()));
        let mut error = Error {
            message: Advice::joined(reported, "; "),
            ..first.clone()
        };
        let of_failures = self.failures.iter();
        let of_failures = of_failures.flat_map(|(what, error)| what.left(error));
        let mut left: Vec<Leftover> = of_failures.collect();
        for fix in self.fixes.iter().filter(|_| !planned) {
            let id = &fix.file_system;
            let is_it = |what: &Unfixed| *what == Unfixed::FileSystem(id.clone());
            // A failure that knows what is left has told it.
            let mut failures = self.failures.iter();
            if !failures.any(|(what, error)| is_it(what) && !error.leftovers.is_empty()) {
                let changes = fix.changes.iter().cloned();
                left.extend(changes.map(|change| Leftover::changed(change, None).about(id)));
            }
        }
        if !left.is_empty() {
            error.kind = Kind::Leftovers;
            error.leftovers = left;
            error.hint = error.hint.or_else(|| {
                Some("what was added was kept; to continue, run the same command again".into())
            });
        }
        Some(error)
    }
}

/// What was planned twice is reported once, with the file system that comes first.
pub(super) fn report_once(fixes: &mut [Fix]) {
    let mut reported: Vec<(Option<FileSystemId>, Change)> = Vec::new();
    for fix in fixes {
        fix.changes.retain(|change| {
            let is_rule = change.resource.kind == ResourceKind::SecurityGroupRule
                && change.resource.id.is_some();
            let of = (!is_rule).then(|| fix.file_system.clone());
            let new = !reported
                .iter()
                .any(|(id, known)| *id == of && known == change);
            if new {
                reported.push((of, change.clone()));
            }
            new
        });
    }
}
