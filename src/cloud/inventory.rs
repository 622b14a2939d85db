//! Reads that only an audit makes: what holds for a whole region is read in bulk, whatever the number of file systems.

use std::collections::BTreeSet;
use std::future::Future;

use ipnet::IpNet;

use super::{Answer, Cloud};
use crate::domain::access_point::AccessPoint;
use crate::domain::ids::FileSystemId;
use crate::domain::inventory::Replication;
use crate::domain::network::{Endpoint, SecurityGroup, Subnet, Vpc};

/// Which network interfaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoints {
    /// Those of all mount targets of the region.
    MountTargets,
    /// Those that wear this security group.
    Wearing(String),
    /// Those of this EC2 instance.
    Instance(String),
}

/// The cloud, as an audit sees it. Nothing here changes anything.
pub trait Inventory: Cloud {
    /// The same cloud, where a call is sent once: an audit decides itself when to ask again.
    #[must_use]
    fn once(&self) -> Self
    where
        Self: Sized;
    /// `DescribeFileSystemPolicy`; `None`: the default policy is in effect.
    fn policy(&self, of: &FileSystemId) -> impl Future<Output = Answer<Option<String>>> + Send;
    /// `DescribeAccessPoints` without a file system: all of the region.
    fn all_access_points(&self) -> impl Future<Output = Answer<Vec<AccessPoint>>> + Send;
    /// `DescribeReplicationConfigurations` without a file system: all of the region.
    fn replications(&self) -> impl Future<Output = Answer<Vec<Replication>>> + Send;
    /// `DescribeNetworkInterfaces`.
    fn endpoints(&self, which: &Endpoints) -> impl Future<Output = Answer<Vec<Endpoint>>> + Send;
    /// `DescribeVpcs`, all of them.
    fn all_vpcs(&self) -> impl Future<Output = Answer<Vec<Vpc>>> + Send;
    /// `DescribeSubnets`, all of them.
    fn all_subnets(&self) -> impl Future<Output = Answer<Vec<Subnet>>> + Send;
    /// `DescribeSecurityGroups`, all of them.
    fn all_security_groups(&self) -> impl Future<Output = Answer<Vec<SecurityGroup>>> + Send;
    /// `DescribeRegions`: those that are enabled for the account.
    fn regions(&self) -> impl Future<Output = Answer<BTreeSet<String>>> + Send;
    /// `GetManagedPrefixListEntries`.
    fn prefix_list(&self, id: &str) -> impl Future<Output = Answer<Vec<IpNet>>> + Send;
}
