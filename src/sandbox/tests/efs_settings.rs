//! What can be set on a file system: lifecycle, backup, policy, protection.

use efsctl_sandbox::world::efs::{
    CreateFileSystem, LifecyclePolicy, PutFileSystemPolicy, UpdateFileSystem,
};

use super::efs_support::{Account, BAD_REQUEST, INVALID, refused, refused_input, some, with_token};

fn to_ia(age: &str) -> LifecyclePolicy {
    LifecyclePolicy {
        transition_to_ia: some(age),
        ..LifecyclePolicy::default()
    }
}

fn to_archive(age: &str) -> LifecyclePolicy {
    LifecyclePolicy {
        transition_to_archive: some(age),
        ..LifecyclePolicy::default()
    }
}

fn back(access: &str) -> LifecyclePolicy {
    LifecyclePolicy {
        transition_to_primary_storage_class: some(access),
        ..LifecyclePolicy::default()
    }
}

fn elastic(token: &str) -> CreateFileSystem {
    CreateFileSystem {
        throughput_mode: some("elastic"),
        ..with_token(token)
    }
}

fn put(account: &mut Account, id: &str, policy: &str) -> Result<(), (&'static str, u16)> {
    let input = PutFileSystemPolicy {
        file_system_id: id.to_owned(),
        policy: policy.to_owned(),
        bypass_policy_lockout_safety_check: None,
    };
    match account.region().put_file_system_policy(input) {
        Ok(put) => {
            assert_eq!(
                (put.file_system_id.as_str(), put.policy.as_str()),
                (id, policy)
            );
            Ok(())
        }
        Err(error) => Err((error.code, error.status)),
    }
}

#[test]
fn a_lifecycle_configuration_is_replaced_as_a_whole() {
    let mut account = Account::new();
    let id = account.file_system(elastic("e"));
    assert!(
        account
            .region()
            .describe_lifecycle_configuration(&id)
            .unwrap()
            .is_empty()
    );
    let full = vec![
        to_ia("AFTER_30_DAYS"),
        to_archive("AFTER_90_DAYS"),
        back("AFTER_1_ACCESS"),
    ];
    for policies in [full, vec![to_ia("AFTER_1_DAY")], Vec::new()] {
        let region = account.region();
        let put = region
            .put_lifecycle_configuration(&id, Some(policies.clone()))
            .unwrap();
        assert_eq!(put, policies);
        assert_eq!(
            region.describe_lifecycle_configuration(&id).unwrap(),
            policies
        );
    }
}

#[test]
fn malformed_lifecycle_policies_are_bad_requests() {
    let mut account = Account::new();
    let id = account.file_system(elastic("e"));
    let two = LifecyclePolicy {
        transition_to_archive: some("AFTER_90_DAYS"),
        ..to_ia("AFTER_1_DAY")
    };
    let cases = [
        vec![two],
        vec![LifecyclePolicy::default()],
        vec![to_ia("AFTER_7_DAYS"), to_ia("AFTER_14_DAYS")],
        vec![to_ia("AFTER_8_DAYS")],
        vec![back("AFTER_7_DAYS")],
        vec![to_ia("AFTER_1_ACCESS")],
        vec![to_ia("AFTER_90_DAYS"), to_archive("AFTER_90_DAYS")],
        vec![to_archive("AFTER_30_DAYS"), to_ia("AFTER_60_DAYS")],
    ];
    for policies in cases {
        let result = account
            .region()
            .put_lifecycle_configuration(&id, Some(policies.clone()));
        assert_eq!(refused(result), BAD_REQUEST, "{policies:?}");
    }
    assert_eq!(
        refused(account.region().put_lifecycle_configuration(&id, None)),
        BAD_REQUEST
    );
    assert!(
        account
            .region()
            .describe_lifecycle_configuration(&id)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn archive_needs_elastic_throughput_and_keeps_it() {
    let mut account = Account::new();
    let bursting = account.plain();
    let archive = || Some(vec![to_ia("AFTER_30_DAYS"), to_archive("AFTER_90_DAYS")]);
    let refusal = account
        .region()
        .put_lifecycle_configuration(&bursting, archive());
    assert_eq!(refused(refusal), BAD_REQUEST);
    let id = account.file_system(elastic("e"));
    account
        .region()
        .put_lifecycle_configuration(&id, archive())
        .unwrap();
    let leave = || UpdateFileSystem {
        file_system_id: id.clone(),
        throughput_mode: some("bursting"),
        provisioned_throughput_in_mibps: None,
    };
    assert_eq!(
        refused(account.region().update_file_system(leave())),
        BAD_REQUEST
    );
    account
        .region()
        .put_lifecycle_configuration(&id, Some(Vec::new()))
        .unwrap();
    account.region().update_file_system(leave()).unwrap();
}

#[test]
fn settings_wait_until_the_file_system_is_available() {
    let mut account = Account::new();
    let id = account
        .region()
        .create_file_system(with_token("t"))
        .unwrap()
        .file_system_id;
    let wrong_state = ("IncorrectFileSystemLifeCycleState", 409);
    let region = account.region();
    assert_eq!(
        refused(region.put_lifecycle_configuration(&id, Some(Vec::new()))),
        wrong_state
    );
    assert_eq!(
        refused(region.put_backup_policy(&id, Some("ENABLED"))),
        wrong_state
    );
    assert_eq!(
        refused(region.update_file_system_protection(&id, Some("DISABLED"))),
        wrong_state
    );
    assert_eq!(refused(region.delete_file_system_policy(&id)), wrong_state);
    let never_set = region.describe_backup_policy(&id).unwrap_err();
    assert_eq!((never_set.code, never_set.status), ("PolicyNotFound", 404));
}

#[test]
fn a_backup_policy_passes_through_its_transitions_and_tags_the_file_system() {
    let mut account = Account::new();
    let id = account.plain();
    let region = account.region();
    assert_eq!(
        region.put_backup_policy(&id, Some("ENABLED")).unwrap(),
        "ENABLING"
    );
    assert_eq!(region.describe_backup_policy(&id).unwrap(), "ENABLED");
    assert_eq!(
        region
            .list_tags_for_resource(&id, None, None)
            .unwrap()
            .items
            .len(),
        1
    );
    assert_eq!(
        region.put_backup_policy(&id, Some("ENABLED")).unwrap(),
        "ENABLED"
    );
    assert_eq!(
        region.put_backup_policy(&id, Some("DISABLED")).unwrap(),
        "DISABLING"
    );
    assert!(
        region
            .list_tags_for_resource(&id, None, None)
            .unwrap()
            .items
            .is_empty()
    );
    for bad in [Some("ENABLING"), Some("on"), None] {
        assert!(refused_input(region.put_backup_policy(&id, bad)), "{bad:?}");
    }
}

#[test]
fn protection_is_enabled_or_disabled() {
    let mut account = Account::new();
    let id = account.plain();
    let region = account.region();
    let disabled = region
        .update_file_system_protection(&id, Some("DISABLED"))
        .unwrap();
    assert_eq!(disabled.replication_overwrite_protection, "DISABLED");
    assert_eq!(
        region.update_file_system_protection(&id, None).unwrap(),
        disabled
    );
    let refusal = region.update_file_system_protection(&id, Some("REPLICATING"));
    assert_eq!(refused(refusal), INVALID);
}

#[test]
fn no_policy_is_not_found_and_a_policy_comes_back_as_aws_writes_it() {
    let mut account = Account::new();
    let id = account.plain();
    let refusal = refused(account.region().describe_file_system_policy(&id));
    assert_eq!(refusal, ("PolicyNotFound", 404));
    let policy = r#"{"Version": "2012-10-17", "Id": "x", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["elasticfilesystem:ClientMount"],
         "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}},
        {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*",
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"#;
    put(&mut account, &id, policy).unwrap();
    let region = account.region();
    let told = region.describe_file_system_policy(&id).unwrap().policy;
    assert!(
        told.starts_with("{\n  \"Version\" : \"2012-10-17\",\n  \"Id\" : \"x\","),
        "{told}"
    );
    let meaning = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let put = policy.replace(
        r#"["elasticfilesystem:ClientMount"]"#,
        r#""elasticfilesystem:ClientMount""#,
    );
    assert_eq!(meaning(&told), meaning(&put));
    region.delete_file_system_policy(&id).unwrap();
    region.delete_file_system_policy(&id).unwrap();
    assert!(region.describe_file_system_policy(&id).is_err());
}

#[test]
fn policies_that_make_no_sense_are_refused() {
    let mut account = Account::new();
    let id = account.plain();
    let principal = r#""Principal": "*""#;
    let action = r#""Action": "elasticfilesystem:ClientMount""#;
    let statements = [
        format!("{{{principal}, {action}}}"),
        format!(r#"{{"Effect": "Maybe", {principal}, {action}}}"#),
        format!(r#"{{"Effect": "Allow", {action}}}"#),
        format!(r#"{{"Effect": "Allow", "Principal": "me", {action}}}"#),
        format!(r#"{{"Effect": "Allow", "Principal": {{"AWS": "AROAEXAMPLE"}}, {action}}}"#),
        format!(r#"{{"Effect": "Allow", {principal}}}"#),
        format!(r#"{{"Effect": "Allow", {principal}, "Action": "s3:GetObject"}}"#),
        format!(r#"{{"Effect": "Allow", {principal}, "Action": []}}"#),
        format!(r#"{{"Effect": "Allow", {principal}, {action}, "Resource": "here"}}"#),
        format!(r#"{{"Effect": "Allow", {principal}, {action}, "Condition": "never"}}"#),
        "7".to_owned(),
    ];
    let mut policies: Vec<String> = statements
        .iter()
        .map(|statement| format!(r#"{{"Statement": [{statement}]}}"#))
        .collect();
    policies.extend(["{", "[]", "{}", r#"{"Statement": []}"#].map(str::to_owned));
    policies.push(format!(
        r#"{{"Version": "2020", "Statement": {{"Effect": "Allow", {principal}, {action}}}}}"#
    ));
    for policy in policies {
        let refusal = put(&mut account, &id, &policy).unwrap_err();
        assert_eq!(refusal, ("InvalidPolicyException", 400), "{policy}");
    }
    assert_eq!(put(&mut account, &id, ""), Err(BAD_REQUEST));
    assert_eq!(
        put(&mut account, &id, &" ".repeat(20_001)),
        Err(BAD_REQUEST)
    );
}

#[test]
fn a_policy_that_locks_its_author_out_needs_the_bypass() {
    let mut account = Account::new();
    let id = account.plain();
    let deny = |principal: &str, action: &str| {
        format!(r#"{{"Statement": {{"Effect": "Deny", "Principal": {principal}, {action}}}}}"#)
    };
    let root = r#"{"AWS": "arn:aws:iam::111122223333:root"}"#;
    let role = r#"{"AWS": "arn:aws:iam::111122223333:role/guest"}"#;
    let locking = [
        deny(r#""*""#, r#""Action": "*""#),
        deny(r#"{"AWS": ["*"]}"#, r#""Action": "elasticfilesystem:Put*""#),
        deny(
            root,
            r#""Action": ["elasticfilesystem:PutFileSystemPolicy"]"#,
        ),
        deny(r#""*""#, r#""NotAction": "elasticfilesystem:Client*""#),
    ];
    for policy in &locking {
        assert_eq!(
            put(&mut account, &id, policy),
            Err(("InvalidPolicyException", 400)),
            "{policy}"
        );
    }
    let harmless = [
        deny(role, r#""Action": "*""#),
        deny(r#""*""#, r#""Action": "elasticfilesystem:Client*""#),
        deny(
            r#""*""#,
            r#""Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#,
        ),
    ];
    for policy in &harmless {
        assert_eq!(put(&mut account, &id, policy), Ok(()), "{policy}");
    }
    let bypassing = PutFileSystemPolicy {
        file_system_id: id.clone(),
        policy: locking[0].clone(),
        bypass_policy_lockout_safety_check: Some(true),
    };
    account.region().put_file_system_policy(bypassing).unwrap();
}
