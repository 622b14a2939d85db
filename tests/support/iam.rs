//! The ready-made policies of docs/IAM.md.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every action that the policy of that heading allows.
pub fn actions(policy: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/IAM.md"));
    let text = text.expect("the document");
    let heading = format!("## Policy: {policy}\n");
    let (_, after) = text.split_once(&heading).expect("the heading");
    let block = after.split("```").nth(1).expect("the policy");
    let policy: Value = serde_json::from_str(block.trim_start_matches("json")).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let names = statements.iter().flat_map(|one| match &one["Action"] {
        Value::Array(actions) => actions.clone(),
        one => vec![one.clone()],
    });
    names
        .map(|name| name.as_str().expect("an action").to_owned())
        .collect()
}
