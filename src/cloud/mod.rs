//! The cloud, as the flow sees it: its calls in domain words.
//!
//! [`crate::aws`] implements it over the SDK; the tests implement it directly over the sandbox's world.
//! A method is one operation of AWS, except that a listing follows its pages. [`Budgeted`] is the same cloud at a rate that AWS allows.

mod budget;
mod budgeted;
pub mod cause;
mod class;
pub mod codes;
pub mod error;
pub mod inventory;
mod sentences;

use std::collections::BTreeSet;

pub use budget::Budget;
use budgeted::calls;
pub use budgeted::{Budgeted, Connected};
pub use cause::{Cause, Policy, Variant};
pub use error::{Class, CloudError};
pub use inventory::{Inventory, NetworkInterfaces};
pub use sentences::missing_right;

use crate::domain::access_point::{AccessPoint, AccessPointSpec};
use crate::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId,
    SecurityGroupRuleId, SubnetId, VpcId, Zone,
};
use crate::domain::inventory::Replication;
use crate::domain::network::{
    GroupRule, NetworkAcl, Peer, PrefixList, RouteTable, SecurityGroup, Subnet, Vpc, VpcDns,
};
use crate::domain::settings::{Key, Kind, ObservedSetting, On, Throughput, Value, Wish};
use crate::domain::spec::{Encryption, IpType, PerformanceMode, Spec};
use crate::domain::state::{FileSystem, MountTarget, MountTargetInterface};
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

/// A permission that EC2 can be asked for with `DryRun`. EFS has no such thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// To make this group.
    CreateSecurityGroup(NewGroup),
    /// To allow NFS to this group, from a peer, by a rule with these tags.
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
    let wrong = || CloudError::new(Class::Permanent, "Describe", format!("no {}", S::NAME));
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

calls! {
    /// The cloud.
    pub trait Cloud: Connected {
        /// `DescribeFileSystems`.
        efs fn file_systems(which: &FileSystems) -> Vec<FileSystem>;
        /// `DescribeMountTargets` of one file system, all of them.
        efs fn mount_targets(of: &FileSystemId) -> Vec<MountTarget>;
        /// `DescribeAccessPoints` of one file system, all of them.
        efs fn access_points(of: &FileSystemId) -> Vec<AccessPoint>;
        /// The operation that reads this setting: `DescribeLifecycleConfiguration`, `DescribeBackupPolicy`, `DescribeFileSystemPolicy`;
        /// `DescribeFileSystems` for those that it shows. What was never set is read as AWS's default.
        efs fn setting(of: &FileSystemId, key: Key) -> ObservedSetting;
        /// `DescribeReplicationConfigurations`: those of which it is source or destination.
        efs fn replications_of(id: &FileSystemId) -> Vec<Replication>;
        /// `DescribeVpcs`.
        ec2 fn vpcs(which: &Vpcs) -> Vec<Vpc>;
        /// `DescribeVpcAttribute`, twice: AWS tells one attribute a call.
        ec2 fn vpc_dns(of: &VpcId) -> VpcDns;
        /// `DescribeSubnets`. Ids that do not exist are an error of class [`Class::NotFound`].
        ec2 fn subnets(which: &Subnets) -> Vec<Subnet>;
        /// `DescribeAvailabilityZones`.
        ec2 fn zones() -> Vec<ZoneFacts>;
        /// `DescribeRouteTables`.
        ec2 fn route_tables(within: &Within) -> Vec<RouteTable>;
        /// `DescribeNetworkAcls`.
        ec2 fn network_acls(within: &Within) -> Vec<NetworkAcl>;
        /// `DescribeSecurityGroups`. Ids that do not exist are an error of class [`Class::NotFound`].
        ec2 fn security_groups(which: &Groups) -> Vec<SecurityGroup>;
        /// `DescribeSecurityGroupRules`: the rules of these groups.
        ec2 fn group_rules(of: &BTreeSet<SecurityGroupId>) -> Vec<GroupRule>;
        /// `DescribeNetworkInterfaces`. Ids that do not exist are left out.
        ec2 fn interfaces(ids: &BTreeSet<NetworkInterfaceId>) -> Vec<MountTargetInterface>;
        /// Who holds a security group so that it cannot be deleted: network interfaces that have it
        /// (`DescribeNetworkInterfaces`) and other groups whose rules name it (`DescribeSecurityGroups`).
        ec2 fn group_users(id: &SecurityGroupId) -> BTreeSet<GroupUser>;
        /// `GetManagedPrefixListEntries`, and `DescribeManagedPrefixLists` for with how many rules it counts, where that may be read.
        ec2 fn managed_prefix_list(id: &str) -> PrefixList;
        /// The EC2 operation of that permission with `DryRun`: whether it would be allowed. Changes nothing.
        ec2 fn check_permission(permission: &Permission) -> ();
        /// `CreateFileSystem`.
        write fn create_file_system(new: &NewFileSystem) -> FileSystem;
        /// The operation that writes this setting: `UpdateFileSystem`, `PutLifecycleConfiguration`, `PutBackupPolicy`,
        /// `PutFileSystemPolicy` or `DeleteFileSystemPolicy`. The file system, where the answer shows it.
        write fn set(of: &FileSystemId, to: &Value) -> Option<FileSystem>;
        /// `TagResource` on a file system.
        write fn tag_file_system(id: &FileSystemId, tags: &Tags) -> ();
        /// `UntagResource` on a file system. A key that it does not carry is no error.
        write fn untag_file_system(id: &FileSystemId, keys: &BTreeSet<String>) -> ();
        /// `CreateSecurityGroup`.
        write fn create_security_group(new: &NewGroup) -> SecurityGroupId;
        /// `AuthorizeSecurityGroupIngress`: one rule, TCP 2049 from one peer.
        write fn allow_nfs(group: &SecurityGroupId, from: &Peer, tags: &Tags) -> ();
        /// `RevokeSecurityGroupIngress`: this rule.
        write fn revoke_nfs(group: &SecurityGroupId, rule: &SecurityGroupRuleId) -> ();
        /// `CreateMountTarget`.
        write fn create_mount_target(new: &NewMountTarget) -> MountTarget;
        /// `CreateAccessPoint`. A token that was used is an error of class [`Class::Recheck`], even when the requests are the same.
        write fn create_access_point(new: &NewAccessPoint) -> AccessPoint;
        /// `ModifyMountTargetSecurityGroups`: replaces the whole list.
        write fn set_mount_target_groups(of: &MountTargetId, groups: &BTreeSet<SecurityGroupId>) -> ();
        /// `CreateTags` on network interfaces.
        write fn tag_interfaces(ids: &BTreeSet<NetworkInterfaceId>, tags: &Tags) -> ();
        /// `DeleteAccessPoint`.
        write fn delete_access_point(id: &AccessPointId) -> ();
        /// `DeleteMountTarget`: forcibly breaks every mount through it.
        write fn delete_mount_target(id: &MountTargetId) -> ();
        /// `DeleteFileSystem`: destroys its data.
        write fn delete_file_system(id: &FileSystemId) -> ();
        /// `DeleteSecurityGroup`.
        write fn delete_security_group(id: &SecurityGroupId) -> ();
    }
}
