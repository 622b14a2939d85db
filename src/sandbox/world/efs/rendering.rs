//! How AWS writes a policy that it is asked for: not as it was put, but anew, with two blanks for each level, a blank on
//! both sides of each colon, and lists on one line (cloud-custodian, eight recorded answers of `DescribeFileSystemPolicy`).

use serde_json::{Map, Value};

/// The members that come first, in this order; others follow as they were put.
const ORDER: [&str; 12] = [
    "Version",
    "Id",
    "Statement",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// A policy as `DescribeFileSystemPolicy` answers it. What is no JSON stays as it is.
pub(super) fn rendered(policy: &str) -> String {
    let Ok(value) = serde_json::from_str(policy) else {
        return policy.to_owned();
    };
    let mut text = String::new();
    write(&mut text, &value, 0, "");
    text
}

fn write(text: &mut String, value: &Value, level: usize, name: &str) {
    match value {
        Value::Object(members) => write_members(text, members, level),
        // A list of one is that one, except for statements.
        Value::Array(items) => match items.as_slice() {
            [one] if name != "Statement" && !one.is_object() => write(text, one, level, name),
            items => {
                text.push_str("[ ");
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { ", " });
                    write(text, item, level, "");
                }
                text.push_str(" ]");
            }
        },
        other => text.push_str(&other.to_string()),
    }
}

fn write_members(text: &mut String, members: &Map<String, Value>, level: usize) {
    let place = |name: &str| ORDER.iter().position(|known| *known == name);
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| place(name).unwrap_or(ORDER.len()));
    text.push('{');
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(level + 1));
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push_str(" : ");
        match (name.as_str(), value) {
            ("Statement", Value::Object(_)) => {
                text.push_str("[ ");
                write(text, value, level + 1, "");
                text.push_str(" ]");
            }
            _ => write(text, value, level + 1, name),
        }
    }
    text.push('\n');
    text.push_str(&"  ".repeat(level));
    text.push('}');
}

#[cfg(test)]
mod tests {
    use super::rendered;

    #[test]
    fn a_policy_is_written_anew() {
        let put = r#"{"Statement":{"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"],"Effect":"Allow","Principal":{"AWS":["*"]},"Condition":{"Bool":{"aws:SecureTransport":"true"}},"Sid":"a"},"Version":"2012-10-17"}"#;
        let expected = r#"{
  "Version" : "2012-10-17",
  "Statement" : [ {
    "Sid" : "a",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "*"
    },
    "Action" : [ "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite" ],
    "Condition" : {
      "Bool" : {
        "aws:SecureTransport" : "true"
      }
    }
  } ]
}"#;
        assert_eq!(rendered(put), expected);
        assert_eq!(rendered(expected), expected);
    }
}
