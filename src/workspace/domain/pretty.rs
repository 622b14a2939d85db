//! JSON as Python's `json.dumps(…, indent=2)` writes it.

/// A string, quoted: what is not printable ASCII is escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        escape(character, &mut out);
    }
    out.push('"');
    out
}

fn escape(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        ' '..='~' => out.push(character),
        other => {
            use std::fmt::Write as _;
            for unit in other.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}

/// Valid JSON with two spaces for each level from `depth` on. Numbers and the order of keys stay as they are.
pub fn indented(json: &str, depth: usize) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = depth;
    let mut letters = json.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                out.push('"');
                while let Some(inside) = letters.next() {
                    match inside {
                        '"' => break,
                        '\\' => {
                            out.push('\\');
                            out.extend(letters.next());
                        }
                        other => escape(other, &mut out),
                    }
                }
                out.push('"');
            }
            '{' | '[' => {
                out.push(letter);
                while letters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(close) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            white if white.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_writes_it() {
        assert_eq!(
            quoted("a\"\\\n\u{1}\u{7f}é😀"),
            r#""a\"\\\n\u0001\u007f\u00e9\ud83d\ude00""#
        );
        let json = r#"{"b":[1,2.50,{}],"a":{"x":"é, {\"}", "y":[ ]},"e":"\ud800"}"#;
        let expected = "{\n  \"b\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"a\": {\n    \"x\": \"\\u00e9, {\\\"}\",\n    \"y\": []\n  },\n  \"e\": \"\\ud800\"\n}";
        assert_eq!(indented(json, 0), expected);
        assert_eq!(indented(expected, 0), expected);
    }
}
