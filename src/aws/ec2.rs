//! The EC2 half of the adapter, and the [`Cloud`] that both halves make.

use std::collections::BTreeSet;

use aws_sdk_ec2::error::SdkError;
use aws_sdk_ec2::operation::authorize_security_group_ingress::builders::AuthorizeSecurityGroupIngressFluentBuilder;
use aws_sdk_ec2::operation::create_security_group::builders::CreateSecurityGroupFluentBuilder;
use aws_sdk_ec2::types;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures::future::join;

use super::AwsCloud;
use super::error::failed;
use super::network::{
    filter, interface, nfs_from, sdk_tags, security_group, subnet, tag_specification, tags, vpc,
};
use super::told::{given, told};
use crate::cloud::{
    Answer, Cloud, CloudError, FileSystems, GroupUser, Groups, Inventory, NewFileSystem, NewGroup,
    NewMountTarget, Right, Subnets, Vpcs, ZoneFacts,
};
use crate::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, VpcId, Zone,
};
use crate::domain::inventory::Replication;
use crate::domain::lifecycle::Lifecycle;
use crate::domain::network::{Peer, PrefixList, SecurityGroup, Subnet, Vpc, VpcDns};
use crate::domain::spec::Throughput;
use crate::domain::state::{
    AccessPoint, Backup, FileSystem, Interface, MountTarget, State, mount_target_of,
};
use crate::domain::tags::Tags;

fn of<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    move |error| failed("ec2", operation, error)
}

/// With `DryRun`, permission comes as an error.
fn allowed<T>(answer: Answer<T>) -> Answer<()> {
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.is("DryRunOperation") => Ok(()),
        Err(error) => Err(error),
    }
}

impl Cloud for AwsCloud {
    async fn file_systems(&self, which: &FileSystems) -> Answer<Vec<FileSystem>> {
        self.describe_file_systems(which).await
    }

    async fn mount_targets(&self, of: &FileSystemId) -> Answer<Vec<MountTarget>> {
        self.describe_mount_targets(of).await
    }

    async fn access_points(&self, of: &FileSystemId) -> Answer<Vec<AccessPoint>> {
        self.describe_access_points(of).await
    }

    async fn lifecycle(&self, of: &FileSystemId) -> Answer<Lifecycle> {
        self.describe_lifecycle(of).await
    }

    async fn backup(&self, of: &FileSystemId) -> Answer<Backup> {
        self.describe_backup(of).await
    }

    async fn replications_of(&self, id: &FileSystemId) -> Answer<Vec<Replication>> {
        self.describe_replications_of(id).await
    }

    async fn vpcs(&self, which: &Vpcs) -> Answer<Vec<Vpc>> {
        let call = self.ec2.describe_vpcs();
        let call = match which {
            Vpcs::Id(id) => call.vpc_ids(id.as_str()),
            Vpcs::Default => call.filters(filter("is-default", ["true"])),
        };
        let found = call.send().await.map_err(of("DescribeVpcs"))?;
        found.vpcs().iter().map(vpc).collect()
    }

    async fn vpc_dns(&self, id: &VpcId) -> Answer<VpcDns> {
        let ask = |attribute| {
            self.ec2
                .describe_vpc_attribute()
                .vpc_id(id.as_str())
                .attribute(attribute)
                .send()
        };
        let (support, hostnames) = futures::future::join(
            ask(types::VpcAttributeName::EnableDnsSupport),
            ask(types::VpcAttributeName::EnableDnsHostnames),
        )
        .await;
        let support = support.map_err(of("DescribeVpcAttribute"))?;
        let hostnames = hostnames.map_err(of("DescribeVpcAttribute"))?;
        let is_on = |value: Option<&types::AttributeBooleanValue>| {
            value.and_then(types::AttributeBooleanValue::value)
        };
        let given = |member, value| given("DescribeVpcAttribute", member, is_on(value));
        Ok(VpcDns {
            support: given("EnableDnsSupport", support.enable_dns_support())?,
            hostnames: given("EnableDnsHostnames", hostnames.enable_dns_hostnames())?,
        })
    }

    async fn subnets(&self, which: &Subnets) -> Answer<Vec<Subnet>> {
        let call = self.ec2.describe_subnets();
        let call = match which {
            Subnets::Ids(ids) => {
                call.set_subnet_ids(Some(ids.iter().map(ToString::to_string).collect()))
            }
            Subnets::Vpc(id) => call.filters(filter("vpc-id", [id.as_str()])),
            Subnets::Default => call.filters(filter("default-for-az", ["true"])),
        };
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(of("DescribeSubnets"))?;
        found.iter().map(subnet).collect()
    }

    async fn zones(&self) -> Answer<Vec<ZoneFacts>> {
        let found = self
            .ec2
            .describe_availability_zones()
            .send()
            .await
            .map_err(of("DescribeAvailabilityZones"))?;
        let zone = |zone: &types::AvailabilityZone| {
            let name = told("DescribeAvailabilityZones", "ZoneName", zone.zone_name())?;
            Ok(ZoneFacts {
                zone: Zone::known(name),
                kind: zone.zone_type().map(str::to_owned),
                state: zone.state().map(|state| State::from_word(state.as_str())),
            })
        };
        found.availability_zones().iter().map(zone).collect()
    }

    async fn security_groups(&self, which: &Groups) -> Answer<Vec<SecurityGroup>> {
        let call = self.ec2.describe_security_groups();
        let call = match which {
            Groups::Ids(ids) => {
                call.set_group_ids(Some(ids.iter().map(ToString::to_string).collect()))
            }
            Groups::Name(name) => call.filters(filter("group-name", [name])),
            Groups::Tagged(key, value) => call.filters(filter(&format!("tag:{key}"), [value])),
        };
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(of("DescribeSecurityGroups"))?;
        found.iter().map(security_group).collect()
    }

    async fn interfaces(&self, ids: &BTreeSet<NetworkInterfaceId>) -> Answer<Vec<Interface>> {
        let ids: Vec<&str> = ids.iter().map(NetworkInterfaceId::as_str).collect();
        let mut interfaces = Vec::new();
        // At most 200 values in a filter.
        for ids in ids.chunks(200) {
            let call = self
                .ec2
                .describe_network_interfaces()
                .include_managed_resources(true)
                .filters(filter("network-interface-id", ids.iter().copied()));
            let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
            for shape in found.map_err(of("DescribeNetworkInterfaces"))? {
                let (id, security_groups) = interface(&shape)?;
                interfaces.push(Interface {
                    id,
                    security_groups,
                    tags: tags(shape.tag_set()),
                });
            }
        }
        Ok(interfaces)
    }

    async fn group_users(&self, id: &SecurityGroupId) -> Answer<BTreeSet<GroupUser>> {
        let wearers = self
            .ec2
            .describe_network_interfaces()
            .include_managed_resources(true)
            .filters(filter("group-id", [id.as_str()]));
        let namers = self
            .ec2
            .describe_security_groups()
            .filters(filter("ip-permission.group-id", [id.as_str()]));
        let (wearers, namers) = futures::future::join(
            wearers
                .into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<_>, _>>(),
            namers
                .into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<_>, _>>(),
        )
        .await;
        let wearers = wearers.map_err(of("DescribeNetworkInterfaces"))?;
        let namers = namers.map_err(of("DescribeSecurityGroups"))?;
        let wearers = wearers.iter().map(|shape| {
            let (id, _) = interface(shape)?;
            // An interface without a description is none of a mount target.
            let description = shape.description().unwrap_or_default();
            Ok(GroupUser {
                id: id.to_string(),
                file_system: mount_target_of(description).map(|(file_system, _)| file_system),
            })
        });
        let namers = namers.iter().map(|shape| {
            let namer = told("DescribeSecurityGroups", "GroupId", shape.group_id())?;
            Ok(GroupUser {
                id: namer.to_owned(),
                file_system: None,
            })
        });
        let users: Answer<BTreeSet<GroupUser>> = wearers.chain(namers).collect();
        let mut users = users?;
        users.retain(|user| user.id != id.as_str());
        Ok(users)
    }

    async fn managed_prefix_list(&self, id: &str) -> Answer<PrefixList> {
        let call = self.ec2.describe_managed_prefix_lists().prefix_list_ids(id);
        let (ranges, found) = join(Inventory::prefix_list(self, id), call.send()).await;
        let weight = found.ok().and_then(|found| {
            let most = found.prefix_lists().first()?.max_entries()?;
            usize::try_from(most).ok()
        });
        Ok(PrefixList {
            id: id.to_owned(),
            ranges: ranges?,
            weight,
        })
    }

    async fn may(&self, right: &Right) -> Answer<()> {
        match right {
            Right::CreateSecurityGroup(new) => allowed(
                self.new_group(new)
                    .dry_run(true)
                    .send()
                    .await
                    .map_err(of("CreateSecurityGroup")),
            ),
            Right::AuthorizeIngress(group, from, tags) => allowed(
                self.admission(group, from, tags)
                    .dry_run(true)
                    .send()
                    .await
                    .map_err(of("AuthorizeSecurityGroupIngress")),
            ),
            Right::CreateTags(interface) => allowed(
                self.ec2
                    .create_tags()
                    .resources(interface.as_str())
                    .tags(types::Tag::builder().key("Name").value("efsctl").build())
                    .dry_run(true)
                    .send()
                    .await
                    .map_err(of("CreateTags")),
            ),
        }
    }

    async fn create_file_system(&self, new: &NewFileSystem) -> Answer<FileSystem> {
        self.make_file_system(new).await
    }

    async fn set_throughput(&self, of: &FileSystemId, to: Throughput) -> Answer<FileSystem> {
        self.update_file_system(of, to).await
    }

    async fn tag_file_system(&self, id: &FileSystemId, tags: &Tags) -> Answer<()> {
        self.tag_resource(id, tags).await
    }

    async fn put_lifecycle(&self, of: &FileSystemId, policy: &Lifecycle) -> Answer<()> {
        self.put_lifecycle_configuration(of, policy).await
    }

    async fn enable_backup(&self, of: &FileSystemId) -> Answer<()> {
        self.put_backup_policy(of).await
    }

    async fn create_security_group(&self, new: &NewGroup) -> Answer<SecurityGroupId> {
        let made = self
            .new_group(new)
            .send()
            .await
            .map_err(of("CreateSecurityGroup"))?;
        told("CreateSecurityGroup", "GroupId", made.group_id()).map(SecurityGroupId::known)
    }

    async fn admit_nfs(&self, group: &SecurityGroupId, from: &Peer, tags: &Tags) -> Answer<()> {
        let call = self.admission(group, from, tags);
        match call
            .send()
            .await
            .map_err(of("AuthorizeSecurityGroupIngress"))
        {
            // What was to be there is there.
            Err(error) if error.is("InvalidPermission.Duplicate") => Ok(()),
            answer => answer.map(drop),
        }
    }

    async fn create_mount_target(&self, new: &NewMountTarget) -> Answer<MountTarget> {
        self.make_mount_target(new).await
    }

    async fn set_mount_target_groups(
        &self,
        of: &MountTargetId,
        groups: &BTreeSet<SecurityGroupId>,
    ) -> Answer<()> {
        self.modify_mount_target_groups(of, groups).await
    }

    async fn tag_interfaces(&self, ids: &BTreeSet<NetworkInterfaceId>, tags: &Tags) -> Answer<()> {
        let call = self
            .ec2
            .create_tags()
            .set_resources(Some(ids.iter().map(ToString::to_string).collect()))
            .set_tags(Some(sdk_tags(tags)));
        call.send().await.map(drop).map_err(of("CreateTags"))
    }

    async fn delete_access_point(&self, id: &AccessPointId) -> Answer<()> {
        self.remove_access_point(id).await
    }

    async fn delete_mount_target(&self, id: &MountTargetId) -> Answer<()> {
        self.remove_mount_target(id).await
    }

    async fn delete_file_system(&self, id: &FileSystemId) -> Answer<()> {
        self.remove_file_system(id).await
    }

    async fn delete_security_group(&self, id: &SecurityGroupId) -> Answer<()> {
        let call = self.ec2.delete_security_group().group_id(id.as_str());
        call.send()
            .await
            .map(drop)
            .map_err(of("DeleteSecurityGroup"))
    }
}

/// The calls that are rehearsed: a rehearsal asks for the rights of the very call that follows.
impl AwsCloud {
    /// With tags in it, it needs the right to tag as well.
    fn admission(
        &self,
        group: &SecurityGroupId,
        from: &Peer,
        tags: &Tags,
    ) -> AuthorizeSecurityGroupIngressFluentBuilder {
        self.ec2
            .authorize_security_group_ingress()
            .group_id(group.as_str())
            .ip_permissions(nfs_from(from))
            .tag_specifications(tag_specification(
                types::ResourceType::SecurityGroupRule,
                tags,
            ))
    }

    fn new_group(&self, new: &NewGroup) -> CreateSecurityGroupFluentBuilder {
        self.ec2
            .create_security_group()
            .group_name(&new.name)
            .description(&new.description)
            .vpc_id(new.vpc.as_str())
            .tag_specifications(tag_specification(
                types::ResourceType::SecurityGroup,
                &new.tags,
            ))
    }
}
