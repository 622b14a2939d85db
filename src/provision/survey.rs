//! The first read: turns what was asked for into a target in this account, in one round trip where nothing exists yet.

use std::collections::BTreeSet;

use super::allowing::Asked;
use super::explain::explain;
pub use super::placement::{Around, Survey};
use super::placement::{
    Connected, Raw, check_groups, groups_of_others, is_staying, is_unfinished, peers, peers_of,
    place,
};
use super::refusing::refuse;
use super::surroundings::{first_round, sources_exist};
use super::{Context, Ledger, Lookup};
use crate::cloud::{Cloud, FileSystems};
use crate::domain::action::ReadScope;
use crate::domain::advice::advice;
use crate::domain::event::Event;
use crate::domain::field::Field;
use crate::domain::goal::{Desired, Network, Owner, Unwanted};
use crate::domain::ids::Zone;
use crate::domain::network::{Peer, SecurityGroup, Source};
use crate::domain::observed::Observed;
use crate::domain::placement::Placement;
use crate::domain::settings::Key;
use crate::domain::spec::{Access, Spec};
use crate::domain::tags;
use crate::error::{Code, Error};

/// Looks at the account and places the spec in it.
///
/// # Errors
///
/// What is asked for cannot be, names something that does not exist, or contradicts what exists. Nothing was changed.
pub async fn survey<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    run: &str,
) -> Result<Survey, Error> {
    spec.check()?;
    let mut spec = spec.clone();
    spec.harden(&[]);
    let spec = &spec;
    let raw = first_round(context, spec, true).await?;
    let placement = place(spec, &raw)?;
    let Reached {
        peers,
        self_referencing,
        group,
    } = reached(context, spec, &placement, &raw).await?;
    let mut observed = raw.observed;
    observed.security_group = group;
    let makes_group = !matches!(spec.access, Access::Groups(_));
    let lookup = Lookup {
        file_system: FileSystems::Token(spec.name.token()),
        security_group: makes_group.then(|| (spec.name.security_group(), placement.vpc.clone())),
        groups_with_rules: BTreeSet::new(),
    };
    let mut network = Network {
        placement,
        inherited_groups: None,
        peers,
        self_referencing,
    };
    let mut desired = Desired {
        spec: spec.clone(),
        run: run.to_owned(),
        owner: Owner::Efsctl,
        network: None,
        rules: BTreeSet::new(),
        unwanted: Unwanted::default(),
        until_settled: false,
        found_run: None,
        takes_over: false,
    };
    if let Some(found) = &observed.file_system {
        desired.found_run = found.tags.get(tags::RUN).cloned();
        look_deeper(context, &desired, &lookup, &mut observed).await?;
        let points = observed.access_points.as_deref().unwrap_or_default();
        desired.spec.harden(points);
        network.inherited_groups = groups_of_others(spec, &observed);
    }
    note_choices(context, &network.placement, &raw.connected, &observed);
    desired.network = Some(network);
    let around = Around {
        subnets: raw.subnets,
        groups: raw.known_groups,
        prefix_lists: raw.prefix_lists,
    };
    let survey = Survey::new(desired, observed, lookup, around);
    refuse(&survey)?;
    if is_unfinished(&survey) {
        return Ok(survey.taking_over());
    }
    Ok(survey)
}

/// Who reaches the mount targets through the group that is created for them.
struct Reached {
    peers: BTreeSet<Peer>,
    /// The group allows itself.
    self_referencing: bool,
    /// The group, where it exists.
    group: Option<SecurityGroup>,
}

async fn reached<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    placement: &Placement,
    raw: &Raw,
) -> Result<Reached, Error> {
    let (peers, self_referencing) = peers(context, spec, placement, raw).await?;
    check_groups(context, spec, placement, &raw.known_groups)?;
    let mut group = None;
    if !matches!(spec.access, Access::Groups(_)) {
        let mut named = raw.named_groups.iter();
        group = named.find(|group| group.vpc == placement.vpc).cloned();
        let asked = Asked {
            spec,
            peers: &peers,
            self_referencing,
            lists: &raw.prefix_lists,
        };
        asked.check(group.as_ref())?;
    }
    Ok(Reached {
        peers,
        self_referencing,
        group,
    })
}

/// Mount targets that are added to a file system that exists.
pub struct More {
    /// Where.
    pub placement: Placement,
    /// Whom the group allows that is created for the first of them.
    pub peers: BTreeSet<Peer>,
    /// What else was read for that.
    pub around: Around,
}

/// Where mount targets are added to a file system that exists, with the checks of `create`.
///
/// # Errors
///
/// There is no such place, or the group that is created for the first of them may not allow what is asked for.
pub async fn place_more<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    observed: &Observed,
) -> Result<More, Error> {
    spec.check()?;
    let raw = first_round(context, spec, false).await?;
    let placement = place(spec, &raw)?;
    let Reached { peers, .. } = reached(context, spec, &placement, &raw).await?;
    note_choices(context, &placement, &raw.connected, observed);
    let around = Around {
        subnets: raw.subnets,
        groups: raw.known_groups,
        prefix_lists: raw.prefix_lists,
    };
    Ok(More {
        placement,
        peers,
        around,
    })
}

/// Whom a group that exists is to allow besides, with the checks of `create`.
///
/// # Errors
///
/// A source does not exist, would open NFS to the Internet although that is not meant, or does not fit into the group.
pub async fn allow_more<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    sources: &[Source],
    group: &SecurityGroup,
) -> Result<BTreeSet<Peer>, Error> {
    let spec = Spec {
        access: Access::Make(sources.to_vec()),
        ..spec.clone()
    };
    spec.check()?;
    let lists = sources_exist(context, &spec).await?;
    let peers = peers_of(context, sources, &group.vpc, &[]).await?;
    let asked = Asked {
        spec: &spec,
        peers: &peers,
        self_referencing: false,
        lists: &lists,
    };
    asked.check(Some(group))?;
    Ok(peers)
}

/// Says by what subnets were chosen, where a mount target is created by that choice.
fn note_choices<C: Cloud>(
    context: &Context<'_, C>,
    placement: &Placement,
    connected: &Connected,
    observed: &Observed,
) {
    let holds = |zone: &Zone| observed.mount_targets.iter().any(|mt| mt.zone == *zone);
    let mut zones = placement.zones.iter();
    if !connected.unread.is_empty() && zones.any(|one| one.others > 0 && !holds(&one.zone)) {
        let note = format!(
            "{}: of several subnets of a zone one that assigns no public addresses is preferred, then the one with the most free addresses",
            connected.unread.join("; ")
        );
        context.report(&Event::Note(note.into()));
    }
    for (zone, note) in &placement.notes {
        if !holds(zone) {
            context.warn(note.clone());
        }
    }
}

/// What exists is read as far as the target compares it.
async fn look_deeper<C: Cloud>(
    context: &Context<'_, C>,
    desired: &Desired,
    lookup: &Lookup,
    observed: &mut Observed,
) -> Result<(), Error> {
    let mut scopes = BTreeSet::from([ReadScope::MountTargets]);
    let wishes = &desired.spec.settings;
    scopes.extend(wishes.asked().map(ReadScope::from));
    // A throughput mode is only known to fit when the transitions are.
    if !wishes.throughput.is_leave() {
        scopes.insert(Key::Lifecycle.into());
    }
    scopes.extend((desired.spec.reads_access_points()).then_some(ReadScope::AccessPoints));
    // It was read a moment ago.
    scopes.remove(&ReadScope::FileSystem);
    let ledger = Ledger::default();
    for scopes in [scopes, BTreeSet::from([ReadScope::Interfaces])] {
        lookup
            .refresh(context.cloud, &scopes, &ledger, observed)
            .await
            .map_err(|error| explain(&error, "reading the file system"))?;
    }
    if observed.interfaces.is_empty() && observed.mount_targets.iter().any(is_staying) {
        if let Access::Groups(_) = &desired.spec.access {
            return Err(Error::new(
                Code::AccessDenied,
                advice![
                    Field::SecurityGroup,
                    " cannot be compared with the security groups of the mount targets: their network interfaces cannot be read",
                ],
            )
            .hint("the caller needs the IAM action ec2:DescribeNetworkInterfaces"));
        }
        context.warn("the network interfaces of the mount targets could not be read (ec2:DescribeNetworkInterfaces): their security groups and tags are not compared");
    }
    Ok(())
}

/// Warns where the file system's DNS name would not resolve. Off the critical path: it runs beside the creation.
pub async fn warn_of_dns<C: Cloud>(context: &Context<'_, C>, placement: &Placement) {
    match context.cloud.vpc_dns(&placement.vpc).await {
        Ok(dns) if dns.support && dns.hostnames => {}
        Ok(dns) => {
            let off: Vec<&str> = [
                (!dns.support, "enableDnsSupport"),
                (!dns.hostnames, "enableDnsHostnames"),
            ]
            .into_iter()
            .filter_map(|(off, name)| off.then_some(name))
            .collect();
            context.warn(format!(
                "{} has {} off: the DNS name of the file system will not resolve there; mount by IP address, or turn it on",
                placement.vpc,
                off.join(" and ")
            ));
        }
        Err(error) => {
            context.warn(format!(
                "whether the DNS name will resolve in {} could not be checked: {error}",
                placement.vpc
            ));
        }
    }
}
