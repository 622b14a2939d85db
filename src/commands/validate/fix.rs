//! `validate --fix`: the plan first, then each file system, then the audit of those again.

use std::collections::BTreeSet;

use futures::StreamExt;
use futures::stream;

use super::{Audit, Judged, Post};
use crate::audit::mend::Mend;
use crate::commands::run_id;
use crate::domain::ids::Reference;
use crate::domain::plan::Change;
use crate::error::{Error, Kind};
use crate::service::{CreateOptions, Scope};
use crate::ui::document::{FixView, Outcome};

/// File systems that are mended side by side: each waits for its own mount targets.
const SIDE_BY_SIDE: usize = 8;

/// What was planned, or done.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    pub(super) views: Vec<FixView>,
    /// By file system.
    failures: Vec<(String, Error)>,
}

impl Fixed {
    pub(super) fn outcome(&self, planned: bool) -> Outcome {
        match (planned, self.changes().is_empty()) {
            (true, _) => Outcome::Planned,
            (false, true) => Outcome::Unchanged,
            (false, false) => Outcome::Changed,
        }
    }

    pub(super) fn changes(&self) -> Vec<Change> {
        let changes = self.views.iter().flat_map(|view| &view.changes);
        changes.cloned().collect()
    }

    /// Why not everything could be added. Together with what was added it is told as left, so that nobody takes it for undone.
    pub(super) fn failure(&self) -> Option<Error> {
        let (_, first) = self.failures.first()?;
        let told: Vec<String> = self
            .failures
            .iter()
            .map(|(id, error)| format!("{id}: {}", error.message))
            .collect();
        let mut error = Error {
            message: told.join("; "),
            ..first.clone()
        };
        let of_failures = self.failures.iter().flat_map(|(_, error)| &error.leftovers);
        let mut left: Vec<String> = of_failures.cloned().collect();
        let failed: BTreeSet<&str> = self.failures.iter().map(|(id, _)| id.as_str()).collect();
        for view in &self.views {
            let id = view.file_system_id.as_str();
            if !failed.contains(id) {
                let words = |change: &Change| format!("added to {id}: {}", change.words());
                left.extend(view.changes.iter().map(words));
            }
        }
        if !left.is_empty() {
            error.kind = Kind::Leftovers;
            error.leftovers = left;
            error.hint = error.hint.or_else(|| {
                Some("what was added stays; the same command again goes on from here".to_owned())
            });
        }
        Some(error)
    }
}

/// What came of one file system.
struct Mended {
    changes: Vec<Change>,
    error: Option<Error>,
    /// The verdicts afterwards, where something was changed.
    judged: Option<Judged>,
}

impl Audit<'_> {
    /// Plans all mends, and unless it is a dry run makes them and judges again what was changed.
    pub(super) async fn fix(&self, posts: &[Post], all: &mut [Judged]) -> Fixed {
        let run = run_id();
        let mut fixed = Fixed::default();
        // By the place of its view, and of its verdicts.
        let mut due: Vec<(usize, usize, Mend)> = Vec::new();
        for (nth, judged) in all.iter().enumerate() {
            let Some((mend, post)) = judged.mend.as_ref().zip(posts.get(judged.post)) else {
                continue;
            };
            if mend.is_empty() && mend.notes.is_empty() {
                continue;
            }
            let mut view = FixView {
                file_system_id: mend.file_system.clone(),
                region: post.region().to_owned(),
                profile: post.profile.clone(),
                changes: Vec::new(),
                notes: mend.notes.clone(),
                error: None,
            };
            if !mend.is_empty() {
                match self
                    .desk
                    .over(post.cloud.clone())
                    .plan_mend(mend, &run)
                    .await
                {
                    Ok(changes) => {
                        view.changes = changes;
                        due.push((fixed.views.len(), nth, mend.clone()));
                    }
                    Err(error) => {
                        view.error = Some(error.message.clone());
                        fixed.failures.push((mend.file_system.to_string(), error));
                    }
                }
            }
            fixed.views.push(view);
        }
        if self.args.dry_run {
            return fixed;
        }
        self.desk.ui.aside(&self.desk.ui.fixes(&fixed.views, true));
        let options = CreateOptions {
            run,
            timeout: self.desk.settings.timeout,
            ..CreateOptions::default()
        };
        let runs = due.iter().map(async |(view, nth, mend)| {
            let of = all.get(*nth).map_or(0, |judged| judged.post);
            let post = posts.get(of)?;
            Some((*view, *nth, self.mend_one((of, post), mend, &options).await))
        });
        let done: Vec<_> = stream::iter(runs)
            .buffered(SIDE_BY_SIDE)
            .filter_map(async |done| done)
            .collect()
            .await;
        for (view, nth, mended) in done {
            if let Some(view) = fixed.views.get_mut(view) {
                view.changes = mended.changes;
                if let Some(error) = mended.error {
                    view.error = Some(error.message.clone());
                    let id = view.file_system_id.to_string();
                    fixed.failures.push((id, error));
                }
            }
            if let (Some(place), Some(judged)) = (all.get_mut(nth), mended.judged) {
                *place = judged;
            }
        }
        fixed
    }

    async fn mend_one(
        &self,
        (of, post): (usize, &Post),
        mend: &Mend,
        options: &CreateOptions,
    ) -> Mended {
        let stop = &self.desk.signals.first;
        if stop.is_cancelled() {
            return Mended {
                changes: Vec::new(),
                error: Some(Error::new(
                    Kind::Interrupted,
                    "interrupted before it was begun",
                )),
                judged: None,
            };
        }
        let service = self.desk.over(post.cloud.clone());
        let mut mended = match service.mend(mend, options).await {
            Ok(done) => Mended {
                changes: done.changes,
                error: None,
                judged: None,
            },
            Err(failure) => Mended {
                changes: failure.changes,
                error: Some(failure.error),
                judged: None,
            },
        };
        if stop.is_cancelled() || mended.changes.is_empty() {
            return mended;
        }
        let again = Scope::These(vec![Reference::Id(mend.file_system.clone())]);
        let mut hear = |seen: Judged| mended.judged = Some(seen);
        if let Err(error) = self.judge_one((of, post), &again, &mut hear).await {
            mended.error.get_or_insert(error);
        }
        mended
    }
}
