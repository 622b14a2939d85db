//! `validate --fix`: the plan first, then each file system, then the audit of those again.

use std::collections::BTreeSet;

use futures::StreamExt;
use futures::stream;

use super::{Audit, Judged, Post};
use crate::audit::mend::Mend;
use crate::commands::run_id;
use crate::domain::plan::Change;
use crate::error::{Error, Kind};
use crate::service::{CreateOptions, Stops};
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
    pub(super) fn failure(&self, planned: bool) -> Option<Error> {
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
        for view in self.views.iter().filter(|_| !planned) {
            let id = view.file_system_id.as_str();
            if !failed.contains(id) {
                let words = |change: &Change| format!("on {id}: {}", change.words());
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

/// What there is to mend, with its place among the verdicts: each file system once, though several profiles see it; and each
/// rule of a group once, though several file systems share the group.
fn each_once<'p>(posts: &'p [Post], all: &[Judged]) -> Vec<(usize, Mend, &'p Post)> {
    let (mut ids, mut rules) = (BTreeSet::new(), BTreeSet::new());
    let mut due = Vec::new();
    for (nth, judged) in all.iter().enumerate() {
        let Some((mend, post)) = judged.mend.as_ref().zip(posts.get(judged.post)) else {
            continue;
        };
        if !ids.insert(mend.file_system.clone()) {
            continue;
        }
        let mut mend = mend.clone();
        mend.rules.retain(|rule| rules.insert(rule.clone()));
        if !mend.is_empty() || !mend.notes.is_empty() {
            due.push((nth, mend, post));
        }
    }
    due
}

/// What came of one file system.
struct Mended {
    changes: Vec<Change>,
    error: Option<Error>,
    judged: Afterwards,
}

/// The verdicts on a file system after it was mended.
enum Afterwards {
    /// As before: nothing was begun.
    Same,
    /// These.
    Judged(Box<Judged>),
    /// It is there no more.
    Gone,
}

impl Audit<'_> {
    /// Plans all mends, and unless it is a dry run makes them and judges again what was changed.
    pub(super) async fn fix(&self, posts: &[Post], all: &mut Vec<Judged>) -> Fixed {
        let run = run_id();
        let plans = each_once(posts, all)
            .into_iter()
            .map(async |(nth, mend, post)| {
                let service = self.desk.over(post.cloud.clone());
                let planned = if mend.is_empty() {
                    Ok(Vec::new())
                } else {
                    service.plan_mend(&mend, &run).await
                };
                (nth, mend, post, planned)
            });
        let mut plans = stream::iter(plans).buffered(SIDE_BY_SIDE);
        let mut fixed = Fixed::default();
        // By the place of its view, and of its verdicts.
        let mut due: Vec<(usize, usize, Mend)> = Vec::new();
        while let Some((nth, mend, post, planned)) = plans.next().await {
            let mut view = FixView {
                file_system_id: mend.file_system.clone(),
                region: post.region().to_owned(),
                profile: post.profile.clone(),
                changes: Vec::new(),
                notes: mend.notes.clone(),
                error: None,
            };
            match planned {
                Ok(changes) => {
                    if !changes.is_empty() {
                        due.push((fixed.views.len(), nth, mend));
                    }
                    view.changes = changes;
                }
                Err(error) => {
                    view.error = Some(error.message.clone());
                    fixed.failures.push((mend.file_system.to_string(), error));
                }
            }
            fixed.views.push(view);
        }
        drop(plans);
        if self.args.dry_run {
            if !due.is_empty() {
                self.desk.ui.note("note: not checked, because EFS has no dry run: the caller's elasticfilesystem rights, and service control policies");
            }
            return fixed;
        }
        self.desk
            .ui
            .aside(&self.desk.ui.fixes(&fixed.views, true), false);
        let options = CreateOptions {
            run: run.clone(),
            timeout: self.desk.settings.timeout,
            ..CreateOptions::default()
        };
        let runs = due.iter().map(async |(view, nth, mend)| {
            let judged = all.get(*nth)?;
            let (of, listed) = (judged.post, judged.listed);
            let post = posts.get(of)?;
            Some((
                *view,
                *nth,
                self.mend_one((of, post, listed), mend, &options).await,
            ))
        });
        let done: Vec<_> = stream::iter(runs)
            .buffered(SIDE_BY_SIDE)
            .filter_map(async |done| done)
            .collect()
            .await;
        let mut gone = Vec::new();
        for (view, nth, mended) in done {
            if let Some(view) = fixed.views.get_mut(view) {
                view.changes = mended.changes;
                if let Some(error) = mended.error {
                    view.error = Some(error.message.clone());
                    let id = view.file_system_id.to_string();
                    fixed.failures.push((id, error));
                }
            }
            match (all.get_mut(nth), mended.judged) {
                (Some(place), Afterwards::Judged(judged)) => *place = *judged,
                (Some(_), Afterwards::Gone) => gone.push(nth),
                _ => {}
            }
        }
        let mut nth = 0..;
        all.retain(|_| nth.next().is_none_or(|nth| !gone.contains(&nth)));
        fixed
    }

    async fn mend_one(
        &self,
        (of, post, listed): (usize, &Post, Option<usize>),
        mend: &Mend,
        options: &CreateOptions,
    ) -> Mended {
        if self.desk.signals.first.is_cancelled() {
            return Mended {
                changes: Vec::new(),
                error: Some(Error::new(
                    Kind::Interrupted,
                    "interrupted before it was begun",
                )),
                judged: Afterwards::Same,
            };
        }
        let service = self.desk.over(post.cloud.clone());
        let (changes, mut error) = match service.mend(mend, options).await {
            Ok(done) => (done.changes, None),
            Err(failure) => (failure.changes, Some(failure.error)),
        };
        // Whoever pressed ctrl-C wants to know what is there now; whoever presses it twice, does not.
        let stops = Stops {
            first: self.desk.signals.second.clone(),
            second: self.desk.signals.second.clone(),
        };
        let auditor = self.desk.over(post.cloud.once()).stopped_by(stops);
        let mut judged = Afterwards::Same;
        let mut hear = |seen: Judged| judged = Afterwards::Judged(Box::new(seen));
        match self
            .judge_again((of, post, listed), &auditor, mend, &mut hear)
            .await
        {
            Ok(()) => {}
            Err(gone) if gone.kind == Kind::NotFound => judged = Afterwards::Gone,
            Err(unseen) => drop(error.get_or_insert(unseen)),
        }
        Mended {
            changes,
            error,
            judged,
        }
    }
}
