//! Sentences with facts in them: what went wrong, and what to do next.
//!
//! Commands are data until they are shown, so that each is about the account and the region that the run was about; fields are, so that
//! each is called what the caller calls it.

mod command;
mod invocation;

use std::fmt;

pub use self::command::{Command, Program, SERVED, quoted};
pub use self::invocation::{Invocation, Naming};
use super::field::Field;

/// A sentence: words, and among them fields and commands.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advice(Vec<Piece>);

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A field of what was asked for, perhaps with a value.
    Field(Field, Option<String>),
    /// Something to type. Boxed: most pieces are words, and there are many.
    Step(Box<NextStep>),
}

/// Something to type next, and what for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NextStep {
    /// What it does, or what it is good for; `None`: the command says it itself.
    pub why: Option<String>,
    /// The command.
    pub command: Command,
}

/// A piece of a sentence that is in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(&'static str),
    /// A field.
    Field(Field),
    /// A field with a value.
    Set(Field, &'static str),
}

impl Piece {
    /// As text.
    pub fn shown(&self, invocation: &Invocation) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Field(field, None) => invocation.naming.of(*field).to_owned(),
            Self::Field(field, Some(value)) => {
                format!("{} {value}", invocation.naming.of(*field))
            }
            Self::Step(step) => {
                let command = step.command.shown(invocation);
                match &step.why {
                    Some(why) => format!("{why}: {command}"),
                    None => command,
                }
            }
        }
    }
}

/// A sentence of several pieces: `advice!["leave ", Field::Zone, " out"]`.
macro_rules! advice {
    ($($piece:expr),+ $(,)?) => {
        $crate::domain::advice::Advice::of([$($crate::domain::advice::Piece::from($piece)),+])
    };
}
pub(crate) use advice;

impl Advice {
    /// A sentence of these pieces.
    pub fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self(pieces.into_iter().collect())
    }

    /// A sentence that is in a table.
    pub fn from_parts(parts: &[Part]) -> Self {
        Self::of(parts.iter().map(|part| Piece::from(*part)))
    }

    /// Something to type, and what for.
    pub fn step(why: impl Into<String>, command: Command) -> Self {
        let why = Some(why.into());
        Self(vec![Piece::Step(Box::new(NextStep { why, command }))])
    }

    /// The same sentence, with a command after it.
    #[must_use]
    pub fn run(mut self, command: Command) -> Self {
        self.0.push(command.into());
        self
    }

    /// The same sentence, with words after it.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(text.into().into());
        self
    }

    /// The same sentence, with a field after it.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.0.push(field.into());
        self
    }

    /// Several, with words between them.
    pub fn joined(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for (nth, one) in all.into_iter().enumerate() {
            if nth > 0 {
                joined.0.push(between.into());
            }
            joined.0.extend(one.0);
        }
        joined
    }

    /// The same sentence, with another one after it.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.0.extend(next.0);
        self
    }

    /// The same sentence about that region and profile, where its commands name none of their own.
    #[must_use]
    pub fn at(mut self, region: &str, profile: Option<&str>) -> Self {
        for piece in &mut self.0 {
            if let Piece::Step(step) = piece {
                let command = &mut step.command;
                command.region.get_or_insert_with(|| region.to_owned());
                if let Some(profile) = profile {
                    command.profile.get_or_insert_with(|| profile.to_owned());
                }
            }
        }
        self
    }

    /// Its pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// What it says to type, in order.
    pub fn steps(&self) -> impl Iterator<Item = &NextStep> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Step(step) => Some(step.as_ref()),
            Piece::Text(_) | Piece::Field(..) => None,
        })
    }

    /// The fields it is about, in order.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Field(field, _) => Some(*field),
            Piece::Text(_) | Piece::Step(_) => None,
        })
    }

    /// Whether its text contains that.
    pub fn contains(&self, text: &str) -> bool {
        self.to_string().contains(text)
    }

    /// As text, with fields as the caller calls them, and commands that reach the account which the invocation reached.
    pub fn shown(&self, invocation: &Invocation) -> String {
        self.0.iter().map(|piece| piece.shown(invocation)).collect()
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(&Invocation::PLAIN))
    }
}

impl<T: Into<Piece>> From<T> for Advice {
    fn from(piece: T) -> Self {
        Self(vec![piece.into()])
    }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Field> for Piece {
    fn from(field: Field) -> Self {
        Self::Field(field, None)
    }
}

impl<V: ToString> From<(Field, V)> for Piece {
    fn from((field, value): (Field, V)) -> Self {
        Self::Field(field, Some(value.to_string()))
    }
}

impl From<Part> for Piece {
    fn from(part: Part) -> Self {
        match part {
            Part::Text(text) => text.into(),
            Part::Field(field) => field.into(),
            Part::Set(field, value) => (field, value).into(),
        }
    }
}

impl From<Command> for Piece {
    fn from(command: Command) -> Self {
        Self::Step(Box::new(NextStep { why: None, command }))
    }
}

#[cfg(test)]
mod tests;
