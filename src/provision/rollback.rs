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
use crate::domain::goal::{Goal, Removal, Which};
use crate::domain::now::Now;
use crate::domain::state::State;
use crate::domain::tags;

/// How long a rollback may take.
const PATIENCE: Duration = Duration::from_mins(15);

/// What this run made, as far as it can be told from what others made.
///
/// A file system and a security group carry the run in their tags. A mount target cannot: it is ours if we got its
/// id back, or if it appears in a zone we asked for, in a file system of ours. In doubt it stays, and is told.
pub(super) fn removal(run: &str, now: &Now, ledger: &Ledger) -> Removal {
    let file_system = now.file_system.as_ref().filter(|fs| {
        tags::made_by(&fs.tags, run)
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
                tags::made_by(&group.tags, run)
                    || ledger
                        .security_group
                        .as_ref()
                        .is_some_and(|(id, _)| *id == group.id)
            })
            .map(|group| group.id.clone()),
    }
}

/// Removes what a run made. Returns what is left, one line each.
pub async fn rollback<C: Cloud>(
    context: &Context<'_, C>,
    run: &str,
    sight: Sight,
    (now, ledger): (Now, Ledger),
    stop: CancellationToken,
) -> Vec<String> {
    let context = Context {
        cloud: context.cloud,
        reporter: context.reporter,
        stop,
        pacing: context.pacing,
        deadline: Some(Instant::now() + PATIENCE),
    };
    let mut back = Run::new(&context, sight, now);
    back.ledger = ledger;
    let outcome = back
        .converge(|now, ledger| Goal::Absent(removal(run, now, ledger)))
        .await;
    match outcome {
        Ok(()) => Vec::new(),
        Err(stop) => left(run, &back.now, &back.ledger, &stop),
    }
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
