//! Results and failures as a person reads them.

mod alarms;
mod cost;
mod deployment;
mod diagnosis;
mod leftover;
mod results;
mod verification;
#[cfg(feature = "workspace")]
mod workspace;

use crate::domain::text::counted;
use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use self::alarms::alarms;
use self::cost::cost;
use self::deployment::{facts, list, mount_targets, next, next_of_shown};
pub(super) use self::diagnosis::diagnosis;
use self::leftover::{kind, leftovers};
use self::results::results;
use self::verification::verification;
use super::document::{Calls, Contents, FixView, Outcome};
use crate::domain::advice::Invocation;
use crate::domain::deployment::Deployment;
use crate::domain::plan::{Change, NotApplied, NotAppliedState, Verb};
use crate::domain::state::State;
use crate::error::Error;
use crate::report::place;

/// Colour and width of a stream.
#[derive(Debug, Clone, Copy)]
pub struct Painter {
    /// Colour.
    pub color: bool,
    /// Columns, on a terminal.
    pub columns: Option<usize>,
}

impl Painter {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn in_color(&self, color: AnsiColor, text: &str) -> String {
        self.paint(Style::new().fg_color(Some(color.into())), text)
    }

    fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// A warning's first word.
    pub(super) fn warning(&self) -> String {
        self.in_color(AnsiColor::Yellow, "warning:")
    }

    fn sign(&self, verb: Verb) -> String {
        let color = match verb {
            Verb::Create => AnsiColor::Green,
            Verb::Update => AnsiColor::Yellow,
            Verb::Delete => AnsiColor::Red,
        };
        self.in_color(color, &verb.sign().to_string())
    }

    fn state(&self, state: &State) -> String {
        let color = match state {
            State::Available => AnsiColor::Green,
            State::Error => AnsiColor::Red,
            _ => AnsiColor::Yellow,
        };
        self.in_color(color, state.as_str())
    }
}

/// The line of one change.
pub(super) fn change(change: &Change, painter: &Painter) -> String {
    let mut line = format!(
        "{} {}",
        painter.sign(change.action),
        kind(change.resource.kind)
    );
    if let Some(id) = &change.resource.id {
        let _ = write!(line, " {id}");
    }
    if !change.detail.is_empty() {
        let _ = write!(line, "  {}", change.detail);
    }
    line
}

/// The line of one change that is about to be made.
pub(super) fn planned(planned: &Change, painter: &Painter) -> String {
    format!("plan: {}", change(planned, painter))
}

/// What was asked for and not changed, with how far each got.
fn not_applied(all: &[NotApplied], painter: &Painter) -> String {
    let mut text = String::new();
    for one in all {
        let state = match one.state {
            NotAppliedState::Failed => "failed",
            NotAppliedState::NoAnswer => "no answer from AWS: it may be changed",
            NotAppliedState::NotBegun => "not begun",
        };
        let _ = writeln!(text, "  {} ({state})", change(&one.change, painter));
    }
    text
}

pub(super) fn failure(
    error: &Error,
    contents: &Contents,
    painter: &Painter,
    invocation: &Invocation,
) -> String {
    let mut text = format!(
        "{} {}\n",
        painter.in_color(AnsiColor::Red, "error:"),
        error.message.shown(invocation)
    );
    if let Some(id) = error.request_id() {
        let _ = writeln!(text, "  request id: {id}");
    }
    if !contents.not_applied.is_empty() {
        let changes = contents.changes.len();
        if changes > 0 {
            let _ = writeln!(text, "applied: {}", counted(changes, "change"));
        }
        text.push_str("not applied:\n");
        text.push_str(&not_applied(&contents.not_applied, painter));
    }
    if !error.leftovers.is_empty() {
        text.push_str("left behind:\n");
        for left in leftovers(&error.leftovers) {
            let _ = writeln!(text, "  {left}");
        }
    }
    if let Some(hint) = &error.hint {
        let _ = writeln!(
            text,
            "{} {}",
            painter.in_color(AnsiColor::Cyan, "hint:"),
            hint.shown(invocation)
        );
    }
    text
}

/// What `--fix` adds, or would: by file system.
pub(super) fn fixes(fixes: &[FixView], planned: bool, painter: &Painter) -> String {
    let changes = fixes.iter().map(|fix| fix.changes.len()).sum::<usize>();
    let mut text = String::from("\n");
    for fix in fixes {
        let place = place(&fix.region, fix.profile.as_ref());
        let _ = writeln!(text, "{}  {place}", fix.file_system_id);
        for made in &fix.changes {
            let _ = writeln!(text, "  {}", change(made, painter));
        }
        for note in &fix.notes {
            let _ = writeln!(
                text,
                "  {} {note}",
                painter.in_color(AnsiColor::Yellow, "note:")
            );
        }
        if let Some(error) = &fix.error {
            let _ = writeln!(
                text,
                "  {} {error}",
                painter.in_color(AnsiColor::Red, "failed:")
            );
        }
    }
    let made = counted(changes, "change");
    let _ = match (planned, changes) {
        (_, 0) if fixes.iter().all(|fix| fix.error.is_none()) => {
            writeln!(text, "--fix: nothing to add")
        }
        (true, _) => writeln!(text, "--fix: {made} to apply"),
        (false, _) => writeln!(text, "--fix: {made} made"),
    };
    text
}

pub(super) fn calls(counts: &BTreeMap<String, u32>, calls: Calls) -> String {
    let Calls { total, writing } = calls;
    let writes = counted(writing as usize, "write");
    let mut text = format!("API calls: {total} ({writes})\n");
    for (operation, count) in counts {
        let _ = writeln!(text, "  {count:>4} {operation}");
    }
    text
}

pub(super) fn result(
    contents: &Contents,
    calls: Calls,
    painter: &Painter,
    invocation: &Invocation,
) -> String {
    let mut text = String::new();
    if let Some(orphans) = &contents.orphans {
        for orphan in orphans {
            let _ = writeln!(text, "{}\n  remove it: {}", orphan.what, orphan.remove);
        }
        if orphans.is_empty() {
            text.push_str(
                "no orphans: everything efsctl created belongs to a file system with mount targets\n",
            );
        }
        return text;
    }
    if let Some(all) = &contents.results {
        return results(all, calls, painter);
    }
    if let Some(file_systems) = &contents.file_systems {
        return list(file_systems, painter);
    }
    if let Some(view) = contents
        .cost
        .as_ref()
        .filter(|_| contents.outcome == Outcome::Found)
    {
        return cost(view, painter);
    }
    if let Some(view) = &contents.alarms {
        return alarms(view, painter);
    }
    #[cfg(feature = "workspace")]
    if let Some(text) = workspace::result(contents, painter) {
        return text;
    }
    if let Some(done) = &contents.verification {
        return verification(done, painter);
    }
    match contents.outcome {
        Outcome::Planned => {
            for planned in &contents.changes {
                let _ = writeln!(text, "{}", change(planned, painter));
            }
            text.push_str(&summary(&contents.changes));
            return text;
        }
        Outcome::Deleted => {
            let name = contents
                .file_system
                .as_ref()
                .map(|fs| fs.file_system_id.to_string());
            let _ = writeln!(
                text,
                "{}{} made",
                name.map(|name| format!("{name} is deleted: "))
                    .unwrap_or_default(),
                counted(contents.changes.len(), "change")
            );
            return text;
        }
        Outcome::Created
        | Outcome::Changed
        | Outcome::Unchanged
        | Outcome::Found
        | Outcome::Ready
        | Outcome::Failed => {}
    }
    if let Some(deployment) = &contents.file_system {
        text.push_str(&facts(deployment, painter));
        text.push('\n');
        text.push_str(&mount_targets(deployment, painter));
    }
    match contents.outcome {
        Outcome::Unchanged => {
            let _ = writeln!(
                text,
                "\nno changes: {} matches the request ({})",
                named(contents.file_system.as_ref()),
                counted(calls.writing as usize, "write call")
            );
        }
        Outcome::Created | Outcome::Changed => {
            let made = counted(contents.changes.len(), "change");
            let _ = writeln!(text, "\n{made} made");
            let expected = contents.expected_findings.as_deref().unwrap_or_default();
            if !expected.is_empty() {
                let _ = writeln!(text, "\n{}", painter.bold("validate will find"));
            }
            for one in expected {
                let flag = one.avoided_by.as_ref().map(|flag| format!("  ({flag})"));
                let flag = flag.unwrap_or_default();
                let _ = writeln!(text, "  {:8}  {}{flag}", one.severity, one.summary);
            }
        }
        Outcome::Found => {
            let shown = contents.file_system.iter();
            text.extend(shown.map(|fs| next_of_shown(fs, painter, invocation)));
            return text;
        }
        _ => return text,
    }
    if let Some(deployment) = &contents.file_system {
        let expected = contents.expected_findings.as_deref().unwrap_or_default();
        text.push_str(&next(deployment, expected, painter, invocation));
    }
    text
}

/// A file system by its name, else by its id.
fn named(file_system: Option<&Deployment>) -> String {
    file_system.map_or_else(
        || "everything".to_owned(),
        |fs| match &fs.name {
            Some(name) => format!("`{name}`"),
            None => fs.file_system_id.to_string(),
        },
    )
}

fn summary(changes: &[Change]) -> String {
    let count = |verb| {
        changes
            .iter()
            .filter(|change| change.action == verb)
            .count()
    };
    if changes.is_empty() {
        return "no changes: everything matches the request\n".to_owned();
    }
    format!(
        "plan: {} to create, {} to update, {} to delete; nothing was changed (dry run)\n",
        count(Verb::Create),
        count(Verb::Update),
        count(Verb::Delete)
    )
}
