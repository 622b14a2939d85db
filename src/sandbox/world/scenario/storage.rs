//! File systems with their mount targets and access points.

use super::document::{
    AccessPointSection, FileSystemSection, MountTargetSection, ReplicationSection, Size, State,
    label,
};
use super::lookup::{self, id_or, pairs};
use super::network::add_tags;
use super::{At, Clock, ScenarioError};
use crate::sandbox::world::catalog;
use crate::sandbox::world::efs::{
    CreateAccessPoint, CreateFileSystem, CreateMountTarget, CreationInfo, PosixUser,
    PutFileSystemPolicy, RootDirectory, Tag,
};
use crate::sandbox::world::state::{Region, Replication, Tags};

/// Copies of one file system: more are a typing error.
const MOST_COPIES: u32 = 100_000;

/// Adds a file system, or as many as the section counts.
pub(super) fn add_file_systems(
    region: &mut Region,
    clock: Clock,
    section: &FileSystemSection,
) -> Result<(), ScenarioError> {
    let Some(count) = section.count else {
        return add_file_system(region, clock, section);
    };
    let fixed = section.id.is_some()
        || section.replication.is_some()
        || section
            .mount_target
            .iter()
            .any(|target| target.id.is_some() || target.ip.is_some())
        || section
            .access_point
            .iter()
            .any(|point| point.id.is_some() || point.token.is_some());
    if fixed {
        let problem = "copies cannot share an id, an address or a token: leave them out";
        return Err(ScenarioError::new(problem));
    }
    if count > MOST_COPIES {
        return Err(ScenarioError::new(format!(
            "count = {count} is more than {MOST_COPIES}"
        )));
    }
    for number in 1..=count {
        let numbered =
            |text: &Option<String>| text.as_ref().map(|text| format!("{text}-{number:04}"));
        let mut copy = section.clone();
        copy.name = numbered(&section.name);
        copy.token = numbered(&section.token);
        for (point, original) in copy.access_point.iter_mut().zip(&section.access_point) {
            point.token = numbered(&original.name);
        }
        add_file_system(region, clock, &copy)?;
    }
    Ok(())
}

fn add_file_system(
    region: &mut Region,
    clock: Clock,
    section: &FileSystemSection,
) -> Result<(), ScenarioError> {
    let has_parts = !section.mount_target.is_empty() || !section.access_point.is_empty();
    if has_parts && matches!(section.state, State::Creating | State::Deleting) {
        let problem = "one that is being created or deleted has no mount targets or access points";
        return Err(ScenarioError::new(problem));
    }
    let id = create(region, section)?;
    for target in &section.mount_target {
        add_mount_target(region, clock, &id, target).at("mount target in", &target.subnet)?;
    }
    for point in &section.access_point {
        let label = label(point.name.as_ref(), point.id.as_ref());
        add_access_point(region, clock, &id, point).at("access point", label)?;
    }
    if let Some(file_system) = region.file_systems.get_mut(&id) {
        file_system.life = clock.life(section.state, clock.timing.file_system);
    }
    Ok(())
}

/// The file system itself, with its settings. Answers with its id.
fn create(region: &mut Region, section: &FileSystemSection) -> Result<String, ScenarioError> {
    let named = section
        .token
        .as_ref()
        .or(section.name.as_ref())
        .or(section.id.as_ref());
    let creation_token = named.cloned().unwrap_or_else(|| region.ids.next("token"));
    let made = region
        .create_file_system(CreateFileSystem {
            creation_token,
            performance_mode: section.performance_mode.clone(),
            encrypted: Some(section.encrypted),
            kms_key_id: section.kms_key_id.clone(),
            throughput_mode: section.throughput_mode.clone(),
            provisioned_throughput_in_mibps: section.provisioned_mibps,
            availability_zone_name: section.zone.clone(),
            backup: section.backup,
            tags: Some(tags_of(&lookup::named(
                section.name.as_ref(),
                &section.tags,
            ))),
        })?
        .file_system_id;
    let taken = |id: &str| region.file_systems.contains_key(id);
    let id = id_or(section.id.as_ref(), "fs", &made, taken)?.to_owned();
    if let Some(mut file_system) = region.file_systems.remove(&made) {
        file_system.id.clone_from(&id);
        match section.size {
            Some(Size::Standard(bytes)) => file_system.size = [bytes, 0, 0],
            Some(Size::Classes(bytes)) => file_system.size = bytes,
            None => {}
        }
        region.file_systems.insert(id.clone(), file_system);
    }
    if !section.lifecycle.is_empty() {
        region.describe_lifecycle_as_it_is(&id, section.lifecycle.clone())?;
    }
    if let Some(value) = &section.replication_overwrite_protection {
        region.update_file_system_protection(&id, Some(value))?;
    }
    if let Some(section) = &section.replication {
        let replication = replication(section).at("replication to", &section.to)?;
        region
            .file_systems
            .entry(id.clone())
            .and_modify(|it| it.replication = Some(replication));
    }
    if let Some(policy) = &section.policy {
        region.put_file_system_policy(PutFileSystemPolicy {
            file_system_id: id.clone(),
            policy: policy.clone(),
            bypass_policy_lockout_safety_check: Some(true),
        })?;
    }
    Ok(id)
}

/// Words of the API.
const REPLICATION_STATUS: [&str; 6] = [
    "ENABLED", "ENABLING", "DELETING", "ERROR", "PAUSED", "PAUSING",
];

fn replication(section: &ReplicationSection) -> Result<Replication, ScenarioError> {
    // It may be in a region that is not described.
    id_or(Some(&section.to), "fs", "", |_| false)?;
    if catalog::region(&section.region).is_none() {
        let problem = format!("there is no region `{}`", section.region);
        return Err(ScenarioError::new(problem));
    }
    let status = section.status.as_deref().unwrap_or("ENABLED");
    if !REPLICATION_STATUS.contains(&status) {
        return Err(ScenarioError::new(format!(
            "`{status}` is not one of {}",
            REPLICATION_STATUS.join(", ")
        )));
    }
    Ok(Replication {
        destination: section.to.clone(),
        region: section.region.clone(),
        status: status.to_owned(),
    })
}

fn add_mount_target(
    region: &mut Region,
    clock: Clock,
    file_system_id: &str,
    section: &MountTargetSection,
) -> Result<(), ScenarioError> {
    let subnet = lookup::subnet(region, &section.subnet)?;
    let (subnet_id, vpc_id) = (subnet.id.clone(), subnet.vpc_id.clone());
    let groups = section.security_groups.iter();
    let groups = groups.map(|group| lookup::group(region, &vpc_id, group));
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    let made = region
        .create_mount_target(CreateMountTarget {
            file_system_id: file_system_id.to_owned(),
            subnet_id,
            ip_address: section.ip.clone(),
            security_groups: Some(groups),
            ..CreateMountTarget::default()
        })?
        .mount_target_id;
    let taken = |id: &str| region.mount_targets.contains_key(id);
    let id = id_or(section.id.as_ref(), "fsmt", &made, taken)?.to_owned();
    let Some(mut target) = region.mount_targets.remove(&made) else {
        return Ok(());
    };
    target.id.clone_from(&id);
    target.life = clock.life(section.state, clock.timing.mount_target);
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

fn add_access_point(
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
        .unwrap_or_else(|| region.ids.next("token"));
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
            tags: Some(tags_of(&lookup::named(
                section.name.as_ref(),
                &section.tags,
            ))),
        })?
        .access_point_id;
    let taken = |id: &str| region.access_points.contains_key(id);
    let id = id_or(section.id.as_ref(), "fsap", &made, taken)?.to_owned();
    if let Some(mut point) = region.access_points.remove(&made) {
        point.id.clone_from(&id);
        point.life = clock.life(section.state, clock.timing.file_system);
        region.access_points.insert(id, point);
    }
    Ok(())
}

fn tags_of(tags: &Tags) -> Vec<Tag> {
    pairs(tags)
        .into_iter()
        .map(|(key, value)| Tag { key, value })
        .collect()
}
