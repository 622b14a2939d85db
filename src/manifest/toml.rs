//! A manifest in TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::node::{Member, Mistake, Node, Value};

/// The members of the whole file.
pub(super) fn parse(text: &str) -> Result<Vec<Member>, Mistake> {
    let table = DeTable::parse(text).map_err(|error| Mistake {
        at: error.span().map_or(0, |span| span.start),
        sentence: error.message().into(),
    })?;
    Ok(members(table.into_inner()))
}

fn members(table: DeTable<'_>) -> Vec<Member> {
    let members = table.into_iter().map(|(key, value)| Member {
        at: key.span().start,
        key: key.into_inner().into_owned(),
        node: node(value),
    });
    let mut members: Vec<Member> = members.collect();
    // As they are written, so that the first mistake is the first in the file.
    members.sort_by_key(|member| member.at);
    members
}

fn node(value: Spanned<DeValue<'_>>) -> Node {
    let at = value.span().start;
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        // A time needs no quotes.
        DeValue::Datetime(time) => Value::Text(time.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number"), Value::Whole),
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Array(array) => Value::List(array.into_iter().map(node).collect()),
        DeValue::Table(table) => Value::Table(members(table)),
    };
    Node { at, value }
}
