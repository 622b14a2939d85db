//! The EFS half of the adapter: one function a method of the trait, under its name. Types of the SDK end here.

use std::collections::BTreeSet;

use aws_sdk_efs::config::retry::RetryConfig;
use aws_sdk_efs::{Client, types};

use super::call::{all, in_efs};
use super::convert::{self, access_point, file_system, mount_target};
use super::error::failed;
use crate::cloud::{
    Answer, Class, CloudError, FileSystems, NewAccessPoint, NewFileSystem, NewMountTarget,
};
use crate::domain::access_point::AccessPoint;
use crate::domain::ids::{AccessPointId, FileSystemId, MountTargetId, SecurityGroupId};
use crate::domain::inventory::Replication;
use crate::domain::spec::Encryption;
use crate::domain::state::{FileSystem, MountTarget};
use crate::domain::tags::Tags;

fn sdk_tags(tags: &Tags) -> Result<Vec<types::Tag>, CloudError> {
    tags.iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build())
        .collect::<Result<_, _>>()
        .map_err(|error| CloudError::new(Class::Permanent, "TagResource", error.to_string()))
}

pub(super) async fn file_systems(efs: &Client, which: &FileSystems) -> Answer<Vec<FileSystem>> {
    let call = efs.describe_file_systems();
    let call = match which {
        FileSystems::Id(id) => call.file_system_id(id.as_str()),
        FileSystems::Token(token) => call.creation_token(token),
        FileSystems::All => call.max_items(100),
    };
    match all!(in_efs("DescribeFileSystems"), call, convert::described) {
        Err(error) if error.class == Class::NotFound && !matches!(which, FileSystems::All) => {
            Ok(Vec::new())
        }
        answer => answer,
    }
}

pub(super) async fn mount_targets(efs: &Client, id: &FileSystemId) -> Answer<Vec<MountTarget>> {
    let call = efs
        .describe_mount_targets()
        .file_system_id(id.as_str())
        .max_items(100);
    let read = |shape: &types::MountTargetDescription| mount_target!("DescribeMountTargets", shape);
    all!(in_efs("DescribeMountTargets"), call, read)
}

pub(super) async fn access_points(efs: &Client, id: &FileSystemId) -> Answer<Vec<AccessPoint>> {
    let call = efs.describe_access_points().file_system_id(id.as_str());
    all!(in_efs("DescribeAccessPoints"), call, |shape| access_point!(
        "DescribeAccessPoints",
        shape
    ))
}

pub(super) async fn replications_of(efs: &Client, id: &FileSystemId) -> Answer<Vec<Replication>> {
    let call = efs
        .describe_replication_configurations()
        .file_system_id(id.as_str());
    match call
        .send()
        .await
        .map_err(in_efs("DescribeReplicationConfigurations"))
    {
        Ok(found) => found
            .replications()
            .iter()
            .map(convert::replication)
            .collect(),
        Err(error) if error.is("ReplicationNotFound") => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

pub(super) async fn create_file_system(efs: &Client, new: &NewFileSystem) -> Answer<FileSystem> {
    let mut call = efs
        .create_file_system()
        .creation_token(&new.token)
        .performance_mode(new.performance.as_str().into())
        .throughput_mode(new.throughput.as_str().into())
        .set_provisioned_throughput_in_mibps(new.throughput.mibps())
        .set_availability_zone_name(new.one_zone.as_ref().map(ToString::to_string))
        .set_backup(new.backup)
        .set_tags(Some(sdk_tags(&new.tags)?));
    call = match &new.encryption {
        Encryption::DefaultKey => call.encrypted(true),
        Encryption::Key(key) => call.encrypted(true).kms_key_id(key.as_str()),
        Encryption::None => call.encrypted(false),
    };
    match call.send().await {
        Ok(made) => file_system!("CreateFileSystem", &made),
        Err(error) => {
            use aws_sdk_efs::operation::create_file_system::CreateFileSystemError;
            let existing = match error.as_service_error() {
                Some(CreateFileSystemError::FileSystemAlreadyExists(e)) => {
                    Some(e.file_system_id().to_owned()).filter(|id| !id.is_empty())
                }
                Some(_) | None => None,
            };
            Err(CloudError {
                existing,
                ..failed("elasticfilesystem", "CreateFileSystem", error)
            })
        }
    }
}

pub(super) async fn tag_file_system(efs: &Client, id: &FileSystemId, tags: &Tags) -> Answer<()> {
    let call = efs
        .tag_resource()
        .resource_id(id.as_str())
        .set_tags(Some(sdk_tags(tags)?));
    call.send().await.map(drop).map_err(in_efs("TagResource"))
}

pub(super) async fn untag_file_system(
    efs: &Client,
    id: &FileSystemId,
    keys: &BTreeSet<String>,
) -> Answer<()> {
    let call = efs
        .untag_resource()
        .resource_id(id.as_str())
        .set_tag_keys(Some(keys.iter().cloned().collect()));
    call.send().await.map(drop).map_err(in_efs("UntagResource"))
}

pub(super) async fn create_mount_target(efs: &Client, new: &NewMountTarget) -> Answer<MountTarget> {
    let call = efs
        .create_mount_target()
        .file_system_id(new.file_system.as_str())
        .subnet_id(new.subnet.as_str())
        .set_security_groups(Some(new.groups.iter().map(ToString::to_string).collect()));
    // IPv4 is AWS's default; emulators and older partitions do not know the parameter.
    let call = match new.ip_type {
        crate::domain::spec::IpType::Ipv4 => call,
        other => call.ip_address_type(other.as_str().into()),
    };
    // Sent once: a mount target has neither token nor tag, so the SDK's second request, after an answer that was lost, would be reported
    // that another tool made it.
    let once = aws_sdk_efs::config::Builder::new().retry_config(RetryConfig::disabled());
    let call = call.customize().config_override(once);
    let made = call.send().await.map_err(in_efs("CreateMountTarget"))?;
    mount_target!("CreateMountTarget", &made)
}

pub(super) async fn create_access_point(efs: &Client, new: &NewAccessPoint) -> Answer<AccessPoint> {
    const OPERATION: &str = "CreateAccessPoint";
    let refused = |error: aws_smithy_types::error::operation::BuildError| {
        CloudError::new(Class::Permanent, OPERATION, error.to_string())
    };
    let spec = &new.spec;
    let user = spec.user.as_ref().map(|user| {
        types::PosixUser::builder()
            .uid(user.uid)
            .gid(user.gid)
            .set_secondary_gids(Some(user.secondary_gids.iter().copied().collect()))
            .build()
    });
    let creation = spec.creation.as_ref().map(|creation| {
        types::CreationInfo::builder()
            .owner_uid(creation.owner_uid)
            .owner_gid(creation.owner_gid)
            .permissions(&creation.permissions)
            .build()
    });
    let root = types::RootDirectory::builder()
        .path(&spec.path)
        .set_creation_info(creation.transpose().map_err(refused)?)
        .build();
    let call = efs
        .create_access_point()
        .client_token(&new.token)
        .file_system_id(new.file_system.as_str())
        .set_posix_user(user.transpose().map_err(refused)?)
        .root_directory(root)
        .set_tags(Some(sdk_tags(&new.tags)?));
    let made = call.send().await.map_err(in_efs(OPERATION))?;
    access_point!(OPERATION, &made)
}

pub(super) async fn set_mount_target_groups(
    efs: &Client,
    id: &MountTargetId,
    groups: &BTreeSet<SecurityGroupId>,
) -> Answer<()> {
    let call = efs
        .modify_mount_target_security_groups()
        .mount_target_id(id.as_str())
        .set_security_groups(Some(groups.iter().map(ToString::to_string).collect()));
    call.send()
        .await
        .map(drop)
        .map_err(in_efs("ModifyMountTargetSecurityGroups"))
}

pub(super) async fn delete_access_point(efs: &Client, id: &AccessPointId) -> Answer<()> {
    let call = efs.delete_access_point().access_point_id(id.as_str());
    call.send()
        .await
        .map(drop)
        .map_err(in_efs("DeleteAccessPoint"))
}

pub(super) async fn delete_mount_target(efs: &Client, id: &MountTargetId) -> Answer<()> {
    let call = efs.delete_mount_target().mount_target_id(id.as_str());
    call.send()
        .await
        .map(drop)
        .map_err(in_efs("DeleteMountTarget"))
}

pub(super) async fn delete_file_system(efs: &Client, id: &FileSystemId) -> Answer<()> {
    let call = efs.delete_file_system().file_system_id(id.as_str());
    call.send()
        .await
        .map(drop)
        .map_err(in_efs("DeleteFileSystem"))
}
