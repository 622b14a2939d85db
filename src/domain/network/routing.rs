//! Route tables, as far as they tell which subnets have a way to and from the Internet.

use std::collections::BTreeSet;

use super::Subnet;
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
    /// The gateway it leads to, where it leads to one: `igw-…`, `vgw-…`, `local`, …
    pub gateway: Option<String>,
    /// `active`, `blackhole`, …, where EC2 tells.
    pub state: Option<String>,
}

impl Route {
    /// It leads to an internet gateway. A `blackhole` leads nowhere: its gateway is detached (VPC user guide, "Route tables").
    fn leads_to_internet(&self) -> bool {
        let gateway = self.gateway.as_deref();
        gateway.is_some_and(|id| id.starts_with("igw-"))
            && self.state.as_deref() != Some("blackhole")
    }
}

/// Whether a subnet has no route to an internet gateway, which is what makes it private (VPC user guide, "Subnet types"); `None`: none
/// of these tables is its own.
pub fn is_private(subnet: &Subnet, tables: &[RouteTable]) -> Option<bool> {
    let own = tables
        .iter()
        .find(|table| table.subnets.contains(&subnet.id));
    let main = || {
        let mut tables = tables.iter();
        tables.find(|table| table.is_main && table.vpc == subnet.vpc)
    };
    let table = own.or_else(main)?;
    Some(!table.routes.iter().any(Route::leads_to_internet))
}
