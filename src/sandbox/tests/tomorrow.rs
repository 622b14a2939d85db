//! Words that AWS does not have yet, copies of replications, and states of older versions.

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::efs::DescribeFileSystems;
use efsctl_sandbox::world::scenario::parse;

use super::ec2_support::*;

const BEYOND: &str = r#"
[[region]]
name = "eu-west-1"
[[region.file_system]]
id = "fs-0a000000000000001"
name = "tomorrow"
throughput_mode = "turbo"
performance_mode = "hyperIO"
backup = "SUSPENDED"
replication_overwrite_protection = "LOCKED"
lifecycle = [{ TransitionToIA = "AFTER_2_DAYS" }, { TransitionToGlacier = "AFTER_90_DAYS" }]
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEID12345678"},"Action":"elasticfilesystem:ClientMount"}]}'
replication = { to = "fs-0a00000000000000f", region = "eu-west-2", status = "WARMING" }
[[region.file_system]]
id = "fs-0a000000000000002"
state = "hibernating"
copy_of = { from = "fs-0a00000000000000e", region = "eu-central-1" }
"#;

#[test]
fn words_of_tomorrow_are_told_as_they_are_and_refused_in_calls() {
    let mut world = parse(BEYOND, NOW).unwrap_or_else(|error| panic!("{error}"));
    let text = serde_json::to_string(&world).unwrap();
    assert_eq!(
        serde_json::to_string(&serde_json::from_str::<World>(&text).unwrap()).unwrap(),
        text
    );
    let region = region(&mut world);
    let id = "fs-0a000000000000001";
    let found = region
        .describe_file_systems(&DescribeFileSystems::default())
        .unwrap()
        .items;
    let found = found
        .iter()
        .find(|found| found.file_system_id == id)
        .unwrap();
    assert_eq!(
        (
            found.throughput_mode.as_str(),
            found.performance_mode.as_str()
        ),
        ("turbo", "hyperIO")
    );
    assert_eq!(
        found
            .file_system_protection
            .replication_overwrite_protection,
        "LOCKED"
    );
    assert_eq!(region.describe_backup_policy(id).unwrap(), "SUSPENDED");
    let lifecycle = region.describe_lifecycle_configuration(id).unwrap();
    assert_eq!(
        serde_json::to_string(&lifecycle).unwrap(),
        r#"[{"TransitionToIA":"AFTER_2_DAYS"},{"TransitionToGlacier":"AFTER_90_DAYS"}]"#
    );
    assert!(
        region
            .describe_file_system_policy(id)
            .unwrap()
            .policy
            .contains("AROAEXAMPLEID12345678")
    );
    assert_eq!(
        region
            .put_lifecycle_configuration(id, Some(lifecycle))
            .unwrap_err()
            .code,
        "BadRequest"
    );
}

#[test]
fn a_copy_has_a_token_of_efs_no_name_and_is_replicated_into() {
    let mut world = parse(BEYOND, NOW).unwrap();
    let region = region(&mut world);
    let id = "fs-0a000000000000002";
    let which = DescribeFileSystems {
        file_system_id: Some(id.to_owned()),
        ..DescribeFileSystems::default()
    };
    let copy = region
        .describe_file_systems(&which)
        .unwrap()
        .items
        .remove(0);
    assert_eq!(copy.life_cycle_state, "hibernating");
    assert!(
        copy.creation_token.starts_with("destination-")
            && copy.creation_token.len() == "destination-".len() + 36
    );
    assert_eq!((copy.name, copy.tags.len()), (None, 0));
    assert_eq!(
        copy.file_system_protection.replication_overwrite_protection,
        "REPLICATING"
    );
    let listed = region
        .describe_replication_configurations(None, None, None)
        .unwrap()
        .items;
    assert_eq!(listed.len(), 2);
    let own = region
        .describe_replication_configurations(Some(id), None, None)
        .unwrap()
        .items
        .remove(0);
    assert_eq!(
        (
            own.source_file_system_id.as_str(),
            own.source_file_system_region.as_str()
        ),
        ("fs-0a00000000000000e", "eu-central-1")
    );
    assert_eq!(
        (
            own.destinations[0].file_system_id.as_str(),
            own.destinations[0].region.as_str()
        ),
        (id, "eu-west-1")
    );
    assert_eq!(
        region.delete_file_system(id).unwrap_err().code,
        "FileSystemInUse"
    );
}

#[test]
fn the_protection_of_a_copy_cannot_be_changed() {
    let mut world = parse(&BEYOND.replace("state = \"hibernating\"", ""), NOW).unwrap();
    let refused = region(&mut world)
        .update_file_system_protection("fs-0a000000000000002", Some("DISABLED"))
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.status),
        ("ReplicationAlreadyExists", 409)
    );
    assert_eq!(
        refused.message,
        "ReplicationOverwriteProtection cannot be changed while the file system is a replication destination."
    );
}

#[test]
fn a_plain_account_is_stored_as_before_and_an_older_state_is_read() {
    let mut world = world();
    region(&mut world);
    let text = serde_json::to_string(&world).unwrap();
    for new in [
        "ranges",
        "ipv6_state",
        "outpost_arn",
        "owner",
        "inactive",
        "peerings",
        "stated_zones",
        "endpoints",
        "instances",
        "kms_keys",
        "device_index",
    ] {
        assert!(!text.contains(&format!("\"{new}\"")), "{new}");
    }
    let described = parse(
        "[[region]]\nname = 'eu-west-1'\n[[region.file_system]]\nname = 'data'\nbackup = false",
        NOW,
    )
    .unwrap();
    let text = serde_json::to_string(&described).unwrap();
    assert!(text.contains(r#""backup":"DISABLED""#), "{text}");
    let (before, rest) = text.split_once(r#""ids":{"#).unwrap();
    let (_, after) = rest.split_once("}").unwrap();
    let after = after.trim_start_matches('}');
    let text = format!(r#"{before}"ids":{{"seed":7,"made":27}}{after}"#);
    let mut older: World = serde_json::from_str(&text).unwrap();
    let id = region(&mut older)
        .file_systems
        .keys()
        .next()
        .unwrap()
        .clone();
    assert_eq!(
        region(&mut older).describe_backup_policy(&id).unwrap(),
        "DISABLED"
    );
}
