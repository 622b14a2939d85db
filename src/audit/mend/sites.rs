//! Where mount targets are added: one in each zone that is wanted and has none, by the same choice as `create` makes.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::{Place, Wish};
use crate::audit::check::Subject;
use crate::audit::checks::path;
use crate::audit::clients::ClientRef;
use crate::audit::reach::{is_wide, refused_by_acl};
use crate::domain::advice::Advice;
use crate::domain::ids::{Name, SubnetId, VpcId, Zone};
use crate::domain::layout::{Layout, carries, choose};
use crate::domain::network::{Peer, Source, Subnet};
use crate::domain::spec::{IpType, Spec};
use crate::domain::state::{MountTarget, State};

/// Of a Local Zone or Wavelength Zone.
const NO_MOUNT_TARGETS: &str = "it is not an Availability Zone: EFS has no mount targets there";

type Subnets = BTreeMap<SubnetId, Subnet>;

/// The sites of a wish, and the addresses their mount targets get. What has no place is noted.
pub(super) fn place(subject: &Subject<'_>, wish: &mut Wish) -> (Option<Layout>, IpType) {
    let ip_type = ip_type(subject);
    let layout = match &subject.place.subnets {
        Ok(subnets) if !wish.places.is_empty() || !wish.subnets.is_empty() => {
            let (sites, notes) = Search {
                subject,
                subnets,
                ip_type,
            }
            .sites(wish);
            wish.notes.extend(notes);
            sites
        }
        Ok(_) => None,
        Err(unseen) => {
            wish.notes
                .push(format!("no mount target is added: {}", unseen.why).into());
            None
        }
    };
    (layout, ip_type)
}

/// Addresses as the other mount targets have them.
fn ip_type(subject: &Subject<'_>) -> IpType {
    let endpoints = subject.endpoints().unwrap_or_default();
    let worn = endpoints.into_iter().filter_map(|(_, endpoint)| endpoint);
    let addresses: Vec<_> = worn.flat_map(|endpoint| &endpoint.addresses).collect();
    let any = |v4: bool| addresses.iter().any(|ip| ip.is_ipv4() == v4);
    match (any(true), any(false)) {
        (true, true) => IpType::DualStack,
        (false, true) => IpType::Ipv6,
        (_, false) => IpType::Ipv4,
    }
}

/// Whom the group admits that is made for the first mount targets: the stated clients, where they can reach those at all.
pub(super) fn sources(
    subject: &Subject<'_>,
    (layout, ip_type): (&Layout, IpType),
    notes: &mut Vec<Advice>,
) -> Vec<Source> {
    let mut sources = BTreeSet::new();
    let reaches = |range: &IpNet| match range {
        IpNet::V4(_) => ip_type != IpType::Ipv6,
        IpNet::V6(_) => ip_type != IpType::Ipv4,
    };
    for client in subject.clients {
        let addresses = &client.addresses;
        if !addresses.is_empty() && !addresses.iter().any(reaches) {
            let why = format!(
                "{} reaches none of the mount targets that are added: they have {} addresses; add others by hand: ",
                client.stated,
                ip_type.flag()
            );
            let by_hand = subject.aws_efs(
                "create-mount-target",
                "--subnet-id SUBNET --ip-address-type DUAL_STACK",
            );
            notes.push(Advice::from(why).run(by_hand));
        }
        match path::peers(subject, client, &layout.vpc) {
            Ok(peers) => sources.extend(peers.into_iter().filter_map(|peer| match peer {
                Peer::Group(id) => Some(Source::Group(id)),
                Peer::Range(range) => reaches(&range).then_some(Source::Range(range)),
                Peer::PrefixList(_) | Peer::Distant(_) | Peer::Other(_) => None,
            })),
            Err(why) => notes.push(format!("{} is not admitted: {why}", client.stated).into()),
        }
    }
    let range = |source: &Source| match source {
        Source::Range(range) => Some(*range),
        _ => None,
    };
    let ranges: Vec<IpNet> = sources.iter().filter_map(range).collect();
    if IpNet::aggregate(&ranges).iter().any(is_wide) {
        notes.push(
            format!(
                "the group that is made does not admit {}: NFS would be open to the Internet",
                ranges
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            )
            .into(),
        );
        sources.retain(|source| range(source).is_none());
    }
    sources.into_iter().collect()
}

struct Search<'a> {
    subject: &'a Subject<'a>,
    subnets: &'a Subnets,
    ip_type: IpType,
}

impl Search<'_> {
    fn sites(&self, wish: &Wish) -> (Option<Layout>, Vec<Advice>) {
        let mut notes = Vec::new();
        let vpc = match self.vpc() {
            Ok(vpc) => vpc,
            Err(why) => {
                return (
                    None,
                    vec![format!("no mount target is added: {why}").into()],
                );
            }
        };
        let mut candidates = Vec::new();
        let named = self.named(wish, &vpc, &mut notes);
        let zones = self.zones(wish, &vpc);
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
            match self.best(zone, &vpc) {
                Ok(found) => candidates.extend(found),
                Err(why) => notes.push(format!("no mount target is added in {zone}: {why}").into()),
            }
        }
        if wish.places.contains(&Place::Several)
            && zones.len() + named.len() < 2
            && !zones.is_empty()
        {
            let zones: Vec<&str> = zones.iter().map(Zone::as_str).collect();
            notes.push(
                format!(
                    "no second zone is added: only {} is stated (--az, --subnet)",
                    zones.join(", ")
                )
                .into(),
            );
        }
        if self.subject.place.acls.is_err() && !candidates.is_empty() {
            notes.push(
                "whether the network ACLs of the chosen subnets let NFS through could not be seen"
                    .into(),
            );
        }
        candidates.extend(named);
        let candidates: Vec<Subnet> = candidates.into_iter().cloned().collect();
        // The name is of no consequence for the choice.
        let spec = "any".parse().ok().map(|name: Name| Spec {
            ip_type: self.ip_type,
            ..Spec::new(name)
        });
        let layout = spec.and_then(|spec| choose(&spec, &candidates).ok());
        (layout, notes)
    }

    /// The VPC of its mount targets; else the one that is stated, by itself or by subnets; else that of the clients; else the
    /// default VPC.
    fn vpc(&self) -> Result<VpcId, String> {
        let subject = self.subject;
        let stated = subject.rules.vpc.as_ref();
        let of = |id: &SubnetId| self.subnets.get(id).map(|subnet| subnet.vpc.clone());
        let mount_targets = subject.mount_targets().unwrap_or_default();
        let own = mount_targets
            .iter()
            .find_map(|mt| mt.vpc.clone().or_else(|| of(&mt.subnet)));
        if let (Some(own), Some(stated)) = (&own, stated)
            && own != stated
        {
            return Err(format!(
                "its mount targets are in {own}, not in --vpc {stated}, and all of them have to be in one VPC"
            ));
        }
        let of_group = || {
            let groups = subject.place.groups.as_ref().ok()?;
            subject
                .clients
                .iter()
                .find_map(|client| match &client.stated {
                    ClientRef::Group(id) => groups.get(id).map(|group| group.vpc.clone()),
                    _ => None,
                })
        };
        let default = || {
            let vpcs = subject.place.vpcs.as_ref().ok()?;
            let default = vpcs.values().find(|vpc| vpc.is_default);
            default.map(|vpc| vpc.id.clone())
        };
        let mut inhabited = subject.clients.iter().flat_map(|client| &client.subnets);
        let vpc = own
            .or_else(|| stated.cloned())
            .or_else(|| subject.rules.subnets.iter().find_map(of))
            .or_else(|| inhabited.find_map(of))
            .or_else(of_group)
            .or_else(default)
            .ok_or("which VPC they belong in is not stated (--vpc, --subnet, or a --client that is in one), and there is no default VPC")?;
        let found = subject.place.vpcs.as_ref().ok();
        let state = found.and_then(|vpcs| vpcs.get(&vpc)?.state.as_ref());
        if let Some(state) = state.filter(|state| **state != State::Available) {
            Err(format!("{vpc} is {state}, not available"))
        } else if self.subnets.values().any(|subnet| subnet.vpc == vpc) {
            Ok(vpc)
        } else {
            Err(format!("{vpc} has no subnet in this region"))
        }
    }

    /// Zones that are wanted besides those of expected subnets; of a One Zone file system its own, and no other.
    fn zones(&self, wish: &Wish, vpc: &VpcId) -> BTreeSet<Zone> {
        let subject = self.subject;
        let mut zones: BTreeSet<Zone> = BTreeSet::new();
        let zone = |id: &SubnetId| self.subnets.get(id).map(|subnet| subnet.zone.clone());
        let expected = &subject.rules.subnets;
        if !wish.places.is_empty() {
            zones.extend(subject.rules.zones.iter().cloned());
        }
        if wish.places.contains(&Place::WithClients) {
            let inhabited = subject.clients.iter().flat_map(|client| &client.subnets);
            let region = &subject.place.region;
            zones.extend(
                inhabited
                    .filter_map(zone)
                    .filter(|zone| zone.is_availability_zone_of(region)),
            );
        }
        let anywhere =
            wish.places.contains(&Place::Anywhere) || wish.places.contains(&Place::Several);
        if anywhere && subject.rules.zones.is_empty() && expected.is_empty() {
            let own = self.subnets.values().filter(|subnet| subnet.vpc == *vpc);
            let real =
                own.filter(|subnet| subnet.zone.is_availability_zone_of(&subject.place.region));
            zones.extend(real.map(|subnet| subnet.zone.clone()));
        }
        for taken in expected.iter().filter_map(zone) {
            zones.remove(&taken);
        }
        match &subject.facts.file_system.one_zone {
            Some(only) if anywhere => BTreeSet::from([only.clone()]),
            Some(only) => zones.into_iter().filter(|zone| zone == only).collect(),
            None => zones,
        }
    }

    /// What holds a zone.
    fn holder(&self, zone: &Zone) -> Option<&MountTarget> {
        let mount_targets = self.subject.mount_targets().unwrap_or_default();
        mount_targets.into_iter().find(|mt| mt.zone == *zone)
    }

    /// The subnets that are wanted by name and can have a mount target.
    fn named(&self, wish: &Wish, vpc: &VpcId, notes: &mut Vec<Advice>) -> Vec<&Subnet> {
        let only = self.subject.facts.file_system.one_zone.as_ref();
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
                _ if !zone.is_availability_zone_of(&self.subject.place.region) => {
                    Err(format!("{zone}: {NO_MOUNT_TARGETS}"))
                }
                _ if let Some(why) = subnet.obstacle() => Err(why),
                _ if !carries(subnet, self.ip_type) => {
                    Err(format!("it cannot carry {} addresses", self.ip_type.flag()))
                }
                _ if subnet.free_addresses == 0 => Err("it has no free address".to_owned()),
                _ => Ok(Some(subnet)),
            }
        };
        let mut named = Vec::new();
        for id in &wish.subnets {
            match fits(id) {
                Ok(subnet) => named.extend(subnet),
                Err(why) => notes.push(format!("no mount target is added in {id}: {why}").into()),
            }
        }
        named
    }

    /// The subnets of a zone in which a mount target is of use: private ones, if there are any. An error: why there is none.
    fn best(&self, zone: &Zone, vpc: &VpcId) -> Result<Vec<&Subnet>, String> {
        if !zone.is_availability_zone_of(&self.subject.place.region) {
            return Err(NO_MOUNT_TARGETS.to_owned());
        }
        let own = |subnet: &&Subnet| subnet.zone == *zone && subnet.vpc == *vpc;
        let own: Vec<&Subnet> = self.subnets.values().filter(own).collect();
        if own.is_empty() {
            return Err(format!("{vpc} has no subnet there"));
        }
        let none = |what: &str| format!("no subnet of {vpc} there {what}");
        let carrying = format!("carries {} addresses", self.ip_type.flag());
        let obstacle = own.iter().find_map(|subnet| {
            let why = subnet.obstacle()?;
            Some(format!("can have a mount target ({}: {why})", subnet.id))
        });
        let fits = narrowed(own, |subnet| subnet.obstacle().is_none());
        let fits = fits.ok_or_else(|| none(&obstacle.unwrap_or_default()))?;
        let fits = narrowed(fits, |subnet| carries(subnet, self.ip_type));
        let fits = fits.ok_or_else(|| none(&carrying))?;
        let fits = narrowed(fits, |subnet| subnet.free_addresses > 0);
        let fits = fits.ok_or_else(|| none("has a free address"))?;
        let fits = narrowed(fits, |subnet| !self.is_walled(subnet));
        let mut fits = fits.ok_or_else(|| none("has a network ACL that lets NFS through"))?;
        let private = |subnet: &&Subnet| subnet.gives_public_addresses == Some(false);
        if fits.iter().any(private) {
            fits.retain(private);
        }
        Ok(fits)
    }

    /// Its network ACL keeps clients of the VPC from NFS; what cannot be read does not.
    fn is_walled(&self, subnet: &Subnet) -> bool {
        let place = self.subject.place;
        let (Ok(Some(acl)), Ok(vpcs)) = (place.acl(&subnet.id), &place.vpcs) else {
            return false;
        };
        let v4 = self.ip_type != IpType::Ipv6;
        let of_family = |range: &&IpNet| range.addr().is_ipv4() == v4;
        let own = vpcs.get(&subnet.vpc).map(|vpc| &vpc.cidrs);
        let ranges: Vec<IpNet> = own
            .into_iter()
            .flatten()
            .filter(of_family)
            .copied()
            .collect();
        !refused_by_acl(acl, &ranges, &subnet.ranges).is_empty()
    }
}

/// Those that fit, if there are any.
fn narrowed(subnets: Vec<&Subnet>, is_fit: impl Fn(&Subnet) -> bool) -> Option<Vec<&Subnet>> {
    let fits: Vec<&Subnet> = subnets
        .into_iter()
        .filter(|subnet| is_fit(subnet))
        .collect();
    (!fits.is_empty()).then_some(fits)
}
