//! What was done to each of several file systems, or would be, as a person reads it.

use std::fmt::Write;

use anstyle::AnsiColor;

use super::{Painter, change, not_applied};
use crate::domain::text::counted;
use crate::report::place;
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
        let names = found.map(|fs| (fs.file_system_id.to_string(), fs.name.clone()));
        let also = names.and_then(|(id, name)| {
            if id == result.reference {
                name
            } else {
                Some(id)
            }
        });
        let region = result.region.as_deref();
        let at = region.map(|region| place(region, result.profile.as_ref()));
        for part in [also, at].into_iter().flatten() {
            let _ = write!(text, "  {part}");
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
                let _ = writeln!(text, "  hint: {hint}");
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
        (Outcome::Deleted, _) => (AnsiColor::Green, "deleted"),
        (Outcome::Changed, _) => (AnsiColor::Yellow, "changed"),
        (Outcome::Planned, false) => (AnsiColor::Yellow, "to change"),
        (Outcome::Failed, _) => (AnsiColor::Red, "failed"),
        _ => (AnsiColor::Green, "unchanged"),
    }
}

fn summary(results: &[ResultView], calls: Calls) -> String {
    if results.is_empty() {
        return "no file systems\n".to_owned();
    }
    let count = |word: &str| {
        results
            .iter()
            .filter(|result| ended(result).1 == word)
            .count()
    };
    let words = [
        "created",
        "deleted",
        "changed",
        "to change",
        "unchanged",
        "failed",
    ];
    let counts = words.into_iter().filter(|word| count(word) > 0);
    let counts: Vec<String> = counts
        .map(|word| format!("{} {word}", count(word)))
        .collect();
    let all = counted(results.len(), "file system");
    let writes = counted(calls.writing as usize, "write call");
    format!("\n{all}: {} ({writes})\n", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advice::Invocation;
    use crate::error::{Code, Error};
    use crate::ui::document::ErrorView;

    #[test]
    fn each_is_a_line_with_its_failure_and_its_hint() {
        let plain = Painter {
            color: false,
            columns: None,
        };
        let calls = Calls::default();
        let of = "fs-0123abcd".parse().unwrap();
        let one = |outcome| ResultView::new(outcome, &of, "eu-west-1");
        let error = Error::new(Code::HoldsData, "fs-0123abcd holds data").hint("add --with-data");
        let all = [
            one(Outcome::Deleted),
            one(Outcome::Unchanged),
            one(Outcome::Failed).failed(ErrorView::of(&error, &Invocation::PLAIN)),
        ];
        assert_eq!(
            results(&all, calls, &plain),
            "fs-0123abcd  deleted  eu-west-1\n\
             fs-0123abcd  unchanged  eu-west-1\n\
             fs-0123abcd  failed  eu-west-1\n  fs-0123abcd holds data\n  hint: add --with-data\n\
             \n3 file systems: 1 deleted, 1 unchanged, 1 failed (0 write calls)\n"
        );
        assert_eq!(results(&[], calls, &plain), "no file systems\n");
    }
}
