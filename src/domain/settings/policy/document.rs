//! The JSON of a policy as a value: every member of it is kept, so that a statement of others can be sent again as it is.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::{Serialize, Serializer};

use super::members::{Object, OneOrMany, Scalar, Unique};

/// The version in whose language this crate writes, and in which `${…}` is a variable (IAM user guide, "IAM JSON policy elements: Version").
pub(super) const VERSION: &str = "2012-10-17";

/// A policy that cannot be parsed, or that is not valid, with the place where JSON has one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidPolicy {
    message: String,
    place: Option<(usize, usize)>,
}

impl InvalidPolicy {
    /// Wrong as a whole.
    pub(super) fn whole(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
        }
    }

    /// Line and column, from 1, where it is wrong in one place.
    pub fn place(&self) -> Option<(usize, usize)> {
        self.place
    }
}

impl From<serde_json::Error> for InvalidPolicy {
    fn from(error: serde_json::Error) -> Self {
        Self {
            place: (error.line() > 0).then(|| (error.line(), error.column())),
            message: error.to_string(),
        }
    }
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, expecting = "a policy")]
pub struct Document {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(rename = "Statement", deserialize_with = "statements")]
    pub(super) statements: Vec<Statement>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// One statement, by the types of what its members hold. A member that IAM does not have is refused: it could turn the meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    expecting = "a statement"
)]
pub(super) struct Statement<P = Principals, A = Names, R = Names, V = Names> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) principal: Option<P>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_principal: Option<P>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<A>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_action: Option<A>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_resource: Option<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) condition: Option<Unique<Unique<V>>>,
}

/// A name, or an array of them. A value of a condition may be a number or a boolean: IAM takes it for its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names(pub(super) Vec<String>);

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Principals {
    /// `"*"`.
    Everybody,
    /// By kind: `{"AWS": …}`.
    Kinds(Unique<Names>),
}

impl Document {
    /// Parses a policy.
    pub fn parse(text: &str) -> Result<Self, InvalidPolicy> {
        let Object(document) = serde_json::from_str::<Object<Self>>(text)?;
        match document
            .statements
            .iter()
            .find_map(Statement::contradiction)
        {
            Some(contradiction) => Err(InvalidPolicy::whole(contradiction)),
            None => Ok(document),
        }
    }

    /// The same with line breaks, to be read.
    pub fn pretty(&self) -> String {
        // Strings only: nothing that JSON lacks.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// What to call its statements: the `Sid`, or `#n`, counted from 1.
    pub(super) fn labelled(&self) -> impl Iterator<Item = (String, &Statement)> {
        (1..)
            .zip(&self.statements)
            .map(|(number, one): (usize, _)| match one.sid() {
                Some(sid) => (sid.to_owned(), one),
                None => (format!("#{number}"), one),
            })
    }
}

/// As it is sent: JSON on one line, its members in the order in which AWS writes them.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

impl<P, A, R, V> Statement<P, A, R, V> {
    /// Its `Sid`; an empty one is none.
    pub(super) fn sid(&self) -> Option<&str> {
        self.sid.as_deref().filter(|sid| !sid.is_empty())
    }

    /// What makes it no statement (IAM user guide, "Grammar of the IAM JSON policy language").
    pub(super) fn contradiction(&self) -> Option<&'static str> {
        let is_one = |this: bool, that: bool| this != that;
        if !is_one(self.principal.is_some(), self.not_principal.is_some()) {
            Some("a statement has either `Principal` or `NotPrincipal`")
        } else if !is_one(self.action.is_some(), self.not_action.is_some()) {
            Some("a statement has either `Action` or `NotAction`")
        } else if self.resource.is_some() && self.not_resource.is_some() {
            Some("a statement has either `Resource` or `NotResource`")
        } else {
            None
        }
    }
}

fn statements<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Statement>, D::Error> {
    let all = one_or_many::<Object<Statement>, D>(deserializer)?;
    Ok(all.into_iter().map(|Object(statement)| statement).collect())
}

fn one_or_many<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    OneOrMany::deserialize(deserializer).map(|OneOrMany(all)| all)
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = one_or_many::<Scalar, D>(deserializer)?;
        Ok(Self(all.into_iter().map(|Scalar(name)| name).collect()))
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            all => serializer.collect_seq(all),
        }
    }
}

impl<'de> Deserialize<'de> for Principals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PrincipalsVisitor)
    }
}

impl Serialize for Principals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Everybody => serializer.serialize_str("*"),
            Self::Kinds(kinds) => kinds.serialize(serializer),
        }
    }
}

struct PrincipalsVisitor;

impl<'de> Visitor<'de> for PrincipalsVisitor {
    type Value = Principals;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#""*" or an object of principals"#)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Principals, E> {
        if value == "*" {
            Ok(Principals::Everybody)
        } else {
            Err(E::invalid_value(Unexpected::Str(value), &self))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Principals, A::Error> {
        Unique::deserialize(MapAccessDeserializer::new(map)).map(Principals::Kinds)
    }
}
