//! The cloud, as the flow sees it: its calls in domain words.
//!
//! [`crate::aws`] implements it over the SDK; the tests implement it directly over the sandbox's world.
//! A method is one operation of AWS, except that a listing follows its pages.

pub mod cause;
mod class;
pub mod codes;
pub mod error;
pub mod inventory;
mod sentences;

use std::collections::BTreeSet;
use std::future::Future;

pub use cause::{Cause, Policy, Variant};
pub use error::{Class, CloudError};
pub use inventory::{Endpoints, Inventory};

use crate::domain::access_point::{AccessPoint, AccessPointSpec};
use crate::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId,
    VpcId, Zone,
};
use crate::domain::inventory::Replication;
use crate::domain::network::{
    NetworkAcl, Peer, PrefixList, RouteTable, SecurityGroup, Subnet, Vpc, VpcDns,
};
use crate::domain::settings::{Key, Kind, Observed, On, Throughput, Value, Wish};
use crate::domain::spec::{Encryption, IpType, PerformanceMode, Spec};
use crate::domain::state::{FileSystem, Interface, MountTarget};
use crate::domain::tags::Tags;
use crate::domain::zones::ZoneFacts;

/// The answer of a call.
pub type Answer<T> = Result<T, CloudError>;

/// Which file systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSystems {
    /// The one with this id.
    Id(FileSystemId),
    /// The one created under this token. AWS may answer "not found" or an empty list: both are an empty list here.
    Token(String),
    /// All of the account in the region.
    All,
}

/// Which subnets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subnets {
    /// Those with these ids.
    Ids(Vec<SubnetId>),
    /// Those of this VPC.
    Vpc(VpcId),
    /// The default subnet of each zone: they belong to the default VPC.
    Default,
}

/// Which VPCs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vpcs {
    /// The one with this id.
    Id(VpcId),
    /// The account's default VPC.
    Default,
}

/// Which route tables and network ACLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Within {
    /// Those of this VPC.
    Vpc(VpcId),
    /// All of the region.
    Region,
}

/// Which security groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Groups {
    /// Those with these ids.
    Ids(Vec<SecurityGroupId>),
    /// Those with this name, in any VPC.
    Name(String),
    /// Those that carry this tag.
    Tagged(&'static str, String),
}

/// A file system to make.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFileSystem {
    /// The idempotency token.
    pub token: String,
    /// Encryption at rest.
    pub encryption: Encryption,
    /// Performance mode.
    pub performance: PerformanceMode,
    /// Throughput mode.
    pub throughput: Throughput,
    /// The zone of a One Zone file system.
    pub one_zone: Option<Zone>,
    /// Turn automatic backups on or off; `None` leaves AWS's default (on for One Zone).
    pub backup: Option<bool>,
    /// Tags, set in the same call.
    pub tags: Tags,
}

impl NewFileSystem {
    /// The file system a spec asks for, with these tags.
    pub fn of(spec: &Spec, tags: Tags) -> Self {
        Self {
            token: spec.name.token(),
            encryption: spec.encryption.clone(),
            performance: spec.performance.unwrap_or_default(),
            throughput: spec
                .settings
                .throughput
                .value()
                .copied()
                .unwrap_or_default(),
            one_zone: spec.one_zone.clone(),
            backup: match spec.settings.backups {
                Wish::Leave => None,
                Wish::Set(On) => Some(true),
                Wish::Clear => Some(false),
            },
            tags,
        }
    }
}

/// An access point to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccessPoint {
    /// Of this file system.
    pub file_system: FileSystemId,
    /// The idempotency token.
    pub token: String,
    /// What it is.
    pub spec: AccessPointSpec,
    /// Tags, set in the same call.
    pub tags: Tags,
}

/// A mount target to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMountTarget {
    /// Of this file system.
    pub file_system: FileSystemId,
    /// In this subnet.
    pub subnet: SubnetId,
    /// Its addresses.
    pub ip_type: IpType,
    /// Its security groups.
    pub groups: BTreeSet<SecurityGroupId>,
}

/// A security group to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its VPC.
    pub vpc: VpcId,
    /// Tags, set in the same call.
    pub tags: Tags,
}

/// A right that EC2 can be asked for with `DryRun`. EFS has no such thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// To make this group.
    CreateSecurityGroup(NewGroup),
    /// To admit NFS to this group, from a peer, by a rule with these tags.
    AuthorizeIngress(SecurityGroupId, Peer, Tags),
    /// To tag this network interface.
    CreateTags(NetworkInterfaceId),
}

/// Reads the setting of that type.
///
/// # Errors
///
/// As [`Cloud::setting`].
pub async fn read<S: Kind>(cloud: &impl Cloud, of: &FileSystemId) -> Answer<S::Observed> {
    let observed = cloud.setting(of, S::KEY).await?;
    let wrong = || CloudError::new(Class::Terminal, "Describe", format!("no {}", S::NAME));
    S::pick(&observed).cloned().ok_or_else(wrong)
}

/// Something that holds a security group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupUser {
    /// The id of a network interface or of another group.
    pub id: String,
    /// The file system, where it is the interface of a mount target.
    pub file_system: Option<FileSystemId>,
}

/// The cloud.
pub trait Cloud: Send + Sync {
    /// `DescribeFileSystems`.
    fn file_systems(
        &self,
        which: &FileSystems,
    ) -> impl Future<Output = Answer<Vec<FileSystem>>> + Send;
    /// `DescribeMountTargets` of one file system, all of them.
    fn mount_targets(
        &self,
        of: &FileSystemId,
    ) -> impl Future<Output = Answer<Vec<MountTarget>>> + Send;
    /// `DescribeAccessPoints` of one file system, all of them.
    fn access_points(
        &self,
        of: &FileSystemId,
    ) -> impl Future<Output = Answer<Vec<AccessPoint>>> + Send;
    /// The operation that reads this setting: `DescribeLifecycleConfiguration`, `DescribeBackupPolicy`; `DescribeFileSystems` for those
    /// that it shows. What was never set is read as AWS's default.
    fn setting(&self, of: &FileSystemId, key: Key)
    -> impl Future<Output = Answer<Observed>> + Send;
    /// `DescribeReplicationConfigurations`: those of which it is source or destination.
    fn replications_of(
        &self,
        id: &FileSystemId,
    ) -> impl Future<Output = Answer<Vec<Replication>>> + Send;
    /// `DescribeVpcs`.
    fn vpcs(&self, which: &Vpcs) -> impl Future<Output = Answer<Vec<Vpc>>> + Send;
    /// `DescribeVpcAttribute`, twice: AWS tells one attribute a call.
    fn vpc_dns(&self, of: &VpcId) -> impl Future<Output = Answer<VpcDns>> + Send;
    /// `DescribeSubnets`. Ids that do not exist are an error of class [`Class::NotFound`].
    fn subnets(&self, which: &Subnets) -> impl Future<Output = Answer<Vec<Subnet>>> + Send;
    /// `DescribeAvailabilityZones`.
    fn zones(&self) -> impl Future<Output = Answer<Vec<ZoneFacts>>> + Send;
    /// `DescribeRouteTables`.
    fn route_tables(&self, within: &Within)
    -> impl Future<Output = Answer<Vec<RouteTable>>> + Send;
    /// `DescribeNetworkAcls`.
    fn network_acls(&self, within: &Within)
    -> impl Future<Output = Answer<Vec<NetworkAcl>>> + Send;
    /// `DescribeSecurityGroups`. Ids that do not exist are an error of class [`Class::NotFound`].
    fn security_groups(
        &self,
        which: &Groups,
    ) -> impl Future<Output = Answer<Vec<SecurityGroup>>> + Send;
    /// `DescribeNetworkInterfaces`. Ids that do not exist are left out.
    fn interfaces(
        &self,
        ids: &BTreeSet<NetworkInterfaceId>,
    ) -> impl Future<Output = Answer<Vec<Interface>>> + Send;
    /// Who holds a security group so that it cannot be deleted: network interfaces that wear it
    /// (`DescribeNetworkInterfaces`) and other groups whose rules name it (`DescribeSecurityGroups`).
    fn group_users(
        &self,
        id: &SecurityGroupId,
    ) -> impl Future<Output = Answer<BTreeSet<GroupUser>>> + Send;
    /// `GetManagedPrefixListEntries`, and `DescribeManagedPrefixLists` for with how many rules it counts, where that may be read.
    fn managed_prefix_list(&self, id: &str) -> impl Future<Output = Answer<PrefixList>> + Send;
    /// The EC2 operation of that right with `DryRun`: whether it would be allowed. Changes nothing.
    fn may(&self, right: &Right) -> impl Future<Output = Answer<()>> + Send;

    /// `CreateFileSystem`.
    fn create_file_system(
        &self,
        new: &NewFileSystem,
    ) -> impl Future<Output = Answer<FileSystem>> + Send;
    /// The operation that writes this setting: `UpdateFileSystem`, `PutLifecycleConfiguration`, `PutBackupPolicy`. The file system,
    /// where the answer shows it.
    fn set(
        &self,
        of: &FileSystemId,
        to: &Value,
    ) -> impl Future<Output = Answer<Option<FileSystem>>> + Send;
    /// `TagResource` on a file system.
    fn tag_file_system(
        &self,
        id: &FileSystemId,
        tags: &Tags,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// `CreateSecurityGroup`.
    fn create_security_group(
        &self,
        new: &NewGroup,
    ) -> impl Future<Output = Answer<SecurityGroupId>> + Send;
    /// `AuthorizeSecurityGroupIngress`: one rule, TCP 2049 from one peer.
    fn admit_nfs(
        &self,
        group: &SecurityGroupId,
        from: &Peer,
        tags: &Tags,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// `CreateMountTarget`.
    fn create_mount_target(
        &self,
        new: &NewMountTarget,
    ) -> impl Future<Output = Answer<MountTarget>> + Send;
    /// `CreateAccessPoint`. A token that was used is an error of class [`Class::Settle`], even when the requests are the same.
    fn create_access_point(
        &self,
        new: &NewAccessPoint,
    ) -> impl Future<Output = Answer<AccessPoint>> + Send;
    /// `ModifyMountTargetSecurityGroups`: replaces the whole list.
    fn set_mount_target_groups(
        &self,
        of: &MountTargetId,
        groups: &BTreeSet<SecurityGroupId>,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// `CreateTags` on network interfaces.
    fn tag_interfaces(
        &self,
        ids: &BTreeSet<NetworkInterfaceId>,
        tags: &Tags,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// `DeleteAccessPoint`.
    fn delete_access_point(&self, id: &AccessPointId) -> impl Future<Output = Answer<()>> + Send;
    /// `DeleteMountTarget`: forcibly breaks every mount through it.
    fn delete_mount_target(&self, id: &MountTargetId) -> impl Future<Output = Answer<()>> + Send;
    /// `DeleteFileSystem`: destroys its data.
    fn delete_file_system(&self, id: &FileSystemId) -> impl Future<Output = Answer<()>> + Send;
    /// `DeleteSecurityGroup`.
    fn delete_security_group(
        &self,
        id: &SecurityGroupId,
    ) -> impl Future<Output = Answer<()>> + Send;
}
