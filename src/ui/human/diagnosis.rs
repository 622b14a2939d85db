//! What `doctor` found, as a person reads it: the causes, the way, and what was asked.

use anstyle::AnsiColor;

use super::Painter;
use crate::doctor::{Certainty, Diagnosis, FoundCause, Mark, Picture, Step};
use crate::domain::advice::{Advice, Invocation};
use crate::domain::finding::Verdict;
use crate::report::{advised, flow, wrap};

/// Columns where there is no terminal, and the most that are used on one.
const COLUMNS: (usize, usize) = (80, 120);
/// Where what belongs to a cause or a step begins: past two spaces, the longest word, and two more.
const INDENT: usize = 12;
/// Causes that are shown; more than these explain nothing.
const SHOWN: usize = 6;

/// Paths that are drawn.
const DRAWN: usize = 2;

struct Page<'p> {
    painter: &'p Painter,
    invocation: &'p Invocation,
    columns: usize,
    text: String,
}

pub(crate) fn diagnosis(
    heading: &str,
    found: &Diagnosis,
    painter: &Painter,
    invocation: &Invocation,
) -> String {
    let columns = painter.columns.unwrap_or(COLUMNS.0);
    let mut page = Page {
        painter,
        invocation,
        columns: columns.clamp(40, COLUMNS.1),
        text: format!("{heading}\n"),
    };
    page.causes(found);
    page.pictures(found);
    page.steps(found);
    page.text
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn title(&mut self, text: &str) {
        let bold = self.painter.bold(text);
        self.line("");
        self.line(&bold);
    }

    /// A word in colour, and text beside it.
    fn row(&mut self, word: &str, color: AnsiColor, text: &str) {
        let gap = " ".repeat(INDENT.saturating_sub(2 + word.len()));
        let word = self.painter.in_color(color, word);
        let text = wrap(text, INDENT, INDENT, self.columns);
        self.line(&format!("  {word}{gap}{text}"));
    }

    /// Advice below such a row; its commands stay in one piece.
    fn below(&mut self, begin: &str, advice: &Advice) {
        let pieces = std::iter::once(begin.to_owned()).filter(|begin| !begin.is_empty());
        let pieces = pieces.chain(advised(advice, self.invocation));
        let text = flow(pieces, INDENT, INDENT + 2, self.columns);
        let indent = " ".repeat(INDENT);
        self.line(&format!("{indent}{text}"));
    }

    fn causes(&mut self, found: &Diagnosis) {
        if found.is_message_unknown {
            self.title("message");
            self.row(
                "unknown",
                AnsiColor::Magenta,
                "no pattern of efsctl knows the message; what follows is without it",
            );
        }
        self.title("causes");
        if found.causes.is_empty() {
            let unknown = found.count(Verdict::Unknown);
            let text = if unknown == 0 {
                "no cause was found"
            } else {
                "no cause was found; what is unknown below may hide one"
            };
            self.row("none", AnsiColor::Green, text);
        }
        for one in found.causes.iter().take(SHOWN) {
            self.cause(one);
        }
        let more = found.causes.len().saturating_sub(SHOWN);
        if more > 0 {
            let text = format!("{more} less likely: -o json");
            self.row("more", AnsiColor::Cyan, &text);
        }
    }

    fn cause(&mut self, one: &FoundCause) {
        let color = match one.certainty {
            Certainty::Certain => AnsiColor::Red,
            Certainty::Likely => AnsiColor::Yellow,
            Certainty::Possible => AnsiColor::Cyan,
        };
        let title = format!("{} ({})", one.cause.title, one.cause.id);
        self.row(one.certainty.as_str(), color, &title);
        for seen in one.evidence.iter().take(4) {
            self.below("seen:", seen);
        }
        self.below("fix:", &one.remedy);
    }

    /// Those that are closed first: six mount targets are often alike.
    fn pictures(&mut self, found: &Diagnosis) {
        let is_open = |picture: &Picture| {
            let hops = picture.hops.iter().map(|hop| hop.mark);
            hops.chain([picture.mark]).all(|mark| mark == Mark::Pass)
        };
        let (open, closed): (Vec<_>, Vec<_>) = found.pictures.iter().partition(|one| is_open(one));
        for picture in closed.iter().chain(&open).take(DRAWN) {
            self.picture(picture);
        }
        let more = found.pictures.len().saturating_sub(DRAWN);
        if more > 0 {
            self.line(&format!("  {more} more: -o json"));
        }
    }

    fn picture(&mut self, picture: &Picture) {
        self.title("path");
        self.line(&format!("  {}", picture.client));
        for hop in &picture.hops {
            self.hop(hop.mark, &hop.title);
        }
        self.line("    v");
        let end = match picture.mark {
            Mark::Pass => self.painter.in_color(AnsiColor::Green, "available"),
            Mark::Fail => self.painter.in_color(AnsiColor::Red, "NOT AVAILABLE"),
            Mark::Unknown => self.painter.in_color(AnsiColor::Magenta, "unknown"),
        };
        self.line(&format!("  {}  {end}", picture.mount_target));
    }

    fn hop(&mut self, mark: Mark, title: &str) {
        let (word, color) = match mark {
            Mark::Pass => ("pass", AnsiColor::Green),
            Mark::Fail => ("FAIL", AnsiColor::Red),
            Mark::Unknown => ("unknown", AnsiColor::Magenta),
        };
        let gap = " ".repeat(9 - word.len());
        let word = self.painter.in_color(color, word);
        self.line(&format!("    |  {word}{gap}{title}"));
    }

    fn steps(&mut self, found: &Diagnosis) {
        self.title("checked");
        for verdict in [Verdict::Fail, Verdict::Unknown, Verdict::Pass] {
            for step in found.steps.iter().filter(|step| step.verdict == verdict) {
                self.step(step);
            }
        }
        let count = |verdict| found.count(verdict);
        let sums = format!(
            "{} failed, {} unknown, {} passed, {} not applicable",
            count(Verdict::Fail),
            count(Verdict::Unknown),
            count(Verdict::Pass),
            count(Verdict::NotApplicable)
        );
        self.line(&sums);
    }

    fn step(&mut self, step: &Step) {
        let color = match step.verdict {
            Verdict::Fail => AnsiColor::Red,
            Verdict::Pass => AnsiColor::Green,
            _ => AnsiColor::Magenta,
        };
        let title = format!("{} ({})", step.title, step.id);
        self.row(step.verdict.as_str(), color, &title);
        for seen in step.evidence.iter().take(3) {
            self.below("", seen);
        }
    }
}
