//! The reads of an audit.

use std::collections::BTreeSet;
use std::net::IpAddr;

use aws_sdk_ec2::types;
use ipnet::IpNet;

use super::call::{PAGE, all, in_ec2, in_efs};
use super::convert::access_point;
use super::convert::replication;
use super::network::{filter, interface, security_group, subnet, tags, vpc};
use super::required::{parsed, required};
use super::{AwsCloud, ec2, settings};
use crate::cloud::{Answer, Inventory, NetworkInterfaces};
use crate::domain::access_point::AccessPoint;
use crate::domain::ids::{FileSystemId, SubnetId, VpcId};
use crate::domain::inventory::Replication;
use crate::domain::network::{NetworkInterface, SecurityGroup, Subnet, Vpc};
use crate::domain::state::mount_target_of;

impl Inventory for AwsCloud {
    async fn policy(&self, of: &FileSystemId) -> Answer<Option<String>> {
        settings::policy(&self.efs, of).await
    }

    async fn all_access_points(&self) -> Answer<Vec<AccessPoint>> {
        let call = self.efs.describe_access_points().max_results(1_000);
        all!(in_efs("DescribeAccessPoints"), call, |shape| access_point!(
            "DescribeAccessPoints",
            shape
        ))
    }

    async fn replications(&self) -> Answer<Vec<Replication>> {
        let call = self.efs.describe_replication_configurations();
        match all!(
            in_efs("DescribeReplicationConfigurations"),
            call,
            replication
        ) {
            Err(error) if error.is("ReplicationNotFound") => Ok(Vec::new()),
            answer => answer,
        }
    }

    async fn network_interfaces(&self, which: &NetworkInterfaces) -> Answer<Vec<NetworkInterface>> {
        let wanted = match which {
            NetworkInterfaces::MountTargets => filter("description", ["EFS mount target for fs-*"]),
            NetworkInterfaces::WithGroup(group) => filter("group-id", [group.as_str()]),
            NetworkInterfaces::Instance(id) => filter("attachment.instance-id", [id.as_str()]),
        };
        let call = self
            .ec2
            .describe_network_interfaces()
            .include_managed_resources(true)
            .filters(wanted)
            .max_results(PAGE);
        all!(in_ec2("DescribeNetworkInterfaces"), call, network_interface)
    }

    async fn all_vpcs(&self) -> Answer<Vec<Vpc>> {
        let call = self.ec2.describe_vpcs().max_results(PAGE);
        all!(in_ec2("DescribeVpcs"), call, vpc)
    }

    async fn all_subnets(&self) -> Answer<Vec<Subnet>> {
        let call = self.ec2.describe_subnets().max_results(PAGE);
        all!(in_ec2("DescribeSubnets"), call, subnet)
    }

    async fn all_security_groups(&self) -> Answer<Vec<SecurityGroup>> {
        let call = self.ec2.describe_security_groups().max_results(PAGE);
        all!(in_ec2("DescribeSecurityGroups"), call, security_group)
    }

    async fn regions(&self) -> Answer<BTreeSet<String>> {
        let found = self.ec2.describe_regions().send().await;
        let found = found.map_err(in_ec2("DescribeRegions"))?;
        let name = |region: &types::Region| {
            required("DescribeRegions", "RegionName", region.region_name()).map(str::to_owned)
        };
        found.regions().iter().map(name).collect()
    }

    async fn prefix_list(&self, id: &str) -> Answer<Vec<IpNet>> {
        ec2::prefix_list(&self.ec2, id).await
    }
}

fn network_interface(shape: &types::NetworkInterface) -> Answer<NetworkInterface> {
    const OPERATION: &str = "DescribeNetworkInterfaces";
    let (id, groups) = interface(shape)?;
    let v4 = shape.private_ip_addresses().iter();
    let v4 = v4.map(|address| ("PrivateIpAddress", address.private_ip_address()));
    let v6 = shape.ipv6_addresses().iter();
    let v6 = v6.map(|address| ("Ipv6Address", address.ipv6_address()));
    let address = |(member, text)| parsed(OPERATION, member, required(OPERATION, member, text)?);
    let addresses: Answer<Vec<IpAddr>> = v4.chain(v6).map(address).collect();
    Ok(NetworkInterface {
        id,
        groups,
        subnet: shape.subnet_id().map(SubnetId::from_aws),
        vpc: shape.vpc_id().map(VpcId::from_aws),
        addresses: addresses?,
        // One without a description is none of a mount target.
        mount_target: mount_target_of(shape.description().unwrap_or_default()),
        tags: tags(shape.tag_set()),
    })
}
