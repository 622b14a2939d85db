//! A plan: the actions between what is there and a goal, in the words a person reads.

use super::text::{counted, list};
use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access_point::AccessPoint;
use super::action::Action;
use super::diff::diff;
use super::goal::{Desired, Goal, Owner};
use super::ids::SecurityGroupId;
use super::network::Peer;
use super::observed::Observed;
use super::resource::{Resource, ResourceKind};
use super::settings::ObservedSetting;
use super::spec::Encryption;
use super::state::{MountTarget, State};

/// What a change does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Creates something.
    Create,
    /// Changes something in place.
    Update,
    /// Removes something.
    Delete,
}

impl Verb {
    /// The sign in front of the line, as in a plan of Terraform.
    pub fn sign(self) -> char {
        match self {
            Self::Create => '+',
            Self::Update => '~',
            Self::Delete => '-',
        }
    }
}

/// One change: planned, or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// What it does.
    pub action: Verb,
    /// To what.
    pub resource: Resource,
    /// The value that is replaced, where a setting or a tag gets another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value that replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What is special about it.
    pub detail: String,
}

impl Change {
    /// The change an action makes to what is there. `desired` is what it is made for; `None` in a removal.
    pub fn of(action: &Action, desired: Option<&Desired>, observed: &Observed) -> Self {
        let (verb, resource) = subject(action);
        let (before, after) = values(action, observed);
        // After a call that got no answer, the value that was to be set may be the one that is there.
        let before = before.filter(|before| after.as_ref() != Some(before));
        let detail = match (&before, &after) {
            (Some(before), Some(after)) => format!("{before} → {after}"),
            (None, Some(after)) => after.clone(),
            (Some(removed), None) => removed.clone(),
            (None, None) => detail(action, desired, observed),
        };
        Self {
            action: verb,
            resource,
            after: after.filter(|_| before.is_some()),
            before,
            detail,
        }
    }

    /// Whether it creates a resource of that kind.
    pub fn creates(&self, kind: ResourceKind) -> bool {
        self.action == Verb::Create && self.resource.kind == kind
    }
}

/// A change that was asked for and is not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotApplied {
    /// How far it got.
    pub state: NotAppliedState,
    /// The change.
    #[serde(flatten)]
    pub change: Change,
}

/// How far a change got that is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotAppliedState {
    /// AWS refused it.
    Failed,
    /// AWS gave no answer: it may be made.
    NoAnswer,
    /// Its call was not sent.
    NotBegun,
}

/// What an action does, and to what.
fn subject(action: &Action) -> (Verb, Resource) {
    use ResourceKind::{
        AccessPoint, FileSystem, MountTarget, Run, SecurityGroup, SecurityGroupRule, Setting, Tags,
    };
    use Verb::{Create, Delete, Update};
    match action {
        Action::CreateFileSystem => (Create, Resource::unknown(FileSystem)),
        Action::Set(id, value) => (Update, Resource::of(Setting(value.key()), id)),
        Action::TagFileSystem(id, _) => (Update, Resource::of(Tags, id)),
        Action::UntagFileSystem(id, _) => (Delete, Resource::of(Tags, id)),
        Action::TakeOver(id, _) => (Update, Resource::of(Run, id)),
        Action::CreateSecurityGroup => (Create, Resource::unknown(SecurityGroup)),
        Action::AllowNfs(id, _) => (Create, Resource::of(SecurityGroupRule, id)),
        Action::RevokeNfs(rule) => (Delete, Resource::of(SecurityGroupRule, &rule.group)),
        Action::CreateMountTarget { .. } => (Create, Resource::unknown(MountTarget)),
        Action::CreateAccessPoint(_, point) => {
            let name = Some(point.name.to_string());
            let resource = Resource::unknown(AccessPoint);
            (Create, Resource { name, ..resource })
        }
        Action::SetMountTargetGroups { id, .. } => (Update, Resource::of(MountTarget, id)),
        Action::TagInterfaces(..) => (Update, Resource::unknown(Tags)),
        Action::DeleteAccessPoint(id) => (Delete, Resource::of(AccessPoint, id)),
        Action::DeleteMountTarget(id) => (Delete, Resource::of(MountTarget, id)),
        Action::DeleteFileSystem(id) => (Delete, Resource::of(FileSystem, id)),
        Action::DeleteSecurityGroup(id) => (Delete, Resource::of(SecurityGroup, id)),
    }
}

/// The value that an action replaces, as far as it was read, and the one that it sets, where it sets one.
fn values(action: &Action, observed: &Observed) -> (Option<String>, Option<String>) {
    match action {
        Action::Set(_, value) => {
            let before = observed.setting(value.key());
            let before = before.map(ObservedSetting::shown);
            (before, Some(value.observed().shown()))
        }
        Action::TagFileSystem(_, tags) => {
            let there = observed.file_system.as_ref().map(|fs| &fs.tags);
            let replaced = there.into_iter().flatten();
            let replaced = replaced.filter(|(key, _)| tags.contains_key(*key));
            let before = tag_list(replaced);
            (
                Some(before).filter(|text| !text.is_empty()),
                Some(tag_list(tags)),
            )
        }
        Action::UntagFileSystem(_, keys) => {
            let there = observed.file_system.as_ref().map(|fs| &fs.tags);
            let removed = there.into_iter().flatten();
            let removed = removed.filter(|(key, _)| keys.contains(*key));
            (
                Some(tag_list(removed)).filter(|text| !text.is_empty()),
                None,
            )
        }
        _ => (None, None),
    }
}

fn tag_list<'a>(tags: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    list(
        tags.into_iter()
            .map(|(key, value)| format!("{key}={value}")),
    )
}

/// What is special about an action.
fn detail(action: &Action, desired: Option<&Desired>, observed: &Observed) -> String {
    match action {
        Action::CreateFileSystem => desired.map(describe_file_system).unwrap_or_default(),
        Action::TakeOver(_, run) => format!("{run} takes over what another run left unfinished"),
        Action::CreateSecurityGroup => desired
            .and_then(|desired| {
                let vpc = &desired.network.as_ref()?.placement.vpc;
                Some(format!("{} in {vpc}", desired.spec.name.security_group()))
            })
            .unwrap_or_default(),
        Action::AllowNfs(id, peer) => allowed(id, peer),
        Action::RevokeNfs(rule) => format!("{} ({})", allowed(&rule.group, &rule.peer), rule.id),
        Action::CreateMountTarget {
            zone,
            subnet,
            groups,
            ..
        } => {
            let place = format!("{zone} in {subnet}");
            // Who can reach another tool's file system is part of the plan.
            match desired.map(|desired| &desired.owner) {
                Some(Owner::Found { .. }) => format!("{place}, with {}", group_list(groups)),
                Some(Owner::Efsctl) | None => place,
            }
        }
        Action::CreateAccessPoint(_, point) => point.to_string(),
        Action::SetMountTargetGroups { groups, .. } => {
            format!("security groups {}", list(groups))
        }
        Action::TagInterfaces(ids, _) => {
            let interfaces = counted(ids.len(), "network interface");
            format!("{interfaces} of mount targets")
        }
        Action::DeleteAccessPoint(id) => {
            let mut points = observed.access_points.iter().flatten();
            let point = points.find(|point| point.id == *id);
            point.map(AccessPoint::details).unwrap_or_default()
        }
        Action::DeleteMountTarget(id) => {
            let mut mount_targets = observed.mount_targets.iter();
            let one = mount_targets.find(|mt| mt.id == *id);
            let place = |mt: &MountTarget| format!("{} in {}", mt.zone, mt.subnet);
            one.map(place).unwrap_or_default()
        }
        Action::Set(..)
        | Action::TagFileSystem(..)
        | Action::UntagFileSystem(..)
        | Action::DeleteFileSystem(_)
        | Action::DeleteSecurityGroup(_) => String::new(),
    }
}

fn allowed(group: &SecurityGroupId, peer: &Peer) -> String {
    match peer {
        Peer::Group(peer) if peer == group => "tcp 2049 from the group itself".to_owned(),
        peer => format!("tcp 2049 from {peer}"),
    }
}

fn group_list(groups: &BTreeSet<SecurityGroupId>) -> String {
    let name = |id: &SecurityGroupId| {
        if id.is_known() {
            id.to_string()
        } else {
            "the new group".to_owned()
        }
    };
    list(groups.iter().map(name))
}

fn describe_file_system(desired: &Desired) -> String {
    let spec = &desired.spec;
    let mut parts = vec![match &spec.encryption {
        Encryption::DefaultKey => "encrypted".to_owned(),
        Encryption::Key(key) => format!("encrypted with {key}"),
        Encryption::None => "NOT encrypted".to_owned(),
    }];
    let throughput = spec.settings.throughput.value();
    parts.push(throughput.copied().unwrap_or_default().to_string());
    parts.push(spec.performance.unwrap_or_default().as_str().to_owned());
    if let Some(zone) = &spec.one_zone {
        parts.push(format!("One Zone {zone}"));
    }
    parts.join(", ")
}

/// Everything that is due, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The calls.
    pub actions: Vec<Action>,
    /// What each of them changes.
    pub changes: Vec<Change>,
}

/// Turns that no prediction takes.
const TURNS: usize = 10_000;

/// Every action between `observed` and `goal`, in order, by running [`diff`] against predictions instead of AWS.
///
/// A plan and a run therefore cannot disagree: they are the same function.
///
/// # Panics
///
/// A prediction that never reaches the goal is a defect of this crate: a plan that is cut short would promise less than the run does.
pub fn plan(goal: &Goal, observed: &Observed) -> Plan {
    let mut observed = observed.clone();
    let mut plan = Plan::default();
    for turn in 0.. {
        settle(goal, &mut observed);
        let next = diff(goal, &observed);
        if next.actions.is_empty() {
            break;
        }
        // Each turn completes at least one thing, and no deployment has so many.
        assert!(turn < TURNS, "a plan that does not end: {:?}", next.actions);
        for action in next.actions {
            let change = Change::of(&action, goal.desired(), &observed);
            match goal.desired() {
                Some(desired) => observed.predict(&action, desired),
                None => observed.forget(&action),
            }
            plan.changes.push(change);
            plan.actions.push(action);
        }
    }
    plan
}

/// In a prediction, what is on its way arrives at once.
fn settle(goal: &Goal, observed: &mut Observed) {
    let arrives = |state: &mut State| {
        if matches!(state, State::Creating | State::Updating | State::Other(_)) {
            *state = State::Available;
        }
    };
    let leaves = |state: &State| matches!(state, State::Deleting | State::Deleted);
    observed.change_file_system(|fs| arrives(&mut fs.state));
    observed
        .mount_targets
        .iter_mut()
        .for_each(|mt| arrives(&mut mt.state));
    observed
        .access_points
        .iter_mut()
        .flatten()
        .for_each(|point| arrives(&mut point.state));
    if observed
        .file_system
        .as_ref()
        .is_some_and(|fs| leaves(&fs.state))
    {
        observed.file_system = None;
        if let Goal::Present(_) = goal {
            observed.mount_targets.clear();
            observed.access_points = None;
        }
    }
    observed.mount_targets.retain(|mt| !leaves(&mt.state));
    let points = observed.access_points.iter_mut();
    points.for_each(|points| points.retain(|point| !leaves(&point.state)));
}
