//! What would make failed checks pass, as far as it can be added to a file system that exists: the plan behind `validate --fix`.
//!
//! Pure, like the checks. Nothing is ever taken away or replaced, and encryption and policies are not touched: what takes
//! that keeps its remedy, and is for people to decide.

mod placement;
mod sources;

use crate::domain::text::list;
use std::collections::{BTreeMap, BTreeSet};

use super::check::{Check, CheckInput};
use super::checks::{mounts, path, settings, tags as tag_checks};
use super::reach::{Firewalls, open_to_world};
use crate::domain::advice::{Advice, advice};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::ids::{FileSystemId, SecurityGroupId, SubnetId};
use crate::domain::network::{GROUP_RULES, Peer, PrefixList, Rule, Source, rules_of};
use crate::domain::placement::Placement;
use crate::domain::settings::{On, Wish, Wishes};
use crate::domain::spec::IpType;
use crate::domain::state::State;
use crate::domain::tags::{self, Tags};

/// What to add to one file system.
#[derive(Debug, Clone, PartialEq)]
pub struct FixPlan {
    /// The file system.
    pub file_system: FileSystemId,
    /// Where mount targets are missing.
    pub placement: Option<Placement>,
    /// IP address type of the mount targets that are added: those of the others.
    pub ip_type: IpType,
    /// Whom a group allows that is made for the first mount targets; empty: itself.
    pub sources: Vec<Source>,
    /// NFS rules that are missing in groups of mount targets.
    pub rules: BTreeSet<(SecurityGroupId, Peer)>,
    /// Settings to set, where no one has set them.
    pub settings: Wishes,
    /// Tags to set.
    pub tags: Tags,
    /// What failed, could have been fixed, and cannot be here: why.
    pub notes: Vec<Advice>,
}

impl FixPlan {
    /// There is nothing to add.
    pub fn is_empty(&self) -> bool {
        self.placement.is_none()
            && self.rules.is_empty()
            && self.settings.asked().next().is_none()
            && self.tags.is_empty()
    }
}

/// How failures of one check are fixed: what it adds to the request.
struct Fixer {
    check: &'static Check,
    /// For the documentation.
    adds: &'static str,
    add: fn(&CheckInput<'_>, &mut FixRequest),
}

/// Everything that can be fixed.
static FIXERS: [Fixer; 8] = [
    Fixer {
        check: &mounts::PRESENT,
        adds: "a mount target in each expected zone (--az, --subnet), or if none is in each zone of the VPC; with a security group that allows the given clients, or its own members",
        add: |input, request| placed(input, request, WantedZones::Anywhere),
    },
    Fixer {
        check: &mounts::SEVERAL_ZONES,
        adds: "a mount target in each expected zone (--az, --subnet), or if none is in each zone of the VPC",
        add: |input, request| placed(input, request, WantedZones::Several),
    },
    Fixer {
        check: &mounts::ZONES_OF_CLIENTS,
        adds: "a mount target in each zone with given clients (--client), or expected (--az), that has none",
        add: |input, request| placed(input, request, WantedZones::WithClients),
    },
    Fixer {
        check: &mounts::EXPECTED_PLACEMENT,
        adds: "a mount target in each expected subnet whose zone has none",
        add: expected,
    },
    Fixer {
        check: &path::CLIENTS,
        adds: "the rule for TCP 2049 in a security group of the mount target, if its security groups block a client",
        add: allow,
    },
    Fixer {
        check: &settings::BACKUPS,
        adds: "automatic backups",
        add: |_, request| request.settings.backups = Wish::Set(On),
    },
    Fixer {
        check: &settings::LIFECYCLE,
        adds: "the transition to Infrequent Access after 30 days",
        add: |_, request| request.settings.lifecycle.to_ia = "30d".parse().ok().into(),
    },
    Fixer {
        check: &tag_checks::REQUIRED,
        adds: "required tags that are missing and whose value is given",
        add: label,
    },
];

/// In which zones mount targets are wanted. Expected ones (`--az`) are so in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum WantedZones {
    /// If none are expected, in every zone.
    Anywhere,
    /// The same, and in more than one.
    Several,
    /// In those with stated clients.
    WithClients,
}

/// What is asked for, before it is known whether there is a place for it.
#[derive(Debug, Default)]
struct FixRequest {
    /// Mount targets in zones.
    zones: BTreeSet<WantedZones>,
    /// Mount targets in these subnets.
    subnets: BTreeSet<SubnetId>,
    rules: BTreeSet<(SecurityGroupId, Peer)>,
    settings: Wishes,
    tags: Tags,
    notes: Vec<Advice>,
}

/// What a failure of that check is fixed by, in words; `None`: not in place, or not by efsctl.
pub fn fixed_by(check: &str) -> Option<&'static str> {
    let fixer = FIXERS.iter().find(|fixer| fixer.check.about.id == check)?;
    Some(fixer.adds)
}

/// Ids of the checks whose failures can be fixed.
pub fn fixable() -> impl Iterator<Item = &'static str> {
    FIXERS.iter().map(|fixer| fixer.check.about.id)
}

/// What would fix these failures of the file system.
pub fn fix_plan<'f>(
    input: &CheckInput<'_>,
    failures: impl Iterator<Item = &'f Finding>,
) -> FixPlan {
    let fs = &input.facts.file_system;
    let mut plan = FixPlan {
        file_system: fs.id.clone(),
        placement: None,
        ip_type: IpType::default(),
        sources: Vec::new(),
        rules: BTreeSet::new(),
        settings: Wishes::default(),
        tags: Tags::new(),
        notes: Vec::new(),
    };
    let failed: BTreeSet<&str> = failures.map(|finding| finding.about.id).collect();
    let mut fixers = FIXERS
        .iter()
        .filter(|fixer| failed.contains(fixer.check.about.id))
        .peekable();
    if fixers.peek().is_none() {
        return plan;
    }
    if let Some(account) = fs.id.account() {
        let note = format!("nothing is added: it belongs to account {account}");
        plan.notes.push(note.into());
        return plan;
    }
    let held = match input.copy() {
        Ok(copy) => copy.map(Advice::from),
        Err(unavailable) => Some(unavailable.why),
    };
    if let Some(why) = held {
        plan.notes
            .push(Advice::from("nothing is added: ").then(why));
        return plan;
    }
    let mut request = FixRequest::default();
    fixers.for_each(|fixer| (fixer.add)(input, &mut request));
    if fs.state != State::Available {
        plan.notes
            .push(format!("it is {}: nothing can be added to it", fs.state).into());
        return plan;
    }
    let (placement, ip_type) = placement::place(input, &mut request);
    plan.sources = match placement {
        Some(ref placement) if input.mount_targets().is_ok_and(|found| found.is_empty()) => {
            sources::sources(input, (placement, ip_type), &mut request.notes)
        }
        Some(_) | None => Vec::new(),
    };
    plan.rules = without_the_world(input, request.rules, &mut request.notes);
    crowded(input, &plan, &mut request.notes);
    let mut reported = BTreeSet::new();
    request.notes.retain(|note| reported.insert(note.clone()));
    FixPlan {
        placement,
        ip_type,
        settings: request.settings,
        tags: request.tags,
        notes: request.notes,
        ..plan
    }
}

fn placed(input: &CheckInput<'_>, request: &mut FixRequest, zones: WantedZones) {
    request.zones.insert(zones);
    expected(input, request);
}

fn expected(input: &CheckInput<'_>, request: &mut FixRequest) {
    request.subnets.extend(input.rules.subnets.iter().cloned());
}

fn allow(input: &CheckInput<'_>, request: &mut FixRequest) {
    // The check failed, so this was seen.
    let Ok((refusals, _)) = path::refusals(input) else {
        return;
    };
    for refusal in &refusals {
        match path::rules(input, refusal) {
            Ok(rules) => request.rules.extend(rules),
            Err(why) => request
                .notes
                .push(format!("no rule is added: {why}").into()),
        }
    }
}

fn label(input: &CheckInput<'_>, request: &mut FixRequest) {
    let found = &input.facts.file_system.tags;
    for (key, value) in &input.rules.required_tags {
        match (found.get(key), value) {
            (Some(other), Some(value)) if other != value => request.notes.push(
                format!("the tag {key} stays {other}: existing values are not replaced").into(),
            ),
            (Some(_), _) => {}
            (None, None) => request.notes.push(advice![
                format!(
                    "the tag {key} is not added, because no value is required: say which with "
                ),
                (Field::RequireTag, format!("{key}=VALUE")),
            ]),
            (None, Some(value)) => match tags::checked(key, value) {
                Ok((key, value)) => drop(request.tags.insert(key, value)),
                Err(error) => request
                    .notes
                    .push(format!("the tag {key} is not added: {error}").into()),
            },
        }
    }
}

/// Groups that would have more rules than AWS takes by default: whether the quota was raised takes Service Quotas to know.
fn crowded(input: &CheckInput<'_>, plan: &FixPlan, notes: &mut Vec<Advice>) {
    let lists = input.inventory.prefix_lists.iter();
    let lists: Vec<PrefixList> = lists
        .map(|(id, ranges)| PrefixList {
            id: id.clone(),
            ranges: ranges.clone(),
            weight: None,
        })
        .collect();
    let mut full = |what: &str, (v4, v6): (usize, usize)| {
        let count = v4.max(v6);
        if count > GROUP_RULES {
            let why = format!(
                "{what} would have {count} inbound rules: AWS refuses more than {GROUP_RULES}, unless the quota of the account was raised"
            );
            notes.push(why.into());
        }
    };
    let named: BTreeSet<&SecurityGroupId> = plan.rules.iter().map(|(id, _)| id).collect();
    for id in named {
        let groups = input.inventory.groups.as_ref().ok();
        let found = groups.and_then(|groups| groups.get(id));
        let there = found.iter().flat_map(|group| &group.ingress);
        let there = there.map(|rule| &rule.peer);
        let added = plan.rules.iter().filter(|(group, _)| group == id);
        let peers = there.chain(added.map(|(_, peer)| peer));
        full(id.as_str(), rules_of(peers, &lists));
    }
    let made: Vec<Peer> = plan.sources.iter().filter_map(Source::peer).collect();
    full("the group to create", rules_of(&made, &lists));
}

/// Rules that would open NFS to the Internet, alone or together with those that are there, are not added.
fn without_the_world(
    input: &CheckInput<'_>,
    rules: BTreeSet<(SecurityGroupId, Peer)>,
    notes: &mut Vec<Advice>,
) -> BTreeSet<(SecurityGroupId, Peer)> {
    let Ok(groups) = &input.inventory.groups else {
        return rules;
    };
    let mut after = groups.clone();
    for (id, peer) in &rules {
        if let Some(group) = after.get_mut(id) {
            group.ingress.push(Rule::nfs_from(peer.clone()));
        }
    }
    let open = |groups: &BTreeMap<_, _>| {
        let firewalls = Firewalls {
            groups,
            prefix_lists: &input.inventory.prefix_lists,
        };
        let interfaces = input.interfaces().unwrap_or_default();
        let attached = interfaces
            .into_iter()
            .filter_map(|(_, interface)| interface);
        attached
            .flat_map(|interface| open_to_world(&interface.groups, &firewalls))
            .collect::<BTreeSet<_>>()
    };
    if open(&after).is_subset(&open(groups)) {
        return rules;
    }
    let is_group = |(_, peer): &(SecurityGroupId, Peer)| matches!(peer, Peer::Group(_));
    let (kept, refused): (BTreeSet<_>, BTreeSet<_>) = rules.into_iter().partition(is_group);
    let ranges: BTreeSet<String> = refused.iter().map(|(_, peer)| peer.to_string()).collect();
    notes.push(
        format!(
            "no rule is added for {}: NFS would be open to the Internet",
            list(ranges)
        )
        .into(),
    );
    kept
}
