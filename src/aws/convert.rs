//! Shapes of the SDK, as values of the domain.

use std::net::IpAddr;

use aws_sdk_efs::types as efs;

use crate::domain::ids::{FileSystemId, MountTargetId, NetworkInterfaceId, SubnetId, VpcId, Zone};
use crate::domain::lifecycle::{Days, Lifecycle};
use crate::domain::spec::{PerformanceMode, Throughput};
use crate::domain::state::{FileSystem, MountTarget, State};
use crate::domain::tags::Tags;

/// The fields of a file system, which `DescribeFileSystems`, `CreateFileSystem` and `UpdateFileSystem` answer in
/// three types of the SDK without a common trait.
macro_rules! file_system {
    ($shape:expr) => {{
        let shape = $shape;
        $crate::domain::state::FileSystem {
            id: $crate::domain::ids::FileSystemId::known(shape.file_system_id()),
            arn: shape.file_system_arn().map(str::to_owned),
            creation_token: shape.creation_token().to_owned(),
            name: shape
                .name()
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            state: $crate::domain::state::State::from_word(shape.life_cycle_state().as_str()),
            encrypted: shape.encrypted().unwrap_or(false),
            kms_key_id: shape.kms_key_id().map(str::to_owned),
            performance: $crate::aws::convert::performance(shape.performance_mode()),
            throughput: $crate::aws::convert::throughput(
                shape.throughput_mode(),
                shape.provisioned_throughput_in_mibps(),
            ),
            one_zone: shape
                .availability_zone_name()
                .map($crate::domain::ids::Zone::known),
            size_bytes: shape
                .size_in_bytes()
                .map_or(0, |size| u64::try_from(size.value()).unwrap_or(0)),
            standard_bytes: shape
                .size_in_bytes()
                .and_then(|size| u64::try_from(size.value_in_standard()?).ok()),
            mount_targets: u32::try_from(shape.number_of_mount_targets()).unwrap_or(0),
            tags: $crate::aws::convert::tags(shape.tags()),
            created_at: Some(shape.creation_time().secs()),
        }
    }};
}
pub(super) use file_system;

/// The fields of a mount target, in two types of the SDK.
macro_rules! mount_target {
    ($shape:expr) => {{
        let shape = $shape;
        $crate::aws::convert::MountTargetShape {
            id: shape.mount_target_id(),
            file_system: shape.file_system_id(),
            subnet: shape.subnet_id(),
            zone: shape.availability_zone_name(),
            vpc: shape.vpc_id(),
            ip: shape.ip_address().or(shape.ipv6_address()),
            state: shape.life_cycle_state().as_str(),
            interface: shape.network_interface_id(),
        }
        .into()
    }};
}
pub(super) use mount_target;

pub(super) struct MountTargetShape<'s> {
    pub(super) id: &'s str,
    pub(super) file_system: &'s str,
    pub(super) subnet: &'s str,
    pub(super) zone: Option<&'s str>,
    pub(super) vpc: Option<&'s str>,
    pub(super) ip: Option<&'s str>,
    pub(super) state: &'s str,
    pub(super) interface: Option<&'s str>,
}

impl From<MountTargetShape<'_>> for MountTarget {
    fn from(shape: MountTargetShape<'_>) -> Self {
        Self {
            id: MountTargetId::known(shape.id),
            file_system: FileSystemId::known(shape.file_system),
            subnet: SubnetId::known(shape.subnet),
            zone: Zone::known(shape.zone.unwrap_or_default()),
            vpc: shape.vpc.map(VpcId::known),
            ip: shape.ip.and_then(|ip| ip.parse::<IpAddr>().ok()),
            state: State::from_word(shape.state),
            interface: shape.interface.map(NetworkInterfaceId::known),
        }
    }
}

pub(super) fn described(shape: &efs::FileSystemDescription) -> FileSystem {
    file_system!(shape)
}

pub(super) fn performance(mode: &efs::PerformanceMode) -> PerformanceMode {
    match mode {
        efs::PerformanceMode::MaxIo => PerformanceMode::MaxIo,
        _ => PerformanceMode::GeneralPurpose,
    }
}

pub(super) fn throughput(mode: Option<&efs::ThroughputMode>, mibps: Option<f64>) -> Throughput {
    match mode {
        Some(efs::ThroughputMode::Elastic) => Throughput::Elastic,
        Some(efs::ThroughputMode::Provisioned) => Throughput::Provisioned(mibps.unwrap_or(0.0)),
        _ => Throughput::Bursting,
    }
}

pub(super) fn tags(tags: &[efs::Tag]) -> Tags {
    tags.iter()
        .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
        .collect()
}

pub(super) fn lifecycle(policies: &[efs::LifecyclePolicy]) -> Lifecycle {
    let mut lifecycle = Lifecycle::default();
    for policy in policies {
        if let Some(rule) = policy.transition_to_ia() {
            lifecycle.transition_to_ia = Days::from_word(rule.as_str());
        }
        if let Some(rule) = policy.transition_to_archive() {
            lifecycle.transition_to_archive = Days::from_word(rule.as_str());
        }
        lifecycle.transition_to_primary |= policy.transition_to_primary_storage_class().is_some();
    }
    lifecycle
}

/// One transition an element: EFS refuses two in one (the first mistake everybody makes).
pub(super) fn lifecycle_policies(lifecycle: &Lifecycle) -> Vec<efs::LifecyclePolicy> {
    let one = efs::LifecyclePolicy::builder;
    let mut policies = Vec::new();
    if let Some(days) = lifecycle.transition_to_ia {
        policies.push(one().transition_to_ia(days.word().as_str().into()).build());
    }
    if let Some(days) = lifecycle.transition_to_archive {
        policies.push(
            one()
                .transition_to_archive(days.word().as_str().into())
                .build(),
        );
    }
    if lifecycle.transition_to_primary {
        let rule = efs::TransitionToPrimaryStorageClassRules::After1Access;
        policies.push(one().transition_to_primary_storage_class(rule).build());
    }
    policies
}
