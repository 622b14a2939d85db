//! The EC2 half of the adapter, and the [`Cloud`] that both halves make.

use std::collections::BTreeSet;

use aws_sdk_ec2::error::SdkError;
use aws_sdk_ec2::types;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::AwsCloud;
use super::error::failed;
use crate::cloud::{
    Answer, Cloud, CloudError, FileSystems, Groups, NewFileSystem, NewGroup, NewMountTarget, Right,
    Subnets, Vpcs, ZoneFacts,
};
use crate::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId,
    VpcId, Zone,
};
use crate::domain::lifecycle::Lifecycle;
use crate::domain::network::{IngressRule, NFS_PORT, Peer, SecurityGroup, Subnet, Vpc, VpcDns};
use crate::domain::spec::Throughput;
use crate::domain::state::{AccessPoint, FileSystem, Interface, MountTarget};
use crate::domain::tags::Tags;

fn of<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    move |error| failed("ec2", operation, error)
}

fn filter(name: &str, values: impl IntoIterator<Item = impl Into<String>>) -> types::Filter {
    let values = values.into_iter().map(Into::into).collect();
    types::Filter::builder()
        .name(name)
        .set_values(Some(values))
        .build()
}

fn tags(tags: &[types::Tag]) -> Tags {
    tags.iter()
        .filter_map(|tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned())))
        .collect()
}

fn sdk_tags(tags: &Tags) -> Vec<types::Tag> {
    tags.iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build())
        .collect()
}

fn tag_specification(kind: types::ResourceType, tags: &Tags) -> types::TagSpecification {
    types::TagSpecification::builder()
        .resource_type(kind)
        .set_tags(Some(sdk_tags(tags)))
        .build()
}

fn vpc(shape: &types::Vpc) -> Option<Vpc> {
    let more = shape
        .cidr_block_association_set()
        .iter()
        .filter_map(types::VpcCidrBlockAssociation::cidr_block);
    let v6 = shape
        .ipv6_cidr_block_association_set()
        .iter()
        .filter_map(|range| range.ipv6_cidr_block());
    let cidrs: BTreeSet<_> = shape
        .cidr_block()
        .into_iter()
        .chain(more)
        .chain(v6)
        .filter_map(|c| c.parse().ok())
        .collect();
    Some(Vpc {
        id: VpcId::known(shape.vpc_id()?),
        cidrs: cidrs.into_iter().collect(),
        is_default: shape.is_default().unwrap_or(false),
    })
}

fn subnet(shape: &types::Subnet) -> Option<Subnet> {
    Some(Subnet {
        id: SubnetId::known(shape.subnet_id()?),
        vpc: VpcId::known(shape.vpc_id()?),
        zone: Zone::known(shape.availability_zone()?),
        free_addresses: u32::try_from(shape.available_ip_address_count().unwrap_or(0)).unwrap_or(0),
        ipv6_only: shape.ipv6_native().unwrap_or(false),
        has_ipv6: !shape.ipv6_cidr_block_association_set().is_empty(),
    })
}

fn security_group(shape: &types::SecurityGroup) -> Option<SecurityGroup> {
    Some(SecurityGroup {
        id: SecurityGroupId::known(shape.group_id()?),
        name: shape.group_name().unwrap_or_default().to_owned(),
        vpc: VpcId::known(shape.vpc_id().unwrap_or_default()),
        tags: tags(shape.tags()),
        ingress: shape
            .ip_permissions()
            .iter()
            .flat_map(ingress_rules)
            .collect(),
    })
}

/// EC2 bundles all peers of a protocol and port range into one permission.
fn ingress_rules(permission: &types::IpPermission) -> Vec<IngressRule> {
    let groups = permission.user_id_group_pairs().iter().filter_map(|pair| {
        pair.group_id()
            .map(|id| Peer::Group(SecurityGroupId::known(id)))
    });
    let v4 = permission
        .ip_ranges()
        .iter()
        .filter_map(types::IpRange::cidr_ip);
    let v6 = permission
        .ipv6_ranges()
        .iter()
        .filter_map(types::Ipv6Range::cidr_ipv6);
    let ranges = v4
        .chain(v6)
        .filter_map(|range| range.parse().ok().map(Peer::Range));
    let lists = permission.prefix_list_ids().iter().filter_map(|list| {
        list.prefix_list_id()
            .map(|id| Peer::PrefixList(id.to_owned()))
    });
    let ports = permission.from_port().zip(permission.to_port());
    groups
        .chain(ranges)
        .chain(lists)
        .map(|peer| IngressRule {
            protocol: permission.ip_protocol().unwrap_or("-1").to_owned(),
            ports,
            peer,
        })
        .collect()
}

/// The description of the rules that are made.
const WHY: &str = "NFS, by efsctl";

fn nfs_from(peer: &Peer) -> types::IpPermission {
    let port = i32::from(NFS_PORT);
    let permission = types::IpPermission::builder()
        .ip_protocol("tcp")
        .from_port(port)
        .to_port(port);
    match peer {
        Peer::Group(id) => permission.user_id_group_pairs(
            types::UserIdGroupPair::builder()
                .group_id(id.as_str())
                .description(WHY)
                .build(),
        ),
        Peer::Range(range @ ipnet::IpNet::V4(_)) => permission.ip_ranges(
            types::IpRange::builder()
                .cidr_ip(range.to_string())
                .description(WHY)
                .build(),
        ),
        Peer::Range(range @ ipnet::IpNet::V6(_)) => permission.ipv6_ranges(
            types::Ipv6Range::builder()
                .cidr_ipv6(range.to_string())
                .description(WHY)
                .build(),
        ),
        Peer::PrefixList(id) => permission.prefix_list_ids(
            types::PrefixListId::builder()
                .prefix_list_id(id)
                .description(WHY)
                .build(),
        ),
    }
    .build()
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

    async fn backup(&self, of: &FileSystemId) -> Answer<bool> {
        self.describe_backup(of).await
    }

    async fn is_replicated(&self, id: &FileSystemId) -> Answer<bool> {
        self.describe_replication(id).await
    }

    async fn vpcs(&self, which: &Vpcs) -> Answer<Vec<Vpc>> {
        let call = self.ec2.describe_vpcs();
        let call = match which {
            Vpcs::Id(id) => call.vpc_ids(id.as_str()),
            Vpcs::Default => call.filters(filter("is-default", ["true"])),
        };
        let found = call.send().await.map_err(of("DescribeVpcs"))?;
        Ok(found.vpcs().iter().filter_map(vpc).collect())
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
        Ok(VpcDns {
            support: is_on(support.enable_dns_support()).unwrap_or(false),
            hostnames: is_on(hostnames.enable_dns_hostnames()).unwrap_or(false),
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
        Ok(found
            .map_err(of("DescribeSubnets"))?
            .iter()
            .filter_map(subnet)
            .collect())
    }

    async fn zones(&self) -> Answer<Vec<ZoneFacts>> {
        let found = self
            .ec2
            .describe_availability_zones()
            .send()
            .await
            .map_err(of("DescribeAvailabilityZones"))?;
        Ok(found
            .availability_zones()
            .iter()
            .filter_map(|zone| {
                Some(ZoneFacts {
                    zone: Zone::known(zone.zone_name()?),
                    is_availability_zone: zone
                        .zone_type()
                        .is_none_or(|kind| kind == "availability-zone"),
                    is_available: zone
                        .state()
                        .is_none_or(|state| *state == types::AvailabilityZoneState::Available),
                })
            })
            .collect())
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
        Ok(found
            .map_err(of("DescribeSecurityGroups"))?
            .iter()
            .filter_map(security_group)
            .collect())
    }

    async fn interfaces(&self, ids: &BTreeSet<NetworkInterfaceId>) -> Answer<Vec<Interface>> {
        let ids: Vec<&str> = ids.iter().map(NetworkInterfaceId::as_str).collect();
        let mut interfaces = Vec::new();
        // At most 200 values in a filter.
        for ids in ids.chunks(200) {
            let call = self
                .ec2
                .describe_network_interfaces()
                .filters(filter("network-interface-id", ids.iter().copied()));
            let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
            interfaces.extend(
                found
                    .map_err(of("DescribeNetworkInterfaces"))?
                    .iter()
                    .filter_map(|shape| {
                        Some(Interface {
                            id: NetworkInterfaceId::known(shape.network_interface_id()?),
                            security_groups: shape
                                .groups()
                                .iter()
                                .filter_map(|group| group.group_id().map(SecurityGroupId::known))
                                .collect(),
                            tags: tags(shape.tag_set()),
                        })
                    }),
            );
        }
        Ok(interfaces)
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
            Right::AuthorizeIngress(group) => allowed(
                self.ec2
                    .authorize_security_group_ingress()
                    .group_id(group.as_str())
                    .ip_permissions(nfs_from(&Peer::Group(group.clone())))
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
        let id = made.group_id().unwrap_or_default();
        Ok(SecurityGroupId::known(id))
    }

    async fn admit_nfs(&self, group: &SecurityGroupId, from: &Peer, tags: &Tags) -> Answer<()> {
        let call = self
            .ec2
            .authorize_security_group_ingress()
            .group_id(group.as_str())
            .ip_permissions(nfs_from(from))
            .tag_specifications(tag_specification(
                types::ResourceType::SecurityGroupRule,
                tags,
            ));
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

impl AwsCloud {
    fn new_group(
        &self,
        new: &NewGroup,
    ) -> aws_sdk_ec2::operation::create_security_group::builders::CreateSecurityGroupFluentBuilder
    {
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
