//! The way from stated clients to the mount targets, stage by stage: what the verdict on it is made of.
//!
//! A verdict ends at the first stage that refuses. Whoever has to open the way needs all of them.

use std::net::IpAddr;

use ipnet::IpNet;

use super::check::CheckInput;
use super::checks::path::{Refusal, describe, paths, refusals, ways_out};
use super::clients::{Client, ClientRef};
use super::facts::{Known, Unavailable};
use super::reach::{Passing, Stage, stages};
use crate::domain::advice::Advice;
use crate::domain::ids::{MountTargetId, Zone};
use crate::domain::network::{NetworkInterface, RouteTable, Subnet, table_of};
use crate::domain::state::MountTarget;

/// The way from one client to one mount target.
#[derive(Debug, Clone)]
pub struct ClientPath {
    /// The client, as it is stated.
    pub client: String,
    /// The mount target.
    pub mount_target: MountTargetId,
    /// Its zone.
    pub zone: Zone,
    /// Its address.
    pub address: Option<IpAddr>,
    /// What each stage does by itself, in the order of [`Stage::ALL`].
    pub stages: Vec<StageOfPath>,
    /// Whether routes lead there and back.
    pub routes: Known<Routed>,
}

/// A stage of a path.
#[derive(Debug, Clone)]
pub struct StageOfPath {
    /// Which.
    pub stage: Stage,
    /// What it does.
    pub passing: Passing,
    /// Where it is closed: how, and what opens it.
    pub closed: Option<(Advice, Advice)>,
}

/// Whether routes lead from a client to a mount target and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routed {
    /// They do, and how.
    Yes(String),
    /// They do not, and which is missing.
    No(String),
}

/// Each path of each client, by mount target.
///
/// # Errors
///
/// What could not be read.
pub fn client_paths(input: &CheckInput<'_>) -> Known<Vec<ClientPath>> {
    let (refused, _) = refusals(input)?;
    let mut found = Vec::new();
    for (mt, interface) in input.interfaces()? {
        for client in input.clients {
            let each = paths(input, client, mt, interface, stages)?;
            let judged = |stage| {
                let mut passing = merged(each.iter().flatten().filter(|(at, _)| *at == stage));
                // What two stages refuse together, neither does by itself: the verdict names one of them.
                let first = refused.iter().find(|refusal| {
                    refusal.stage == stage
                        && refusal.mount_target.id == mt.id
                        && refusal.client.stated == client.stated
                });
                if let Some(refusal) = first {
                    passing = Passing::Closed(refusal.uncovered.clone());
                }
                staged(input, client, (mt, interface), stage, passing)
            };
            found.push(ClientPath {
                client: client.stated.to_string(),
                mount_target: mt.id.clone(),
                zone: mt.zone.clone(),
                address: mt.ip,
                stages: Stage::ALL.map(judged).into(),
                routes: routed(input, client, mt),
            });
        }
    }
    Ok(found)
}

/// What a stage does to all interfaces of a client: each has to get through.
fn merged<'p>(each: impl Iterator<Item = &'p (Stage, Passing)>) -> Passing {
    let (mut refused, mut is_closed, mut is_open) = (Vec::new(), false, None);
    for (_, passing) in each {
        match passing {
            Passing::Open => drop(is_open.get_or_insert(true)),
            Passing::Closed(uncovered) => {
                is_closed = true;
                refused.extend(uncovered.iter().copied());
            }
            Passing::Unknown => is_open = Some(false),
        }
    }
    match (is_closed, is_open) {
        (true, _) => Passing::Closed(refused),
        (false, Some(true)) => Passing::Open,
        (false, _) => Passing::Unknown,
    }
}

fn staged(
    input: &CheckInput<'_>,
    client: &Client,
    (mount_target, interface): (&MountTarget, Option<&NetworkInterface>),
    stage: Stage,
    passing: Passing,
) -> StageOfPath {
    let closed = match &passing {
        Passing::Closed(uncovered) => {
            let refusal = Refusal {
                client,
                mount_target,
                interface,
                stage,
                uncovered: uncovered.clone(),
            };
            let ways = Advice::joined(ways_out(input, &refusal), "; ");
            Some((describe(&refusal).into(), ways))
        }
        Passing::Open | Passing::Unknown => None,
    };
    StageOfPath {
        stage,
        passing,
        closed,
    }
}

/// Whether routes lead there and back. Within a VPC they always do: its route `local` cannot be removed (VPC user guide, "Route
/// tables").
fn routed(input: &CheckInput<'_>, client: &Client, mt: &MountTarget) -> Known<Routed> {
    let inventory = input.inventory;
    let subnets = inventory.subnets.as_ref().map_err(Clone::clone)?;
    let because = |why: String| Unavailable::because(why);
    let near = subnets
        .get(&mt.subnet)
        .ok_or_else(|| because(format!("{} could not be read", mt.subnet)))?;
    let own: Vec<&Subnet> = client
        .subnets
        .iter()
        .filter_map(|id| subnets.get(id))
        .collect();
    let elsewhere: Vec<&Subnet> = own
        .iter()
        .copied()
        .filter(|own| own.vpc != near.vpc)
        .collect();
    if !own.is_empty() && elsewhere.is_empty() {
        return Ok(Routed::Yes(format!("within {}", near.vpc)));
    }
    let vpcs = inventory.vpcs.as_ref().map_err(Clone::clone)?;
    let is_inside = |range: &IpNet| {
        let vpc = vpcs.get(&near.vpc);
        vpc.is_some_and(|vpc| vpc.cidrs.iter().any(|cidr| cidr.contains(range)))
    };
    if let (ClientRef::Group(id), true) = (&client.stated, own.is_empty()) {
        // A client without an interface may be anywhere in the VPC of its group.
        let groups = inventory.groups.as_ref().map_err(Clone::clone)?;
        if groups.get(id).is_some_and(|group| group.vpc == near.vpc) {
            return Ok(Routed::Yes(format!("within {}", near.vpc)));
        }
    }
    let is_range = matches!(client.stated, ClientRef::Range(_));
    if own.is_empty() && is_range && client.addresses.iter().all(is_inside) {
        return Ok(Routed::Yes(format!("within {}", near.vpc)));
    }
    if own.is_empty() && !is_range {
        return Err(because(format!("where {} is, is not known", client.stated)));
    }
    let tables = inventory.route_tables.as_ref().map_err(Clone::clone)?;
    let address = mt
        .ip
        .ok_or_else(|| because(format!("the address of {} is not known", mt.id)))?;
    let leads = |from: &Subnet, to: IpAddr| -> Known<Result<(), String>> {
        let table: &RouteTable = table_of(from, tables)
            .ok_or_else(|| because(format!("the route table of {} could not be read", from.id)))?;
        match table.leads_to(to) {
            Some(true) => Ok(Ok(())),
            Some(false) => Ok(Err(format!(
                "{} of {} has no active route to {to}",
                table.id, from.id
            ))),
            None => Err(because(format!(
                "{} has routes to prefix lists, which are not evaluated",
                table.id
            ))),
        }
    };
    for from in &elsewhere {
        if let Err(why) = leads(from, address)? {
            return Ok(Routed::No(why));
        }
    }
    for back in client.addresses.iter().filter(|range| !is_inside(range)) {
        if let Err(why) = leads(near, back.addr())? {
            return Ok(Routed::No(why));
        }
    }
    Ok(Routed::Yes("by the route tables of both ends".to_owned()))
}
