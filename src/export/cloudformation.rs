//! A template of `CloudFormation`. Deleting its stack keeps everything; so does taking a resource out of it.

use serde_json::{Map, Value, json};

use super::model::Export;
use super::template::stack;

pub(super) fn render(export: &Export) -> String {
    let stack = stack(export);
    let resources = stack.resources.into_iter().map(|resource| {
        let name = resource.name();
        let shape = json!({
            "Type": resource.kind,
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": resource.properties,
        });
        (name, shape)
    });
    let resources: Map<String, Value> = resources.collect();
    let regions = export.regions.iter().map(|region| region.region.as_str());
    let regions: Vec<&str> = regions.collect();
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("Amazon EFS in {}, exported by efsctl", regions.join(", ")),
        "Metadata": { "efsctl": { "NotInThisTemplate": stack.notes } },
        "Resources": resources,
    });
    format!("{template:#}\n")
}
