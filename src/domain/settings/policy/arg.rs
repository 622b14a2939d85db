//! A file system policy as it is given: to a flag, or to a key of a manifest.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use super::document::{Document, InvalidPolicy};
use super::preset::{Preset, UnknownPreset};

/// How a file is named, as the AWS CLI does it.
const FILE: &str = "file://";

/// A file system policy, as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyArg {
    /// None.
    None,
    /// Presets.
    Presets(BTreeSet<Preset>),
    /// A document.
    Document(Document),
    /// The document in that file.
    File(PathBuf),
}

/// What is given is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPolicyArg {
    /// A word that is no preset.
    #[error("{0}; or file://PATH, or none")]
    Unknown(#[from] UnknownPreset),
    /// A path without its scheme.
    #[error("to take the policy of a file, write file://{0}")]
    Path(String),
    /// No file is named.
    #[error("file:// is followed by no path")]
    NoPath,
    /// A document that is none.
    #[error("{0}")]
    Document(InvalidPolicy),
    /// `none` is not one of several.
    #[error("none stands alone: it removes the policy")]
    NoneAmongPresets,
}

impl FromStr for PolicyArg {
    type Err = InvalidPolicyArg;

    fn from_str(text: &str) -> Result<Self, InvalidPolicyArg> {
        if let Some(path) = text.strip_prefix(FILE) {
            return match path {
                "" => Err(InvalidPolicyArg::NoPath),
                path => Ok(Self::File(path.into())),
            };
        }
        if text.trim_start().starts_with('{') {
            let document = Document::written(text).map_err(InvalidPolicyArg::Document)?;
            return Ok(Self::Document(document));
        }
        if text == "none" {
            return Ok(Self::None);
        }
        if text.contains(['/', '\\', '.']) {
            return Err(InvalidPolicyArg::Path(text.to_owned()));
        }
        let words: Vec<&str> = text.split(',').map(str::trim).collect();
        if words.contains(&"none") {
            return Err(InvalidPolicyArg::NoneAmongPresets);
        }
        let presets = words.into_iter().map(str::parse);
        Ok(Self::Presets(presets.collect::<Result<_, _>>()?))
    }
}
