//! Rollback: the same loop, with what this run made as the thing that has to go.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::converge::Run;
use super::ledger::Ledger;
use super::{Context, Sight};
use crate::cloud::Cloud;
use crate::domain::action::Part;
use crate::domain::goal::{Goal, Removal, Which};
use crate::domain::now::Now;
use crate::domain::state::{MountTarget, State};
use crate::domain::tags;

/// How long a rollback may take.
const PATIENCE: Duration = Duration::from_mins(15);

/// What this run made, as far as it can be told from what others made.
///
/// A file system and a security group carry the run in their tags. A mount target cannot: it is ours if we got its
/// id back, or if it appears in a zone we asked for, in a file system of ours. In doubt it stays, and is told. What another run
/// has put its name on since is no longer ours.
pub(super) fn removal(run: &str, now: &Now, ledger: &Ledger) -> Removal {
    if taken_over(now, ledger).is_some() {
        return Removal::default();
    }
    let is_ours =
        |id: &str, tags: &tags::Tags| !ledger.before.contains(id) && tags::made_by(tags, run);
    let file_system = now.file_system.as_ref().filter(|fs| {
        is_ours(fs.id.as_str(), &fs.tags)
            || ledger
                .file_system
                .as_ref()
                .is_some_and(|(id, _)| *id == fs.id)
    });
    let mut mount_targets: BTreeSet<_> = ledger.mount_targets.keys().cloned().collect();
    if file_system.is_some() {
        let zones = ledger.doubtful_zones();
        mount_targets.extend(
            now.mount_targets
                .iter()
                .filter(|mt| zones.contains(&mt.zone))
                .map(|mt| mt.id.clone()),
        );
    }
    Removal {
        file_system: file_system.map(|fs| fs.id.clone()),
        mount_targets: Which::Only(mount_targets),
        access_points: false,
        security_group: now
            .security_group
            .as_ref()
            .filter(|group| {
                is_ours(group.id.as_str(), &group.tags)
                    || ledger
                        .security_group
                        .as_ref()
                        .is_some_and(|(id, _)| *id == group.id)
            })
            .map(|group| group.id.clone()),
    }
}

/// The other run that has taken the file system over, if one has.
fn taken_over<'now>(now: &'now Now, ledger: &Ledger) -> Option<&'now str> {
    let run = now.file_system.as_ref()?.tags.get(tags::RUN)?;
    (!ledger.runs.contains(run)).then_some(run)
}

/// Removes what a run made.
pub async fn rollback<C: Cloud>(
    context: &Context<'_, C>,
    run: &str,
    sight: Sight,
    (now, ledger): (Now, Ledger),
    stop: CancellationToken,
) -> Undone {
    let context = Context {
        cloud: context.cloud,
        reporter: context.reporter,
        stop,
        pacing: context.pacing,
        deadline: Some(Instant::now() + PATIENCE),
    };
    let mut back = Run::new(&context, sight, now);
    back.ledger = ledger;
    // Another run may have adopted what this one began: its name is on the file system then.
    let whose = BTreeSet::from([Part::FileSystem]);
    if let Err(error) = back
        .sight
        .refresh(context.cloud, &whose, &back.ledger, &mut back.now)
        .await
    {
        context.warn(format!(
            "whether another run has taken over could not be seen: {error}"
        ));
    }
    if let Some(other) = taken_over(&back.now, &back.ledger) {
        return Undone::TakenOver(other.to_owned());
    }
    let outcome = back
        .converge(|now, ledger| Goal::Absent(removal(run, now, ledger)))
        .await;
    Undone::Left(match outcome {
        Ok(()) => doubtful(&back.now, &back.ledger),
        Err(stop) => left(run, &back.now, &back.ledger, &stop),
    })
}

/// How a rollback ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// What is left, one line each; empty: everything this run made is gone.
    Left(Vec<String>),
    /// Nothing was removed: this other run goes on with what this one began.
    TakenOver(String),
}

/// Mount targets that may be this run's, in a file system that is not: they stay, and are told.
fn doubtful(now: &Now, ledger: &Ledger) -> Vec<String> {
    let zones = ledger.doubtful_zones();
    let unexplained = |mt: &&MountTarget| {
        zones.contains(&mt.zone)
            && !matches!(mt.state, State::Deleting | State::Deleted)
            && !ledger.mount_targets.contains_key(&mt.id)
            && !ledger.before.contains(mt.id.as_str())
    };
    let told = |mt: &MountTarget| {
        format!(
            "mount target {} in {}, which may be of this run (AWS gave no answer)",
            mt.id, mt.zone
        )
    };
    now.mount_targets
        .iter()
        .filter(unexplained)
        .map(told)
        .collect()
}

/// What a run made and is still there, as far as is known.
pub fn left(run: &str, now: &Now, ledger: &Ledger, why: &super::converge::Stop) -> Vec<String> {
    use super::converge::Stop;

    let removal = removal(run, now, ledger);
    let mut left = Vec::new();
    let live = |state: &State| *state != State::Deleted;
    for mt in now
        .mount_targets
        .iter()
        .filter(|mt| live(&mt.state) && removal.mount_targets.includes(&mt.id))
    {
        left.push(format!("mount target {} in {}", mt.id, mt.zone));
    }
    left.extend(removal.file_system.map(|id| format!("file system {id}")));
    left.extend(
        removal
            .security_group
            .map(|id| format!("security group {id}")),
    );
    left.extend(
        ledger
            .doubts()
            .map(|key| format!("perhaps the outcome of: {key} (AWS gave no answer)")),
    );
    match why {
        Stop::Blocked(reasons) => left.extend(reasons.iter().cloned()),
        Stop::Refused(_, error) | Stop::Blind(error) => {
            if let Some(first) = left.first_mut() {
                let _ = write!(first, " (could not be removed: {error})");
            }
        }
        Stop::Failed(_) | Stop::TimedOut { .. } | Stop::Interrupted => {}
    }
    left
}
