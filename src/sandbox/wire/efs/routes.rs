//! Which operation a method and a path name.

use percent_encoding::percent_decode_str;

use super::super::Request;

/// The operations that the sandbox speaks for, by their AWS names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    CreateAccessPoint,
    CreateFileSystem,
    CreateMountTarget,
    CreateTags,
    DeleteAccessPoint,
    DeleteFileSystem,
    DeleteFileSystemPolicy,
    DeleteMountTarget,
    DeleteTags,
    DescribeAccessPoints,
    DescribeAccountPreferences,
    DescribeBackupPolicy,
    DescribeFileSystemPolicy,
    DescribeFileSystems,
    DescribeLifecycleConfiguration,
    DescribeMountTargetSecurityGroups,
    DescribeMountTargets,
    DescribeReplicationConfigurations,
    DescribeTags,
    ListTagsForResource,
    ModifyMountTargetSecurityGroups,
    PutAccountPreferences,
    PutBackupPolicy,
    PutFileSystemPolicy,
    PutLifecycleConfiguration,
    TagResource,
    UntagResource,
    UpdateFileSystem,
    UpdateFileSystemProtection,
}

impl Operation {
    /// The AWS name.
    pub(super) fn name(self) -> String {
        format!("{self:?}")
    }
}

/// An operation and the resource that the path names; empty when it names none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) operation: Operation,
    pub(super) id: String,
}

impl Route {
    /// The route of a request. Segments are decoded after the path is split: an ARN holds slashes.
    pub(super) fn of(request: &Request) -> Option<Self> {
        use Operation as Op;

        let path = request.path.strip_prefix("/2015-02-01/")?;
        let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let (operation, id) = match (request.method.as_str(), segments.as_slice()) {
            ("POST", ["file-systems"]) => (Op::CreateFileSystem, ""),
            ("GET", ["file-systems"]) => (Op::DescribeFileSystems, ""),
            ("GET", ["file-systems", "replication-configurations"]) => {
                (Op::DescribeReplicationConfigurations, "")
            }
            ("PUT", ["file-systems", id]) => (Op::UpdateFileSystem, *id),
            ("DELETE", ["file-systems", id]) => (Op::DeleteFileSystem, *id),
            (method, ["file-systems", id, part]) => (part_of_file_system(method, part)?, *id),
            ("POST", ["mount-targets"]) => (Op::CreateMountTarget, ""),
            ("GET", ["mount-targets"]) => (Op::DescribeMountTargets, ""),
            ("DELETE", ["mount-targets", id]) => (Op::DeleteMountTarget, *id),
            ("GET", ["mount-targets", id, "security-groups"]) => {
                (Op::DescribeMountTargetSecurityGroups, *id)
            }
            ("PUT", ["mount-targets", id, "security-groups"]) => {
                (Op::ModifyMountTargetSecurityGroups, *id)
            }
            ("GET", ["account-preferences"]) => (Op::DescribeAccountPreferences, ""),
            ("PUT", ["account-preferences"]) => (Op::PutAccountPreferences, ""),
            ("POST", ["access-points"]) => (Op::CreateAccessPoint, ""),
            ("GET", ["access-points"]) => (Op::DescribeAccessPoints, ""),
            ("DELETE", ["access-points", id]) => (Op::DeleteAccessPoint, *id),
            ("POST", ["resource-tags", id]) => (Op::TagResource, *id),
            ("DELETE", ["resource-tags", id]) => (Op::UntagResource, *id),
            ("GET", ["resource-tags", id]) => (Op::ListTagsForResource, *id),
            ("POST", ["create-tags", id]) => (Op::CreateTags, *id),
            ("POST", ["delete-tags", id]) => (Op::DeleteTags, *id),
            ("GET", ["tags", id]) => (Op::DescribeTags, *id),
            _ => return None,
        };
        Some(Self {
            operation,
            id: percent_decode_str(id).decode_utf8_lossy().into_owned(),
        })
    }
}

/// The operations on what belongs to one file system.
fn part_of_file_system(method: &str, part: &str) -> Option<Operation> {
    use Operation as Op;

    Some(match (method, part) {
        ("PUT", "protection") => Op::UpdateFileSystemProtection,
        ("PUT", "lifecycle-configuration") => Op::PutLifecycleConfiguration,
        ("GET", "lifecycle-configuration") => Op::DescribeLifecycleConfiguration,
        ("PUT", "backup-policy") => Op::PutBackupPolicy,
        ("GET", "backup-policy") => Op::DescribeBackupPolicy,
        ("PUT", "policy") => Op::PutFileSystemPolicy,
        ("GET", "policy") => Op::DescribeFileSystemPolicy,
        ("DELETE", "policy") => Op::DeleteFileSystemPolicy,
        _ => return None,
    })
}
