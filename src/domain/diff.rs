//! The difference between what should be and what is: the heart of efsctl.
//!
//! [`diff`] is a pure function over one table, [`row`]. What makes a file system differ from a security group is only which
//! attributes are compared and what has to be there first.

use std::collections::BTreeSet;

use super::action::{Action, Part};
use super::goal::{Goal, Removal, Target};
use super::ids::{SecurityGroupId, Zone};
use super::network::Peer;
use super::now::Now;
use super::spec::Encryption;
use super::state::{FileSystem, MountTarget, State};
use super::tags;

/// Whether a thing should be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// It should.
    Present,
    /// It should not.
    Absent,
}

/// What is to be done about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// As it should be.
    Keep,
    /// Make it.
    Create,
    /// It is on its way: look again.
    Wait,
    /// Take it away.
    Delete,
    /// It will never be as it should.
    Fail,
}

/// The table: what should be, against what is.
pub fn row(want: Want, now: Option<&State>) -> Row {
    match (want, now) {
        (Want::Present, None | Some(State::Deleted)) => Row::Create,
        (Want::Present, Some(State::Available)) | (Want::Absent, None | Some(State::Deleted)) => {
            Row::Keep
        }
        (Want::Present, Some(State::Error)) => Row::Fail,
        (Want::Absent, Some(State::Available | State::Error)) => Row::Delete,
        (_, Some(State::Creating | State::Updating | State::Deleting | State::Other(_))) => {
            Row::Wait
        }
    }
}

/// What comes next.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Next {
    /// Calls that are due now; they can run side by side.
    pub actions: Vec<Action>,
    /// Parts that are on their way.
    pub waiting: BTreeSet<Part>,
    /// Things that will never be as they should, each with a sentence.
    pub failed: Vec<String>,
    /// What blocks a removal and is not ours to remove.
    pub blocked: Vec<String>,
}

impl Next {
    /// Everything is as it should be.
    pub fn is_done(&self) -> bool {
        self.actions.is_empty()
            && self.waiting.is_empty()
            && self.failed.is_empty()
            && self.blocked.is_empty()
    }
}

/// The difference between a goal and what is there.
pub fn diff(goal: &Goal, now: &Now) -> Next {
    let mut next = Next::default();
    match goal {
        Goal::Present(target) => {
            let file_system = file_system(target, now, &mut next);
            let groups = security_groups(target, now, &mut next);
            if let Some(file_system) = file_system {
                settings(target, file_system, now, &mut next);
                mount_targets(target, file_system, groups.as_ref(), now, &mut next);
            }
        }
        Goal::Group(target) => {
            security_groups(target, now, &mut next);
        }
        Goal::Absent(removal) => removal_of(removal, now, &mut next),
        Goal::Usable => usable(now, &mut next),
        Goal::Gone => {
            if now.file_system.is_some() {
                next.waiting.insert(Part::FileSystem);
            }
        }
    }
    next
}

/// Rows of a wait: what is made by others is only looked at.
fn usable(now: &Now, next: &mut Next) {
    match row(Want::Present, now.file_system.as_ref().map(|fs| &fs.state)) {
        Row::Keep => {}
        Row::Wait | Row::Delete => {
            next.waiting.insert(Part::FileSystem);
        }
        Row::Create => next.failed.push("the file system is gone".to_owned()),
        Row::Fail => next
            .failed
            .extend(now.file_system.as_ref().map(lost_file_system)),
    }
    if now.mount_targets.is_empty() {
        next.waiting.insert(Part::MountTargets);
    }
    for mount_target in &now.mount_targets {
        match row(Want::Present, Some(&mount_target.state)) {
            Row::Keep | Row::Create => {}
            Row::Wait | Row::Delete => {
                next.waiting.insert(Part::MountTargets);
            }
            Row::Fail => next.failed.push(lost_mount_target(mount_target)),
        }
    }
}

/// The file system is in state `error` (user guide, "File system state").
fn lost_file_system(fs: &FileSystem) -> String {
    format!(
        "file system {} is in state error: a One Zone file system whose zone was lost cannot be recovered",
        fs.id
    )
}

/// The mount target is in state `error` (user guide, "Troubleshooting mount issues").
fn lost_mount_target(mt: &MountTarget) -> String {
    format!(
        "mount target {} in {} is in state error: a Route 53 private hosted zone for the EFS domain in this VPC is the known cause",
        mt.id, mt.zone
    )
}

/// Rows of the file system; the file system once it can be built upon.
fn file_system<'now>(target: &Target, now: &'now Now, next: &mut Next) -> Option<&'now FileSystem> {
    let found = now.file_system.as_ref();
    match row(Want::Present, found.map(|fs| &fs.state)) {
        Row::Create => next.actions.push(Action::CreateFileSystem),
        Row::Wait | Row::Delete => {
            next.waiting.insert(Part::FileSystem);
        }
        Row::Fail => next.failed.extend(found.map(lost_file_system)),
        Row::Keep => {
            let found = found?;
            if let Some(wanted) = target.spec.throughput
                && wanted != found.throughput
            {
                next.actions
                    .push(Action::SetThroughput(found.id.clone(), wanted));
                return None;
            }
            let missing = tags::missing(&target.lasting_tags(), &found.tags);
            if !missing.is_empty() {
                next.actions
                    .push(Action::TagFileSystem(found.id.clone(), missing));
            }
            return Some(found);
        }
    }
    None
}

/// Rows of the security group; the groups mount targets wear, once they are known and admit whom they should.
fn security_groups(
    target: &Target,
    now: &Now,
    next: &mut Next,
) -> Option<BTreeSet<SecurityGroupId>> {
    if let Some(given) = target.given_groups() {
        return Some(given);
    }
    let Some(group) = &now.security_group else {
        next.actions.push(Action::CreateSecurityGroup);
        return None;
    };
    let itself = target.admits_itself.then(|| Peer::Group(group.id.clone()));
    for peer in target.peers.iter().chain(&itself) {
        if !group.admits(peer) {
            next.actions
                .push(Action::AdmitNfs(group.id.clone(), peer.clone()));
        }
    }
    Some(BTreeSet::from([group.id.clone()]))
}

/// Rows of the settings.
fn settings(target: &Target, file_system: &FileSystem, now: &Now, next: &mut Next) {
    let wish = target.spec.lifecycle;
    if !wish.is_empty() {
        match now.lifecycle {
            Some(policy) if policy.with(wish) != policy => {
                next.actions.push(Action::PutLifecycle(
                    file_system.id.clone(),
                    policy.with(wish),
                ));
            }
            Some(_) => {}
            None => {
                next.waiting.insert(Part::Lifecycle);
            }
        }
    }
    if target.spec.backup {
        match now.backup {
            Some(true) => {}
            Some(false) => next
                .actions
                .push(Action::EnableBackup(file_system.id.clone())),
            None => {
                next.waiting.insert(Part::Backup);
            }
        }
    }
}

/// The mount target that holds a zone: a live one rather than one that is going.
fn holder<'now>(now: &'now Now, zone: &Zone) -> Option<&'now MountTarget> {
    let of_zone = || now.mount_targets.iter().filter(|mt| mt.zone == *zone);
    of_zone()
        .find(|mt| !matches!(mt.state, State::Deleting | State::Deleted))
        .or_else(|| of_zone().next())
}

/// Rows of the mount targets.
fn mount_targets(
    target: &Target,
    file_system: &FileSystem,
    groups: Option<&BTreeSet<SecurityGroupId>>,
    now: &Now,
    next: &mut Next,
) {
    let mut untagged = BTreeSet::new();
    for site in &target.layout.sites {
        let found = holder(now, &site.zone);
        match row(Want::Present, found.map(|mt| &mt.state)) {
            Row::Create => {
                if let Some(groups) = groups {
                    next.actions.push(Action::CreateMountTarget {
                        file_system: file_system.id.clone(),
                        zone: site.zone.clone(),
                        subnet: site.subnet.clone(),
                        groups: groups.clone(),
                    });
                }
            }
            Row::Fail => next.failed.extend(found.map(lost_mount_target)),
            Row::Wait | Row::Delete => {
                next.waiting.insert(Part::MountTargets);
            }
            Row::Keep => {}
        }
        let interface =
            found.and_then(|mt| Some((mt, now.interfaces.get(mt.interface.as_ref()?)?)));
        if let Some((mount_target, interface)) = interface {
            if let Some(groups) = groups
                && mount_target.state == State::Available
                && interface.security_groups != *groups
            {
                next.actions.push(Action::SetMountTargetGroups {
                    id: mount_target.id.clone(),
                    interface: interface.id.clone(),
                    groups: groups.clone(),
                });
            }
            if !tags::missing(&target.lasting_tags(), &interface.tags).is_empty() {
                untagged.insert(interface.id.clone());
            }
        }
    }
    if now.unseen_interfaces().next().is_some() {
        next.waiting.insert(Part::Interfaces);
    }
    if !untagged.is_empty() {
        next.actions
            .push(Action::TagInterfaces(untagged, target.tags()));
    }
}

/// Rows of a removal, in the order AWS enforces: access points and mount targets, then the file system and the group.
fn removal_of(removal: &Removal, now: &Now, next: &mut Next) {
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
        match row(Want::Absent, Some(&mount_target.state)) {
            Row::Delete => next
                .actions
                .push(Action::DeleteMountTarget(mount_target.id.clone())),
            Row::Keep => {}
            Row::Wait | Row::Create | Row::Fail => {
                next.waiting.insert(Part::MountTargets);
            }
        }
    }
    if !next.is_done() {
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
            Row::Delete => next.actions.push(Action::DeleteFileSystem(id.clone())),
            Row::Keep => {}
            Row::Wait | Row::Create | Row::Fail => {
                next.waiting.insert(Part::FileSystem);
            }
        }
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

/// One attribute that cannot be changed and differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The attribute, as the JSON names it.
    pub field: &'static str,
    /// What is asked for.
    pub wanted: String,
    /// What is there.
    pub found: String,
}

/// Everything that cannot be changed and differs: told before the first write.
pub fn conflicts(target: &Target, now: &Now) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let mut compare = |field, wanted: &str, found: &str| {
        if wanted != found {
            conflicts.push(Conflict {
                field,
                wanted: wanted.to_owned(),
                found: found.to_owned(),
            });
        }
    };
    let spec = &target.spec;
    let going = |state: &State| matches!(state, State::Deleting | State::Deleted);
    if let Some(found) = now.file_system.as_ref().filter(|fs| !going(&fs.state)) {
        let word = |encrypted| if encrypted { "true" } else { "false" };
        compare(
            "encrypted",
            word(spec.encryption != Encryption::None),
            word(found.encrypted),
        );
        if let (Encryption::Key(wanted), Some(key)) = (&spec.encryption, &found.kms_key_id)
            && !is_same_key(wanted, key)
        {
            compare("kms_key_id", wanted, key);
        }
        if let Some(wanted) = spec.performance {
            compare(
                "performance_mode",
                wanted.as_str(),
                found.performance.as_str(),
            );
        }
        let zone = |zone: &Option<Zone>| {
            zone.as_ref()
                .map_or("regional".to_owned(), ToString::to_string)
        };
        compare(
            "availability_zone",
            &zone(&spec.one_zone),
            &zone(&found.one_zone),
        );
        for site in &target.layout.sites {
            let Some(holder) = holder(now, &site.zone).filter(|mt| !going(&mt.state)) else {
                continue;
            };
            if site.explicit {
                compare("subnet_id", site.subnet.as_str(), holder.subnet.as_str());
            }
        }
        if let Some(other) = now
            .mount_targets
            .iter()
            .find_map(|mt| mt.vpc.as_ref().filter(|vpc| **vpc != target.layout.vpc))
        {
            compare("vpc_id", target.layout.vpc.as_str(), other.as_str());
        }
    }
    if target.given_groups().is_none()
        && let Some(group) = &now.security_group
        && !tags::belongs_to(&group.tags, &spec.name)
    {
        compare(
            "security_group_id",
            &format!("a new group named {}", group.name),
            &format!("{}, which efsctl did not make", group.id),
        );
    }
    conflicts
}

/// Whether two ways of naming a key mean the same one, as far as the names tell. An alias cannot be
/// compared with a key without asking KMS: it passes.
fn is_same_key(wanted: &str, found: &str) -> bool {
    let id = |name: &str| {
        name.rsplit_once(":key/")
            .map_or(name.to_owned(), |(_, id)| id.to_owned())
    };
    wanted.contains("alias/") || id(wanted) == id(found)
}
