//! The operations that the sandbox answers, by service.

/// Amazon EFS: everything but the making and ending of replications.
pub const EFS: &[&str] = &[
    "CreateAccessPoint",
    "CreateFileSystem",
    "CreateMountTarget",
    "CreateTags",
    "DeleteAccessPoint",
    "DeleteFileSystem",
    "DeleteFileSystemPolicy",
    "DeleteMountTarget",
    "DeleteTags",
    "DescribeAccessPoints",
    "DescribeAccountPreferences",
    "DescribeBackupPolicy",
    "DescribeFileSystemPolicy",
    "DescribeFileSystems",
    "DescribeLifecycleConfiguration",
    "DescribeMountTargetSecurityGroups",
    "DescribeMountTargets",
    "DescribeReplicationConfigurations",
    "DescribeTags",
    "ListTagsForResource",
    "ModifyMountTargetSecurityGroups",
    "PutAccountPreferences",
    "PutBackupPolicy",
    "PutFileSystemPolicy",
    "PutLifecycleConfiguration",
    "TagResource",
    "UntagResource",
    "UpdateFileSystem",
    "UpdateFileSystemProtection",
];

/// Amazon EC2: the network around a file system.
pub const EC2: &[&str] = &[
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateTags",
    "CreateVpc",
    "CreateVpcEndpoint",
    "DeleteNetworkInterface",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteTags",
    "DeleteVpc",
    "DeleteVpcEndpoints",
    "DescribeAvailabilityZones",
    "DescribeInstances",
    "DescribeManagedPrefixLists",
    "DescribeNetworkAcls",
    "DescribeNetworkInterfaces",
    "DescribeRegions",
    "DescribeRouteTables",
    "DescribeSecurityGroupRules",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeTags",
    "DescribeVpcAttribute",
    "DescribeVpcEndpoints",
    "DescribeVpcPeeringConnections",
    "DescribeVpcs",
    "GetManagedPrefixListEntries",
    "ModifySubnetAttribute",
    "ModifyVpcAttribute",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
];

/// AWS STS.
pub const STS: &[&str] = &["AssumeRole", "GetCallerIdentity"];

/// Whether any of the services has an operation of that name.
pub fn is_known(operation: &str) -> bool {
    all().any(|name| name == operation)
}

/// The operation that somebody who wrote `word` may have meant.
pub fn closest(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    all().find(|name| fold(name) == folded)
}

fn all() -> impl Iterator<Item = &'static str> {
    [EFS, EC2, STS].into_iter().flatten().copied()
}

/// Letters only, in lower case, without plural: `create-file-systems` is `CreateFileSystem`.
fn fold(word: &str) -> String {
    let mut folded: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    folded.make_ascii_lowercase();
    folded.trim_end_matches('s').to_owned()
}
