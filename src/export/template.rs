//! `CloudFormation`: what of an export is a resource of a stack, and with which properties.
//!
//! Types, properties and identifiers are those of the registry (`aws cloudformation describe-type`), which cfn-lint holds them against.

mod file_system;
mod group;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::held::{self, Notes};
use super::model::{Export, ExportedFileSystem, ExportedRegion};
use crate::domain::ids::SecurityGroupId;
use crate::domain::tags::Tags;

/// A resource of a stack.
pub(super) struct Resource {
    /// `AWS::EFS::FileSystem`.
    pub(super) kind: &'static str,
    /// The property that identifies it for an import.
    pub(super) identifier: &'static str,
    /// The id of what exists.
    pub(super) id: String,
    /// What it is like.
    pub(super) properties: Map<String, Value>,
}

impl Resource {
    /// What it is called in the template: its id, in letters and digits.
    pub(super) fn name(&self) -> String {
        logical(&self.id)
    }
}

fn logical(id: &str) -> String {
    let mut letters = id.chars().filter(char::is_ascii_alphanumeric);
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Properties, by name.
#[derive(Default)]
struct Properties(Map<String, Value>);

impl Properties {
    fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }
}

/// The resources of a stack, and sentences about what it lacks.
#[derive(Default)]
pub(super) struct Stack {
    pub(super) resources: Vec<Resource>,
    pub(super) notes: Notes,
}

/// The stack of an export.
pub(super) fn stack(export: &Export) -> Stack {
    let mut stack = Stack::default();
    for unseen in &export.unseen {
        let note = format!("{} could not be read: {}", unseen.region, unseen.why);
        stack.notes.push(note);
    }
    for region in &export.regions {
        if let Err(gap) = &region.groups {
            let note = held::unread("which security groups efsctl created", gap);
            stack.notes.push(note);
        }
        for of in &region.file_systems {
            stack.file_system(region, of);
        }
        for group in region.groups.iter().flat_map(BTreeMap::values) {
            stack.group(group);
        }
    }
    stack
}

impl Stack {
    fn put(
        &mut self,
        (kind, identifier): (&'static str, &'static str),
        id: &str,
        properties: Properties,
        notes: Notes,
    ) {
        self.say(id, notes);
        self.resources.push(Resource {
            kind,
            identifier,
            id: id.to_owned(),
            properties: properties.0,
        });
    }

    /// Sentences about something.
    fn say(&mut self, id: &str, notes: Notes) {
        let notes = notes.into_iter().map(|note| format!("{id}: {note}"));
        self.notes.extend(notes);
    }
}

/// A reference to a file system: by its resource, or by its id where it has none.
fn reference(of: &ExportedFileSystem) -> Value {
    let id = of.file_system.id.as_str();
    if held::is_managed(of, &mut Notes::new()) {
        json!({ "Ref": logical(id) })
    } else {
        json!(id)
    }
}

fn group_reference(region: &ExportedRegion, id: &SecurityGroupId) -> Value {
    let groups = region.groups.as_ref().ok();
    match groups.and_then(|groups| groups.get(id)) {
        Some(group) if group.group.description.is_some() => {
            json!({ "Fn::GetAtt": [logical(id.as_str()), "GroupId"] })
        }
        _ => json!(id),
    }
}

fn tag_list(tags: &Tags) -> Value {
    let tag = |(key, value)| json!({ "Key": key, "Value": value });
    tags.iter().map(tag).collect()
}
