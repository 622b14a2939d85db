//! Shapes of the SDK, as values of the domain.
//!
//! Words of the SDK's enumerations are taken as text (`as_str`) and read by the domain, which keeps those it does not know.

use aws_sdk_efs::types as efs;

use super::required::{parsed, required};
use crate::cloud::Answer;
use crate::domain::access_point::{AccessPoint, CreationInfo, PosixUser};
use crate::domain::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SubnetId, VpcId, Zone,
};
use crate::domain::inventory::Replication;
use crate::domain::state::{FileSystem, MountTarget, State, StoredBytes};
use crate::domain::tags::Tags;

/// The fields of a file system, which `DescribeFileSystems`, `CreateFileSystem` and `UpdateFileSystem` answer in
/// three types of the SDK without a common trait.
///
/// Sizes and counts that are missing count as nothing: the SDK itself puts zero there, so that they cannot be distinguished from an answer
/// of zero.
macro_rules! file_system {
    ($operation:expr, $shape:expr) => {{
        let shape = $shape;
        $crate::aws::required::required($operation, "FileSystemId", Some(shape.file_system_id()))
            .map(|id| $crate::domain::state::FileSystem {
                id: $crate::domain::ids::FileSystemId::from_aws(id),
                arn: shape
                    .file_system_arn()
                    .filter(|arn| !arn.is_empty())
                    .map(str::to_owned),
                creation_token: shape.creation_token().to_owned(),
                name: shape
                    .name()
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned),
                state: $crate::domain::state::State::from_api(shape.life_cycle_state().as_str()),
                encrypted: shape.encrypted(),
                kms_key_id: shape.kms_key_id().map(str::to_owned),
                performance: $crate::domain::word::Word::from_api(
                    shape.performance_mode().as_str(),
                ),
                settings: $crate::aws::settings::shown!(shape),
                one_zone: shape
                    .availability_zone_name()
                    .map($crate::domain::ids::Zone::from_aws),
                size_bytes: shape
                    .size_in_bytes()
                    .map_or(0, |size| u64::try_from(size.value()).unwrap_or(0)),
                stored: $crate::aws::convert::stored(shape.size_in_bytes()),
                mount_targets: u32::try_from(shape.number_of_mount_targets()).unwrap_or(0),
                tags: $crate::aws::convert::tags(shape.tags()),
                created_at: Some(shape.creation_time().secs()),
            })
    }};
}
pub(super) use file_system;

/// The fields of an access point, in two types of the SDK. Without a root directory it shows the whole file system (API reference,
/// `RootDirectory`).
macro_rules! access_point {
    ($operation:expr, $shape:expr) => {{
        let shape = $shape;
        $crate::aws::convert::AccessPointShape {
            operation: $operation,
            id: shape.access_point_id(),
            file_system: shape.file_system_id(),
            token: shape.client_token(),
            state: shape.life_cycle_state().map(|state| state.as_str()),
            user: shape.posix_user(),
            root: shape.root_directory(),
            tags: shape.tags(),
        }
        .read()
    }};
}
pub(super) use access_point;

pub(super) struct AccessPointShape<'s> {
    pub(super) operation: &'static str,
    pub(super) id: Option<&'s str>,
    pub(super) file_system: Option<&'s str>,
    pub(super) token: Option<&'s str>,
    pub(super) state: Option<&'s str>,
    pub(super) user: Option<&'s efs::PosixUser>,
    pub(super) root: Option<&'s efs::RootDirectory>,
    pub(super) tags: &'s [efs::Tag],
}

impl AccessPointShape<'_> {
    pub(super) fn read(self) -> Answer<AccessPoint> {
        let root = self.root;
        let path = root.and_then(|root| root.path());
        Ok(AccessPoint {
            id: AccessPointId::from_aws(required(self.operation, "AccessPointId", self.id)?),
            file_system: FileSystemId::from_aws(required(
                self.operation,
                "FileSystemId",
                self.file_system,
            )?),
            token: self.token.map(str::to_owned),
            state: State::from_answer(self.state),
            path: path.unwrap_or("/").to_owned(),
            user: self.user.map(|user| PosixUser {
                uid: user.uid(),
                gid: user.gid(),
                secondary_gids: user.secondary_gids().iter().copied().collect(),
            }),
            creation: root
                .and_then(|root| root.creation_info())
                .map(|info| CreationInfo {
                    owner_uid: info.owner_uid(),
                    owner_gid: info.owner_gid(),
                    permissions: info.permissions().to_owned(),
                }),
            tags: tags(self.tags),
        })
    }
}

/// The fields of a mount target, in two types of the SDK.
macro_rules! mount_target {
    ($operation:expr, $shape:expr) => {{
        let shape = $shape;
        $crate::aws::convert::MountTargetShape {
            operation: $operation,
            id: shape.mount_target_id(),
            file_system: shape.file_system_id(),
            subnet: shape.subnet_id(),
            zone: shape.availability_zone_name(),
            vpc: shape.vpc_id(),
            ip: shape.ip_address().or(shape.ipv6_address()),
            state: shape.life_cycle_state().as_str(),
            interface: shape.network_interface_id(),
        }
        .read()
    }};
}
pub(super) use mount_target;

pub(super) struct MountTargetShape<'s> {
    pub(super) operation: &'static str,
    pub(super) id: &'s str,
    pub(super) file_system: &'s str,
    pub(super) subnet: &'s str,
    pub(super) zone: Option<&'s str>,
    pub(super) vpc: Option<&'s str>,
    pub(super) ip: Option<&'s str>,
    pub(super) state: &'s str,
    pub(super) interface: Option<&'s str>,
}

impl MountTargetShape<'_> {
    /// A zone that is not named would be one that no mount target holds.
    pub(super) fn read(self) -> Answer<MountTarget> {
        let required = |member, value| required(self.operation, member, value);
        let ip = self.ip.filter(|ip| !ip.is_empty());
        let some = |id: Option<&str>| id.filter(|id| !id.is_empty()).map(str::to_owned);
        Ok(MountTarget {
            id: MountTargetId::from_aws(required("MountTargetId", Some(self.id))?),
            file_system: FileSystemId::from_aws(required("FileSystemId", Some(self.file_system))?),
            subnet: SubnetId::from_aws(required("SubnetId", Some(self.subnet))?),
            zone: Zone::from_aws(required("AvailabilityZoneName", self.zone)?),
            vpc: some(self.vpc).map(VpcId::from_aws),
            ip: ip
                .map(|ip| parsed(self.operation, "IpAddress", ip))
                .transpose()?,
            state: State::from_api(self.state),
            interface: some(self.interface).map(NetworkInterfaceId::from_aws),
        })
    }
}

pub(super) fn described(shape: &efs::FileSystemDescription) -> Answer<FileSystem> {
    file_system!("DescribeFileSystems", shape)
}

/// Sizes by class, each where it is told.
pub(super) fn stored(size: Option<&efs::FileSystemSize>) -> StoredBytes {
    let bytes = |value: Option<i64>| u64::try_from(value?).ok();
    StoredBytes {
        standard: size.and_then(|size| bytes(size.value_in_standard())),
        infrequent_access: size.and_then(|size| bytes(size.value_in_ia())),
        archive: size.and_then(|size| bytes(size.value_in_archive())),
    }
}

pub(super) fn tags(tags: &[efs::Tag]) -> Tags {
    tags.iter()
        .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
        .collect()
}

/// A replication. Its status keeps whatever word AWS has for it.
pub(super) fn replication(shape: &efs::ReplicationConfigurationDescription) -> Answer<Replication> {
    fn read<'s>(member: &'static str, value: &'s str) -> Answer<&'s str> {
        required("DescribeReplicationConfigurations", member, Some(value))
    }
    let copy = |copy: &efs::Destination| {
        Ok((
            FileSystemId::from_aws(read("FileSystemId", copy.file_system_id())?),
            read("Region", copy.region())?.to_owned(),
            copy.status().as_str().to_owned(),
        ))
    };
    let source = read("SourceFileSystemId", shape.source_file_system_id())?;
    Ok(Replication {
        source: FileSystemId::from_aws(source),
        destinations: shape
            .destinations()
            .iter()
            .map(copy)
            .collect::<Answer<_>>()?,
    })
}
