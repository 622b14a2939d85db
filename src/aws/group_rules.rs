//! Rules of security groups, each with its id.

use std::collections::BTreeSet;

use aws_sdk_ec2::{Client, types};

use super::call::{PAGE, all, in_ec2};
use super::network::{GroupShape, filter, named_group, tags};
use super::required::{required, required_value};
use crate::cloud::Answer;
use crate::domain::ids::{SecurityGroupId, SecurityGroupRuleId};
use crate::domain::network::{GroupRule, Peer, Rule, is_protocol};
use crate::domain::word::NOT_REPORTED;

const OPERATION: &str = "DescribeSecurityGroupRules";

pub(super) async fn group_rules(
    ec2: &Client,
    of: &BTreeSet<SecurityGroupId>,
) -> Answer<Vec<GroupRule>> {
    let ids: Vec<&str> = of.iter().map(SecurityGroupId::as_str).collect();
    let mut rules = Vec::new();
    // At most 200 values in a filter.
    for ids in ids.chunks(200) {
        let call = ec2
            .describe_security_group_rules()
            .filters(filter("group-id", ids.iter().copied()))
            .max_results(PAGE);
        let found: Answer<Vec<_>> = all!(in_ec2(OPERATION), call, group_rule);
        rules.extend(found?);
    }
    Ok(rules)
}

pub(super) async fn revoke(
    ec2: &Client,
    group: &SecurityGroupId,
    rule: &SecurityGroupRuleId,
) -> Answer<()> {
    let call = ec2
        .revoke_security_group_ingress()
        .group_id(group.as_str())
        .security_group_rule_ids(rule.as_str());
    call.send()
        .await
        .map(drop)
        .map_err(in_ec2("RevokeSecurityGroupIngress"))
}

fn group_rule(shape: &types::SecurityGroupRule) -> Answer<GroupRule> {
    let id = required(
        OPERATION,
        "SecurityGroupRuleId",
        shape.security_group_rule_id(),
    )?;
    let group = required(OPERATION, "GroupId", shape.group_id())?;
    let is_egress = required_value(OPERATION, "IsEgress", shape.is_egress())?;
    Ok(GroupRule {
        id: SecurityGroupRuleId::from_aws(id),
        group: SecurityGroupId::from_aws(group),
        is_egress,
        rule: rule(shape),
        description: shape.description().map(str::to_owned),
        tags: tags(shape.tags()),
    })
}

/// All protocols have all ports, which this operation shows as -1 (EC2 API reference, `SecurityGroupRule`).
fn rule(shape: &types::SecurityGroupRule) -> Rule {
    let protocol = shape.ip_protocol().unwrap_or(NOT_REPORTED);
    let ports = shape.from_port().zip(shape.to_port());
    let peer = peer(shape);
    let is_read = is_protocol(protocol) && shape.from_port().is_some() == shape.to_port().is_some();
    Rule {
        protocol: protocol.to_owned(),
        ports: ports.filter(|_| protocol != "-1"),
        peer: if is_read {
            peer
        } else {
            Peer::Other(format!("{peer} by protocol {protocol}"))
        },
    }
}

fn peer(shape: &types::SecurityGroupRule) -> Peer {
    let range = |text: &str| {
        text.parse()
            .map_or_else(|_| Peer::Other(format!("range {text}")), Peer::Range)
    };
    if let Some(text) = shape.cidr_ipv4().or(shape.cidr_ipv6()) {
        return range(text);
    }
    if let Some(list) = shape.prefix_list_id() {
        return Peer::PrefixList(list.to_owned());
    }
    match shape.referenced_group_info() {
        Some(group) => named_group(
            &GroupShape {
                id: group.group_id(),
                account: group.user_id(),
                vpc: group.vpc_id(),
                peering: group.vpc_peering_connection_id(),
                peering_status: group.peering_status(),
            },
            shape.group_owner_id(),
        ),
        None => Peer::Other("a rule without a peer".to_owned()),
    }
}
