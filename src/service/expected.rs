//! What an audit will find in a file system that is made as it was asked for: the audit itself, on what is predicted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::audit::audit;
use crate::audit::check::CheckInput;
use crate::audit::facts::{FileSystemFacts, RegionInventory, Unavailable};
use crate::audit::rules::Rules;
use crate::domain::advice::Part::{Set, Text};
use crate::domain::advice::{Advice, Part};
use crate::domain::field::Field;
use crate::domain::finding::{Expected, Finding, Verdict};
use crate::domain::network::NetworkInterface;
use crate::domain::observed::Observed;
use crate::domain::settings::{Backups, Lifecycle, Policy};
use crate::provision::survey::Survey;

/// What `create` needs, so that a check passes.
const AVOIDED_BY: [(&str, &[Part]); 11] = [
    ("encrypted-in-transit", &[Set(Field::Policy, "enforce-tls")]),
    (
        "no-anonymous-access",
        &[Set(Field::Policy, "deny-anonymous")],
    ),
    ("automatic-backups", &[Part::Field(Field::Backup)]),
    ("lifecycle-policy", &[Set(Field::TransitionToIa, "30d")]),
    (
        "archive-order",
        &[
            Set(Field::TransitionToIa, "30d"),
            Text(" "),
            Set(Field::TransitionToArchive, "90d"),
            Text(" "),
            Set(Field::Throughput, "elastic"),
        ],
    ),
    (
        "no-public-subnet",
        &[Part::Field(Field::Subnet), Text(" with private subnets")],
    ),
    (
        "nfs-not-open-to-the-world",
        &[Text("narrower "), Part::Field(Field::AllowFrom)],
    ),
    (
        "encrypted-at-rest",
        &[Text("without "), Part::Field(Field::Unencrypted)],
    ),
    (
        "performance-mode",
        &[Set(Field::Performance, "general-purpose")],
    ),
    (
        "data-in-several-zones",
        &[Text("without "), Part::Field(Field::OneZone)],
    ),
    (
        "mount-targets-in-several-zones",
        &[
            Text("more zones with "),
            Part::Field(Field::Zone),
            Text(" or "),
            Part::Field(Field::Subnet),
        ],
    ),
];

/// Those of them that `set` closes later, for any client that mounts with TLS.
const CLOSED_BY_SET: [&str; 3] = [
    "encrypted-in-transit",
    "automatic-backups",
    "lifecycle-policy",
];

/// What an audit will find in the file system that is made; nothing where one exists: it may have settings that were not read.
pub(super) fn expected(survey: &Survey) -> Vec<Expected> {
    if survey.observed.file_system.is_some() {
        return Vec::new();
    }
    let observed = survey.predicted();
    let (Some(facts), inventory) = (facts(&observed), region(survey, &observed)) else {
        return Vec::new();
    };
    let input = CheckInput {
        inventory: &inventory,
        facts: &facts,
        rules: &Rules::default(),
        clients: &[],
    };
    let audited = audit(&input).findings.into_iter();
    let failed = audited.filter(|finding| finding.verdict == Verdict::Fail);
    let mut expected: Vec<Expected> = failed.map(|finding| of(&finding)).collect();
    expected.sort_by_key(|one| Reverse(one.severity));
    expected
}

fn of(finding: &Finding) -> Expected {
    let about = finding.about;
    let avoided_by = AVOIDED_BY.iter().find(|(check, _)| *check == about.id);
    Expected {
        check: about.id,
        severity: finding.severity,
        summary: about.failure,
        avoided_by: avoided_by.map(|(_, wish)| Advice::from_parts(wish)),
        is_closed_by_set: CLOSED_BY_SET.contains(&about.id),
    }
}

fn unread() -> Unavailable {
    Unavailable::because("it is not read before it exists")
}

fn facts(observed: &Observed) -> Option<FileSystemFacts> {
    let mut file_system = observed.file_system.clone()?;
    let policy = observed.settings.get::<Policy>();
    file_system.mount_targets = u32::try_from(observed.mount_targets.len()).unwrap_or(u32::MAX);
    Some(FileSystemFacts {
        file_system,
        mount_targets: Ok(observed.mount_targets.clone()),
        lifecycle: observed
            .settings
            .get::<Lifecycle>()
            .cloned()
            .ok_or_else(unread),
        backup: observed
            .settings
            .get::<Backups>()
            .cloned()
            .ok_or_else(unread),
        policy: Ok(policy.and_then(|policy| Some(policy.document()?.to_string()))),
    })
}

fn region(survey: &Survey, observed: &Observed) -> RegionInventory {
    let around = &survey.around;
    let groups = around.groups.iter().chain(&observed.security_group);
    let subnets = around.subnets.iter();
    let lists = around.prefix_lists.iter();
    RegionInventory {
        region: String::new(),
        file_systems: None,
        vpcs: Err(unread()),
        dns: BTreeMap::new(),
        subnets: Ok(subnets
            .map(|subnet| (subnet.id.clone(), subnet.clone()))
            .collect()),
        groups: Ok(groups
            .map(|group| (group.id.clone(), group.clone()))
            .collect()),
        acls: Err(unread()),
        zones: Err(unread()),
        route_tables: Err(unread()),
        interfaces: Ok(interfaces(observed).collect()),
        prefix_lists: lists
            .map(|list| (list.id.clone(), list.ranges.clone()))
            .collect(),
        unresolved: BTreeMap::new(),
        access_points: Ok(BTreeMap::new()),
        replications: Ok(Vec::new()),
    }
}

fn interfaces(observed: &Observed) -> impl Iterator<Item = NetworkInterface> {
    observed.mount_targets.iter().filter_map(|mt| {
        let interface = observed.interfaces.get(mt.interface.as_ref()?)?;
        Some(NetworkInterface {
            id: interface.id.clone(),
            groups: interface.security_groups.clone(),
            subnet: Some(mt.subnet.clone()),
            vpc: mt.vpc.clone(),
            addresses: Vec::new(),
            mount_target: None,
            tags: interface.tags.clone(),
        })
    })
}
