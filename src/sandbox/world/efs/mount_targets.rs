//! `CreateMountTarget`, `DescribeMountTargets`, `DeleteMountTarget`.

use serde::Deserialize;

use super::super::ec2::network_interfaces::NewInterface;
use super::super::state::{FileSystem, Life, MountTarget, Subnet};
use super::super::{ApiError, Region};
use super::errors::{bad_request, malformed};
use super::names::is_id;
use super::pages::{Page, PageRequest};
use super::placement::{Addresses, refused_interface};
use super::shapes::MountTargetDescription;

/// Input of `CreateMountTarget`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateMountTarget {
    /// The file system, by id or ARN.
    pub file_system_id: String,
    /// Where.
    pub subnet_id: String,
    /// An IPv4 address of the subnet; any free one by default.
    pub ip_address: Option<String>,
    /// An IPv6 address of the subnet; any free one by default.
    pub ipv6_address: Option<String>,
    /// `IPV4_ONLY` (default), `DUAL_STACK` or `IPV6_ONLY`.
    pub ip_address_type: Option<String>,
    /// Groups; the default group of the VPC when there are none.
    pub security_groups: Option<Vec<String>>,
}

/// Input of `DescribeMountTargets`: exactly one of the three names.
#[derive(Debug, Clone, Default)]
pub struct DescribeMountTargets {
    /// Those of that file system, by id or ARN.
    pub file_system_id: Option<String>,
    /// That one.
    pub mount_target_id: Option<String>,
    /// Those of the file system of that access point, by id or ARN.
    pub access_point_id: Option<String>,
    /// At most so many (100).
    pub max_items: Option<i64>,
    /// Where to go on.
    pub marker: Option<String>,
}

impl Region {
    /// `CreateMountTarget`.
    pub fn create_mount_target(
        &mut self,
        input: CreateMountTarget,
    ) -> Result<MountTargetDescription, ApiError> {
        let file_system = self.available_file_system(&input.file_system_id)?;
        let subnet = self.subnet_of_target(&input.subnet_id)?;
        self.check_place_of_subnet(subnet)?;
        self.check_place(file_system, subnet)?;
        let addresses = Addresses::of(
            input.ip_address_type.as_deref(),
            input.ip_address.as_deref(),
            input.ipv6_address.as_deref(),
            subnet,
        )?;
        let groups =
            self.groups_of_target(&subnet.vpc_id, input.security_groups.unwrap_or_default())?;
        self.check_target_quota(&subnet.vpc_id)?;

        let file_system_id = file_system.id.clone();
        let fails = self.failing_zones.contains(&subnet.availability_zone);
        let id = self.ids.next("fsmt", &[&file_system_id, &input.subnet_id]);
        let network_interface_id = self
            .create_interface(NewInterface {
                subnet_id: input.subnet_id.clone(),
                ipv4: addresses.ipv4,
                want_ipv4: addresses.want_ipv4,
                want_ipv6: addresses.want_ipv6,
                ipv6: addresses.ipv6,
                groups,
                description: format!("EFS mount target for {file_system_id} ({id})"),
                instance_id: None,
                device_index: 0,
            })
            .map_err(|refusal| refused_interface(refusal, &input.subnet_id))?;
        let life = Life {
            fails,
            ..Life::new(self.now, self.timing.mount_target)
        };
        let target = MountTarget {
            id,
            file_system_id,
            subnet_id: input.subnet_id,
            network_interface_id,
            life,
        };
        let description = self.describe_mount_target(&target);
        self.mount_targets.insert(target.id.clone(), target);
        Ok(description)
    }

    fn subnet_of_target(&self, subnet_id: &str) -> Result<&Subnet, ApiError> {
        if !is_id(subnet_id, "subnet-") {
            return Err(malformed("subnetId", subnet_id, "^subnet-[0-9a-f]{8,40}$"));
        }
        self.subnets.get(subnet_id).ok_or_else(|| {
            ApiError::new(
                "SubnetNotFound",
                400,
                format!("The subnet ID '{subnet_id}' does not exist"),
            )
        })
    }

    /// One mount target in a zone, all in one VPC, and in the zone of a One Zone file system. A mount target
    /// keeps its place until its deletion is over.
    fn check_place(&self, file_system: &FileSystem, subnet: &Subnet) -> Result<(), ApiError> {
        let zone = &subnet.availability_zone;
        if let Some(only) = file_system
            .availability_zone
            .as_ref()
            .filter(|only| *only != zone)
        {
            return Err(ApiError::new(
                "AvailabilityZonesMismatch",
                400,
                format!(
                    "The subnet is in Availability Zone '{zone}', the One Zone file system '{}' in '{only}'.",
                    file_system.id
                ),
            ));
        }
        let conflict = |message: &str| Err(ApiError::new("MountTargetConflict", 409, message));
        for target in self.mount_targets_of(&file_system.id) {
            let Some(other) = self.subnets.get(&target.subnet_id) else {
                continue;
            };
            if other.vpc_id != subnet.vpc_id {
                return conflict(
                    "requested subnet for new mount target is not in the same VPC as existing mount targets",
                );
            }
            if other.availability_zone == *zone {
                return conflict("mount target already exists in this AZ");
            }
        }
        Ok(())
    }

    fn check_target_quota(&self, vpc_id: &str) -> Result<(), ApiError> {
        let most = self.quotas.mount_targets_per_vpc;
        let present = self
            .mount_targets
            .values()
            .filter_map(|target| self.subnets.get(&target.subnet_id))
            .filter(|subnet| subnet.vpc_id == vpc_id)
            .count();
        if present < most {
            return Ok(());
        }
        Err(ApiError::new(
            "NetworkInterfaceLimitExceeded",
            409,
            format!("You have reached the maximum number of mount targets ({most}) in your VPC."),
        ))
    }

    /// `DescribeMountTargets`.
    pub fn describe_mount_targets(
        &self,
        input: &DescribeMountTargets,
    ) -> Result<Page<MountTargetDescription>, ApiError> {
        let (file_system_id, only) = match (
            &input.file_system_id,
            &input.mount_target_id,
            &input.access_point_id,
        ) {
            (Some(name), None, None) => (&self.shared_file_system(name)?.id, None),
            (None, Some(name), None) => {
                let target = self.visible_mount_target(name)?;
                (&target.file_system_id, Some(&target.id))
            }
            (None, None, Some(name)) => (&self.visible_access_point(name)?.file_system_id, None),
            _ => {
                return Err(bad_request(
                    "Exactly one of FileSystemId, MountTargetId and AccessPointId must be specified.",
                ));
            }
        };
        let chosen = self
            .mount_targets_of(file_system_id)
            .filter(|target| only.is_none_or(|only| *only == target.id))
            .filter(|target| self.is_in_view(&target.life));
        let request = PageRequest {
            list: "mount-targets",
            max: input.max_items,
            token: input.marker.as_deref(),
        };
        request.take(chosen.map(|chosen| (chosen.id.as_str(), self.describe_mount_target(chosen))))
    }

    /// `DeleteMountTarget`, in any state. To repeat it is no error until it is gone.
    pub fn delete_mount_target(&mut self, mount_target_id: &str) -> Result<(), ApiError> {
        self.mount_target(mount_target_id)?;
        let gone = self.now.saturating_add(self.timing.delete);
        if let Some(target) = self.mount_targets.get_mut(mount_target_id) {
            target.life.gone.get_or_insert(gone);
        }
        Ok(())
    }
}
