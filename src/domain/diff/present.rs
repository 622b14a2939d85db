//! Rows of what should be there.

use std::collections::BTreeSet;

use super::super::access_point::AccessPoint;
use super::super::action::{Action, ReadScope};
use super::super::goal::{Desired, Network, Owner};
use super::super::ids::{SecurityGroupId, Zone};
use super::super::network::{NFS_PORT, Peer};
use super::super::observed::Observed;
use super::super::settings::{Key, ObservedSetting, Value, Verdict};
use super::super::spec::Access;
use super::super::state::{FileSystem, MountTarget, State};
use super::super::tags;
use super::{Next, Row, Want, absent, row};

/// Rows of the file system; the file system once it can be built upon.
pub(super) fn file_system<'observed>(
    desired: &Desired,
    observed: &'observed Observed,
    next: &mut Next,
) -> Option<&'observed FileSystem> {
    let found = observed.file_system.as_ref();
    // At once, whatever its state: the run that began it may be about to take it back.
    if let Some(found) = found.filter(|fs| fs.state != State::Deleting)
        && desired.takes_over
        && found.tags.get(tags::RUN) != Some(&desired.run)
    {
        next.actions
            .push(Action::TakeOver(found.id.clone(), desired.run.clone()));
    }
    if let Some(lost) = out_of_reach(desired, found) {
        next.failed.push(lost);
        return None;
    }
    match row(Want::Present, found.map(|fs| &fs.state)) {
        Row::Create => next.actions.push(Action::CreateFileSystem),
        Row::Wait | Row::Delete => {
            next.waiting.insert(ReadScope::FileSystem);
        }
        Row::Fail => next.failed.extend(found.map(lost_file_system)),
        Row::Keep => {
            let found = found?;
            let missing = tags::missing(&desired.lasting_tags(&found.tags), &found.tags);
            if !missing.is_empty() {
                next.actions
                    .push(Action::TagFileSystem(found.id.clone(), missing));
            }
            let unwanted = desired.unwanted_tags();
            let unwanted = unwanted.filter(|key| found.tags.contains_key(*key));
            let unwanted: BTreeSet<String> = unwanted.map(str::to_owned).collect();
            if !unwanted.is_empty() {
                next.actions
                    .push(Action::UntagFileSystem(found.id.clone(), unwanted));
            }
            return Some(found);
        }
    }
    None
}

/// What was found and is only added to is not recreated when it goes.
fn out_of_reach(desired: &Desired, found: Option<&FileSystem>) -> Option<String> {
    let Owner::Found { id, .. } = &desired.owner else {
        return None;
    };
    match found.map(|fs| &fs.state) {
        None | Some(State::Deleted) => Some(format!("file system {id} no longer exists")),
        Some(State::Deleting) => Some(format!("file system {id} is being deleted")),
        Some(_) => None,
    }
}

/// Rows of the security group; the groups of mount targets, once they are known and allow whom they should.
pub(super) fn security_groups(
    desired: &Desired,
    network: &Network,
    observed: &Observed,
    next: &mut Next,
) -> Option<BTreeSet<SecurityGroupId>> {
    if let Some(given) = desired.given_groups(network) {
        return Some(given);
    }
    let Some(group) = &observed.security_group else {
        next.actions.push(Action::CreateSecurityGroup);
        return None;
    };
    // No one said whom to allow: a group that allows someone is left as it is.
    let is_open = group.ingress.iter().any(|rule| rule.covers(NFS_PORT));
    let self_referencing = match desired.spec.access {
        Access::Default => !is_open,
        Access::Groups(_) | Access::Make(_) => network.self_referencing,
    };
    let itself = self_referencing.then(|| Peer::Group(group.id.clone()));
    for peer in network.peers.iter().chain(&itself) {
        if !group.allows(peer) {
            next.actions
                .push(Action::AllowNfs(group.id.clone(), peer.clone()));
        }
    }
    Some(BTreeSet::from([group.id.clone()]))
}

/// Rows of the rules that are wanted in groups that exist.
pub(super) fn rules(desired: &Desired, observed: &Observed, next: &mut Next) {
    for (id, peer) in &desired.rules {
        match observed.groups_with_rules.get(id) {
            Some(group) if group.allows(peer) => {}
            Some(_) => next
                .actions
                .push(Action::AllowNfs(id.clone(), peer.clone())),
            None => {
                next.waiting.insert(ReadScope::SecurityGroup);
            }
        }
    }
}

/// Rows of the NFS rules that must not be.
pub(super) fn unwanted_rules(desired: &Desired, observed: &Observed, next: &mut Next) {
    for unwanted in &desired.unwanted.rules {
        match observed.groups_with_rules.get(&unwanted.group) {
            Some(group) => {
                let mut rules = group.ingress.iter();
                if rules.any(|rule| rule.is_nfs_from(&unwanted.peer)) {
                    next.actions.push(Action::RevokeNfs(unwanted.clone()));
                }
            }
            None => {
                next.waiting.insert(ReadScope::SecurityGroup);
            }
        }
    }
}

/// Rows of the mount targets that must not be.
pub(super) fn unwanted_mount_targets(desired: &Desired, observed: &Observed, next: &mut Next) {
    let unwanted = &desired.unwanted.mount_targets;
    let there = observed.mount_targets.iter();
    for mount_target in there.filter(|mt| unwanted.contains(&mt.id)) {
        absent::mount_target(mount_target, next);
    }
}

/// Settings that wait for something else.
pub(super) struct Later {
    /// Those that hold the file system up while they change.
    updates: Vec<Action>,
    /// Those that come when everything else is as it was asked for.
    last: Vec<Action>,
}

/// Rows of the settings; those that wait for something else.
pub(super) fn settings(
    desired: &Desired,
    file_system: &FileSystem,
    observed: &Observed,
    next: &mut Next,
) -> Later {
    let wishes = &desired.spec.settings;
    let mut due = Vec::new();
    for key in wishes.asked() {
        let found = observed.setting(key);
        match found.map(|observed| wishes.verdict(observed)) {
            None => {
                next.waiting.insert(key.into());
            }
            Some(Verdict::Keep) => {
                let is_settling = found.is_some_and(ObservedSetting::is_settling);
                if desired.until_settled && is_settling {
                    next.waiting.insert(key.into());
                }
            }
            Some(Verdict::Set(value)) => due.push(value),
            Some(Verdict::Conflict { found, .. }) => next.failed.push(format!(
                "the {} of {} cannot be changed without loss: {found}",
                key.name(),
                file_system.id
            )),
        }
    }
    let pending: BTreeSet<Key> = due.iter().map(Value::key).collect();
    let due = due
        .into_iter()
        .filter(|value| value.after().iter().all(|key| !pending.contains(key)));
    let (last, due): (Vec<_>, Vec<_>) = due.partition(|value| value.key().is_last());
    let (updates, first): (Vec<_>, Vec<_>) =
        due.into_iter().partition(|value| value.key().updates());
    let set = |value| Action::Set(file_system.id.clone(), value);
    next.actions.extend(first.into_iter().map(set));
    Later {
        updates: updates.into_iter().map(set).collect(),
        last: last.into_iter().map(set).collect(),
    }
}

/// While it is `updating` EFS refuses what else is due: that goes first.
pub(super) fn later(later: Later, next: &mut Next) {
    let is_refused = |action: &Action| action.makes() || matches!(action, Action::Set(..));
    if !next.actions.iter().any(is_refused) {
        next.actions.extend(later.updates);
    }
    next.last.extend(later.last);
}

/// The mount target that holds a zone.
pub(super) fn holder<'observed>(
    observed: &'observed Observed,
    zone: &Zone,
) -> Option<&'observed MountTarget> {
    let of_zone = observed.mount_targets.iter().filter(|mt| mt.zone == *zone);
    staying_first(of_zone, |mt| {
        !matches!(mt.state, State::Deleting | State::Deleted)
    })
}

/// One that stays rather than one that is being deleted: both may be there for a while.
fn staying_first<'observed, T>(
    mut all: impl Iterator<Item = &'observed T> + Clone,
    is_staying: impl Fn(&T) -> bool,
) -> Option<&'observed T> {
    all.clone()
        .find(|one| is_staying(one))
        .or_else(|| all.next())
}

/// Rows of the mount targets.
pub(super) fn mount_targets(
    desired: &Desired,
    file_system: &FileSystem,
    (network, groups): (&Network, Option<&BTreeSet<SecurityGroupId>>),
    observed: &Observed,
    next: &mut Next,
) {
    let mut untagged = BTreeSet::new();
    for one in &network.placement.zones {
        let found = holder(observed, &one.zone);
        match row(Want::Present, found.map(|mt| &mt.state)) {
            Row::Create => match groups {
                Some(groups) if groups.is_empty() => next.failed.push(format!(
                    "a mount target in {} would have no security group: those of the other mount targets are not known, because their network interfaces cannot be read, or are not visible yet",
                    one.zone
                )),
                Some(groups) => next.actions.push(Action::CreateMountTarget {
                    file_system: file_system.id.clone(),
                    zone: one.zone.clone(),
                    subnet: one.subnet.clone(),
                    groups: groups.clone(),
                }),
                None => {}
            },
            Row::Fail => next.failed.extend(found.map(lost_mount_target)),
            Row::Wait | Row::Delete => {
                next.waiting.insert(ReadScope::MountTargets);
            }
            Row::Keep => {}
        }
        let interface =
            found.and_then(|mt| Some((mt, observed.interfaces.get(mt.interface.as_ref()?)?)));
        if let Some((mount_target, interface)) = interface {
            if let Some(groups) = groups
                && desired.regroups(network)
                && mount_target.state == State::Available
                && !groups.is_subset(&interface.security_groups)
            {
                next.actions.push(Action::SetMountTargetGroups {
                    id: mount_target.id.clone(),
                    interface: interface.id.clone(),
                    // What another tool put on it stays.
                    groups: groups.union(&interface.security_groups).cloned().collect(),
                });
            }
            if !tags::missing(&desired.interface_tags(), &interface.tags).is_empty() {
                untagged.insert(interface.id.clone());
            }
        }
    }
    if observed.unseen_interfaces().next().is_some() {
        next.waiting.insert(ReadScope::Interfaces);
    }
    if !untagged.is_empty() {
        next.actions
            .push(Action::TagInterfaces(untagged, desired.tags()));
    }
}

/// The access point that was created under that token.
pub(super) fn point<'observed>(
    points: &'observed [AccessPoint],
    token: &str,
) -> Option<&'observed AccessPoint> {
    let of_token = points
        .iter()
        .filter(|point| point.token.as_deref() == Some(token));
    staying_first(of_token, AccessPoint::is_staying)
}

/// Rows of the access points.
pub(super) fn access_points(
    desired: &Desired,
    file_system: &FileSystem,
    observed: &Observed,
    next: &mut Next,
) {
    let unwanted = &desired.unwanted.access_points;
    if desired.spec.access_points.is_empty() && unwanted.is_empty() {
        return;
    }
    let Some(points) = &observed.access_points else {
        next.waiting.insert(ReadScope::AccessPoints);
        return;
    };
    for point in points.iter().filter(|point| unwanted.contains(&point.id)) {
        absent::access_point(point, next);
    }
    for wanted in &desired.spec.access_points {
        let found = point(points, &wanted.token(&desired.spec.name));
        match row(Want::Present, found.map(|point| &point.state)) {
            Row::Create => next.actions.push(Action::CreateAccessPoint(
                file_system.id.clone(),
                wanted.clone(),
            )),
            Row::Fail => next
                .failed
                .extend(found.map(|point| format!("access point {} is in state error", point.id))),
            Row::Wait | Row::Delete => {
                next.waiting.insert(ReadScope::AccessPoints);
            }
            Row::Keep => {}
        }
    }
}

/// Rows of a wait: what is made by others is only read.
pub(super) fn usable(observed: &Observed, next: &mut Next) {
    match row(
        Want::Present,
        observed.file_system.as_ref().map(|fs| &fs.state),
    ) {
        Row::Keep => {}
        Row::Wait | Row::Delete => {
            next.waiting.insert(ReadScope::FileSystem);
        }
        Row::Create => next
            .failed
            .push("the file system no longer exists".to_owned()),
        Row::Fail => next
            .failed
            .extend(observed.file_system.as_ref().map(lost_file_system)),
    }
    if observed.mount_targets.is_empty() {
        next.waiting.insert(ReadScope::MountTargets);
    }
    for mount_target in &observed.mount_targets {
        match row(Want::Present, Some(&mount_target.state)) {
            Row::Keep | Row::Create => {}
            Row::Wait | Row::Delete => {
                next.waiting.insert(ReadScope::MountTargets);
            }
            Row::Fail => next.failed.push(lost_mount_target(mount_target)),
        }
    }
}

/// The file system is in state `error` (user guide, "File system state").
fn lost_file_system(fs: &FileSystem) -> String {
    let why = match &fs.one_zone {
        Some(zone) => format!(": zone {zone} was lost with its data, which cannot be recovered"),
        None => String::new(),
    };
    format!("file system {} is in state error{why}", fs.id)
}

/// The mount target is in state `error` (user guide, "Troubleshooting mount issues").
fn lost_mount_target(mt: &MountTarget) -> String {
    format!(
        "mount target {} in {} is in state error; a common cause is a Route 53 private hosted zone for the EFS domain in this VPC",
        mt.id, mt.zone
    )
}
