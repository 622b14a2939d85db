//! Values of a manifest, read as the flag of the same name reads its words.

use std::fmt::Display;
use std::str::FromStr;

use super::node::{Member, Mistake, Node, Value};
use crate::domain::advice::Advice;
use crate::domain::keyword::Keyword;
use crate::domain::text::list as listed;

fn expected(node: &Node, what: &str) -> Mistake {
    node.mistake(format!("expected {what}, found {}", node.value.kind()))
}

/// The same mistake, with the key whose value it is.
fn of(member: &Member, mistake: Mistake) -> Mistake {
    let sentence = Advice::from(format!("`{}`: ", member.key)).then(mistake.sentence);
    Mistake {
        sentence,
        ..mistake
    }
}

/// A table.
pub(super) fn table(node: &Node) -> Result<&[Member], Mistake> {
    match &node.value {
        Value::Table(members) => Ok(members),
        _ => Err(expected(node, "a table")),
    }
}

/// A list.
pub(super) fn list(node: &Node) -> Result<&[Node], Mistake> {
    match &node.value {
        Value::List(nodes) => Ok(nodes),
        _ => Err(expected(node, "a list")),
    }
}

/// Text.
pub(super) fn text<'m>(member: &Member, node: &'m Node) -> Result<&'m str, Mistake> {
    match &node.value {
        Value::Text(text) => Ok(text),
        _ => Err(of(member, expected(node, "text"))),
    }
}

/// Text, read by that function.
pub(super) fn read<T, E: Display>(
    member: &Member,
    node: &Node,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Mistake> {
    let value = read(text(member, node)?);
    value.map_err(|error| of(member, node.mistake(error.to_string())))
}

/// Text, read as what is asked for.
pub(super) fn parsed<T: FromStr<Err: Display>>(member: &Member, node: &Node) -> Result<T, Mistake> {
    read(member, node, str::parse)
}

/// One of a few words.
pub(super) fn keyword<T: Keyword>(member: &Member) -> Result<T, Mistake> {
    let words = T::KEYWORDS.iter().map(|(_, word, _)| *word);
    read(member, &member.node, |word| {
        T::of_keyword(word).ok_or_else(|| format!("`{word}` is not one of {}", listed(words)))
    })
}

/// Several: a list, or one text in which commas separate them.
pub(super) fn several<T: FromStr<Err: Display>>(member: &Member) -> Result<Vec<T>, Mistake> {
    match &member.node.value {
        Value::List(nodes) => nodes.iter().map(|node| parsed(member, node)).collect(),
        _ => read(member, &member.node, |text| {
            text.split(',').map(|word| word.trim().parse()).collect()
        }),
    }
}

/// True or false.
pub(super) fn flag(member: &Member) -> Result<bool, Mistake> {
    match member.node.value {
        Value::Flag(flag) => Ok(flag),
        _ => Err(of(member, expected(&member.node, "true or false"))),
    }
}

/// On or off; true is on.
pub(super) fn switch(member: &Member) -> Result<bool, Mistake> {
    match &member.node.value {
        Value::Flag(flag) => Ok(*flag),
        _ => word(member, &[("on", true), ("off", false)]),
    }
}

/// One of these words.
pub(super) fn word<T: Copy>(member: &Member, words: &[(&str, T)]) -> Result<T, Mistake> {
    read(member, &member.node, |text| {
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let words = words.iter().map(|(word, _)| word);
            format!("`{text}` is not one of {}", listed(words))
        })
    })
}

/// A whole number from 1 to that.
pub(super) fn whole(member: &Member, most: u16) -> Result<u16, Mistake> {
    let fits = match member.node.value {
        Value::Whole(number) => u16::try_from(number).ok(),
        _ => None,
    };
    fits.filter(|number| (1..=most).contains(number))
        .ok_or_else(|| {
            let sentence = format!("expected a whole number from 1 to {most}");
            of(member, member.node.mistake(sentence))
        })
}
