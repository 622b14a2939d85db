//! Shapes of EC2, as values of the domain and back.

use std::collections::BTreeSet;

use aws_sdk_ec2::types;
use ipnet::IpNet;

use super::required::{parsed, required, required_value};
use crate::cloud::Answer;
use crate::domain::ids::{NetworkInterfaceId, SecurityGroupId, SubnetId, VpcId, Zone};
use crate::domain::network::{
    Distant, EncryptionControl, NFS_PORT, Peer, Rule, SecurityGroup, Subnet, Unclear, Vpc,
    associated, is_protocol,
};
use crate::domain::state::State;
use crate::domain::tags::Tags;
use crate::domain::word::NOT_REPORTED;

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

/// A tag without a value has the empty one.
pub(super) fn tags(tags: &[types::Tag]) -> Tags {
    tags.iter()
        .filter_map(|tag| {
            let value = tag.value().unwrap_or_default();
            Some((tag.key()?.to_owned(), value.to_owned()))
        })
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

/// A range with the word for its state.
type Stated<'s> = (Option<&'s str>, Option<&'s str>);

fn ranges<'s>(
    operation: &'static str,
    found: impl IntoIterator<Item = Stated<'s>>,
) -> Answer<(Vec<IpNet>, Vec<Unclear>)> {
    let mut stated = Vec::new();
    for (range, state) in found {
        let range = required(operation, "CidrBlock", range)?;
        stated.push((parsed(operation, "CidrBlock", range)?, state));
    }
    Ok(associated(stated))
}

/// That a VPC is not said to be the default one means that it is not: EC2 has one such VPC at most, and it is asked for by a filter.
pub(super) fn vpc(shape: &types::Vpc) -> Answer<Vpc> {
    const OPERATION: &str = "DescribeVpcs";
    let v4 = shape.cidr_block_association_set().iter().map(|range| {
        let state = range.cidr_block_state().and_then(|state| state.state());
        (
            range.cidr_block(),
            state.map(types::VpcCidrBlockStateCode::as_str),
        )
    });
    let v6 = shape.ipv6_cidr_block_association_set().iter().map(|range| {
        let state = range.ipv6_cidr_block_state();
        let state = state.and_then(types::VpcCidrBlockState::state);
        (
            range.ipv6_cidr_block(),
            state.map(types::VpcCidrBlockStateCode::as_str),
        )
    });
    // The first range is among the associations as well, where there are any.
    let associations = shape.cidr_block_association_set();
    let is_listed = |own: &&str| {
        associations
            .iter()
            .any(|one| one.cidr_block() == Some(*own))
    };
    let first = shape.cidr_block().filter(|own| !is_listed(own));
    let first = first.map(|range| (Some(range), None));
    let (cidrs, unclear) = ranges(OPERATION, first.into_iter().chain(v4).chain(v6))?;
    Ok(Vpc {
        id: VpcId::from_aws(required(OPERATION, "VpcId", shape.vpc_id())?),
        cidrs,
        unclear,
        state: shape.state().map(|state| State::from_api(state.as_str())),
        is_default: shape.is_default().unwrap_or(false),
        owner: shape.owner_id().map(str::to_owned),
        encryption: shape.encryption_control().map(encryption_control),
    })
}

fn encryption_control(shape: &types::VpcEncryptionControl) -> EncryptionControl {
    let word = |word: Option<&str>| word.unwrap_or(NOT_REPORTED).to_owned();
    let excluded = shape
        .resource_exclusions()
        .and_then(|exclusions| exclusions.elastic_file_system());
    EncryptionControl {
        id: shape.vpc_encryption_control_id().map(str::to_owned),
        mode: word(shape.mode().map(types::VpcEncryptionControlMode::as_str)),
        state: word(shape.state().map(types::VpcEncryptionControlState::as_str)),
        efs_excluded: excluded
            .and_then(|exclusion| exclusion.state())
            .map(|state| state.as_str().to_owned()),
    }
}

/// That a subnet is not said to be IPv6-only means that it is not: the flag is younger than what answers without it.
pub(super) fn subnet(shape: &types::Subnet) -> Answer<Subnet> {
    const OPERATION: &str = "DescribeSubnets";
    let required = |member, value| required(OPERATION, member, value);
    let v4 = shape.cidr_block().filter(|range| !range.is_empty());
    let v4 = v4.map(|range| (Some(range), None));
    let v6 = shape.ipv6_cidr_block_association_set().iter().map(|range| {
        let state = range.ipv6_cidr_block_state();
        let state = state.and_then(types::SubnetCidrBlockState::state);
        (
            range.ipv6_cidr_block(),
            state.map(types::SubnetCidrBlockStateCode::as_str),
        )
    });
    let (own, unclear) = ranges(OPERATION, v4.into_iter().chain(v6))?;
    let free = shape
        .available_ip_address_count()
        .and_then(|count| u32::try_from(count).ok());
    let some = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(Subnet {
        id: SubnetId::from_aws(required("SubnetId", shape.subnet_id())?),
        vpc: VpcId::from_aws(required("VpcId", shape.vpc_id())?),
        zone: Zone::from_aws(required("AvailabilityZone", shape.availability_zone())?),
        free_addresses: required_value(OPERATION, "AvailableIpAddressCount", free)?,
        ipv6_only: shape.ipv6_native().unwrap_or(false),
        ranges: own,
        unclear,
        gives_public_addresses: shape.map_public_ip_on_launch(),
        state: shape.state().map(|state| State::from_api(state.as_str())),
        outpost: some(shape.outpost_arn()),
        kind: some(shape.r#type()),
    })
}

pub(super) fn security_group(shape: &types::SecurityGroup) -> Answer<SecurityGroup> {
    let required = |member, value| required("DescribeSecurityGroups", member, value);
    let owner = shape.owner_id();
    let rules = |permissions: &[types::IpPermission]| {
        permissions
            .iter()
            .flat_map(|one| rules(one, owner))
            .collect()
    };
    Ok(SecurityGroup {
        id: SecurityGroupId::from_aws(required("GroupId", shape.group_id())?),
        name: required("GroupName", shape.group_name())?.to_owned(),
        description: shape.description().map(str::to_owned),
        vpc: VpcId::from_aws(required("VpcId", shape.vpc_id())?),
        tags: tags(shape.tags()),
        ingress: rules(shape.ip_permissions()),
        egress: rules(shape.ip_permissions_egress()),
    })
}

/// EC2 bundles all peers of a protocol and port range into one permission. What cannot be read stays as such: a rule that were left
/// out would allow no one.
fn rules(permission: &types::IpPermission, owner: Option<&str>) -> Vec<Rule> {
    let groups = permission
        .user_id_group_pairs()
        .iter()
        .map(|pair| group(pair, owner));
    let range = |text: Option<&str>| {
        let text = text.unwrap_or(NOT_REPORTED);
        text.parse()
            .map_or_else(|_| Peer::Other(format!("range {text}")), Peer::Range)
    };
    let v4 = permission
        .ip_ranges()
        .iter()
        .map(|one| range(one.cidr_ip()));
    let v6 = permission.ipv6_ranges().iter();
    let v6 = v6.map(|one| range(one.cidr_ipv6()));
    let lists = permission.prefix_list_ids().iter().map(|list| {
        let id = list.prefix_list_id().map(str::to_owned);
        id.map_or_else(
            || Peer::Other("a prefix list without an id".to_owned()),
            Peer::PrefixList,
        )
    });
    let protocol = permission.ip_protocol().unwrap_or(NOT_REPORTED);
    let ports = permission.from_port().zip(permission.to_port());
    // One end of a range of ports is none.
    let is_read =
        is_protocol(protocol) && permission.from_port().is_some() == permission.to_port().is_some();
    let peers = groups.chain(v4).chain(v6).chain(lists);
    peers
        .map(|peer| Rule {
            protocol: protocol.to_owned(),
            ports,
            peer: if is_read {
                peer
            } else {
                Peer::Other(format!("{peer} by protocol {protocol}"))
            },
        })
        .collect()
}

/// A group that a rule names, in two types of the SDK.
pub(super) struct GroupShape<'s> {
    pub(super) id: Option<&'s str>,
    pub(super) account: Option<&'s str>,
    pub(super) vpc: Option<&'s str>,
    pub(super) peering: Option<&'s str>,
    pub(super) peering_status: Option<&'s str>,
}

fn group(pair: &types::UserIdGroupPair, owner: Option<&str>) -> Peer {
    let shape = GroupShape {
        id: pair.group_id(),
        account: pair.user_id(),
        vpc: pair.vpc_id(),
        peering: pair.vpc_peering_connection_id(),
        peering_status: pair.peering_status(),
    };
    named_group(&shape, owner)
}

pub(super) fn named_group(shape: &GroupShape<'_>, owner: Option<&str>) -> Peer {
    let Some(id) = shape.id.filter(|id| !id.is_empty()) else {
        return Peer::Other("a group without an id".to_owned());
    };
    let id = SecurityGroupId::from_aws(id);
    let account = shape.account.filter(|account| owner != Some(*account));
    let peering = shape.peering_status.filter(|status| !status.is_empty());
    let leads_away = peering.is_some() || shape.peering.is_some();
    // Without the owner of the group itself it is not known which account is another one.
    if !leads_away && (account.is_none() || owner.is_none()) {
        return Peer::Group(id);
    }
    Peer::Distant(Distant {
        id,
        account: account.filter(|_| owner.is_some()).map(str::to_owned),
        vpc: shape.vpc.map(VpcId::from_aws),
        peering: peering.map(str::to_owned),
    })
}

/// The id of a network interface, and the groups it has.
pub(super) fn interface(
    shape: &types::NetworkInterface,
) -> Answer<(NetworkInterfaceId, BTreeSet<SecurityGroupId>)> {
    fn read<'s>(member: &'static str, value: Option<&'s str>) -> Answer<&'s str> {
        required("DescribeNetworkInterfaces", member, value)
    }
    let id = read("NetworkInterfaceId", shape.network_interface_id())?;
    let group = |group: &types::GroupIdentifier| {
        Ok(SecurityGroupId::from_aws(read(
            "GroupId",
            group.group_id(),
        )?))
    };
    let groups: Answer<_> = shape.groups().iter().map(group).collect();
    Ok((NetworkInterfaceId::from_aws(id), groups?))
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
        Peer::Distant(distant) => permission.user_id_group_pairs(
            types::UserIdGroupPair::builder()
                .group_id(distant.id.as_str())
                .set_user_id(distant.account.clone())
                .description(WHY)
                .build(),
        ),
        // No one asks for that; EC2 refuses a rule without a peer.
        Peer::Other(_) => permission,
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
