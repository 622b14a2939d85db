//! The first read: turns what was asked for into a target in this account, in one round trip where nothing exists yet.

use std::collections::BTreeSet;

use futures::future::{OptionFuture, join, join3, join4};

use super::allowing::{Asked, prefix_lists};
use super::explain::explain;
pub use super::placement::{Around, Survey};
use super::placement::{
    Connected, Raw, check_groups, groups_of_others, is_staying, is_unfinished, known_groups, peers,
    place,
};
use super::refusing::refuse;
use super::{Context, Ledger, Lookup};
use crate::cloud::{Answer, Class, Cloud, CloudError, FileSystems, Groups, Subnets, Vpcs, Within};
use crate::domain::action::ReadScope;
use crate::domain::advice::{Advice, advice};
use crate::domain::event::Event;
use crate::domain::field::Field;
use crate::domain::goal::{Desired, Network, Owner, Unwanted};
use crate::domain::ids::Zone;
use crate::domain::network::{NetworkAcl, RouteTable};
use crate::domain::observed::Observed;
use crate::domain::placement::Placement;
use crate::domain::settings::Key;
use crate::domain::spec::{Access, Spec};
use crate::domain::state::State;
use crate::domain::tags;
use crate::domain::zones::ZoneFacts;
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
    let raw = first_round(context, spec).await?;
    let placement = place(spec, &raw)?;
    let (peers, self_referencing) = peers(context, spec, &placement, &raw).await?;
    check_groups(context, spec, &placement, &raw.known_groups)?;
    let mut observed = raw.observed;
    let makes_group = !matches!(spec.access, Access::Groups(_));
    if makes_group {
        observed.security_group = raw
            .named_groups
            .into_iter()
            .find(|group| group.vpc == placement.vpc);
        let asked = Asked {
            spec,
            peers: &peers,
            self_referencing,
            lists: &raw.prefix_lists,
        };
        asked.check(observed.security_group.as_ref())?;
    }
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
    let holds = |zone: &Zone| observed.mount_targets.iter().any(|mt| mt.zone == *zone);
    let mut zones = network.placement.zones.iter();
    if !raw.connected.unread.is_empty() && zones.any(|one| one.others > 0 && !holds(&one.zone)) {
        let note = format!(
            "{}: of several subnets of a zone one that assigns no public addresses is preferred, then the one with the most free addresses",
            raw.connected.unread.join("; ")
        );
        context.report(&Event::Note(note.into()));
    }
    for (zone, note) in &network.placement.notes {
        // Where a mount target holds the zone nothing was chosen.
        if !holds(zone) {
            context.warn(note.clone());
        }
    }
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

async fn first_round<C: Cloud>(context: &Context<'_, C>, spec: &Spec) -> Result<Raw, Error> {
    let cloud = context.cloud;
    let placement = &spec.placement;
    let which_subnets = match (&placement.vpc, placement.subnets.is_empty()) {
        (_, false) => Subnets::Ids(placement.subnets.clone()),
        (Some(vpc), true) => Subnets::Vpc(vpc.clone()),
        (None, true) => Subnets::Default,
    };
    let which_vpc = match (&placement.vpc, placement.subnets.is_empty()) {
        (Some(vpc), _) => Some(Vpcs::Id(vpc.clone())),
        (None, true) => Some(Vpcs::Default),
        (None, false) => None,
    };
    let known = known_groups(spec);
    let token = FileSystems::Token(spec.name.token());
    let by_name = Groups::Name(spec.name.security_group());
    let by_id = Groups::Ids(known.iter().cloned().collect());
    let makes_group = !matches!(spec.access, Access::Groups(_));

    let within = within(spec);
    let (
        (file_systems, subnets, zones),
        (vpcs, named_groups, known_groups),
        prefix_lists,
        (route_tables, network_acls),
    ) = join4(
        join3(
            cloud.file_systems(&token),
            cloud.subnets(&which_subnets),
            cloud.zones(),
        ),
        join3(
            OptionFuture::from(which_vpc.as_ref().map(|which| cloud.vpcs(which))),
            OptionFuture::from(makes_group.then(|| cloud.security_groups(&by_name))),
            OptionFuture::from((!known.is_empty()).then(|| cloud.security_groups(&by_id))),
        ),
        prefix_lists(cloud, spec),
        join(
            OptionFuture::from(within.as_ref().map(|within| cloud.route_tables(within))),
            OptionFuture::from(within.as_ref().map(|within| cloud.network_acls(within))),
        ),
    )
    .await;

    let vpcs = vpcs
        .transpose()
        .map_err(|error| named(&[Field::Vpc], &error, "reading the VPC"))?;
    let subnets =
        subnets.map_err(|error| named(&[Field::Subnet], &error, "reading the subnets"))?;
    let named_groups = named_groups
        .transpose()
        .map_err(|error| explain(&error, "looking for the security group"))?;
    let known_groups = known_groups.transpose().map_err(|error| {
        named(
            &[Field::SecurityGroup, Field::AllowFrom],
            &error,
            "reading the security groups",
        )
    })?;
    let file_systems =
        file_systems.map_err(|error| explain(&error, "looking for the file system"))?;
    Ok(Raw {
        subnets,
        vpcs: vpcs.unwrap_or_default(),
        named_groups: named_groups.unwrap_or_default(),
        known_groups: known_groups.unwrap_or_default(),
        zones: optional(context, zones)?,
        connected: connected(route_tables, network_acls)?,
        prefix_lists: prefix_lists.map_err(|error| {
            named(
                &[Field::AllowFrom],
                &error,
                "reading the entries of the prefix list",
            )
        })?,
        observed: Observed {
            file_system: file_systems
                .into_iter()
                .find(|fs| fs.state != State::Deleted),
            ..Observed::default()
        },
    })
}

/// Where the choice among subnets of a zone needs more than their addresses; `None`: there is none, because one subnet is named, or
/// because the default subnets are meant, of which a zone has one.
fn within(spec: &Spec) -> Option<Within> {
    let placement = &spec.placement;
    match (&placement.vpc, placement.subnets.len()) {
        (_, 1) | (None, 0) => None,
        (Some(vpc), _) => Some(Within::Vpc(vpc.clone())),
        (None, _) => Some(Within::Region),
    }
}

/// What tells private subnets and those with a network ACL in the way: a caller who may not read it can go on without.
fn connected(
    route_tables: Option<Answer<Vec<RouteTable>>>,
    network_acls: Option<Answer<Vec<NetworkAcl>>>,
) -> Result<Connected, Error> {
    let mut unread = Vec::new();
    let route_tables = if_allowed(
        route_tables,
        "which subnets are private is not known",
        &mut unread,
    )?;
    let network_acls = if_allowed(
        network_acls,
        "whether network ACLs allow NFS is not known",
        &mut unread,
    )?;
    Ok(Connected {
        route_tables,
        network_acls,
        unread,
    })
}

fn if_allowed<T>(
    answer: Option<Answer<T>>,
    unknown: &str,
    unread: &mut Vec<String>,
) -> Result<Option<T>, Error> {
    match answer.transpose() {
        Ok(found) => Ok(found),
        Err(error) if error.class == Class::Denied => {
            unread.push(format!("{unknown} (ec2:{} is denied)", error.operation));
            Ok(None)
        }
        Err(error) => Err(explain(&error, "reading the network")),
    }
}

/// Zones are read to refuse Local Zones and to name the ones there are: who may not list them can go on without.
fn optional<C: Cloud>(
    context: &Context<'_, C>,
    zones: Answer<Vec<ZoneFacts>>,
) -> Result<Vec<ZoneFacts>, Error> {
    match zones {
        Ok(zones) => Ok(zones),
        Err(error) if error.class == Class::Denied => {
            context.warn("the zones of the region could not be listed (ec2:DescribeAvailabilityZones is denied): a Local Zone would not be noticed");
            Ok(Vec::new())
        }
        Err(error) => Err(explain(&error, "reading the zones")),
    }
}

/// What AWS says of a thing that one of these fields names.
fn named(fields: &[Field], error: &CloudError, doing: &str) -> Error {
    let is_malformed = error
        .code
        .as_deref()
        .is_some_and(|code| code.ends_with(".Malformed"));
    let explained = explain(error, doing);
    if error.class != Class::NotFound && !is_malformed {
        return explained;
    }
    let fields = fields.iter().map(|field| Advice::from(*field));
    let message = Advice::joined(fields, " or ").text(format!(": {}", lower(&error.message)));
    Error {
        message,
        ..explained
    }
}

/// AWS's sentences begin with a capital and end with a stop; ours do not.
fn lower(sentence: &str) -> String {
    let mut chars = sentence.trim_end_matches('.').chars();
    chars
        .next()
        .map(|first| first.to_ascii_lowercase().to_string() + chars.as_str())
        .unwrap_or_default()
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
