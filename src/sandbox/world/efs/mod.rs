//! Amazon EFS: every operation of the API, as methods of [`Region`](super::Region); those that concern two regions are methods of
//! [`World`](super::World).
//!
//! Inputs are named after the operations and descriptions after the shapes of the API; both (de)serialize
//! under its member names. Two views of the same state exist, as in AWS: calls that change something see
//! a new resource at once, calls that describe see it when the describe lag is over.

mod access_point_rules;
mod access_points;
mod backup;
mod clock;
mod descriptions;
mod errors;
mod file_system_policy;
mod file_systems;
mod keys;
mod lifecycle;
mod lookup;
mod mount_target_groups;
mod mount_targets;
mod names;
mod pages;
mod placement;
mod policy_document;
mod preferences;
mod protection;
mod rendering;
mod replication;
mod settle;
mod shapes;
mod tag_rules;
mod tags;
mod throughput;
mod zones;

pub use access_points::{CreateAccessPoint, DescribeAccessPoints};
pub use file_system_policy::{FileSystemPolicyDescription, PutFileSystemPolicy};
pub(super) use file_systems::PERFORMANCE_MODES;
pub use file_systems::{CreateFileSystem, DescribeFileSystems};
pub use lifecycle::LifecyclePolicy;
pub use mount_targets::{CreateMountTarget, DescribeMountTargets};
pub use pages::Page;
pub(super) use policy_document::keep as keep_policy;
pub use replication::{
    CreateReplicationConfiguration, DestinationDescription, DestinationToCreate,
    ReplicationDescription,
};
pub(super) use replication::{REPLICATION_STATUS, destination_token};
pub use shapes::{
    AccessPointDescription, CreationInfo, FileSystemDescription, FileSystemProtection,
    FileSystemSize, MountTargetDescription, PosixUser, RootDirectory, Tag,
};
pub(super) use throughput::THROUGHPUT_MODES;
pub use throughput::UpdateFileSystem;
