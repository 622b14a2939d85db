//! Where mount targets are added: one in each zone that is wanted and has none, by the same choice as `create` makes.

use crate::domain::text::list;
use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::{FixRequest, WantedZones};
use crate::audit::check::CheckInput;
use crate::audit::clients::ClientRef;
use crate::domain::advice::{Advice, advice};
use crate::domain::field::Field;
use crate::domain::ids::{SubnetId, VpcId, Zone};
use crate::domain::keyword::Keyword;
use crate::domain::network::Subnet;
use crate::domain::placement::{
    Choice, Placement, Preferences, Unfit, ZonePlacement, best_subnets, carries,
};
use crate::domain::spec::IpType;
use crate::domain::state::{MountTarget, State};
use crate::domain::zones::obstacle_in;

/// Of a Local Zone or Wavelength Zone.
const NO_MOUNT_TARGETS: &str = "it is not an Availability Zone: EFS has no mount targets there";

type Subnets = BTreeMap<SubnetId, Subnet>;

/// The placement of a request, and the addresses their mount targets get. What has no place is noted.
pub(super) fn place(
    input: &CheckInput<'_>,
    request: &mut FixRequest,
) -> (Option<Placement>, IpType) {
    let ip_type = ip_type(input);
    let placement = match &input.inventory.subnets {
        Ok(subnets) if !request.zones.is_empty() || !request.subnets.is_empty() => {
            let (placed, notes) = Search {
                input,
                subnets,
                ip_type,
            }
            .placement(request);
            request.notes.extend(notes);
            placed
        }
        Ok(_) => None,
        Err(unavailable) => {
            let note = Advice::from("no mount target is added: ");
            request.notes.push(note.then(unavailable.why.clone()));
            None
        }
    };
    (placement, ip_type)
}

/// Addresses as the other mount targets have them.
fn ip_type(input: &CheckInput<'_>) -> IpType {
    let interfaces = input.interfaces().unwrap_or_default();
    let attached = interfaces
        .into_iter()
        .filter_map(|(_, interface)| interface);
    let addresses: Vec<_> = attached
        .flat_map(|interface| &interface.addresses)
        .collect();
    let any = |v4: bool| addresses.iter().any(|ip| ip.is_ipv4() == v4);
    match (any(true), any(false)) {
        (true, true) => IpType::DualStack,
        (false, true) => IpType::Ipv6,
        (_, false) => IpType::Ipv4,
    }
}

struct Search<'a> {
    input: &'a CheckInput<'a>,
    subnets: &'a Subnets,
    ip_type: IpType,
}

impl Search<'_> {
    fn placement(&self, request: &FixRequest) -> (Option<Placement>, Vec<Advice>) {
        let mut notes = Vec::new();
        let vpc = match self.vpc() {
            Ok(vpc) => vpc,
            Err(why) => {
                let note = Advice::from("no mount target is added: ").then(why);
                return (None, vec![note]);
            }
        };
        let named = self.named(request, &vpc, &mut notes);
        let zones = self.zones(request, &vpc);
        let mut due: BTreeSet<&Zone> = BTreeSet::new();
        for zone in &zones {
            if let Some(broken) = self.holder(zone).filter(|mt| mt.state == State::Error) {
                notes.push(format!(
                    "no mount target is added in {zone}: {} there is in error, and has to be deleted first",
                    broken.id
                ).into());
            }
            if self.holder(zone).is_some() || named.iter().any(|subnet| subnet.zone == *zone) {
                continue;
            }
            if self.is_availability_zone(zone) {
                due.insert(zone);
            } else {
                notes
                    .push(format!("no mount target is added in {zone}: {NO_MOUNT_TARGETS}").into());
            }
        }
        if request.zones.contains(&WantedZones::Several)
            && zones.len() + named.len() < 2
            && !zones.is_empty()
        {
            notes.push(advice![
                format!("no second zone is added: only {} is given (", list(&zones)),
                Field::Zone,
                ", ",
                Field::Subnet,
                ")",
            ]);
        }
        let of_vpc = self.subnets.values().filter(|subnet| subnet.vpc == vpc);
        let candidates = of_vpc.filter(|subnet| due.contains(&subnet.zone));
        let clients = self.clients(&vpc);
        let preferences = self.preferences(&clients);
        let chosen = best_subnets(candidates, &preferences);
        let mut placed = Vec::new();
        for zone in due {
            match of_use(chosen.get(zone), &vpc) {
                Ok(choice) => placed.push(ZonePlacement::of(choice, false)),
                Err(why) => notes.push(format!("no mount target is added in {zone}: {why}").into()),
            }
        }
        notes.extend(self.unavailable(&placed));
        let chosen = best_subnets(named, &preferences);
        let named = chosen.values().flatten();
        placed.extend(named.map(|choice| ZonePlacement::of(choice, false)));
        placed.sort_by(|a, b| a.zone.cmp(&b.zone));
        let placement = (!placed.is_empty()).then(|| Placement {
            vpc,
            zones: placed,
            notes: Vec::new(),
        });
        (placement, notes)
    }

    fn preferences<'p>(&'p self, clients: &'p [IpNet]) -> Preferences<'p> {
        let inventory = self.input.inventory;
        Preferences {
            ip_type: self.ip_type,
            route_tables: inventory.route_tables.as_deref().ok(),
            network_acls: inventory.acls.as_deref().ok(),
            clients,
        }
    }

    /// Where clients are, as far as is known.
    fn clients(&self, vpc: &VpcId) -> Vec<IpNet> {
        let vpcs = self.input.inventory.vpcs.as_ref().ok();
        let found = vpcs.and_then(|vpcs| vpcs.get(vpc));
        found.map(|vpc| vpc.cidrs.clone()).unwrap_or_default()
    }

    /// What the choice had to do without.
    fn unavailable(&self, placed: &[ZonePlacement]) -> Vec<Advice> {
        let inventory = self.input.inventory;
        let mut notes = Vec::new();
        if inventory.acls.is_err() && !placed.is_empty() {
            notes.push(
                "whether the network ACLs of the chosen subnets allow NFS could not be checked"
                    .into(),
            );
        }
        if let Err(unavailable) = &inventory.route_tables
            && placed
                .iter()
                .any(|zone_placement| zone_placement.others > 0)
        {
            notes.push(
                format!(
                    "which subnets are private could not be checked ({}): of several subnets of a zone one that assigns no public addresses is preferred, then the one with the most free addresses",
                    unavailable.why
                )
                .into(),
            );
        }
        notes
    }

    /// Whether EFS has mount targets there. Where the zones could not be listed, by its name.
    fn is_availability_zone(&self, zone: &Zone) -> bool {
        let inventory = self.input.inventory;
        match &inventory.zones {
            Ok(listed) => obstacle_in(zone, listed).is_none(),
            Err(_) => zone.is_availability_zone_of(&inventory.region),
        }
    }

    /// The VPC of its mount targets; else the one that is stated, by itself or by subnets; else that of the clients; else the
    /// default VPC.
    fn vpc(&self) -> Result<VpcId, Advice> {
        let input = self.input;
        let stated = input.rules.vpc.as_ref();
        let of = |id: &SubnetId| self.subnets.get(id).map(|subnet| subnet.vpc.clone());
        let mount_targets = input.mount_targets().unwrap_or_default();
        let own = mount_targets
            .iter()
            .find_map(|mt| mt.vpc.clone().or_else(|| of(&mt.subnet)));
        if let (Some(own), Some(stated)) = (&own, stated)
            && own != stated
        {
            return Err(advice![
                format!("its mount targets are in {own}, not in "),
                (Field::Vpc, stated),
                ", and all of them have to be in one VPC",
            ]);
        }
        let of_group = || {
            let groups = input.inventory.groups.as_ref().ok()?;
            input
                .clients
                .iter()
                .find_map(|client| match &client.stated {
                    ClientRef::Group(id) => groups.get(id).map(|group| group.vpc.clone()),
                    _ => None,
                })
        };
        let default = || {
            let vpcs = input.inventory.vpcs.as_ref().ok()?;
            let default = vpcs.values().find(|vpc| vpc.is_default);
            default.map(|vpc| vpc.id.clone())
        };
        let mut inhabited = input.clients.iter().flat_map(|client| &client.subnets);
        let vpc = own
            .or_else(|| stated.cloned())
            .or_else(|| input.rules.subnets.iter().find_map(of))
            .or_else(|| inhabited.find_map(of))
            .or_else(of_group)
            .or_else(default)
            .ok_or_else(|| {
                advice![
                    "which VPC they belong in is not known (",
                    Field::Vpc,
                    ", ",
                    Field::Subnet,
                    ", or a ",
                    Field::Client,
                    " that is in one), and there is no default VPC",
                ]
            })?;
        let found = input.inventory.vpcs.as_ref().ok();
        let state = found.and_then(|vpcs| vpcs.get(&vpc)?.state.as_ref());
        if let Some(state) = state.filter(|state| **state != State::Available) {
            Err(format!("{vpc} is {state}, not available").into())
        } else if self.subnets.values().any(|subnet| subnet.vpc == vpc) {
            Ok(vpc)
        } else {
            Err(format!("{vpc} has no subnet in this region").into())
        }
    }

    /// Zones that are wanted besides those of expected subnets; of a One Zone file system its own, and no other.
    fn zones(&self, request: &FixRequest, vpc: &VpcId) -> BTreeSet<Zone> {
        let input = self.input;
        let mut zones: BTreeSet<Zone> = BTreeSet::new();
        let zone = |id: &SubnetId| self.subnets.get(id).map(|subnet| subnet.zone.clone());
        let expected = &input.rules.subnets;
        if !request.zones.is_empty() {
            zones.extend(input.rules.zones.iter().cloned());
        }
        if request.zones.contains(&WantedZones::WithClients) {
            let inhabited = input.clients.iter().flat_map(|client| &client.subnets);
            let inhabited = inhabited.filter_map(zone);
            zones.extend(inhabited.filter(|zone| self.is_availability_zone(zone)));
        }
        let anywhere = request.zones.contains(&WantedZones::Anywhere)
            || request.zones.contains(&WantedZones::Several);
        if anywhere && input.rules.zones.is_empty() && expected.is_empty() {
            let own = self.subnets.values().filter(|subnet| subnet.vpc == *vpc);
            let real = own.filter(|subnet| self.is_availability_zone(&subnet.zone));
            zones.extend(real.map(|subnet| subnet.zone.clone()));
        }
        for taken in expected.iter().filter_map(zone) {
            zones.remove(&taken);
        }
        match &input.facts.file_system.one_zone {
            Some(only) if anywhere => BTreeSet::from([only.clone()]),
            Some(only) => zones.into_iter().filter(|zone| zone == only).collect(),
            None => zones,
        }
    }

    /// What holds a zone.
    fn holder(&self, zone: &Zone) -> Option<&MountTarget> {
        let mount_targets = self.input.mount_targets().unwrap_or_default();
        mount_targets.into_iter().find(|mt| mt.zone == *zone)
    }

    /// The subnets that are wanted by name and can have a mount target.
    fn named(&self, request: &FixRequest, vpc: &VpcId, notes: &mut Vec<Advice>) -> Vec<&Subnet> {
        let only = self.input.facts.file_system.one_zone.as_ref();
        let fits = |id: &SubnetId| {
            let subnet = self
                .subnets
                .get(id)
                .ok_or("there is no such subnet".to_owned())?;
            let zone = &subnet.zone;
            match self.holder(zone) {
                Some(holder) if holder.subnet == *id => return Ok(None),
                Some(holder) => {
                    return Err(format!(
                        "{zone} has {} in {}, and takes only one; mount targets cannot be moved",
                        holder.id, holder.subnet
                    ));
                }
                None => {}
            }
            match only {
                _ if subnet.vpc != *vpc => Err(format!(
                    "it is in {}, and mount targets are in {vpc}",
                    subnet.vpc
                )),
                Some(only) if only != zone => {
                    Err(format!("it is in {zone}, and all data in {only}"))
                }
                _ if !self.is_availability_zone(zone) => Err(format!("{zone}: {NO_MOUNT_TARGETS}")),
                _ if let Some(why) = subnet.obstacle() => Err(why),
                _ if !carries(subnet, self.ip_type) => Err(format!(
                    "it does not support {} addresses",
                    self.ip_type.keyword()
                )),
                _ if subnet.free_addresses == 0 => Err("it has no free address".to_owned()),
                _ => Ok(Some(subnet)),
            }
        };
        let mut named = Vec::new();
        for id in &request.subnets {
            match fits(id) {
                Ok(subnet) => named.extend(subnet),
                Err(why) => notes.push(format!("no mount target is added in {id}: {why}").into()),
            }
        }
        named
    }
}

/// The subnet of a zone in which a mount target is of use. An error: why there is none.
fn of_use<'c>(
    chosen: Option<&'c Result<Choice<'c>, Unfit<'c>>>,
    vpc: &VpcId,
) -> Result<&'c Choice<'c>, String> {
    let none = |what: &str| Err(format!("no subnet of {vpc} there {what}"));
    match chosen {
        None => Err(format!("{vpc} has no subnet there")),
        Some(Err(Unfit::Obstacle(subnet, why))) => {
            none(&format!("can have a mount target ({}: {why})", subnet.id))
        }
        Some(Err(Unfit::Addresses(ip_type))) => {
            none(&format!("supports {} addresses", ip_type.keyword()))
        }
        Some(Ok(choice)) if choice.subnet.free_addresses == 0 => none("has a free address"),
        Some(Ok(choice)) if !choice.blocked.is_empty() => none("has a network ACL that allows NFS"),
        Some(Ok(choice)) => Ok(choice),
    }
}
