//! What an id is, whatever it is of: given by AWS, or still to be given.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id that AWS gave, or that it gives when something is created: of that there is none before, in a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Given {
    /// AWS gives it when the thing is created; with what tells it from others of its kind.
    AfterCreate(Option<String>),
    /// This one.
    Known(String),
}

impl Given {
    /// The id as AWS writes it, and in words where there is none yet.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::AfterCreate(_) => "(known after create)",
            Self::Known(id) => id,
        }
    }
}

impl Serialize for Given {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::Known)
    }
}
