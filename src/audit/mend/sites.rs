//! Where mount targets are added: one in each zone that is wanted and has none, by the same choice as `create` makes.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::Wish;
use crate::audit::check::Subject;
use crate::audit::checks::path;
use crate::audit::clients::ClientRef;
use crate::audit::reach::refused_by_acl;
use crate::domain::ids::{Name, SubnetId, VpcId, Zone};
use crate::domain::layout::{Layout, carries, choose};
use crate::domain::network::{Peer, Source, Subnet};
use crate::domain::spec::{IpType, Spec};
use crate::domain::state::MountTarget;

type Subnets = BTreeMap<SubnetId, Subnet>;

/// The sites of a wish, and the addresses their mount targets get. What has no place is noted.
pub(super) fn place(subject: &Subject<'_>, wish: &mut Wish) -> (Option<Layout>, IpType) {
    let ip_type = ip_type(subject);
    let layout = match &subject.place.subnets {
        Ok(subnets) if wish.somewhere || wish.stated || !wish.subnets.is_empty() => {
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
                .push(format!("no mount target is added: {}", unseen.why));
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

/// Whom the group admits that is made for the first mount targets: the stated clients.
pub(super) fn sources(
    subject: &Subject<'_>,
    layout: &Layout,
    notes: &mut Vec<String>,
) -> Vec<Source> {
    let mut sources = BTreeSet::new();
    for client in subject.clients {
        match path::peers(subject, client, &layout.vpc) {
            Ok(peers) => sources.extend(peers.into_iter().filter_map(|peer| match peer {
                Peer::Group(id) => Some(Source::Group(id)),
                Peer::Range(range) => Some(Source::Range(range)),
                Peer::PrefixList(_) => None,
            })),
            Err(why) => notes.push(format!("{} is not admitted: {why}", client.stated)),
        }
    }
    sources.into_iter().collect()
}

struct Search<'a> {
    subject: &'a Subject<'a>,
    subnets: &'a Subnets,
    ip_type: IpType,
}

impl Search<'_> {
    fn sites(&self, wish: &Wish) -> (Option<Layout>, Vec<String>) {
        let mut notes = Vec::new();
        let Some(vpc) = self.vpc() else {
            let why = "no mount target is added: which VPC it belongs into is not stated (--vpc, --subnet or --client), and there is no default VPC";
            return (None, vec![why.to_owned()]);
        };
        let mut candidates = Vec::new();
        let named = self.named(wish, &vpc, &mut notes);
        for zone in self.zones(wish, &vpc) {
            if self.holder(&zone).is_some() || named.iter().any(|subnet| subnet.zone == zone) {
                continue;
            }
            match self.best(&zone, &vpc) {
                found if found.is_empty() => notes.push(format!(
                    "no mount target is added in {zone}: {vpc} has no subnet there that has a free address, the right addresses, and a network ACL that lets NFS through"
                )),
                found => candidates.extend(found),
            }
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

    /// The VPC of its mount targets; else the one that is stated, by itself or by subnets; else the default VPC.
    fn vpc(&self) -> Option<VpcId> {
        let subject = self.subject;
        let of = |id: &SubnetId| self.subnets.get(id).map(|subnet| subnet.vpc.clone());
        let mount_targets = subject.mount_targets().unwrap_or_default();
        let own = mount_targets
            .iter()
            .find_map(|mt| mt.vpc.clone().or_else(|| of(&mt.subnet)));
        let inhabited = || subject.clients.iter().flat_map(|client| &client.subnets);
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
            vpcs.values()
                .find(|vpc| vpc.is_default)
                .map(|vpc| vpc.id.clone())
        };
        own.or_else(|| subject.rules.vpc.clone())
            .or_else(|| subject.rules.subnets.iter().find_map(of))
            .or_else(|| inhabited().find_map(of))
            .or_else(of_group)
            .or_else(default)
    }

    /// Zones that are wanted besides those of expected subnets; of a One Zone file system only its own.
    fn zones(&self, wish: &Wish, vpc: &VpcId) -> BTreeSet<Zone> {
        let subject = self.subject;
        if !(wish.somewhere || wish.stated) {
            return BTreeSet::new();
        }
        let zone = |id: &SubnetId| self.subnets.get(id).map(|subnet| subnet.zone.clone());
        let inhabited = subject.clients.iter().flat_map(|client| &client.subnets);
        let asked = subject.rules.zones.iter().cloned();
        let mut zones: BTreeSet<Zone> = inhabited.filter_map(zone).chain(asked).collect();
        let expected = &subject.rules.subnets;
        if wish.somewhere && zones.is_empty() && expected.is_empty() {
            let own = self.subnets.values().filter(|subnet| subnet.vpc == *vpc);
            let real =
                own.filter(|subnet| is_availability_zone(&subnet.zone, &subject.place.region));
            zones = real.map(|subnet| subnet.zone.clone()).collect();
        }
        for taken in expected.iter().filter_map(zone) {
            zones.remove(&taken);
        }
        if let Some(only) = &subject.facts.file_system.one_zone {
            zones.retain(|zone| zone == only);
        }
        zones
    }

    /// What holds a zone.
    fn holder(&self, zone: &Zone) -> Option<&MountTarget> {
        let mount_targets = self.subject.mount_targets().unwrap_or_default();
        mount_targets.into_iter().find(|mt| mt.zone == *zone)
    }

    /// The subnets that are wanted by name and can have a mount target.
    fn named(&self, wish: &Wish, vpc: &VpcId, notes: &mut Vec<String>) -> Vec<&Subnet> {
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
                Err(why) => notes.push(format!("no mount target is added in {id}: {why}")),
            }
        }
        named
    }

    /// The subnets of a zone in which a mount target is of use: private ones, if there are any.
    fn best(&self, zone: &Zone, vpc: &VpcId) -> Vec<&Subnet> {
        let fits = |subnet: &&Subnet| {
            subnet.zone == *zone
                && subnet.vpc == *vpc
                && carries(subnet, self.ip_type)
                && subnet.free_addresses > 0
                && !self.is_walled(subnet)
        };
        let found: Vec<&Subnet> = self.subnets.values().filter(fits).collect();
        let private = |subnet: &&Subnet| !subnet.gives_public_addresses;
        if found.iter().any(private) {
            return found.into_iter().filter(private).collect();
        }
        found
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

/// Its name is that of the region and one letter (AWS global infrastructure, "Availability Zones"): EFS has no mount targets
/// in Local Zones and Wavelength Zones.
fn is_availability_zone(zone: &Zone, region: &str) -> bool {
    let letter = zone.as_str().strip_prefix(region);
    letter.is_some_and(|letter| letter.len() == 1)
}
