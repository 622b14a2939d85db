//! What a copy is like.

use super::*;

#[test]
fn a_new_copy_is_encrypted_and_bare_whatever_its_source_has() {
    let mut account = Account::new();
    let source = account.file_system(CreateFileSystem {
        backup: Some(true),
        tags: Some(vec![crate::efs_support::tag("Name", "data")]),
        ..with_token("data")
    });
    let region = account.region();
    region.file_systems.get_mut(&source).unwrap().size = [5_000, 300, 20];
    let path = format!("file-systems/{source}/lifecycle-configuration");
    let body = r#"{"LifecyclePolicies":[{"TransitionToIA":"AFTER_7_DAYS"}]}"#;
    assert_eq!(account.call("PUT", &path, body).status, 200);
    let target = account.mount_target(&source, 'a').unwrap();
    assert!(!target.is_empty());

    let copy = copied(&mut account, &source, &json!({ "Region": THERE }));
    let found = described(&mut account, THERE, &copy);
    assert_eq!(found["LifeCycleState"], "creating");
    account.pass(1_000);
    let found = described(&mut account, THERE, &copy);
    let key = found["KmsKeyId"].as_str().unwrap();
    assert!(
        key.starts_with("arn:aws:kms:eu-west-2:111122223333:key/"),
        "{key}"
    );
    let token = found["CreationToken"].as_str().unwrap();
    assert!(
        token.starts_with("destination-") && token.len() == "destination-".len() + 36,
        "{token}"
    );
    for (member, expected) in [
        ("LifeCycleState", json!("available")),
        ("Encrypted", json!(true)),
        ("NumberOfMountTargets", json!(0)),
        ("Tags", json!([])),
        ("Name", Value::Null),
        ("ThroughputMode", json!("bursting")),
        ("PerformanceMode", json!("generalPurpose")),
        ("AvailabilityZoneName", Value::Null),
        (
            "FileSystemProtection",
            json!({ "ReplicationOverwriteProtection": "REPLICATING" }),
        ),
    ] {
        assert_eq!(found[member], expected, "{member}");
    }
    assert_eq!(found["SizeInBytes"]["Value"], 5_320);
    let path = format!("file-systems/{copy}/lifecycle-configuration");
    let lifecycle = account.call_in(THERE, "GET", &path, "");
    assert_eq!(lifecycle.body, json!({ "LifecyclePolicies": [] }));
    let backup = account.call_in(
        THERE,
        "GET",
        &format!("file-systems/{copy}/backup-policy"),
        "",
    );
    assert_eq!(code(&backup), (404, "PolicyNotFound"));
}

/// EFS user guide, "Configuring replication to new EFS file system".
#[test]
fn a_new_copy_has_the_modes_of_its_source_as_far_as_it_can() {
    let key = "arn:aws:kms:eu-west-2:111122223333:key/12345678-1234-1234-1234-123456789012";
    let max_io = || CreateFileSystem {
        performance_mode: some("maxIO"),
        ..with_token("source")
    };
    let elastic = || CreateFileSystem {
        throughput_mode: some("elastic"),
        ..with_token("source")
    };
    let provisioned = |mibps| CreateFileSystem {
        throughput_mode: some("provisioned"),
        provisioned_throughput_in_mibps: Some(mibps),
        ..with_token("source")
    };
    let rows = [
        (
            "max I/O stays",
            max_io(),
            json!({ "Region": THERE }),
            json!({ "PerformanceMode": "maxIO", "ThroughputMode": "bursting" }),
        ),
        (
            "one zone has general purpose only, and backups",
            max_io(),
            json!({ "Region": THERE, "AvailabilityZoneName": "eu-west-2b" }),
            json!({
                "PerformanceMode": "generalPurpose", "AvailabilityZoneName": "eu-west-2b", "AvailabilityZoneId": "euw2-az2",
                "Tags": [{ "Key": "aws:elasticfilesystem:default-backup", "Value": "enabled" }],
            }),
        ),
        (
            "a zone tells its region",
            elastic(),
            json!({ "AvailabilityZoneName": "eu-west-2a" }),
            json!({ "ThroughputMode": "elastic", "AvailabilityZoneName": "eu-west-2a" }),
        ),
        (
            "provisioned throughput stays",
            provisioned(64.0),
            json!({ "Region": THERE }),
            json!({ "ThroughputMode": "provisioned", "ProvisionedThroughputInMibps": 64.0 }),
        ),
        (
            "but not beyond the limit there",
            provisioned(900.0),
            json!({ "Region": THERE }),
            json!({ "ThroughputMode": "provisioned", "ProvisionedThroughputInMibps": 100.0 }),
        ),
        (
            "a key is used",
            with_token("source"),
            json!({ "Region": THERE, "KmsKeyId": key }),
            json!({ "KmsKeyId": key, "Encrypted": true }),
        ),
    ];
    for (what, input, destination, expected) in rows {
        let mut account = Account::new();
        let there = account.world.region(THERE, account.now).unwrap();
        there.quotas.provisioned_mibps = 100.0;
        let source = account.file_system(input);
        let copy = copied(&mut account, &source, &destination);
        let found = described(&mut account, THERE, &copy);
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(&found[member], value, "{what}: {member}");
        }
    }
}

#[test]
fn an_existing_file_system_becomes_the_copy_and_is_itself_again() {
    for (region, destination) in [(HERE, "id"), (HERE, "arn"), (THERE, "id"), (THERE, "arn")] {
        let mut account = Account::new();
        let source = account.plain();
        let body = r#"{"CreationToken":"copy","Tags":[{"Key":"Name","Value":"copy"}]}"#;
        let made = account.call_in(region, "POST", "file-systems", body);
        let copy = made.body["FileSystemId"].as_str().unwrap().to_owned();
        account.pass(5_000);
        let path = format!("file-systems/{copy}/protection");
        let body = r#"{"ReplicationOverwriteProtection":"DISABLED"}"#;
        assert_eq!(account.call_in(region, "PUT", &path, body).status, 200);
        let destination = match destination {
            "id" => json!({ "Region": region, "FileSystemId": copy }),
            _ => json!({ "FileSystemId": made.body["FileSystemArn"] }),
        };
        assert_eq!(copied(&mut account, &source, &destination), copy);
        assert_eq!(protection(&mut account, region, &copy), "REPLICATING");
        assert_eq!(protection(&mut account, HERE, &source), "ENABLED");
        let found = described(&mut account, region, &copy);
        assert_eq!(
            (&found["Name"], &found["Encrypted"]),
            (&json!("copy"), &json!(false))
        );
        // Within one region it is one replication too.
        let all = account.call_in(region, "GET", "file-systems/replication-configurations", "");
        assert_eq!(all.body["Replications"].as_array().unwrap().len(), 1);
        account.pass(1_000);
        assert_eq!(status(&mut account, region, &copy), "ENABLED");
        assert_eq!(delete(&mut account, HERE, &source, "").status, 204);
        account.pass(1_500);
        assert_eq!(
            status(&mut account, region, &copy),
            "ReplicationNotFound",
            "{destination}"
        );
        assert_eq!(protection(&mut account, region, &copy), "ENABLED");
    }
}

#[test]
fn a_copy_takes_what_only_its_source_cannot_write_for_it() {
    let mut account = Account::new();
    let source = account.plain();
    let copy = copied(&mut account, &source, &json!({ "Region": HERE }));
    account.pass(1_000);
    // "After you create the replication configuration, you must create one or more mount targets" (EFS user guide).
    account.mount_target(&copy, 'a').unwrap();
    for (method, path, body) in [
        (
            "PUT",
            "lifecycle-configuration",
            r#"{"LifecyclePolicies":[{"TransitionToIA":"AFTER_7_DAYS"}]}"#,
        ),
        (
            "PUT",
            "backup-policy",
            r#"{"BackupPolicy":{"Status":"ENABLED"}}"#,
        ),
        ("PUT", "", r#"{"ThroughputMode":"elastic"}"#),
    ] {
        let path = format!("file-systems/{copy}/{path}");
        let heard = account.call(method, &path, body);
        assert!(heard.status < 300, "{path} {}", heard.body);
    }
}
