//! Security groups, and what holds on to them.

use efsctl_sandbox::world::ec2::security_groups::{CreateSecurityGroup, DeleteSecurityGroup};
use efsctl_sandbox::world::ec2::vpcs::CreateVpc;
use efsctl_sandbox::world::state::Peer;

use super::ec2_support::*;

#[test]
fn names_are_unique_in_a_vpc_whatever_their_case() {
    let mut world = world();
    let region = region(&mut world);
    group(region, "web");
    let again = try_group(region, "WEB").unwrap_err();
    assert_eq!((again.code, again.status), ("InvalidGroup.Duplicate", 400));
    let vpc = default_vpc(region);
    assert_eq!(
        again.message,
        format!("The security group 'WEB' already exists for VPC '{vpc}'")
    );
    let cidr_block = Some("10.0.0.0/16".to_owned());
    let other = region
        .create_vpc(&CreateVpc {
            cidr_block,
            ..CreateVpc::default()
        })
        .unwrap()
        .id;
    let elsewhere = region.create_security_group(&CreateSecurityGroup {
        group_name: Some("web".to_owned()),
        description: Some("elsewhere".to_owned()),
        vpc_id: Some(other),
        ..CreateSecurityGroup::default()
    });
    assert_eq!(code(elsewhere), "success");
}

#[test]
fn names_and_descriptions_have_rules() {
    let mut world = world();
    let region = region(&mut world);
    for (name, expected) in [
        ("sg-mine", "InvalidParameterValue"),
        ("Default", "InvalidGroup.Reserved"),
        ("naïve", "InvalidParameterValue"),
        ("a<b", "InvalidParameterValue"),
        ("", "MissingParameter"),
        (&"n".repeat(256), "InvalidParameterValue"),
        (&"n".repeat(255), "success"),
        ("all ._-:/()#,@[]+=&;{}!$* of them", "success"),
    ] {
        assert_eq!(code(try_group(region, name)), expected, "{name}");
    }
    let mut describe = |description: Option<&str>| {
        let made = region.create_security_group(&CreateSecurityGroup {
            group_name: Some("described".to_owned()),
            description: description.map(str::to_owned),
            ..CreateSecurityGroup::default()
        });
        code(made)
    };
    assert_eq!(describe(None), "MissingParameter");
    assert_eq!(describe(Some("it's")), "InvalidParameterValue");
    assert_eq!(describe(Some("it is")), "success");
}

#[test]
fn a_new_group_lets_everything_out_and_nothing_in() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    let rules = &region.security_groups[&id].rules;
    assert_eq!(rules.len(), 1);
    assert!(rules[0].is_egress);
    assert_eq!(rules[0].peer, Peer::Ipv4("0.0.0.0/0".to_owned()));
}

#[test]
fn a_new_group_is_seen_by_calls_that_change_before_calls_that_describe() {
    let mut world = world();
    world.timing.describe_lag = 2_000;
    let id = group(region(&mut world), "web");
    let region = region(&mut world);
    assert_eq!(
        code(region.describe_security_groups(&by_id(&id), &[])),
        "InvalidGroup.NotFound"
    );
    let named = region
        .describe_security_groups(&by_filter("group-name", "web"), &[])
        .unwrap();
    assert!(named.items.is_empty());
    let rules = region
        .describe_security_group_rules(&by_filter("group-id", &id))
        .unwrap();
    assert!(rules.items.is_empty());
    region
        .authorize_security_group_ingress(&nfs_from_range(&id, "10.0.0.0/16"))
        .unwrap();
    assert_eq!(code(try_group(region, "web")), "InvalidGroup.Duplicate");
    let later = world.region("eu-west-1", NOW + 2_000).unwrap();
    assert_eq!(
        later
            .describe_security_groups(&by_id(&id), &[])
            .unwrap()
            .items[0]
            .rules
            .len(),
        2
    );
}

#[test]
fn a_group_in_use_or_referred_to_cannot_be_deleted() {
    let mut world = world();
    let region = region(&mut world);
    let (clients, nfs) = (group(region, "clients"), group(region, "nfs"));
    let rule = nfs_from_group(&nfs, &clients);
    region.authorize_security_group_ingress(&rule).unwrap();
    let (_, target) = mount_target(region, "eu-west-1a", &[&nfs]);
    for id in [&clients, &nfs] {
        let refused = delete_group(region, id).unwrap_err();
        assert_eq!((refused.code, refused.status), ("DependencyViolation", 400));
        assert_eq!(
            refused.message,
            format!("resource {id} has a dependent object")
        );
    }
    region.delete_mount_target(&target).unwrap();
    region.settle(NOW + 1);
    assert_eq!(delete_group(region, &nfs), Ok(nfs.clone()));
    assert_eq!(
        delete_group(region, &clients),
        Ok(clients.clone()),
        "its rule went with the group"
    );
    assert_eq!(code(delete_group(region, &nfs)), "InvalidGroup.NotFound");
}

#[test]
fn a_group_that_refers_to_itself_can_be_deleted_and_the_default_group_cannot() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    region
        .authorize_security_group_ingress(&nfs_from_group(&id, &id))
        .unwrap();
    assert_eq!(code(delete_group(region, &id)), "success");
    let by_name = |name: &str| DeleteSecurityGroup {
        group_name: Some(name.to_owned()),
        ..DeleteSecurityGroup::default()
    };
    assert_eq!(
        code(region.delete_security_group(&by_name("default"))),
        "CannotDelete"
    );
    assert_eq!(
        code(region.delete_security_group(&by_name("nobody"))),
        "InvalidGroup.NotFound"
    );
    group(region, "named");
    assert_eq!(
        code(region.delete_security_group(&by_name("named"))),
        "success"
    );
    let nothing = DeleteSecurityGroup::default();
    assert_eq!(
        code(region.delete_security_group(&nothing)),
        "MissingParameter"
    );
}

#[test]
fn groups_are_found_by_the_rules_they_have() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    region
        .authorize_security_group_ingress(&nfs_from_range(&id, "10.0.0.0/16"))
        .unwrap();
    for (name, value, expected) in [
        ("ip-permission.from-port", "2049", 1),
        ("ip-permission.cidr", "10.0.0.0/16", 1),
        ("egress.ip-permission.cidr", "10.0.0.0/16", 0),
        ("egress.ip-permission.cidr", "0.0.0.0/0", 2),
        ("group-name", "w*", 1),
    ] {
        let found = region
            .describe_security_groups(&by_filter(name, value), &[])
            .unwrap();
        assert_eq!(found.items.len(), expected, "{name}={value}");
    }
    let named = region
        .describe_security_groups(&Default::default(), &["web".to_owned()])
        .unwrap();
    assert_eq!(named.items[0].id, id);
    let nobody = region.describe_security_groups(&Default::default(), &["nobody".to_owned()]);
    assert_eq!(code(nobody), "InvalidGroup.NotFound");
}
