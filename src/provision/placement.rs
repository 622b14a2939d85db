//! From what was asked for to a place in this account, or the reason why there is none.

use std::collections::BTreeSet;

use super::explain::explain;
use super::{Context, Ledger, Lookup};
use crate::cloud::{Cloud, Vpcs};
use crate::domain::action::{Action, ReadScope};
use crate::domain::advice::advice;
use crate::domain::diff::diff;
use crate::domain::field::Field;
use crate::domain::goal::{Desired, Goal};
use crate::domain::ids::{SecurityGroupId, VpcId, Zone};
use crate::domain::network::{
    NetworkAcl, Peer, PrefixList, RouteTable, SecurityGroup, Source, Subnet, Vpc,
};
use crate::domain::observed::Observed;
use crate::domain::placement::{Placement, PlacementError, Preferences};
use crate::domain::plan::{Change, Plan, plan};
use crate::domain::spec::{Access, Spec, USUAL_GROUPS};
use crate::domain::state::{MountTarget, State};
use crate::domain::zones::{ZoneFacts, obstacle_in};
use crate::error::{Code, Error};

/// A target, and what is there of it.
#[derive(Debug)]
pub struct Survey {
    /// What should be.
    pub desired: Desired,
    /// What is.
    pub observed: Observed,
    /// By what it is found again.
    pub lookup: Lookup,
    /// What else was read on the way.
    pub around: Around,
    /// Every action that is due.
    plan: Plan,
}

/// What a survey read besides what it is about.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Subnets that could have been chosen.
    pub subnets: Vec<Subnet>,
    /// Security groups that were named.
    pub groups: Vec<SecurityGroup>,
    /// Prefix lists that were named.
    pub prefix_lists: Vec<PrefixList>,
}

impl Survey {
    /// A target and what is there of it, and with that the plan.
    pub fn new(desired: Desired, observed: Observed, lookup: Lookup, around: Around) -> Self {
        let plan = plan(&Goal::Present(Box::new(desired.clone())), &observed);
        Self {
            desired,
            observed,
            lookup,
            around,
            plan,
        }
    }

    /// The same, where what was found is unfinished: this run puts its name on it.
    #[must_use]
    pub fn taking_over(self) -> Self {
        let desired = Desired {
            takes_over: true,
            ..self.desired
        };
        Self::new(desired, self.observed, self.lookup, self.around)
    }

    /// The goal of `create`.
    pub fn goal(&self) -> Goal {
        Goal::Present(Box::new(self.desired.clone()))
    }

    /// The ledger of a run that begins here.
    pub fn ledger(&self) -> Ledger {
        let runs = self.desired.found_run.iter().chain([&self.desired.run]);
        Ledger::beginning(self.observed.resources().collect(), runs.cloned().collect())
    }

    /// What is there once every action was taken.
    pub fn predicted(&self) -> Observed {
        let mut observed = self.observed.clone();
        for action in &self.plan.actions {
            observed.predict(action, &self.desired);
        }
        observed
    }

    /// Every action `create` would take: what is asked for before, shown by a dry run, and reported when the run begins.
    pub fn plan(&self) -> &[Action] {
        &self.plan.actions
    }

    /// What that changes.
    pub fn changes(&self) -> Vec<Change> {
        self.plan.changes.clone()
    }
}

/// Answers of the first round trip.
pub(super) struct Raw {
    pub(super) subnets: Vec<Subnet>,
    pub(super) vpcs: Vec<Vpc>,
    pub(super) named_groups: Vec<SecurityGroup>,
    pub(super) known_groups: Vec<SecurityGroup>,
    pub(super) zones: Vec<ZoneFacts>,
    pub(super) connected: Connected,
    pub(super) prefix_lists: Vec<PrefixList>,
    pub(super) observed: Observed,
}

/// How the subnets are connected, where there may be something to choose and it could be read.
#[derive(Debug, Default)]
pub(super) struct Connected {
    pub(super) route_tables: Option<Vec<RouteTable>>,
    pub(super) network_acls: Option<Vec<NetworkAcl>>,
    /// What could not be read, and why.
    pub(super) unread: Vec<String>,
}

/// Groups that were named and have to exist.
pub(super) fn known_groups(spec: &Spec) -> BTreeSet<SecurityGroupId> {
    match &spec.access {
        Access::Default => BTreeSet::new(),
        Access::Groups(groups) => groups.iter().cloned().collect(),
        Access::Make(sources) => sources
            .iter()
            .filter_map(|source| match source {
                Source::Group(id) => Some(id.clone()),
                Source::SelfReference | Source::Vpc | Source::Range(_) | Source::PrefixList(_) => {
                    None
                }
            })
            .collect(),
    }
}

pub(super) fn place(spec: &Spec, raw: &Raw) -> Result<Placement, Error> {
    // Where the zones could not be listed, none is refused.
    let obstacle = |zone: &Zone| match raw.zones.as_slice() {
        [] => None,
        listed => obstacle_in(zone, listed),
    };
    let have = || {
        let real = raw.zones.iter().filter(|zone| zone.obstacle().is_none());
        let real: BTreeSet<&str> = real.map(|zone| zone.zone.as_str()).collect();
        real.into_iter().collect::<Vec<_>>().join(", ")
    };
    let zones = spec.placement.zones.iter().map(|zone| (Field::Zone, zone));
    let one_zone = spec.one_zone.iter().map(|zone| (Field::OneZone, zone));
    for (field, zone) in zones.chain(one_zone) {
        if let Some(why) = obstacle(zone) {
            let message = advice![(field, zone), format!(" {why}")];
            return Err(Error::new(Code::ZoneUnsuitable, message)
                .hint(format!("the region has {}", have())));
        }
    }
    if !spec.placement.subnets.is_empty()
        && let Some((subnet, why)) = raw
            .subnets
            .iter()
            .find_map(|subnet| Some((subnet, obstacle(&subnet.zone)?)))
    {
        let message = advice![
            (Field::Subnet, &subnet.id),
            format!(" is in {}, which {why}", subnet.zone),
        ];
        return Err(
            Error::new(Code::ZoneUnsuitable, message).hint(format!("name subnets of {}", have()))
        );
    }
    let candidates: Vec<Subnet> = raw
        .subnets
        .iter()
        .filter(|subnet| obstacle(&subnet.zone).is_none())
        .cloned()
        .collect();
    if let Some((vpc, state)) = raw.vpcs.iter().find_map(|vpc| {
        let state = vpc.state.as_ref()?;
        (*state != State::Available).then_some((&vpc.id, state))
    }) {
        return Err(Error::new(
            Code::VpcUnavailable,
            format!("{vpc} is {state}, not available: no mount target can be created in it"),
        )
        .hint(advice![
            "wait until it is, or name another one with ",
            Field::Vpc
        ]));
    }
    // Without a VPC that was read, clients are where mount targets can be.
    let clients: Vec<_> = match raw.vpcs.as_slice() {
        [] => candidates.iter().flat_map(|s| &s.ranges).copied().collect(),
        vpcs => vpcs.iter().flat_map(|vpc| &vpc.cidrs).copied().collect(),
    };
    let preferences = Preferences {
        ip_type: spec.ip_type,
        route_tables: raw.connected.route_tables.as_deref(),
        network_acls: raw.connected.network_acls.as_deref(),
        clients: &clients,
    };
    let placed = Placement::of(spec, &candidates, &preferences).map(|mut placement| {
        let doubts = raw.zones.iter().filter_map(|facts| {
            let is_used = placement.zones.iter().any(|one| one.zone == facts.zone);
            Some((facts.zone.clone(), facts.doubt().filter(|_| is_used)?))
        });
        let doubts: Vec<(Zone, String)> = doubts.collect();
        placement.notes.extend(doubts);
        placement
    });
    placed.map_err(|error| match error {
        PlacementError::Nothing if spec.placement.vpc.is_none() && raw.vpcs.is_empty() => {
            Error::new(
                Code::NoDefaultVpc,
                "this region has no default VPC for the mount targets",
            )
            .hint(advice![
                "name a VPC with ",
                (Field::Vpc, "vpc-…"),
                ", or subnets with ",
                (Field::Subnet, "subnet-…"),
            ])
        }
        error => Error::from(error),
    })
}

pub(super) async fn peers<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    placement: &Placement,
    raw: &Raw,
) -> Result<(BTreeSet<Peer>, bool), Error> {
    let sources = match &spec.access {
        Access::Make(sources) => sources,
        Access::Default => return Ok((BTreeSet::new(), true)),
        Access::Groups(_) => return Ok((BTreeSet::new(), false)),
    };
    let peers = peers_of(context, sources, &placement.vpc, &raw.vpcs).await?;
    Ok((peers, sources.contains(&Source::SelfReference)))
}

/// The other sides of the rules that allow these sources to a group in that VPC, which may be among those that are known.
///
/// # Errors
///
/// The ranges of the VPC could not be read.
pub async fn peers_of<C: Cloud>(
    context: &Context<'_, C>,
    sources: impl IntoIterator<Item = &Source>,
    vpc: &VpcId,
    known: &[Vpc],
) -> Result<BTreeSet<Peer>, Error> {
    let mut peers = BTreeSet::new();
    for source in sources {
        match source {
            Source::SelfReference => {}
            Source::Group(id) => {
                peers.insert(Peer::Group(id.clone()));
            }
            Source::Range(range) => {
                peers.insert(Peer::Range(*range));
            }
            Source::PrefixList(id) => {
                peers.insert(Peer::PrefixList(id.clone()));
            }
            Source::Vpc => {
                let found = match known.iter().find(|one| one.id == *vpc) {
                    Some(found) => Some(found.clone()),
                    None => context
                        .cloud
                        .vpcs(&Vpcs::Id(vpc.clone()))
                        .await
                        .map_err(|error| explain(&error, "reading the VPC's address ranges"))?
                        .pop(),
                };
                if let Some(vpc) = found {
                    for (range, state) in &vpc.unclear {
                        context.warn(format!(
                            "{range} of {} is not allowed: this version of efsctl does not know its state {state}",
                            vpc.id
                        ));
                    }
                    peers.extend(vpc.cidrs.into_iter().map(Peer::Range));
                }
            }
        }
    }
    Ok(peers)
}

/// Groups to attach have to be in the VPC of the mount targets.
pub(super) fn check_groups<C: Cloud>(
    context: &Context<'_, C>,
    spec: &Spec,
    placement: &Placement,
    known: &[SecurityGroup],
) -> Result<(), Error> {
    let Access::Groups(groups) = &spec.access else {
        return Ok(());
    };
    if groups.len() > USUAL_GROUPS {
        context.warn(advice![
            format!("{} security groups are given with ", groups.len()),
            Field::SecurityGroup,
            format!(": EFS refuses more than {USUAL_GROUPS} unless the account's quota (Amazon VPC, security groups per network interface) was raised"),
        ]);
    }
    match known.iter().find(|group| group.vpc != placement.vpc) {
        Some(group) => Err(Error::new(
            Code::SecurityGroupElsewhere,
            advice![
                (Field::SecurityGroup, &group.id),
                format!(
                    " belongs to {}, but the mount targets are in {}",
                    group.vpc, placement.vpc
                ),
            ],
        )
        .hint("a mount target takes security groups of its own VPC")),
        None => Ok(()),
    }
}

/// No one said which groups to attach: new mount targets have what the others have, unless a group was made for them. Empty where
/// there are others and it cannot be seen what they have.
pub fn groups_of_others(spec: &Spec, observed: &Observed) -> Option<BTreeSet<SecurityGroupId>> {
    if spec.access != Access::Default || observed.security_group.is_some() {
        return None;
    }
    let attached: BTreeSet<SecurityGroupId> = observed
        .interfaces
        .values()
        .flat_map(|interface| interface.security_groups.iter().cloned())
        .collect();
    let others = observed.mount_targets.iter().any(is_staying);
    // Together they may be more than one can have: as many as one of them has, or as one usually can.
    let of_one = observed
        .interfaces
        .values()
        .map(|one| one.security_groups.len());
    let most = of_one.max().unwrap_or_default().max(USUAL_GROUPS);
    (others || !attached.is_empty()).then(|| attached.into_iter().take(most).collect())
}

/// Not on its way out. The interface of a mount target that is being deleted goes before it.
pub fn is_staying(mt: &MountTarget) -> bool {
    !matches!(mt.state, State::Deleting | State::Deleted)
}

/// Whether what was found was begun by another run and is not finished.
pub(super) fn is_unfinished(survey: &Survey) -> bool {
    let begun = survey
        .desired
        .found_run
        .as_ref()
        .is_some_and(|run| *run != survey.desired.run);
    let waiting = diff(&survey.goal(), &survey.observed).waiting;
    let scopes = |action: &Action| {
        matches!(
            action,
            Action::CreateMountTarget { .. }
                | Action::CreateAccessPoint(..)
                | Action::CreateSecurityGroup
                | Action::AllowNfs(..)
        )
    };
    begun
        && (waiting.contains(&ReadScope::FileSystem)
            || waiting.contains(&ReadScope::MountTargets)
            || waiting.contains(&ReadScope::AccessPoints)
            || survey.plan().iter().any(scopes))
}
