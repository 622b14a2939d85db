use efsctl_sandbox::wire::permission::action_matches;
use efsctl_sandbox::wire::{self, Reply, Request};
use efsctl_sandbox::world::World;
use serde_json::json;

use super::{REGION, body, create, ec2, efs, list, signed, sts, text};

fn answer(denied: &[&str], request: &Request) -> Reply {
    let mut world = World::default();
    world
        .denied
        .extend(denied.iter().map(|action| (*action).to_owned()));
    wire::respond(&mut world, 1_800_000_000_000, request, "id-1")
}

#[test]
fn patterns_match_as_in_iam() {
    for (pattern, action, expected) in [
        ("ec2:CreateVpc", "ec2:CreateVpc", true),
        ("EC2:createvpc", "ec2:CreateVpc", true),
        ("ec2:CreateVpc", "ec2:CreateVpcs", false),
        ("ec2:CreateVpcs", "ec2:CreateVpc", false),
        ("ec2:*", "ec2:CreateVpc", true),
        ("ec2:*", "elasticfilesystem:CreateFileSystem", false),
        ("*", "sts:Anything", true),
        ("*:Create*", "ec2:CreateVpc", true),
        ("ec2:*Group*", "ec2:DeleteSecurityGroup", true),
        ("ec2:*Groups", "ec2:DeleteSecurityGroup", false),
        ("ec2:Create?pc", "ec2:CreateVpc", true),
        ("ec2:Create?", "ec2:Create", false),
        ("", "ec2:CreateVpc", false),
        ("", "", true),
    ] {
        assert_eq!(
            action_matches(pattern, action),
            expected,
            "{pattern} on {action}"
        );
    }
}

#[test]
fn a_long_pattern_is_judged_at_once() {
    let pattern = "*a".repeat(10_000);
    assert!(!action_matches(&pattern, &"ab".repeat(5_000)));
}

#[test]
fn efs_names_the_action_that_is_denied() {
    let reply = answer(&["elasticfilesystem:Describe*"], &list());
    assert_eq!(reply.status, 403);
    assert!(reply.headers.contains(&(
        "x-amzn-errortype".to_owned(),
        "AccessDeniedException".to_owned()
    )));
    assert_eq!(
        body(&reply)["Message"],
        "User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: \
         elasticfilesystem:DescribeFileSystems on the specified resource"
    );
    assert_eq!(
        answer(&["elasticfilesystem:Describe*"], &create("a")).status,
        201
    );
}

#[test]
fn ec2_names_the_action_that_is_denied() {
    let reply = answer(&["ec2:*"], &ec2("Action=DescribeVpcs"));
    assert_eq!(reply.status, 403);
    assert!(text(&reply).contains("<Code>UnauthorizedOperation</Code>"));
    assert!(text(&reply).contains("is not authorized to perform: ec2:DescribeVpcs"));
}

#[test]
fn the_prefix_lists_and_the_regions_can_be_denied_each_by_its_action() {
    for (action, parameters) in [
        ("GetManagedPrefixListEntries", "&PrefixListId=pl-0000000a"),
        ("DescribeManagedPrefixLists", ""),
        ("DescribeRegions", ""),
    ] {
        let request = ec2(&format!("Action={action}{parameters}"));
        let allowed = text(&answer(&["ec2:DescribeVpcs"], &request));
        assert!(!allowed.contains("UnauthorizedOperation"), "{allowed}");
        let denied = answer(&[&format!("ec2:{action}")], &request);
        assert_eq!(denied.status, 403);
        assert!(
            text(&denied).contains(&format!("is not authorized to perform: ec2:{action} ")),
            "{}",
            text(&denied)
        );
    }
}

#[test]
fn a_denied_rehearsal_is_unauthorized() {
    let request = ec2("Action=CreateSecurityGroup&GroupName=a&GroupDescription=b&DryRun=true");
    assert!(text(&answer(&[], &request)).contains("<Code>DryRunOperation</Code>"));
    let denied = answer(&["ec2:CreateSecurityGroup"], &request);
    assert!(text(&denied).contains("<Code>UnauthorizedOperation</Code>"));
}

#[test]
fn creating_with_tags_needs_the_right_to_tag() {
    let tagged = efs(
        "POST",
        "/file-systems",
        &json!({ "CreationToken": "a", "Tags": [{ "Key": "Name", "Value": "a" }] }),
    );
    let denied = &["elasticfilesystem:TagResource"];
    let reply = answer(denied, &tagged);
    assert_eq!(reply.status, 403);
    assert!(text(&reply).contains("perform: elasticfilesystem:TagResource "));
    assert_eq!(answer(denied, &create("a")).status, 201);

    let group = "Action=CreateSecurityGroup&GroupName=a&GroupDescription=b";
    let tags = "&TagSpecification.1.ResourceType=security-group\
                &TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=a";
    assert_eq!(answer(&["ec2:CreateTags"], &ec2(group)).status, 200);
    let reply = answer(&["ec2:CreateTags"], &ec2(&format!("{group}{tags}")));
    assert!(text(&reply).contains("perform: ec2:CreateTags "));
}

#[test]
fn a_mount_target_needs_rights_on_its_network_interface() {
    let request = efs(
        "POST",
        "/mount-targets",
        &json!({ "FileSystemId": "fs-01234567", "SubnetId": "subnet-01234567" }),
    );
    for action in [
        "ec2:DescribeSubnets",
        "ec2:DescribeNetworkInterfaces",
        "ec2:CreateNetworkInterface",
    ] {
        let reply = answer(&[action], &request);
        assert_eq!(reply.status, 403);
        assert_eq!(
            body(&reply)["Message"],
            "User is not authorized to perform that action on the specified resource",
            "{action}"
        );
    }
    assert_eq!(
        answer(&["ec2:DeleteNetworkInterface"], &request).status,
        404
    );
}

#[test]
fn a_replication_needs_what_the_service_does_for_the_caller() {
    let key = "12345678-1234-1234-1234-123456789012";
    let role = "arn:aws:iam::111122223333:role/replicate";
    let new = json!({ "Region": "eu-west-2" });
    let existing = json!({ "Region": "eu-west-2", "FileSystemId": "fs-01234567" });
    let with_key = json!({ "Region": "eu-west-2", "KmsKeyId": key });
    let with_role = json!({ "Region": "eu-west-2", "RoleArn": role });
    let path = "/file-systems/fs-01234567/replication-configuration";
    for (action, destination, is_denied) in [
        (
            "elasticfilesystem:CreateReplicationConfiguration",
            &new,
            true,
        ),
        ("elasticfilesystem:CreateFileSystem", &new, true),
        ("elasticfilesystem:CreateFileSystem", &existing, false),
        ("kms:DescribeKey", &with_key, true),
        ("kms:CreateGrant", &with_key, true),
        ("kms:CreateGrant", &new, false),
        ("iam:PassRole", &with_role, true),
        ("iam:PassRole", &new, false),
        (
            "elasticfilesystem:DeleteReplicationConfiguration",
            &new,
            false,
        ),
    ] {
        let request = efs("POST", path, &json!({ "Destinations": [destination] }));
        let reply = answer(&[action], &request);
        if is_denied {
            let message = body(&reply)["Message"].clone();
            assert_eq!(
                (reply.status, message.as_str()),
                (
                    403,
                    Some(&*format!(
                        "User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: {action} on the specified resource"
                    ))
                )
            );
        } else {
            assert_eq!(
                body(&reply)["ErrorCode"],
                "FileSystemNotFound",
                "{action} {destination}"
            );
        }
    }
    let delete = efs("DELETE", path, &serde_json::Value::Null);
    let denied = &["elasticfilesystem:DeleteReplicationConfiguration"];
    assert_eq!(answer(denied, &delete).status, 403);
    assert_eq!(answer(&["elasticfilesystem:Create*"], &delete).status, 404);
}

#[test]
fn nobody_can_be_denied_to_ask_who_they_are() {
    assert_eq!(answer(&["*"], &sts()).status, 200);
}

#[test]
fn a_role_can_be_denied() {
    let form = b"Action=AssumeRole&Version=2011-06-15&RoleSessionName=me\
                 &RoleArn=arn:aws:iam::111122223333:role/audit";
    let assume = signed("sts", REGION, "POST", "/", form);
    assert_eq!(answer(&["ec2:*"], &assume).status, 200);
    let denied = answer(&["sts:Assume*"], &assume);
    assert_eq!(denied.status, 403);
    assert!(text(&denied).contains("is not authorized to perform: sts:AssumeRole"));
}
