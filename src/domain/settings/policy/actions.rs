//! The actions of EFS (IAM service reference, `elasticfilesystem`).

use crate::domain::wildcard;

/// Those of NFS clients: to mount and read, to write, to act as root.
pub const CLIENT: [&str; 3] = [MOUNT, WRITE, ROOT];

/// Mount and read. The others are of no use without it.
pub const MOUNT: &str = "elasticfilesystem:ClientMount";
/// Write.
pub const WRITE: &str = "elasticfilesystem:ClientWrite";
/// Act as root. Without it root is squashed.
pub const ROOT: &str = "elasticfilesystem:ClientRootAccess";

/// Those that are not of NFS clients, the gravest first.
pub const ADMINISTRATIVE: [&str; 35] = [
    "elasticfilesystem:DeleteFileSystem",
    "elasticfilesystem:PutFileSystemPolicy",
    "elasticfilesystem:DeleteFileSystemPolicy",
    "elasticfilesystem:DeleteMountTarget",
    "elasticfilesystem:ModifyMountTargetSecurityGroups",
    "elasticfilesystem:CreateMountTarget",
    "elasticfilesystem:DeleteAccessPoint",
    "elasticfilesystem:CreateAccessPoint",
    "elasticfilesystem:UpdateFileSystem",
    "elasticfilesystem:UpdateFileSystemProtection",
    "elasticfilesystem:CreateReplicationConfiguration",
    "elasticfilesystem:DeleteReplicationConfiguration",
    "elasticfilesystem:ReplicationRead",
    "elasticfilesystem:ReplicationWrite",
    "elasticfilesystem:PutBackupPolicy",
    "elasticfilesystem:PutLifecycleConfiguration",
    "elasticfilesystem:PutAccountPreferences",
    "elasticfilesystem:Backup",
    "elasticfilesystem:Restore",
    "elasticfilesystem:CreateFileSystem",
    "elasticfilesystem:TagResource",
    "elasticfilesystem:UntagResource",
    "elasticfilesystem:CreateTags",
    "elasticfilesystem:DeleteTags",
    "elasticfilesystem:DescribeAccessPoints",
    "elasticfilesystem:DescribeAccountPreferences",
    "elasticfilesystem:DescribeBackupPolicy",
    "elasticfilesystem:DescribeFileSystemPolicy",
    "elasticfilesystem:DescribeFileSystems",
    "elasticfilesystem:DescribeLifecycleConfiguration",
    "elasticfilesystem:DescribeMountTargets",
    "elasticfilesystem:DescribeMountTargetSecurityGroups",
    "elasticfilesystem:DescribeReplicationConfigurations",
    "elasticfilesystem:DescribeTags",
    "elasticfilesystem:ListTagsForResource",
];

/// Whether an action of EFS is that one, or one that the pattern covers.
pub(crate) fn is_known(pattern: &str) -> bool {
    let mut all = CLIENT.into_iter().chain(ADMINISTRATIVE);
    all.any(|action| wildcard::covers(pattern, action))
}
