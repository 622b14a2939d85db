//! A file system, and the settings of it that are resources of their own.

use super::super::hcl::{Body, Expression};
use super::super::held::{self, Notes, Transition};
use super::super::model::ExportedFileSystem;
use super::{FILE_SYSTEM, Resource, Writer, set_tags};

impl Writer<'_> {
    pub(super) fn file_system(&mut self, of: &ExportedFileSystem) {
        let id = of.file_system.id.as_str();
        let mut resource = Resource::default();
        if held::is_managed(of, &mut resource.notes) {
            let title = of.file_system.name.clone().unwrap_or_default();
            describe(of, &mut resource);
            self.put(FILE_SYSTEM, id, &title, resource);
            self.settings(of);
        } else {
            self.say(resource.notes);
        }
        let mut notes = Notes::new();
        if let Some(targets) = held::read(
            &format!("mount targets of {id}"),
            &of.mount_targets,
            &mut notes,
        ) {
            for target in targets {
                self.mount_target(of, target);
            }
        }
        if let Some(points) = held::read(
            &format!("access points of {id}"),
            &of.access_points,
            &mut notes,
        ) {
            for point in points {
                self.access_point(of, point);
            }
        }
        self.say(notes);
    }

    /// Policy, backups and replication: resources of their own, called by the id of the file system.
    fn settings(&mut self, of: &ExportedFileSystem) {
        let id = of.file_system.id.as_str();
        let mut notes = Notes::new();
        if let Some(Some(policy)) =
            held::read(&format!("the policy of {id}"), &of.policy, &mut notes)
        {
            let mut resource = Resource::default();
            resource.body.set("file_system_id", self.of(of));
            resource.body.set(
                "policy",
                match serde_json::from_str(policy) {
                    Ok(policy) => Expression::Json(Box::new(Expression::of_json(&policy))),
                    Err(_) => Expression::text(policy),
                },
            );
            self.put("aws_efs_file_system_policy", id, "", resource);
        }
        let mut told = Notes::new();
        match held::backup(of, &mut told) {
            Some(true) => {
                let mut status = Body::default();
                status.set("status", Expression::text("ENABLED"));
                let mut resource = Resource {
                    notes: told,
                    ..Resource::default()
                };
                resource.body.set("file_system_id", self.of(of));
                resource.body.block("backup_policy", &[], status);
                self.put("aws_efs_backup_policy", id, "", resource);
            }
            // The provider imports what DescribeBackupPolicy answers, and that is an error where backups were never on.
            Some(false) => {
                notes.extend(told);
                notes.push(format!(
                    "automatic backups of {id} are off: there is no aws_efs_backup_policy to import"
                ));
            }
            None => notes.extend(told),
        }
        let mut told = Notes::new();
        match held::copy(of, &mut told) {
            Some((copy, region)) => {
                let mut destination = Body::default();
                destination.set("file_system_id", Expression::text(&copy));
                destination.set("region", Expression::text(&region));
                let mut resource = Resource {
                    notes: told,
                    ..Resource::default()
                };
                resource.body.set("source_file_system_id", self.of(of));
                resource.body.block("destination", &[], destination);
                self.put("aws_efs_replication_configuration", id, "", resource);
            }
            None => notes.extend(told.into_iter().map(|note| format!("{id}: {note}"))),
        }
        self.say(notes);
    }
}

/// What is an argument of the file system itself.
fn describe(of: &ExportedFileSystem, resource: &mut Resource) {
    let fs = &of.file_system;
    let Resource {
        body,
        notes,
        ignored,
    } = resource;
    body.set("creation_token", Expression::text(&fs.creation_token));
    if let Some(zone) = &fs.one_zone {
        body.set("availability_zone_name", Expression::text(zone));
    }
    if let Some(encrypted) = fs.encrypted {
        body.set("encrypted", Expression::Bool(encrypted));
    }
    if let Some(key) = &fs.kms_key_id {
        body.set("kms_key_id", Expression::text(key));
    }
    match fs.performance.known() {
        Some(mode) => body.set("performance_mode", Expression::text(mode)),
        None => notes.push(format!(
            "performance mode, not exported: {}",
            fs.performance
        )),
    }
    if let Some(throughput) = held::throughput(of, notes) {
        body.set("throughput_mode", Expression::text(throughput.as_str()));
        if let Some(mibps) = throughput.mibps() {
            body.set(
                "provisioned_throughput_in_mibps",
                Expression::number(&mibps),
            );
        }
    } else {
        ignored.extend(["throughput_mode", "provisioned_throughput_in_mibps"]);
    }
    set_tags(body, &held::tags(&fs.tags, notes));
    if let Some(transitions) = held::lifecycle(&of.lifecycle, notes) {
        for (to, word) in transitions {
            let argument = match to {
                Transition::Ia => "transition_to_ia",
                Transition::Archive => "transition_to_archive",
                Transition::Primary => "transition_to_primary_storage_class",
            };
            let mut policy = Body::default();
            policy.set(argument, Expression::Text(word));
            body.block("lifecycle_policy", &[], policy);
        }
    } else {
        ignored.push("lifecycle_policy");
    }
    if let Some(protection) = held::protection(of, notes) {
        let mut block = Body::default();
        block.set("replication_overwrite", Expression::text(&protection));
        body.block("protection", &[], block);
    }
}
