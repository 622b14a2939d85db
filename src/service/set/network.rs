//! The network of a file system that exists: mount targets to add and to remove, and whom the security group that efsctl created for it
//! allows.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::cloud::{Cloud, Groups};
use crate::domain::action::ReadScope;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::goal::{Desired, UnwantedRule};
use crate::domain::ids::{MountTargetId, SubnetId, VpcId, Zone};
use crate::domain::network::{GROUP_RULES, GroupRule, SecurityGroup, Source};
use crate::domain::observed::Observed;
use crate::domain::spec::{Access, IpType, PlacementRequest};
use crate::domain::state::MountTarget;
use crate::domain::tags;
use crate::error::{Code, Error};
use crate::provision::explain::explain;
use crate::provision::placement::{is_staying, peers_of};
use crate::provision::survey::{Around, More, allow_more, place_more};
use crate::provision::{Context, Ledger, Lookup};
use crate::service::EfsService;
use crate::service::found::added;

/// What is asked of the network of a file system that exists. What is not named stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkRequest {
    /// The VPC of the first mount targets; `None`: that of the others, or the default VPC.
    pub vpc: Option<VpcId>,
    /// Zones in which it has to have a mount target.
    pub zones: Vec<Zone>,
    /// Subnets in which it has to have a mount target.
    pub subnets: Vec<SubnetId>,
    /// IP address type of the mount targets that are added; `None`: as the others have.
    pub ip_type: Option<IpType>,
    /// Zones in which it must not have a mount target.
    pub remove_zones: BTreeSet<Zone>,
    /// Whom the security group that efsctl created for it has to allow.
    pub allow_from: Vec<Source>,
    /// It is meant that this may be the Internet.
    pub open_to_the_world: bool,
    /// Inbound rules that a security group of this account takes; `None`: as many as usual.
    pub rules_per_group: Option<usize>,
    /// Whom it must not allow by a rule that efsctl created.
    pub remove_allow_from: BTreeSet<Source>,
}

impl NetworkRequest {
    fn adds_mount_targets(&self) -> bool {
        !self.zones.is_empty() || !self.subnets.is_empty()
    }

    fn changes_rules(&self) -> bool {
        !self.allow_from.is_empty() || !self.remove_allow_from.is_empty()
    }

    /// What has to be read of the file system for it.
    pub(super) fn scopes(&self) -> impl Iterator<Item = ReadScope> {
        let any = self.adds_mount_targets() || self.changes_rules();
        (any || !self.remove_zones.is_empty())
            .then_some(ReadScope::MountTargets)
            .into_iter()
    }
}

impl<C: Cloud> EfsService<C> {
    /// Puts into the target what is asked of the network. `observed` has the mount targets.
    ///
    /// # Errors
    ///
    /// There is no place for a mount target, no group that efsctl created, or a rule that is not ours.
    pub(super) async fn survey_network(
        &self,
        context: &Context<'_, C>,
        request: &NetworkRequest,
        desired: &mut Desired,
        (observed, lookup): (&mut Observed, &mut Lookup),
    ) -> Result<Around, Error> {
        desired.spec.open_to_the_world = request.open_to_the_world;
        desired.spec.group_rules = request.rules_per_group.unwrap_or(GROUP_RULES);
        let mut around = Around::default();
        if request.adds_mount_targets() {
            around = place(context, request, desired, (observed, lookup)).await?;
        }
        desired.unwanted.mount_targets = self.unwanted_mount_targets(request, observed);
        // The group of the first mount targets is a part of their network.
        let comes_along = desired.spec.access != Access::Default;
        let allow = if comes_along {
            &[][..]
        } else {
            &request.allow_from
        };
        if !allow.is_empty() || !request.remove_allow_from.is_empty() {
            let sources = (allow, &request.remove_allow_from);
            self.rules(context, sources, desired, (observed, lookup))
                .await?;
        }
        Ok(around)
    }

    fn unwanted_mount_targets(
        &self,
        request: &NetworkRequest,
        observed: &Observed,
    ) -> BTreeSet<MountTargetId> {
        for zone in &request.remove_zones {
            if !observed.mount_targets.iter().any(|mt| mt.zone == *zone) {
                self.note(format!(
                    "there is no mount target in {zone}: nothing to remove"
                ));
            }
        }
        let there = observed.mount_targets.iter();
        there
            .filter(|mt| request.remove_zones.contains(&mt.zone))
            .map(|mt| mt.id.clone())
            .collect()
    }

    /// What is asked of the rules of the group that efsctl created: whom it has to allow, and whom it must not.
    async fn rules(
        &self,
        context: &Context<'_, C>,
        (allow, remove): (&[Source], &BTreeSet<Source>),
        desired: &mut Desired,
        (observed, lookup): (&mut Observed, &mut Lookup),
    ) -> Result<(), Error> {
        let network = desired.network.as_ref();
        let vpc = network.map(|network| network.placement.vpc.clone());
        let vpc = vpc.or_else(|| vpc_of(observed));
        let Some(group) = own_group(context, desired, vpc.as_ref()).await? else {
            return Err(no_group(desired, observed, allow.first()));
        };
        let peers = allow_more(context, &desired.spec, allow, &group).await?;
        let wanted = peers.into_iter().map(|peer| (group.id.clone(), peer));
        desired.rules.extend(wanted);
        desired.unwanted.rules = self.unwanted_rules(context, remove, &group).await?;
        lookup.groups_with_rules.insert(group.id.clone());
        observed.groups_with_rules.insert(group.id.clone(), group);
        Ok(())
    }

    /// The rules that must not be, as far as there are such rules of ours.
    async fn unwanted_rules(
        &self,
        context: &Context<'_, C>,
        remove: &BTreeSet<Source>,
        group: &SecurityGroup,
    ) -> Result<BTreeSet<UnwantedRule>, Error> {
        if remove.is_empty() {
            return Ok(BTreeSet::new());
        }
        let of = BTreeSet::from([group.id.clone()]);
        let rules = context.cloud.group_rules(&of).await;
        let rules = rules.map_err(|error| explain(&error, "reading the rules of the group"))?;
        let mut unwanted = BTreeSet::new();
        for source in remove {
            let peers = peers_of(context, [source], &group.vpc, &[]).await?;
            let is_meant = |rule: &&GroupRule| {
                !rule.is_egress && peers.iter().any(|peer| rule.rule.is_nfs_from(peer))
            };
            let meant: Vec<&GroupRule> = rules.iter().filter(is_meant).collect();
            if meant.is_empty() {
                self.note(format!(
                    "{} has no rule for TCP 2049 from {source}: nothing to remove",
                    group.id
                ));
            }
            if let Some(other) = meant.iter().find(|rule| !tags::is_managed(&rule.tags)) {
                return Err(not_ours(other, source));
            }
            unwanted.extend(meant.into_iter().map(|rule| UnwantedRule {
                group: group.id.clone(),
                id: rule.id.clone(),
                peer: rule.rule.peer.clone(),
            }));
        }
        Ok(unwanted)
    }
}

/// Where mount targets are added. All of them are in one VPC.
async fn place<C: Cloud>(
    context: &Context<'_, C>,
    request: &NetworkRequest,
    desired: &mut Desired,
    (observed, lookup): (&mut Observed, &mut Lookup),
) -> Result<Around, Error> {
    let is_first = !observed.mount_targets.iter().any(is_staying);
    desired.spec.placement = PlacementRequest {
        vpc: request.vpc.clone().or_else(|| vpc_of(observed)),
        subnets: request.subnets.clone(),
        zones: request.zones.clone(),
    };
    desired.spec.ip_type = request.ip_type.unwrap_or_else(|| ip_type_of(observed));
    if is_first && !request.allow_from.is_empty() {
        desired.spec.access = Access::Make(request.allow_from.clone());
    }
    let More {
        placement,
        peers,
        around,
    } = place_more(context, &desired.spec, observed).await?;
    if is_first {
        let name = desired.spec.name.security_group();
        lookup.security_group = Some((name, placement.vpc.clone()));
    }
    let scopes = BTreeSet::from([ReadScope::SecurityGroup, ReadScope::Interfaces]);
    lookup
        .refresh(context.cloud, &scopes, &Ledger::default(), observed)
        .await
        .map_err(|error| explain(&error, "reading the network of the file system"))?;
    desired.network = Some(added(placement, &desired.spec, observed, peers));
    Ok(around)
}

/// The VPC of the mount targets, as far as AWS tells.
fn vpc_of(observed: &Observed) -> Option<VpcId> {
    let mut staying = observed.mount_targets.iter().filter(|mt| is_staying(mt));
    staying.find_map(|mt| mt.vpc.clone())
}

/// IPv6 where all that are there have it alone; AWS's default otherwise.
fn ip_type_of(observed: &Observed) -> IpType {
    let staying = observed.mount_targets.iter().filter(|mt| is_staying(mt));
    let addresses: Vec<_> = staying.filter_map(|mt: &MountTarget| mt.ip).collect();
    if addresses.iter().all(IpAddr::is_ipv6) && !addresses.is_empty() {
        IpType::Ipv6
    } else {
        IpType::Ipv4
    }
}

/// The security group that efsctl created for the file system, in the VPC of its mount targets.
async fn own_group<C: Cloud>(
    context: &Context<'_, C>,
    desired: &Desired,
    vpc: Option<&VpcId>,
) -> Result<Option<SecurityGroup>, Error> {
    let name = &desired.spec.name;
    let groups = Groups::Name(name.security_group());
    let found = context.cloud.security_groups(&groups).await;
    let found = found.map_err(|error| explain(&error, "looking for the security group"))?;
    Ok(found.into_iter().find(|group| {
        tags::belongs_to(&group.tags, name) && vpc.is_none_or(|vpc| group.vpc == *vpc)
    }))
}

fn no_group(desired: &Desired, observed: &Observed, source: Option<&Source>) -> Error {
    let group = desired.spec.name.security_group();
    let of = observed.file_system.as_ref().map(|fs| fs.id.to_string());
    let of = of.unwrap_or_default();
    let message = format!(
        "{of} has no security group {group} that efsctl created: rules of other groups are not changed"
    );
    let error = Error::new(Code::SecurityGroupNotFound, message);
    match source {
        Some(source) => {
            let audit = Command::efsctl("validate").arg(&of);
            let audit = match source {
                Source::Group(_) | Source::Range(_) => audit.flag("--client", source),
                Source::SelfReference | Source::Vpc | Source::PrefixList(_) => audit,
            };
            error.hint(Advice::step(
                "to see which group blocks that client, and what to add to it",
                audit,
            ))
        }
        None => error.hint("remove the rule with the tool that created it"),
    }
}

fn not_ours(rule: &GroupRule, source: &Source) -> Error {
    let message = advice![
        (Field::RemoveAllowFrom, source),
        format!(
            ": efsctl did not create rule {} of {}, so it does not remove it",
            rule.id, rule.group
        ),
    ];
    let remove = Command::aws("ec2 revoke-security-group-ingress")
        .flag("--group-id", &rule.group)
        .flag("--security-group-rule-ids", &rule.id);
    Error::new(Code::NotManaged, message).hint(Advice::step("to remove it", remove))
}
