//! What is asked of something that can be set.

/// What is asked: nothing, a value, or that there be none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wish<T> {
    /// Nothing: it stays as it is.
    #[default]
    Leave,
    /// This value.
    Set(T),
    /// None: off, or AWS's default where there is no off.
    Clear,
}

/// The one value of what is either on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct On;

impl<T> Wish<T> {
    /// Nothing is asked.
    pub fn is_leave(&self) -> bool {
        matches!(self, Self::Leave)
    }

    /// The value that is asked for, if one is.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Leave | Self::Clear => None,
        }
    }

    /// What results from what is there.
    pub fn or(&self, there: Option<T>) -> Option<T>
    where
        T: Clone,
    {
        match self {
            Self::Leave => there,
            Self::Set(value) => Some(value.clone()),
            Self::Clear => None,
        }
    }
}

impl Wish<On> {
    /// On if `is_on`; otherwise nothing is asked.
    pub fn on(is_on: bool) -> Self {
        if is_on { Self::Set(On) } else { Self::Leave }
    }

    /// Whether it is on afterwards.
    pub fn apply_to(self, is_on: bool) -> bool {
        self.or(is_on.then_some(On)).is_some()
    }
}

impl<T> From<Option<T>> for Wish<T> {
    /// `None` asks nothing.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Leave, Self::Set)
    }
}
