//! File systems as they are, as the configuration of a tool.
//!
//! Pure: a typed description of what exists, [`Export`], becomes text. A form is a row of one list and a file. Whatever a form cannot hold, and
//! what could not be read, is said in it: nothing is left out silently.

pub mod alarms;
mod cloudformation;
mod hcl;
mod held;
mod import;
mod manifest;
pub mod model;
mod template;
mod terraform;

pub use self::model::{
    Export, ExportedFileSystem, ExportedGroup, ExportedMountTarget, ExportedRegion, Gap, Part,
};
use crate::domain::keyword::Keyword;

/// A form of an export.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    word: &'static str,
    /// What it is for.
    means: &'static str,
    /// It holds several regions; otherwise it is about one.
    takes_several: bool,
    make: fn(&Export) -> String,
}

const fn row(format: Format) -> (Format, &'static str, &'static str) {
    (format, format.word, format.means)
}

impl Keyword for Format {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        row(Self {
            word: "manifest",
            means: "A manifest for `efsctl apply -f`",
            takes_several: false,
            make: manifest::render,
        }),
        row(Self {
            word: "terraform",
            means: "Resources of the AWS provider, and import blocks",
            takes_several: true,
            make: terraform::render,
        }),
        row(Self {
            word: "cloudformation",
            means: "A template that keeps everything when its stack is deleted",
            takes_several: false,
            make: cloudformation::render,
        }),
        row(Self {
            word: "cloudformation-import",
            means: "The resources to import into a stack of that template",
            takes_several: false,
            make: import::render,
        }),
    ];
}

impl Format {
    /// Whether several regions fit into it.
    pub fn takes_several(&self) -> bool {
        self.takes_several
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for Format {}

/// What exists, in that form. It ends with a line feed.
pub fn render(export: &Export, format: Format) -> String {
    (format.make)(export)
}
