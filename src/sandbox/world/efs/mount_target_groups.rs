//! The security groups of mount targets: `DescribeMountTargetSecurityGroups` and
//! `ModifyMountTargetSecurityGroups`.

use super::super::state::MountTarget;
use super::super::{ApiError, Region};
use super::errors::{bad_request, malformed};
use super::names::is_id;

impl Region {
    /// `DescribeMountTargetSecurityGroups`.
    pub fn describe_mount_target_security_groups(
        &self,
        mount_target_id: &str,
    ) -> Result<Vec<String>, ApiError> {
        let target = self.visible_mount_target(mount_target_id)?;
        self.check_target_state(target)?;
        let interface = self.network_interfaces.get(&target.network_interface_id);
        Ok(interface
            .map(|interface| interface.groups.clone())
            .unwrap_or_default())
    }

    /// `ModifyMountTargetSecurityGroups`: the groups replace the present ones.
    pub fn modify_mount_target_security_groups(
        &mut self,
        mount_target_id: &str,
        security_groups: Vec<String>,
    ) -> Result<(), ApiError> {
        let target = self.mount_target(mount_target_id)?;
        self.check_target_state(target)?;
        if security_groups.is_empty() {
            return Err(bad_request(
                "At least one security group must be specified.",
            ));
        }
        let interface_id = target.network_interface_id.clone();
        let vpc_id = self
            .subnets
            .get(&target.subnet_id)
            .map(|subnet| subnet.vpc_id.clone())
            .unwrap_or_default();
        let groups = self.groups_of_target(&vpc_id, security_groups)?;
        if let Some(interface) = self.network_interfaces.get_mut(&interface_id) {
            interface.groups = groups;
        }
        Ok(())
    }

    /// The groups of a mount target in a VPC: those that were asked for, or the default group.
    pub(super) fn groups_of_target(
        &self,
        vpc_id: &str,
        wanted: Vec<String>,
    ) -> Result<Vec<String>, ApiError> {
        let mut groups: Vec<String> = Vec::with_capacity(wanted.len());
        for group in wanted {
            if !is_id(&group, "sg-") {
                let pattern = "^sg-[0-9a-f]{8,40}$";
                return Err(malformed("securityGroups.1.member", &group, pattern));
            }
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        let most = self.quotas.security_groups_per_mount_target;
        if groups.len() > most {
            return Err(ApiError::new(
                "SecurityGroupLimitExceeded",
                400,
                format!("A mount target can have at most {most} security groups."),
            ));
        }
        for id in &groups {
            let message = match self.security_groups.get(id) {
                Some(group) if group.vpc_id == vpc_id => continue,
                // As reported in jupyter-infra/jupyter-deploy#375.
                Some(_) => {
                    "You have specified two resources that belong to different networks".to_owned()
                }
                None => format!("The security group ID '{id}' does not exist"),
            };
            return Err(ApiError::new("SecurityGroupNotFound", 400, message));
        }
        if groups.is_empty() {
            groups.extend(self.default_security_group(vpc_id));
        }
        Ok(groups)
    }

    /// The interface exists as soon as `CreateMountTarget` answers; only a mount target that goes is refused
    /// (service model: "the lifecycle state of the mount target is not `deleted`").
    fn check_target_state(&self, target: &MountTarget) -> Result<(), ApiError> {
        match target.life.at(self.now) {
            // As seen in hashicorp/terraform#12677.
            "deleting" | "deleted" => Err(ApiError::new(
                "IncorrectMountTargetState",
                409,
                format!(
                    "Mount target does not have a network interface: {}",
                    target.id
                ),
            )),
            _ => Ok(()),
        }
    }
}
