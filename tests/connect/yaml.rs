//! The part of YAML that is written: blocks, plain words, JSON's quotes, and literal lines. Anything else is refused.

use serde_json::{Map, Value, json};

/// A document.
pub fn document(text: &str) -> Result<Value, String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut at = 0;
    let value = block(&mut lines, &mut at, 0)?;
    match lines.get(at) {
        None => Ok(value),
        Some(line) => Err(format!("not at that indentation: {line}")),
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_here(lines: &[String], at: usize, margin: usize) -> bool {
    lines
        .get(at)
        .is_some_and(|line| indent(line) == margin && !line.trim().is_empty())
}

fn block(lines: &mut Vec<String>, at: &mut usize, margin: usize) -> Result<Value, String> {
    if !is_here(lines, *at, margin) {
        return Err(format!("nothing at indentation {margin} in line {at}"));
    }
    if lines[*at][margin..].starts_with("- ") {
        let mut items = Vec::new();
        while is_here(lines, *at, margin) && lines[*at][margin..].starts_with("- ") {
            let rest = lines[*at][margin + 2..].to_owned();
            let is_scalar = !rest.starts_with("- ") && split(&rest).is_none();
            if is_scalar {
                *at += 1;
                items.push(scalar(&rest)?);
            } else {
                // The dash is a part of the margin.
                lines[*at] = format!("{:1$}{rest}", "", margin + 2);
                items.push(block(lines, at, margin + 2)?);
            }
        }
        return Ok(json!(items));
    }
    let mut members = Map::new();
    while is_here(lines, *at, margin) {
        let line = lines[*at][margin..].to_owned();
        let (key, rest) = split(&line).ok_or(format!("no key: {line}"))?;
        let key = scalar(key)?
            .as_str()
            .ok_or(format!("no text: {key}"))?
            .to_owned();
        *at += 1;
        let value = match rest {
            "" => block(lines, at, margin + 2)?,
            "|" => literal(lines, at, margin + 2),
            rest => scalar(rest)?,
        };
        if members.insert(key, value).is_some() {
            return Err(format!("twice: {line}"));
        }
    }
    Ok(members.into())
}

/// `key: rest`, or `key:`.
fn split(line: &str) -> Option<(&str, &str)> {
    let from = match line.strip_prefix('"') {
        Some(quoted) => quoted.find('"')? + 2,
        None => 0,
    };
    let colon = from + line[from..].find(':')?;
    let rest = &line[colon + 1..];
    match rest.strip_prefix(' ') {
        Some(rest) => Some((&line[..colon], rest)),
        None => rest.is_empty().then_some((&line[..colon], "")),
    }
}

fn literal(lines: &[String], at: &mut usize, margin: usize) -> Value {
    let mut text = String::new();
    while let Some(line) = lines.get(*at) {
        if !line.is_empty() && indent(line) < margin {
            break;
        }
        text += line.get(margin..).unwrap_or_default();
        text.push('\n');
        *at += 1;
    }
    json!(text)
}

fn scalar(text: &str) -> Result<Value, String> {
    if text.starts_with('"') || matches!(text, "[]" | "{}" | "true" | "false" | "null") {
        return serde_json::from_str(text).map_err(|error| format!("{text}: {error}"));
    }
    if let Ok(number) = text.parse::<i64>() {
        return Ok(json!(number));
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    let is_word = ["yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    if text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(is_plain)
        && !is_word
    {
        return Ok(json!(text));
    }
    Err(format!("not plain: {text}"))
}
