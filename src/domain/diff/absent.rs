//! Rows of what should be gone.

use super::super::access_point::AccessPoint;
use super::super::action::{Action, ReadScope};
use super::super::goal::Removal;
use super::super::observed::Observed;
use super::super::resource::ResourceId;
use super::super::state::{MountTarget, State};
use super::{Blocked, Next, Row, Want, row};

/// The row of an access point that should be gone.
pub(super) fn access_point(point: &AccessPoint, next: &mut Next) {
    match row(Want::Absent, Some(&point.state)) {
        Row::Delete => next
            .actions
            .push(Action::DeleteAccessPoint(point.id.clone())),
        Row::Keep => {}
        Row::Wait | Row::Create | Row::Fail => {
            next.waiting.insert(ReadScope::AccessPoints);
        }
    }
}

/// The row of a mount target that should be gone.
pub(super) fn mount_target(mount_target: &MountTarget, next: &mut Next) {
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
            next.waiting.insert(ReadScope::MountTargets);
        }
    }
}

/// Rows of a removal, in the order AWS enforces: access points and mount targets, then the file system and the group.
pub(super) fn removal(removal: &Removal, observed: &Observed, next: &mut Next) {
    let mut others: Vec<ResourceId> = Vec::new();
    let mut going = false;
    for point in observed.access_points.iter().flatten() {
        if !removal.has(&point.id) {
            if point.is_staying() {
                others.push((&point.id).into());
            }
            continue;
        }
        access_point(point, next);
    }
    for mount_target in &observed.mount_targets {
        if !removal.has(&mount_target.id) {
            match mount_target.state {
                State::Deleted => {}
                State::Deleting => going = true,
                _ => others.push((&mount_target.id).into()),
            }
            continue;
        }
        self::mount_target(mount_target, next);
    }
    #[cfg(test)]
    let too_early = super::super::mutants::is(super::super::mutants::Mutant::WrongDeleteOrder);
    #[cfg(not(test))]
    let too_early = false;
    if !next.is_done() && !too_early {
        return;
    }
    let file_system = observed.file_system.as_ref();
    if let Some(file_system) = file_system.filter(|fs| removal.has(&fs.id)) {
        let id = &file_system.id;
        match row(Want::Absent, Some(&file_system.state)) {
            Row::Delete if going => {
                next.waiting.insert(ReadScope::MountTargets);
            }
            Row::Delete if !others.is_empty() => next.blocked.push(Blocked {
                file_system: id.clone(),
                others,
            }),
            Row::Delete => next.actions.push(Action::DeleteFileSystem(id.clone())),
            Row::Keep => {}
            Row::Wait | Row::Create | Row::Fail => {
                next.waiting.insert(ReadScope::FileSystem);
            }
        }
    }
    // Mount targets of others in a file system that stays have the group.
    if !next.blocked.is_empty() {
        return;
    }
    let group = observed.security_group.as_ref();
    if let Some(group) = group.filter(|group| removal.has(&group.id)) {
        next.actions
            .push(Action::DeleteSecurityGroup(group.id.clone()));
    }
}
