//! What both tools can hold of a value, and a sentence about what they cannot.

use std::net::IpAddr;

use super::model::{ExportedFileSystem, ExportedMountTarget, Gap, Part};
use crate::domain::access_point::AccessPoint;
use crate::domain::ids::{FileSystemId, SecurityGroupId};
use crate::domain::network::{GroupRule, Peer};
use crate::domain::settings::backups::BackupStatus;
use crate::domain::settings::lifecycle::{Days, ON_ACCESS, OtherTransition};
use crate::domain::settings::protection::OverwriteProtection;
use crate::domain::settings::{Lifecycle, Throughput};
use crate::domain::spec::IpType;
use crate::domain::state::State;
use crate::domain::tags::Tags;
use crate::domain::word::Word;

/// Sentences about what is missing.
pub(super) type Notes = Vec<String>;

/// Where files move to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transition {
    Ia,
    Archive,
    Primary,
}

/// That something could not be read, and with which right it could.
pub(super) fn unread(what: &str, gap: &Gap) -> String {
    let action = gap.action.as_ref();
    let action = action.map(|action| format!(" (the caller needs {action})"));
    format!(
        "{what} could not be read: {}{}",
        gap.why,
        action.unwrap_or_default()
    )
}

/// What was read; otherwise a sentence.
pub(super) fn read<'p, T>(what: &str, part: &'p Part<T>, notes: &mut Notes) -> Option<&'p T> {
    match part {
        Ok(value) => Some(value),
        Err(gap) => {
            notes.push(unread(what, gap));
            None
        }
    }
}

/// The tags of a user. Those of AWS are for AWS to set: both tools refuse the prefix `aws:`.
pub(super) fn tags(tags: &Tags, notes: &mut Notes) -> Tags {
    let (of_aws, own): (Tags, Tags) = tags
        .clone()
        .into_iter()
        .partition(|(key, _)| is_of_aws(key));
    for (key, value) in of_aws {
        notes.push(format!("tag of AWS, not exported: {key}={value}"));
    }
    own
}

pub(super) fn is_of_aws(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// Whether a file system can be managed: it is of this account, and stays.
pub(super) fn is_managed(of: &ExportedFileSystem, notes: &mut Notes) -> bool {
    let id = &of.file_system.id;
    if let Some(account) = id.account() {
        notes.push(format!(
            "file system {id} belongs to account {account}: not exported"
        ));
        return false;
    }
    stays(&format!("file system {id}"), &of.file_system.state, notes)
}

/// Why a resource in that state is none to be managed; one that stays is, with a sentence about its state.
pub(super) fn stays(what: &str, state: &State, notes: &mut Notes) -> bool {
    match state {
        State::Available => true,
        State::Deleting | State::Deleted => {
            notes.push(format!("{what} is {state}: not exported"));
            false
        }
        State::Creating | State::Updating | State::Error | State::Other(_) => {
            notes.push(format!("{what} is in state {state}"));
            true
        }
    }
}

/// Throughput, where the mode is one that they know.
pub(super) fn throughput(of: &ExportedFileSystem, notes: &mut Notes) -> Option<Throughput> {
    match of.file_system.throughput() {
        Word::Known(throughput) => Some(throughput),
        Word::Other(word) => {
            notes.push(format!("throughput mode, not exported: {word}"));
            None
        }
    }
}

/// `ENABLED` or `DISABLED`; a copy is protected by its replication.
pub(super) fn protection(
    of: &ExportedFileSystem,
    notes: &mut Notes,
) -> Option<OverwriteProtection> {
    match of.file_system.protection()? {
        Word::Known(OverwriteProtection::Replicating) => {
            notes.push("replication overwrite protection is REPLICATING: the file system is the copy of a replication".to_owned());
            None
        }
        Word::Known(word) => Some(*word),
        Word::Other(word) => {
            notes.push(format!(
                "replication overwrite protection, not exported: {word}"
            ));
            None
        }
    }
}

/// The transitions in words of the API, one for each element of the policy; `None`: not all of them are known, and those that are not would
/// be erased.
pub(super) fn lifecycle(
    part: &Part<Lifecycle>,
    notes: &mut Notes,
) -> Option<Vec<(Transition, String)>> {
    let lifecycle = read("the lifecycle policy", part, notes)?;
    let mut known = Vec::new();
    let mut add = |to, word: Option<String>| known.extend(word.map(|word| (to, word)));
    add(Transition::Ia, lifecycle.transition_to_ia.map(Days::to_api));
    add(
        Transition::Archive,
        lifecycle.transition_to_archive.map(Days::to_api),
    );
    let primary = lifecycle
        .transition_to_primary
        .then(|| ON_ACCESS.to_owned());
    add(Transition::Primary, primary);
    for other in &lifecycle.other_transitions {
        let (member, word) = match other {
            OtherTransition::TransitionToIa(word) => ("TransitionToIA", word.as_str()),
            OtherTransition::TransitionToArchive(word) => ("TransitionToArchive", word.as_str()),
            OtherTransition::TransitionToPrimary(word) => {
                ("TransitionToPrimaryStorageClass", word.as_str())
            }
            OtherTransition::Unreadable => {
                ("an element", "that this version of efsctl cannot read")
            }
        };
        notes.push(format!("lifecycle policy, not exported: {member} {word}"));
    }
    lifecycle.other_transitions.is_empty().then_some(known)
}

/// On or off, as it will be; `None`: not known.
pub(super) fn backup(of: &ExportedFileSystem, notes: &mut Notes) -> Option<bool> {
    let backup = read("the backup policy", &of.backup, notes)?;
    match backup {
        Word::Known(status @ (BackupStatus::Enabling | BackupStatus::Disabling)) => {
            notes.push(format!("automatic backups are {status}"));
        }
        Word::Known(BackupStatus::Enabled | BackupStatus::Disabled) => {}
        Word::Other(word) => notes.push(format!("backup policy, not exported: {word}")),
    }
    backup.is_on()
}

/// Id and region of the one copy that both tools know.
pub(super) fn copy(of: &ExportedFileSystem, notes: &mut Notes) -> Option<(FileSystemId, String)> {
    let replications = read("replications", &of.replications, notes)?;
    let id = &of.file_system.id;
    let mut held = None;
    for replication in replications {
        if replication.source.bare() != id.bare() {
            notes.push(format!(
                "it is the copy of {}, whose replication is configured there",
                replication.source
            ));
            continue;
        }
        for (copy, region, status) in &replication.destinations {
            let described = format!("{copy} in {region} is {status}");
            match (status.as_str(), &held) {
                ("DELETING", _) => notes.push(format!("replication, not exported: {described}")),
                (_, Some(_)) => {
                    notes.push(format!("further replication, not exported: {described}"));
                }
                (status, None) => {
                    if status != "ENABLED" {
                        notes.push(format!("the replication to {described}"));
                    }
                    held = Some((copy.clone(), region.clone()));
                }
            }
        }
    }
    held
}

/// The network interface of a mount target, as far as it matters.
pub(super) struct Attachment {
    pub(super) groups: Vec<SecurityGroupId>,
    pub(super) ipv4: Option<IpAddr>,
    pub(super) ipv6: Option<IpAddr>,
}

impl Attachment {
    /// The type of its addresses. EFS does not tell it, but shows the addresses.
    pub(super) fn ip_type(&self) -> IpType {
        match (self.ipv4, self.ipv6) {
            (Some(_), Some(_)) => IpType::DualStack,
            (None, Some(_)) => IpType::Ipv6,
            (_, None) => IpType::Ipv4,
        }
    }
}

/// Groups and addresses of a mount target; `None`: not known.
pub(super) fn attachment(of: &ExportedMountTarget, notes: &mut Notes) -> Option<Attachment> {
    let Some(interface) = read("the network interface", &of.interface, notes)? else {
        notes.push(
            "its network interface was not found: security groups are not exported".to_owned(),
        );
        return None;
    };
    let addresses = || interface.addresses.iter().copied();
    Some(Attachment {
        groups: interface.groups.iter().cloned().collect(),
        ipv4: addresses().find(IpAddr::is_ipv4),
        ipv6: addresses().find(IpAddr::is_ipv6),
    })
}

/// The user ids of an access point are 32 bits wide, and everything else is fixed at its creation: it can be held whole.
pub(super) fn token(point: &AccessPoint) -> Option<&str> {
    point.token.as_deref().filter(|token| !token.is_empty())
}

/// Why no tool can hold a rule, if none can.
pub(super) fn unheld_rule(rule: &GroupRule) -> Option<String> {
    let direction = if rule.is_egress { "to" } else { "from" };
    match &rule.rule.peer {
        Peer::Other(peer) => Some(format!(
            "rule {}, not exported: {direction} {peer}",
            rule.id
        )),
        Peer::Group(_) | Peer::Range(_) | Peer::PrefixList(_) | Peer::Distant(_) => None,
    }
}

/// A sentence about a group that is reached over a peering which is not active.
pub(super) fn peering(rule: &GroupRule) -> Option<String> {
    match &rule.rule.peer {
        Peer::Distant(distant) if distant.is_in_force() != Some(true) => Some(format!("{distant}")),
        _ => None,
    }
}
