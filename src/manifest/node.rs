//! What a manifest holds, whatever the language: values, each with its place.

use crate::domain::advice::Advice;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The byte where it begins.
    pub(super) at: usize,
    /// It.
    pub(super) value: Value,
}

/// What it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    Flag(bool),
    List(Vec<Node>),
    Table(Vec<Member>),
    /// What no key takes, as a sentence calls it.
    Other(&'static str),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    /// The byte where the key begins.
    pub(super) at: usize,
    pub(super) key: String,
    pub(super) node: Node,
}

/// What is wrong, and the byte where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) sentence: Advice,
}

impl Node {
    pub(super) fn mistake(&self, sentence: impl Into<Advice>) -> Mistake {
        Mistake {
            at: self.at,
            sentence: sentence.into(),
        }
    }
}

impl Member {
    pub(super) fn mistake(&self, sentence: impl Into<Advice>) -> Mistake {
        Mistake {
            at: self.at,
            sentence: sentence.into(),
        }
    }
}

impl Value {
    /// As a sentence calls it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}
