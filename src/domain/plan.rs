//! A plan: the actions between what is there and a goal, in the words a person reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::diff::diff;
use super::goal::{Goal, Target};
use super::now::Now;
use super::spec::Encryption;

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
    /// `lifecycle_policy`, `backup_policy`, `access_point`.
    pub resource: String,
    /// Its id, once AWS gave one.
    pub id: Option<String>,
    /// What is special about it.
    pub detail: String,
}

impl Change {
    /// The change an action makes. `target` is `None` in a removal.
    pub fn of(action: &Action, target: Option<&Target>) -> Self {
        let (verb, resource, id, detail) = match action {
            Action::CreateFileSystem => {
                let detail = target.map(describe_file_system).unwrap_or_default();
                (Verb::Create, "file_system", None, detail)
            }
            Action::SetThroughput(id, throughput) => {
                (Verb::Update, "file_system", Some(id.to_string()), format!("throughput {throughput}"))
            }
            Action::TagFileSystem(id, tags) => {
                let keys: Vec<&str> = tags.keys().map(String::as_str).collect();
                (Verb::Update, "tags", Some(id.to_string()), format!("file system: {}", keys.join(", ")))
            }
            Action::CreateSecurityGroup => {
                let detail = target
                    .map(|target| format!("{} in {}", target.spec.name.security_group(), target.layout.vpc))
                    .unwrap_or_default();
                (Verb::Create, "security_group", None, detail)
            }
            Action::AdmitNfs(id, peer) => {
                let itself = matches!(peer, super::network::Peer::Group(group) if group == id);
                let from = if itself { "the group itself".to_owned() } else { peer.to_string() };
                (Verb::Create, "security_group_rule", Some(id.to_string()), format!("tcp 2049 from {from}"))
            }
            Action::CreateMountTarget { zone, subnet, .. } => {
                (Verb::Create, "mount_target", None, format!("{zone} in {subnet}"))
            }
            Action::SetMountTargetGroups { id, groups, .. } => {
                let groups: Vec<&str> = groups.iter().map(super::ids::SecurityGroupId::as_str).collect();
                (Verb::Update, "mount_target", Some(id.to_string()), format!("security groups {}", groups.join(", ")))
            }
            Action::TagInterfaces(ids, _) => {
                let plural = if ids.len() == 1 { "" } else { "s" };
                (Verb::Update, "tags", None, format!("{} network interface{plural} of mount targets", ids.len()))
            }
            Action::PutLifecycle(id, policy) => {
                (Verb::Update, "lifecycle_policy", Some(id.to_string()), policy.to_string())
            }
            Action::EnableBackup(id) => {
                (Verb::Update, "backup_policy", Some(id.to_string()), "automatic backups on".to_owned())
            }
            Action::DeleteAccessPoint(id) => (Verb::Delete, "access_point", Some(id.to_string()), String::new()),
            Action::DeleteMountTarget(id) => (Verb::Delete, "mount_target", Some(id.to_string()), String::new()),
            Action::DeleteFileSystem(id) => (Verb::Delete, "file_system", Some(id.to_string()), String::new()),
            Action::DeleteSecurityGroup(id) => (Verb::Delete, "security_group", Some(id.to_string()), String::new()),
        };
        let id = id.filter(|id| !id.starts_with('('));
        Self { action: verb, resource: resource.to_owned(), id, detail }
    }
}

fn describe_file_system(target: &Target) -> String {
    let spec = &target.spec;
    let mut parts = vec![match &spec.encryption {
        Encryption::DefaultKey => "encrypted".to_owned(),
        Encryption::Key(key) => format!("encrypted with {key}"),
        Encryption::None => "NOT encrypted".to_owned(),
    }];
    parts.push(spec.throughput.unwrap_or_default().to_string());
    parts.push(spec.performance.unwrap_or_default().as_str().to_owned());
    if let Some(zone) = &spec.one_zone {
        parts.push(format!("One Zone {zone}"));
    }
    parts.join(", ")
}

/// Every action between `now` and `goal`, in order, by running [`diff`] against predictions instead of AWS.
///
/// A plan and a run therefore cannot disagree: they are the same function.
pub fn plan(goal: &Goal, now: &Now) -> Vec<Action> {
    let mut now = now.clone();
    let mut actions = Vec::new();
    // Each turn of a prediction completes at least one thing; nothing takes more turns than there are kinds of actions.
    for _ in 0..16 {
        settle(goal, &mut now);
        let next = diff(goal, &now);
        if next.actions.is_empty() {
            break;
        }
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
    use super::state::State;

    let arrives = |state: &mut State| {
        if matches!(state, State::Creating | State::Updating | State::Other(_)) {
            *state = State::Available;
        }
    };
    let leaves = |state: &State| matches!(state, State::Deleting | State::Deleted);
    now.change_file_system(|fs| arrives(&mut fs.state));
    now.mount_targets.iter_mut().for_each(|mt| arrives(&mut mt.state));
    now.access_points.iter_mut().for_each(|point| arrives(&mut point.state));
    if now.file_system.as_ref().is_some_and(|fs| leaves(&fs.state)) {
        now.file_system = None;
        if let Goal::Present(_) = goal {
            now.mount_targets.clear();
        }
    }
    now.mount_targets.retain(|mt| !leaves(&mt.state));
    now.access_points.retain(|point| !leaves(&point.state));
}
