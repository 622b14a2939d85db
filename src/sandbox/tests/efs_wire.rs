//! EFS over HTTP: routes, member names, statuses, errors.

use efsctl_sandbox::wire::{Request, efs};
use serde_json::json;

use super::efs_support::Account;

#[test]
fn a_file_system_travels_under_the_names_of_the_api() {
    let mut account = Account::new();
    let body = json!({
        "CreationToken": "t", "Encrypted": true, "ThroughputMode": "provisioned",
        "ProvisionedThroughputInMibps": 12.5, "AvailabilityZoneName": "eu-west-1a",
        "Tags": [{"Key": "Name", "Value": "home"}],
    });
    let made = account.call("POST", "file-systems", &body.to_string());
    assert_eq!(made.status, 201);
    assert_eq!(made.header("content-type"), Some("application/json"));
    assert_eq!(made.header("x-amzn-requestid"), Some("request-1"));
    let id = made.body["FileSystemId"].as_str().unwrap().to_owned();
    let key = made.body["KmsKeyId"].as_str().unwrap();
    let expected = json!({
        "OwnerId": "111122223333", "CreationToken": "t", "FileSystemId": id,
        "FileSystemArn": format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{id}"),
        "CreationTime": 1_700_000_000.0, "LifeCycleState": "creating", "Name": "home",
        "NumberOfMountTargets": 0,
        "SizeInBytes": {"Value": 0, "Timestamp": null, "ValueInIA": 0, "ValueInStandard": 0, "ValueInArchive": 0},
        "PerformanceMode": "generalPurpose", "Encrypted": true, "KmsKeyId": key,
        "ThroughputMode": "provisioned", "ProvisionedThroughputInMibps": 12.5,
        "AvailabilityZoneName": "eu-west-1a", "AvailabilityZoneId": "euw1-az1",
        "Tags": [{"Key": "Name", "Value": "home"},
                 {"Key": "aws:elasticfilesystem:default-backup", "Value": "enabled"}],
        "FileSystemProtection": {"ReplicationOverwriteProtection": "ENABLED"},
    });
    assert_eq!(made.body, expected);
    account.pass(3_601_000);
    let seen = account.call("GET", "file-systems?CreationToken=t&MaxItems=1", "");
    assert_eq!(
        seen.body["FileSystems"][0]["SizeInBytes"]["Timestamp"],
        json!(1_700_003_601.0)
    );
    assert!(seen.body["NextMarker"].is_null() && seen.body["Marker"].is_null());
}

#[test]
fn an_error_has_its_code_in_a_header_and_its_members_in_the_body() {
    let mut account = Account::new();
    let id = account.plain();
    let again = account.call("POST", "file-systems", r#"{"CreationToken": "token-0"}"#);
    assert_eq!(again.status, 409);
    assert_eq!(
        again.header("x-amzn-errortype"),
        Some("FileSystemAlreadyExists")
    );
    assert_eq!(again.header("x-amzn-requestid"), Some("request-1"));
    let message = format!("File system '{id}' already exists with creation token 'token-0'");
    let expected = json!({
        "ErrorCode": "FileSystemAlreadyExists", "Message": message, "FileSystemId": id,
    });
    assert_eq!(again.body, expected);
}

#[test]
fn an_arn_in_the_path_is_decoded() {
    let mut account = Account::new();
    let id = account.plain();
    let arn =
        format!("arn%3Aaws%3Aelasticfilesystem%3Aeu-west-1%3A111122223333%3Afile-system%2F{id}");
    let seen = account.call("GET", &format!("file-systems/{arn}/backup-policy"), "");
    assert_eq!(
        (seen.status, seen.body),
        (404, json!({"ErrorCode": "PolicyNotFound", "Message": null}))
    );
    let tagged = account.call(
        "POST",
        &format!("resource-tags/{arn}"),
        r#"{"Tags": [{"Key": "a", "Value": "b"}]}"#,
    );
    assert_eq!(
        (tagged.status, account.region().file_systems[&id].tags.len()),
        (200, 1)
    );
}

#[test]
fn a_mount_target_travels_under_the_names_of_the_api() {
    let mut account = Account::new();
    let id = account.plain();
    let subnet = account.subnet('a');
    let body = json!({"FileSystemId": id, "SubnetId": subnet, "IpAddress": "172.31.0.100"});
    let made = account.call("POST", "mount-targets", &body.to_string());
    assert_eq!(made.status, 200);
    let mut members: Vec<&String> = made.body.as_object().unwrap().keys().collect();
    members.sort();
    let expected = [
        "AvailabilityZoneId",
        "AvailabilityZoneName",
        "FileSystemId",
        "IpAddress",
        "LifeCycleState",
        "MountTargetId",
        "NetworkInterfaceId",
        "OwnerId",
        "SubnetId",
        "VpcId",
    ];
    assert_eq!(members, expected);
    assert_eq!(made.body["IpAddress"], "172.31.0.100");
    account.pass(60_000);
    let target = made.body["MountTargetId"].as_str().unwrap();
    let path = format!("mount-targets/{target}/security-groups");
    let groups = account.call("GET", &path, "").body;
    assert_eq!(account.call("PUT", &path, &groups.to_string()).status, 204);
    let list = account
        .call("GET", &format!("mount-targets?FileSystemId={id}"), "")
        .body;
    assert_eq!(list["MountTargets"][0]["LifeCycleState"], "available");
    assert_eq!(
        account
            .call("DELETE", &format!("mount-targets/{target}"), "")
            .status,
        204
    );
}

#[test]
fn every_setting_has_its_route() {
    let mut account = Account::new();
    let id = account.plain();
    let fs = format!("file-systems/{id}");
    let policy =
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:*"}}"#;
    let policy_body =
        json!({"Policy": policy, "BypassPolicyLockoutSafetyCheck": false}).to_string();
    let steps = [
        (
            "PUT",
            "/protection",
            r#"{"ReplicationOverwriteProtection":"DISABLED"}"#,
            200,
            json!({"ReplicationOverwriteProtection": "DISABLED"}),
        ),
        (
            "PUT",
            "/lifecycle-configuration",
            r#"{"LifecyclePolicies":[{"TransitionToIA":"AFTER_7_DAYS"}]}"#,
            200,
            json!({"LifecyclePolicies": [{"TransitionToIA": "AFTER_7_DAYS"}]}),
        ),
        (
            "GET",
            "/lifecycle-configuration",
            "",
            200,
            json!({"LifecyclePolicies": [{"TransitionToIA": "AFTER_7_DAYS"}]}),
        ),
        (
            "PUT",
            "/backup-policy",
            r#"{"BackupPolicy":{"Status":"ENABLED"}}"#,
            200,
            json!({"BackupPolicy": {"Status": "ENABLING"}}),
        ),
        (
            "PUT",
            "/policy",
            policy_body.as_str(),
            200,
            json!({"FileSystemId": id, "Policy": policy}),
        ),
        (
            "GET",
            "/policy",
            "",
            200,
            json!({"FileSystemId": id, "Policy": "{\n  \"Statement\" : [ {\n    \"Effect\" : \"Allow\",\n    \"Principal\" : \"*\",\n    \"Action\" : \"elasticfilesystem:*\"\n  } ]\n}"}),
        ),
        ("DELETE", "/policy", "", 200, json!(null)),
    ];
    for (method, part, body, status, expected) in steps {
        let heard = account.call(method, &format!("{fs}{part}"), body);
        assert_eq!(
            (heard.status, heard.body),
            (status, expected),
            "{method} {part}"
        );
    }
    let gone = account.call("GET", &format!("{fs}/policy"), "");
    assert_eq!(
        (gone.status, gone.header("x-amzn-errortype")),
        (404, Some("PolicyNotFound"))
    );
    let updated = account.call("PUT", &fs, r#"{"ThroughputMode":"elastic"}"#);
    assert_eq!(
        (updated.status, &updated.body["LifeCycleState"]),
        (202, &json!("updating"))
    );
    account.pass(60_000);
    assert_eq!(account.call("DELETE", &fs, "").status, 204);
}

#[test]
fn several_tag_keys_in_the_query_are_all_removed() {
    let mut account = Account::new();
    let id = account.plain();
    let three =
        r#"{"Tags":[{"Key":"a","Value":"1"},{"Key":"b/c","Value":"2"},{"Key":"d","Value":"3"}]}"#;
    assert_eq!(
        account
            .call("POST", &format!("resource-tags/{id}"), three)
            .status,
        200
    );
    let path = format!("resource-tags/{id}?tagKeys=a&tagKeys=b%2Fc");
    assert_eq!(account.call("DELETE", &path, "").status, 200);
    let left = account
        .call("GET", &format!("resource-tags/{id}?MaxResults=5"), "")
        .body;
    assert_eq!(left, json!({"Tags": [{"Key": "d", "Value": "3"}]}));
}

#[test]
fn the_deprecated_tag_operations_still_answer() {
    let mut account = Account::new();
    let id = account.plain();
    let two = r#"{"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}"#;
    assert_eq!(
        account
            .call("POST", &format!("create-tags/{id}"), two)
            .status,
        204
    );
    let page = account
        .call("GET", &format!("tags/{id}/?MaxItems=1"), "")
        .body;
    assert_eq!(page["Tags"], json!([{"Key": "a", "Value": "1"}]));
    let marker = page["NextMarker"].as_str().unwrap();
    let rest = account
        .call("GET", &format!("tags/{id}/?Marker={marker}"), "")
        .body;
    assert_eq!(
        rest,
        json!({"Tags": [{"Key": "b", "Value": "2"}], "Marker": marker, "NextMarker": null})
    );
    let removed = account.call(
        "POST",
        &format!("delete-tags/{id}"),
        r#"{"TagKeys":["a","b"]}"#,
    );
    assert_eq!(removed.status, 204);
    assert_eq!(
        account.call("GET", &format!("tags/{id}/"), "").body,
        json!({"Tags": [], "Marker": null, "NextMarker": null})
    );
    let point = account.call("POST", "create-tags/fsap-00000000", two);
    assert_eq!(
        (point.status, point.header("x-amzn-errortype")),
        (400, Some("ValidationException"))
    );
}

#[test]
fn an_access_point_travels_under_the_names_of_the_api() {
    let mut account = Account::new();
    let id = account.plain();
    let body = json!({
        "ClientToken": "t", "FileSystemId": id, "PosixUser": {"Uid": 1, "Gid": 2, "SecondaryGids": [3]},
        "RootDirectory": {"Path": "/a", "CreationInfo": {"OwnerUid": 1, "OwnerGid": 2, "Permissions": "755"}},
    });
    let made = account.call("POST", "access-points", &body.to_string());
    assert_eq!(made.status, 200);
    assert_eq!(made.body["PosixUser"], body["PosixUser"]);
    assert_eq!(made.body["RootDirectory"], body["RootDirectory"]);
    assert_eq!(made.body["LifeCycleState"], "creating");
    let list = account.call(
        "GET",
        &format!("access-points?FileSystemId={id}&MaxResults=9"),
        "",
    );
    let point = list.body["AccessPoints"][0]["AccessPointId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        account
            .call("DELETE", &format!("access-points/{point}"), "")
            .status,
        204
    );
    let incomplete = json!({"ClientToken": "u", "FileSystemId": id, "PosixUser": {"Uid": 1}});
    let refused = account.call("POST", "access-points", &incomplete.to_string());
    assert_eq!(refused.header("x-amzn-errortype"), Some("BadRequest"));
}

#[test]
fn what_is_not_an_operation_is_unknown() {
    let mut account = Account::new();
    for (method, path) in [
        ("PUT", "file-systems/fs-00000000/replication-configuration"),
        ("DELETE", "account-preferences"),
        ("PATCH", "file-systems"),
        ("GET", ""),
    ] {
        let heard = account.call(method, path, "");
        assert_eq!(heard.status, 404, "{method} {path}");
        assert_eq!(
            heard.header("x-amzn-errortype"),
            Some("UnknownOperationException")
        );
        assert_eq!(heard.body["ErrorCode"], "UnknownOperationException");
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused_before_anything_happens() {
    let mut account = Account::new();
    let deep = "[".repeat(100_000);
    let bodies = [
        "{",
        "[]",
        "nonsense",
        r#"{"CreationToken": 7}"#,
        r#"{"Tags": {}}"#,
        deep.as_str(),
    ];
    for body in bodies {
        let heard = account.call("POST", "file-systems", body);
        assert_eq!(heard.status, 400);
        assert_eq!(
            heard.header("x-amzn-errortype"),
            Some("SerializationException")
        );
    }
    let missing = account.call("POST", "file-systems", "");
    assert_eq!(missing.header("x-amzn-errortype"), Some("BadRequest"));
    let number = account.call("GET", "file-systems?MaxItems=many", "");
    assert_eq!(number.header("x-amzn-errortype"), Some("BadRequest"));
    assert!(account.region().file_systems.is_empty());
}

#[test]
fn operations_have_the_names_of_aws() {
    let name = |method: &str, path: &str| {
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            ..Request::default()
        };
        efs::operation(&request)
    };
    let create = name("POST", "/2015-02-01/file-systems");
    assert_eq!(create.as_deref(), Some("CreateFileSystem"));
    let groups = name("PUT", "/2015-02-01/mount-targets/fsmt-1/security-groups");
    assert_eq!(groups.as_deref(), Some("ModifyMountTargetSecurityGroups"));
    assert_eq!(name("POST", "/file-systems"), None);
}
