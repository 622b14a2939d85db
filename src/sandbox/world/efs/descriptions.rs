//! The resources of EFS as the API describes them.

use super::super::state::{AccessPoint, FileSystem, MountTarget};
use super::super::{Millis, Region, Tags};
use super::names::Kind;
use super::shapes::{
    AccessPointDescription, CreationInfo, FileSystemDescription, FileSystemProtection,
    FileSystemSize, MountTargetDescription, PosixUser, RootDirectory, Tag,
};

/// The size of a file system is metered for the first time after that time, and again after each: 24 minutes after its
/// creation one had no time of metering yet (cloud-custodian, `test_disable_lifecycle_policy`).
const METERING: Millis = 3_600_000;

/// Tags as a list.
pub(super) fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag {
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}

impl Region {
    /// A file system as the API describes it.
    pub(super) fn describe_file_system(&self, file_system: &FileSystem) -> FileSystemDescription {
        let mount_targets = self.mount_targets_of(&file_system.id);
        FileSystemDescription {
            owner_id: self.account_id.clone(),
            creation_token: file_system.creation_token.clone(),
            file_system_id: file_system.id.clone(),
            file_system_arn: self.efs_arn(Kind::FileSystem, &file_system.id),
            creation_time: file_system.life.created,
            life_cycle_state: file_system.life.at(self.now).to_owned(),
            name: file_system.tags.get("Name").cloned(),
            number_of_mount_targets: mount_targets
                .filter(|target| self.is_in_view(&target.life))
                .count(),
            size_in_bytes: self.metered_size(file_system),
            performance_mode: file_system.performance_mode.clone(),
            encrypted: file_system.encrypted,
            kms_key_id: file_system.kms_key_id.clone(),
            throughput_mode: file_system.throughput_mode.clone(),
            provisioned_throughput_in_mibps: file_system.provisioned_mibps,
            availability_zone_name: file_system.availability_zone.clone(),
            availability_zone_id: file_system
                .availability_zone
                .as_deref()
                .map(|zone| self.zone_id(zone)),
            tags: tag_list(&file_system.tags),
            file_system_protection: FileSystemProtection {
                replication_overwrite_protection: file_system
                    .replication_overwrite_protection
                    .clone(),
            },
        }
    }

    fn metered_size(&self, file_system: &FileSystem) -> FileSystemSize {
        let age = self.now.checked_sub(file_system.life.available);
        let [standard, ia, archive] = age.map_or([0, 0, 0], |_| file_system.size);
        FileSystemSize {
            value: standard.saturating_add(ia).saturating_add(archive),
            timestamp: age
                .filter(|age| *age >= METERING)
                .map(|age| self.now - age % METERING),
            value_in_ia: ia,
            value_in_standard: standard,
            value_in_archive: archive,
        }
    }

    /// A mount target as the API describes it.
    pub(super) fn describe_mount_target(&self, target: &MountTarget) -> MountTargetDescription {
        let interface = self.network_interfaces.get(&target.network_interface_id);
        let subnet = self.subnets.get(&target.subnet_id);
        MountTargetDescription {
            owner_id: match self.file_systems.get(&target.file_system_id) {
                Some(of) => self.owner(of.owner.as_ref()).to_owned(),
                None => self.account_id.clone(),
            },
            mount_target_id: target.id.clone(),
            file_system_id: target.file_system_id.clone(),
            subnet_id: target.subnet_id.clone(),
            life_cycle_state: target.life.at(self.now).to_owned(),
            ip_address: interface.and_then(|interface| interface.private_ip.clone()),
            ipv6_address: interface.and_then(|interface| interface.ipv6.clone()),
            network_interface_id: target.network_interface_id.clone(),
            availability_zone_id: subnet.map(|subnet| self.zone_id(&subnet.availability_zone)),
            availability_zone_name: subnet.map(|subnet| subnet.availability_zone.clone()),
            vpc_id: subnet.map(|subnet| subnet.vpc_id.clone()),
        }
    }

    /// An access point as the API describes it.
    pub(super) fn describe_access_point(
        &self,
        access_point: &AccessPoint,
    ) -> AccessPointDescription {
        AccessPointDescription {
            client_token: access_point.client_token.clone(),
            name: access_point.tags.get("Name").cloned(),
            tags: tag_list(&access_point.tags),
            access_point_id: access_point.id.clone(),
            access_point_arn: self.efs_arn(Kind::AccessPoint, &access_point.id),
            file_system_id: access_point.file_system_id.clone(),
            posix_user: access_point
                .posix_user
                .as_ref()
                .map(|(uid, gid, others)| PosixUser {
                    uid: i64::from(*uid),
                    gid: i64::from(*gid),
                    secondary_gids: (!others.is_empty())
                        .then(|| others.iter().map(|gid| i64::from(*gid)).collect()),
                }),
            root_directory: RootDirectory {
                path: Some(access_point.path.clone()),
                creation_info: access_point.creation_info.as_ref().map(
                    |(uid, gid, permissions)| CreationInfo {
                        owner_uid: i64::from(*uid),
                        owner_gid: i64::from(*gid),
                        permissions: permissions.clone(),
                    },
                ),
            },
            owner_id: self.account_id.clone(),
            life_cycle_state: access_point.life.at(self.now).to_owned(),
        }
    }
}
