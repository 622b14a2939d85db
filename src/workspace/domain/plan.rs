//! `plan.json`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::pretty::indented;

/// A plan as it is sent: a list of tasks, and what else its author notes.
#[derive(Debug, Deserialize)]
#[expect(
    clippy::zero_sized_map_values,
    reason = "only that it is an object is checked"
)]
pub struct Plan {
    tasks: Vec<Box<RawValue>>,
    #[serde(default)]
    metadata: Option<std::collections::HashMap<String, serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, default)]
    metadata: Option<&'a RawValue>,
}

impl Plan {
    /// The file, from the body of a request: `{"tasks": […], "metadata": {…}}`, two spaces a level.
    ///
    /// # Errors
    ///
    /// No JSON, or no plan.
    pub fn render(body: &str) -> Result<String, serde_json::Error> {
        let plan: Self = serde_json::from_str(body)?;
        let raw: Metadata<'_> = serde_json::from_str(body)?;
        let tasks: Vec<&str> = plan.tasks.iter().map(|task| task.get()).collect();
        let metadata = match (&plan.metadata, raw.metadata) {
            (Some(_), Some(raw)) => raw.get(),
            _ => "{}",
        };
        let whole = format!(
            "{{\"tasks\":[{}],\"metadata\":{metadata}}}",
            tasks.join(",")
        );
        Ok(indented(&whole, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_keeps_its_tasks_as_they_are() {
        let plan = Plan::render(
            r#"{"metadata":{"z":1,"a":"é"},"tasks":[{"name":"S","files":["b","a"]}]}"#,
        )
        .unwrap();
        assert_eq!(
            plan,
            "{\n  \"tasks\": [\n    {\n      \"name\": \"S\",\n      \"files\": [\n        \"b\",\n        \"a\"\n      ]\n    }\n  ],\n  \"metadata\": {\n    \"z\": 1,\n    \"a\": \"\\u00e9\"\n  }\n}"
        );
        let bare = "{\n  \"tasks\": [],\n  \"metadata\": {}\n}";
        assert_eq!(Plan::render(r#"{"tasks":[]}"#).unwrap(), bare);
        assert_eq!(
            Plan::render(r#"{"tasks":[],"metadata":null}"#).unwrap(),
            bare
        );
        for wrong in [
            r#"{"tasks":{}}"#,
            r#"{"tasks":null}"#,
            "{}",
            r#"{"tasks":[],"metadata":[]}"#,
            "[]",
            "1",
        ] {
            assert!(Plan::render(wrong).unwrap_err().is_data(), "{wrong}");
        }
    }
}
