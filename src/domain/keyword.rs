//! Values that are typed as one of a few words.

/// A value that is typed as one of a few words.
pub trait Keyword: Clone + 'static {
    /// Each value, with its word and what it means.
    const KEYWORDS: &'static [(Self, &'static str, &'static str)];

    /// The value of a word.
    fn of_keyword(word: &str) -> Option<Self> {
        let mut all = Self::KEYWORDS.iter();
        let found = all.find(|(_, known, _)| *known == word)?;
        Some(found.0.clone())
    }

    /// Its word.
    fn keyword(&self) -> &'static str
    where
        Self: PartialEq,
    {
        let mut all = Self::KEYWORDS.iter();
        all.find(|(one, ..)| one == self)
            .map_or("", |(_, word, _)| word)
    }
}
