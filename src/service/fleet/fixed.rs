//! What was added to file systems, or would be, and why not all of it could be.

use crate::domain::advice::Advice;
use crate::domain::ids::FileSystemId;
use crate::domain::plan::Change;
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

/// What was planned, or done.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    pub(super) fixes: Vec<Fix>,
    /// By file system, or by region where it was not judged again.
    pub(super) failures: Vec<(String, Error)>,
}

impl Fixed {
    /// Why not everything could be added. Together with what was added it is told as left, so that nobody takes it for undone.
    pub(super) fn failure(&self, planned: bool) -> Option<Error> {
        let (_, first) = self.failures.first()?;
        let told = self
            .failures
            .iter()
            .map(|(id, error)| Advice::from(format!("{id}: ")).then(error.message.clone()));
        let mut error = Error {
            message: Advice::joined(told, "; "),
            ..first.clone()
        };
        let on = |id: &str, line: &str| format!("on {id}: {line}");
        let of_failures = self.failures.iter().flat_map(|(id, error)| {
            let lines = error.leftovers.iter();
            lines.map(move |line| on(id, line))
        });
        let mut left: Vec<String> = of_failures.collect();
        for fix in self.fixes.iter().filter(|_| !planned) {
            let id = fix.file_system.as_str();
            // A failure that knows what is left has told it.
            let mut failures = self.failures.iter();
            if !failures.any(|(failed, error)| failed == id && !error.leftovers.is_empty()) {
                let words = |change: &Change| on(id, &change.words());
                left.extend(fix.changes.iter().map(words));
            }
        }
        if !left.is_empty() {
            error.kind = Kind::Leftovers;
            error.leftovers = left;
            error.hint = error.hint.or_else(|| {
                Some("what was added stays; the same command again goes on from here".into())
            });
        }
        Some(error)
    }
}

/// What was planned twice is told once, with the file system that comes first.
pub(super) fn told_once(fixes: &mut [Fix]) {
    let mut told: Vec<(Option<FileSystemId>, Change)> = Vec::new();
    for fix in fixes {
        fix.changes.retain(|change| {
            let is_rule = change.resource == "security_group_rule" && change.id.is_some();
            let of = (!is_rule).then(|| fix.file_system.clone());
            let new = !told.iter().any(|(id, known)| *id == of && known == change);
            if new {
                told.push((of, change.clone()));
            }
            new
        });
    }
}
