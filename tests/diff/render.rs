//! What comes of it, as short lines: `create mount target in eu-west-1a`.

use std::collections::BTreeSet;
use std::fmt::Display;

use efsctl::domain::action::{Action, ReadScope};
use efsctl::domain::diff::{Conflict, Next};

use efsctl::domain::ids::SecurityGroupId;
use efsctl::domain::network::Peer;

/// The actions that are due, the parts that are waited for, and the sentences about what failed or cannot be removed.
pub fn next(next: &Next) -> Vec<String> {
    let actions = next.actions.iter().map(action);
    let waiting = next
        .waiting
        .iter()
        .map(|scope| format!("wait for {}", self::scope(*scope)));
    let failed = next
        .failed
        .iter()
        .map(|sentence| format!("failed: {sentence}"));
    let blocked = next
        .blocked
        .iter()
        .map(|sentence| format!("blocked: {sentence}"));
    actions
        .chain(waiting)
        .chain(failed)
        .chain(blocked)
        .collect()
}

/// One action. The file system is not named: there is only one.
pub fn action(action: &Action) -> String {
    match action {
        Action::CreateFileSystem => "create file system".to_owned(),
        Action::Set(_, value) => {
            format!("set {}: {}", value.key().name(), value.observed().shown())
        }
        Action::TagFileSystem(_, tags) => {
            let tags = tags.iter().map(|(key, value)| format!("{key}={value}"));
            format!("tag file system {}", list(tags))
        }
        Action::UntagFileSystem(_, keys) => {
            format!("untag file system {}", list(keys.iter().cloned()))
        }
        Action::TakeOver(_, run) => format!("take over as {run}"),
        Action::CreateSecurityGroup => "create security group".to_owned(),
        Action::AllowNfs(group, peer) => {
            let peer = match peer {
                Peer::Group(peer) => known(peer, peer.is_known()),
                peer => peer.to_string(),
            };
            format!("allow {peer} to {}", known(group, group.is_known()))
        }
        Action::RevokeNfs(rule) => format!("revoke {} of {}", rule.id, rule.group),
        Action::CreateMountTarget {
            zone,
            subnet,
            groups,
            ..
        } => format!("create mount target in {zone}, {subnet}, {}", names(groups)),
        Action::CreateAccessPoint(_, point) => format!("create access point {point}"),
        Action::SetMountTargetGroups { id, groups, .. } => {
            format!(
                "set groups of {}: {}",
                known(id, id.is_known()),
                names(groups)
            )
        }
        Action::TagInterfaces(ids, _) => {
            let ids = ids.iter().map(|id| known(id, id.is_known()));
            format!("tag interfaces {}", list(ids))
        }
        Action::DeleteAccessPoint(id) => format!("delete {id}"),
        Action::DeleteMountTarget(id) => format!("delete {id}"),
        Action::DeleteFileSystem(id) => format!("delete {id}"),
        Action::DeleteSecurityGroup(id) => format!("delete {id}"),
    }
}

fn scope(scope: ReadScope) -> &'static str {
    match scope {
        ReadScope::FileSystem => "file system",
        ReadScope::SecurityGroup => "security group",
        ReadScope::MountTargets => "mount targets",
        ReadScope::Interfaces => "interfaces",
        ReadScope::Setting(key) => key.name(),
        ReadScope::AccessPoints => "access points",
    }
}

/// One difference that cannot be changed.
pub fn conflict(conflict: &Conflict) -> String {
    let Conflict {
        attribute,
        wanted,
        found,
    } = conflict;
    format!("{}: {wanted}, but {found}", attribute.as_str())
}

fn names(groups: &BTreeSet<SecurityGroupId>) -> String {
    list(groups.iter().map(|id| known(id, id.is_known())))
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(" ")
}

/// An id, or `new` where AWS has not given one: in a plan.
fn known(id: &impl Display, is_known: bool) -> String {
    if is_known {
        id.to_string()
    } else {
        "new".to_owned()
    }
}
