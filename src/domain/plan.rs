//! A plan: the actions between what is there and a goal, in the words a person reads.

use super::text::{counted, list};
use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::diff::diff;
use super::goal::{Goal, Owner, Target};
use super::ids::SecurityGroupId;
use super::network::Peer;
use super::now::Now;
use super::spec::Encryption;
use super::state::State;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Makes something.
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

/// One change: planned, or made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What it does.
    pub action: Verb,
    /// The kind of resource: `file_system`, `security_group`, `security_group_rule`, `mount_target`, `tags`,
    /// `lifecycle_policy`, `backup_policy`, `access_point`, `run` (who goes on with it).
    pub resource: String,
    /// Its id, once AWS gave one.
    pub id: Option<String>,
    /// What is special about it.
    pub detail: String,
}

impl Change {
    /// The change an action makes. `target` is what it is made for; `None` in a removal.
    pub fn of(action: &Action, target: Option<&Target>) -> Self {
        let (verb, resource, id) = subject(action);
        Self {
            action: verb,
            resource: resource.to_owned(),
            id: id.filter(|id| !id.starts_with('(')).map(str::to_owned),
            detail: detail(action, target),
        }
    }
}

impl Change {
    /// The change in words, as it was made: `updated tags fs-… file system: team=red`.
    pub fn words(&self) -> String {
        let verb = match self.action {
            Verb::Create => "created",
            Verb::Update => "updated",
            Verb::Delete => "deleted",
        };
        let id = self.id.as_deref().unwrap_or_default();
        let words = [verb, &self.resource.replace('_', " "), id, &self.detail];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }
}

/// What an action does, to what kind of thing, with which id.
fn subject(action: &Action) -> (Verb, &'static str, Option<&str>) {
    use Verb::{Create, Delete, Update};
    match action {
        Action::CreateFileSystem => (Create, "file_system", None),
        Action::Set(id, value) => (Update, value.key().resource(), Some(id.as_str())),
        Action::TagFileSystem(id, _) => (Update, "tags", Some(id.as_str())),
        Action::TakeOver(id, _) => (Update, "run", Some(id.as_str())),
        Action::CreateSecurityGroup => (Create, "security_group", None),
        Action::AdmitNfs(id, _) => (Create, "security_group_rule", Some(id.as_str())),
        Action::CreateMountTarget { .. } => (Create, "mount_target", None),
        Action::CreateAccessPoint(..) => (Create, "access_point", None),
        Action::SetMountTargetGroups { id, .. } => (Update, "mount_target", Some(id.as_str())),
        Action::TagInterfaces(..) => (Update, "tags", None),
        Action::DeleteAccessPoint(id) => (Delete, "access_point", Some(id.as_str())),
        Action::DeleteMountTarget(id) => (Delete, "mount_target", Some(id.as_str())),
        Action::DeleteFileSystem(id) => (Delete, "file_system", Some(id.as_str())),
        Action::DeleteSecurityGroup(id) => (Delete, "security_group", Some(id.as_str())),
    }
}

/// What is special about an action.
fn detail(action: &Action, target: Option<&Target>) -> String {
    match action {
        Action::CreateFileSystem => target.map(describe_file_system).unwrap_or_default(),
        Action::Set(_, value) => value.detail(),
        Action::TagFileSystem(_, tags) => {
            let tags = tags.iter().map(|(key, value)| format!("{key}={value}"));
            format!("file system: {}", list(tags))
        }
        Action::TakeOver(_, run) => format!("{run} goes on with what another run left unfinished"),
        Action::CreateSecurityGroup => target
            .and_then(|target| {
                let vpc = &target.network.as_ref()?.layout.vpc;
                Some(format!("{} in {vpc}", target.spec.name.security_group()))
            })
            .unwrap_or_default(),
        Action::AdmitNfs(id, Peer::Group(peer)) if peer == id => {
            "tcp 2049 from the group itself".to_owned()
        }
        Action::AdmitNfs(_, peer) => format!("tcp 2049 from {peer}"),
        Action::CreateMountTarget {
            zone,
            subnet,
            groups,
            ..
        } => {
            let place = format!("{zone} in {subnet}");
            // Who can reach somebody else's file system is part of the plan.
            match target.map(|target| &target.owner) {
                Some(Owner::Found { .. }) => format!("{place}, wearing {}", worn(groups)),
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
        Action::DeleteAccessPoint(_)
        | Action::DeleteMountTarget(_)
        | Action::DeleteFileSystem(_)
        | Action::DeleteSecurityGroup(_) => String::new(),
    }
}

fn worn(groups: &BTreeSet<SecurityGroupId>) -> String {
    let name = |id: &SecurityGroupId| match id.as_str() {
        pending if pending.starts_with('(') => "the new group".to_owned(),
        id => id.to_owned(),
    };
    list(groups.iter().map(name))
}

fn describe_file_system(target: &Target) -> String {
    let spec = &target.spec;
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

/// Turns that no prediction takes.
const TURNS: usize = 10_000;

/// Every action between `now` and `goal`, in order, by running [`diff`] against predictions instead of AWS.
///
/// A plan and a run therefore cannot disagree: they are the same function.
///
/// # Panics
///
/// A prediction that never reaches the goal is a defect of this crate: a plan that is cut short would promise less than the run does.
pub fn plan(goal: &Goal, now: &Now) -> Vec<Action> {
    let mut now = now.clone();
    let mut actions = Vec::new();
    for turn in 0.. {
        settle(goal, &mut now);
        let next = diff(goal, &now);
        if next.actions.is_empty() {
            break;
        }
        // Each turn completes at least one thing, and no deployment has so many.
        assert!(turn < TURNS, "a plan that does not end: {:?}", next.actions);
        for action in next.actions {
            match goal.target() {
                Some(target) => now.predict(&action, target),
                None => now.forget(&action),
            }
            actions.push(action);
        }
    }
    actions
}

/// In a prediction, what is on its way arrives at once.
fn settle(goal: &Goal, now: &mut Now) {
    let arrives = |state: &mut State| {
        if matches!(state, State::Creating | State::Updating | State::Other(_)) {
            *state = State::Available;
        }
    };
    let leaves = |state: &State| matches!(state, State::Deleting | State::Deleted);
    now.change_file_system(|fs| arrives(&mut fs.state));
    now.mount_targets
        .iter_mut()
        .for_each(|mt| arrives(&mut mt.state));
    now.access_points
        .iter_mut()
        .flatten()
        .for_each(|point| arrives(&mut point.state));
    if now.file_system.as_ref().is_some_and(|fs| leaves(&fs.state)) {
        now.file_system = None;
        if let Goal::Present(_) = goal {
            now.mount_targets.clear();
            now.access_points = None;
        }
    }
    now.mount_targets.retain(|mt| !leaves(&mt.state));
    let points = now.access_points.iter_mut();
    points.for_each(|points| points.retain(|point| !leaves(&point.state)));
}
