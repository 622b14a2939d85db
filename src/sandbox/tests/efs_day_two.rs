//! What is set after creation, read back over the wire: throughput and its lock, policies and the check before them, tags, rules.

use efsctl_sandbox::world::scenario::parse;
use serde_json::{Value, json};

use super::ec2_support::{call, group, inner, region, world};
use super::efs_support::{Account, Heard};

const DAY: u64 = 24 * 60 * 60 * 1_000;

fn refused(heard: &Heard) -> (u16, &str) {
    let code = heard.header("x-amzn-errortype").unwrap_or_default();
    (heard.status, code)
}

#[test]
fn the_throughput_that_is_set_is_read_back_and_locked_for_a_day() {
    let mut account = Account::new();
    let id = account.plain();
    let path = format!("file-systems/{id}");
    let look = format!("file-systems?FileSystemId={id}");
    let shown = |account: &mut Account| {
        let found = account.call("GET", &look, "").body["FileSystems"][0].take();
        let member = |name: &str| found[name].clone();
        (
            member("LifeCycleState"),
            member("ThroughputMode"),
            member("ProvisionedThroughputInMibps"),
        )
    };
    let provisioned = r#"{"ThroughputMode":"provisioned","ProvisionedThroughputInMibps":64}"#;
    assert_eq!(account.call("PUT", &path, provisioned).status, 202);
    let set = |state: &str| (json!(state), json!("provisioned"), json!(64.0));
    assert_eq!(shown(&mut account), set("updating"));
    let set_at = account.now;
    account.pass(1_000);
    assert_eq!(shown(&mut account), set("available"));
    for (wait, body, expected) in [
        (
            1_000,
            r#"{"ThroughputMode":"elastic"}"#,
            (429, "TooManyRequests"),
        ),
        (
            DAY - 1,
            r#"{"ProvisionedThroughputInMibps":32}"#,
            (429, "TooManyRequests"),
        ),
        (DAY, r#"{"ThroughputMode":"elastic"}"#, (202, "")),
    ] {
        account.now = set_at + wait;
        let heard = account.call("PUT", &path, body);
        assert_eq!(refused(&heard), expected, "{body}");
        if expected.0 == 429 {
            // 1_700_000_001 is 2023-11-14T22:13:21Z.
            let message = heard.body["Message"].as_str().unwrap();
            assert!(
                message.contains("Wait until 2023-11-15T22:13:21Z UTC"),
                "{message}"
            );
            assert_eq!(shown(&mut account), set("available"));
        }
    }
    account.pass(1_000);
    let elastic = (json!("available"), json!("elastic"), Value::Null);
    assert_eq!(shown(&mut account), elastic);
}

fn policy(account: &mut Account, id: &str, policy: &str, bypass: Option<bool>) -> (u16, String) {
    let mut body = json!({ "Policy": policy });
    if let Some(bypass) = bypass {
        body["BypassPolicyLockoutSafetyCheck"] = bypass.into();
    }
    let path = format!("file-systems/{id}/policy");
    let heard = account.call("PUT", &path, &body.to_string());
    let message = heard.body["Message"].as_str().unwrap_or_default();
    (heard.status, message.to_owned())
}

#[test]
fn a_policy_that_locks_the_caller_out_is_kept_with_the_bypass_only() {
    let mut account = Account::new();
    let id = account.plain();
    let lock =
        r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"elasticfilesystem:*"}]}"#;
    for bypass in [None, Some(false)] {
        let (status, message) = policy(&mut account, &id, lock, bypass);
        assert_eq!(status, 400, "{message}");
        assert!(
            message.contains("further PutFileSystemPolicy requests"),
            "{message}"
        );
        let path = format!("file-systems/{id}/policy");
        assert_eq!(
            refused(&account.call("GET", &path, "")),
            (404, "PolicyNotFound")
        );
    }
    assert_eq!(policy(&mut account, &id, lock, Some(true)).0, 200);
    let kept = account.call("GET", &format!("file-systems/{id}/policy"), "");
    let kept: Value = serde_json::from_str(kept.body["Policy"].as_str().unwrap()).unwrap();
    assert_eq!(kept["Statement"][0]["Effect"], "Deny");
}

#[test]
fn a_principal_that_was_just_created_is_known_after_a_while() {
    let role = "arn:aws:iam::111122223333:role/app";
    let text = format!("[new_principals]\n\"{role}\" = \"30s\"");
    let mut account = Account::new();
    account.world = parse(&text, account.now).unwrap();
    let id = account.plain();
    let naming = |principal: &str| {
        format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":{principal}}},"Action":"elasticfilesystem:ClientMount"}}}}"#
        )
    };
    let one = naming(&format!("\"{role}\""));
    let among = naming(&format!(r#"["arn:aws:iam::111122223333:root","{role}"]"#));
    let other = naming("\"arn:aws:iam::111122223333:role/other\"");
    let invalid = (400, "Policy contains invalid Principal block".to_owned());
    for named in [&one, &among] {
        assert_eq!(policy(&mut account, &id, named, Some(true)), invalid);
    }
    assert_eq!(policy(&mut account, &id, &other, None).0, 200);
    // It was created when the account began, a second before the file system was available.
    account.pass(28_999);
    let text = serde_json::to_string(&account.world).unwrap();
    account.world = serde_json::from_str(&text).unwrap();
    assert_eq!(policy(&mut account, &id, &one, None), invalid);
    account.pass(1);
    assert_eq!(policy(&mut account, &id, &one, None).0, 200);
    let kept = account.call("GET", &format!("file-systems/{id}/policy"), "");
    assert!(kept.body["Policy"].as_str().unwrap().contains(role));
}

#[test]
fn a_new_principal_is_one_of_iam() {
    let wrong = parse("[new_principals]\n\"app\" = \"30s\"", 0).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "new principal `app`: the ARN of a role or a user is needed"
    );
}

#[test]
fn tags_are_taken_off_a_file_system_and_an_access_point_by_id_and_by_arn() {
    let mut account = Account::new();
    let id = account.plain();
    let body = json!({ "ClientToken": "t", "FileSystemId": id }).to_string();
    let point = account.call("POST", "access-points", &body).body;
    let file_system = account
        .call("GET", &format!("file-systems?FileSystemId={id}"), "")
        .body;
    let encoded = |name: &Value| {
        name.as_str()
            .unwrap()
            .replace(':', "%3A")
            .replace('/', "%2F")
    };
    for name in [
        &file_system["FileSystems"][0]["FileSystemId"],
        &file_system["FileSystems"][0]["FileSystemArn"],
        &point["AccessPointId"],
        &point["AccessPointArn"],
    ] {
        let path = format!("resource-tags/{}", encoded(name));
        let tags = r#"{"Tags":[{"Key":"team/x","Value":"1"},{"Key":"b","Value":"2"},{"Key":"c","Value":"3"}]}"#;
        assert_eq!(account.call("POST", &path, tags).status, 200, "{name}");
        let removal = format!("{path}?tagKeys=team%2Fx&tagKeys=c&tagKeys=missing");
        let heard = account.call("DELETE", &removal, "");
        assert_eq!((heard.status, &heard.body), (200, &Value::Null), "{name}");
        let left = account.call("GET", &path, "").body;
        assert_eq!(
            left,
            json!({ "Tags": [{ "Key": "b", "Value": "2" }] }),
            "{name}"
        );
        assert_eq!(
            account
                .call("DELETE", &format!("{path}?tagKeys=b"), "")
                .status,
            200
        );
        assert_eq!(account.call("GET", &path, "").body, json!({ "Tags": [] }));
    }
}

#[test]
fn a_rule_is_revoked_by_its_id_and_by_its_permission() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "nfs");
    let permission = |range: &str| {
        format!(
            "GroupId={id}&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=2049&IpPermissions.1.ToPort=2049\
             &IpPermissions.1.IpRanges.1.CidrIp={range}"
        )
    };
    let mut rules = Vec::new();
    for range in ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"] {
        let form = format!("Action=AuthorizeSecurityGroupIngress&{}", permission(range));
        rules.push(inner(&call(region, &form).1, "securityGroupRuleId").to_owned());
    }
    let look =
        format!("Action=DescribeSecurityGroupRules&Filter.1.Name=group-id&Filter.1.Value.1={id}");
    let mut ranges = |revoke: &str| {
        let (status, xml) = call(
            region,
            &format!("Action=RevokeSecurityGroupIngress&{revoke}"),
        );
        let told = inner(&xml, if status == 200 { "return" } else { "Code" }).to_owned();
        let (_, rules) = call(region, &look);
        let left = rules.split("<cidrIpv4>").skip(1);
        let left = left.map(|rest| rest.split('<').next().unwrap().to_owned());
        (told, left.filter(|range| range.starts_with("10.")).count())
    };
    let by_id = format!("GroupId={id}&SecurityGroupRuleId.1={}", rules[0]);
    assert_eq!(ranges(&by_id), ("true".to_owned(), 2));
    let code = "InvalidSecurityGroupRuleId.NotFound".to_owned();
    assert_eq!(ranges(&by_id), (code, 2), "it is not there any more");
    assert_eq!(ranges(&permission("10.1.0.0/16")), ("true".to_owned(), 1));
    let both = format!(
        "{}&SecurityGroupRuleId.1={}",
        permission("10.2.0.0/16"),
        rules[2]
    );
    assert_eq!(ranges(&both).1, 1, "one way or the other");
    assert_eq!(ranges(&permission("10.2.0.0/16")), ("true".to_owned(), 0));
}
