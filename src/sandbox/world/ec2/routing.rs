//! Route tables and network ACLs: they can be looked at and tagged.

use super::describe::{Describe, Listed, Page, Seen, one, select};

use crate::world::state::{AclEntry, NetworkAcl, RouteTable};
use crate::world::{ApiError, Region};

impl RouteTable {
    /// The state of a route: `active`, `blackhole` or `filtered`.
    pub fn route_state(&self, destination: &str) -> &str {
        self.inactive
            .get(destination)
            .map_or("active", String::as_str)
    }

    /// Its associations as pairs of id and subnet; the main association has no subnet.
    pub fn associations(&self) -> Vec<(String, Option<&str>)> {
        let main = self
            .is_main
            .then(|| (self.id.replacen("rtb-", "rtbassoc-", 1), None));
        let explicit = self
            .subnets
            .iter()
            .map(|id| (id.replacen("subnet-", "rtbassoc-", 1), Some(id.as_str())));
        main.into_iter().chain(explicit).collect()
    }
}

impl NetworkAcl {
    /// Its associations as pairs of id and subnet.
    pub fn associations(&self) -> Vec<(String, &str)> {
        let subnets = self.subnets.iter();
        subnets
            .map(|id| (id.replacen("subnet-", "aclassoc-", 1), id.as_str()))
            .collect()
    }
}

impl Listed for Seen<'_, RouteTable> {
    const FILTERS: &'static [&'static str] = &[
        "association.gateway-id",
        "association.main",
        "association.route-table-association-id",
        "association.route-table-id",
        "association.subnet-id",
        "owner-id",
        "route-table-id",
        "route.destination-cidr-block",
        "route.destination-ipv6-cidr-block",
        "route.destination-prefix-list-id",
        "route.egress-only-internet-gateway-id",
        "route.gateway-id",
        "route.instance-id",
        "route.nat-gateway-id",
        "route.origin",
        "route.state",
        "route.transit-gateway-id",
        "route.vpc-peering-connection-id",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        let table = self.it;
        let targets = |prefixes: &[&str]| {
            let targets = table.routes.iter().map(|(_, target)| target);
            let fits = |target: &&String| prefixes.iter().any(|prefix| target.starts_with(prefix));
            targets.filter(fits).cloned().collect()
        };
        let destinations = |ipv6: bool| {
            let all = table.routes.iter().map(|(destination, _)| destination);
            all.filter(|destination| destination.contains(':') == ipv6)
                .cloned()
                .collect()
        };
        match name {
            "association.main" => {
                let mains = table
                    .associations()
                    .into_iter()
                    .map(|(_, subnet)| subnet.is_none());
                mains.map(|main| main.to_string()).collect()
            }
            "association.route-table-association-id" => {
                table.associations().into_iter().map(|(id, _)| id).collect()
            }
            "association.subnet-id" => table.subnets.iter().cloned().collect(),
            "association.route-table-id" | "route-table-id" => one(&table.id),
            "owner-id" => one(&self.region.account_id),
            "route.destination-cidr-block" => destinations(false),
            "route.destination-ipv6-cidr-block" => destinations(true),
            "route.gateway-id" => targets(&["igw-", "vgw-", "vpce-", "local"]),
            "route.nat-gateway-id" => targets(&["nat-"]),
            "route.transit-gateway-id" => targets(&["tgw-"]),
            "route.vpc-peering-connection-id" => targets(&["pcx-"]),
            "route.egress-only-internet-gateway-id" => targets(&["eigw-"]),
            "route.state" => {
                let routes = table.routes.iter();
                routes
                    .map(|(destination, _)| table.route_state(destination).to_owned())
                    .collect()
            }
            "vpc-id" => one(&table.vpc_id),
            _ => Vec::new(),
        }
    }
}

impl Listed for Seen<'_, NetworkAcl> {
    const FILTERS: &'static [&'static str] = &[
        "association.association-id",
        "association.network-acl-id",
        "association.subnet-id",
        "default",
        "entry.cidr",
        "entry.egress",
        "entry.icmp.code",
        "entry.icmp.type",
        "entry.ipv6-cidr",
        "entry.port-range.from",
        "entry.port-range.to",
        "entry.protocol",
        "entry.rule-action",
        "entry.rule-number",
        "network-acl-id",
        "owner-id",
        "vpc-id",
    ];

    fn attribute(&self, name: &str) -> Vec<String> {
        let acl = self.it;
        let entries = acl.entries.iter();
        match name {
            "association.association-id" => {
                acl.associations().into_iter().map(|(id, _)| id).collect()
            }
            "association.network-acl-id" | "network-acl-id" => one(&acl.id),
            "association.subnet-id" => acl.subnets.iter().cloned().collect(),
            "default" => one(&acl.is_default),
            "entry.cidr" => entries.map(|entry| entry.cidr.clone()).collect(),
            "entry.egress" => entries.map(|entry| entry.egress.to_string()).collect(),
            "entry.port-range.from" => entries
                .filter_map(|entry| entry.ports.map(|(from, _)| from.to_string()))
                .collect(),
            "entry.port-range.to" => entries
                .filter_map(|entry| entry.ports.map(|(_, to)| to.to_string()))
                .collect(),
            "entry.protocol" => entries.map(|entry| entry.protocol.clone()).collect(),
            "entry.rule-action" => entries.map(|entry| entry.action().to_owned()).collect(),
            "entry.rule-number" => entries.map(|entry| entry.number.to_string()).collect(),
            "owner-id" => one(&self.region.account_id),
            "vpc-id" => one(&acl.vpc_id),
            _ => Vec::new(),
        }
    }
}

impl AclEntry {
    /// `allow` or `deny`.
    pub fn action(&self) -> &'static str {
        if self.allow { "allow" } else { "deny" }
    }
}

impl Region {
    /// `DescribeRouteTables`.
    pub fn describe_route_tables(&self, input: &Describe) -> Result<Page<RouteTable>, ApiError> {
        Ok(select(input, self.see(self.route_tables.values()))?.map(|seen| seen.it.clone()))
    }

    /// `DescribeNetworkAcls`.
    pub fn describe_network_acls(&self, input: &Describe) -> Result<Page<NetworkAcl>, ApiError> {
        Ok(select(input, self.see(self.network_acls.values()))?.map(|seen| seen.it.clone()))
    }
}
