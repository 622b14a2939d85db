//! What `aws cloudformation create-change-set --change-set-type IMPORT` takes as `--resources-to-import`.

use serde_json::{Value, json};

use super::model::Export;
use super::template::stack;

pub(super) fn render(export: &Export) -> String {
    let resources = stack(export).resources.into_iter().map(|resource| {
        let identifier = resource.identifier;
        json!({
            "ResourceType": resource.kind,
            "LogicalResourceId": resource.name(),
            "ResourceIdentifier": { identifier: resource.id },
        })
    });
    let resources: Value = resources.collect();
    format!("{resources:#}\n")
}
