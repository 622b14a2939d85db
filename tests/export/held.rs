//! What a configuration cannot hold is said in it, and Terraform is kept from replacing it.

use efsctl::error::Code;
use serde_json::Value;

use super::parsed::Parsed;
use super::{exported, form};
use crate::support::world::{Text, World, world};

/// A file system in words of which no tool knows any.
fn odd() -> World {
    world()
        .account("111122223333")
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &["tcp 2049 from 10.0.0.0/8"])
        .tag("efsctl:managed-by", "efsctl")
        .file_system("odd")
        .set("performance_mode", "warpIO")
        .set("throughput_mode", "warp")
        .set("backup", "DOZING")
        .set("state", "resting")
        .set("replication_overwrite_protection", "GUARDED")
        .set(
            "lifecycle",
            Text("[{ TransitionToIA = \"AFTER_30_DAYS\" }, { TransitionToArchive = \"AFTER_2_MOONS\" }]".to_owned()),
        )
        .copied_to("fs-0000000000000000f", "eu-west-2", "PAUSED")
        .mount_target('a', &["nfs"])
        .set("interface", false)
        .access_point("/x")
        .set("state", "deleting")
        .tag("empty", "")
}

const SENTENCES: [&str; 9] = [
    "performance mode, not exported: warpIO",
    "throughput mode, not exported: warp",
    "backup policy, not exported: DOZING",
    "is in state resting",
    "replication overwrite protection, not exported: GUARDED",
    "lifecycle policy, not exported: TransitionToArchive AFTER_2_MOONS",
    "the replication to fs-0000000000000000f in eu-west-2 is PAUSED",
    "its network interface was not found: security groups are not exported",
    "is deleting: not exported",
];

#[tokio::test(start_paused = true)]
async fn words_that_no_tool_knows_are_said_and_not_overwritten() {
    let (export, failure) = exported(&odd().harness()).await;
    assert_eq!(failure, None, "everything was read");
    let text = form(&export, "terraform");
    for sentence in SENTENCES {
        let is_said = |line: &str| line.trim_start().starts_with('#') && line.contains(sentence);
        assert!(text.lines().any(is_said), "{sentence}\n{text}");
    }
    let ignored =
        "ignore_changes  = [throughput_mode, provisioned_throughput_in_mibps, lifecycle_policy]";
    assert!(text.contains(ignored), "{text}");
    assert_eq!(
        Parsed::of(&text).resources.len(),
        3,
        "file system, replication, mount target: {text}"
    );
    let template: Value = serde_json::from_str(&form(&export, "cloudformation")).unwrap();
    let said = template["Metadata"]["efsctl"]["NotInThisTemplate"].to_string();
    for sentence in SENTENCES {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
    assert!(said.contains("mount target, not exported: its security groups are not known"));
    let resources = template["Resources"].as_object().unwrap();
    let names: Vec<&String> = resources.keys().collect();
    assert_eq!(names, ["Fs0000000000000000a"]);
    let properties = &resources["Fs0000000000000000a"]["Properties"];
    assert!(properties["LifecyclePolicies"].is_null(), "not half of it");
}

#[tokio::test(start_paused = true)]
async fn the_copy_of_a_replication_is_no_source() {
    let copy = Text("{ from = \"fs-0000000000000000f\", region = \"eu-west-2\" }".to_owned());
    let world = world()
        .file_system("copy")
        .set("backup", true)
        .set("copy_of", copy);
    let (export, failure) = exported(&world.harness()).await;
    assert_eq!(failure, None);
    let text = form(&export, "terraform");
    assert!(
        !text.contains("aws_efs_replication_configuration"),
        "{text}"
    );
    assert!(
        text.contains("# tag of AWS, not exported: aws:elasticfilesystem:default-backup=enabled"),
        "{text}"
    );
    assert!(
        text.contains("# replication overwrite protection is REPLICATING"),
        "{text}"
    );
    assert!(
        text.contains(
            "it is the copy of fs-0000000000000000f, whose replication is configured there"
        ),
        "{text}"
    );
}

/// Action, and what is said of what is missing.
const READS: [(&str, &str); 9] = [
    ("elasticfilesystem:DescribeMountTargets", "mount targets"),
    ("elasticfilesystem:DescribeAccessPoints", "access points"),
    ("elasticfilesystem:DescribeFileSystemPolicy", "the policy"),
    (
        "elasticfilesystem:DescribeBackupPolicy",
        "the backup policy",
    ),
    (
        "elasticfilesystem:DescribeLifecycleConfiguration",
        "the lifecycle policy",
    ),
    (
        "elasticfilesystem:DescribeReplicationConfigurations",
        "replications",
    ),
    ("ec2:DescribeNetworkInterfaces", "the network interface"),
    ("ec2:DescribeSecurityGroups", "which security groups"),
    ("ec2:DescribeSecurityGroupRules", "rules"),
];

#[tokio::test(start_paused = true)]
async fn what_could_not_be_read_is_said_and_is_no_success() {
    let whole = || {
        world()
            .vpc("10.0.0.0/16")
            .subnet('a')
            .group("nfs", &["tcp 2049 from 10.0.0.0/8"])
            .tag("efsctl:managed-by", "efsctl")
            .file_system("data")
            .mount_target('a', &["nfs"])
    };
    for (action, what) in READS {
        let (export, failure) = exported(&whole().denied(&[action]).harness()).await;
        let failure = failure.unwrap_or_else(|| panic!("{action}"));
        assert_eq!(failure.code, Code::AccessDenied, "{action}");
        let hint = failure.hint.unwrap().to_string();
        assert!(
            hint.ends_with(&format!("the caller needs {action}")),
            "{hint}"
        );
        let needs = format!("(the caller needs {action})");
        let text = form(&export, "terraform");
        let mut said = text
            .lines()
            .filter(|line| line.trim_start().starts_with('#'));
        assert!(
            said.any(|line| line.contains(what) && line.contains(&needs)),
            "{action}\n{text}"
        );
        let ignores = text.contains("ignore_changes  = [lifecycle_policy]");
        assert_eq!(ignores, what == "the lifecycle policy", "{text}");
        Parsed::of(&text);
        let template = form(&export, "cloudformation");
        assert!(template.contains(&needs), "{action}\n{template}");
    }
    let (_, failure) = exported(&whole().harness()).await;
    assert_eq!(failure, None);
}
