//! What is shown of a file system: one value, rendered as a table or as JSON.
//!
//! Field names are those of the specification and part of the contract.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access_point::AccessPoint;
use super::advice::Command;
use super::expiry::Expiry;
use super::ids::{
    AccessPointId, FileSystemId, MountTargetId, NetworkInterfaceId, SecurityGroupId, SubnetId, Zone,
};
use super::keyword::Keyword;
use super::observed::Observed;
use super::settings::backups::Backup;
use super::settings::policy::{Document, ObservedPolicy, Preset};
use super::settings::protection::OverwriteProtection;
use super::settings::{Backups, Lifecycle, Policy};
use super::spec::PerformanceMode;
use super::state::{FileSystem, State};
use super::tags;
use super::word::Word;

/// A file system with its mount targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Deployment {
    /// Its id.
    pub file_system_id: FileSystemId,
    /// The name it was created under; the `Name` tag for one that efsctl did not create.
    pub name: Option<String>,
    /// Its state.
    pub lifecycle_state: State,
    /// Encrypted at rest; null where AWS does not report it.
    pub encrypted: Option<bool>,
    /// ARN of the KMS key.
    pub kms_key_id: Option<String>,
    /// `bursting`, `elastic` or `provisioned`, or another word of AWS.
    pub throughput_mode: String,
    /// MiB/s when provisioned.
    pub provisioned_throughput_mibps: Option<f64>,
    /// Performance mode: `generalPurpose` or `maxIO`, or another word of AWS.
    #[schemars(with = "String")]
    pub performance_mode: Word<PerformanceMode>,
    /// Whether a replication may write to it: `ENABLED` (it may not), `DISABLED`, or `REPLICATING`: it is a read-only copy; null where
    /// AWS does not report it.
    #[schemars(with = "Option<String>")]
    pub replication_overwrite_protection: Option<Word<OverwriteProtection>>,
    /// The zone of a One Zone file system.
    pub availability_zone: Option<Zone>,
    /// Metered size, bytes, all storage classes.
    pub size_bytes: u64,
    /// How many mount targets it has.
    pub number_of_mount_targets: u32,
    /// Its mount targets, by zone; empty in a list, which counts them only.
    pub mount_targets: Vec<MountTargetView>,
    /// The security group that was created for it.
    pub security_group_id: Option<SecurityGroupId>,
    /// efsctl created it.
    pub managed: bool,
    /// Its lifecycle policy, where it was read.
    pub lifecycle_policy: Option<Lifecycle>,
    /// Automatic backups are on or being turned on; null where they were not read, or their status is a word that is not known.
    pub backup: Option<bool>,
    /// The status of automatic backups, in AWS's word, where it was read.
    #[schemars(with = "Option<String>")]
    pub backup_status: Option<Backup>,
    /// Its file system policy; null where it was not read.
    pub policy: Option<PolicyView>,
    /// Its access points, by path; null where they were not read.
    pub access_points: Option<Vec<AccessPointView>>,
    /// When it is no longer needed, RFC 3339, where `--expires` said so.
    pub expires_at: Option<String>,
    /// When it was created, RFC 3339.
    pub created_at: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// A file system policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PolicyView {
    /// What it is, in a line: its presets, and its other statements by their `Sid`, or `#n`.
    pub summary: String,
    /// Its presets; null where others changed their statements.
    pub presets: Option<Vec<String>>,
    /// The whole document; null where there is none, or it is no JSON.
    pub document: Option<serde_json::Value>,
}

impl PolicyView {
    fn of(observed: &ObservedPolicy) -> Self {
        let words = |presets: BTreeSet<Preset>| presets.iter().map(Preset::to_string).collect();
        let is_changed = observed.document().is_some_and(Document::has_presets);
        Self {
            summary: observed.to_string(),
            presets: match observed.presets() {
                None if is_changed => None,
                presets => Some(presets.map_or_else(Vec::new, words)),
            },
            document: match observed {
                ObservedPolicy::None => None,
                ObservedPolicy::Document { document, .. } => serde_json::to_value(document).ok(),
                ObservedPolicy::Unreadable { text, .. } => serde_json::from_str(text).ok(),
            },
        }
    }
}

/// An access point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AccessPointView {
    /// Its id.
    pub access_point_id: AccessPointId,
    /// Its `Name` tag.
    pub name: Option<String>,
    /// The directory that clients see as the root.
    pub path: String,
    /// User id that every request is made as; null: that of the client.
    pub uid: Option<i64>,
    /// Group id.
    pub gid: Option<i64>,
    /// Permissions with which the directory is created where it is missing, octal.
    pub permissions: Option<String>,
    /// efsctl created it.
    pub managed: bool,
    /// Its state.
    pub lifecycle_state: State,
}

impl AccessPointView {
    fn of(point: &AccessPoint) -> Self {
        let user = point.user.as_ref();
        let creation = point.creation.as_ref();
        Self {
            access_point_id: point.id.clone(),
            name: point.tags.get("Name").cloned(),
            path: point.path.clone(),
            uid: user.map(|user| user.uid),
            gid: user.map(|user| user.gid),
            permissions: creation.map(|creation| creation.permissions.clone()),
            managed: tags::is_managed(&point.tags),
            lifecycle_state: point.state.clone(),
        }
    }
}

/// A mount target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MountTargetView {
    /// Its id.
    pub mount_target_id: MountTargetId,
    /// Its subnet.
    pub subnet_id: SubnetId,
    /// Its zone.
    pub availability_zone: Zone,
    /// Its address.
    pub ip_address: Option<String>,
    /// Its state.
    pub lifecycle_state: State,
    /// The security groups attached to it; null where they could not be read.
    pub security_groups: Option<Vec<SecurityGroupId>>,
    /// Its network interface.
    pub network_interface_id: Option<NetworkInterfaceId>,
}

impl Deployment {
    /// A file system without what has to be looked up for it.
    pub fn bare(file_system: &FileSystem) -> Self {
        let managed = tags::is_managed(&file_system.tags);
        let ours = file_system
            .tags
            .get(tags::NAME)
            .filter(|_| managed)
            .cloned();
        let throughput = file_system.throughput();
        Self {
            file_system_id: file_system.id.clone(),
            name: ours.or_else(|| file_system.name.clone()),
            lifecycle_state: file_system.state.clone(),
            encrypted: file_system.encrypted,
            kms_key_id: file_system.kms_key_id.clone(),
            throughput_mode: throughput.mode().to_owned(),
            provisioned_throughput_mibps: throughput.known().and_then(|mode| mode.mibps()),
            performance_mode: file_system.performance.clone(),
            replication_overwrite_protection: file_system.protection().cloned(),
            availability_zone: file_system.one_zone.clone(),
            size_bytes: file_system.size_bytes,
            number_of_mount_targets: file_system.mount_targets,
            mount_targets: Vec::new(),
            security_group_id: None,
            managed,
            lifecycle_policy: None,
            backup: None,
            backup_status: None,
            policy: None,
            access_points: None,
            expires_at: Expiry::of(&file_system.tags).map(|expiry| expiry.to_string()),
            created_at: file_system.created_at.and_then(rfc3339),
            tags: file_system.tags.clone(),
        }
    }

    /// The command that prints how it is mounted; `None`: no client can mount it.
    pub fn connect(&self) -> Option<Command> {
        let is_coming =
            |state: &State| matches!(state, State::Creating | State::Available | State::Updating);
        let mut states = self.mount_targets.iter().map(|one| &one.lifecycle_state);
        if !is_coming(&self.lifecycle_state) || !states.any(is_coming) {
            return None;
        }
        // Names that efsctl did not give may be those of several.
        let name = self.name.as_deref().filter(|_| self.managed);
        let command = Command::efsctl("connect").arg(name.unwrap_or(self.file_system_id.as_str()));
        let mut command = command.flag("--for", "mount");
        let presets = self
            .policy
            .iter()
            .flat_map(|policy| &policy.presets)
            .flatten();
        let presets: Vec<&str> = presets.map(String::as_str).collect();
        let has = |preset: Preset| presets.contains(&preset.keyword());
        let points = self.access_points.iter().flatten();
        let mut ready = points.filter(|point| point.lifecycle_state == State::Available);
        // Where root is squashed an access point is the only way to write.
        let is_needed = has(Preset::AccessPointsOnly);
        if let Some(point) = ready.find(|point| point.managed || is_needed) {
            command = command.flag("--access-point", &point.access_point_id);
        }
        if has(Preset::DenyAnonymous) {
            command = command.arg("--iam");
        }
        Some(command)
    }

    /// Everything that was read; `None` when there is no file system.
    pub fn of(observed: &Observed) -> Option<Self> {
        let file_system = observed.file_system.as_ref()?;
        let backup = observed.settings.get::<Backups>();
        let mut mount_targets: Vec<MountTargetView> = observed
            .mount_targets
            .iter()
            .map(|mt| MountTargetView {
                mount_target_id: mt.id.clone(),
                subnet_id: mt.subnet.clone(),
                availability_zone: mt.zone.clone(),
                ip_address: mt.ip.map(|ip| ip.to_string()),
                lifecycle_state: mt.state.clone(),
                security_groups: mt
                    .interface
                    .as_ref()
                    .and_then(|id| observed.interfaces.get(id))
                    .map(|interface| interface.security_groups.iter().cloned().collect()),
                network_interface_id: mt.interface.clone(),
            })
            .collect();
        mount_targets.sort_by(|a, b| {
            (&a.availability_zone, &a.mount_target_id)
                .cmp(&(&b.availability_zone, &b.mount_target_id))
        });
        Some(Self {
            number_of_mount_targets: u32::try_from(mount_targets.len()).unwrap_or(u32::MAX),
            mount_targets,
            security_group_id: observed
                .security_group
                .as_ref()
                .map(|group| group.id.clone()),
            lifecycle_policy: observed.settings.get::<Lifecycle>().cloned(),
            backup: backup.and_then(Backup::is_on),
            backup_status: backup.cloned(),
            policy: observed.settings.get::<Policy>().map(PolicyView::of),
            access_points: observed.access_points.as_deref().map(views),
            ..Self::bare(file_system)
        })
    }
}

fn views(points: &[AccessPoint]) -> Vec<AccessPointView> {
    let mut views: Vec<_> = points.iter().map(AccessPointView::of).collect();
    let key = |view: &AccessPointView| (view.path.clone(), view.access_point_id.clone());
    views.sort_by_key(key);
    views
}

fn rfc3339(seconds: i64) -> Option<String> {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(seconds).ok()?);
    Some(humantime::format_rfc3339_seconds(time).to_string())
}

/// The metered size as evidence: writes of the last hours may not be in it (EFS API reference, `FileSystemSize`: the value is the latest
/// known one, with the time at which it was determined).
pub fn metered(size: u64) -> String {
    format!("{} metered, up to hours old", bytes(size))
}

/// A number of bytes as people say it.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let mut amount = count as f64 / 1024.0;
    let mut unit = "KiB";
    for larger in UNITS.iter().skip(1) {
        if amount < 1024.0 {
            break;
        }
        amount /= 1024.0;
        unit = larger;
    }
    format!("{amount:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn bytes_are_told_in_the_unit_that_fits() {
        let cases = [
            (0, "0 B"),
            (1023, "1023 B"),
            (6144, "6.0 KiB"),
            (1 << 20, "1.0 MiB"),
            (5 << 40, "5.0 TiB"),
            (u64::MAX, "16384.0 PiB"),
        ];
        for (count, said) in cases {
            assert_eq!(bytes(count), said);
        }
    }
}
