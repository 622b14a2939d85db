//! How a command was typed: what lines to type next need, and what its fields are called.

use crate::domain::field::Field;

/// The global options that a command was typed with: what a line to type next needs to reach the same account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// `--region`: one, several, or `all`.
    pub region: Option<String>,
    /// `--profile`: one, or several.
    pub profile: Option<String>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// `--sandbox`, with the state file that was named.
    pub sandbox: Option<Option<String>>,
    /// `--world`.
    pub world: Option<String>,
    /// The region of the simulated account, where none is named.
    pub default_region: Option<String>,
    /// What fields are called by the caller.
    pub naming: Naming,
}

/// What fields are called by the caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Naming {
    /// By their names.
    #[default]
    Names,
    /// As this table says: by flags of a command line.
    Table(&'static [(Field, &'static str)]),
}

impl Naming {
    /// What that field is called.
    pub fn of(self, field: Field) -> &'static str {
        let row = match self {
            Self::Names => None,
            Self::Table(table) => table.iter().find(|(known, _)| *known == field),
        };
        row.map_or(field.name(), |(_, called)| called)
    }
}

impl Invocation {
    /// Without any global option.
    pub const PLAIN: Self = Self {
        region: None,
        profile: None,
        endpoint_url: None,
        sandbox: None,
        world: None,
        default_region: None,
        naming: Naming::Names,
    };

    /// The same invocation, with the region that it reached where it names none. That of the simulated account goes without saying.
    #[must_use]
    pub fn reached(mut self, region: &str) -> Self {
        if self.region.is_none() && self.default_region.as_deref() != Some(region) {
            self.region = Some(region.to_owned());
        }
        self
    }
}
