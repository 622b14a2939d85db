//! What a finding is about: a check judges a file system, and is asked again about each mount target alone, or each security group.

use std::collections::BTreeSet;

use crate::audit::catalogue;
use crate::audit::check::{CheckInput, Outcome};
use crate::audit::facts::{FileSystemFacts, Interfaces, Known, RegionInventory};
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::SecurityGroupId;
use crate::domain::network::NetworkInterface;
use crate::picture::Subject;

/// Where what a check finds can be; of all others it is the file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    MountTargets,
    Groups,
    Vpc,
    AccessPoints,
}

const PLACES: &[(&str, Place)] = &[
    ("mount-target-state", Place::MountTargets),
    ("mount-target-interface", Place::MountTargets),
    ("nfs-admitted", Place::MountTargets),
    ("network-acl-admits-nfs", Place::MountTargets),
    ("no-public-subnet", Place::MountTargets),
    ("nfs-not-open-to-the-world", Place::Groups),
    ("no-default-security-group", Place::Groups),
    ("only-nfs-admitted", Place::Groups),
    ("vpc-dns", Place::Vpc),
    ("vpc-encryption-controls", Place::Vpc),
    ("access-point-root-directory", Place::AccessPoints),
    ("access-point-user-identity", Place::AccessPoints),
    ("access-point-state", Place::AccessPoints),
    ("access-point-tags", Place::AccessPoints),
];

/// What a finding is about. Where no part of the file system shows it alone (two ranges that only together are too wide, say), it is the whole.
pub(super) fn subjects(input: &CheckInput<'_>, finding: &Finding) -> Vec<Subject> {
    let place = PLACES.iter().find(|(id, _)| *id == finding.about.id);
    let found = match place {
        None => Vec::new(),
        Some((_, Place::Vpc)) => vec![Subject::Vpc],
        Some((_, Place::AccessPoints)) => vec![Subject::AccessPoints],
        Some((_, Place::MountTargets)) => mount_targets(input, finding),
        Some((_, Place::Groups)) => groups(input, finding),
    };
    if found.is_empty() {
        vec![Subject::FileSystem]
    } else {
        found
    }
}

/// Whether the check says the same of that.
fn is_same(input: &CheckInput<'_>, finding: &Finding) -> bool {
    let check = catalogue::find(finding.about.id);
    let judged: Option<Known<Outcome>> = check.map(|check| (check.judge)(input));
    match judged {
        Some(Ok(Outcome::Fail { .. })) => finding.verdict == Verdict::Fail,
        Some(Err(_)) => finding.verdict == Verdict::Unknown,
        Some(Ok(Outcome::Pass(_) | Outcome::NotApplicable(_))) | None => false,
    }
}

fn mount_targets(input: &CheckInput<'_>, finding: &Finding) -> Vec<Subject> {
    let targets = input.facts.mount_targets.iter().flatten();
    let alone = targets.filter(|mt| {
        let facts = FileSystemFacts {
            mount_targets: Ok(vec![(*mt).clone()]),
            ..input.facts.clone()
        };
        let alone = CheckInput {
            facts: &facts,
            ..*input
        };
        is_same(&alone, finding)
    });
    alone
        .map(|mt| Subject::MountTarget(mt.id.clone()))
        .collect()
}

fn groups(input: &CheckInput<'_>, finding: &Finding) -> Vec<Subject> {
    let Ok(interfaces) = &input.inventory.interfaces else {
        return Vec::new();
    };
    let targets = input.facts.mount_targets.iter().flatten();
    let own: Vec<&NetworkInterface> = targets.filter_map(|mt| interfaces.of(mt)).collect();
    let groups: BTreeSet<&SecurityGroupId> = own.iter().flat_map(|one| &one.groups).collect();
    let mut inventory: RegionInventory = input.inventory.clone();
    let mut about = Vec::new();
    for id in groups {
        // Every mount target that has it, with nothing else.
        let with = own.iter().filter(|interface| interface.groups.contains(id));
        let with = with.map(|interface| NetworkInterface {
            groups: BTreeSet::from([id.clone()]),
            ..(*interface).clone()
        });
        inventory.interfaces = Ok(with.collect::<Interfaces>());
        let targets = input.facts.mount_targets.iter().flatten();
        let targets = targets.filter(|mt| {
            let interface = interfaces.of(mt);
            interface.is_some_and(|interface| interface.groups.contains(id))
        });
        let facts = FileSystemFacts {
            mount_targets: Ok(targets.cloned().collect()),
            ..input.facts.clone()
        };
        let alone = CheckInput {
            inventory: &inventory,
            facts: &facts,
            ..*input
        };
        if is_same(&alone, finding) {
            about.push(Subject::Group(id.clone()));
        }
    }
    about
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_that_has_a_place_exists_and_has_one() {
        let mut ids = BTreeSet::new();
        for (id, _) in PLACES {
            assert!(catalogue::find(id).is_some(), "{id}");
            assert!(ids.insert(id), "{id}");
        }
    }
}
