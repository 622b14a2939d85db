//! Each call of [`Inventory`], over the world.

use std::collections::BTreeSet;

use efsctl::cloud::{Answer, Cloud, Inventory, NetworkInterfaces};
use efsctl::domain::access_point::AccessPoint;
use efsctl::domain::ids::{FileSystemId, NetworkInterfaceId, SecurityGroupId, SubnetId, VpcId};
use efsctl::domain::inventory::Replication;
use efsctl::domain::network::{NetworkInterface, SecurityGroup, Subnet, Vpc};
use efsctl::domain::state::mount_target_of;
use efsctl::sandbox::world::ec2::network_interfaces::InterfaceView;
use efsctl::sandbox::world::ec2::zones::DescribeRegions;
use efsctl::sandbox::world::ec2::{Describe, Filter};
use efsctl::sandbox::world::efs::DescribeAccessPoints;
use ipnet::IpNet;

use super::InMemory;
use super::shapes::{access_point, replication, security_group, subnet, vpc};

impl Inventory for InMemory {
    async fn policy(&self, of: &FileSystemId) -> Answer<Option<String>> {
        let id = of.to_string();
        let found = self
            .call("DescribeFileSystemPolicy", move |region| {
                region.describe_file_system_policy(&id)
            })
            .await;
        match found {
            Ok(found) => Ok(Some(found.policy)),
            Err(error) if error.is("PolicyNotFound") => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn all_access_points(&self) -> Answer<Vec<AccessPoint>> {
        let page = self
            .call("DescribeAccessPoints", |region| {
                region.describe_access_points(&DescribeAccessPoints::default())
            })
            .await?;
        Ok(page.items.into_iter().map(access_point).collect())
    }

    async fn replications(&self) -> Answer<Vec<Replication>> {
        let found = self
            .call("DescribeReplicationConfigurations", |region| {
                region.describe_replication_configurations(None, None, None)
            })
            .await?;
        Ok(found.items.into_iter().map(replication).collect())
    }

    async fn network_interfaces(&self, which: &NetworkInterfaces) -> Answer<Vec<NetworkInterface>> {
        let filter = match which {
            NetworkInterfaces::MountTargets => {
                Filter::new("description", "EFS mount target for fs-*")
            }
            NetworkInterfaces::WithGroup(group) => Filter::new("group-id", group),
            NetworkInterfaces::Instance(id) => Filter::new("attachment.instance-id", id),
        };
        let input = Describe {
            filters: vec![filter],
            ..Describe::default()
        };
        let page = self
            .call("DescribeNetworkInterfaces", move |region| {
                region.describe_network_interfaces(&input)
            })
            .await?;
        Ok(page.items.into_iter().map(network_interface).collect())
    }

    async fn all_vpcs(&self) -> Answer<Vec<Vpc>> {
        let (page, account) = self
            .call("DescribeVpcs", |region| {
                let page = region.describe_vpcs(&Describe::default())?;
                Ok((page, region.account_id.clone()))
            })
            .await?;
        Ok(page
            .items
            .into_iter()
            .map(|shape| vpc(shape, &account))
            .collect())
    }

    async fn all_subnets(&self) -> Answer<Vec<Subnet>> {
        let page = self
            .call("DescribeSubnets", |region| {
                region.describe_subnets(&Describe::default())
            })
            .await?;
        Ok(page.items.into_iter().map(subnet).collect())
    }

    async fn all_security_groups(&self) -> Answer<Vec<SecurityGroup>> {
        let page = self
            .call("DescribeSecurityGroups", |region| {
                region.describe_security_groups(&Describe::default(), &[])
            })
            .await?;
        Ok(page.items.iter().map(security_group).collect())
    }

    async fn regions(&self) -> Answer<BTreeSet<String>> {
        let found = self
            .call("DescribeRegions", |region| {
                region.describe_regions(&DescribeRegions::default())
            })
            .await?;
        Ok(found.into_iter().map(|region| region.name).collect())
    }

    async fn prefix_list(&self, id: &str) -> Answer<Vec<IpNet>> {
        Ok(self.managed_prefix_list(id).await?.ranges)
    }
}

fn network_interface(view: InterfaceView) -> NetworkInterface {
    let shape = view.interface;
    let addresses = shape.private_ip.into_iter().chain(shape.ipv6);
    NetworkInterface {
        id: NetworkInterfaceId::from_aws(shape.id),
        groups: shape.groups.iter().map(SecurityGroupId::from_aws).collect(),
        subnet: Some(SubnetId::from_aws(shape.subnet_id)),
        vpc: Some(VpcId::from_aws(shape.vpc_id)),
        addresses: addresses.map(|text| text.parse().unwrap()).collect(),
        mount_target: mount_target_of(&shape.description),
        tags: shape.tags,
    }
}
