//! The JSON Schema of a manifest, for editors.

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Shape};

/// The schema, as text.
pub fn schema() -> String {
    let settings = || KEYS.iter().filter(|key| !key.is_of_creation);
    let described = |key: &str, about: &str, keys: &mut dyn Iterator<Item = &'static Key>| {
        let mut properties = properties(keys);
        properties.insert(
            key.to_owned(),
            json!({"type": "string", "description": about}),
        );
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": [key],
            "properties": properties,
        })
    };
    let by_name = described(
        "name",
        "Created where it is missing: 1 to 50 letters, digits, `.`, `_`, `-`",
        &mut KEYS.iter(),
    );
    let by_id = described(
        "id",
        "A file system that exists, also of another tool; never created or deleted",
        &mut settings(),
    );
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A manifest of efsctl",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "$schema": {"type": "string"},
            "defaults": {
                "type": "object",
                "description": "Values of keys that a file system does not give",
                "additionalProperties": false,
                "properties": properties(&mut KEYS.iter()),
            },
            "file_system": {
                "type": "array",
                "description": "The file systems",
                "items": {"oneOf": [by_name, by_id]},
            },
        },
    });
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn properties(keys: &mut dyn Iterator<Item = &'static Key>) -> Map<String, Value> {
    let property = |key: &Key| {
        let mut value = shape(&key.shape);
        if let Value::Object(value) = &mut value {
            value.insert("description".to_owned(), key.about.into());
        }
        (key.name.to_owned(), value)
    };
    keys.map(property).collect()
}

fn shape(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({"type": "string"}),
        Shape::Texts => json!({"oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}},
        ]}),
        Shape::Words(words) => json!({"enum": words()}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Switch => json!({"enum": ["on", "off", true, false]}),
        Shape::Whole(most) => json!({"type": "integer", "minimum": 1, "maximum": most}),
        Shape::Tags => json!({"type": "object", "additionalProperties": {"type": "string"}}),
    }
}
