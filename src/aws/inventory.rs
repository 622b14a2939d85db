//! The reads of an audit.

use std::collections::BTreeSet;

use aws_sdk_ec2::types;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ipnet::IpNet;

use super::AwsCloud;
use super::convert::replication;
use super::error::failed;
use super::network::{filter, security_group, subnet, tags, vpc};
use crate::cloud::{Answer, CloudError, Endpoints, Inventory};
use crate::domain::ids::{
    AccessPointId, FileSystemId, NetworkInterfaceId, SecurityGroupId, SubnetId, VpcId,
};
use crate::domain::inventory::{AccessPointFacts, Replication};
use crate::domain::network::{AclEntry, Endpoint, NetworkAcl, SecurityGroup, Subnet, Vpc};
use crate::domain::state::{State, mount_target_of};

fn efs<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    move |error| failed("elasticfilesystem", operation, error)
}

fn ec2<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    move |error| failed("ec2", operation, error)
}

/// The most that EC2 puts on one page.
const PAGE: i32 = 1_000;

impl Inventory for AwsCloud {
    async fn policy(&self, of: &FileSystemId) -> Answer<Option<String>> {
        let call = self
            .efs
            .describe_file_system_policy()
            .file_system_id(of.as_str());
        match call.send().await.map_err(efs("DescribeFileSystemPolicy")) {
            Ok(found) => Ok(found.policy().map(str::to_owned)),
            Err(error) if error.is("PolicyNotFound") => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn all_access_points(&self) -> Answer<Vec<AccessPointFacts>> {
        let call = self.efs.describe_access_points().max_results(1_000);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(efs("DescribeAccessPoints"))?;
        Ok(found.iter().filter_map(access_point).collect())
    }

    async fn replications(&self) -> Answer<Vec<Replication>> {
        let call = self.efs.describe_replication_configurations();
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        match found.map_err(efs("DescribeReplicationConfigurations")) {
            Ok(found) => found.iter().map(replication).collect(),
            Err(error) if error.is("ReplicationNotFound") => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn endpoints(&self, which: &Endpoints) -> Answer<Vec<Endpoint>> {
        let wanted = match which {
            Endpoints::MountTargets => filter("description", ["EFS mount target for fs-*"]),
            Endpoints::Wearing(group) => filter("group-id", [group.as_str()]),
            Endpoints::Instance(id) => filter("attachment.instance-id", [id.as_str()]),
        };
        let call = self
            .ec2
            .describe_network_interfaces()
            .filters(wanted)
            .max_results(PAGE);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(ec2("DescribeNetworkInterfaces"))?;
        Ok(found.iter().filter_map(endpoint).collect())
    }

    async fn all_vpcs(&self) -> Answer<Vec<Vpc>> {
        let call = self.ec2.describe_vpcs().max_results(PAGE);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(ec2("DescribeVpcs"))?;
        Ok(found.iter().filter_map(vpc).collect())
    }

    async fn all_subnets(&self) -> Answer<Vec<Subnet>> {
        let call = self.ec2.describe_subnets().max_results(PAGE);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(ec2("DescribeSubnets"))?;
        Ok(found.iter().filter_map(subnet).collect())
    }

    async fn all_security_groups(&self) -> Answer<Vec<SecurityGroup>> {
        let call = self.ec2.describe_security_groups().max_results(PAGE);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(ec2("DescribeSecurityGroups"))?;
        Ok(found.iter().filter_map(security_group).collect())
    }

    async fn network_acls(&self) -> Answer<Vec<NetworkAcl>> {
        let call = self.ec2.describe_network_acls().max_results(PAGE);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(ec2("DescribeNetworkAcls"))?;
        Ok(found.iter().filter_map(network_acl).collect())
    }

    async fn regions(&self) -> Answer<BTreeSet<String>> {
        let found = self.ec2.describe_regions().send().await;
        let found = found.map_err(ec2("DescribeRegions"))?;
        let names = found
            .regions()
            .iter()
            .filter_map(|region| region.region_name());
        Ok(names.map(str::to_owned).collect())
    }

    async fn prefix_list(&self, id: &str) -> Answer<Vec<IpNet>> {
        let call = self
            .ec2
            .get_managed_prefix_list_entries()
            .prefix_list_id(id)
            .max_results(100);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(ec2("GetManagedPrefixListEntries"))?;
        let ranges = found.iter().filter_map(|entry| entry.cidr());
        Ok(ranges.filter_map(|range| range.parse().ok()).collect())
    }
}

fn access_point(shape: &aws_sdk_efs::types::AccessPointDescription) -> Option<AccessPointFacts> {
    let root = shape.root_directory().and_then(|root| root.path());
    Some(AccessPointFacts {
        id: AccessPointId::known(shape.access_point_id()?),
        file_system: FileSystemId::known(shape.file_system_id()?),
        state: shape
            .life_cycle_state()
            .map_or(State::Available, |state| State::from_word(state.as_str())),
        path: root.unwrap_or("/").to_owned(),
        user: shape.posix_user().map(|user| (user.uid(), user.gid())),
        tags: super::convert::tags(shape.tags()),
    })
}

fn endpoint(shape: &types::NetworkInterface) -> Option<Endpoint> {
    let v4 = shape
        .private_ip_addresses()
        .iter()
        .filter_map(|address| address.private_ip_address());
    let v6 = shape
        .ipv6_addresses()
        .iter()
        .filter_map(|address| address.ipv6_address());
    Some(Endpoint {
        id: NetworkInterfaceId::known(shape.network_interface_id()?),
        groups: shape
            .groups()
            .iter()
            .filter_map(|group| group.group_id().map(SecurityGroupId::known))
            .collect(),
        subnet: shape.subnet_id().map(SubnetId::known),
        vpc: shape.vpc_id().map(VpcId::known),
        addresses: v4.chain(v6).filter_map(|text| text.parse().ok()).collect(),
        mount_target: mount_target_of(shape.description().unwrap_or_default()),
        tags: tags(shape.tag_set()),
    })
}

fn network_acl(shape: &types::NetworkAcl) -> Option<NetworkAcl> {
    let subnets = shape
        .associations()
        .iter()
        .filter_map(|association| association.subnet_id().map(SubnetId::known));
    Some(NetworkAcl {
        id: shape.network_acl_id()?.to_owned(),
        subnets: subnets.collect(),
        entries: shape.entries().iter().filter_map(acl_entry).collect(),
    })
}

fn acl_entry(shape: &types::NetworkAclEntry) -> Option<AclEntry> {
    let port = |port: i32| u16::try_from(port).ok();
    let ports = shape.port_range().and_then(|range| {
        let (from, to) = (range.from()?, range.to()?);
        Some((port(from)?, port(to)?))
    });
    Some(AclEntry {
        number: u32::try_from(shape.rule_number()?).ok()?,
        egress: shape.egress().unwrap_or(false),
        protocol: shape.protocol().unwrap_or("-1").to_owned(),
        allow: shape.rule_action() == Some(&types::RuleAction::Allow),
        range: shape
            .cidr_block()
            .or(shape.ipv6_cidr_block())?
            .parse()
            .ok()?,
        ports,
    })
}
