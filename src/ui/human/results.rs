//! What was done to each of several file systems.

use std::fmt::Write;

use anstyle::AnsiColor;

use super::Painter;
use crate::domain::text::counted;
use crate::report::place;
use crate::ui::document::{Outcome, ResultView};

/// One a line, and its hint where it failed.
pub(super) fn results(results: &[ResultView], painter: &Painter) -> String {
    let mut text = String::new();
    for one in results {
        let name = one.file_system.as_ref().and_then(|fs| fs.name.as_ref());
        let name = name.map(|name| format!("  {}", painter.bold(name)));
        let region = one.region.as_deref();
        let at = region.map(|region| format!("  {}", place(region, one.profile.as_ref())));
        let _ = write!(
            text,
            "{}{}{}  ",
            one.reference,
            name.unwrap_or_default(),
            at.unwrap_or_default()
        );
        let changes = counted(one.changes.len(), "change");
        let _ = match (&one.error, one.outcome) {
            (Some(error), _) => {
                let failed = painter.in_color(AnsiColor::Red, "failed:");
                let hint = error.hint.as_ref().map(|hint| format!("\n  hint: {hint}"));
                let hint = hint.unwrap_or_default();
                writeln!(text, "{failed} {}{hint}", error.message)
            }
            (None, Outcome::Planned) => writeln!(text, "planned: {changes}"),
            (None, Outcome::Unchanged) => writeln!(text, "no changes"),
            (None, outcome) => writeln!(text, "{}: {changes}", outcome.as_str()),
        };
    }
    let failed = results.iter().filter(|one| one.error.is_some()).count();
    let all = counted(results.len(), "file system");
    let _ = match (results.len(), failed) {
        (0, _) => writeln!(text, "no file systems"),
        (_, 0) => writeln!(text, "\n{all}"),
        _ => writeln!(text, "\n{all}, {failed} failed"),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advice::Invocation;
    use crate::error::{Code, Error};
    use crate::ui::document::ErrorView;

    const PLAIN: Painter = Painter {
        color: false,
        columns: None,
    };

    #[test]
    fn each_is_a_line_with_its_failure_and_its_hint() {
        let one = |outcome, error: Option<Error>| ResultView {
            outcome,
            reference: "fs-1".to_owned(),
            region: Some("eu-west-1".to_owned()),
            profile: None,
            file_system: None,
            changes: Vec::new(),
            not_applied: Vec::new(),
            error: error.map(|error| ErrorView::of(&error, &Invocation::PLAIN)),
        };
        let error = Error::new(Code::HoldsData, "fs-1 holds data").hint("add --with-data");
        let all = [
            one(Outcome::Deleted, None),
            one(Outcome::Planned, None),
            one(Outcome::Unchanged, None),
            one(Outcome::Failed, Some(error)),
        ];
        assert_eq!(
            results(&all, &PLAIN),
            "fs-1  eu-west-1  deleted: 0 changes\n\
             fs-1  eu-west-1  planned: 0 changes\n\
             fs-1  eu-west-1  no changes\n\
             fs-1  eu-west-1  failed: fs-1 holds data\n  hint: add --with-data\n\
             \n4 file systems, 1 failed\n"
        );
        assert_eq!(results(&[], &PLAIN), "no file systems\n");
    }
}
