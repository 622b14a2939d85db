//! Finding resources by the names of clients, in the two views: of calls that change something, and of
//! calls that describe.

use super::super::state::{AccessPoint, FileSystem, Life, MountTarget};
use super::super::{ApiError, Region};
use super::errors::{
    access_point_not_found, file_system_not_found, incorrect_file_system_state,
    mount_target_not_found,
};
use super::names::mount_target_id;

impl Region {
    /// Whether the Describe calls know of it already.
    pub(super) fn is_in_view(&self, life: &Life) -> bool {
        life.created.saturating_add(self.timing.describe_lag) <= self.now
    }

    /// A file system, for a call that changes something.
    pub(super) fn file_system(&self, name: &str) -> Result<&FileSystem, ApiError> {
        let id = self.file_system_id(name)?;
        let found = self.file_systems.get(id);
        found
            .filter(|found| found.owner.is_none())
            .ok_or_else(|| file_system_not_found(id))
    }

    /// A file system to be changed.
    pub(super) fn file_system_mut(&mut self, name: &str) -> Result<&mut FileSystem, ApiError> {
        let id = self.file_system_id(name)?;
        let found = self.file_systems.get_mut(id);
        found
            .filter(|found| found.owner.is_none())
            .ok_or_else(|| file_system_not_found(id))
    }

    /// A file system, for an operation that wants it `available`.
    pub(super) fn available_file_system(&self, name: &str) -> Result<&FileSystem, ApiError> {
        let file_system = self.file_system(name)?;
        match file_system.life.at(self.now) {
            "available" => Ok(file_system),
            _ => Err(incorrect_file_system_state()),
        }
    }

    /// A file system to be changed by an operation that wants it `available`.
    pub(super) fn available_file_system_mut(
        &mut self,
        name: &str,
    ) -> Result<&mut FileSystem, ApiError> {
        self.available_file_system(name)?;
        self.file_system_mut(name)
    }

    /// A file system, for a call that describes.
    pub(super) fn visible_file_system(&self, name: &str) -> Result<&FileSystem, ApiError> {
        let file_system = self.file_system(name)?;
        if self.is_in_view(&file_system.life) {
            Ok(file_system)
        } else {
            Err(file_system_not_found(&file_system.id))
        }
    }

    /// A file system that may belong to another account, for a call that describes: that account shares it, and it is
    /// named by its ARN (aws/efs-utils#308).
    pub(super) fn shared_file_system(&self, name: &str) -> Result<&FileSystem, ApiError> {
        let Some((owner, id)) = self.foreign_file_system(name) else {
            return self.visible_file_system(name);
        };
        let found = self.file_systems.get(id);
        found
            .filter(|found| found.owner.as_deref() == Some(owner))
            .ok_or_else(|| file_system_not_found(id))
    }

    /// A mount target, for a call that changes something.
    pub(super) fn mount_target(&self, name: &str) -> Result<&MountTarget, ApiError> {
        let id = mount_target_id(name)?;
        self.mount_targets
            .get(id)
            .ok_or_else(mount_target_not_found)
    }

    /// A mount target, for a call that describes.
    pub(super) fn visible_mount_target(&self, name: &str) -> Result<&MountTarget, ApiError> {
        let mount_target = self.mount_target(name)?;
        if self.is_in_view(&mount_target.life) {
            Ok(mount_target)
        } else {
            Err(mount_target_not_found())
        }
    }

    /// An access point, for a call that changes something.
    pub(super) fn access_point_mut(&mut self, name: &str) -> Result<&mut AccessPoint, ApiError> {
        let id = self.access_point_id(name)?;
        self.access_points
            .get_mut(id)
            .ok_or_else(|| access_point_not_found(id))
    }

    /// An access point, for a call that describes.
    pub(super) fn visible_access_point(&self, name: &str) -> Result<&AccessPoint, ApiError> {
        let id = self.access_point_id(name)?;
        self.access_points
            .get(id)
            .filter(|access_point| self.is_in_view(&access_point.life))
            .ok_or_else(|| access_point_not_found(id))
    }

    /// The mount targets of a file system, in any state.
    pub(super) fn mount_targets_of<'a>(
        &'a self,
        file_system_id: &'a str,
    ) -> impl Iterator<Item = &'a MountTarget> {
        self.mount_targets
            .values()
            .filter(move |target| target.file_system_id == file_system_id)
    }
}
