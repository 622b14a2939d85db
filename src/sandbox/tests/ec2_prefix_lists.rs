//! Managed prefix lists, and rules whose peer is one.

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::ec2::rules::RuleChange;
use efsctl_sandbox::world::ec2::tags::CreateTags;
use efsctl_sandbox::world::ec2::{Describe, IpPermission, IpRange};
use efsctl_sandbox::world::scenario::parse;
use efsctl_sandbox::world::state::Peer;

use super::ec2_support::*;

const OFFICE: &str = "pl-0123456789abcdef0";
const CDN: &str = "pl-4fa04526";

/// A region with a prefix list of the account's own, an empty one of IPv6, and one of AWS.
fn listed() -> World {
    parse(
        "[[region]]
         name = 'eu-west-1'
         [[region.prefix_list]]
         id = 'pl-0123456789abcdef0'
         name = 'office'
         entries = ['10.0.0.0/16 the office', '192.0.2.0/24', '10.1.0.0/16']
         tags = { team = 'red' }
         [[region.prefix_list]]
         id = 'pl-0000000a'
         name = 'later'
         address_family = 'IPv6'
         [[region.prefix_list]]
         id = 'pl-4fa04526'
         name = 'com.amazonaws.global.cloudfront.origin-facing'
         entries = ['198.51.100.0/24']
         [[region.vpc]]
         name = 'main'
         cidr = '10.0.0.0/16'
         [[region.vpc.security_group]]
         id = 'sg-0000000a'
         name = 'nfs'
         ingress = ['tcp 2049 from pl-0123456789abcdef0', 'tcp 22 from office']
         egress = ['all to com.amazonaws.global.cloudfront.origin-facing']",
        NOW,
    )
    .unwrap()
}

fn nfs_from_list(group_id: &str, list: &str) -> RuleChange {
    RuleChange {
        group_id: Some(group_id.to_owned()),
        ip_permissions: vec![IpPermission {
            ip_protocol: Some("tcp".to_owned()),
            from_port: Some(2049),
            to_port: Some(2049),
            prefix_list_ids: vec![IpRange::new(list)],
            ..IpPermission::default()
        }],
        ..RuleChange::default()
    }
}

/// The code of the error that a form is answered with.
fn refused(world: &mut World, form: &str) -> String {
    let (status, xml) = call(region(world), form);
    assert_eq!(status, if form.contains("DryRun") { 412 } else { 400 });
    inner(&xml, "Code").to_owned()
}

#[test]
fn a_prefix_list_is_shown_as_the_api_reference_has_it() {
    let mut world = listed();
    let form = format!("Action=DescribeManagedPrefixLists&PrefixListId.1={OFFICE}");
    let (status, xml) = call(region(&mut world), &form);
    assert_eq!(status, 200);
    assert_eq!(
        inner(&xml, "prefixListSet"),
        "<item><addressFamily>IPv4</addressFamily><maxEntries>3</maxEntries>\
         <ownerId>111122223333</ownerId>\
         <prefixListArn>arn:aws:ec2:eu-west-1:111122223333:prefix-list/pl-0123456789abcdef0</prefixListArn>\
         <prefixListId>pl-0123456789abcdef0</prefixListId><prefixListName>office</prefixListName>\
         <state>create-complete</state><tagSet><item><key>team</key><value>red</value></item></tagSet>\
         <version>1</version></item>"
    );
    let form = format!("Action=DescribeManagedPrefixLists&PrefixListId.1={CDN}");
    let (_, xml) = call(region(&mut world), &form);
    assert_eq!(
        inner(&xml, "prefixListSet"),
        "<item><addressFamily>IPv4</addressFamily><ownerId>AWS</ownerId>\
         <prefixListArn>arn:aws:ec2:eu-west-1:aws:prefix-list/pl-4fa04526</prefixListArn>\
         <prefixListId>pl-4fa04526</prefixListId>\
         <prefixListName>com.amazonaws.global.cloudfront.origin-facing</prefixListName>\
         <state>create-complete</state><tagSet></tagSet></item>",
        "a list of AWS has no version and no maximum"
    );
}

#[test]
fn prefix_lists_are_filtered() {
    let mut world = listed();
    let region = region(&mut world);
    let found = |name: &str, value: &str| -> Vec<String> {
        let page = region.describe_managed_prefix_lists(&by_filter(name, value));
        let lists = page.unwrap().items.into_iter();
        lists.map(|view| view.list.id).collect()
    };
    assert_eq!(found("prefix-list-id", OFFICE), [OFFICE]);
    assert_eq!(found("prefix-list-name", "com.amazonaws.*"), [CDN]);
    assert_eq!(found("owner-id", "AWS"), [CDN]);
    assert_eq!(found("owner-id", "111122223333").len(), 2);
    assert_eq!(found("tag:team", "red"), [OFFICE]);
    assert!(found("prefix-list-name", "Office").is_empty());
    let nonsense = region.describe_managed_prefix_lists(&by_filter("state", "create-complete"));
    assert_eq!(code(nonsense), "InvalidParameterValue");
}

#[test]
fn the_entries_of_a_list_are_answered_in_pages() {
    let mut world = listed();
    let form = format!("Action=GetManagedPrefixListEntries&PrefixListId={OFFICE}");
    let (status, xml) = call(region(&mut world), &form);
    assert_eq!(status, 200);
    assert_eq!(
        inner(&xml, "entrySet"),
        "<item><cidr>10.0.0.0/16</cidr><description>the office</description></item>\
         <item><cidr>10.1.0.0/16</cidr></item><item><cidr>192.0.2.0/24</cidr></item>"
    );
    assert!(!xml.contains("nextToken"));
    let (mut seen, mut token) = (Vec::new(), String::new());
    for _ in 0..3 {
        let form = format!("{form}&MaxResults=1&NextToken={token}");
        let (_, xml) = call(region(&mut world), &form);
        seen.push(inner(&xml, "cidr").to_owned());
        if seen.len() < 3 {
            token = inner(&xml, "nextToken").to_owned();
        } else {
            assert!(!xml.contains("nextToken"), "{xml}");
        }
    }
    assert_eq!(seen, ["10.0.0.0/16", "10.1.0.0/16", "192.0.2.0/24"]);
    let empty = "Action=GetManagedPrefixListEntries&PrefixListId=pl-0000000a";
    assert_eq!(inner(&call(region(&mut world), empty).1, "entrySet"), "");
}

#[test]
fn a_page_has_a_hundred_at_most_also_when_nobody_says_so() {
    let entries: Vec<String> = (0..150)
        .map(|third| format!("'10.0.{third}.0/24'"))
        .collect();
    let lists: String = (0..150)
        .map(|number| format!("[[region.prefix_list]]\nname = 'list-{number}'\n"))
        .collect();
    let mut world = parse(
        &format!(
            "[[region]]\nname = 'eu-west-1'\n[[region.prefix_list]]\nid = '{CDN}'\nname = 'long'\nentries = [{}]\n{lists}",
            entries.join(",")
        ),
        NOW,
    )
    .unwrap();
    for (form, item) in [
        (
            format!("Action=GetManagedPrefixListEntries&PrefixListId={CDN}"),
            "<cidr>",
        ),
        (
            "Action=DescribeManagedPrefixLists".to_owned(),
            "<prefixListId>",
        ),
    ] {
        let (_, first) = call(region(&mut world), &form);
        assert_eq!(first.matches(item).count(), 100, "{form}");
        let token = inner(&first, "nextToken");
        let (_, second) = call(region(&mut world), &format!("{form}&NextToken={token}"));
        assert!((50..=51).contains(&second.matches(item).count()), "{form}");
        for size in ["0", "101", "-1"] {
            let form = format!("{form}&MaxResults={size}");
            assert_eq!(refused(&mut world, &form), "InvalidParameterValue");
        }
    }
}

#[test]
fn ids_of_prefix_lists_are_told_apart_as_malformed_unknown_and_missing() {
    let mut world = listed();
    let get = "Action=GetManagedPrefixListEntries";
    for (form, code) in [
        (get.to_owned(), "MissingParameter"),
        (
            format!("{get}&PrefixListId=office"),
            "InvalidPrefixListId.Malformed",
        ),
        (
            format!("{get}&PrefixListId=pl-0000000b"),
            "InvalidPrefixListID.NotFound",
        ),
        (
            format!("{get}&PrefixListId={OFFICE}&NextToken=made-up"),
            "InvalidNextToken",
        ),
        (
            format!("{get}&PrefixListId={OFFICE}&DryRun=true"),
            "DryRunOperation",
        ),
        (
            "Action=DescribeManagedPrefixLists&PrefixListId.1=pl-0000000b".to_owned(),
            "InvalidPrefixListID.NotFound",
        ),
        (
            "Action=DescribeManagedPrefixLists&PrefixListId.1=pl-XYZ".to_owned(),
            "InvalidPrefixListId.Malformed",
        ),
        (
            "Action=DescribeManagedPrefixLists&DryRun=true".to_owned(),
            "DryRunOperation",
        ),
    ] {
        assert_eq!(refused(&mut world, &form), code, "{form}");
    }
    let (_, xml) = call(
        region(&mut world),
        &format!("{get}&PrefixListId=pl-0000000b"),
    );
    assert_eq!(
        inner(&xml, "Message"),
        "The prefix list (pl-0000000b) does not exist."
    );
}

#[test]
fn a_rule_with_a_prefix_list_is_shown_in_its_group_and_by_itself() {
    let mut world = listed();
    let region = region(&mut world);
    let (_, xml) = call(
        region,
        "Action=DescribeSecurityGroups&GroupId.1=sg-0000000a",
    );
    let ingress = inner(&xml, "ipPermissions");
    assert_eq!(ingress.matches(OFFICE).count(), 2);
    assert!(
        ingress.contains(&format!(
            "<prefixListIds><item><prefixListId>{OFFICE}</prefixListId></item></prefixListIds>"
        )),
        "{ingress}"
    );
    let egress = inner(&xml, "ipPermissionsEgress");
    assert_eq!(inner(egress, "prefixListId"), CDN);
    let form =
        "Action=DescribeSecurityGroupRules&Filter.1.Name=group-id&Filter.1.Value.1=sg-0000000a";
    let (_, xml) = call(region, form);
    assert_eq!(xml.matches("<prefixListId>").count(), 3);
    assert!(!xml.contains("cidrIpv4") && !xml.contains("referencedGroupInfo"));
    let worn = by_filter("ip-permission.prefix-list-id", OFFICE);
    let found = region.describe_security_groups(&worn, &[]).unwrap();
    assert_eq!(found.items.len(), 1);
}

#[test]
fn rules_with_prefix_lists_come_and_go_over_the_wire() {
    let mut world = listed();
    let region = region(&mut world);
    let id = group(region, "web");
    let permission = format!(
        "GroupId={id}&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=2049\
         &IpPermissions.1.ToPort=2049&IpPermissions.1.PrefixListIds.1.PrefixListId={OFFICE}\
         &IpPermissions.1.PrefixListIds.1.Description=the+office\
         &IpPermissions.1.PrefixListIds.2.PrefixListId={CDN}"
    );
    let authorize = format!("Action=AuthorizeSecurityGroupIngress&{permission}");
    let (status, xml) = call(region, &authorize);
    assert_eq!((status, inner(&xml, "return")), (200, "true"));
    assert_eq!(inner(&xml, "prefixListId"), OFFICE);
    assert_eq!(inner(&xml, "description"), "the office");
    assert_eq!(xml.matches("<securityGroupRuleId>").count(), 2);
    let (_, xml) = call(region, &authorize);
    assert_eq!(inner(&xml, "Code"), "InvalidPermission.Duplicate");
    let (_, xml) = call(
        region,
        &format!("Action=RevokeSecurityGroupIngress&{permission}"),
    );
    assert_eq!(inner(&xml, "return"), "true");
    assert_eq!(xml.matches("<prefixListId>").count(), 2);
    let left = &region.security_groups[&id].rules;
    assert!(left.iter().all(|rule| rule.is_egress), "{left:?}");
}

#[test]
fn a_rule_needs_a_prefix_list_that_there_is() {
    let mut world = listed();
    let region = region(&mut world);
    let id = group(region, "web");
    let mut added = |list: &str| region.authorize_security_group_ingress(&nfs_from_list(&id, list));
    assert_eq!(code(added("office")), "InvalidPrefixListId.Malformed");
    assert_eq!(code(added("pl-0000000b")), "InvalidPrefixListID.NotFound");
    assert_eq!(
        message(added("pl-0000000b")),
        "The prefix list ID 'pl-0000000b' does not exist"
    );
    assert_eq!(code(added(OFFICE)), "success");
    let mut half = nfs_from_list(&id, "pl-0000000b");
    half.ip_permissions[0]
        .ip_ranges
        .push(IpRange::new("10.0.0.0/16"));
    let refused = region.authorize_security_group_ingress(&half);
    assert_eq!(code(refused), "InvalidPrefixListID.NotFound");
    let rules = &region.security_groups[&id].rules;
    assert!(
        !rules
            .iter()
            .any(|rule| matches!(&rule.peer, Peer::Ipv4(range) if range == "10.0.0.0/16")),
        "nothing of it took effect"
    );
}

#[test]
fn prefix_lists_can_be_tagged() {
    let mut world = listed();
    let region = region(&mut world);
    tag(region, &[OFFICE], "Owner", "me").unwrap();
    let tags = region.describe_tags(&by_filter("resource-type", "prefix-list"));
    let tags = tags.unwrap().items;
    assert_eq!(tags.len(), 2);
    assert_eq!(
        (tags[0].resource_id.as_str(), tags[0].key.as_str()),
        (OFFICE, "Owner")
    );
    let unknown = region.create_tags(&CreateTags {
        resources: vec!["pl-0000000b".to_owned()],
        tags: vec![("a".to_owned(), "b".to_owned())],
        dry_run: false,
    });
    assert_eq!(code(unknown), "InvalidPrefixListID.NotFound");
}

#[test]
fn prefix_lists_outlive_their_process_and_an_old_state_file_has_none() {
    let world = listed();
    let text = serde_json::to_string(&world).unwrap();
    let mut again: World = serde_json::from_str(&text).unwrap();
    let lists = |world: &mut World| {
        let all = region(world).describe_managed_prefix_lists(&Describe::default());
        all.unwrap().items.len()
    };
    assert_eq!(lists(&mut again), 3);
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
    let mut old = World::default();
    region(&mut old);
    let text = serde_json::to_string(&old).unwrap();
    assert!(!text.contains("prefix_lists"), "{text}");
    let mut old: World = serde_json::from_str(&text).unwrap();
    assert_eq!(lists(&mut old), 0);
}
