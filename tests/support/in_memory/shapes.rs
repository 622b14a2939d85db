//! The words of the world, as the types of the flow and back.

use efsctl::cloud::NewAccessPoint;
use efsctl::domain::access_point::{self, AccessPoint};
use efsctl::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId,
    SecurityGroupRuleId, SubnetId, VpcId, Zone,
};
use efsctl::domain::inventory::Replication;
use efsctl::domain::network::{
    AclEntry, GroupRule, NetworkAcl, Peer, Route, RouteTable, Rule, SecurityGroup, Subnet, Vpc,
    associated,
};
use efsctl::domain::settings::{ObservedSetting, Throughput};
use efsctl::domain::state::{FileSystem, MountTarget, State, StoredBytes};
use efsctl::domain::tags::Tags;
use efsctl::domain::word::Word;
use efsctl::sandbox::world::ec2::TagSpecification;
use efsctl::sandbox::world::ec2::rules::RuleView;
use efsctl::sandbox::world::ec2::subnets::SubnetView;
use efsctl::sandbox::world::efs::{
    AccessPointDescription, CreateAccessPoint, CreationInfo, FileSystemDescription,
    MountTargetDescription, PosixUser, ReplicationDescription, RootDirectory, Tag,
};
use efsctl::sandbox::world::state;

pub(super) fn file_system(shape: FileSystemDescription) -> FileSystem {
    FileSystem {
        id: FileSystemId::from_aws(shape.file_system_id),
        arn: Some(shape.file_system_arn),
        creation_token: shape.creation_token,
        name: shape.name,
        state: State::from_api(&shape.life_cycle_state),
        encrypted: Some(shape.encrypted),
        kms_key_id: shape.kms_key_id,
        performance: Word::from_api(&shape.performance_mode),
        settings: [
            ObservedSetting::Throughput(Throughput::from_answer(
                Some(&shape.throughput_mode),
                shape.provisioned_throughput_in_mibps,
            )),
            ObservedSetting::Protection(Some(Word::from_api(
                &shape
                    .file_system_protection
                    .replication_overwrite_protection,
            ))),
        ]
        .into_iter()
        .collect(),
        one_zone: shape.availability_zone_name.map(Zone::from_aws),
        size_bytes: shape.size_in_bytes.value,
        stored: StoredBytes {
            standard: Some(shape.size_in_bytes.value_in_standard),
            infrequent_access: Some(shape.size_in_bytes.value_in_ia),
            archive: Some(shape.size_in_bytes.value_in_archive),
        },
        mount_targets: u32::try_from(shape.number_of_mount_targets).unwrap(),
        tags: shape
            .tags
            .into_iter()
            .map(|tag| (tag.key, tag.value))
            .collect(),
        created_at: i64::try_from(shape.creation_time / 1000).ok(),
    }
}

pub(super) fn mount_target(shape: MountTargetDescription) -> MountTarget {
    MountTarget {
        id: MountTargetId::from_aws(shape.mount_target_id),
        file_system: FileSystemId::from_aws(shape.file_system_id),
        subnet: SubnetId::from_aws(shape.subnet_id),
        zone: Zone::from_aws(shape.availability_zone_name.unwrap_or_default()),
        vpc: shape.vpc_id.map(VpcId::from_aws),
        ip: shape
            .ip_address
            .or(shape.ipv6_address)
            .and_then(|ip| ip.parse().ok()),
        state: State::from_api(&shape.life_cycle_state),
        interface: Some(NetworkInterfaceId::from_aws(shape.network_interface_id)),
    }
}

pub(super) fn vpc(shape: state::Vpc, account: &str) -> Vpc {
    let v4 = shape.ipv4_ranges();
    let v6 = shape.ipv6_ranges();
    let ranges = v4.iter().map(|range| (range.cidr, Some(range.state)));
    let ranges = ranges.chain(v6.iter().map(|range| (range.cidr, Some(range.state))));
    let (cidrs, unclear) = associated(ranges);
    Vpc {
        cidrs,
        unclear,
        state: Some(State::from_api(shape.state())),
        is_default: shape.is_default,
        owner: Some(shape.owner.unwrap_or_else(|| account.to_owned())),
        encryption: None,
        id: VpcId::from_aws(shape.id),
    }
}

pub(super) fn subnet(view: SubnetView) -> Subnet {
    Subnet {
        free_addresses: view.available_ip_address_count,
        ipv6_only: view.subnet.ipv6_native,
        ranges: [
            (!view.subnet.ipv6_native).then(|| view.subnet.cidr.to_string()),
            view.subnet.own_ipv6().map(str::to_owned),
        ]
        .into_iter()
        .flatten()
        .filter_map(|range| range.parse().ok())
        .collect(),
        unclear: Vec::new(),
        gives_public_addresses: Some(view.subnet.map_public_ip),
        state: Some(State::from_api(view.subnet.state())),
        outpost: view.subnet.outpost_arn.clone(),
        kind: view.subnet.kind.clone(),
        id: SubnetId::from_aws(view.subnet.id),
        vpc: VpcId::from_aws(view.subnet.vpc_id),
        zone: Zone::from_aws(view.subnet.availability_zone),
    }
}

pub(super) fn peer(peer: &state::Peer) -> Peer {
    match peer {
        state::Peer::Ipv4(range) | state::Peer::Ipv6(range) => Peer::Range(range.parse().unwrap()),
        state::Peer::Group(id) | state::Peer::Peered(state::PeeredGroup { id, .. }) => {
            Peer::Group(SecurityGroupId::from_aws(id))
        }
        state::Peer::PrefixList(id) => Peer::PrefixList(id.clone()),
    }
}

pub(super) fn security_group(shape: &state::SecurityGroup) -> SecurityGroup {
    SecurityGroup {
        id: SecurityGroupId::from_aws(&shape.id),
        name: shape.name.clone(),
        description: Some(shape.description.clone()),
        vpc: VpcId::from_aws(&shape.vpc_id),
        tags: shape.tags.clone(),
        ingress: rules(shape, false),
        egress: rules(shape, true),
    }
}

fn rules(shape: &state::SecurityGroup, is_egress: bool) -> Vec<Rule> {
    shape
        .rules
        .iter()
        .filter(|rule| rule.is_egress == is_egress)
        .map(rule)
        .collect()
}

fn rule(rule: &state::Rule) -> Rule {
    Rule {
        protocol: rule.protocol.clone(),
        ports: (rule.protocol != "-1").then_some((rule.from_port, rule.to_port)),
        peer: peer(&rule.peer),
    }
}

pub(super) fn group_rule(view: RuleView) -> GroupRule {
    GroupRule {
        id: SecurityGroupRuleId::from_aws(&view.rule.id),
        group: SecurityGroupId::from_aws(view.group_id),
        is_egress: view.rule.is_egress,
        rule: rule(&view.rule),
        description: view.rule.description,
        tags: view.rule.tags,
    }
}

pub(super) fn specified(kind: &str, tags: &Tags) -> Vec<TagSpecification> {
    vec![TagSpecification {
        resource_type: kind.to_owned(),
        tags: tags
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    }]
}

pub(super) fn efs_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag {
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}

pub(super) fn throughput_of(throughput: Throughput) -> (Option<String>, Option<f64>) {
    (Some(throughput.as_str().to_owned()), throughput.mibps())
}

pub(super) fn replication(shape: ReplicationDescription) -> Replication {
    let copy = shape.destinations.into_iter().map(|copy| {
        let id = FileSystemId::from_aws(copy.file_system_id);
        (id, copy.region, copy.status)
    });
    Replication {
        source: FileSystemId::from_aws(shape.source_file_system_id),
        destinations: copy.collect(),
    }
}

pub(super) fn access_point(shape: AccessPointDescription) -> AccessPoint {
    let root = shape.root_directory;
    AccessPoint {
        id: AccessPointId::from_aws(shape.access_point_id),
        file_system: FileSystemId::from_aws(shape.file_system_id),
        token: Some(shape.client_token),
        state: State::from_api(&shape.life_cycle_state),
        path: root.path.unwrap_or_else(|| "/".to_owned()),
        user: shape.posix_user.map(|user| access_point::PosixUser {
            uid: user.uid,
            gid: user.gid,
            secondary_gids: user.secondary_gids.into_iter().flatten().collect(),
        }),
        creation: root.creation_info.map(|info| access_point::CreationInfo {
            owner_uid: info.owner_uid,
            owner_gid: info.owner_gid,
            permissions: info.permissions,
        }),
        tags: shape
            .tags
            .into_iter()
            .map(|tag| (tag.key, tag.value))
            .collect(),
    }
}

pub(super) fn new_access_point(new: &NewAccessPoint) -> CreateAccessPoint {
    let spec = &new.spec;
    CreateAccessPoint {
        client_token: new.token.clone(),
        file_system_id: new.file_system.to_string(),
        posix_user: spec.user.as_ref().map(|user| PosixUser {
            uid: user.uid,
            gid: user.gid,
            secondary_gids: Some(user.secondary_gids.iter().copied().collect()),
        }),
        root_directory: Some(RootDirectory {
            path: Some(spec.path.clone()),
            creation_info: spec.creation.as_ref().map(|info| CreationInfo {
                owner_uid: info.owner_uid,
                owner_gid: info.owner_gid,
                permissions: info.permissions.clone(),
            }),
        }),
        tags: Some(efs_tags(&new.tags)),
    }
}

pub(super) fn route_table(shape: &state::RouteTable) -> RouteTable {
    RouteTable {
        id: shape.id.clone(),
        vpc: VpcId::from_aws(&shape.vpc_id),
        is_main: shape.is_main,
        subnets: shape.subnets.iter().map(SubnetId::from_aws).collect(),
        routes: shape
            .routes
            .iter()
            .map(|(destination, target)| Route {
                destination: destination.to_string().parse().ok(),
                target: Some(target.clone()),
                state: Some(shape.route_state(destination).to_owned()),
            })
            .collect(),
    }
}

pub(super) fn network_acl(shape: &state::NetworkAcl) -> NetworkAcl {
    NetworkAcl {
        id: shape.id.clone(),
        subnets: shape.subnets.iter().map(SubnetId::from_aws).collect(),
        entries: shape
            .entries
            .iter()
            .map(|entry| AclEntry {
                number: entry.number,
                egress: entry.egress,
                protocol: entry.protocol.clone(),
                allow: entry.allow,
                range: entry.cidr.parse().unwrap(),
                ports: entry.ports,
            })
            .collect(),
        unreadable: None,
    }
}
