//! Where the mount targets are of a file system that efsctl created, and who may reach them, as `create` is asked for it.

use std::collections::BTreeSet;

use crate::domain::ids::{Name, SecurityGroupId};
use crate::domain::network::{GroupRule, NFS_PORT, Peer};
use crate::domain::spec::{IpType, MOST_GROUPS};
use crate::domain::state::State;
use crate::domain::tags::{self, Tags};
use crate::export::held::{Attachment, Notes, attachment, read};
use crate::export::model::{
    ExportedFileSystem, ExportedGroup, ExportedMountTarget, ExportedRegion,
};

/// How the mount targets of a file system that efsctl created are asked for.
pub(super) struct Placed {
    pub(super) subnets: BTreeSet<String>,
    pub(super) ip_type: IpType,
    pub(super) access: Groups,
    /// Tags that all their network interfaces have: `create` puts the tags of the file system on them.
    pub(super) carried: Tags,
}

/// Their security groups.
pub(super) enum Groups {
    /// The one that efsctl created, and whom it allows besides itself.
    Own(Vec<Peer>),
    Given(BTreeSet<SecurityGroupId>),
}

/// The mount targets of what has that name.
///
/// # Errors
///
/// Why something would be created or changed if it were described by its name.
pub(super) fn placed(
    region: &ExportedRegion,
    of: &ExportedFileSystem,
    name: &Name,
    notes: &mut Notes,
) -> Result<Placed, &'static str> {
    const UNREAD: &str = "not everything of its network is known";
    let all = read("mount targets", &of.mount_targets, notes).ok_or(UNREAD)?;
    let is_staying = |one: &&ExportedMountTarget| {
        !matches!(one.mount_target.state, State::Deleting | State::Deleted)
    };
    let staying: Vec<_> = all.iter().filter(is_staying).collect();
    let mut states = staying.iter().map(|one| &one.mount_target.state);
    if staying.is_empty() {
        return Err("it has no mount target");
    }
    if states.any(|state| *state == State::Error) {
        return Err("one of its mount targets is in state error");
    }
    let attached = staying.iter().map(|one| attachment(one, notes));
    let attached: Vec<Attachment> = attached.collect::<Option<_>>().ok_or(UNREAD)?;
    let ip_types: BTreeSet<&str> = attached.iter().map(|one| one.ip_type().as_str()).collect();
    if ip_types.len() > 1 {
        return Err("its mount targets have addresses of several types");
    }
    let carried = carried(&staying);
    if !tags::belongs_to(&carried, name) {
        return Err("the network interfaces of its mount targets lack tags of efsctl");
    }
    let groups = attached
        .iter()
        .map(|one| one.groups.iter().cloned().collect());
    let common: BTreeSet<SecurityGroupId> = groups
        .reduce(|all: BTreeSet<_>, these| &all & &these)
        .unwrap_or_default();
    let access = match own_group(region, name, &common) {
        Some(group) => Groups::Own(sources(group, notes)?),
        None if common.is_empty() => {
            return Err("its mount targets have no security group in common");
        }
        None if common.len() > MOST_GROUPS => {
            return Err("its mount targets have more security groups than efsctl takes");
        }
        None => Groups::Given(common),
    };
    let subnets = staying
        .iter()
        .map(|one| one.mount_target.subnet.to_string());
    Ok(Placed {
        subnets: subnets.collect(),
        ip_type: attached
            .first()
            .map(Attachment::ip_type)
            .unwrap_or_default(),
        access,
        carried,
    })
}

/// The group that efsctl created for it, where all mount targets have it.
fn own_group<'r>(
    region: &'r ExportedRegion,
    name: &Name,
    common: &BTreeSet<SecurityGroupId>,
) -> Option<&'r ExportedGroup> {
    let mut groups = region.groups.as_ref().ok()?.values();
    groups.find(|one| {
        let group = &one.group;
        let is_own = group.name == name.security_group() && tags::belongs_to(&group.tags, name);
        is_own && common.contains(&group.id)
    })
}

/// Whom that group allows, besides itself.
fn sources(own: &ExportedGroup, notes: &mut Notes) -> Result<Vec<Peer>, &'static str> {
    let rules = read("the rules of its security group", &own.rules, notes);
    let rules = rules.ok_or("the rules of its security group are not known")?;
    let is_nfs = |rule: &&GroupRule| !rule.is_egress && rule.rule.covers(NFS_PORT);
    let rules: Vec<_> = rules.iter().filter(is_nfs).collect();
    if rules.is_empty() {
        return Err("its security group has no rule for NFS");
    }
    let mut sources = BTreeSet::new();
    for rule in rules {
        match &rule.rule.peer {
            Peer::Group(id) if *id == own.group.id => {}
            peer @ (Peer::Group(_) | Peer::Range(_) | Peer::PrefixList(_)) => {
                sources.insert(peer.clone());
            }
            peer @ (Peer::Distant(_) | Peer::Other(_)) => notes.push(format!(
                "rule {} of {}, not exported: from {peer}",
                rule.id, rule.group
            )),
        }
    }
    Ok(sources.into_iter().collect())
}

/// Tags that all their network interfaces have.
fn carried(mount_targets: &[&ExportedMountTarget]) -> Tags {
    let interfaces = mount_targets.iter();
    let interfaces = interfaces.filter_map(|one| one.interface.as_ref().ok()?.as_ref());
    let all = interfaces.map(|interface| interface.tags.clone());
    let both = |mut all: Tags, these: Tags| {
        all.retain(|key, value| these.get(key) == Some(value));
        all
    };
    all.reduce(both).unwrap_or_default()
}
