//! Route tables, as far as they tell which subnets have a way to and from the Internet.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{Subnet, Vpc};
use crate::domain::ids::{SubnetId, VpcId};

/// A route table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteTable {
    /// Its id.
    pub id: String,
    /// Its VPC.
    pub vpc: VpcId,
    /// It is that of every subnet of the VPC that has none of its own.
    pub is_main: bool,
    /// Subnets that have it as their own.
    pub subnets: BTreeSet<SubnetId>,
    /// Its routes.
    pub routes: Vec<Route>,
}

/// One route of a route table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The addresses it is for; `None`: those of a prefix list.
    pub destination: Option<IpNet>,
    /// What it leads to: `igw-…`, `vgw-…`, `nat-…`, `tgw-…`, `pcx-…`, `local`, …
    pub target: Option<String>,
    /// `active`, `blackhole`, …, where EC2 tells.
    pub state: Option<String>,
}

impl Route {
    /// It leads to an internet gateway. A `blackhole` leads nowhere: its gateway is detached (VPC user guide, "Route tables").
    fn leads_to_internet(&self) -> bool {
        self.leads_to("igw-")
    }

    /// It leads to another network whose hosts have the addresses it is for. Behind an internet gateway or a NAT they do not, and an
    /// endpoint is that of a service.
    fn leads_to_network(&self) -> bool {
        let others = ["igw-", "eigw-", "nat-", "vpce-", "local"];
        self.leads_to("") && !others.iter().any(|other| self.leads_to(other))
    }

    fn leads_to(&self, prefix: &str) -> bool {
        let target = self.target.as_deref();
        target.is_some_and(|id| id.starts_with(prefix))
            && self.state.as_deref() != Some("blackhole")
    }
}

/// The route table of a subnet; `None`: it is not among these.
pub fn table_of<'t>(subnet: &Subnet, tables: &'t [RouteTable]) -> Option<&'t RouteTable> {
    let own = tables
        .iter()
        .find(|table| table.subnets.contains(&subnet.id));
    own.or_else(|| {
        let mut tables = tables.iter();
        tables.find(|table| table.is_main && table.vpc == subnet.vpc)
    })
}

impl RouteTable {
    /// Whether it has an active route to that address: the most specific one decides (VPC user guide, "Route tables"). `None`: a
    /// route whose destination is not known may lead there.
    pub fn leads_to(&self, address: IpAddr) -> Option<bool> {
        let covers = |route: &&Route| {
            let destination = route.destination.as_ref();
            destination.is_some_and(|range| range.contains(&address))
        };
        let length = |route: &&Route| route.destination.map(|range| range.prefix_len());
        let best = self.routes.iter().filter(covers).max_by_key(length);
        match best {
            Some(route) => Some(route.state.as_deref() != Some("blackhole")),
            None if self.routes.iter().any(|route| route.destination.is_none()) => None,
            None => Some(false),
        }
    }
}

/// Whether a subnet has no route to an internet gateway, which is what makes it private (VPC user guide, "Subnet types"); `None`: none
/// of these tables is its own.
pub fn is_private(subnet: &Subnet, tables: &[RouteTable]) -> Option<bool> {
    let table = table_of(subnet, tables)?;
    Some(!table.routes.iter().any(Route::leads_to_internet))
}

/// The addresses of hosts that these subnets of a VPC answer to: those of the VPC, and those that their routes lead to over a peering, a
/// transit gateway, a VPN or an appliance. `None`: not all of them are known.
pub fn ranges_that_reach<'s>(
    vpc: &Vpc,
    subnets: impl IntoIterator<Item = &'s Subnet>,
    tables: &[RouteTable],
) -> Option<BTreeSet<IpNet>> {
    if !vpc.unclear.is_empty() {
        return None;
    }
    let mut ranges: BTreeSet<IpNet> = vpc.cidrs.iter().copied().collect();
    for subnet in subnets {
        let routes = table_of(subnet, tables)?.routes.iter();
        for route in routes.filter(|route| route.leads_to_network()) {
            ranges.insert(route.destination?);
        }
    }
    Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_route_decides() {
        let route = |destination: &str, state: &str| Route {
            destination: destination.parse().ok(),
            target: None,
            state: Some(state.to_owned()),
        };
        let table = |routes| RouteTable {
            id: "rtb-1".to_owned(),
            vpc: VpcId::from_aws("vpc-1"),
            is_main: true,
            subnets: BTreeSet::new(),
            routes,
        };
        let address = IpAddr::from([10, 7, 1, 5]);
        for (routes, leads) in [
            (vec![], Some(false)),
            (vec![route("10.7.0.0/16", "active")], Some(true)),
            (vec![route("10.8.0.0/16", "active")], Some(false)),
            (
                vec![
                    route("0.0.0.0/0", "active"),
                    route("10.7.0.0/16", "blackhole"),
                ],
                Some(false),
            ),
            (
                vec![
                    route("10.0.0.0/8", "blackhole"),
                    route("10.7.1.0/24", "active"),
                ],
                Some(true),
            ),
            (vec![route("::/0", "active")], Some(false)),
            (vec![route("a prefix list", "active")], None),
        ] {
            assert_eq!(table(routes.clone()).leads_to(address), leads, "{routes:?}");
        }
    }
}
