//! The part of EC2 a provisioner of EFS meets: VPCs, subnets, security groups and their rules, prefix lists,
//! network interfaces, routing, tags.
//!
//! Every `Describe…` is `describe::select` over the stored resources; each resource says in its own file
//! which filters it knows.

mod addresses;
pub mod associations;
pub mod describe;
pub mod endpoints;
mod filters;
pub mod instances;
pub mod instances_listing;
mod kinds;
pub mod network_interfaces;
mod paging;
pub mod peerings;
pub mod permissions;
pub mod prefix_lists;
mod refusals;
mod resource;
pub mod routing;
pub mod rules;
pub mod security_groups;
pub mod subnets;
pub mod tags;
pub mod vpcs;
pub mod zones;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::catalog::{self, RegionFacts};
use super::ids::Ids;
use super::state::{Millis, Quotas, Region, Subnet, Timing};

pub use describe::{Describe, Page};
pub use filters::Filter;
pub use permissions::{GroupPair, IpPermission, IpRange};
pub use tags::TagSpecification;

/// The range that AWS gives a default VPC.
pub(in crate::world) const DEFAULT_VPC: Ipv4Net =
    Ipv4Net::new_assert(Ipv4Addr::new(172, 31, 0, 0), 16);

/// Created then: there before the account was first looked at, and visible at any time.
pub(in crate::world) const ALWAYS: Millis = 0;

impl Region {
    /// A region without any resource, not even the default VPC.
    pub(in crate::world) fn empty(facts: &RegionFacts, account_id: &str) -> Self {
        Self {
            name: facts.name.clone().into_owned(),
            account_id: account_id.to_owned(),
            timing: Timing::default(),
            disabled_regions: BTreeSet::new(),
            unknown_principals: BTreeSet::new(),
            now: 0,
            ids: Ids::of(account_id, &facts.name),
            quotas: Quotas::default(),
            failing_zones: BTreeSet::new(),
            file_systems: BTreeMap::new(),
            mount_targets: BTreeMap::new(),
            access_points: BTreeMap::new(),
            stated_zones: BTreeMap::new(),
            peerings: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            instances: BTreeMap::new(),
            kms_keys: BTreeMap::new(),
            vpcs: BTreeMap::new(),
            subnets: BTreeMap::new(),
            security_groups: BTreeMap::new(),
            prefix_lists: BTreeMap::new(),
            network_interfaces: BTreeMap::new(),
            route_tables: BTreeMap::new(),
            network_acls: BTreeMap::new(),
        }
    }

    /// A region as a new account finds it: the default VPC with a /20 subnet in each of the
    /// first three zones, a default security group, and routes and ACL that let everything through
    /// (VPC user guide, "Default VPCs").
    pub fn with_default_vpc(facts: &RegionFacts, account_id: &str, vpc: Ipv4Net) -> Self {
        let mut region = Self::empty(facts, account_id);
        region.add_default_vpc(facts, vpc);
        region
    }

    /// Adds the default VPC and its subnets.
    pub(in crate::world) fn add_default_vpc(&mut self, facts: &RegionFacts, vpc: Ipv4Net) {
        let [first, second, ..] = vpc.network().octets();
        let id = self.ids.next("vpc", &["default"]);
        let gateway = self.ids.next("igw", &[&id]);
        self.add_vpc(&id, vpc);
        if let Some(vpc) = self.vpcs.get_mut(&id) {
            vpc.is_default = true;
            vpc.dns_hostnames = true;
        }
        for table in self
            .route_tables
            .values_mut()
            .filter(|table| table.vpc_id == id)
        {
            table.routes.push(("0.0.0.0/0".to_owned(), gateway.clone()));
        }
        for (third, letter) in [0, 16, 32].into_iter().zip(facts.zones) {
            let cidr = range([first, second, third, 0], 20);
            let subnet = Subnet {
                id: self.ids.next("subnet", &[&id, &cidr.to_string()]),
                vpc_id: id.clone(),
                availability_zone: format!("{}{letter}", facts.name),
                cidr,
                default_for_az: true,
                map_public_ip: true,
                ..Subnet::default()
            };
            self.add_subnet(subnet);
        }
    }

    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub fn partition(&self) -> &'static str {
        catalog::partition_of(&self.name).name
    }

    /// The account of a resource: that of the caller, unless another one shares it.
    pub fn owner<'a>(&'a self, other: Option<&'a String>) -> &'a str {
        other.unwrap_or(&self.account_id)
    }

    /// The ARN of an EC2 resource here: `arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-…`.
    pub fn ec2_arn(&self, kind: &str, id: &str) -> String {
        format!(
            "arn:{}:ec2:{}:{}:{kind}/{id}",
            self.partition(),
            self.name,
            self.account_id
        )
    }
}

fn range(address: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(address.into(), length)
}
