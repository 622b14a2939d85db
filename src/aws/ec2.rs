//! The EC2 half of the adapter: one function a method of the trait, under its name. Types of the SDK end here.

use std::collections::BTreeSet;

use aws_sdk_ec2::operation::authorize_security_group_ingress::builders::AuthorizeSecurityGroupIngressFluentBuilder;
use aws_sdk_ec2::operation::create_security_group::builders::CreateSecurityGroupFluentBuilder;
use aws_sdk_ec2::{Client, types};
use futures::future::join;
use ipnet::IpNet;

use super::call::{all, in_ec2};
use super::network::{
    filter, interface, nfs_from, sdk_tags, security_group, subnet, tag_specification, tags, vpc,
};
use super::required::{parsed, required, required_value};
use crate::cloud::{Answer, GroupUser, Groups, NewGroup, Permission, Subnets, Vpcs};
use crate::domain::ids::{NetworkInterfaceId, SecurityGroupId, VpcId, Zone};
use crate::domain::network::{Peer, PrefixList, SecurityGroup, Subnet, Vpc, VpcDns};
use crate::domain::state::{MountTargetInterface, State, mount_target_of};
use crate::domain::tags::Tags;
use crate::domain::zones::ZoneFacts;

/// With `DryRun`, permission comes as an error.
fn allowed<T>(answer: Answer<T>) -> Answer<()> {
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.is("DryRunOperation") => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) async fn vpcs(ec2: &Client, which: &Vpcs) -> Answer<Vec<Vpc>> {
    let call = ec2.describe_vpcs();
    let call = match which {
        Vpcs::Id(id) => call.vpc_ids(id.as_str()),
        Vpcs::Default => call.filters(filter("is-default", ["true"])),
    };
    let found = call.send().await.map_err(in_ec2("DescribeVpcs"))?;
    found.vpcs().iter().map(vpc).collect()
}

pub(super) async fn vpc_dns(ec2: &Client, id: &VpcId) -> Answer<VpcDns> {
    let ask = |attribute| {
        ec2.describe_vpc_attribute()
            .vpc_id(id.as_str())
            .attribute(attribute)
            .send()
    };
    let (support, hostnames) = join(
        ask(types::VpcAttributeName::EnableDnsSupport),
        ask(types::VpcAttributeName::EnableDnsHostnames),
    )
    .await;
    let support = support.map_err(in_ec2("DescribeVpcAttribute"))?;
    let hostnames = hostnames.map_err(in_ec2("DescribeVpcAttribute"))?;
    let is_on = |value: Option<&types::AttributeBooleanValue>| {
        value.and_then(types::AttributeBooleanValue::value)
    };
    let attribute = |member, value| required_value("DescribeVpcAttribute", member, is_on(value));
    Ok(VpcDns {
        support: attribute("EnableDnsSupport", support.enable_dns_support())?,
        hostnames: attribute("EnableDnsHostnames", hostnames.enable_dns_hostnames())?,
    })
}

pub(super) async fn subnets(ec2: &Client, which: &Subnets) -> Answer<Vec<Subnet>> {
    let call = ec2.describe_subnets();
    let call = match which {
        Subnets::Ids(ids) => {
            call.set_subnet_ids(Some(ids.iter().map(ToString::to_string).collect()))
        }
        Subnets::Vpc(id) => call.filters(filter("vpc-id", [id.as_str()])),
        Subnets::Default => call.filters(filter("default-for-az", ["true"])),
    };
    all!(in_ec2("DescribeSubnets"), call, subnet)
}

pub(super) async fn zones(ec2: &Client) -> Answer<Vec<ZoneFacts>> {
    let found = ec2
        .describe_availability_zones()
        .send()
        .await
        .map_err(in_ec2("DescribeAvailabilityZones"))?;
    let zone = |zone: &types::AvailabilityZone| {
        let name = required("DescribeAvailabilityZones", "ZoneName", zone.zone_name())?;
        Ok(ZoneFacts {
            zone: Zone::from_aws(name),
            kind: zone.zone_type().map(str::to_owned),
            state: zone.state().map(|state| State::from_api(state.as_str())),
        })
    };
    found.availability_zones().iter().map(zone).collect()
}

pub(super) async fn security_groups(ec2: &Client, which: &Groups) -> Answer<Vec<SecurityGroup>> {
    let call = ec2.describe_security_groups();
    let call = match which {
        Groups::Ids(ids) => call.set_group_ids(Some(ids.iter().map(ToString::to_string).collect())),
        Groups::Name(name) => call.filters(filter("group-name", [name])),
        Groups::Tagged(key, value) => call.filters(filter(&format!("tag:{key}"), [value])),
    };
    all!(in_ec2("DescribeSecurityGroups"), call, security_group)
}

pub(super) async fn interfaces(
    ec2: &Client,
    ids: &BTreeSet<NetworkInterfaceId>,
) -> Answer<Vec<MountTargetInterface>> {
    let ids: Vec<&str> = ids.iter().map(NetworkInterfaceId::as_str).collect();
    let read = |shape: &types::NetworkInterface| {
        let (id, security_groups) = interface(shape)?;
        let tags = tags(shape.tag_set());
        Ok(MountTargetInterface {
            id,
            security_groups,
            tags,
        })
    };
    let mut interfaces = Vec::new();
    // At most 200 values in a filter.
    for ids in ids.chunks(200) {
        let call = ec2
            .describe_network_interfaces()
            .include_managed_resources(true)
            .filters(filter("network-interface-id", ids.iter().copied()));
        let found: Answer<Vec<_>> = all!(in_ec2("DescribeNetworkInterfaces"), call, read);
        interfaces.extend(found?);
    }
    Ok(interfaces)
}

pub(super) async fn group_users(ec2: &Client, id: &SecurityGroupId) -> Answer<BTreeSet<GroupUser>> {
    let wearer = |shape: &types::NetworkInterface| {
        let (id, _) = interface(shape)?;
        // An interface without a description is none of a mount target.
        let description = shape.description().unwrap_or_default();
        Ok(GroupUser {
            id: id.to_string(),
            file_system: mount_target_of(description).map(|(file_system, _)| file_system),
        })
    };
    let attached = async {
        let call = ec2
            .describe_network_interfaces()
            .include_managed_resources(true)
            .filters(filter("group-id", [id.as_str()]));
        all!(in_ec2("DescribeNetworkInterfaces"), call, wearer)
    };
    let namer = |shape: &types::SecurityGroup| {
        let namer = required("DescribeSecurityGroups", "GroupId", shape.group_id())?;
        Ok(GroupUser {
            id: namer.to_owned(),
            file_system: None,
        })
    };
    let namers = async {
        let call = ec2
            .describe_security_groups()
            .filters(filter("ip-permission.group-id", [id.as_str()]));
        all!(in_ec2("DescribeSecurityGroups"), call, namer)
    };
    let (attached, namers): (Answer<BTreeSet<_>>, Answer<BTreeSet<_>>) =
        join(attached, namers).await;
    let mut users = attached?;
    users.extend(namers?);
    users.retain(|user| user.id != id.as_str());
    Ok(users)
}

pub(super) async fn managed_prefix_list(ec2: &Client, id: &str) -> Answer<PrefixList> {
    let call = ec2.describe_managed_prefix_lists().prefix_list_ids(id);
    let (ranges, found) = join(prefix_list(ec2, id), call.send()).await;
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

/// The ranges of a managed prefix list.
pub(super) async fn prefix_list(ec2: &Client, id: &str) -> Answer<Vec<IpNet>> {
    let call = ec2
        .get_managed_prefix_list_entries()
        .prefix_list_id(id)
        .max_results(100);
    let range = |entry: &types::PrefixListEntry| {
        let range = required("GetManagedPrefixListEntries", "Cidr", entry.cidr())?;
        parsed("GetManagedPrefixListEntries", "Cidr", range)
    };
    all!(in_ec2("GetManagedPrefixListEntries"), call, range)
}

pub(super) async fn check_permission(ec2: &Client, permission: &Permission) -> Answer<()> {
    match permission {
        Permission::CreateSecurityGroup(new) => allowed(
            new_group(ec2, new)
                .dry_run(true)
                .send()
                .await
                .map_err(in_ec2("CreateSecurityGroup")),
        ),
        Permission::AuthorizeIngress(group, from, tags) => allowed(
            ingress_call(ec2, group, from, tags)
                .dry_run(true)
                .send()
                .await
                .map_err(in_ec2("AuthorizeSecurityGroupIngress")),
        ),
        Permission::CreateTags(interface) => allowed(
            ec2.create_tags()
                .resources(interface.as_str())
                .tags(types::Tag::builder().key("Name").value("efsctl").build())
                .dry_run(true)
                .send()
                .await
                .map_err(in_ec2("CreateTags")),
        ),
    }
}

pub(super) async fn create_security_group(ec2: &Client, new: &NewGroup) -> Answer<SecurityGroupId> {
    let made = new_group(ec2, new)
        .send()
        .await
        .map_err(in_ec2("CreateSecurityGroup"))?;
    required("CreateSecurityGroup", "GroupId", made.group_id()).map(SecurityGroupId::from_aws)
}

pub(super) async fn allow_nfs(
    ec2: &Client,
    group: &SecurityGroupId,
    from: &Peer,
    tags: &Tags,
) -> Answer<()> {
    let call = ingress_call(ec2, group, from, tags);
    match call
        .send()
        .await
        .map_err(in_ec2("AuthorizeSecurityGroupIngress"))
    {
        // What was to be there is there.
        Err(error) if error.is("InvalidPermission.Duplicate") => Ok(()),
        answer => answer.map(drop),
    }
}

pub(super) async fn tag_interfaces(
    ec2: &Client,
    ids: &BTreeSet<NetworkInterfaceId>,
    tags: &Tags,
) -> Answer<()> {
    let call = ec2
        .create_tags()
        .set_resources(Some(ids.iter().map(ToString::to_string).collect()))
        .set_tags(Some(sdk_tags(tags)));
    call.send().await.map(drop).map_err(in_ec2("CreateTags"))
}

pub(super) async fn delete_security_group(ec2: &Client, id: &SecurityGroupId) -> Answer<()> {
    let call = ec2.delete_security_group().group_id(id.as_str());
    call.send()
        .await
        .map(drop)
        .map_err(in_ec2("DeleteSecurityGroup"))
}

/// A call that is rehearsed: the rehearsal asks for the rights of the very call that follows. With tags in it, it needs the right
/// to tag as well.
fn ingress_call(
    ec2: &Client,
    group: &SecurityGroupId,
    from: &Peer,
    tags: &Tags,
) -> AuthorizeSecurityGroupIngressFluentBuilder {
    ec2.authorize_security_group_ingress()
        .group_id(group.as_str())
        .ip_permissions(nfs_from(from))
        .tag_specifications(tag_specification(
            types::ResourceType::SecurityGroupRule,
            tags,
        ))
}

/// Rehearsed, too.
fn new_group(ec2: &Client, new: &NewGroup) -> CreateSecurityGroupFluentBuilder {
    ec2.create_security_group()
        .group_name(&new.name)
        .description(&new.description)
        .vpc_id(new.vpc.as_str())
        .tag_specifications(tag_specification(
            types::ResourceType::SecurityGroup,
            &new.tags,
        ))
}
