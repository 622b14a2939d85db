//! Tags, given at creation or later.

use efsctl_sandbox::world::ec2::TagSpecification;
use efsctl_sandbox::world::ec2::tags::DeleteTags;
use efsctl_sandbox::world::ec2::vpcs::CreateVpc;

use super::ec2_support::*;

#[test]
fn one_call_tags_resources_of_several_kinds_or_none() {
    let mut world = world();
    let region = region(&mut world);
    let vpc_id = default_vpc(region);
    let subnet_id = subnet(region, "eu-west-1a");
    let group_id = group(region, "web");
    let rule_id = region.security_groups[&group_id].rules[0].id.clone();
    let table = region.route_tables.keys().next().unwrap().clone();
    let acl = region.network_acls.keys().next().unwrap().clone();
    let all = [&vpc_id, &subnet_id, &group_id, &rule_id, &table, &acl].map(String::as_str);
    tag(region, &all, "Team", "storage").unwrap();
    let tags = region
        .describe_tags(&by_filter("key", "Team"))
        .unwrap()
        .items;
    let mut kinds: Vec<_> = tags.iter().map(|tag| tag.resource_type).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "network-acl",
            "route-table",
            "security-group",
            "security-group-rule",
            "subnet",
            "vpc"
        ]
    );

    let missing = tag(
        region,
        &[&vpc_id, "subnet-00000000000000000"],
        "Half",
        "done",
    );
    assert_eq!(code(missing), "InvalidSubnetID.NotFound");
    assert!(!region.vpcs[&vpc_id].tags.contains_key("Half"));
    assert_eq!(code(tag(region, &["thing-1"], "a", "b")), "InvalidID");
    assert_eq!(
        code(tag(region, &[&vpc_id], "aws:x", "b")),
        "InvalidParameterValue"
    );
    assert_eq!(
        code(tag(region, &[&vpc_id], &"k".repeat(129), "b")),
        "InvalidParameterValue"
    );
}

#[test]
fn a_resource_has_fifty_tags_at_most() {
    let mut world = world();
    let region = region(&mut world);
    let id = default_vpc(region);
    for number in 0..50 {
        tag(region, &[&id], &format!("key-{number}"), "value").unwrap();
    }
    assert_eq!(
        code(tag(region, &[&id], "one-more", "value")),
        "TagLimitExceeded"
    );
    assert_eq!(
        code(tag(region, &[&id], "key-7", "another value")),
        "success"
    );
}

#[test]
fn a_tag_is_deleted_by_key_or_by_key_and_value() {
    let mut world = world();
    let region = region(&mut world);
    let id = default_vpc(region);
    tag(region, &[&id], "a", "1").unwrap();
    tag(region, &[&id], "b", "2").unwrap();
    tag(region, &[&id], "c", "3").unwrap();
    let mut delete = |tags: Vec<(&str, Option<&str>)>| {
        region
            .delete_tags(&DeleteTags {
                resources: vec![id.clone()],
                tags: (tags.into_iter())
                    .map(|(key, value)| (key.to_owned(), value.map(str::to_owned)))
                    .collect(),
                dry_run: false,
            })
            .unwrap();
        region.vpcs[&id].tags.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(delete(vec![("a", Some("no"))]), ["a", "b", "c"]);
    assert_eq!(
        delete(vec![("a", Some("1")), ("b", None), ("z", None)]),
        ["c"]
    );
    assert!(delete(vec![]).is_empty());
}

#[test]
fn tags_given_at_creation_must_be_for_what_is_created() {
    let mut world = world();
    let region = region(&mut world);
    let mut create = |resource_type: &str, tags: &[(&str, &str)]| {
        region.create_vpc(&CreateVpc {
            cidr_block: Some("10.0.0.0/16".to_owned()),
            tag_specifications: vec![TagSpecification {
                resource_type: resource_type.to_owned(),
                tags: tags
                    .iter()
                    .map(|&(key, value)| (key.to_owned(), value.to_owned()))
                    .collect(),
            }],
            dry_run: false,
        })
    };
    let made = create("vpc", &[("Name", "main")]).unwrap();
    assert_eq!(made.tags["Name"], "main");
    assert_eq!(
        code(create("subnet", &[("Name", "main")])),
        "InvalidParameterValue"
    );
    assert_eq!(
        code(create("vpc", &[("a", "1"), ("a", "2")])),
        "InvalidParameterValue"
    );
    assert_eq!(code(create("vpc", &[])), "InvalidParameterValue");
}
