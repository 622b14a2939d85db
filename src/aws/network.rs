//! Shapes of EC2, as values of the domain and back.

use std::collections::BTreeSet;

use aws_sdk_ec2::types;

use crate::domain::ids::{SecurityGroupId, SubnetId, VpcId, Zone};
use crate::domain::network::{NFS_PORT, Peer, Rule, SecurityGroup, Subnet, Vpc};
use crate::domain::tags::Tags;

pub(super) fn filter(
    name: &str,
    values: impl IntoIterator<Item = impl Into<String>>,
) -> types::Filter {
    let values = values.into_iter().map(Into::into).collect();
    types::Filter::builder()
        .name(name)
        .set_values(Some(values))
        .build()
}

pub(super) fn tags(tags: &[types::Tag]) -> Tags {
    tags.iter()
        .filter_map(|tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned())))
        .collect()
}

pub(super) fn sdk_tags(tags: &Tags) -> Vec<types::Tag> {
    tags.iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build())
        .collect()
}

pub(super) fn tag_specification(kind: types::ResourceType, tags: &Tags) -> types::TagSpecification {
    types::TagSpecification::builder()
        .resource_type(kind)
        .set_tags(Some(sdk_tags(tags)))
        .build()
}

pub(super) fn vpc(shape: &types::Vpc) -> Option<Vpc> {
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

pub(super) fn subnet(shape: &types::Subnet) -> Option<Subnet> {
    Some(Subnet {
        id: SubnetId::known(shape.subnet_id()?),
        vpc: VpcId::known(shape.vpc_id()?),
        zone: Zone::known(shape.availability_zone()?),
        free_addresses: u32::try_from(shape.available_ip_address_count().unwrap_or(0)).unwrap_or(0),
        ipv6_only: shape.ipv6_native().unwrap_or(false),
        ranges: shape
            .cidr_block()
            .into_iter()
            .chain(
                shape
                    .ipv6_cidr_block_association_set()
                    .iter()
                    .filter_map(|range| range.ipv6_cidr_block()),
            )
            .filter_map(|range| range.parse().ok())
            .collect(),
        gives_public_addresses: shape.map_public_ip_on_launch().unwrap_or(false),
    })
}

pub(super) fn security_group(shape: &types::SecurityGroup) -> Option<SecurityGroup> {
    Some(SecurityGroup {
        id: SecurityGroupId::known(shape.group_id()?),
        name: shape.group_name().unwrap_or_default().to_owned(),
        vpc: VpcId::known(shape.vpc_id().unwrap_or_default()),
        tags: tags(shape.tags()),
        ingress: shape.ip_permissions().iter().flat_map(rules).collect(),
        egress: shape
            .ip_permissions_egress()
            .iter()
            .flat_map(rules)
            .collect(),
    })
}

/// EC2 bundles all peers of a protocol and port range into one permission.
fn rules(permission: &types::IpPermission) -> Vec<Rule> {
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
        .map(|peer| Rule {
            protocol: permission.ip_protocol().unwrap_or("-1").to_owned(),
            ports,
            peer,
        })
        .collect()
}

/// The description of the rules that are made.
const WHY: &str = "NFS, by efsctl";

pub(super) fn nfs_from(peer: &Peer) -> types::IpPermission {
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
