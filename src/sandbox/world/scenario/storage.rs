//! File systems with their mount targets and access points.

use super::document::{
    Backup, FileSystemSection, ReplicationSection, Size, SourceSection, State, label,
};
use super::lookup::{check_account, check_word, check_word_like, id_or};
use super::mounting::{add_access_point, add_mount_target};
use super::tags::{self, tags_of};
use super::{At, Clock, ScenarioError};
use crate::world::catalog;
use crate::world::efs::{
    CreateFileSystem, PERFORMANCE_MODES, REPLICATION_STATUS, THROUGHPUT_MODES, destination_token,
    keep_policy,
};
use crate::world::state::{Region, Replication, ReplicationStatus, Source};

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
        // Last: the calls above find only what belongs to the account itself.
        file_system.owner.clone_from(&section.owner);
        file_system.life = clock.life(&section.state, clock.timing.file_system);
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
    let creation_token = match (named, &section.copy_of) {
        (_, Some(source)) if section.token.is_none() => {
            destination_token(source.from.strip_prefix("fs-").unwrap_or_default())
        }
        (Some(named), _) => named.clone(),
        (None, _) => region.ids.next("token", &[]),
    };
    let made = region
        .create_file_system(CreateFileSystem {
            creation_token,
            performance_mode: known(section.performance_mode.as_ref(), PERFORMANCE_MODES),
            encrypted: Some(section.encrypted),
            kms_key_id: section.kms_key_id.clone(),
            throughput_mode: known(section.throughput_mode.as_ref(), THROUGHPUT_MODES),
            provisioned_throughput_in_mibps: section.provisioned_mibps,
            availability_zone_name: section.zone.clone(),
            backup: match section.backup {
                Some(Backup::Is(backup)) => Some(backup),
                Some(Backup::Status(_)) => Some(false),
                None => None,
            },
            tags: Some(tags_of(&tags::named(section.name.as_ref(), &section.tags))),
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
    set_directly(region, &id, section)?;
    Ok(id)
}

/// Words of the API of today: others are kept as they are.
const BACKUP_STATUS: &[&str] = &["ENABLED", "ENABLING", "DISABLED", "DISABLING"];
const PROTECTION: &[&str] = &["ENABLED", "DISABLED", "REPLICATING"];
const TRANSITIONS: &[&str] = &[
    "TransitionToIA",
    "TransitionToPrimaryStorageClass",
    "TransitionToArchive",
];

/// A mode that the calls know; another one is set after the creation.
fn known(mode: Option<&String>, modes: &[&str]) -> Option<String> {
    mode.filter(|mode| modes.contains(&mode.as_str())).cloned()
}

/// What no call of today brings about: it is set as it stands, and the calls go on refusing it.
fn set_directly(
    region: &mut Region,
    id: &str,
    section: &FileSystemSection,
) -> Result<(), ScenarioError> {
    if let Some(owner) = &section.owner {
        check_account(owner)?;
    }
    let policy = section.policy.as_deref();
    let policy = policy.map(keep_policy).transpose().at("policy of", id)?;
    let Some(file_system) = region.file_systems.get_mut(id) else {
        return Ok(());
    };
    file_system.policy = policy;
    if let Some(mode) = &section.throughput_mode {
        check_word_like(mode, THROUGHPUT_MODES)?;
        file_system.throughput_mode.clone_from(mode);
    }
    if let Some(mode) = &section.performance_mode {
        check_word_like(mode, PERFORMANCE_MODES)?;
        file_system.performance_mode.clone_from(mode);
    }
    match &section.backup {
        Some(Backup::Is(true)) | None => {}
        Some(Backup::Is(false)) => file_system.backup = Some("DISABLED".to_owned()),
        Some(Backup::Status(status)) => {
            check_word_like(status, BACKUP_STATUS)?;
            file_system.backup = Some(status.clone());
        }
    }
    for transition in &section.lifecycle {
        let [(kind, value)] = transition.iter().collect::<Vec<_>>()[..] else {
            let problem = "each lifecycle policy has one transition";
            return Err(ScenarioError::new(problem));
        };
        check_word_like(kind, TRANSITIONS)?;
        check_word(value)?;
        if file_system.lifecycle.iter().any(|(known, _)| known == kind) {
            return Err(ScenarioError::new("given twice")).at("transition", kind);
        }
        file_system.lifecycle.push((kind.clone(), value.clone()));
    }
    if let Some(value) = &section.replication_overwrite_protection {
        check_word_like(value, PROTECTION)?;
        file_system
            .replication_overwrite_protection
            .clone_from(value);
    }
    if let Some(section) = &section.replication {
        let replication = replication(section).at("replication to", &section.to)?;
        file_system.replication = Some(replication);
    }
    if let Some(section) = &section.copy_of {
        file_system.copy_of = Some(source(section).at("copy of", &section.from)?);
        "REPLICATING".clone_into(&mut file_system.replication_overwrite_protection);
    }
    Ok(())
}

/// The status and the region of a replication.
fn words_of(
    region: &str,
    status: Option<&String>,
) -> Result<(String, ReplicationStatus), ScenarioError> {
    if catalog::region(region).is_none() {
        return Err(ScenarioError::new(format!("`{region}` is not a region")));
    }
    let status = status.map_or("ENABLED", String::as_str);
    check_word_like(status, REPLICATION_STATUS)?;
    let status = ReplicationStatus::Stated(status.to_owned());
    Ok((region.to_owned(), status))
}

fn replication(section: &ReplicationSection) -> Result<Replication, ScenarioError> {
    // It may be in a region that is not described.
    id_or(Some(&section.to), "fs", "", |_| false)?;
    let (region, status) = words_of(&section.region, section.status.as_ref())?;
    Ok(Replication {
        destination: section.to.clone(),
        region,
        owner: None,
        role_arn: None,
        status,
    })
}

fn source(section: &SourceSection) -> Result<Source, ScenarioError> {
    id_or(Some(&section.from), "fs", "", |_| false)?;
    let (region, status) = words_of(&section.region, section.status.as_ref())?;
    Ok(Source {
        file_system: section.from.clone(),
        region,
        role_arn: None,
        status,
    })
}
