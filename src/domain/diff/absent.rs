//! Rows of what should be gone.

use super::super::action::{Action, Part};
use super::super::goal::Removal;
use super::super::now::Now;
use super::super::state::State;
use super::super::tags;
use super::{Next, Row, Want, row};

/// Rows of a removal, in the order AWS enforces: access points and mount targets, then the file system and the group.
pub(super) fn removal(removal: &Removal, now: &Now, next: &mut Next) {
    if removal.access_points {
        for point in &now.access_points {
            match row(Want::Absent, Some(&point.state)) {
                Row::Delete => next
                    .actions
                    .push(Action::DeleteAccessPoint(point.id.clone())),
                Row::Keep => {}
                Row::Wait | Row::Create | Row::Fail => {
                    next.waiting.insert(Part::AccessPoints);
                }
            }
        }
    }
    let mut others = Vec::new();
    for mount_target in &now.mount_targets {
        if !removal.mount_targets.includes(&mount_target.id) {
            if mount_target.state != State::Deleted {
                others.push(mount_target);
            }
            continue;
        }
        // AWS names no state in which it refuses, and advises the call for one that is stuck in `creating` (user guide,
        // "Troubleshooting mount issues"): waiting for it first would hold an interrupted run for minutes.
        let verdict = match &mount_target.state {
            State::Creating => Row::Delete,
            state => row(Want::Absent, Some(state)),
        };
        match verdict {
            Row::Delete => next
                .actions
                .push(Action::DeleteMountTarget(mount_target.id.clone())),
            Row::Keep => {}
            Row::Wait | Row::Create | Row::Fail => {
                next.waiting.insert(Part::MountTargets);
            }
        }
    }
    #[cfg(test)]
    let too_early = super::super::planted::is(super::super::planted::Bug::WrongDeleteOrder);
    #[cfg(not(test))]
    let too_early = false;
    if !next.is_done() && !too_early {
        return;
    }
    if let Some(id) = &removal.file_system
        && let Some(file_system) = now.file_system.as_ref().filter(|fs| fs.id == *id)
    {
        let going = others.iter().any(|mt| mt.state == State::Deleting);
        match row(Want::Absent, Some(&file_system.state)) {
            Row::Delete if going => {
                next.waiting.insert(Part::MountTargets);
            }
            Row::Delete if !others.is_empty() => next.blocked.push(format!(
                "file system {id} stays: somebody else made {} in it",
                others
                    .iter()
                    .map(|mt| mt.id.to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
            Row::Delete if !removal.access_points && used(now).next().is_some() => {
                next.blocked.push(format!(
                    "file system {id} stays: somebody else made {} in it",
                    used(now).collect::<Vec<_>>().join(", ")
                ));
            }
            Row::Delete => next.actions.push(Action::DeleteFileSystem(id.clone())),
            Row::Keep => {}
            Row::Wait | Row::Create | Row::Fail => {
                next.waiting.insert(Part::FileSystem);
            }
        }
    }
    // Mount targets of others in a file system that stays wear the group.
    if !next.blocked.is_empty() {
        return;
    }
    if let Some(id) = &removal.security_group
        && now
            .security_group
            .as_ref()
            .is_some_and(|group| group.id == *id)
    {
        next.actions.push(Action::DeleteSecurityGroup(id.clone()));
    }
}

/// Access points that efsctl did not make.
fn used(now: &Now) -> impl Iterator<Item = &str> {
    let live = |state: &State| !matches!(state, State::Deleting | State::Deleted);
    let points = now.access_points.iter();
    points
        .filter(move |point| live(&point.state) && !tags::is_managed(&point.tags))
        .map(|point| point.id.as_str())
}
