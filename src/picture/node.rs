//! What every form draws: boxes with lines, and arrows.

use crate::domain::finding::Severity;
use crate::domain::text::{counted, one_line};

/// More of one kind are counted: the picture stays one, and says what it leaves out.
pub(super) const MOST: usize = 24;

/// How something is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    #[default]
    Plain,
    /// It could not be read, or is a word that is not known.
    Unknown,
    /// A check of that severity failed.
    Failed(Severity),
}

impl Mark {
    pub(super) const ALL: [Self; 6] = [
        Self::Plain,
        Self::Unknown,
        Self::Failed(Severity::Low),
        Self::Failed(Severity::Medium),
        Self::Failed(Severity::High),
        Self::Failed(Severity::Critical),
    ];

    /// The name of its style.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Unknown => "unknown",
            Self::Failed(severity) => severity.as_str(),
        }
    }
}

/// A line of a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) mark: Mark,
}

impl Line {
    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        Self {
            text: one_line(text.as_ref()),
            mark: Mark::Plain,
        }
    }

    /// What could not be read, and why.
    pub(super) fn unknown(text: impl AsRef<str>) -> Self {
        Self {
            mark: Mark::Unknown,
            ..Self::plain(text)
        }
    }
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Its name in the picture: `mt1`.
    pub(super) key: String,
    pub(super) title: String,
    pub(super) lines: Vec<Line>,
    pub(super) mark: Mark,
}

impl Node {
    pub(super) fn new(key: impl Into<String>, title: impl AsRef<str>) -> Self {
        Self {
            key: key.into(),
            title: one_line(title.as_ref()),
            lines: Vec::new(),
            mark: Mark::Plain,
        }
    }

    /// One that could not be read, and why.
    pub(super) fn unknown(
        key: impl Into<String>,
        title: impl AsRef<str>,
        why: impl AsRef<str>,
    ) -> Self {
        let mut node = Self::new(key, title);
        node.mark = Mark::Unknown;
        node.with(Line::unknown(why))
    }

    /// The same, with that line. A line that is marked marks it.
    pub(super) fn with(mut self, line: Line) -> Self {
        self.mark = self.mark.max(line.mark);
        self.lines.push(line);
        self
    }

    pub(super) fn with_all(self, lines: impl IntoIterator<Item = Line>) -> Self {
        lines.into_iter().fold(self, Self::with)
    }
}

/// A security group of mount targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) node: Node,
    /// Which clients it allows.
    pub(super) sources: Vec<Node>,
}

/// An arrow, between boxes by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) label: Option<String>,
}

/// What is not drawn of so many.
pub(super) fn left_out(count: usize, what: &str) -> Option<Line> {
    let more = count.checked_sub(MOST).filter(|more| *more > 0)?;
    Some(Line::plain(format!(
        "and {}",
        counted(more, &format!("more {what}"))
    )))
}

/// The colours of a mark where a form has one set of them: dark on light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colours {
    pub(super) fill: &'static str,
    pub(super) border: &'static str,
    pub(super) text: &'static str,
}

impl Mark {
    /// `None`: as the form draws what is not marked.
    pub(super) fn colours(self) -> Option<Colours> {
        let (fill, text) = match self {
            Self::Plain => return None,
            Self::Unknown => ("#f0e7fb", "#5a2a91"),
            Self::Failed(Severity::Low) => ("#e2eefc", "#1d4a86"),
            Self::Failed(Severity::Medium) => ("#fbf0c9", "#6b4b00"),
            Self::Failed(Severity::High) => ("#fdead7", "#87350a"),
            Self::Failed(Severity::Critical) => ("#fde3e3", "#8f1218"),
        };
        Some(Colours {
            fill,
            border: text,
            text,
        })
    }
}
