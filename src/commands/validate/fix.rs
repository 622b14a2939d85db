//! `validate --fix`: the plan first, then each file system in turn, then the audit of those again.

use std::collections::BTreeSet;

use super::{Audit, Judged, Post};
use crate::audit::mend::Mend;
use crate::commands::run_id;
use crate::domain::ids::Reference;
use crate::domain::plan::Change;
use crate::error::{Error, Kind};
use crate::service::{CreateOptions, Scope};
use crate::ui::document::{FixView, Outcome};

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

impl Audit<'_> {
    /// Plans all mends, and unless it is a dry run makes them and judges again what was changed.
    pub(super) async fn fix(&self, posts: &[Post], all: &mut [Judged]) -> Fixed {
        let run = run_id();
        let mut fixed = Fixed::default();
        let mut due: Vec<(usize, Mend)> = Vec::new();
        for (nth, judged) in all.iter().enumerate() {
            let Some((mend, post)) = judged.mend.as_ref().zip(posts.get(judged.post)) else {
                continue;
            };
            if mend.is_empty() && mend.notes.is_empty() {
                continue;
            }
            let id = mend.file_system.to_string();
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
                        due.push((nth, mend.clone()));
                    }
                    Err(error) => {
                        view.error = Some(error.message.clone());
                        fixed.failures.push((id, error));
                    }
                }
            }
            fixed.views.push(view);
        }
        if self.args.dry_run {
            return fixed;
        }
        self.desk.ui.aside(&self.desk.ui.fixes(&fixed.views, true));
        self.carry_out((posts, all), &due, &run, &mut fixed).await;
        fixed
    }

    async fn carry_out(
        &self,
        (posts, all): (&[Post], &mut [Judged]),
        due: &[(usize, Mend)],
        run: &str,
        fixed: &mut Fixed,
    ) {
        let options = CreateOptions {
            run: run.to_owned(),
            timeout: self.desk.settings.timeout,
            ..CreateOptions::default()
        };
        let mut stopped = false;
        for (nth, mend) in due {
            let (Some(judged), Some(view)) = (
                all.get_mut(*nth),
                fixed
                    .views
                    .iter_mut()
                    .find(|view| view.file_system_id == mend.file_system),
            ) else {
                continue;
            };
            let of = judged.post;
            let Some(post) = posts.get(of) else { continue };
            // What was planned and not begun is not done.
            view.changes.clear();
            if stopped {
                view.error = Some("not begun".to_owned());
                continue;
            }
            match self
                .desk
                .over(post.cloud.clone())
                .mend(mend, &options)
                .await
            {
                Ok(done) => view.changes = done.changes,
                Err(failure) => {
                    stopped = failure.error.kind == Kind::Interrupted
                        || self.desk.signals.first.is_cancelled();
                    view.changes = failure.changes;
                    view.error = Some(failure.error.message.clone());
                    let id = mend.file_system.to_string();
                    fixed.failures.push((id, failure.error));
                }
            }
            let again = Scope::These(vec![Reference::Id(mend.file_system.clone())]);
            let mut hear = |seen: Judged| *judged = seen;
            if !stopped
                && !view.changes.is_empty()
                && let Err(error) = self.judge_one((of, post), &again, &mut hear).await
            {
                let id = mend.file_system.to_string();
                fixed.failures.push((id, error));
            }
        }
    }
}
