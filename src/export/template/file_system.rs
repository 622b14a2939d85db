//! A file system with its settings, its mount targets and its access points.

use serde_json::{Value, json};

use super::super::held::{self, Notes, Transition};
use super::super::model::{ExportedFileSystem, ExportedMountTarget, ExportedRegion};
use super::{Properties, Stack, group_reference, reference, tag_list};
use crate::domain::access_point::AccessPoint;
use crate::domain::spec::IpType;
use crate::domain::tags::Tags;

impl Stack {
    pub(super) fn file_system(&mut self, region: &ExportedRegion, of: &ExportedFileSystem) {
        let id = of.file_system.id.as_str();
        let mut notes = Notes::new();
        if held::is_managed(of, &mut notes) {
            let properties = properties(of, &mut notes);
            let kind = ("AWS::EFS::FileSystem", "FileSystemId");
            self.put(kind, id, properties, notes);
        } else {
            self.say(id, notes);
        }
        let mut notes = Notes::new();
        let targets = held::read("mount targets", &of.mount_targets, &mut notes);
        for target in targets.into_iter().flatten() {
            self.mount_target(region, of, target);
        }
        let points = held::read("access points", &of.access_points, &mut notes);
        for point in points.into_iter().flatten() {
            self.access_point(of, point);
        }
        self.say(id, notes);
    }

    fn mount_target(
        &mut self,
        region: &ExportedRegion,
        of: &ExportedFileSystem,
        target: &ExportedMountTarget,
    ) {
        let shape = &target.mount_target;
        let id = shape.id.as_str();
        let mut notes = Notes::new();
        let stays = held::stays("mount target", &shape.state, &mut notes);
        // Without its groups there is no such resource: they are a property that it has to have.
        let attachment = stays
            .then(|| held::attachment(target, &mut notes))
            .flatten();
        let Some(attachment) = attachment else {
            if stays {
                notes.push(
                    "mount target, not exported: its security groups are not known".to_owned(),
                );
            }
            return self.say(id, notes);
        };
        let mut properties = Properties::default();
        let groups = attachment
            .groups
            .iter()
            .map(|id| group_reference(region, id));
        properties.set("FileSystemId", reference(of));
        properties.set("SubnetId", json!(shape.subnet));
        properties.set("SecurityGroups", groups.collect());
        if attachment.ip_type() != IpType::Ipv4 {
            properties.set("IpAddressType", json!(attachment.ip_type().as_str()));
        }
        for (name, address) in [
            ("IpAddress", attachment.ipv4),
            ("Ipv6Address", attachment.ipv6),
        ] {
            if let Some(address) = address {
                properties.set(name, json!(address));
            }
        }
        self.put(("AWS::EFS::MountTarget", "Id"), id, properties, notes);
    }

    fn access_point(&mut self, of: &ExportedFileSystem, point: &AccessPoint) {
        let id = point.id.as_str();
        let mut notes = Notes::new();
        if !held::stays("access point", &point.state, &mut notes) {
            return self.say(id, notes);
        }
        let mut properties = Properties::default();
        properties.set("FileSystemId", reference(of));
        if let Some(token) = held::token(point) {
            properties.set("ClientToken", json!(token));
        }
        if let Some(user) = &point.user {
            let mut posix = Properties::default();
            posix.set("Uid", json!(user.uid.to_string()));
            posix.set("Gid", json!(user.gid.to_string()));
            if !user.secondary_gids.is_empty() {
                let gids = user.secondary_gids.iter().map(ToString::to_string);
                posix.set("SecondaryGids", gids.collect());
            }
            properties.set("PosixUser", Value::Object(posix.0));
        }
        let mut root = Properties::default();
        root.set("Path", json!(point.path));
        if let Some(creation) = &point.creation {
            let info = json!({
                "OwnerUid": creation.owner_uid.to_string(),
                "OwnerGid": creation.owner_gid.to_string(),
                "Permissions": creation.permissions,
            });
            root.set("CreationInfo", info);
        }
        properties.set("RootDirectory", Value::Object(root.0));
        // The registry wants a value of at least one character, where EFS allows none.
        let tags = held::tags(&point.tags, &mut notes);
        let (empty, tags): (Tags, Tags) = tags.into_iter().partition(|(_, value)| value.is_empty());
        notes.extend(
            empty
                .keys()
                .map(|key| format!("tag without a value, not exported: {key}")),
        );
        if !tags.is_empty() {
            properties.set("AccessPointTags", tag_list(&tags));
        }
        self.put(
            ("AWS::EFS::AccessPoint", "AccessPointId"),
            id,
            properties,
            notes,
        );
    }
}

fn properties(of: &ExportedFileSystem, notes: &mut Notes) -> Properties {
    let fs = &of.file_system;
    let mut properties = Properties::default();
    if let Some(zone) = &fs.one_zone {
        properties.set("AvailabilityZoneName", json!(zone));
    }
    if let Some(encrypted) = fs.encrypted {
        properties.set("Encrypted", json!(encrypted));
    }
    if let Some(key) = &fs.kms_key_id {
        properties.set("KmsKeyId", json!(key));
    }
    match fs.performance.known() {
        Some(mode) => properties.set("PerformanceMode", json!(mode.as_str())),
        None => notes.push(format!(
            "performance mode, not exported: {}",
            fs.performance
        )),
    }
    if let Some(throughput) = held::throughput(of, notes) {
        properties.set("ThroughputMode", json!(throughput.as_str()));
        if let Some(mibps) = throughput.mibps() {
            properties.set("ProvisionedThroughputInMibps", json!(mibps));
        }
    }
    if let Some(transitions) = held::lifecycle(&of.lifecycle, notes).filter(|all| !all.is_empty()) {
        let element = |(to, word)| match to {
            Transition::Ia => json!({ "TransitionToIA": word }),
            Transition::Archive => json!({ "TransitionToArchive": word }),
            Transition::Primary => json!({ "TransitionToPrimaryStorageClass": word }),
        };
        properties.set(
            "LifecyclePolicies",
            transitions.into_iter().map(element).collect(),
        );
    }
    if let Some(is_on) = held::backup(of, notes) {
        let status = if is_on { "ENABLED" } else { "DISABLED" };
        properties.set("BackupPolicy", json!({ "Status": status }));
    }
    if let Some(Some(policy)) = held::read("the policy", &of.policy, notes) {
        match serde_json::from_str::<Value>(policy) {
            Ok(policy) => properties.set("FileSystemPolicy", policy),
            Err(error) => notes.push(format!("policy, not exported: {error}")),
        }
    }
    if let Some(protection) = held::protection(of, notes) {
        let protection = protection.as_str();
        properties.set(
            "FileSystemProtection",
            json!({ "ReplicationOverwriteProtection": protection }),
        );
    }
    if let Some((copy, region)) = held::copy(of, notes) {
        let destination = json!({ "FileSystemId": copy, "Region": region });
        properties.set(
            "ReplicationConfiguration",
            json!({ "Destinations": [destination] }),
        );
    }
    let tags = held::tags(&fs.tags, notes);
    if !tags.is_empty() {
        properties.set("FileSystemTags", tag_list(&tags));
    }
    notes.push(format!(
        "creation token, which a template cannot hold: {}",
        fs.creation_token
    ));
    properties
}
