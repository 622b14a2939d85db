//! Each call of [`Cloud`], over the world.

use std::collections::BTreeSet;

use efsctl::cloud::{
    Answer, Class, Cloud, Connected, FileSystems, GroupUser, Groups, NewAccessPoint, NewFileSystem,
    NewGroup, NewMountTarget, Permission, Subnets, Vpcs, Within,
};
use efsctl::domain::access_point::AccessPoint;
use efsctl::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId,
    SecurityGroupRuleId, VpcId, Zone,
};
use efsctl::domain::inventory::Replication;
use efsctl::domain::network::{
    GroupRule, NetworkAcl, Peer, PrefixList, RouteTable, SecurityGroup, Subnet, Vpc, VpcDns,
};
use efsctl::domain::settings::{Key, ObservedSetting, Value};
use efsctl::domain::spec::{Encryption, IpType};
use efsctl::domain::state::{
    FileSystem, MountTarget, MountTargetInterface, State, mount_target_of,
};
use efsctl::domain::tags::Tags;
use efsctl::domain::zones::ZoneFacts;
use efsctl::sandbox::world::ec2::prefix_lists::GetManagedPrefixListEntries;
use efsctl::sandbox::world::ec2::rules::RuleChange;
use efsctl::sandbox::world::ec2::security_groups::{CreateSecurityGroup, DeleteSecurityGroup};
use efsctl::sandbox::world::ec2::tags::CreateTags;
use efsctl::sandbox::world::ec2::vpcs::VpcAttribute;
use efsctl::sandbox::world::ec2::{Describe, Filter, GroupPair, IpPermission, IpRange};
use efsctl::sandbox::world::efs::{
    CreateFileSystem, CreateMountTarget, DescribeAccessPoints, DescribeFileSystems,
    DescribeMountTargets,
};
use efsctl::sandbox::world::state;

use super::InMemory;
use super::shapes::{
    access_point, efs_tags, file_system, group_rule, mount_target, network_acl, new_access_point,
    replication, route_table, security_group, specified, subnet, throughput_of, vpc,
};

fn described(within: &Within) -> Describe {
    let mut input = Describe::default();
    if let Within::Vpc(id) = within {
        input.filters = vec![Filter::new("vpc-id", id.to_string())];
    }
    input
}

/// It sends every call once.
impl Connected for InMemory {
    fn without_retries(&self) -> Self {
        self.clone()
    }
}

impl Cloud for InMemory {
    async fn file_systems(&self, which: &FileSystems) -> Answer<Vec<FileSystem>> {
        let mut input = DescribeFileSystems::default();
        match which {
            FileSystems::Id(id) => input.file_system_id = Some(id.to_string()),
            FileSystems::Token(token) => input.creation_token = Some(token.clone()),
            FileSystems::All => {}
        }
        let found = self
            .call("DescribeFileSystems", move |region| {
                region.describe_file_systems(&input)
            })
            .await;
        match found {
            Ok(page) => Ok(page.items.into_iter().map(file_system).collect()),
            Err(error) if error.class == Class::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn mount_targets(&self, of: &FileSystemId) -> Answer<Vec<MountTarget>> {
        let input = DescribeMountTargets {
            file_system_id: Some(of.to_string()),
            ..DescribeMountTargets::default()
        };
        let page = self
            .call("DescribeMountTargets", move |region| {
                region.describe_mount_targets(&input)
            })
            .await?;
        Ok(page.items.into_iter().map(mount_target).collect())
    }

    async fn access_points(&self, of: &FileSystemId) -> Answer<Vec<AccessPoint>> {
        let input = DescribeAccessPoints {
            file_system_id: Some(of.to_string()),
            ..DescribeAccessPoints::default()
        };
        let page = self
            .call("DescribeAccessPoints", move |region| {
                region.describe_access_points(&input)
            })
            .await?;
        Ok(page.items.into_iter().map(access_point).collect())
    }

    async fn setting(&self, of: &FileSystemId, key: Key) -> Answer<ObservedSetting> {
        self.read(of, key).await
    }

    async fn replications_of(&self, id: &FileSystemId) -> Answer<Vec<Replication>> {
        let id = id.to_string();
        let found = self
            .call("DescribeReplicationConfigurations", move |region| {
                region.describe_replication_configurations(Some(&id), None, None)
            })
            .await;
        match found {
            Ok(found) => Ok(found.items.into_iter().map(replication).collect()),
            Err(error) if error.is("ReplicationNotFound") => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn vpcs(&self, which: &Vpcs) -> Answer<Vec<Vpc>> {
        let mut input = Describe::default();
        match which {
            Vpcs::Id(id) => input.ids = vec![id.to_string()],
            Vpcs::Default => input.filters = vec![Filter::new("is-default", "true")],
        }
        let (page, account) = self
            .call("DescribeVpcs", move |region| {
                let page = region.describe_vpcs(&input)?;
                Ok((page, region.account_id.clone()))
            })
            .await?;
        Ok(page
            .items
            .into_iter()
            .map(|shape| vpc(shape, &account))
            .collect())
    }

    async fn vpc_dns(&self, of: &VpcId) -> Answer<VpcDns> {
        let ask = |attribute: VpcAttribute| {
            let id = of.to_string();
            self.call("DescribeVpcAttribute", move |region| {
                region.describe_vpc_attribute(Some(&id), attribute, false)
            })
        };
        let support = ask(VpcAttribute::DnsSupport).await?;
        let hostnames = ask(VpcAttribute::DnsHostnames).await?;
        Ok(VpcDns { support, hostnames })
    }

    async fn subnets(&self, which: &Subnets) -> Answer<Vec<Subnet>> {
        let mut input = Describe::default();
        match which {
            Subnets::Ids(ids) => input.ids = ids.iter().map(ToString::to_string).collect(),
            Subnets::Vpc(id) => input.filters = vec![Filter::new("vpc-id", id.to_string())],
            Subnets::Default => input.filters = vec![Filter::new("default-for-az", "true")],
        }
        let page = self
            .call("DescribeSubnets", move |region| {
                region.describe_subnets(&input)
            })
            .await?;
        Ok(page.items.into_iter().map(subnet).collect())
    }

    async fn zones(&self) -> Answer<Vec<ZoneFacts>> {
        let zones = self
            .call("DescribeAvailabilityZones", |region| Ok(region.zones()))
            .await?;
        Ok(zones
            .into_iter()
            .map(|zone| ZoneFacts {
                zone: Zone::from_aws(zone.name),
                kind: Some(zone.kind),
                state: Some(State::from_api(&zone.state)),
            })
            .collect())
    }

    async fn route_tables(&self, within: &Within) -> Answer<Vec<RouteTable>> {
        let input = described(within);
        let page = self
            .call("DescribeRouteTables", move |region| {
                region.describe_route_tables(&input)
            })
            .await?;
        Ok(page.items.iter().map(route_table).collect())
    }

    async fn network_acls(&self, within: &Within) -> Answer<Vec<NetworkAcl>> {
        let input = described(within);
        let page = self
            .call("DescribeNetworkAcls", move |region| {
                region.describe_network_acls(&input)
            })
            .await?;
        Ok(page.items.iter().map(network_acl).collect())
    }

    async fn security_groups(&self, which: &Groups) -> Answer<Vec<SecurityGroup>> {
        let mut input = Describe::default();
        match which {
            Groups::Ids(ids) => input.ids = ids.iter().map(ToString::to_string).collect(),
            Groups::Name(name) => input.filters = vec![Filter::new("group-name", name)],
            Groups::Tagged(key, value) => {
                input.filters = vec![Filter::new(format!("tag:{key}"), value)]
            }
        }
        let page = self
            .call("DescribeSecurityGroups", move |region| {
                region.describe_security_groups(&input, &[])
            })
            .await?;
        Ok(page.items.iter().map(security_group).collect())
    }

    async fn interfaces(
        &self,
        ids: &BTreeSet<NetworkInterfaceId>,
    ) -> Answer<Vec<MountTargetInterface>> {
        let filter = Filter {
            name: "network-interface-id".to_owned(),
            values: ids.iter().map(ToString::to_string).collect(),
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
        Ok(page
            .items
            .into_iter()
            .map(|view| MountTargetInterface {
                id: NetworkInterfaceId::from_aws(&view.interface.id),
                security_groups: view
                    .interface
                    .groups
                    .iter()
                    .map(SecurityGroupId::from_aws)
                    .collect(),
                tags: view.interface.tags.clone(),
            })
            .collect())
    }

    async fn group_users(&self, id: &SecurityGroupId) -> Answer<BTreeSet<GroupUser>> {
        let id = id.to_string();
        self.call("DescribeNetworkInterfaces", move |region| {
            let attached = region
                .network_interfaces
                .values()
                .filter(|eni| eni.groups.contains(&id));
            let named = |group: &&state::SecurityGroup| {
                group.id != id
                    && group
                        .rules
                        .iter()
                        .any(|rule| rule.peer == state::Peer::Group(id.clone()))
            };
            let namers = region.security_groups.values().filter(named);
            let attached = attached.map(|eni| GroupUser {
                id: eni.id.clone(),
                file_system: mount_target_of(&eni.description).map(|(of, _)| of),
            });
            let namers = namers.map(|group| GroupUser {
                id: group.id.clone(),
                file_system: None,
            });
            Ok(attached.chain(namers).collect())
        })
        .await
    }

    async fn managed_prefix_list(&self, id: &str) -> Answer<PrefixList> {
        let input = GetManagedPrefixListEntries {
            prefix_list_id: Some(id.to_owned()),
            ..GetManagedPrefixListEntries::default()
        };
        let page = self
            .call("GetManagedPrefixListEntries", move |region| {
                region.get_managed_prefix_list_entries(&input)
            })
            .await?;
        Ok(PrefixList {
            id: id.to_owned(),
            weight: Some(page.items.len()),
            ranges: page.items.into_iter().map(|entry| entry.cidr).collect(),
        })
    }

    async fn check_permission(&self, _: &Permission) -> Answer<()> {
        self.call("DescribeRights", |_| Ok(())).await
    }

    async fn create_file_system(&self, new: &NewFileSystem) -> Answer<FileSystem> {
        let (throughput_mode, provisioned_throughput_in_mibps) = throughput_of(new.throughput);
        let input = CreateFileSystem {
            creation_token: new.token.clone(),
            performance_mode: Some(new.performance.as_str().to_owned()),
            encrypted: Some(new.encryption != Encryption::None),
            kms_key_id: match &new.encryption {
                Encryption::Key(key) => Some(key.to_string()),
                _ => None,
            },
            throughput_mode,
            provisioned_throughput_in_mibps,
            availability_zone_name: new.one_zone.as_ref().map(ToString::to_string),
            backup: new.backup,
            tags: Some(efs_tags(&new.tags)),
        };
        self.call("CreateFileSystem", move |region| {
            region.create_file_system(input)
        })
        .await
        .map(file_system)
    }

    async fn set(&self, of: &FileSystemId, to: &Value) -> Answer<Option<FileSystem>> {
        self.write(of, to).await
    }

    async fn tag_file_system(&self, id: &FileSystemId, tags: &Tags) -> Answer<()> {
        let (id, tags) = (id.to_string(), efs_tags(tags));
        self.call("TagResource", move |region| region.tag_resource(&id, tags))
            .await
    }

    async fn untag_file_system(&self, id: &FileSystemId, keys: &BTreeSet<String>) -> Answer<()> {
        let (id, keys) = (id.to_string(), keys.iter().cloned().collect::<Vec<_>>());
        self.call("UntagResource", move |region| {
            region.untag_resource(&id, &keys)
        })
        .await
    }

    async fn create_security_group(&self, new: &NewGroup) -> Answer<SecurityGroupId> {
        let input = CreateSecurityGroup {
            group_name: Some(new.name.clone()),
            description: Some(new.description.clone()),
            vpc_id: Some(new.vpc.to_string()),
            tag_specifications: specified("security-group", &new.tags),
            dry_run: false,
        };
        let made = self
            .call("CreateSecurityGroup", move |region| {
                region.create_security_group(&input)
            })
            .await?;
        Ok(SecurityGroupId::from_aws(made.id))
    }

    async fn group_rules(&self, of: &BTreeSet<SecurityGroupId>) -> Answer<Vec<GroupRule>> {
        let filter = Filter {
            name: "group-id".to_owned(),
            values: of.iter().map(ToString::to_string).collect(),
        };
        let input = Describe {
            filters: vec![filter],
            ..Describe::default()
        };
        let page = self
            .call("DescribeSecurityGroupRules", move |region| {
                region.describe_security_group_rules(&input)
            })
            .await?;
        Ok(page.items.into_iter().map(group_rule).collect())
    }

    async fn revoke_nfs(&self, group: &SecurityGroupId, rule: &SecurityGroupRuleId) -> Answer<()> {
        let input = RuleChange {
            group_id: Some(group.to_string()),
            security_group_rule_ids: vec![rule.to_string()],
            ..RuleChange::default()
        };
        self.call("RevokeSecurityGroupIngress", move |region| {
            region.revoke_security_group_ingress(&input).map(drop)
        })
        .await
    }

    async fn allow_nfs(&self, group: &SecurityGroupId, from: &Peer, tags: &Tags) -> Answer<()> {
        let mut permission = IpPermission {
            ip_protocol: Some("tcp".to_owned()),
            from_port: Some(2049),
            to_port: Some(2049),
            ..IpPermission::default()
        };
        let why = || Some("NFS, by efsctl".to_owned());
        let described = |value: String| IpRange {
            description: why(),
            ..IpRange::new(value)
        };
        match from {
            Peer::Group(id) => {
                permission.user_id_group_pairs = vec![GroupPair {
                    description: why(),
                    ..GroupPair::id(id.to_string())
                }]
            }
            Peer::Range(range @ ipnet::IpNet::V4(_)) => {
                permission.ip_ranges = vec![described(range.to_string())]
            }
            Peer::Range(range) => permission.ipv6_ranges = vec![described(range.to_string())],
            Peer::PrefixList(id) => permission.prefix_list_ids = vec![described(id.clone())],
            Peer::Distant(_) | Peer::Other(_) => unreachable!("nobody asks for that"),
        }
        let input = RuleChange {
            group_id: Some(group.to_string()),
            ip_permissions: vec![permission],
            tag_specifications: specified("security-group-rule", tags),
            ..RuleChange::default()
        };
        let made = self
            .call("AuthorizeSecurityGroupIngress", move |region| {
                region.authorize_security_group_ingress(&input).map(drop)
            })
            .await;
        match made {
            Err(error) if error.is("InvalidPermission.Duplicate") => Ok(()),
            answer => answer,
        }
    }

    async fn create_mount_target(&self, new: &NewMountTarget) -> Answer<MountTarget> {
        let input = CreateMountTarget {
            file_system_id: new.file_system.to_string(),
            subnet_id: new.subnet.to_string(),
            ip_address_type: (new.ip_type != IpType::Ipv4).then(|| new.ip_type.as_str().to_owned()),
            security_groups: Some(new.groups.iter().map(ToString::to_string).collect()),
            ..CreateMountTarget::default()
        };
        self.call("CreateMountTarget", move |region| {
            region.create_mount_target(input)
        })
        .await
        .map(mount_target)
    }

    async fn create_access_point(&self, new: &NewAccessPoint) -> Answer<AccessPoint> {
        let input = new_access_point(new);
        self.call("CreateAccessPoint", move |region| {
            region.create_access_point(input)
        })
        .await
        .map(access_point)
    }

    async fn set_mount_target_groups(
        &self,
        of: &MountTargetId,
        groups: &BTreeSet<SecurityGroupId>,
    ) -> Answer<()> {
        let (id, groups) = (
            of.to_string(),
            groups.iter().map(ToString::to_string).collect(),
        );
        self.call("ModifyMountTargetSecurityGroups", move |region| {
            region.modify_mount_target_security_groups(&id, groups)
        })
        .await
    }

    async fn tag_interfaces(&self, ids: &BTreeSet<NetworkInterfaceId>, tags: &Tags) -> Answer<()> {
        let input = CreateTags {
            resources: ids.iter().map(ToString::to_string).collect(),
            tags: tags
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            dry_run: false,
        };
        self.call("CreateTags", move |region| region.create_tags(&input))
            .await
    }

    async fn delete_access_point(&self, id: &AccessPointId) -> Answer<()> {
        let id = id.to_string();
        self.call("DeleteAccessPoint", move |region| {
            region.delete_access_point(&id)
        })
        .await
    }

    async fn delete_mount_target(&self, id: &MountTargetId) -> Answer<()> {
        let id = id.to_string();
        self.call("DeleteMountTarget", move |region| {
            region.delete_mount_target(&id)
        })
        .await
    }

    async fn delete_file_system(&self, id: &FileSystemId) -> Answer<()> {
        let id = id.to_string();
        self.call("DeleteFileSystem", move |region| {
            region.delete_file_system(&id)
        })
        .await
    }

    async fn delete_security_group(&self, id: &SecurityGroupId) -> Answer<()> {
        let input = DeleteSecurityGroup {
            group_id: Some(id.to_string()),
            ..DeleteSecurityGroup::default()
        };
        self.call("DeleteSecurityGroup", move |region| {
            region.delete_security_group(&input).map(drop)
        })
        .await
    }
}
