//! The language of Terraform, as `terraform fmt` writes it (HCL native syntax specification).

use std::fmt::Write;

use serde_json::Value;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Text(String),
    Number(String),
    Bool(bool),
    /// `aws_efs_file_system.fs_0123.id`, or another word that stands as it is.
    Bare(String),
    List(Vec<Expression>),
    Object(Vec<(String, Expression)>),
    /// `jsonencode(…)`.
    Json(Box<Expression>),
}

/// What is between the braces of a block.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Body(Vec<Item>);

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Attribute(&'static str, Expression),
    Block(&'static str, Vec<String>, Body),
    Comment(String),
    Blank,
}

/// The longest list on one line.
const LINE: usize = 80;

impl Expression {
    pub(super) fn text(text: &(impl ToString + ?Sized)) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn number(number: &impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// A value of JSON, which is one of HCL.
    pub(super) fn of_json(value: &Value) -> Self {
        match value {
            Value::Null => Self::Bare("null".to_owned()),
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::of_json).collect()),
            Value::Object(members) => {
                let member = |(key, value): (&String, &Value)| (key.clone(), Self::of_json(value));
                Self::Object(members.iter().map(member).collect())
            }
        }
    }

    fn render(&self, depth: usize) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(word) | Self::Bare(word) => word.clone(),
            Self::Bool(value) => value.to_string(),
            Self::List(items) => list(items, depth),
            Self::Object(members) if members.is_empty() => "{}".to_owned(),
            Self::Object(members) => {
                let mut lines = String::from("{\n");
                let members = members.iter();
                let members =
                    members.map(|(key, value)| (object_key(key), value.render(depth + 1)));
                let members: Vec<_> = members.collect();
                assignments(&members, depth + 1, &mut lines);
                lines + &"  ".repeat(depth) + "}"
            }
            Self::Json(value) => format!("jsonencode({})", value.render(depth)),
        }
    }
}

impl Body {
    pub(super) fn set(&mut self, name: &'static str, value: Expression) {
        self.0.push(Item::Attribute(name, value));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.0.push(Item::Blank);
    }

    pub(super) fn comment(&mut self, text: impl Into<String>) {
        self.0.push(Item::Comment(text.into()));
    }

    pub(super) fn comments(&mut self, texts: impl IntoIterator<Item = String>) {
        self.0.extend(texts.into_iter().map(Item::Comment));
    }

    pub(super) fn block(&mut self, kind: &'static str, labels: &[&str], body: Self) {
        let labels = labels.iter().map(ToString::to_string).collect();
        self.0.push(Item::Block(kind, labels, body));
    }

    /// A file.
    pub(super) fn render(&self) -> String {
        let mut text = String::new();
        self.lines(0, &mut text);
        text
    }

    fn lines(&self, depth: usize, text: &mut String) {
        let indent = "  ".repeat(depth);
        let mut run: Vec<(String, String)> = Vec::new();
        let mut before = None;
        for item in &self.0 {
            if let Item::Attribute(name, value) = item {
                run.push(((*name).to_owned(), value.render(depth)));
                before = Some(item);
                continue;
            }
            assignments(&std::mem::take(&mut run), depth, text);
            let is_apart = matches!(
                (before, item),
                (_, Item::Blank)
                    | (Some(Item::Block(..)), _)
                    | (Some(Item::Attribute(..)), Item::Block(..))
            );
            if is_apart && before.is_some_and(|before| *before != Item::Blank) {
                text.push('\n');
            }
            match item {
                Item::Attribute(..) | Item::Blank => {}
                Item::Comment(sentence) => {
                    let line = format!("{indent}# {}", one_line(sentence));
                    _ = writeln!(text, "{}", line.trim_end());
                }
                Item::Block(kind, labels, body) => {
                    let labels = labels.iter().map(|label| format!(" {}", quoted(label)));
                    _ = writeln!(text, "{indent}{kind}{} {{", labels.collect::<String>());
                    body.lines(depth + 1, text);
                    _ = writeln!(text, "{indent}}}");
                }
            }
            before = Some(item);
        }
        assignments(&run, depth, text);
    }
}

/// Names and values, a line each; equals signs of lines that follow each other are aligned, unless a value takes several lines.
fn assignments(pairs: &[(String, String)], depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let is_short = |value: &String| !value.contains('\n');
    for run in pairs.chunk_by(|(_, one), (_, next)| is_short(one) && is_short(next)) {
        let width = run.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in run {
            _ = writeln!(text, "{indent}{name:width$} = {value}");
        }
    }
}

fn list(items: &[Expression], depth: usize) -> String {
    let is_plain = |item: &Expression| {
        !matches!(
            item,
            Expression::List(_) | Expression::Object(_) | Expression::Json(_)
        )
    };
    let rendered: Vec<String> = items.iter().map(|item| item.render(depth + 1)).collect();
    let line = format!("[{}]", rendered.join(", "));
    if items.iter().all(is_plain) && line.len() <= LINE {
        return line;
    }
    let indent = "  ".repeat(depth + 1);
    let mut lines = String::from("[\n");
    for item in rendered {
        _ = writeln!(lines, "{indent}{item},");
    }
    lines + &"  ".repeat(depth) + "]"
}

/// A key of an object: a name, or a text. In a text everything but ASCII is escaped, because `terraform fmt` aligns by what a terminal shows.
fn object_key(key: &str) -> String {
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name && !matches!(key, "for" | "true" | "false" | "null" | "if" | "in") {
        return key.to_owned();
    }
    quoted_with(key, |c| !c.is_ascii())
}

/// A text in quotes: no part of it is a template.
fn quoted(text: &str) -> String {
    quoted_with(text, is_invisible)
}

/// What a reader of the file would not see, or would see in another order.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}')
}

fn quoted_with(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut quoted = String::from('"');
    let mut rest = text.chars().peekable();
    let mut before = None;
    while let Some(c) = rest.next() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // The beginning of a template is doubled. After the same sign the doubling would be read otherwise.
            '$' | '%' if rest.peek() == Some(&'{') && before == Some(c) => {
                _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            '$' | '%' if rest.peek() == Some(&'{') => quoted.extend([c, c]),
            c if c.is_control() || is_escaped(c) => match u32::from(c) {
                code @ ..=0xffff => _ = write!(quoted, "\\u{code:04x}"),
                code => _ = write!(quoted, "\\U{code:08x}"),
            },
            c => quoted.push(c),
        }
        before = Some(c);
    }
    quoted.push('"');
    quoted
}

/// On one line of a comment.
pub(super) fn one_line(text: &str) -> String {
    let visible = |c: char| {
        if c.is_control() || is_invisible(c) {
            ' '
        } else {
            c
        }
    };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use hcl::eval::Context;
    use proptest::prelude::*;

    use super::*;

    /// What Terraform reads of an argument.
    fn read_back(value: Expression) -> serde_json::Value {
        let mut body = Body::default();
        body.set("a", value);
        let read: serde_json::Value = hcl::eval::from_str(&body.render(), &Context::new()).unwrap();
        read["a"].clone()
    }

    #[test]
    fn a_template_in_a_text_is_none() {
        for (text, wanted) in [
            ("a", "\"a\""),
            ("${a}", "\"$${a}\""),
            ("%{ if }", "\"%%{ if }\""),
            ("$${a}", "\"$\\u0024{a}\""),
            ("$ { 100% $", "\"$ { 100% $\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("1\n2\t3\r\u{7}", "\"1\\n2\\t3\\r\\u0007\""),
            ("\u{202e}\u{feff}é\u{1f5c4}", "\"\\u202e\\ufeffé\u{1f5c4}\""),
        ] {
            assert_eq!(quoted(text), wanted);
            assert_eq!(read_back(Expression::text(text)), text, "{wanted}");
        }
    }

    #[test]
    fn what_is_no_name_is_a_key_in_quotes() {
        for (key, wanted) in [
            ("Name", "Name"),
            ("a_1", "a_1"),
            ("efsctl:name", "\"efsctl:name\""),
            ("1a", "\"1a\""),
            ("for", "\"for\""),
            ("null", "\"null\""),
            ("", "\"\""),
            ("é", "\"\\u00e9\""),
            ("${a}", "\"$${a}\""),
        ] {
            assert_eq!(object_key(key), wanted);
        }
    }

    #[test]
    fn lines_that_follow_each_other_are_aligned() {
        let mut inner = Body::default();
        inner.set("b", Expression::Bool(true));
        let mut body = Body::default();
        body.comment("one\nline ");
        body.set("long_name", Expression::number(&1));
        body.set("a", Expression::Bare("x.y".to_owned()));
        let members = [("k", "v"), ("longer", "w")];
        let members = members.map(|(key, value)| (key.to_owned(), Expression::text(value)));
        body.set("m", Expression::Object(members.to_vec()));
        body.set("l", Expression::List(vec![Expression::Object(Vec::new())]));
        body.block("c", &["d\"e"], inner);
        body.gap();
        body.gap();
        body.comment("");
        let text = "# one line\nlong_name = 1\na         = x.y\nm = {\n  k      = \"v\"\n  longer = \"w\"\n}\nl = [\n  {},\n]\n\nc \"d\\\"e\" {\n  b = true\n}\n\n#\n";
        assert_eq!(body.render(), text);
    }

    proptest! {
        #[test]
        fn every_text_is_read_as_it_is(text in "\\PC*|[$%{}\\\\\"\n\t a-c]{0,12}|[\\x00-\\x{2100}]{0,12}") {
            prop_assert_eq!(read_back(Expression::text(&text)), text.as_str());
            let member = vec![(text.clone(), Expression::Bool(true))];
            let object = read_back(Expression::Object(member));
            prop_assert_eq!(object, serde_json::json!({ text: true }));
        }
    }
}
