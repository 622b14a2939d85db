//! Settings, read and written straight in the world.

use efsctl::cloud::{Answer, Class, Cloud, CloudError, FileSystems, Inventory};
use efsctl::domain::ids::FileSystemId;
use efsctl::domain::settings::backups::Backup;
use efsctl::domain::settings::policy::ObservedPolicy;
use efsctl::domain::settings::replication::ObservedReplication;
use efsctl::domain::settings::{Key, Lifecycle, ObservedSetting, Policy, Replica, Value};
use efsctl::domain::state::FileSystem;
use efsctl::sandbox::world::efs::{
    CreateReplicationConfiguration, DestinationToCreate, LifecyclePolicy, PutFileSystemPolicy,
    UpdateFileSystem,
};

use super::InMemory;
use super::shapes::{file_system, throughput_of};

impl InMemory {
    pub(super) async fn read(&self, of: &FileSystemId, key: Key) -> Answer<ObservedSetting> {
        let id = of.to_string();
        match key {
            Key::Throughput | Key::Protection => {
                let found = self.file_systems(&FileSystems::Id(of.clone())).await?;
                let shown = found.first().and_then(|fs| fs.settings.of(key).cloned());
                shown.ok_or_else(|| CloudError::new(Class::NotFound, "DescribeFileSystems", "gone"))
            }
            Key::Lifecycle => {
                let found = self
                    .call("DescribeLifecycleConfiguration", move |region| {
                        region.describe_lifecycle_configuration(&id)
                    })
                    .await?;
                let mut lifecycle = Lifecycle::default();
                for policy in found {
                    lifecycle.add(
                        policy.transition_to_ia.as_deref(),
                        policy.transition_to_archive.as_deref(),
                        policy.transition_to_primary_storage_class.as_deref(),
                    );
                }
                Ok(ObservedSetting::Lifecycle(lifecycle))
            }
            Key::Backups => {
                let status = self
                    .call("DescribeBackupPolicy", move |region| {
                        region.describe_backup_policy(&id)
                    })
                    .await;
                match status {
                    Ok(status) => Ok(ObservedSetting::Backups(Backup::from_api(&status))),
                    Err(error) if error.is("PolicyNotFound") => {
                        Ok(ObservedSetting::Backups(Backup::from_api("DISABLED")))
                    }
                    Err(error) => Err(error),
                }
            }
            Key::Replication => {
                let all = self.replications_of(of).await?;
                let observed = ObservedReplication::read(&all, of);
                Ok(ObservedSetting::Replication(observed))
            }
            Key::Policy => {
                let text = self.policy(of).await?;
                let observed = ObservedPolicy::read(text.as_deref(), of);
                Ok(ObservedSetting::Policy(observed))
            }
        }
    }

    pub(super) async fn write(&self, of: &FileSystemId, to: &Value) -> Answer<Option<FileSystem>> {
        let id = of.to_string();
        match to {
            Value::Throughput(to) => {
                let (throughput_mode, provisioned_throughput_in_mibps) = throughput_of(*to);
                let input = UpdateFileSystem {
                    file_system_id: id,
                    throughput_mode,
                    provisioned_throughput_in_mibps,
                };
                self.call("UpdateFileSystem", move |region| {
                    region.update_file_system(input)
                })
                .await
                .map(|shape| Some(file_system(shape)))
            }
            Value::Lifecycle(policy) => {
                let policies = policies(policy);
                self.call("PutLifecycleConfiguration", move |region| {
                    region
                        .put_lifecycle_configuration(&id, Some(policies))
                        .map(|_| None)
                })
                .await
            }
            Value::Protection(to) => {
                let word = to.to_api().as_str();
                self.call("UpdateFileSystemProtection", move |region| {
                    region
                        .update_file_system_protection(&id, Some(word))
                        .map(|_| None)
                })
                .await
            }
            Value::Policy(Policy::None) => {
                self.call("DeleteFileSystemPolicy", move |region| {
                    region.delete_file_system_policy(&id).map(|()| None)
                })
                .await
            }
            Value::Policy(Policy::Put {
                document,
                bypass_lockout_check,
            }) => {
                let input = PutFileSystemPolicy {
                    file_system_id: id,
                    policy: document.to_string(),
                    bypass_policy_lockout_safety_check: Some(*bypass_lockout_check),
                };
                self.call("PutFileSystemPolicy", move |region| {
                    region.put_file_system_policy(input).map(|_| None)
                })
                .await
            }
            Value::Replication(Replica::None) => {
                let ended = self
                    .call_world(
                        "DeleteReplicationConfiguration",
                        move |world, region, now| {
                            world.delete_replication_configuration(region, now, &id, None)
                        },
                    )
                    .await;
                match ended {
                    Err(error) if error.is("ReplicationNotFound") => Ok(None),
                    ended => ended.map(|()| None),
                }
            }
            Value::Replication(Replica::To(target)) => {
                let destination = DestinationToCreate {
                    region: Some(target.region.clone()),
                    availability_zone_name: target.zone.as_ref().map(ToString::to_string),
                    kms_key_id: target.kms_key.as_ref().map(ToString::to_string),
                    file_system_id: target.file_system.as_ref().map(ToString::to_string),
                    role_arn: None,
                };
                let input = CreateReplicationConfiguration {
                    source_file_system_id: id,
                    destinations: Some(vec![destination]),
                };
                self.call_world(
                    "CreateReplicationConfiguration",
                    move |world, region, now| {
                        world
                            .create_replication_configuration(region, now, &input)
                            .map(|_| None)
                    },
                )
                .await
            }
            Value::Backups(to) => {
                let status = to.status().as_str();
                self.call("PutBackupPolicy", move |region| {
                    region.put_backup_policy(&id, Some(status)).map(|_| None)
                })
                .await
            }
        }
    }
}

/// One transition an element, as EFS takes them.
fn policies(policy: &Lifecycle) -> Vec<LifecyclePolicy> {
    let one = |set: &dyn Fn(&mut LifecyclePolicy)| {
        let mut policy = LifecyclePolicy::default();
        set(&mut policy);
        policy
    };
    let mut policies = Vec::new();
    if let Some(days) = policy.transition_to_ia {
        policies.push(one(&|p| p.transition_to_ia = Some(days.to_api())));
    }
    if let Some(days) = policy.transition_to_archive {
        policies.push(one(&|p| p.transition_to_archive = Some(days.to_api())));
    }
    if policy.transition_to_primary {
        policies.push(one(&|p| {
            p.transition_to_primary_storage_class = Some("AFTER_1_ACCESS".to_owned());
        }));
    }
    policies
}
