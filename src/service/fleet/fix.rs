//! Fixing what an audit found: the plan first, then each file system, then the audit of those again.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use futures::stream;

use super::fixed::{Fix, Fixed, Unfixed, report_once};
use super::scan::Scanned;
use super::{AccountRegion, Count, Fleet, FleetOptions, FleetReport, Member};
use crate::audit::fix::FixPlan;
use crate::cloud::Inventory;
use crate::domain::advice::Advice;
use crate::domain::finding::Report;
use crate::domain::ids::{FileSystemId, SecurityGroupId};
use crate::domain::plan::Change;
use crate::error::Error;
use crate::service::{CreateOptions, fresh_run};

/// File systems that are fixed side by side: each waits for its own mount targets.
const SIDE_BY_SIDE: usize = 8;

/// How to fix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FixOptions {
    /// The checks whose failures are fixed; empty: what makes the audit fail.
    pub checks: Vec<String>,
    /// Plan only.
    pub dry_run: bool,
}

/// The fix of one file system.
struct PendingFix<'s, C> {
    member: &'s Member<'s, C>,
    plan: FixPlan,
    /// Which of the fixes.
    fix: usize,
}

impl<C> PendingFix<'_, C> {
    /// Whether they would add to the same thing: a file system that two profiles see, a group that two file systems share.
    fn shares(&self, other: &Self) -> bool {
        let groups = |plan: &FixPlan| -> BTreeSet<SecurityGroupId> {
            plan.rules.iter().map(|(group, _)| group.clone()).collect()
        };
        self.plan.file_system == other.plan.file_system
            || !groups(&self.plan).is_disjoint(&groups(&other.plan))
    }
}

/// Those that add to the same thing come one after the other: the next one sees what the one before has added, and adds it if
/// that one could not.
fn serialize_conflicting<C>(due: Vec<PendingFix<'_, C>>) -> Vec<Vec<PendingFix<'_, C>>> {
    let mut queues: Vec<Vec<PendingFix<'_, C>>> = Vec::new();
    for one in due {
        let is_shared =
            |queue: &mut Vec<PendingFix<'_, C>>| queue.iter().any(|other| one.shares(other));
        let mut queue: Vec<PendingFix<'_, C>> =
            queues.extract_if(.., is_shared).flatten().collect();
        queue.push(one);
        queues.push(queue);
    }
    queues
}

impl<C: Inventory> Fleet<'_, C> {
    /// Audits every place, plans what can be added where something failed, adds it unless it is a dry run, and audits again what
    /// something was added to. Nothing is taken away or replaced.
    ///
    /// `planned` hears the plan before anything is changed.
    ///
    /// # Errors
    ///
    /// As [`Fleet::validate_each`]. What could not be added is reported in the report.
    pub async fn fix(
        &self,
        options: &FleetOptions,
        fix: &FixOptions,
        planned: impl FnOnce(&[Fix]),
    ) -> Result<FleetReport, Error> {
        self.check(options)?;
        let mut all: Vec<Scanned> = Vec::new();
        let mut on_audited = |scanned| all.push(scanned);
        let unseen = self
            .scan(options, Some(&fix.checks), &mut on_audited)
            .await?;
        let run = fresh_run();
        let mut fixed = Fixed::default();
        let due = self.plan(&all, &run, &mut fixed).await;
        report_once(&mut fixed.fixes);
        planned(&fixed.fixes);
        if !fix.dry_run {
            let run = CreateOptions {
                run,
                timeout: options.asked.timeout,
                ..CreateOptions::default()
            };
            self.carry_out(due, &run, options, &mut fixed, &mut all)
                .await;
        }
        let mut count = Count::default();
        for scanned in &all {
            count.add(&options.exit, scanned);
        }
        let left_alone = count.sums.left_alone;
        let ended = self.ended(options, count, unseen, true).await;
        Ok(FleetReport {
            report: Report {
                file_systems: all.into_iter().map(|scanned| scanned.audited).collect(),
                unseen: ended.unseen,
                unjudged: ended.unjudged,
            },
            failure: fixed.failure(fix.dry_run).or(ended.failure),
            fixes: fixed.fixes,
            left_alone,
        })
    }

    /// What there is to add, by the file systems that lack it.
    async fn plan<'s>(
        &'s self,
        all: &[Scanned],
        run: &str,
        fixed: &mut Fixed,
    ) -> Vec<PendingFix<'s, C>> {
        let wanted = all.iter().filter_map(|scanned| {
            let plan = scanned.plan.as_ref()?;
            let is_due = !plan.is_empty() || !plan.notes.is_empty();
            is_due.then_some((self.members.get(scanned.member)?, plan.clone()))
        });
        let plans = wanted.map(async |(member, plan)| {
            let planned = if plan.is_empty() {
                Ok(Vec::new())
            } else {
                member.service.plan_fix(&plan, run).await
            };
            (member, plan, planned)
        });
        let mut plans = stream::iter(plans).buffered(SIDE_BY_SIDE);
        let mut due = Vec::new();
        while let Some((member, plan, planned)) = plans.next().await {
            let AccountRegion { profile, region } = &member.place;
            let notes = plan.notes.iter().cloned();
            let mut fix = Fix {
                file_system: plan.file_system.clone(),
                region: region.clone(),
                profile: profile.clone(),
                changes: Vec::new(),
                notes: notes
                    .map(|note| note.at(region, profile.as_deref()))
                    .collect(),
                error: None,
            };
            let nth = fixed.fixes.len();
            match planned {
                Ok(changes) => {
                    if !changes.is_empty() {
                        due.push(PendingFix {
                            member,
                            plan,
                            fix: nth,
                        });
                    }
                    fix.changes = changes;
                }
                Err(error) => {
                    fix.error = Some(error.message.clone());
                    let error = member.place.failed(error);
                    let what = Unfixed::FileSystem(plan.file_system.clone());
                    fixed.failures.push((what, error));
                }
            }
            fixed.fixes.push(fix);
        }
        due
    }

    /// Makes what is due, and judges again what was touched.
    async fn carry_out(
        &self,
        due: Vec<PendingFix<'_, C>>,
        run: &CreateOptions,
        options: &FleetOptions,
        fixed: &mut Fixed,
        all: &mut Vec<Scanned>,
    ) {
        // Also what could not be planned: another's rule may have fixed it.
        let touched: BTreeSet<FileSystemId> = if due.is_empty() {
            BTreeSet::new()
        } else {
            let all = fixed.fixes.iter();
            all.map(|fix| fix.file_system.clone()).collect()
        };
        let runs = serialize_conflicting(due)
            .into_iter()
            .map(|queue| fix_queue(queue, run));
        let done: Vec<_> = stream::iter(runs)
            .buffer_unordered(SIDE_BY_SIDE)
            .concat()
            .await;
        let mut failed = BTreeMap::new();
        for (nth, changes, error) in done {
            let Some(fix) = fixed.fixes.get_mut(nth) else {
                continue;
            };
            fix.changes = changes;
            if let Some(error) = error {
                fix.error = Some(error.message.clone());
                let what = Unfixed::FileSystem(fix.file_system.clone());
                failed.insert(nth, (what, error));
            }
        }
        fixed.failures.extend(failed.into_values());
        let unseen = self.afterwards(options, &touched, all).await;
        fixed.failures.extend(unseen);
    }

    /// Audits again what was fixed, by whichever profile it is seen. Answers with what could not be seen.
    async fn afterwards(
        &self,
        options: &FleetOptions,
        touched: &BTreeSet<FileSystemId>,
        all: &mut Vec<Scanned>,
    ) -> Vec<(Unfixed, Error)> {
        let mut unseen = Vec::new();
        for (nth, member) in self.members.iter().enumerate() {
            let here = |scanned: &Scanned| {
                scanned.member == nth && touched.contains(&scanned.audited.file_system)
            };
            let again = all.iter().filter(|scanned| here(scanned));
            let ids: Vec<FileSystemId> = again
                .map(|scanned| scanned.audited.file_system.clone())
                .collect();
            let listed = all.iter().find(|scanned| scanned.member == nth);
            let listed = listed.and_then(|scanned| scanned.listed);
            if ids.is_empty() {
                continue;
            }
            let mut scanned = BTreeMap::new();
            let mut on_audited =
                |one: Scanned| drop(scanned.insert(one.audited.file_system.clone(), one));
            let there = (nth, member, listed);
            let outcome = self.rescan(there, ids, options, &mut on_audited).await;
            // What is not heard of is gone, if all was heard.
            all.retain_mut(|place| {
                if !here(place) {
                    return true;
                }
                match scanned.remove(&place.audited.file_system) {
                    Some(one) => *place = one,
                    None => return outcome.is_err(),
                }
                true
            });
            if let Err(error) = outcome {
                let why = "it was not audited again after the fix, so its verdicts are from before";
                let message = Advice::from(format!("{why}: ")).then(error.message);
                let what = Unfixed::Region(member.place.region.clone());
                unseen.push((what, Error { message, ..error }));
            }
        }
        unseen
    }
}

/// One queue: what was changed for which fix, and why not all of it could be.
async fn fix_queue<C: Inventory>(
    queue: Vec<PendingFix<'_, C>>,
    run: &CreateOptions,
) -> Vec<(usize, Vec<Change>, Option<Error>)> {
    let mut done = Vec::new();
    for due in queue {
        let Member { place, service, .. } = due.member;
        if service.stops.first.is_cancelled() {
            let error = service.stops.ended(" before it was started");
            done.push((due.fix, Vec::new(), Some(error)));
            continue;
        }
        done.push(match service.fix(&due.plan, run).await {
            Ok(made) => (due.fix, made.changes, None),
            Err(failure) => (due.fix, failure.changes, Some(place.failed(failure.error))),
        });
    }
    done
}
