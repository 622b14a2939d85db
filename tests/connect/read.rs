//! Each form, read as strictly as its reader could: what it says, as a value.

use serde_json::{Map, Value, json};

use super::yaml;

/// The words of a line of a shell. Anything that a shell would act on is refused.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err(format!("an open quote: {line}")),
                    }
                }
            }
            '\\' => word
                .get_or_insert_default()
                .push(chars.next().ok_or("an open escape")?),
            c if c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c) => {
                word.get_or_insert_default().push(c);
            }
            c => return Err(format!("a shell acts on {c:?}: {line}")),
        }
    }
    words.extend(word);
    Ok(words)
}

fn lines(text: &str) -> Result<Vec<&str>, String> {
    let Some(body) = text.strip_suffix('\n') else {
        return Err("no line feed at the end".to_owned());
    };
    Ok(body.split('\n').collect())
}

/// What a form says.
pub fn read(form: &str, text: &str) -> Result<Value, String> {
    match form {
        "mount" => {
            let lines = lines(text)?.into_iter().map(words);
            Ok(json!(lines.collect::<Result<Vec<_>, _>>()?))
        }
        "docker" => docker(text),
        "fstab" => fstab(text),
        "systemd" => systemd(text),
        "env" => env(text),
        "compose" => yaml::document(text),
        "eks" => {
            let documents = text.split("---\n").map(yaml::document);
            Ok(json!(documents.collect::<Result<Vec<_>, _>>()?))
        }
        "cloud-init" => {
            let body = text
                .strip_prefix("#cloud-config\n")
                .ok_or("no cloud-config")?;
            yaml::document(body)
        }
        _ => {
            if !text.ends_with("}\n") {
                return Err("no line feed at the end".to_owned());
            }
            serde_json::from_str(text).map_err(|error| error.to_string())
        }
    }
}

/// Words; those of `--mount` split as CSV.
fn docker(text: &str) -> Result<Value, String> {
    let mut all = Vec::new();
    for line in lines(text)? {
        let mut read: Vec<Value> = Vec::new();
        let mut is_mount = false;
        for word in words(line)? {
            if is_mount {
                read.push(json!(csv(&word)?));
            } else {
                read.push(json!(word));
            }
            is_mount = word == "--mount";
        }
        all.push(json!(read));
    }
    Ok(json!(all))
}

fn csv(text: &str) -> Result<Vec<String>, String> {
    let (mut fields, mut field, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' if is_quoted || field.is_empty() => is_quoted = !is_quoted,
            '"' => return Err(format!("a quote within a field: {text}")),
            ',' if !is_quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if is_quoted {
        return Err(format!("an open quote: {text}"));
    }
    fields.push(field);
    Ok(fields)
}

fn fstab(text: &str) -> Result<Value, String> {
    let lines = lines(text)?;
    let [line] = lines.as_slice() else {
        return Err("one line".to_owned());
    };
    let fields: Vec<&str> = line.split(' ').collect();
    if fields.len() != 6 {
        return Err(format!("{} fields", fields.len()));
    }
    let read = fields.into_iter().map(octal);
    Ok(json!(read.collect::<Result<Vec<_>, _>>()?))
}

fn octal(field: &str) -> Result<String, String> {
    let mut parts = field.split('\\');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part
            .get(..3)
            .and_then(|code| u8::from_str_radix(code, 8).ok());
        text.push(char::from(code.ok_or(format!("no octal number: {field}"))?));
        text.push_str(&part[3..]);
    }
    Ok(text)
}

fn systemd(text: &str) -> Result<Value, String> {
    let mut units = Map::new();
    let (mut unit, mut section) = (String::new(), String::new());
    for line in lines(text)? {
        if let Some(name) = line.strip_prefix("# ") {
            unit = name.to_owned();
            section.clear();
            units.insert(unit.clone(), json!({}));
        } else if let Some(name) = line.strip_prefix('[') {
            section = name.strip_suffix(']').ok_or(line)?.to_owned();
            units[&unit][&section] = json!({});
        } else if let Some((key, value)) = line.split_once('=') {
            let keys = units.get_mut(&unit).ok_or("a key before a unit")?;
            let keys = keys[&section]
                .as_object_mut()
                .ok_or("a key before a section")?;
            if value.trim() != value || value.replace("%%", "").contains('%') {
                return Err(format!("not what systemd reads as it is: {line}"));
            }
            if keys
                .insert(key.to_owned(), json!(value.replace("%%", "%")))
                .is_some()
            {
                return Err(format!("twice: {line}"));
            }
        } else if !line.is_empty() {
            return Err(format!("neither a section nor a key: {line}"));
        }
    }
    Ok(units.into())
}

fn env(text: &str) -> Result<Value, String> {
    let mut all = Map::new();
    for line in lines(text)? {
        let (name, value) = line.split_once('=').ok_or(line)?;
        let value = words(value)?;
        let [value] = value.as_slice() else {
            return Err(format!("one value: {line}"));
        };
        if name.is_empty() || name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            return Err(format!("no name: {line}"));
        }
        if all.insert(name.to_owned(), json!(value)).is_some() {
            return Err(format!("twice: {line}"));
        }
    }
    Ok(all.into())
}
