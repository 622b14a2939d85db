//! A file system as a picture: its VPC with zones, subnets and mount targets, the security groups, and which clients they allow.
//!
//! Pure: a typed description of what was read, [`Scene`], becomes a small graph, and the graph text. A form is a row of one list and a file. What
//! could not be read is drawn as unknown.

mod dot;
mod found;
mod graph;
mod mermaid;
pub mod model;
mod node;
mod places;
mod sources;
mod svg;

pub use self::model::{Part, Scene, Subject, Traced};
use crate::domain::keyword::Keyword;

use self::graph::Graph;

/// A form of a picture.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    word: &'static str,
    /// What it is for.
    means: &'static str,
    make: fn(&Graph) -> String,
}

const fn row(format: Format) -> (Format, &'static str, &'static str) {
    (format, format.word, format.means)
}

impl Keyword for Format {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        row(Self {
            word: "mermaid",
            means: "A flowchart, for Markdown",
            make: mermaid::render,
        }),
        row(Self {
            word: "dot",
            means: "A graph, for Graphviz",
            make: dot::render,
        }),
        row(Self {
            word: "svg",
            means: "A drawing, for a browser",
            make: svg::render,
        }),
    ];
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for Format {}

/// The picture in that form. It ends with a line feed.
pub fn render(scene: &Scene, format: Format) -> String {
    (format.make)(&Graph::of(scene))
}
