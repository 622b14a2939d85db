//! The settings of a file system: how each is read and written. One arm each.

use aws_sdk_efs::{Client, types};

use super::call::in_efs;
use super::convert::file_system;
use super::efs;
use crate::cloud::{Answer, Class, CloudError, FileSystems};
use crate::domain::ids::FileSystemId;
use crate::domain::settings::backups::{Backup, BackupStatus, Backups};
use crate::domain::settings::lifecycle::{Days, Lifecycle, ON_ACCESS, OtherTransition};
use crate::domain::settings::policy::ObservedPolicy;
use crate::domain::settings::replication::ObservedReplication;
use crate::domain::settings::{
    Key, ObservedSetting, Policy, Protection, Replica, Throughput, Value,
};
use crate::domain::state::FileSystem;

/// The settings that a file system shows itself, in three types of the SDK.
macro_rules! shown {
    ($shape:expr) => {
        [
            $crate::domain::settings::ObservedSetting::Throughput(
                $crate::domain::settings::Throughput::from_answer(
                    $shape.throughput_mode().map(|mode| mode.as_str()),
                    $shape.provisioned_throughput_in_mibps(),
                ),
            ),
            $crate::domain::settings::ObservedSetting::Protection(
                $shape
                    .file_system_protection()
                    .and_then(|protection| protection.replication_overwrite_protection())
                    .map(|word| $crate::domain::word::Word::from_api(word.as_str())),
            ),
        ]
        .into_iter()
        .collect()
    };
}
pub(super) use shown;

pub(super) async fn setting(efs: &Client, id: &FileSystemId, key: Key) -> Answer<ObservedSetting> {
    match key {
        Key::Throughput | Key::Protection => shown_setting(efs, id, key).await,
        Key::Lifecycle => lifecycle(efs, id).await.map(ObservedSetting::Lifecycle),
        Key::Backups => backup(efs, id).await.map(ObservedSetting::Backups),
        Key::Replication => {
            let all = efs::replications_of(efs, id).await?;
            let observed = ObservedReplication::read(&all, id);
            Ok(ObservedSetting::Replication(observed))
        }
        Key::Policy => {
            let text = policy(efs, id).await?;
            let observed = ObservedPolicy::read(text.as_deref(), id);
            Ok(ObservedSetting::Policy(observed))
        }
    }
}

pub(super) async fn set(efs: &Client, id: &FileSystemId, to: &Value) -> Answer<Option<FileSystem>> {
    match to {
        Value::Throughput(to) => set_throughput(efs, id, *to).await.map(Some),
        Value::Lifecycle(to) => put_lifecycle(efs, id, to).await.map(|()| None),
        Value::Backups(to) => put_backups(efs, id, *to).await.map(|()| None),
        Value::Protection(to) => set_protection(efs, id, *to).await.map(|()| None),
        Value::Policy(to) => put_policy(efs, id, to).await.map(|()| None),
        Value::Replication(to) => replicate(efs, id, to).await.map(|()| None),
    }
}

async fn shown_setting(client: &Client, id: &FileSystemId, key: Key) -> Answer<ObservedSetting> {
    let found = efs::file_systems(client, &FileSystems::Id(id.clone())).await?;
    let shown = found.first().and_then(|fs| fs.settings.of(key).cloned());
    shown.ok_or_else(|| {
        let sentence = format!("File system '{id}' does not exist.");
        CloudError::new(Class::NotFound, "DescribeFileSystems", sentence)
    })
}

async fn lifecycle(efs: &Client, id: &FileSystemId) -> Answer<Lifecycle> {
    let call = efs
        .describe_lifecycle_configuration()
        .file_system_id(id.as_str());
    let found = call
        .send()
        .await
        .map_err(in_efs("DescribeLifecycleConfiguration"))?;
    Ok(lifecycle_of(found.lifecycle_policies()))
}

async fn backup(efs: &Client, id: &FileSystemId) -> Answer<Backup> {
    let call = efs.describe_backup_policy().file_system_id(id.as_str());
    match call.send().await.map_err(in_efs("DescribeBackupPolicy")) {
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

/// The text of the policy; `None`: the default is in effect.
pub(super) async fn policy(efs: &Client, id: &FileSystemId) -> Answer<Option<String>> {
    let call = efs
        .describe_file_system_policy()
        .file_system_id(id.as_str());
    match call
        .send()
        .await
        .map_err(in_efs("DescribeFileSystemPolicy"))
    {
        Ok(found) => Ok(found.policy().map(str::to_owned)),
        Err(error) if error.is("PolicyNotFound") => Ok(None),
        Err(error) => Err(error),
    }
}

async fn set_throughput(efs: &Client, id: &FileSystemId, to: Throughput) -> Answer<FileSystem> {
    let call = efs
        .update_file_system()
        .file_system_id(id.as_str())
        .throughput_mode(to.as_str().into())
        .set_provisioned_throughput_in_mibps(to.mibps());
    let updated = call.send().await.map_err(in_efs("UpdateFileSystem"))?;
    file_system!("UpdateFileSystem", &updated)
}

async fn set_protection(efs: &Client, id: &FileSystemId, to: Protection) -> Answer<()> {
    let call = efs
        .update_file_system_protection()
        .file_system_id(id.as_str())
        .replication_overwrite_protection(to.to_api().as_str().into());
    call.send()
        .await
        .map(drop)
        .map_err(in_efs("UpdateFileSystemProtection"))
}

async fn put_lifecycle(efs: &Client, id: &FileSystemId, policy: &Lifecycle) -> Answer<()> {
    let policies = lifecycle_policies(policy).ok_or_else(|| {
        let sentence = "the policy has a transition that cannot be sent again";
        CloudError::new(Class::Permanent, "PutLifecycleConfiguration", sentence)
    })?;
    let call = efs
        .put_lifecycle_configuration()
        .file_system_id(id.as_str())
        .set_lifecycle_policies(Some(policies));
    call.send()
        .await
        .map(drop)
        .map_err(in_efs("PutLifecycleConfiguration"))
}

async fn put_backups(efs: &Client, id: &FileSystemId, to: Backups) -> Answer<()> {
    let policy = types::BackupPolicy::builder()
        .status(to.status().as_str().into())
        .build();
    let policy = policy
        .map_err(|error| CloudError::new(Class::Permanent, "PutBackupPolicy", error.to_string()))?;
    let call = efs
        .put_backup_policy()
        .file_system_id(id.as_str())
        .backup_policy(policy);
    call.send()
        .await
        .map(drop)
        .map_err(in_efs("PutBackupPolicy"))
}

async fn put_policy(efs: &Client, id: &FileSystemId, to: &Policy) -> Answer<()> {
    match to {
        Policy::None => {
            let call = efs.delete_file_system_policy().file_system_id(id.as_str());
            let deleted = call.send().await;
            deleted.map(drop).map_err(in_efs("DeleteFileSystemPolicy"))
        }
        Policy::Put {
            document,
            bypass_lockout_check,
        } => {
            let call = efs
                .put_file_system_policy()
                .file_system_id(id.as_str())
                .policy(document.to_string())
                .bypass_policy_lockout_safety_check(*bypass_lockout_check);
            let put = call.send().await;
            put.map(drop).map_err(in_efs("PutFileSystemPolicy"))
        }
    }
}

async fn replicate(efs: &Client, id: &FileSystemId, to: &Replica) -> Answer<()> {
    let target = match to {
        Replica::None => {
            let call = efs
                .delete_replication_configuration()
                .source_file_system_id(id.as_str());
            let deleted = call.send().await.map(drop);
            return match deleted.map_err(in_efs("DeleteReplicationConfiguration")) {
                Err(error) if error.is("ReplicationNotFound") => Ok(()),
                answer => answer,
            };
        }
        Replica::To(target) => target,
    };
    // The region of a zone follows from it; both together are taken too (API reference, `DestinationToCreate`).
    let destination = types::DestinationToCreate::builder()
        .region(&target.region)
        .set_availability_zone_name(target.zone.as_ref().map(ToString::to_string))
        .set_file_system_id(target.file_system.as_ref().map(ToString::to_string))
        .set_kms_key_id(target.kms_key.as_ref().map(ToString::to_string))
        .build();
    let call = efs
        .create_replication_configuration()
        .source_file_system_id(id.as_str())
        .destinations(destination);
    let created = call.send().await;
    created
        .map(drop)
        .map_err(in_efs("CreateReplicationConfiguration"))
}

/// What the SDK does not model it drops without a word. An element that holds nothing else is empty then, which no element of EFS
/// is: that one is kept as unreadable. A member of tomorrow beside one of today would not be noticed; EFS takes one transition
/// an element (API reference, `LifecyclePolicy`).
fn lifecycle_of(policies: &[types::LifecyclePolicy]) -> Lifecycle {
    let mut lifecycle = Lifecycle::default();
    for policy in policies {
        lifecycle.add(
            policy
                .transition_to_ia()
                .map(types::TransitionToIaRules::as_str),
            policy
                .transition_to_archive()
                .map(types::TransitionToArchiveRules::as_str),
            policy
                .transition_to_primary_storage_class()
                .map(types::TransitionToPrimaryStorageClassRules::as_str),
        );
    }
    lifecycle
}

/// One transition an element: EFS refuses two in one (the first mistake everybody makes). `None`: it cannot be sent whole.
fn lifecycle_policies(lifecycle: &Lifecycle) -> Option<Vec<types::LifecyclePolicy>> {
    let one = types::LifecyclePolicy::builder;
    let ia = |word: &str| one().transition_to_ia(word.into()).build();
    let archive = |word: &str| one().transition_to_archive(word.into()).build();
    let primary = |word: &str| {
        one()
            .transition_to_primary_storage_class(word.into())
            .build()
    };
    let days = |days: Option<Days>| days.map(Days::to_api);
    let mut policies = Vec::new();
    policies.extend(days(lifecycle.transition_to_ia).map(|word| ia(&word)));
    policies.extend(days(lifecycle.transition_to_archive).map(|word| archive(&word)));
    policies.extend(lifecycle.transition_to_primary.then(|| primary(ON_ACCESS)));
    for other in &lifecycle.other_transitions {
        policies.push(match other {
            OtherTransition::TransitionToIa(word) => ia(word),
            OtherTransition::TransitionToArchive(word) => archive(word),
            OtherTransition::TransitionToPrimary(word) => primary(word),
            OtherTransition::Unreadable => return None,
        });
    }
    Some(policies)
}
