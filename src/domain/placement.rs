//! Which subnet of which zone gets a mount target: one choice for `create` and for `--fix`.
//!
//! EFS takes one mount target per zone, all in one VPC; the most reported failure of the field's tools is a second
//! subnet in a zone. The choice is deterministic, so the order in which subnets are given or listed never matters.

mod error;
mod resolved;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use ipnet::IpNet;

pub use self::error::PlacementError;
pub use self::resolved::{Placement, ZonePlacement};
use super::ids::{SubnetId, Zone};
use super::network::routing::is_private;
use super::network::{NetworkAcl, RouteTable, Subnet};
use super::spec::IpType;

/// By what one subnet of a zone is preferred to another. What could not be read prefers none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Preferences<'a> {
    /// IP address type of the mount targets.
    pub ip_type: IpType,
    /// Route tables of the subnets, where they could be read.
    pub route_tables: Option<&'a [RouteTable]>,
    /// Network ACLs of the subnets, where they could be read.
    pub network_acls: Option<&'a [NetworkAcl]>,
    /// Where clients are: the ranges of the VPC.
    pub clients: &'a [IpNet],
}

/// The subnet that is chosen in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<'s> {
    /// The subnet.
    pub subnet: &'s Subnet,
    /// Clients whom its network ACL keeps from NFS.
    pub blocked: Vec<IpNet>,
    /// Other subnets of the zone that could have been chosen, the best first.
    pub others: Vec<&'s Subnet>,
    /// Why it is preferred to them.
    pub because: Preference,
}

/// Why one subnet is preferred to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// The other one's network ACL keeps clients from NFS.
    NetworkAcl,
    /// It has no route to an internet gateway, and gives no public addresses.
    Private,
    /// It has more free addresses. With equally many, the lower id decides.
    FreeAddresses,
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NetworkAcl => "its network ACL allows NFS",
            Self::Private => "private",
            Self::FreeAddresses => "most free addresses",
        })
    }
}

/// Why none of the subnets of a zone can have a mount target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit<'s> {
    /// This one, which stands for all of them: it cannot have any.
    Obstacle(&'s Subnet, String),
    /// Those that can have one do not have such addresses.
    Addresses(IpType),
}

/// The subnet for a mount target in each zone of the candidates, or why there is none.
///
/// What cannot have a mount target is left out. Of the rest, one without a free address, or whose network ACL keeps clients from NFS,
/// comes last; then private ones come first (no route to an internet gateway, no public addresses), then those with most free
/// addresses, then the lower id.
pub fn best_subnets<'s>(
    candidates: impl IntoIterator<Item = &'s Subnet>,
    preferences: &Preferences<'_>,
) -> BTreeMap<&'s Zone, Result<Choice<'s>, Unfit<'s>>> {
    let mut by_zone: BTreeMap<&Zone, Vec<&Subnet>> = BTreeMap::new();
    for subnet in candidates {
        by_zone.entry(&subnet.zone).or_default().push(subnet);
    }
    let chosen = |(zone, subnets)| (zone, preferences.choose(subnets));
    by_zone.into_iter().map(chosen).collect()
}

/// The lowest is the best.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'s> {
    is_full: bool,
    is_blocked: bool,
    privacy: Privacy,
    free: Reverse<u32>,
    id: &'s SubnetId,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Privacy {
    Private,
    Unknown,
    Public,
}

impl Preferences<'_> {
    fn choose<'s>(&self, subnets: Vec<&'s Subnet>) -> Result<Choice<'s>, Unfit<'s>> {
        let mut obstacle = None;
        let mut fit = Vec::new();
        for subnet in subnets {
            match subnet.obstacle() {
                Some(why) => drop(obstacle.get_or_insert((subnet, why))),
                None => fit.push(subnet),
            }
        }
        let has_fit = !fit.is_empty();
        fit.retain(|subnet| carries(subnet, self.ip_type));
        fit.sort_by_cached_key(|subnet| self.rank(subnet));
        match (fit.split_first(), obstacle) {
            (Some((first, others)), _) => Ok(Choice {
                subnet: first,
                blocked: self.blocked(first),
                others: others.to_vec(),
                because: self.because(first, others.first().copied()),
            }),
            (None, Some((subnet, why))) if !has_fit => Err(Unfit::Obstacle(subnet, why)),
            (None, _) => Err(Unfit::Addresses(self.ip_type)),
        }
    }

    fn rank<'s>(&self, subnet: &'s Subnet) -> Rank<'s> {
        Rank {
            is_full: subnet.free_addresses == 0,
            is_blocked: !self.blocked(subnet).is_empty(),
            privacy: self.privacy(subnet),
            free: Reverse(subnet.free_addresses),
            id: &subnet.id,
        }
    }

    fn because(&self, first: &Subnet, second: Option<&Subnet>) -> Preference {
        let Some(second) = second else {
            return Preference::FreeAddresses;
        };
        let (first, second) = (self.rank(first), self.rank(second));
        if first.is_full != second.is_full {
            Preference::FreeAddresses
        } else if first.is_blocked != second.is_blocked {
            Preference::NetworkAcl
        } else if first.privacy != second.privacy {
            Preference::Private
        } else {
            Preference::FreeAddresses
        }
    }

    /// What gives public addresses is meant to be public, whatever its routes are: an audit finds it.
    fn privacy(&self, subnet: &Subnet) -> Privacy {
        let tables = self.route_tables.unwrap_or_default();
        match (is_private(subnet, tables), subnet.gives_public_addresses) {
            (Some(false), _) | (_, Some(true)) => Privacy::Public,
            (Some(true), _) => Privacy::Private,
            (None, _) => Privacy::Unknown,
        }
    }

    /// Clients of the VPC whom its network ACL keeps from NFS. One that is not known, or cannot be read, keeps no one.
    fn blocked(&self, subnet: &Subnet) -> Vec<IpNet> {
        let mut acls = self.network_acls.unwrap_or_default().iter();
        let own = acls.find(|acl| acl.subnets.contains(&subnet.id));
        let Some(acl) = own.filter(|acl| acl.unreadable.is_none()) else {
            return Vec::new();
        };
        let v4 = self.ip_type != IpType::Ipv6;
        let of_family = |range: &&IpNet| range.addr().is_ipv4() == v4;
        let clients: Vec<IpNet> = self.clients.iter().filter(of_family).copied().collect();
        acl.refused(&clients, &subnet.ranges)
    }
}

/// Whether a mount target in that subnet can have these addresses.
pub fn carries(subnet: &Subnet, ip_type: IpType) -> bool {
    match ip_type {
        IpType::Ipv4 => !subnet.ipv6_only,
        IpType::Ipv6 => subnet.ipv6_only,
        IpType::DualStack => subnet.has_ipv6() && !subnet.ipv6_only,
    }
}

#[cfg(test)]
mod tests;
