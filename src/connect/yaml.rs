//! YAML of typed values: what is not plain for every reader is in the quotes of JSON, which YAML 1.2 reads as they are.

use std::fmt::Write;

use serde_json::Value;

/// A document.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

/// What stands on lines of its own.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                let _ = write!(text, "{:indent$}{}:", "", scalar(key));
                follow(value, indent, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let mut inner = String::new();
                match item {
                    Value::Object(_) | Value::Array(_) => block(item, indent + 2, &mut inner),
                    item => {
                        follow(item, indent, &mut inner);
                        inner.insert_str(0, &" ".repeat(indent + 1));
                    }
                }
                // The dash stands in the margin of the first line.
                let first = inner.trim_start_matches(' ');
                let _ = write!(text, "{:indent$}- {first}", "");
            }
        }
        value => {
            let _ = writeln!(text, "{:indent$}{}", "", inline(value));
        }
    }
}

/// What stands behind a key or a dash.
fn follow(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('\n');
            block(value, indent + 2, text);
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            block(value, indent + 2, text);
        }
        Value::String(lines) if is_literal(lines) => {
            text.push_str(" |\n");
            for line in lines.lines() {
                let margin = if line.is_empty() { 0 } else { indent + 2 };
                let _ = writeln!(text, "{:margin$}{line}", "");
            }
        }
        value => {
            let _ = writeln!(text, " {}", inline(value));
        }
    }
}

/// Several lines that a literal block keeps as they are.
fn is_literal(text: &str) -> bool {
    let is_kept = |line: &str| !line.chars().any(char::is_control);
    text.ends_with('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n'])
        && text.lines().all(is_kept)
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        value => value.to_string(),
    }
}

/// A text: plain where no reader takes it for something else.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 10] = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan",
    ];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    let is_word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    if text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(is_plain)
        && !is_word
    {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use serde_json::json;

    #[test]
    fn values_keep_their_types_and_lines() {
        let value = json!({
            "a": ["x", {"k": "0755", "l": [1, true]}, [], ["in", "ner"]],
            "b": {"nothing": null, "yes": "yes", "path": "/mnt/e f s", "none": {}},
            "c": "#!/bin/sh\nif x; then\n  y\n\nfi\n",
            "d": "two\nlines",
        });
        assert_eq!(
            document(&value),
            "a:
  - x
  - k: \"0755\"
    l:
      - 1
      - true
  - []
  - - in
    - ner
b:
  none: {}
  nothing: null
  path: \"/mnt/e f s\"
  \"yes\": \"yes\"
c: |
  #!/bin/sh
  if x; then
    y

  fi
d: \"two\\nlines\"
"
        );
    }
}
