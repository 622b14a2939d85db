//! Security groups and their rules.

use super::input::{describe as describe_input, tag_specifications};
use super::operation::{Operation, operations};
use super::xml::Xml;
use crate::wire::query::Query;
use crate::world::ec2::rules::{Revoked, RuleChange, RuleView};
use crate::world::ec2::security_groups::{CreateSecurityGroup, DeleteSecurityGroup};
use crate::world::ec2::{GroupPair, IpPermission, IpRange};
use crate::world::state::{Peer, PeeredGroup, Rule, SecurityGroup};
use crate::world::{ApiError, Region};

pub(super) const OPERATIONS: &[Operation] = operations! {
    AuthorizeSecurityGroupEgress => authorize_egress;
    AuthorizeSecurityGroupIngress => authorize_ingress;
    CreateSecurityGroup => create;
    DeleteSecurityGroup => delete;
    DescribeSecurityGroupRules => describe_rules;
    DescribeSecurityGroups => describe;
    RevokeSecurityGroupEgress => revoke_egress;
    RevokeSecurityGroupIngress => revoke_ingress;
};

fn describe(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let input = describe_input(query, "GroupId")?;
    let page = region.describe_security_groups(&input, &query.list("GroupName"))?;
    xml.list("securityGroupInfo", &page.items, |xml, group| {
        write_group(xml, region, group);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn describe_rules(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let input = describe_input(query, "SecurityGroupRuleId")?;
    let page = region.describe_security_group_rules(&input)?;
    xml.list("securityGroupRuleSet", &page.items, |xml, rule| {
        write_rule(xml, region, rule);
    });
    xml.optional("nextToken", page.next_token);
    Ok(())
}

fn create(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let group = region.create_security_group(&CreateSecurityGroup {
        group_name: query.text("GroupName"),
        description: query.text("GroupDescription"),
        vpc_id: query.text("VpcId"),
        tag_specifications: tag_specifications(query),
        dry_run: query.dry_run()?,
    })?;
    xml.text("return", true);
    xml.text("groupId", &group.id);
    xml.tags_if_any(&group.tags);
    xml.text(
        "securityGroupArn",
        region.ec2_arn("security-group", &group.id),
    );
    Ok(())
}

fn delete(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let id = region.delete_security_group(&DeleteSecurityGroup {
        group_id: query.text("GroupId"),
        group_name: query.text("GroupName"),
        dry_run: query.dry_run()?,
    })?;
    xml.text("return", true);
    xml.text("groupId", id);
    Ok(())
}

fn authorize_ingress(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let rules = region.authorize_security_group_ingress(&change(query)?)?;
    write_authorized(xml, region, &rules);
    Ok(())
}

fn authorize_egress(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let rules = region.authorize_security_group_egress(&change(query)?)?;
    write_authorized(xml, region, &rules);
    Ok(())
}

fn revoke_ingress(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let revoked = region.revoke_security_group_ingress(&change(query)?)?;
    write_revoked(xml, region, &revoked);
    Ok(())
}

fn revoke_egress(region: &mut Region, query: &Query, xml: &mut Xml) -> Result<(), ApiError> {
    let revoked = region.revoke_security_group_egress(&change(query)?)?;
    write_revoked(xml, region, &revoked);
    Ok(())
}

/// The input of the four operations that change rules: a list of permissions, or one permission spelt
/// out in parameters of the request itself.
fn change(query: &Query) -> Result<RuleChange, ApiError> {
    let listed = query.structures("IpPermissions");
    let mut ip_permissions: Vec<_> = listed.iter().map(permission).collect::<Result<_, _>>()?;
    let spelt_out = spelt_out(query)?;
    if !ip_permissions.is_empty() && !spelt_out.is_empty() {
        let message = "The parameter 'ipPermissions' may not be used in combination with \
                       'ipProtocol', 'cidrIp' or 'sourceSecurityGroupName'";
        return Err(ApiError::new("InvalidParameterCombination", 400, message));
    }
    ip_permissions.extend(spelt_out);
    Ok(RuleChange {
        group_id: query.text("GroupId"),
        group_name: query.text("GroupName"),
        ip_permissions,
        security_group_rule_ids: query.list("SecurityGroupRuleId"),
        tag_specifications: tag_specifications(query),
        dry_run: query.dry_run()?,
    })
}

fn permission(query: &Query) -> Result<IpPermission, ApiError> {
    let ranges = |list: &str, member: &str| {
        let ranges = query.structures(list).into_iter();
        ranges
            .map(|range| IpRange {
                value: range.text(member).unwrap_or_default(),
                description: range.text("Description"),
            })
            .collect()
    };
    let pairs = query.structures("Groups").into_iter();
    Ok(IpPermission {
        ip_protocol: query.text("IpProtocol"),
        from_port: query.number("FromPort")?,
        to_port: query.number("ToPort")?,
        user_id_group_pairs: pairs
            .map(|pair| GroupPair {
                group_id: pair.text("GroupId"),
                group_name: pair.text("GroupName"),
                account: pair.text("UserId"),
                peering: pair.text("VpcPeeringConnectionId"),
                description: pair.text("Description"),
            })
            .collect(),
        ip_ranges: ranges("IpRanges", "CidrIp"),
        ipv6_ranges: ranges("Ipv6Ranges", "CidrIpv6"),
        prefix_list_ids: ranges("PrefixListIds", "PrefixListId"),
    })
}

/// A group alone means all of TCP, UDP and ICMP; with a protocol, that protocol.
fn spelt_out(query: &Query) -> Result<Vec<IpPermission>, ApiError> {
    let protocol = query.text("IpProtocol");
    let range = query.get("CidrIp").map(IpRange::new);
    let group = query.text("SourceSecurityGroupName").map(|name| GroupPair {
        group_name: Some(name),
        ..GroupPair::default()
    });
    if protocol.is_none() && range.is_none() && group.is_none() {
        return Ok(Vec::new());
    }
    let one = IpPermission {
        ip_protocol: protocol,
        from_port: query.number("FromPort")?,
        to_port: query.number("ToPort")?,
        ip_ranges: range.into_iter().collect(),
        user_id_group_pairs: group.into_iter().collect(),
        ..IpPermission::default()
    };
    if one.ip_protocol.is_some() || one.user_id_group_pairs.is_empty() {
        return Ok(vec![one]);
    }
    let all = [("tcp", 0, 65_535), ("udp", 0, 65_535), ("icmp", -1, -1)];
    let of = |(protocol, from, to): (&str, i64, i64)| IpPermission {
        ip_protocol: Some(protocol.to_owned()),
        from_port: Some(from),
        to_port: Some(to),
        ..one.clone()
    };
    Ok(all.map(of).into())
}

fn write_group(xml: &mut Xml, region: &Region, group: &SecurityGroup) {
    xml.text("ownerId", &region.account_id);
    xml.text("groupId", &group.id);
    xml.text("groupName", &group.name);
    xml.text("groupDescription", &group.description);
    xml.text("vpcId", &group.vpc_id);
    xml.text(
        "securityGroupArn",
        region.ec2_arn("security-group", &group.id),
    );
    for (name, is_egress) in [("ipPermissions", false), ("ipPermissionsEgress", true)] {
        let rules = group
            .rules
            .iter()
            .filter(|rule| rule.is_egress == is_egress);
        write_permissions(xml, region, name, rules);
    }
    xml.tags_if_any(&group.tags);
}

/// Rules that differ in nothing but the peer are one permission.
fn write_permissions<'a>(
    xml: &mut Xml,
    region: &Region,
    name: &str,
    rules: impl Iterator<Item = &'a Rule>,
) {
    let mut permissions: Vec<Vec<&Rule>> = Vec::new();
    let traffic = |rule: &Rule| (rule.protocol.clone(), rule.from_port, rule.to_port);
    for rule in rules {
        let fits =
            |known: &&mut Vec<&Rule>| known.first().map(|&one| traffic(one)) == Some(traffic(rule));
        match permissions.iter_mut().find(fits) {
            Some(known) => known.push(rule),
            None => permissions.push(vec![rule]),
        }
    }
    xml.list(name, permissions, |xml, rules| {
        if let Some(rule) = rules.first() {
            xml.text("ipProtocol", &rule.protocol);
            if matches!(rule.protocol.as_str(), "tcp" | "udp" | "icmp" | "icmpv6") {
                xml.text("fromPort", rule.from_port);
                xml.text("toPort", rule.to_port);
            }
        }
        write_peers(xml, region, &rules);
    });
}

fn write_peers(xml: &mut Xml, region: &Region, rules: &[&Rule]) {
    let groups = rules
        .iter()
        .filter(|rule| matches!(rule.peer, Peer::Group(_) | Peer::Peered(_)));
    xml.list("groups", groups, |xml, rule| {
        match &rule.peer {
            Peer::Group(id) => {
                xml.text("userId", &region.account_id);
                xml.text("groupId", id);
            }
            Peer::Peered(group) => write_peered(xml, region, group),
            _ => {}
        }
        xml.optional("description", rule.description.as_deref());
    });
    let lists = [
        ("ipRanges", "cidrIp"),
        ("ipv6Ranges", "cidrIpv6"),
        ("prefixListIds", "prefixListId"),
    ];
    for (list, member) in lists {
        let ranges = rules.iter().filter_map(|rule| match (&rule.peer, list) {
            (Peer::Ipv4(range), "ipRanges")
            | (Peer::Ipv6(range), "ipv6Ranges")
            | (Peer::PrefixList(range), "prefixListIds") => Some((range, &rule.description)),
            _ => None,
        });
        xml.list(list, ranges, |xml, (range, description)| {
            xml.text(member, range);
            xml.optional("description", description.as_deref());
        });
    }
}

/// A group across a peering: its VPC, the peering and its status stand beside it.
fn write_peered(xml: &mut Xml, region: &Region, group: &PeeredGroup) {
    let (vpc, status) = region.across(group);
    xml.text("userId", &group.account);
    xml.text("groupId", &group.id);
    xml.optional("vpcId", vpc);
    xml.optional("vpcPeeringConnectionId", group.peering.as_deref());
    xml.optional("peeringStatus", status);
}

fn write_authorized(xml: &mut Xml, region: &Region, rules: &[RuleView]) {
    xml.text("return", true);
    xml.list("securityGroupRuleSet", rules, |xml, rule| {
        write_rule(xml, region, rule);
    });
}

fn write_revoked(xml: &mut Xml, region: &Region, revoked: &Revoked) {
    xml.text("return", true);
    if !revoked.unknown.is_empty() {
        write_permissions(
            xml,
            region,
            "unknownIpPermissionSet",
            revoked.unknown.iter(),
        );
    }
    xml.list(
        "revokedSecurityGroupRuleSet",
        &revoked.rules,
        |xml, view| {
            write_traffic(xml, view);
            match &view.rule.peer {
                Peer::Group(id) | Peer::Peered(PeeredGroup { id, .. }) => {
                    xml.text("referencedGroupId", id);
                }
                _ => {}
            }
        },
    );
}

fn write_rule(xml: &mut Xml, region: &Region, view: &RuleView) {
    write_traffic(xml, view);
    xml.text("groupOwnerId", &region.account_id);
    xml.text("securityGroupRuleArn", &view.arn);
    match &view.rule.peer {
        Peer::Group(id) => xml.element("referencedGroupInfo", |xml| {
            xml.text("groupId", id);
            xml.text("userId", &region.account_id);
            xml.text("vpcId", &view.vpc_id);
        }),
        Peer::Peered(group) => xml.element("referencedGroupInfo", |xml| {
            write_peered(xml, region, group);
        }),
        _ => {}
    }
    xml.tags(&view.rule.tags);
}

fn write_traffic(xml: &mut Xml, view: &RuleView) {
    let rule = &view.rule;
    xml.text("securityGroupRuleId", &rule.id);
    xml.text("groupId", &view.group_id);
    xml.text("isEgress", rule.is_egress);
    xml.text("ipProtocol", &rule.protocol);
    xml.text("fromPort", rule.from_port);
    xml.text("toPort", rule.to_port);
    match &rule.peer {
        Peer::Ipv4(range) => xml.text("cidrIpv4", range),
        Peer::Ipv6(range) => xml.text("cidrIpv6", range),
        Peer::PrefixList(id) => xml.text("prefixListId", id),
        Peer::Group(_) | Peer::Peered(_) => {}
    }
    xml.optional("description", rule.description.as_deref());
}
