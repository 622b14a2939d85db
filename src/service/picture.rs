//! What a picture of a file system shows: the reads of an audit, and where what it finds is. Makes no writing call.

mod subjects;

use std::collections::{BTreeMap, BTreeSet};

use self::subjects::subjects;
use super::{EfsService, Scope, ValidateOptions};
use crate::audit::check::CheckInput;
use crate::audit::facts::{Known, Unavailable};
use crate::cloud::Inventory;
use crate::domain::finding::{Audited, Verdict};
use crate::domain::ids::{MountTargetId, Reference, SecurityGroupId};
use crate::domain::network::{NetworkInterface, SecurityGroup};
use crate::domain::settings::policy::ObservedPolicy;
use crate::domain::state::MountTarget;
use crate::error::{Code, Error};
use crate::picture::{Part, Scene, Traced};

impl<C: Inventory> EfsService<C> {
    /// A file system and the network around it, to be drawn. What could not be read is part of what is returned, as unknown.
    ///
    /// The reads of an audit of one file system; its verdicts too, where findings are drawn.
    ///
    /// # Errors
    ///
    /// As [`EfsService::validate`].
    pub async fn picture(
        &self,
        reference: &Reference,
        options: &ValidateOptions,
        with_findings: bool,
    ) -> Result<Scene, Error> {
        let scope = Scope::These(vec![reference.clone()]);
        let mut drawn = None;
        let mut observer = |input: &CheckInput<'_>, audited: Audited| {
            let findings = with_findings.then(|| traced(input, audited));
            drawn = Some(scene(input, findings));
        };
        self.validate_each(&scope, options, &mut observer).await?;
        drawn.ok_or_else(|| {
            Error::new(
                Code::FileSystemNotFound,
                format!("the file system `{reference}` has just been deleted"),
            )
        })
    }
}

/// What failed and what is unknown, and what it is about.
fn traced(input: &CheckInput<'_>, audited: Audited) -> Vec<Traced> {
    let findings = audited.findings.into_iter();
    let matter = findings.filter(|one| matches!(one.verdict, Verdict::Fail | Verdict::Unknown));
    let trace = |finding| Traced {
        about: subjects(input, &finding),
        finding,
    };
    matter.map(trace).collect()
}

fn why(unavailable: &Unavailable) -> String {
    unavailable.why.to_string()
}

fn part<T: Clone>(known: &Known<T>) -> Part<T> {
    known.clone().map_err(|unavailable| why(&unavailable))
}

fn scene(input: &CheckInput<'_>, findings: Option<Vec<Traced>>) -> Scene {
    let (inventory, facts) = (input.inventory, input.facts);
    let id = &facts.file_system.id;
    let interfaces = interfaces(input);
    let attached = interfaces.iter().flat_map(BTreeMap::values);
    let attached: BTreeSet<_> = attached.flat_map(|interface| &interface.groups).collect();
    let targets = facts.mount_targets.iter().flatten();
    let subnets: BTreeSet<_> = targets.clone().map(|mt| &mt.subnet).collect();
    let vpcs: BTreeSet<_> = targets.filter_map(|mt| mt.vpc.as_ref()).collect();
    let lists = inventory.prefix_lists.iter();
    let lists = lists.map(|(id, ranges)| (id.clone(), Ok(ranges.clone())));
    let unresolved = inventory.unresolved.iter();
    let unresolved = unresolved.map(|(id, unavailable)| (id.clone(), Err(why(unavailable))));
    Scene {
        region: inventory.region.clone(),
        file_system: facts.file_system.clone(),
        mount_targets: part(&facts.mount_targets),
        subnets: only(&inventory.subnets, |id| subnets.contains(id)),
        vpcs: only(&inventory.vpcs, |id| vpcs.contains(id)),
        groups: groups(&inventory.groups, &attached),
        interfaces,
        prefix_lists: lists.chain(unresolved).collect(),
        access_points: match (input.foreign("its access points"), &inventory.access_points) {
            (Some(unavailable), _) => Err(why(&unavailable)),
            (None, Err(unavailable)) => Err(why(unavailable)),
            (None, Ok(points)) => Ok(points.get(id).cloned().unwrap_or_default()),
        },
        policy: part(&facts.policy).map(|text| ObservedPolicy::read(text.as_deref(), id)),
        findings,
    }
}

/// Of what was read of a region, what the picture is about.
fn only<K: Ord + Clone, T: Clone>(
    all: &Known<BTreeMap<K, T>>,
    is_meant: impl Fn(&K) -> bool,
) -> Part<BTreeMap<K, T>> {
    let all = all.as_ref().map_err(why)?;
    let meant = all.iter().filter(|(id, _)| is_meant(id));
    Ok(meant.map(|(id, one)| (id.clone(), one.clone())).collect())
}

/// Those of the mount targets, and those that their rules name.
fn groups(
    all: &Known<BTreeMap<SecurityGroupId, SecurityGroup>>,
    attached: &BTreeSet<&SecurityGroupId>,
) -> Part<BTreeMap<SecurityGroupId, SecurityGroup>> {
    let known = all.iter().flatten();
    let own = known.filter(|(id, _)| attached.contains(id));
    let rules = own.flat_map(|(_, group)| &group.ingress);
    let named: BTreeSet<_> = rules.filter_map(|rule| rule.peer.group()).collect();
    only(all, |id| attached.contains(id) || named.contains(id))
}

/// Network interfaces of its mount targets, as far as those are there.
fn interfaces(input: &CheckInput<'_>) -> Part<BTreeMap<MountTargetId, NetworkInterface>> {
    let all = input.inventory.interfaces.as_ref().map_err(why)?;
    let targets = input.facts.mount_targets.iter().flatten();
    let own = |mt: &MountTarget| Some((mt.id.clone(), all.of(mt)?.clone()));
    let found: BTreeMap<_, _> = targets.clone().filter_map(own).collect();
    match input.foreign("the network interfaces of its mount targets") {
        Some(unavailable) if found.len() < targets.count() => Err(why(&unavailable)),
        _ => Ok(found),
    }
}
