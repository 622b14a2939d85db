//! What was found, as lines of the box that it is about.

use std::cmp::Reverse;

use super::model::{Scene, Subject};
use super::node::{Line, Mark};
use crate::domain::finding::Verdict;

/// The findings about something, as lines.
pub(super) struct Found<'a>(pub(super) &'a Scene);

impl Found<'_> {
    pub(super) fn about(&self, subject: &Subject) -> Vec<Line> {
        let all = self.0.findings.iter().flatten();
        let own = all.filter(|traced| traced.about.contains(subject));
        let mut lines: Vec<Line> = own
            .map(|traced| {
                let finding = &traced.finding;
                match finding.verdict {
                    Verdict::Fail => Line {
                        mark: Mark::Failed(finding.severity),
                        ..Line::plain(format!("{}: {}", finding.severity, finding.summary()))
                    },
                    _ => Line::unknown(finding.summary()),
                }
            })
            .collect();
        // The worst first, and else in the order of the catalogue.
        lines.sort_by_key(|line| Reverse(line.mark));
        lines
    }
}
