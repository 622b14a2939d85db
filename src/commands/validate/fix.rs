//! `validate --fix`: the plan first, then each file system, then the audit of those again.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use futures::stream;

use super::{Audit, Judged, Post};
use crate::audit::mend::Mend;
use crate::domain::advice::Advice;
use crate::domain::ids::{FileSystemId, SecurityGroupId};
use crate::domain::plan::Change;
use crate::error::{Error, Kind};
use crate::service::{CreateOptions, fresh_run};
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
        let on = |id: &str, line: &str| format!("on {id}: {line}");
        let of_failures = self.failures.iter().flat_map(|(id, error)| {
            let lines = error.leftovers.iter();
            lines.map(move |line| on(id, line))
        });
        let mut left: Vec<String> = of_failures.collect();
        for view in self.views.iter().filter(|_| !planned) {
            let id = view.file_system_id.as_str();
            // A failure that knows what is left has told it.
            let mut failures = self.failures.iter();
            if !failures.any(|(failed, error)| failed == id && !error.leftovers.is_empty()) {
                let words = |change: &Change| on(id, &change.words());
                left.extend(view.changes.iter().map(words));
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

/// The mend of one file system.
struct Due<'p> {
    post: &'p Post,
    mend: Mend,
    /// The place of its view.
    view: usize,
}

impl Due<'_> {
    /// Whether they would add to the same thing: a file system that two profiles see, a group that two file systems share.
    fn shares(&self, other: &Self) -> bool {
        let groups = |mend: &Mend| -> BTreeSet<SecurityGroupId> {
            mend.rules.iter().map(|(group, _)| group.clone()).collect()
        };
        self.mend.file_system == other.mend.file_system
            || !groups(&self.mend).is_disjoint(&groups(&other.mend))
    }
}

/// Those that add to the same thing come one after the other: the next one sees what the one before has added, and adds it if
/// that one could not.
fn lanes(due: Vec<Due<'_>>) -> Vec<Vec<Due<'_>>> {
    let mut lanes: Vec<Vec<Due<'_>>> = Vec::new();
    for one in due {
        let is_shared = |lane: &mut Vec<Due<'_>>| lane.iter().any(|other| one.shares(other));
        let mut lane: Vec<Due<'_>> = lanes.extract_if(.., is_shared).flatten().collect();
        lane.push(one);
        lanes.push(lane);
    }
    lanes
}

/// What was planned twice is told once, with the file system that comes first.
fn told_once(views: &mut [FixView]) {
    let mut told: Vec<(Option<FileSystemId>, Change)> = Vec::new();
    for view in views {
        view.changes.retain(|change| {
            let is_rule = change.resource == "security_group_rule" && change.id.is_some();
            let of = (!is_rule).then(|| view.file_system_id.clone());
            let new = !told.iter().any(|(id, known)| *id == of && known == change);
            if new {
                told.push((of, change.clone()));
            }
            new
        });
    }
}

impl Audit<'_> {
    /// Plans all mends, and unless it is a dry run makes them and judges again what was changed.
    pub(super) async fn fix(&self, posts: &[Post], all: &mut Vec<Judged>) -> Fixed {
        let run = fresh_run();
        let mut fixed = Fixed::default();
        let due = self.plan(posts, all, &run, &mut fixed).await;
        told_once(&mut fixed.views);
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
            run,
            timeout: self.desk.settings.timeout,
            ..CreateOptions::default()
        };
        // Also what could not be planned: another's rule may have mended it.
        let touched: BTreeSet<FileSystemId> = match due.as_slice() {
            [] => BTreeSet::new(),
            _ => fixed
                .views
                .iter()
                .map(|view| view.file_system_id.clone())
                .collect(),
        };
        let runs = lanes(due)
            .into_iter()
            .map(|lane| self.mend_lane(lane, &options));
        let done: Vec<_> = stream::iter(runs)
            .buffer_unordered(SIDE_BY_SIDE)
            .concat()
            .await;
        let mut failed = BTreeMap::new();
        for (nth, changes, error) in done {
            let Some(view) = fixed.views.get_mut(nth) else {
                continue;
            };
            view.changes = changes;
            if let Some(error) = error {
                view.error = Some(error.message.clone());
                failed.insert(nth, (view.file_system_id.to_string(), error));
            }
        }
        fixed.failures.extend(failed.into_values());
        let unseen = self.afterwards(posts, &touched, all).await;
        fixed.failures.extend(unseen);
        fixed
    }

    /// What there is to add, by the file systems that lack it. A view of each is shown.
    async fn plan<'p>(
        &self,
        posts: &'p [Post],
        all: &[Judged],
        run: &str,
        fixed: &mut Fixed,
    ) -> Vec<Due<'p>> {
        let wanted = all.iter().filter_map(|judged| {
            let mend = judged.mend.as_ref()?;
            let is_due = !mend.is_empty() || !mend.notes.is_empty();
            is_due.then_some((posts.get(judged.post)?, mend.clone()))
        });
        let plans = wanted.map(async |(post, mend)| {
            let service = self.desk.over(post.cloud.clone());
            let planned = if mend.is_empty() {
                Ok(Vec::new())
            } else {
                service.plan_mend(&mend, run).await
            };
            (post, mend, planned)
        });
        let mut plans = stream::iter(plans).buffered(SIDE_BY_SIDE);
        let mut due = Vec::new();
        while let Some((post, mend, planned)) = plans.next().await {
            let view = fixed.views.len();
            let mut shown = FixView {
                file_system_id: mend.file_system.clone(),
                region: post.region().to_owned(),
                profile: post.profile.clone(),
                changes: Vec::new(),
                notes: mend
                    .notes
                    .iter()
                    .map(|note| self.note(post, note))
                    .collect(),
                error: None,
            };
            match planned {
                Ok(changes) => {
                    if !changes.is_empty() {
                        due.push(Due { post, mend, view });
                    }
                    shown.changes = changes;
                }
                Err(error) => {
                    shown.error = Some(error.message.clone());
                    let error = post.told(error);
                    fixed.failures.push((mend.file_system.to_string(), error));
                }
            }
            fixed.views.push(shown);
        }
        due
    }

    fn note(&self, post: &Post, note: &Advice) -> String {
        let note = note.clone().at(post.region(), post.profile.as_deref());
        self.desk.ui.shown(&note)
    }

    /// One lane: what was changed for which view, and why not all of it could be.
    async fn mend_lane(
        &self,
        lane: Vec<Due<'_>>,
        options: &CreateOptions,
    ) -> Vec<(usize, Vec<Change>, Option<Error>)> {
        let mut done = Vec::new();
        for due in lane {
            if self.desk.signals.first.is_cancelled() {
                let error = Error::new(Kind::Interrupted, "interrupted before it was begun");
                done.push((due.view, Vec::new(), Some(error)));
                continue;
            }
            let service = self.desk.over(due.post.cloud.clone());
            done.push(match service.mend(&due.mend, options).await {
                Ok(made) => (due.view, made.changes, None),
                Err(failure) => {
                    let error = due.post.told(failure.error);
                    (due.view, failure.changes, Some(error))
                }
            });
        }
        done
    }

    /// Judges again what was mended, by whichever profile it is seen. Answers with what could not be seen.
    async fn afterwards(
        &self,
        posts: &[Post],
        touched: &BTreeSet<FileSystemId>,
        all: &mut Vec<Judged>,
    ) -> Vec<(String, Error)> {
        let mut unseen = Vec::new();
        for (nth, post) in posts.iter().enumerate() {
            let here = |judged: &Judged| {
                judged.post == nth && touched.contains(&judged.audited.file_system)
            };
            let again = all.iter().filter(|judged| here(judged));
            let ids: Vec<FileSystemId> = again
                .map(|judged| judged.audited.file_system.clone())
                .collect();
            let listed = all.iter().find(|judged| judged.post == nth);
            let listed = listed.and_then(|judged| judged.listed);
            if ids.is_empty() {
                continue;
            }
            let mut judged = BTreeMap::new();
            let mut hear = |one: Judged| drop(judged.insert(one.audited.file_system.clone(), one));
            let outcome = self.judge_again((nth, post, listed), ids, &mut hear).await;
            // What is not heard of is gone, if all was heard.
            all.retain_mut(|place| {
                if !here(place) {
                    return true;
                }
                match judged.remove(&place.audited.file_system) {
                    Some(one) => *place = one,
                    None => return outcome.is_err(),
                }
                true
            });
            if let Err(error) = outcome {
                let why = "it was not judged again after it was mended, so its verdicts are those of before";
                let message = format!("{why}: {}", error.message);
                unseen.push((post.region().to_owned(), Error { message, ..error }));
            }
        }
        unseen
    }
}
