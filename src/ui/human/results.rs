//! What was done to each of several file systems, or would be, as a person reads it.

use std::fmt::Write;

use anstyle::AnsiColor;

use super::{Painter, change, not_applied};
use crate::domain::text::counted;
use crate::ui::document::{Calls, Outcome, ResultView};

/// The block of each, and a summary.
pub(super) fn results(results: &[ResultView], calls: Calls, painter: &Painter) -> String {
    let mut text = String::new();
    let names = results
        .iter()
        .map(|result| result.reference.chars().count());
    let width = names.max().unwrap_or_default();
    for result in results {
        let (color, ended) = ended(result);
        let ended = painter.in_color(color, ended);
        let _ = write!(text, "{:width$}  {ended}", result.reference);
        let found = result.file_system.as_ref();
        let id = found.map(|fs| fs.file_system_id.to_string());
        if let Some(id) = id.filter(|id| *id != result.reference) {
            let _ = write!(text, "  {id}");
        }
        text.push('\n');
        if result.outcome == Outcome::Planned {
            for planned in &result.changes {
                let _ = writeln!(text, "  {}", change(planned, painter));
            }
        }
        if let Some(error) = &result.error {
            let _ = writeln!(text, "  {}", error.message);
            if let Some(hint) = &error.hint {
                let _ = writeln!(text, "  {hint}");
            }
        }
        text.push_str(&not_applied(&result.not_applied, painter));
    }
    text.push_str(&summary(results, calls));
    text
}

/// How it ended, in a word.
fn ended(result: &ResultView) -> (AnsiColor, &'static str) {
    match (result.outcome, result.changes.is_empty()) {
        (Outcome::Created, _) => (AnsiColor::Green, "created"),
        (Outcome::Changed, _) => (AnsiColor::Yellow, "changed"),
        (Outcome::Planned, false) => (AnsiColor::Yellow, "to change"),
        (Outcome::Failed, _) => (AnsiColor::Red, "failed"),
        _ => (AnsiColor::Green, "unchanged"),
    }
}

fn summary(results: &[ResultView], calls: Calls) -> String {
    let count = |word: &str| {
        results
            .iter()
            .filter(|result| ended(result).1 == word)
            .count()
    };
    let words = ["created", "changed", "to change", "unchanged", "failed"];
    let counts = words.into_iter().filter(|word| count(word) > 0);
    let counts: Vec<String> = counts
        .map(|word| format!("{} {word}", count(word)))
        .collect();
    let all = counted(results.len(), "file system");
    let writes = counted(calls.writing as usize, "write call");
    format!("\n{all}: {} ({writes})\n", counts.join(", "))
}
