//! What `validate --fix` adds, as it is shown.

use crate::commands::App;
use crate::service::Fix;
use crate::ui::document::{Contents, FixView, Outcome};

/// What is about to be added, before it is.
pub(super) fn tell_plan(app: &App, fixes: &[Fix], dry_run: bool) {
    if !dry_run {
        let text = app.ui.fixes(&views(app, fixes), true);
        app.ui.aside(&text, false);
    } else if fixes.iter().any(|fix| !fix.changes.is_empty()) {
        app.ui.note("note: not checked, because EFS has no dry run: the caller's elasticfilesystem rights, and service control policies");
    }
}

/// What was added, or would be.
pub(super) fn put(app: &App, fixes: &[Fix], dry_run: bool, contents: &mut Contents) {
    let changes = fixes.iter().flat_map(|fix| &fix.changes);
    contents.changes = changes.cloned().collect();
    contents.outcome = match (dry_run, contents.changes.is_empty()) {
        (true, _) => Outcome::Planned,
        (false, true) => Outcome::Unchanged,
        (false, false) => Outcome::Changed,
    };
    contents.fixes = Some(views(app, fixes));
}

/// What `--fix` knows and left alone, and why.
pub(super) fn left_alone(failures: usize) -> String {
    match failures {
        0 => String::new(),
        1 => "--fix: 1 more fixable failure does not count (--fail-on, --baseline): name its check with --fix=CHECK\n".to_owned(),
        some => format!(
            "--fix: {some} more fixable failures do not count (--fail-on, --baseline): name their checks with --fix=CHECK\n"
        ),
    }
}

fn views(app: &App, fixes: &[Fix]) -> Vec<FixView> {
    let view = |fix: &Fix| FixView {
        file_system_id: fix.file_system.clone(),
        region: fix.region.clone(),
        profile: fix.profile.clone(),
        changes: fix.changes.clone(),
        notes: fix.notes.iter().map(|note| app.ui.shown(note)).collect(),
        error: fix.error.as_ref().map(|error| app.ui.shown(error)),
    };
    fixes.iter().map(view).collect()
}
