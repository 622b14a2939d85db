//! What is drawn: a file system and the network around it, and what could not be read of them.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::domain::access_point::AccessPoint;
use crate::domain::finding::Finding;
use crate::domain::ids::{MountTargetId, SecurityGroupId, SubnetId, VpcId};
use crate::domain::network::{NetworkInterface, SecurityGroup, Subnet, Vpc};
use crate::domain::settings::policy::ObservedPolicy;
use crate::domain::state::{FileSystem, MountTarget};

/// What was read, or in words why it could not be.
pub type Part<T> = Result<T, String>;

/// A file system and the network around it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Its region.
    pub region: String,
    /// The file system.
    pub file_system: FileSystem,
    /// Its mount targets.
    pub mount_targets: Part<Vec<MountTarget>>,
    /// Their network interfaces; one that does not exist is left out.
    pub interfaces: Part<BTreeMap<MountTargetId, NetworkInterface>>,
    /// Subnets of the region.
    pub subnets: Part<BTreeMap<SubnetId, Subnet>>,
    /// VPCs of the region.
    pub vpcs: Part<BTreeMap<VpcId, Vpc>>,
    /// Security groups of the region: rules name those of others.
    pub groups: Part<BTreeMap<SecurityGroupId, SecurityGroup>>,
    /// Ranges of the prefix lists that rules name.
    pub prefix_lists: BTreeMap<String, Part<Vec<IpNet>>>,
    /// Its access points.
    pub access_points: Part<Vec<AccessPoint>>,
    /// Its policy.
    pub policy: Part<ObservedPolicy>,
    /// What failed and what is unknown, where that is drawn too.
    pub findings: Option<Vec<Traced>>,
}

/// A finding, and what it is about.
#[derive(Debug, Clone)]
pub struct Traced {
    /// Failed, or unknown.
    pub finding: Finding,
    /// Never empty.
    pub about: Vec<Subject>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The file system itself.
    FileSystem,
    /// The VPCs of its mount targets.
    Vpc,
    /// Its access points.
    AccessPoints,
    /// That mount target.
    MountTarget(MountTargetId),
    /// That security group.
    Group(SecurityGroupId),
}
