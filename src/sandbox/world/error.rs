//! What AWS answers when it refuses.

use std::collections::BTreeMap;

/// An error of AWS: its code, the HTTP status it travels under, the text, and the extra members of
/// the body (`FileSystemId` in `FileSystemAlreadyExists`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The error code, for example `MountTargetConflict`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The sentence for people; empty when AWS says none.
    pub message: String,
    /// Members of the body besides code and message.
    pub fields: BTreeMap<&'static str, String>,
}

impl ApiError {
    /// An error without extra members.
    pub fn new(code: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self {
            code,
            status,
            message: message.into(),
            fields: BTreeMap::new(),
        }
    }

    /// An error of which AWS says nothing but the code.
    pub fn silent(code: &'static str, status: u16) -> Self {
        Self::new(code, status, "")
    }

    /// The same error with one more member in its body.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.insert(name, value.into());
        self
    }
}
