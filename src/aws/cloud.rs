//! [`Cloud`] over the SDK: each method is the function of the same name in `efs`, `ec2` or `routing`, in the order of the trait.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{AwsCloud, ec2, efs, group_rules, routing, settings};
use crate::cloud::{
    Answer, Budget, Cloud, Connected, FileSystems, GroupUser, Groups, NewAccessPoint,
    NewFileSystem, NewGroup, NewMountTarget, Permission, Subnets, Vpcs, Within,
};
use crate::domain::access_point::AccessPoint;
use crate::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId,
    SecurityGroupRuleId, VpcId,
};
use crate::domain::inventory::Replication;
use crate::domain::network::{
    GroupRule, NetworkAcl, Peer, PrefixList, RouteTable, SecurityGroup, Subnet, Vpc, VpcDns,
};
use crate::domain::settings::{Key, ObservedSetting, Value};
use crate::domain::state::{FileSystem, MountTarget, MountTargetInterface};
use crate::domain::tags::Tags;
use crate::domain::zones::ZoneFacts;

impl Connected for AwsCloud {
    fn without_retries(&self) -> Self {
        AwsCloud::without_retries(self)
    }

    /// Clones of one connection share it, region by region.
    fn budget(&self) -> Arc<Budget> {
        self.budgets.of(&self.region)
    }

    fn clock_ahead(&self) -> Option<i64> {
        self.clock.ahead()
    }
}

impl Cloud for AwsCloud {
    async fn file_systems(&self, which: &FileSystems) -> Answer<Vec<FileSystem>> {
        efs::file_systems(&self.efs, which).await
    }

    async fn mount_targets(&self, of: &FileSystemId) -> Answer<Vec<MountTarget>> {
        efs::mount_targets(&self.efs, of).await
    }

    async fn access_points(&self, of: &FileSystemId) -> Answer<Vec<AccessPoint>> {
        efs::access_points(&self.efs, of).await
    }

    async fn setting(&self, of: &FileSystemId, key: Key) -> Answer<ObservedSetting> {
        settings::setting(&self.efs, of, key).await
    }

    async fn replications_of(&self, id: &FileSystemId) -> Answer<Vec<Replication>> {
        efs::replications_of(&self.efs, id).await
    }

    async fn vpcs(&self, which: &Vpcs) -> Answer<Vec<Vpc>> {
        ec2::vpcs(&self.ec2, which).await
    }

    async fn vpc_dns(&self, of: &VpcId) -> Answer<VpcDns> {
        ec2::vpc_dns(&self.ec2, of).await
    }

    async fn subnets(&self, which: &Subnets) -> Answer<Vec<Subnet>> {
        ec2::subnets(&self.ec2, which).await
    }

    async fn zones(&self) -> Answer<Vec<ZoneFacts>> {
        ec2::zones(&self.ec2).await
    }

    async fn route_tables(&self, within: &Within) -> Answer<Vec<RouteTable>> {
        routing::route_tables(&self.ec2, within).await
    }

    async fn network_acls(&self, within: &Within) -> Answer<Vec<NetworkAcl>> {
        routing::network_acls(&self.ec2, within).await
    }

    async fn security_groups(&self, which: &Groups) -> Answer<Vec<SecurityGroup>> {
        ec2::security_groups(&self.ec2, which).await
    }

    async fn interfaces(
        &self,
        ids: &BTreeSet<NetworkInterfaceId>,
    ) -> Answer<Vec<MountTargetInterface>> {
        ec2::interfaces(&self.ec2, ids).await
    }

    async fn group_users(&self, id: &SecurityGroupId) -> Answer<BTreeSet<GroupUser>> {
        ec2::group_users(&self.ec2, id).await
    }

    async fn managed_prefix_list(&self, id: &str) -> Answer<PrefixList> {
        ec2::managed_prefix_list(&self.ec2, id).await
    }

    async fn check_permission(&self, permission: &Permission) -> Answer<()> {
        ec2::check_permission(&self.ec2, permission).await
    }

    async fn create_file_system(&self, new: &NewFileSystem) -> Answer<FileSystem> {
        efs::create_file_system(&self.efs, new).await
    }

    async fn set(&self, of: &FileSystemId, to: &Value) -> Answer<Option<FileSystem>> {
        settings::set(&self.efs, of, to).await
    }

    async fn tag_file_system(&self, id: &FileSystemId, tags: &Tags) -> Answer<()> {
        efs::tag_file_system(&self.efs, id, tags).await
    }

    async fn untag_file_system(&self, id: &FileSystemId, keys: &BTreeSet<String>) -> Answer<()> {
        efs::untag_file_system(&self.efs, id, keys).await
    }

    async fn create_security_group(&self, new: &NewGroup) -> Answer<SecurityGroupId> {
        ec2::create_security_group(&self.ec2, new).await
    }

    async fn group_rules(&self, of: &BTreeSet<SecurityGroupId>) -> Answer<Vec<GroupRule>> {
        group_rules::group_rules(&self.ec2, of).await
    }

    async fn revoke_nfs(&self, group: &SecurityGroupId, rule: &SecurityGroupRuleId) -> Answer<()> {
        group_rules::revoke(&self.ec2, group, rule).await
    }

    async fn allow_nfs(&self, group: &SecurityGroupId, from: &Peer, tags: &Tags) -> Answer<()> {
        ec2::allow_nfs(&self.ec2, group, from, tags).await
    }

    async fn create_mount_target(&self, new: &NewMountTarget) -> Answer<MountTarget> {
        efs::create_mount_target(&self.efs, new).await
    }

    async fn create_access_point(&self, new: &NewAccessPoint) -> Answer<AccessPoint> {
        efs::create_access_point(&self.efs, new).await
    }

    async fn set_mount_target_groups(
        &self,
        of: &MountTargetId,
        groups: &BTreeSet<SecurityGroupId>,
    ) -> Answer<()> {
        efs::set_mount_target_groups(&self.efs, of, groups).await
    }

    async fn tag_interfaces(&self, ids: &BTreeSet<NetworkInterfaceId>, tags: &Tags) -> Answer<()> {
        ec2::tag_interfaces(&self.ec2, ids, tags).await
    }

    async fn delete_access_point(&self, id: &AccessPointId) -> Answer<()> {
        efs::delete_access_point(&self.efs, id).await
    }

    async fn delete_mount_target(&self, id: &MountTargetId) -> Answer<()> {
        efs::delete_mount_target(&self.efs, id).await
    }

    async fn delete_file_system(&self, id: &FileSystemId) -> Answer<()> {
        efs::delete_file_system(&self.efs, id).await
    }

    async fn delete_security_group(&self, id: &SecurityGroupId) -> Answer<()> {
        ec2::delete_security_group(&self.ec2, id).await
    }
}
