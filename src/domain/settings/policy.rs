//! The file system policy (EFS API reference, `PutFileSystemPolicy`): which clients may do what, by presets or by a whole document.

pub mod actions;
mod arg;
mod canonical;
mod check;
mod document;
pub(crate) mod members;
mod preset;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

pub use self::arg::{InvalidPolicyArg, PolicyArg};
pub use self::canonical::Canonical;
pub use self::check::LENGTH;
pub use self::document::{Document, InvalidPolicy};
pub use self::preset::{Preset, SIDS, UnknownPreset};
use super::super::ids::FileSystemId;
use super::super::text::{list, plural};
use super::{Key, Setting, Verdict, Wish};

/// A policy, as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    /// None: `DeleteFileSystemPolicy`. Without a policy everybody may do everything who reaches a mount target (EFS user guide, "Using
    /// IAM to control access to file systems").
    None,
    /// `PutFileSystemPolicy`.
    Put {
        /// The whole document.
        document: Document,
        /// Accept a document by which the caller cannot put another one.
        bypass_lockout_check: bool,
    },
}

impl Policy {
    /// The document that is put.
    pub fn document(&self) -> Option<&Document> {
        match self {
            Self::None => None,
            Self::Put { document, .. } => Some(document),
        }
    }
}

/// A policy that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it says.
    pub content: Content,
    /// Accept a document by which the caller cannot put another one.
    pub bypass_lockout_check: bool,
}

/// What a policy is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These presets in the place of those that are there, beside the statements of others.
    Presets(BTreeSet<Preset>),
    /// These presets and those that are there, beside the statements of others.
    MorePresets(BTreeSet<Preset>),
    /// This, and nothing else.
    Document(Document),
}

impl Wanted {
    /// The whole document as it is to be; `None`: presets are asked for, and what is there cannot be parsed.
    pub fn document(&self, observed: &ObservedPolicy) -> Option<Document> {
        let presets = match &self.content {
            Content::Document(document) => return Some(document.clone()),
            Content::Presets(presets) => presets.clone(),
            Content::MorePresets(presets) => {
                let there = observed.presets().unwrap_or_default();
                presets.union(&there).copied().collect()
            }
        };
        match observed {
            ObservedPolicy::None => Some(Preset::document(&presets)),
            ObservedPolicy::Document { document, .. } => Some(document.with(&presets)),
            ObservedPolicy::Unreadable { .. } => None,
        }
    }

    /// The presets that have to hold.
    pub fn presets(&self) -> Option<&BTreeSet<Preset>> {
        match &self.content {
            Content::Presets(presets) | Content::MorePresets(presets) => Some(presets),
            Content::Document(_) => None,
        }
    }
}

impl From<Content> for Wanted {
    /// With the check of AWS.
    fn from(content: Content) -> Self {
        Self {
            content,
            bypass_lockout_check: false,
        }
    }
}

/// A policy, as it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ObservedPolicy {
    /// There is none.
    #[default]
    None,
    /// A document.
    Document {
        /// What it says.
        document: Document,
        /// The file system that it is on, where it was read: AWS may name it in the statements.
        on: Option<FileSystemId>,
    },
    /// A text that cannot be parsed.
    Unreadable {
        /// As it was read.
        text: String,
        /// Why.
        why: InvalidPolicy,
    },
}

impl ObservedPolicy {
    /// What `DescribeFileSystemPolicy` answers; `None`: there is no policy.
    pub fn read(text: Option<&str>, on: &FileSystemId) -> Self {
        match text.map(|text| (text, Document::parse(text))) {
            None => Self::None,
            Some((_, Ok(document))) => Self::Document {
                document,
                on: Some(on.clone()),
            },
            Some((text, Err(why))) => Self::Unreadable {
                text: text.to_owned(),
                why,
            },
        }
    }

    /// What it says, where it can be parsed.
    pub fn document(&self) -> Option<&Document> {
        match self {
            Self::Document { document, .. } => Some(document),
            Self::None | Self::Unreadable { .. } => None,
        }
    }

    /// Its presets; `None`: it has no statement of presets, or they were changed by other hands.
    pub fn presets(&self) -> Option<BTreeSet<Preset>> {
        match self {
            Self::Document { document, on } => document.presets(on.as_ref()),
            Self::None | Self::Unreadable { .. } => None,
        }
    }

    /// Its statements that presets do not own, by `Sid` or `#n`.
    pub fn kept(&self) -> Vec<String> {
        self.document().map(Document::kept).unwrap_or_default()
    }

    fn is(&self, wanted: &Document) -> bool {
        match self {
            Self::Document { document, on } => document.is_same(wanted, on.as_ref()),
            Self::None | Self::Unreadable { .. } => false,
        }
    }
}

impl Setting for Policy {
    const KEY: Key = Key::Policy;
    const NAME: &'static str = "file system policy";
    const RESOURCE: &'static str = "file_system_policy";
    type Wish = Wish<Wanted>;
    type Observed = ObservedPolicy;

    fn verdict(wish: &Wish<Wanted>, observed: &ObservedPolicy) -> Verdict<Self> {
        let wanted = match wish {
            Wish::Leave => return Verdict::Keep,
            Wish::Clear if *observed == ObservedPolicy::None => return Verdict::Keep,
            Wish::Clear => return Verdict::Set(Self::None),
            Wish::Set(wanted) => wanted,
        };
        let Some(document) = wanted.document(observed) else {
            return Verdict::Conflict {
                wanted: wanted.presets().map(list).unwrap_or_default(),
                found: observed.to_string(),
            };
        };
        let length = document.to_string().chars().count();
        if observed.is(&document) {
            Verdict::Keep
        } else if length > LENGTH {
            Verdict::Conflict {
                wanted: describe(&document, None),
                found: format!(
                    "with the statements that are kept it has {length} characters: EFS takes at most {LENGTH}"
                ),
            }
        } else {
            Verdict::Set(Self::Put {
                document,
                bypass_lockout_check: wanted.bypass_lockout_check,
            })
        }
    }

    fn shown(observed: &ObservedPolicy) -> String {
        observed.to_string()
    }

    fn observed(&self) -> ObservedPolicy {
        match self {
            Self::None => ObservedPolicy::None,
            Self::Put { document, .. } => ObservedPolicy::Document {
                document: document.clone(),
                on: None,
            },
        }
    }

    fn at_creation(_: &Wish<Wanted>, _: bool) -> ObservedPolicy {
        ObservedPolicy::None
    }

    fn is_unset(observed: &ObservedPolicy) -> bool {
        *observed == ObservedPolicy::None
    }
}

impl fmt::Display for ObservedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Document { document, on } => f.write_str(&describe(document, on.as_ref())),
            Self::Unreadable { why, .. } => write!(f, "a policy that cannot be parsed: {why}"),
        }
    }
}

/// The presets, and the statements beside them.
fn describe(document: &Document, on: Option<&FileSystemId>) -> String {
    let presets = document.presets(on).map(|presets| match presets.len() {
        0 => "everybody by a mount target".to_owned(),
        _ => list(presets),
    });
    let ours = document.has_presets() && presets.is_none();
    let kept = document.kept();
    let statements =
        (!kept.is_empty()).then(|| format!("statement{} {}", plural(kept.len()), list(kept)));
    let changed = ours.then(|| "presets that were changed by other hands".to_owned());
    let parts = presets.into_iter().chain(changed).chain(statements);
    parts.collect::<Vec<_>>().join("; ")
}
