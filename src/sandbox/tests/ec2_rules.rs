//! Rules of security groups.

use efsctl_sandbox::world::ec2::rules::RuleChange;
use efsctl_sandbox::world::ec2::vpcs::CreateVpc;
use efsctl_sandbox::world::ec2::{IpPermission, IpRange, TagSpecification};
use efsctl_sandbox::world::state::{Peer, Rule};

use super::ec2_support::*;

#[test]
fn ranges_are_made_canonical_and_a_rule_exists_once() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    let made = region
        .authorize_security_group_ingress(&nfs_from_range(&id, "10.0.0.5/24"))
        .unwrap();
    assert_eq!(made[0].rule.peer, Peer::Ipv4("10.0.0.0/24".to_owned()));
    assert!(made[0].rule.id.starts_with("sgr-"));
    let again = region
        .authorize_security_group_ingress(&nfs_from_range(&id, "10.0.0.99/24"))
        .unwrap_err();
    assert_eq!(again.code, "InvalidPermission.Duplicate");
    assert_eq!(
        again.message,
        "the specified rule \"peer: 10.0.0.0/24, TCP, from port: 2049, to port: 2049, ALLOW\" already exists"
    );
    let mut twice = nfs_from_range(&id, "10.9.0.0/16");
    twice.ip_permissions[0]
        .ip_ranges
        .push(IpRange::new("10.9.1.1/16"));
    let twice = region.authorize_security_group_ingress(&twice);
    assert_eq!(code(twice.clone()), "InvalidParameterValue");
    assert_eq!(
        message(twice),
        "The same permission must not appear multiple times"
    );
    let mut half = nfs_from_range(&id, "10.8.0.0/16");
    half.ip_permissions[0]
        .ip_ranges
        .push(IpRange::new("10.0.0.0/24"));
    let half = region.authorize_security_group_ingress(&half);
    assert_eq!(code(half), "InvalidPermission.Duplicate");
    assert_eq!(
        region.security_groups[&id].rules.len(),
        2,
        "a refused call adds no rule"
    );
}

#[test]
fn permissions_are_checked() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    for range in ["10.0.0.0/33", "10.0.0.0", "::/0", "ten"] {
        let made = region.authorize_security_group_ingress(&nfs_from_range(&id, range));
        assert_eq!(message(made), format!("CIDR block {range} is malformed"));
    }
    let mut check = |protocol: &str, from: Option<i64>, to: Option<i64>| {
        let permission = IpPermission {
            ip_protocol: Some(protocol.to_owned()),
            from_port: from,
            to_port: to,
            ip_ranges: vec![IpRange::new("10.0.0.0/8")],
            ..IpPermission::default()
        };
        let change = RuleChange {
            group_id: Some(id.clone()),
            ip_permissions: vec![permission],
            dry_run: true,
            ..RuleChange::default()
        };
        code(region.authorize_security_group_ingress(&change))
    };
    assert_eq!(check("tcp", None, None), "InvalidParameterValue");
    assert_eq!(check("tcp", Some(80), Some(22)), "InvalidParameterValue");
    assert_eq!(check("udp", Some(0), Some(65_536)), "InvalidParameterValue");
    assert_eq!(
        check("carrier-pigeon", Some(1), Some(2)),
        "InvalidParameterValue"
    );
    assert_eq!(check("icmp", Some(-1), Some(-1)), "DryRunOperation");
    assert_eq!(check("6", Some(22), Some(22)), "DryRunOperation");
    assert_eq!(check("-1", None, None), "DryRunOperation");
}

#[test]
fn a_group_may_refer_to_itself_and_to_its_neighbours_only() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    assert_eq!(
        code(region.authorize_security_group_ingress(&nfs_from_group(&id, &id))),
        "success"
    );
    let nobody = nfs_from_group(&id, "sg-00000000000000000");
    assert_eq!(
        code(region.authorize_security_group_ingress(&nobody)),
        "InvalidGroup.NotFound"
    );
    let cidr_block = Some("10.0.0.0/16".to_owned());
    let vpc = region
        .create_vpc(&CreateVpc {
            cidr_block,
            ..CreateVpc::default()
        })
        .unwrap()
        .id;
    let groups = region
        .describe_security_groups(&by_filter("vpc-id", &vpc), &[])
        .unwrap();
    let stranger = nfs_from_group(&id, &groups.items[0].id);
    assert_eq!(
        code(region.authorize_security_group_ingress(&stranger)),
        "InvalidGroup.NotFound"
    );
}

#[test]
fn a_group_holds_sixty_rules_of_a_family() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    for number in 0..60 {
        let rule = nfs_from_range(&id, &format!("10.{number}.0.0/16"));
        region.authorize_security_group_ingress(&rule).unwrap();
    }
    let more = region.authorize_security_group_ingress(&nfs_from_range(&id, "10.60.0.0/16"));
    assert_eq!(code(more), "RulesPerSecurityGroupLimitExceeded");
}

#[test]
fn rules_are_tagged_described_and_revoked_by_their_ids() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    let mut change = nfs_from_range(&id, "10.0.0.0/16");
    change.ip_permissions[0].ip_ranges[0].description = Some("from the office".to_owned());
    change.tag_specifications = vec![TagSpecification {
        resource_type: "security-group-rule".to_owned(),
        tags: vec![("Owner".to_owned(), "me".to_owned())],
    }];
    let rule = region
        .authorize_security_group_ingress(&change)
        .unwrap()
        .remove(0)
        .rule;
    assert_eq!(rule.description.as_deref(), Some("from the office"));
    let found = region
        .describe_security_group_rules(&by_filter("tag:Owner", "me"))
        .unwrap();
    assert_eq!((found.items.len(), &found.items[0].group_id), (1, &id));

    let by_rule = |rule_id: &str| RuleChange {
        group_id: Some(id.clone()),
        security_group_rule_ids: vec![rule_id.to_owned()],
        ..RuleChange::default()
    };
    let wrong_way = region.revoke_security_group_egress(&by_rule(&rule.id));
    assert_eq!(code(wrong_way), "InvalidSecurityGroupRuleId.NotFound");
    let revoked = region
        .revoke_security_group_ingress(&by_rule(&rule.id))
        .unwrap();
    assert_eq!(revoked.rules[0].rule.id, rule.id);
    let again = region.revoke_security_group_ingress(&by_rule(&rule.id));
    assert_eq!(code(again), "InvalidSecurityGroupRuleId.NotFound");
    let malformed = region.revoke_security_group_ingress(&by_rule("rule-7"));
    assert_eq!(code(malformed), "InvalidSecurityGroupRuleId.Malformed");
    let nothing = RuleChange {
        group_id: Some(id.clone()),
        ..RuleChange::default()
    };
    assert_eq!(
        code(region.revoke_security_group_ingress(&nothing)),
        "MissingParameter"
    );
}

#[test]
fn a_permission_that_no_rule_fits_is_an_error_outside_the_default_vpc_only() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    let revoked = region
        .revoke_security_group_ingress(&nfs_from_range(&id, "10.0.0.0/16"))
        .unwrap();
    assert_eq!((revoked.rules.len(), revoked.unknown.len()), (0, 1));
    let cidr_block = Some("10.0.0.0/16".to_owned());
    let vpc = region
        .create_vpc(&CreateVpc {
            cidr_block,
            ..CreateVpc::default()
        })
        .unwrap()
        .id;
    let groups = region
        .describe_security_groups(&by_filter("vpc-id", &vpc), &[])
        .unwrap();
    let change = nfs_from_range(&groups.items[0].id, "10.0.0.0/16");
    assert_eq!(
        code(region.revoke_security_group_ingress(&change)),
        "InvalidPermission.NotFound"
    );
    region.authorize_security_group_ingress(&change).unwrap();
    let revoked = region.revoke_security_group_ingress(&change).unwrap();
    assert_eq!(revoked.rules.len(), 1);
}

#[test]
fn the_order_of_rules_is_not_that_of_their_arrival() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    let ranges = ["10.3.0.0/16", "10.1.0.0/16", "10.2.0.0/16"];
    for range in ranges {
        region
            .authorize_security_group_ingress(&nfs_from_range(&id, range))
            .unwrap();
    }
    let rules = region.security_groups[&id]
        .rules
        .iter()
        .filter(|rule| !rule.is_egress);
    let peers: Vec<_> = rules.map(|Rule { peer, .. }| peer.clone()).collect();
    let sorted = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"];
    assert_eq!(peers, sorted.map(|range| Peer::Ipv4(range.to_owned())));
}
