//! Words of the API. AWS adds to its enumerations without asking; a word that this version does not know stays what it is.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A closed set of words of the API.
pub trait Spelled: Sized {
    /// The value of a word of the API, if it is one of the set.
    fn from_api(word: &str) -> Option<Self>;
    /// The word of the API.
    fn as_str(&self) -> &str;
}

/// A word that AWS answered: one of a set, or one that this version does not know. There is no default: an unknown word is
/// never taken for a known one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word<T> {
    /// One of the set.
    Known(T),
    /// Another one, as AWS wrote it.
    Other(String),
}

/// Stands for a word that the answer leaves out.
pub const NOT_REPORTED: &str = "not reported";

impl<T> Word<T> {
    /// The value, if it is one of the set.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Other(_) => None,
        }
    }

    /// What AWS left out.
    pub fn not_reported() -> Self {
        Self::Other(NOT_REPORTED.to_owned())
    }
}

impl<T: PartialEq> Word<T> {
    /// Whether it is surely that one.
    pub fn is(&self, value: &T) -> bool {
        self.known() == Some(value)
    }
}

impl<T: Spelled> Word<T> {
    /// Reads the word of the API.
    pub fn from_api(word: &str) -> Self {
        T::from_api(word).map_or_else(|| Self::Other(word.to_owned()), Self::Known)
    }

    /// Reads a word that the API may leave out.
    pub fn from_answer(word: Option<&str>) -> Self {
        word.map_or_else(Self::not_reported, Self::from_api)
    }

    /// The word of the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(value) => value.as_str(),
            Self::Other(word) => word,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Word<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Other(word) => f.pad(word),
        }
    }
}

impl<T: Spelled> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, T: Spelled> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|word| Self::from_api(&word))
    }
}

/// The words of a set, once: value and spelling.
macro_rules! spelled {
    ($name:ty { $($value:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// The word of the API.
            pub fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }

        impl $crate::domain::word::Spelled for $name {
            fn from_api(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$value),)+
                    _ => None,
                }
            }

            fn as_str(&self) -> &str {
                <$name>::as_str(self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(crate) use spelled;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::spec::PerformanceMode;

    #[test]
    fn a_word_is_kept_whether_it_is_known_or_not() {
        for (text, is_known) in [
            ("maxIO", true),
            ("generalPurpose", true),
            ("maxio", false),
            ("warpIO", false),
            ("", false),
        ] {
            let word: Word<PerformanceMode> = Word::from_api(text);
            assert_eq!(word.known().is_some(), is_known, "{text}");
            assert_eq!(word.as_str(), text);
            let json = serde_json::to_string(&word).unwrap();
            assert_eq!(serde_json::from_str::<Word<_>>(&json).unwrap(), word);
        }
        assert!(!Word::<PerformanceMode>::from_answer(None).is(&PerformanceMode::default()));
    }
}
