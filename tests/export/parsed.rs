//! A configuration of Terraform, as an HCL parser reads it, held against what the provider takes.

use std::collections::{BTreeMap, BTreeSet};

use hcl::{Block, Body, Structure};
use serde_json::Value;

/// Type and id.
pub type Imported = (String, String);

/// A configuration.
pub struct Parsed {
    /// By address.
    pub resources: BTreeMap<String, Body>,
    /// Address and id.
    pub imports: Vec<(String, String)>,
}

pub fn schema() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/schemas/terraform-aws.json"
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

impl Parsed {
    /// Parses a configuration, and holds it against the provider.
    pub fn of(text: &str) -> Self {
        let body = hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let mut parsed = Self {
            resources: BTreeMap::new(),
            imports: Vec::new(),
        };
        for structure in body {
            let Structure::Block(block) = structure else {
                panic!("an attribute at the top: {structure:?}");
            };
            let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
            match (block.identifier.as_str(), labels.as_slice()) {
                ("import", []) => {
                    let id = attribute(&block.body, "id").trim_matches('"').to_owned();
                    parsed.imports.push((attribute(&block.body, "to"), id));
                }
                ("resource", [kind, name]) => {
                    let address = format!("{kind}.{name}");
                    check_resource(kind, &block.body);
                    let twice = parsed.resources.insert(address.clone(), block.body.clone());
                    assert!(twice.is_none(), "{address} is there twice");
                }
                other => panic!("{other:?}"),
            }
        }
        parsed.check_addresses();
        parsed
    }

    /// Types and ids of the imports.
    pub fn imported(&self) -> Vec<Imported> {
        let one =
            |(to, id): &(String, String)| (to.split('.').next().unwrap().to_owned(), id.clone());
        let mut imported: Vec<_> = self.imports.iter().map(one).collect();
        imported.sort();
        imported
    }

    /// One import for each resource, and no reference to what is not there.
    fn check_addresses(&self) {
        let mut imported: Vec<&str> = self.imports.iter().map(|(to, _)| to.as_str()).collect();
        imported.sort_unstable();
        let resources: Vec<&str> = self.resources.keys().map(String::as_str).collect();
        assert_eq!(imported, resources);
        let ids: BTreeSet<Imported> = self.imported().into_iter().collect();
        assert_eq!(ids.len(), self.imports.len(), "an id is imported twice");
        for (address, body) in &self.resources {
            let text = hcl::format::to_string(body).unwrap();
            let is_outside = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '"'));
            let named = text
                .split(is_outside)
                .filter(|word| word.starts_with("aws_"));
            for reference in named {
                let named = reference.strip_suffix(".id").expect("the id of a resource");
                assert!(self.resources.contains_key(named), "{address}: {reference}");
            }
        }
    }
}

/// An attribute, as it is written.
pub fn attribute(body: &Body, key: &str) -> String {
    let mut attributes = body.attributes();
    let found = attributes.find(|attribute| attribute.key.as_str() == key);
    found.map_or_else(String::new, |attribute| attribute.expr.to_string())
}

fn check_resource(kind: &str, body: &Body) {
    let schema = schema();
    let arguments = &schema["resources"][kind];
    assert!(arguments.is_object(), "no such resource: {kind}");
    let is_lifecycle = |block: &&Block| block.identifier.as_str() == "lifecycle";
    if let Some(lifecycle) = body.blocks().find(is_lifecycle) {
        let ignored = attribute(&lifecycle.body, "ignore_changes");
        let names = ignored.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        for name in names.filter(|name| !name.is_empty()) {
            assert!(arguments[name].is_object(), "{kind} has no {name}");
        }
    }
    let mut own = Body::builder();
    for structure in body.iter() {
        if !matches!(structure, Structure::Block(block) if is_lifecycle(&block)) {
            own = own.add_structure(structure.clone());
        }
    }
    check_arguments(kind, &own.build(), arguments);
}

/// Every argument exists, and those that are required are there.
fn check_arguments(place: &str, body: &Body, schema: &Value) {
    let mut named = BTreeSet::new();
    for attribute in body.attributes() {
        let name = attribute.key.as_str();
        let argument = &schema[name];
        assert!(
            argument.is_object() && argument["block"].is_null(),
            "{place}: argument {name}"
        );
        assert!(named.insert(name), "{place}: {name} twice");
    }
    for block in body.blocks() {
        let name = block.identifier.as_str();
        assert!(schema[name]["block"].is_object(), "{place}: block {name}");
        check_arguments(
            &format!("{place}.{name}"),
            &block.body,
            &schema[name]["block"],
        );
        named.insert(name);
    }
    for (name, argument) in schema.as_object().unwrap() {
        assert!(
            argument["required"] == false || named.contains(name.as_str()),
            "{place} lacks {name}"
        );
    }
}

#[test]
fn an_argument_that_the_provider_does_not_have_is_noticed() {
    let resource = |arguments: &str| {
        format!(
            "import {{\n  to = aws_efs_backup_policy.a\n  id = \"fs-1\"\n}}\nresource \"aws_efs_backup_policy\" \"a\" {{\n{arguments}\n}}\n"
        )
    };
    let good = "file_system_id = \"fs-1\"\nbackup_policy {\n  status = \"ENABLED\"\n}";
    assert_eq!(Parsed::of(&resource(good)).resources.len(), 1);
    for bad in [
        "file_system_id = \"fs-1\"",
        "file_system_id = \"fs-1\"\nbackup_policy {\n  state = \"ENABLED\"\n}",
        "file_system_id = \"fs-1\"\nbackup_policy {\n  status = 1\n}\ntags = {}",
        "file_system_id = aws_efs_file_system.b.id\nbackup_policy {\n  status = 1\n}",
        "file_system_id = \"fs-1\"\nbackup_policy {\n  status = 1\n}\nlifecycle {\n  ignore_changes = [tags]\n}",
    ] {
        let refused = std::panic::catch_unwind(|| Parsed::of(&resource(bad)));
        assert!(refused.is_err(), "{bad}");
    }
}
