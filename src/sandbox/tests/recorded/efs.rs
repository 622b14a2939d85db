//! EFS.

use super::{Row, differences};

const FS: &str = "file-systems/fs-0a000000000000001";
const BARE: &str = "file-systems/fs-0a000000000000002";
const TARGET: &str = "mount-targets/fsmt-0a000000000000001";

macro_rules! rows {
    ($($seen:literal, $source:literal, $ask:expr, $answer:literal;)*) => {
        &[$(Row { seen: $seen, source: $source, ask: $ask, answer: $answer }),*]
    };
}

#[test]
fn file_systems_are_told_as_recorded() {
    let rows: &[Row] = rows! {
        "a list of nothing has null markers", "placebo test_efs_delete",
        |lab| lab.efs("GET", "file-systems?CreationToken=none", ""), r#"200 {"FileSystems":[],"Marker":null,"NextMarker":null}"#;
        "times are whole seconds with an exponent", "placebo, 13 recordings",
        |lab| { lab.now += 394; let text = lab.efs("POST", "file-systems", r#"{"CreationToken":"t"}"#); text.split("\"CreationTime\":").nth(1).unwrap().split(',').next().unwrap().to_owned() }, "1.7E9";
        "without encryption the key is null, without provisioning the amount", "placebo test_disable_lifecycle_policy",
        |lab| lab.efs_members("GET", "file-systems?CreationToken=bare", "", &["/FileSystems/0/KmsKeyId", "/FileSystems/0/ProvisionedThroughputInMibps"]), "null null";
        "no tags are an empty list, and no name", "placebo test_efs_access_denied",
        |lab| lab.efs_members("GET", "file-systems?CreationToken=bare", "", &["/FileSystems/0/Tags", "/FileSystems/0/Name"]), "[] absent";
        "a new one is creating, of size 0, without mount targets", "placebo test_efs_query",
        |lab| lab.efs("POST", "file-systems", r#"{"CreationToken":"t"}"#).get(..4).unwrap().to_owned() + &lab.efs_members("GET", "file-systems?CreationToken=t", "", &["/FileSystems/0/LifeCycleState", "/FileSystems/0/SizeInBytes/Value", "/FileSystems/0/NumberOfMountTargets"]), "201 \"creating\" 0 0";
        "five seconds later it is available", "placebo test_efs_query",
        |lab| { lab.efs("POST", "file-systems", r#"{"CreationToken":"t"}"#); lab.pass(5); lab.efs_members("GET", "file-systems?CreationToken=t", "", &["/FileSystems/0/LifeCycleState"]) }, "\"available\"";
        "an empty one has 6144 bytes, all in Standard", "placebo",
        |lab| lab.efs_members("GET", "file-systems?CreationToken=bare", "", &["/FileSystems/0/SizeInBytes/Value", "/FileSystems/0/SizeInBytes/ValueInStandard", "/FileSystems/0/SizeInBytes/ValueInIA", "/FileSystems/0/SizeInBytes/ValueInArchive"]), "6144 6144 0 0";
        "24 minutes after the creation there is no time of metering", "placebo test_disable_lifecycle_policy",
        |lab| { lab.efs("POST", "file-systems", r#"{"CreationToken":"t"}"#); lab.pass(24 * 60); lab.efs_members("GET", "file-systems?CreationToken=t", "", &["/FileSystems/0/SizeInBytes/Timestamp"]) }, "null";
        "protection is enabled by itself", "placebo, 2025",
        |lab| lab.efs_members("GET", "file-systems?CreationToken=bare", "", &["/FileSystems/0/FileSystemProtection/ReplicationOverwriteProtection"]), "\"ENABLED\"";
        "the newest is first", "placebo, 13 recordings",
        |lab| { lab.pass(1); lab.efs("POST", "file-systems", r#"{"CreationToken":"z"}"#); lab.pass(1); lab.efs("POST", "file-systems", r#"{"CreationToken":"y"}"#); lab.efs_members("GET", "file-systems", "", &["/FileSystems/0/CreationToken", "/FileSystems/1/CreationToken", "/FileSystems/2/CreationToken"]) }, "\"y\" \"z\" \"data\"";
        "the ARN, and an owner of twelve digits", "placebo",
        |lab| lab.efs_members("GET", "file-systems?CreationToken=bare", "", &["/FileSystems/0/FileSystemArn", "/FileSystems/0/OwnerId"]), "\"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a000000000000002\" \"111122223333\"";
        "backups that are on are a tag", "placebo",
        |lab| { lab.efs("PUT", &format!("{BARE}/backup-policy"), r#"{"BackupPolicy":{"Status":"ENABLED"}}"#); lab.efs_members("GET", "file-systems?CreationToken=bare", "", &["/FileSystems/0/Tags/0/Key", "/FileSystems/0/Tags/0/Value"]) }, "\"aws:elasticfilesystem:default-backup\" \"enabled\"";
        "a deletion is 204, and three seconds later it is in no list", "placebo test_efs_delete",
        |lab| { let said = lab.efs("DELETE", BARE, ""); lab.pass(3); said + " " + &lab.efs_members("GET", "file-systems?CreationToken=bare", "", &["/FileSystems"]) }, "204 []";
        "a token in use names the file system", "hashicorp/nomad#7352",
        |lab| lab.efs("POST", "file-systems", r#"{"CreationToken":"data"}"#), r#"409 FileSystemAlreadyExists {"ErrorCode":"FileSystemAlreadyExists","FileSystemId":"fs-0a000000000000001","Message":"File system 'fs-0a000000000000001' already exists with creation token 'data'"}"#;
        "one that is not there", "aws/efs-utils#308",
        |lab| lab.efs("GET", "file-systems?FileSystemId=fs-01234567", ""), r#"404 FileSystemNotFound {"ErrorCode":"FileSystemNotFound","Message":"File system 'fs-01234567' does not exist."}"#;
        "an id of another form is refused by the service model", "kubernetes-sigs/aws-efs-csi-driver, controller log",
        |lab| lab.efs("GET", "file-systems?FileSystemId=fs-x", ""), r#"400 ValidationException {"message":"1 validation error detected: Value 'fs-x' at 'fileSystemId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-:]+:file-system/fs-[0-9a-f]{8,40}|fs-[0-9a-f]{8,40})$"}"#;
        "an empty key is refused by the service model", "awsdocs/elastic-beanstalk-samples#55",
        |lab| lab.efs_members("POST", "file-systems", r#"{"CreationToken":"t","Encrypted":true,"KmsKeyId":""}"#, &["/message"]), r#""1 validation error detected: Value '' at 'kmsKeyId' failed to satisfy constraint: Member must have length greater than or equal to 1""#;
    };
    let differ = differences(rows);
    assert!(differ.is_empty(), "{}", differ.join("\n\n"));
}

#[test]
fn mount_targets_are_told_as_recorded() {
    let rows: &[Row] = rows! {
        "the markers of a list are null", "placebo test_efs_subresource",
        |lab| lab.efs_members("GET", "mount-targets?FileSystemId=fs-0a000000000000001", "", &["/Marker", "/NextMarker"]), "null null";
        "the groups, and nothing else", "placebo test_efs_mount_secgroup",
        |lab| lab.efs("GET", &format!("{TARGET}/security-groups"), ""), r#"200 {"SecurityGroups":["sg-0a000000000000001"]}"#;
        "a creation answers address, interface, zone and VPC while it is creating", "cloud-custodian tests/data/cwe, create-efs-mount-target",
        |lab| lab.efs_members("POST", "mount-targets", r#"{"FileSystemId":"fs-0a000000000000002","SubnetId":"subnet-0a00000000000000b","IpAddress":"10.0.2.9"}"#, &["/LifeCycleState", "/IpAddress", "/AvailabilityZoneName", "/AvailabilityZoneId", "/VpcId"]), r#""creating" "10.0.2.9" "eu-west-1b" "euw1-az2" "vpc-0a000000000000001""#;
        "new groups are accepted without a word", "cloud-custodian tests/data/cwe, update-efs",
        |lab| lab.efs("PUT", &format!("{TARGET}/security-groups"), r#"{"SecurityGroups":["sg-0a000000000000001"]}"#), "204";
        "a deletion is 204 without a body", "placebo test_efs_delete",
        |lab| lab.efs("DELETE", TARGET, ""), "204";
        "one that is not there is not named", "hashicorp/terraform#8523",
        |lab| lab.efs("DELETE", "mount-targets/fsmt-01234567", ""), r#"404 MountTargetNotFound {"ErrorCode":"MountTargetNotFound","Message":"Mount target does not exist."}"#;
        "one that goes has no interface", "hashicorp/terraform#12677",
        |lab| { lab.efs("DELETE", TARGET, ""); lab.efs_members("GET", &format!("{TARGET}/security-groups"), "", &["/ErrorCode", "/Message"]) }, r#""IncorrectMountTargetState" "Mount target does not have a network interface: fsmt-0a000000000000001""#;
        "too early: no sentence", "four scripts that quote botocore",
        |lab| { lab.efs("POST", "file-systems", r#"{"CreationToken":"t"}"#); let id = lab.efs_members("GET", "file-systems?CreationToken=t", "", &["/FileSystems/0/FileSystemId"]); lab.efs("POST", "mount-targets", &format!(r#"{{"FileSystemId":{id},"SubnetId":"subnet-0a00000000000000a"}}"#)) }, r#"409 IncorrectFileSystemLifeCycleState {"ErrorCode":"IncorrectFileSystemLifeCycleState","Message":null}"#;
        "a second one in a zone", "hashicorp/terraform-provider-aws#2525",
        |lab| lab.efs_members("POST", "mount-targets", r#"{"FileSystemId":"fs-0a000000000000001","SubnetId":"subnet-0a00000000000000a"}"#, &["/ErrorCode", "/Message"]), r#""MountTargetConflict" "mount target already exists in this AZ""#;
        "one in another VPC", "awslabs/deeplearning-cfn#19",
        |lab| lab.efs_members("POST", "mount-targets", r#"{"FileSystemId":"fs-0a000000000000001","SubnetId":"subnet-0a00000000000000c"}"#, &["/ErrorCode", "/Message"]), r#""MountTargetConflict" "requested subnet for new mount target is not in the same VPC as existing mount targets""#;
        "a group of another VPC", "jupyter-infra/jupyter-deploy#375",
        |lab| lab.efs_members("POST", "mount-targets", r#"{"FileSystemId":"fs-0a000000000000002","SubnetId":"subnet-0a00000000000000a","SecurityGroups":["sg-0a000000000000002"]}"#, &["/ErrorCode", "/Message"]), r#""SecurityGroupNotFound" "You have specified two resources that belong to different networks""#;
        "those of another account's file system are found by its ARN", "aws/efs-utils#308",
        |lab| lab.efs_members("GET", "mount-targets?FileSystemId=arn:aws:elasticfilesystem:eu-west-1:999988887777:file-system/fs-0a000000000000009", "", &["/MountTargets/0/MountTargetId", "/MountTargets/0/OwnerId"]), r#""fsmt-0a000000000000009" "999988887777""#;
        "and not by its id", "aws/efs-utils#308",
        |lab| lab.efs_members("GET", "mount-targets?FileSystemId=fs-0a000000000000009", "", &["/ErrorCode"]), "\"FileSystemNotFound\"";
        "nor are they in the list of the account", "aws/efs-utils#308",
        |lab| lab.efs("GET", "file-systems", "").contains("0009").to_string(), "false";
        "our own ARN is as good as the id", "EFS API reference",
        |lab| lab.efs_members("GET", "mount-targets?FileSystemId=arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a000000000000001", "", &["/MountTargets/0/MountTargetId"]), "\"fsmt-0a000000000000001\"";
    };
    let differ = differences(rows);
    assert!(differ.is_empty(), "{}", differ.join("\n\n"));
}

#[test]
fn settings_are_told_as_recorded() {
    let rows: &[Row] = rows! {
        "a lifecycle that was never set", "placebo",
        |lab| lab.efs("GET", &format!("{FS}/lifecycle-configuration"), ""), r#"200 {"LifecyclePolicies":[]}"#;
        "one that is put comes back, without nulls", "placebo",
        |lab| lab.efs("PUT", &format!("{FS}/lifecycle-configuration"), r#"{"LifecyclePolicies":[{"TransitionToIA":"AFTER_7_DAYS"}]}"#), r#"200 {"LifecyclePolicies":[{"TransitionToIA":"AFTER_7_DAYS"}]}"#;
        "an empty list turns it off", "placebo test_disable_lifecycle_policy",
        |lab| { let path = format!("{FS}/lifecycle-configuration"); lab.efs("PUT", &path, r#"{"LifecyclePolicies":[{"TransitionToIA":"AFTER_7_DAYS"}]}"#); lab.efs("PUT", &path, r#"{"LifecyclePolicies":[]}"#); lab.efs("GET", &path, "") }, r#"200 {"LifecyclePolicies":[]}"#;
        "two transitions in one element", "hashicorp/terraform-provider-aws#20971",
        |lab| lab.efs("PUT", &format!("{FS}/lifecycle-configuration"), r#"{"LifecyclePolicies":[{"TransitionToIA":"AFTER_7_DAYS","TransitionToPrimaryStorageClass":"AFTER_1_ACCESS"}]}"#), r#"400 BadRequest {"ErrorCode":"BadRequest","Message":"One or more LifecyclePolicy objects specified are malformed."}"#;
        "Archive on bursting throughput", "aws/aws-cdk#33713",
        |lab| lab.efs_members("PUT", &format!("{FS}/lifecycle-configuration"), r#"{"LifecyclePolicies":[{"TransitionToArchive":"AFTER_90_DAYS"}]}"#, &["/Message"]), r#""The ThroughputMode value for the file system does not support TransitionToArchive. Either change the ThroughputMode value to Elastic or remove the TransitionToArchive parameter.""#;
        "no policy: no sentence", "placebo test_efs_has_statement_no_policy",
        |lab| lab.efs("GET", &format!("{FS}/policy"), ""), r#"404 PolicyNotFound {"ErrorCode":"PolicyNotFound","Message":null}"#;
        "a policy that is put comes back as it is", "placebo test_efs_remove_statement",
        |lab| lab.efs_members("PUT", &format!("{FS}/policy"), r#"{"Policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"elasticfilesystem:ClientMount\"}}"}"#, &["/Policy"]), r#""{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"elasticfilesystem:ClientMount\"}}""#;
        "and is written anew when it is asked for", "placebo, eight policies",
        |lab| { let path = format!("{FS}/policy"); lab.efs("PUT", &path, r#"{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"elasticfilesystem:ClientMount\"}}"}"#); lab.efs_members("GET", &path, "", &["/Policy"]) }, r#""{\n  \"Version\" : \"2012-10-17\",\n  \"Statement\" : [ {\n    \"Effect\" : \"Allow\",\n    \"Principal\" : \"*\",\n    \"Action\" : \"elasticfilesystem:ClientMount\"\n  } ]\n}""#;
        "a policy that is deleted is 200", "placebo test_efs_remove_named",
        |lab| lab.efs("DELETE", &format!("{FS}/policy"), ""), "200";
        "backups that were never set are not found, without a sentence", "aws-samples/service-screener-v2#95",
        |lab| lab.efs("GET", &format!("{FS}/backup-policy"), ""), r#"404 PolicyNotFound {"ErrorCode":"PolicyNotFound","Message":null}"#;
        "an access point that is there already: no sentence", "kubernetes-sigs/aws-efs-csi-driver#1225",
        |lab| { let body = r#"{"ClientToken":"t","FileSystemId":"fs-0a000000000000001"}"#; lab.efs("POST", "access-points", body); lab.efs_members("POST", "access-points", body, &["/ErrorCode", "/Message"]) }, r#""AccessPointAlreadyExists" null"#;
        "one too many", "kubernetes-sigs/aws-efs-csi-driver#517",
        |lab| { lab.world.region("eu-west-1", lab.now).unwrap().quotas.access_points = 0; lab.efs("POST", "access-points", r#"{"ClientToken":"t","FileSystemId":"fs-0a000000000000001"}"#) }, r#"403 AccessPointLimitExceeded {"ErrorCode":"AccessPointLimitExceeded","Message":"You have reached the maximum number of access points (0) for your file system fs-0a000000000000001. Delete an access point and add a new one."}"#;
        "empty permissions break two constraints", "kubernetes-sigs/aws-efs-csi-driver#580",
        |lab| lab.efs("POST", "access-points", r#"{"ClientToken":"t","FileSystemId":"fs-0a000000000000001","RootDirectory":{"Path":"/a","CreationInfo":{"OwnerUid":0,"OwnerGid":0,"Permissions":""}}}"#).split(" detected").next().unwrap().to_owned(), r#"400 ValidationException {"message":"2 validation errors"#;
        "a path with two slashes", "kubernetes-sigs/aws-efs-csi-driver#1073",
        |lab| lab.efs_members("POST", "access-points", r#"{"ClientToken":"t","FileSystemId":"fs-0a000000000000001","RootDirectory":{"Path":"//pvc"}}"#, &["/ErrorCode", "/message"]), r#"absent "1 validation error detected: Value '//pvc' at 'rootDirectory.path' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(\\/|(\\/(?!\\.)+[^$#<>;`|&?{}^*/\\n]+){1,4})$""#;
        "a copy in another account needs a role", "hashicorp/terraform-provider-aws#42814",
        |lab| lab.efs("POST", &format!("{FS}/replication-configuration"), r#"{"Destinations":[{"FileSystemId":"arn:aws:elasticfilesystem:eu-west-1:999988887777:file-system/fs-0a000000000000009"}]}"#), r#"400 BadRequest {"ErrorCode":"BadRequest","Message":"No RoleArn provided.  RoleArn is required for cross-account replication."}"#;
        "the token of a copy is destination and a UUID, it has no tags, and is replicated into", "cloud-custodian, test_efs_remove_matched",
        |lab| { lab.efs("POST", &format!("{FS}/replication-configuration"), r#"{"Destinations":[{"Region":"eu-west-1"}]}"#); let told = lab.efs_members("GET", "file-systems", "", &["/FileSystems/0/CreationToken", "/FileSystems/0/Tags", "/FileSystems/0/Name", "/FileSystems/0/FileSystemProtection/ReplicationOverwriteProtection"]); let (token, rest) = told.split_once(' ').unwrap(); let lengths: Vec<_> = token.trim_matches('"').split('-').map(str::len).collect(); format!("{lengths:?} {rest}") }, "[11, 8, 4, 4, 4, 12] [] absent \"REPLICATING\"";
        "the protection of a copy stays as it is", "hashicorp/terraform-provider-aws#37790",
        |lab| { let made = lab.efs_members("POST", &format!("{FS}/replication-configuration"), r#"{"Destinations":[{"Region":"eu-west-1"}]}"#, &["/Destinations/0/FileSystemId"]); lab.pass(60); lab.efs("PUT", &format!("file-systems/{}/protection", made.trim_matches('"')), r#"{"ReplicationOverwriteProtection":"DISABLED"}"#) }, r#"409 ReplicationAlreadyExists {"ErrorCode":"ReplicationAlreadyExists","Message":"ReplicationOverwriteProtection cannot be changed while the file system is a replication destination."}"#;
        "a right on EFS that is missing is named", "placebo test_efs_access_denied",
        |lab| { lab.world.denied.insert("elasticfilesystem:CreateMountTarget".to_owned()); lab.efs_members("POST", "mount-targets", "{}", &["/Message"]) }, r#""User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: elasticfilesystem:CreateMountTarget on the specified resource""#;
        "a right on EC2 that is missing is not, nor is the user", "aws/aws-parallelcluster#1139",
        |lab| { lab.world.denied.insert("ec2:CreateNetworkInterface".to_owned()); lab.efs("POST", "mount-targets", "{}") }, r#"403 AccessDeniedException {"ErrorCode":"AccessDeniedException","Message":"User is not authorized to perform that action on the specified resource"}"#;
    };
    let differ = differences(rows);
    assert!(differ.is_empty(), "{}", differ.join("\n\n"));
}
