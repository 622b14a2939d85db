//! Terraform: resources of the provider `hashicorp/aws`, and a block that imports each.
//!
//! Arguments and ids of imports are those of version 6.25.0 of the provider; of its sources `internal/service/efs` and
//! `internal/service/ec2/vpc_security_group_*_rule.go`. A resource is called by its id: its address stays the same whatever else is exported.

mod file_system;
mod group;
mod parts;

use std::collections::{BTreeMap, BTreeSet};

use super::hcl::{Body, Expression};
use super::held::{self, Notes};
use super::model::{Export, ExportedFileSystem, ExportedRegion};
use crate::domain::ids::SecurityGroupId;
use crate::domain::tags::Tags;

const FILE_SYSTEM: &str = "aws_efs_file_system";

pub(super) fn render(export: &Export) -> String {
    let mut file = Body::default();
    let regions = export.regions.iter().map(|region| region.region.as_str());
    let regions: Vec<&str> = regions.collect();
    let several = regions.len() > 1;
    file.comment(match regions.as_slice() {
        [] => "Amazon EFS, exported by efsctl: there is no file system.".to_owned(),
        regions => format!("Amazon EFS in {}, exported by efsctl.", regions.join(", ")),
    });
    file.comment(if several {
        "For Terraform 1.5 or later and the provider hashicorp/aws 6.0 or later, with credentials of this account."
    } else {
        "For Terraform 1.5 or later and the provider hashicorp/aws, in this account and region."
    });
    file.comment("`terraform plan` shows what an import would change.");
    for unseen in &export.unseen {
        file.comment(format!(
            "{} could not be read: {}",
            unseen.region, unseen.why
        ));
    }
    let twice = twice(export);
    for region in &export.regions {
        let mut writer = Writer {
            region,
            several,
            twice: &twice,
            file: &mut file,
        };
        writer.region();
    }
    file.render()
}

/// Ids that occur in several regions: their names need the region.
fn twice(export: &Export) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for region in &export.regions {
        let systems = region.file_systems.iter();
        let mut ids: BTreeSet<String> = systems
            .clone()
            .map(|one| one.file_system.id.to_string())
            .collect();
        for one in systems {
            let targets = one.mount_targets.iter().flatten();
            ids.extend(targets.map(|target| target.mount_target.id.to_string()));
            let points = one.access_points.iter().flatten();
            ids.extend(points.map(|point| point.id.to_string()));
        }
        for (id, group) in region.groups.iter().flatten() {
            ids.insert(id.to_string());
            ids.extend(group.rules.iter().flatten().map(|rule| rule.id.to_string()));
        }
        for id in ids {
            if !seen.insert(id.clone()) {
                twice.insert(id);
            }
        }
    }
    twice
}

struct Writer<'e> {
    region: &'e ExportedRegion,
    several: bool,
    twice: &'e BTreeSet<String>,
    file: &'e mut Body,
}

/// Arguments, and sentences about what they lack.
#[derive(Default)]
struct Resource {
    body: Body,
    notes: Notes,
    /// Arguments whose values are not known: Terraform would replace what is there by its default.
    ignored: Vec<&'static str>,
}

impl Writer<'_> {
    fn region(&mut self) {
        if let Err(gap) = &self.region.groups {
            let what = format!(
                "which security groups in {} efsctl created",
                self.region.region
            );
            self.file.comment(held::unread(&what, gap));
        }
        for of in &self.region.file_systems {
            self.file_system(of);
        }
        for group in self.region.groups.iter().flat_map(BTreeMap::values) {
            self.group(group);
        }
    }

    /// What a resource is called: its id, as a name of Terraform.
    fn name(&self, id: &str) -> String {
        let region = self
            .twice
            .contains(id)
            .then(|| format!("_{}", self.region.region));
        let whole = id.to_owned() + region.as_deref().unwrap_or_default();
        whole
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect()
    }

    /// A reference to a file system: by its resource, or by its id where it has none.
    fn of(&self, of: &ExportedFileSystem) -> Expression {
        if held::is_managed(of, &mut Notes::new()) {
            self.reference(FILE_SYSTEM, of.file_system.id.as_str())
        } else {
            Expression::text(&of.file_system.id)
        }
    }

    fn group_reference(&self, id: &SecurityGroupId) -> Expression {
        let groups = self.region.groups.as_ref().ok();
        match groups.and_then(|groups| groups.get(id)) {
            Some(group) if group.group.description.is_some() => {
                self.reference("aws_security_group", id.as_str())
            }
            _ => Expression::text(id),
        }
    }

    fn reference(&self, kind: &str, id: &str) -> Expression {
        Expression::Bare(format!("{kind}.{}.id", self.name(id)))
    }

    /// A resource, and the block that imports what exists into it.
    fn put(&mut self, kind: &str, id: &str, title: &str, resource: Resource) {
        let name = self.name(id);
        let mut import = Body::default();
        import.set("to", Expression::Bare(format!("{kind}.{name}")));
        let region = &self.region.region;
        // The provider reads the region of what is imported from its id ("Enhanced Region Support").
        let id = if self.several {
            format!("{id}@{region}")
        } else {
            id.to_owned()
        };
        import.set("id", Expression::Text(id));
        let mut body = Body::default();
        body.comments(resource.notes);
        if self.several {
            body.set("region", Expression::text(region));
        }
        body.append(resource.body);
        let mut lifecycle = Body::default();
        if kind == FILE_SYSTEM {
            lifecycle.set("prevent_destroy", Expression::Bool(true));
        }
        if !resource.ignored.is_empty() {
            let ignored = resource.ignored.into_iter();
            let ignored = ignored.map(|name| Expression::Bare(name.to_owned()));
            lifecycle.set("ignore_changes", Expression::List(ignored.collect()));
        }
        if !lifecycle.is_empty() {
            body.block("lifecycle", &[], lifecycle);
        }
        self.file.gap();
        if !title.is_empty() {
            self.file.comment(title);
        }
        self.file.block("import", &[], import);
        self.file.block("resource", &[kind, &name], body);
    }

    /// Sentences about something that has no resource.
    fn say(&mut self, notes: Notes) {
        if !notes.is_empty() {
            self.file.gap();
            self.file.comments(notes);
        }
    }
}

fn set_tags(body: &mut Body, tags: &Tags) {
    if !tags.is_empty() {
        let tags = tags.iter();
        let tags = tags.map(|(key, value)| (key.clone(), Expression::text(value)));
        body.set("tags", Expression::Object(tags.collect()));
    }
}
