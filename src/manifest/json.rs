//! A manifest in JSON. `serde_json` tells where its raw values lie in the text, which is how they get their places.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::node::{Member, Mistake, Node, Value};

/// The members of the whole file.
pub(super) fn parse(text: &str) -> Result<Vec<Member>, Mistake> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| refused(text, &error))?;
    let root = node(text, raw)?;
    match root.value {
        Value::Table(members) => Ok(members),
        other => Err(Mistake {
            at: root.at,
            sentence: format!("expected an object, found {}", other.kind()).into(),
        }),
    }
}

fn refused(text: &str, error: &serde_json::Error) -> Mistake {
    let before = text.split_inclusive('\n').take(error.line() - 1);
    let at = before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    Mistake {
        at: at.min(text.len()),
        sentence: error.to_string().into(),
    }
}

fn node(text: &str, raw: &RawValue) -> Result<Node, Mistake> {
    let json = raw.get();
    let at = offset(text, json);
    let broken = |error: serde_json::Error| Mistake {
        at,
        sentence: error.to_string().into(),
    };
    let value = match json.bytes().next() {
        Some(b'{') => {
            let Object(members) = serde_json::from_str(json).map_err(broken)?;
            let members = members.into_iter().map(|(key, raw)| {
                let node = node(text, raw)?;
                let at = key_before(text, node.at);
                Ok(Member { at, key, node })
            });
            let members = members.collect::<Result<Vec<_>, Mistake>>()?;
            twice(&members)?;
            Value::Table(members)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json).map_err(broken)?;
            let items = items.into_iter().map(|raw| node(text, raw));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        Some(b'"') => Value::Text(serde_json::from_str(json).map_err(broken)?),
        Some(b't') => Value::Flag(true),
        Some(b'f') => Value::Flag(false),
        Some(b'n') => Value::Other("null"),
        _ => serde_json::from_str(json).map_or(Value::Other("a fraction"), Value::Whole),
    };
    Ok(Node { at, value })
}

/// Where a part of the text begins.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

/// Where the key of a value begins: at the quote before the one that ends it.
fn key_before(text: &str, value: usize) -> usize {
    let before = text.get(..value).unwrap_or_default();
    let end = before.rfind('"').unwrap_or_default();
    let key = before.get(..end).unwrap_or_default();
    let is_quote = |(at, _): &(usize, &str)| {
        let before = key.get(..*at).unwrap_or_default();
        let escapes = before.len() - before.trim_end_matches('\\').len();
        escapes % 2 == 0
    };
    let quote = key.rmatch_indices('"').find(is_quote);
    quote.map_or(value, |(at, _)| at)
}

fn twice(members: &[Member]) -> Result<(), Mistake> {
    let mut seen = std::collections::BTreeSet::new();
    match members.iter().find(|member| !seen.insert(&member.key)) {
        Some(member) => Err(member.mistake(format!("`{}` is given twice", member.key))),
        None => Ok(()),
    }
}

/// The members of an object as they are written: a map would hide one that is given twice.
struct Object<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Object(members))
    }
}
