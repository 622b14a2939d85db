//! Reads that only an audit makes: what holds for a whole region is read in bulk, whatever the number of file systems.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::budgeted::calls;
use super::{Answer, Budgeted, Cloud};
use crate::domain::access_point::AccessPoint;
use crate::domain::ids::FileSystemId;
use crate::domain::inventory::Replication;
use crate::domain::network::{NetworkInterface, SecurityGroup, Subnet, Vpc};

/// Which network interfaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkInterfaces {
    /// Those of all mount targets of the region.
    MountTargets,
    /// Those with this security group.
    WithGroup(String),
    /// Those of this EC2 instance.
    Instance(String),
}

calls! {
    /// The cloud, as an audit sees it. Nothing here changes anything.
    pub trait Inventory: Cloud {
        /// `DescribeFileSystemPolicy`; `None`: the default policy is in effect.
        efs fn policy(of: &FileSystemId) -> Option<String>;
        /// `DescribeAccessPoints` without a file system: all of the region.
        efs fn all_access_points() -> Vec<AccessPoint>;
        /// `DescribeReplicationConfigurations` without a file system: all of the region.
        efs fn replications() -> Vec<Replication>;
        /// `DescribeNetworkInterfaces`.
        ec2 fn network_interfaces(which: &NetworkInterfaces) -> Vec<NetworkInterface>;
        /// `DescribeVpcs`, all of them.
        ec2 fn all_vpcs() -> Vec<Vpc>;
        /// `DescribeSubnets`, all of them.
        ec2 fn all_subnets() -> Vec<Subnet>;
        /// `DescribeSecurityGroups`, all of them.
        ec2 fn all_security_groups() -> Vec<SecurityGroup>;
        /// `DescribeRegions`: those that are enabled for the account.
        ec2 fn regions() -> BTreeSet<String>;
        /// `GetManagedPrefixListEntries`.
        ec2 fn prefix_list(id: &str) -> Vec<IpNet>;
    }
}
