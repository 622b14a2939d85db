//! The EFS half of the adapter: one function an operation. Types of the SDK end here.

use std::collections::BTreeSet;

use aws_sdk_efs::config::retry::RetryConfig;
use aws_sdk_efs::error::SdkError;
use aws_sdk_efs::types;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::AwsCloud;
use super::convert::{self, file_system, mount_target};
use super::error::failed;
use super::told::told;
use crate::cloud::{Answer, Class, CloudError, FileSystems, NewFileSystem, NewMountTarget};
use crate::domain::ids::{AccessPointId, FileSystemId, MountTargetId, SecurityGroupId};
use crate::domain::inventory::Replication;
use crate::domain::lifecycle::Lifecycle;
use crate::domain::spec::{Encryption, Throughput};
use crate::domain::state::{AccessPoint, Backup, BackupStatus, FileSystem, MountTarget, State};
use crate::domain::tags::Tags;

/// A closure for `map_err` that names the operation.
fn of<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    move |error| failed("elasticfilesystem", operation, error)
}

fn sdk_tags(tags: &Tags) -> Result<Vec<types::Tag>, CloudError> {
    tags.iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build())
        .collect::<Result<_, _>>()
        .map_err(|error| CloudError::new(Class::Terminal, "TagResource", error.to_string()))
}

fn sdk_throughput(throughput: Throughput) -> types::ThroughputMode {
    match throughput {
        Throughput::Bursting => types::ThroughputMode::Bursting,
        Throughput::Elastic => types::ThroughputMode::Elastic,
        Throughput::Provisioned(_) => types::ThroughputMode::Provisioned,
    }
}

impl AwsCloud {
    pub(super) async fn describe_file_systems(
        &self,
        which: &FileSystems,
    ) -> Answer<Vec<FileSystem>> {
        let call = self.efs.describe_file_systems();
        let call = match which {
            FileSystems::Id(id) => call.file_system_id(id.as_str()),
            FileSystems::Token(token) => call.creation_token(token),
            FileSystems::All => call.max_items(100),
        };
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        match found.map_err(of("DescribeFileSystems")) {
            Ok(found) => found.iter().map(convert::described).collect(),
            Err(error) if error.class == Class::NotFound && !matches!(which, FileSystems::All) => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn describe_mount_targets(
        &self,
        id: &FileSystemId,
    ) -> Answer<Vec<MountTarget>> {
        let call = self
            .efs
            .describe_mount_targets()
            .file_system_id(id.as_str())
            .max_items(100);
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(of("DescribeMountTargets"))?;
        let shapes = found.iter();
        shapes
            .map(|shape| mount_target!("DescribeMountTargets", shape))
            .collect()
    }

    pub(super) async fn describe_access_points(
        &self,
        id: &FileSystemId,
    ) -> Answer<Vec<AccessPoint>> {
        let call = self
            .efs
            .describe_access_points()
            .file_system_id(id.as_str());
        let found: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
        let found = found.map_err(of("DescribeAccessPoints"))?;
        let point = |shape: &types::AccessPointDescription| {
            let id = told(
                "DescribeAccessPoints",
                "AccessPointId",
                shape.access_point_id(),
            )?;
            let state = shape.life_cycle_state().map(types::LifeCycleState::as_str);
            Ok(AccessPoint {
                id: AccessPointId::known(id),
                state: State::from_answer(state),
                path: shape
                    .root_directory()
                    .and_then(|root| root.path())
                    .map(str::to_owned),
                tags: convert::tags(shape.tags()),
            })
        };
        found.iter().map(point).collect()
    }

    pub(super) async fn describe_lifecycle(&self, id: &FileSystemId) -> Answer<Lifecycle> {
        let call = self
            .efs
            .describe_lifecycle_configuration()
            .file_system_id(id.as_str());
        let found = call
            .send()
            .await
            .map_err(of("DescribeLifecycleConfiguration"))?;
        Ok(convert::lifecycle(found.lifecycle_policies()))
    }

    pub(super) async fn describe_backup(&self, id: &FileSystemId) -> Answer<Backup> {
        let call = self
            .efs
            .describe_backup_policy()
            .file_system_id(id.as_str());
        match call.send().await.map_err(of("DescribeBackupPolicy")) {
            Ok(found) => {
                let policy = found.backup_policy();
                Ok(Backup::from_answer(
                    policy.map(|policy| policy.status().as_str()),
                ))
            }
            Err(error) if error.is("PolicyNotFound") => Ok(Backup::Known(BackupStatus::Disabled)),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn describe_replications_of(
        &self,
        id: &FileSystemId,
    ) -> Answer<Vec<Replication>> {
        let call = self
            .efs
            .describe_replication_configurations()
            .file_system_id(id.as_str());
        match call
            .send()
            .await
            .map_err(of("DescribeReplicationConfigurations"))
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

    pub(super) async fn make_file_system(&self, new: &NewFileSystem) -> Answer<FileSystem> {
        let mut call = self
            .efs
            .create_file_system()
            .creation_token(&new.token)
            .performance_mode(new.performance.as_str().into())
            .throughput_mode(sdk_throughput(new.throughput))
            .set_provisioned_throughput_in_mibps(new.throughput.mibps())
            .set_availability_zone_name(new.one_zone.as_ref().map(ToString::to_string))
            .set_backup(new.backup)
            .set_tags(Some(sdk_tags(&new.tags)?));
        call = match &new.encryption {
            Encryption::DefaultKey => call.encrypted(true),
            Encryption::Key(key) => call.encrypted(true).kms_key_id(key),
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

    pub(super) async fn update_file_system(
        &self,
        id: &FileSystemId,
        to: Throughput,
    ) -> Answer<FileSystem> {
        let call = self
            .efs
            .update_file_system()
            .file_system_id(id.as_str())
            .throughput_mode(sdk_throughput(to))
            .set_provisioned_throughput_in_mibps(to.mibps());
        let updated = call.send().await.map_err(of("UpdateFileSystem"))?;
        file_system!("UpdateFileSystem", &updated)
    }

    pub(super) async fn tag_resource(&self, id: &FileSystemId, tags: &Tags) -> Answer<()> {
        let call = self
            .efs
            .tag_resource()
            .resource_id(id.as_str())
            .set_tags(Some(sdk_tags(tags)?));
        call.send().await.map(drop).map_err(of("TagResource"))
    }

    pub(super) async fn put_lifecycle_configuration(
        &self,
        id: &FileSystemId,
        policy: &Lifecycle,
    ) -> Answer<()> {
        let policies = convert::lifecycle_policies(policy).ok_or_else(|| {
            let sentence = "the policy has a transition that cannot be sent again";
            CloudError::new(Class::Terminal, "PutLifecycleConfiguration", sentence)
        })?;
        let call = self
            .efs
            .put_lifecycle_configuration()
            .file_system_id(id.as_str())
            .set_lifecycle_policies(Some(policies));
        call.send()
            .await
            .map(drop)
            .map_err(of("PutLifecycleConfiguration"))
    }

    pub(super) async fn put_backup_policy(&self, id: &FileSystemId) -> Answer<()> {
        let policy = types::BackupPolicy::builder()
            .status(types::Status::Enabled)
            .build();
        let policy = policy.map_err(|error| {
            CloudError::new(Class::Terminal, "PutBackupPolicy", error.to_string())
        })?;
        let call = self
            .efs
            .put_backup_policy()
            .file_system_id(id.as_str())
            .backup_policy(policy);
        call.send().await.map(drop).map_err(of("PutBackupPolicy"))
    }

    pub(super) async fn make_mount_target(&self, new: &NewMountTarget) -> Answer<MountTarget> {
        let call = self
            .efs
            .create_mount_target()
            .file_system_id(new.file_system.as_str())
            .subnet_id(new.subnet.as_str())
            .set_security_groups(Some(new.groups.iter().map(ToString::to_string).collect()));
        // IPv4 is AWS's default; emulators and older partitions do not know the parameter.
        let call = match new.ip_type {
            crate::domain::spec::IpType::Ipv4 => call,
            other => call.ip_address_type(other.as_str().into()),
        };
        // Sent once: a mount target has neither token nor tag, so the SDK's second request, after an answer that was lost, would be told
        // that somebody else made it.
        let once = aws_sdk_efs::config::Builder::new().retry_config(RetryConfig::disabled());
        let call = call.customize().config_override(once);
        let made = call.send().await.map_err(of("CreateMountTarget"))?;
        mount_target!("CreateMountTarget", &made)
    }

    pub(super) async fn modify_mount_target_groups(
        &self,
        id: &MountTargetId,
        groups: &BTreeSet<SecurityGroupId>,
    ) -> Answer<()> {
        let call = self
            .efs
            .modify_mount_target_security_groups()
            .mount_target_id(id.as_str())
            .set_security_groups(Some(groups.iter().map(ToString::to_string).collect()));
        call.send()
            .await
            .map(drop)
            .map_err(of("ModifyMountTargetSecurityGroups"))
    }

    pub(super) async fn remove_access_point(&self, id: &AccessPointId) -> Answer<()> {
        let call = self.efs.delete_access_point().access_point_id(id.as_str());
        call.send().await.map(drop).map_err(of("DeleteAccessPoint"))
    }

    pub(super) async fn remove_mount_target(&self, id: &MountTargetId) -> Answer<()> {
        let call = self.efs.delete_mount_target().mount_target_id(id.as_str());
        call.send().await.map(drop).map_err(of("DeleteMountTarget"))
    }

    pub(super) async fn remove_file_system(&self, id: &FileSystemId) -> Answer<()> {
        let call = self.efs.delete_file_system().file_system_id(id.as_str());
        call.send().await.map(drop).map_err(of("DeleteFileSystem"))
    }
}
