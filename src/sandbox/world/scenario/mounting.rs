//! Mount targets and access points of described file systems.

use super::document::{AccessPointSection, MountTargetSection};
use super::lookup::{self, id_or};
use super::tags::{add_tags, named, tags_of};
use super::{Clock, ScenarioError};
use crate::world::efs::{
    CreateAccessPoint, CreateMountTarget, CreationInfo, PosixUser, RootDirectory,
};
use crate::world::state::Region;

/// Adds a mount target.
pub(super) fn add_mount_target(
    region: &mut Region,
    clock: Clock,
    file_system_id: &str,
    section: &MountTargetSection,
) -> Result<(), ScenarioError> {
    let subnet = lookup::subnet(region, &section.subnet)?;
    let (subnet_id, vpc_id) = (subnet.id.clone(), subnet.vpc_id.clone());
    let usual = match (&section.ip, &section.ipv6) {
        _ if subnet.ipv6_native => "IPV6_ONLY",
        (_, Some(_)) => "DUAL_STACK",
        (_, None) => "IPV4_ONLY",
    };
    let ip_address_type = section
        .ip_address_type
        .as_deref()
        .unwrap_or(usual)
        .to_owned();
    let groups = section.security_groups.iter();
    let groups = groups.map(|group| lookup::group(region, &vpc_id, group));
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    let made = region
        .create_mount_target(CreateMountTarget {
            file_system_id: file_system_id.to_owned(),
            subnet_id,
            ip_address: section.ip.clone(),
            ipv6_address: section.ipv6.clone(),
            ip_address_type: Some(ip_address_type),
            security_groups: Some(groups),
        })?
        .mount_target_id;
    let taken = |id: &str| region.mount_targets.contains_key(id);
    let id = id_or(section.id.as_ref(), "fsmt", &made, taken)?.to_owned();
    let Some(mut target) = region.mount_targets.remove(&made) else {
        return Ok(());
    };
    target.id.clone_from(&id);
    target.life = clock.life(&section.state, clock.timing.mount_target);
    let interface_id = target.network_interface_id.clone();
    region.mount_targets.insert(id.clone(), target);
    if let Some(interface) = region.network_interfaces.get_mut(&interface_id) {
        interface.description = interface.description.replace(&made, &id);
    }
    add_tags(region, &interface_id, &section.tags)?;
    if !section.interface {
        region.release_interface(&interface_id);
    }
    Ok(())
}

/// Adds an access point.
pub(super) fn add_access_point(
    region: &mut Region,
    clock: Clock,
    file_system_id: &str,
    section: &AccessPointSection,
) -> Result<(), ScenarioError> {
    let posix_user = match (section.uid, section.gid) {
        (Some(uid), Some(gid)) => Some(PosixUser {
            uid,
            gid,
            secondary_gids: section.secondary_gids.clone(),
        }),
        (None, None) => None,
        _ => return Err(ScenarioError::new("`uid` and `gid` go together")),
    };
    let named_token = section.token.as_ref().or(section.name.as_ref());
    let client_token = named_token
        .cloned()
        .unwrap_or_else(|| region.ids.next("token", &[file_system_id]));
    let made = region
        .create_access_point(CreateAccessPoint {
            client_token,
            file_system_id: file_system_id.to_owned(),
            posix_user,
            root_directory: Some(RootDirectory {
                path: section.path.clone(),
                creation_info: section.create.as_ref().map(|create| CreationInfo {
                    owner_uid: create.uid,
                    owner_gid: create.gid,
                    permissions: create.permissions.clone(),
                }),
            }),
            tags: Some(tags_of(&named(section.name.as_ref(), &section.tags))),
        })?
        .access_point_id;
    let taken = |id: &str| region.access_points.contains_key(id);
    let id = id_or(section.id.as_ref(), "fsap", &made, taken)?.to_owned();
    if let Some(mut point) = region.access_points.remove(&made) {
        point.id.clone_from(&id);
        point.life = clock.life(&section.state, clock.timing.file_system);
        region.access_points.insert(id, point);
    }
    Ok(())
}
