//! A template that keeps everything, and the resources that are imported into its stack.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::{Value, json};

use super::{exported, form};
use crate::support::cli::{Efsctl, fixture};
use crate::support::skipped::skipped;
use crate::support::world::{Text, World, world};

/// One of everything.
fn whole() -> World {
    world()
        .account("111122223333")
        .prefix_list("pl-0000000a", "offices", &["10.0.8.0/24"])
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &["tcp 2049 from self", "tcp 2049 from offices", "all from 2001:db8::/32"])
        .tag("efsctl:managed-by", "efsctl")
        .group("theirs", &[])
        .file_system("data 1")
        .set("encrypted", true)
        .set("throughput_mode", "provisioned")
        .set("provisioned_mibps", Text("1.5".to_owned()))
        .set("backup", "ENABLING")
        .set("lifecycle", Text("[{ TransitionToIA = \"AFTER_30_DAYS\" }]".to_owned()))
        .set("policy", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"#)
        .copied_to("fs-0000000000000000f", "eu-west-2", "ENABLED")
        .mount_target('a', &["nfs", "theirs"])
        .set("id", "fsmt-0000000000000000a")
        .access_point("/app")
        .set("id", "fsap-0000000000000000a")
        .set("token", "app")
        .set("uid", 4_294_967_295)
        .set("gid", 0)
        .set("secondary_gids", Text("[7]".to_owned()))
        .set("create", Text("{ uid = 1, gid = 2, permissions = \"0755\" }".to_owned()))
        .tag("Name", "app")
        .tag("empty", "")
}

#[tokio::test(start_paused = true)]
async fn a_template_holds_everything_and_keeps_it() {
    let (export, failure) = exported(&whole().harness()).await;
    assert_eq!(failure, None);
    let template: Value = serde_json::from_str(&form(&export, "cloudformation")).unwrap();
    let resources = template["Resources"].as_object().unwrap();
    for (name, resource) in resources {
        assert_eq!(resource["DeletionPolicy"], "Retain", "{name}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}");
    }
    let properties = |name: &str| &resources[name]["Properties"];
    let fs = properties("Fs0000000000000000a");
    assert_eq!(fs["ProvisionedThroughputInMibps"], 1.5);
    assert_eq!(fs["BackupPolicy"], json!({ "Status": "ENABLED" }));
    assert_eq!(
        fs["LifecyclePolicies"],
        json!([{ "TransitionToIA": "AFTER_30_DAYS" }])
    );
    assert_eq!(fs["FileSystemPolicy"]["Statement"][0]["Effect"], "Deny");
    assert_eq!(
        fs["ReplicationConfiguration"],
        json!({ "Destinations": [{ "FileSystemId": "fs-0000000000000000f", "Region": "eu-west-2" }] })
    );
    assert_eq!(
        fs["FileSystemTags"],
        json!([{ "Key": "Name", "Value": "data 1" }])
    );
    let target = properties("Fsmt0000000000000000a");
    assert_eq!(
        target["FileSystemId"],
        json!({ "Ref": "Fs0000000000000000a" })
    );
    let groups =
        json!([{ "Fn::GetAtt": ["Sg0000000000000000a", "GroupId"] }, "sg-0000000000000000b"]);
    assert_eq!(target["SecurityGroups"], groups);
    let point = properties("Fsap0000000000000000a");
    assert_eq!(
        *point,
        json!({
            "FileSystemId": { "Ref": "Fs0000000000000000a" },
            "ClientToken": "app",
            "PosixUser": { "Uid": "4294967295", "Gid": "0", "SecondaryGids": ["7"] },
            "RootDirectory": { "Path": "/app", "CreationInfo": { "OwnerUid": "1", "OwnerGid": "2", "Permissions": "0755" } },
            "AccessPointTags": [{ "Key": "Name", "Value": "app" }],
        })
    );
    let group = properties("Sg0000000000000000a");
    assert_eq!(group["SecurityGroupIngress"].as_array().unwrap().len(), 3);
    assert_eq!(
        group["SecurityGroupEgress"],
        json!([{ "IpProtocol": "-1", "CidrIp": "0.0.0.0/0" }])
    );
    let said = template["Metadata"]["efsctl"]["NotInThisTemplate"].to_string();
    assert!(
        said.contains("fsap-0000000000000000a: tag without a value, not exported: empty"),
        "{said}"
    );
    let imports: Value = serde_json::from_str(&form(&export, "cloudformation-import")).unwrap();
    let imports = imports.as_array().unwrap().iter();
    let imported = imports.map(|one| {
        let name = one["LogicalResourceId"].as_str().unwrap().to_owned();
        (
            name,
            (
                one["ResourceType"].clone(),
                one["ResourceIdentifier"].clone(),
            ),
        )
    });
    let imported: BTreeMap<String, (Value, Value)> = imported.collect();
    let wanted = [
        (
            "Fs0000000000000000a",
            "AWS::EFS::FileSystem",
            json!({ "FileSystemId": "fs-0000000000000000a" }),
        ),
        (
            "Fsap0000000000000000a",
            "AWS::EFS::AccessPoint",
            json!({ "AccessPointId": "fsap-0000000000000000a" }),
        ),
        (
            "Fsmt0000000000000000a",
            "AWS::EFS::MountTarget",
            json!({ "Id": "fsmt-0000000000000000a" }),
        ),
        (
            "Sg0000000000000000a",
            "AWS::EC2::SecurityGroup",
            json!({ "Id": "sg-0000000000000000a" }),
        ),
    ];
    let wanted = wanted.map(|(name, kind, id)| (name.to_owned(), (json!(kind), id)));
    assert_eq!(imported, BTreeMap::from(wanted));
    assert!(resources.keys().eq(imported.keys()));
}

/// The properties and identifiers are those of the registry, which cfn-lint has a copy of.
#[test]
fn templates_pass_cfn_lint() {
    let python = std::env::var("EFSCTL_PYTHON").unwrap_or_default();
    let lint = std::path::Path::new(&python).with_file_name("cfn-lint");
    if python.is_empty() || !lint.exists() {
        return skipped("templates: EFSCTL_PYTHON names no Python with cfn-lint beside it");
    }
    let folder = tempfile::tempdir().unwrap();
    let whole = whole().file();
    let worlds = [
        whole.path().to_owned(),
        fixture("worlds/messy.toml"),
        fixture("worlds/audit.toml"),
        fixture("worlds/fixable.toml"),
    ];
    let mut command = Command::new(&lint);
    command.args(["--regions", "eu-west-1", "--"]);
    for (number, world) in worlds.iter().enumerate() {
        let export = format!(
            "--sandbox --world {} --quiet export --all --format cloudformation",
            world.display()
        );
        let ended = Efsctl::new(&export).run();
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let template = folder.path().join(format!("{number}.json"));
        std::fs::write(&template, ended.stdout).unwrap();
        command.arg(template);
    }
    let output = command.output().expect("cfn-lint runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
