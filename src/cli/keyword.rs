//! Values of the domain that are typed as one of a few words, for clap.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::domain::keyword::Keyword;

/// Reads one of the words, and shows them with what they mean in the help.
pub(super) fn keyword<T: Keyword + Send + Sync>() -> impl TypedValueParser<Value = T> {
    let values = T::KEYWORDS
        .iter()
        .map(|(_, word, means)| PossibleValue::new(*word).help(*means));
    // Clap has compared the word with the list by then.
    PossibleValuesParser::new(values)
        .try_map(|word| T::of_keyword(&word).ok_or("not one of the words"))
}
