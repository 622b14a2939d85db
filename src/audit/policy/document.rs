//! The JSON of a policy, read into statements.
//!
//! A visitor instead of untagged enums: those lose line and column of what they refuse.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BoolDeserializer, MapAccessDeserializer, StrDeserializer};
use serde::de::{
    Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

use super::condition::Condition;
use super::principals::Principals;
use super::resource::Resources;
use super::wildcard;

/// The policy. Other members (`Version`, `Id`) change nothing about who may do what.
#[derive(serde::Deserialize)]
#[serde(expecting = "a policy")]
pub(super) struct Document {
    #[serde(rename = "Statement")]
    pub(super) statements: OneOrMany<Statement>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "Members")]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    pub(super) principals: Principals,
    pub(super) actions: Actions,
    pub(super) resources: Resources,
    pub(super) conditions: Vec<Condition>,
}

/// `Action`, or `NotAction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Actions {
    Only(Vec<String>),
    AllBut(Vec<String>),
}

impl Actions {
    /// Whether this action is among them; for a pattern, whether all that it stands for surely are.
    pub(super) fn cover(&self, action: &str) -> bool {
        match self {
            Self::Only(patterns) => covered(patterns, action),
            // What a pattern leaves out cannot be told from another pattern.
            Self::AllBut(patterns) => !wildcard::is_open(action) && !covered(patterns, action),
        }
    }
}

fn covered(patterns: &[String], action: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| wildcard::covers(pattern, action))
}

/// The members of a statement. One that IAM does not have is refused: it could turn the meaning.
#[derive(serde::Deserialize)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    expecting = "a statement"
)]
struct Members {
    sid: Option<String>,
    effect: Effect,
    principal: Option<Principals>,
    not_principal: Option<Principals>,
    action: Option<OneOrMany<String>>,
    not_action: Option<OneOrMany<String>>,
    resource: Option<OneOrMany<String>>,
    not_resource: Option<OneOrMany<String>>,
    condition: Option<Entries<Entries<OneOrMany<Scalar>>>>,
}

impl TryFrom<Members> for Statement {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, &'static str> {
        let principals = match (members.principal, members.not_principal) {
            (Some(principals), None) => principals,
            (None, Some(principals)) => principals.others(),
            _ => return Err("a statement has either `Principal` or `NotPrincipal`"),
        };
        let actions = match (members.action, members.not_action) {
            (Some(OneOrMany(actions)), None) => Actions::Only(actions),
            (None, Some(OneOrMany(actions))) => Actions::AllBut(actions),
            _ => return Err("a statement has either `Action` or `NotAction`"),
        };
        let resources = match (members.resource, members.not_resource) {
            (None, None) => Resources::Own,
            (Some(OneOrMany(resources)), None) => Resources::Only(resources),
            (None, Some(OneOrMany(resources))) => Resources::AllBut(resources),
            _ => return Err("a statement has either `Resource` or `NotResource`"),
        };
        Ok(Self {
            sid: members.sid.filter(|sid| !sid.is_empty()),
            effect: members.effect,
            principals,
            actions,
            resources,
            conditions: members.condition.map(conditions).unwrap_or_default(),
        })
    }
}

fn conditions(Entries(operators): Entries<Entries<OneOrMany<Scalar>>>) -> Vec<Condition> {
    let flat = operators.into_iter().flat_map(|(operator, Entries(keys))| {
        keys.into_iter()
            .map(move |(key, OneOrMany(values))| Condition {
                operator: operator.clone(),
                key,
                values: values.into_iter().map(|Scalar(value)| value).collect(),
            })
    });
    flat.collect()
}

/// A value, or an array of them.
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or an array of values")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<OneOrMany<T>, E> {
        one(StrDeserializer::new(value))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<OneOrMany<T>, E> {
        one(BoolDeserializer::new(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<OneOrMany<T>, E> {
        one(value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<OneOrMany<T>, E> {
        one(value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<OneOrMany<T>, E> {
        one(value.into_deserializer())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany<T>, A::Error> {
        one(MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(OneOrMany(values))
    }
}

fn one<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<OneOrMany<T>, D::Error> {
    T::deserialize(value).map(|value| OneOrMany(vec![value]))
}

/// An object with its members in order. A map would drop all but the last of the members that share a name.
pub(super) struct Entries<T>(pub(super) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

/// A value of a condition: `"true"`, `true` and `1` are all written in policies.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or a boolean")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar(value.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }
}
