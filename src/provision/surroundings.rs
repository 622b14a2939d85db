//! What is around a file system: the network that it could be placed in.

use futures::future::{OptionFuture, join, join3, join4};

use super::Context;
use super::allowing::prefix_lists;
use super::explain::explain;
use super::placement::{Connected, Raw, known_groups};
use crate::cloud::{Answer, Class, Cloud, CloudError, FileSystems, Groups, Subnets, Vpcs, Within};
use crate::domain::advice::Advice;
use crate::domain::field::Field;
use crate::domain::network::{NetworkAcl, PrefixList, RouteTable};
use crate::domain::observed::Observed;
use crate::domain::spec::{Access, Spec};
use crate::domain::state::State;
use crate::domain::zones::ZoneFacts;
use crate::error::Error;

/// Everything that a placement needs, in one round trip; with it the file system of the name, where it `looks`.
pub(super) async fn first_round<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    looks: bool,
) -> Result<Raw, Error> {
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
            OptionFuture::from(looks.then(|| cloud.file_systems(&token))),
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
    let file_systems = file_systems
        .transpose()
        .map_err(|error| explain(&error, "looking for the file system"))?;
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
                .unwrap_or_default()
                .into_iter()
                .find(|fs| fs.state != State::Deleted),
            ..Observed::default()
        },
    })
}

/// The prefix lists that a spec names as sources, where they and the groups that it names exist.
pub(super) async fn sources_exist<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
) -> Result<Vec<PrefixList>, Error> {
    let known = known_groups(spec);
    let by_id = Groups::Ids(known.iter().cloned().collect());
    let groups = (!known.is_empty()).then(|| context.cloud.security_groups(&by_id));
    let (groups, lists) = join(
        OptionFuture::from(groups),
        prefix_lists(context.cloud, spec),
    )
    .await;
    let source = [Field::AllowFrom];
    groups
        .transpose()
        .map_err(|error| named(&source, &error, "reading the security groups"))?;
    lists.map_err(|error| named(&source, &error, "reading the entries of the prefix list"))
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
