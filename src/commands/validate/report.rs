//! The report of an audit that is printed when everything is known.

use super::fixes;
use crate::cli::OutputFormat;
use crate::cli::validate::ValidateArgs;
use crate::commands::App;
use crate::commands::ending::{Ended, Failed, output_failed};
use crate::error::Error;
use crate::report::{Format, Look, render};
use crate::service::FleetReport;
use crate::ui::document::{AuditView, Contents, Outcome};

/// What is known at the end.
pub(super) fn collected(app: &App, args: &ValidateArgs, found: FleetReport, look: &Look) -> Ended {
    let mut contents = Contents::new(Outcome::Found);
    if args.fix.is_some() {
        fixes::put(app, &found.fixes, args.dry_run, &mut contents);
    }
    let human = app.settings.output == OutputFormat::Human;
    if human {
        if let Err(error) = print(app, args, &found, &contents, look) {
            return Err(failed(output_failed(&error, &contents), contents));
        }
    } else {
        contents.audit = Some(AuditView::of(found.report, &app.ui.invocation()));
    }
    match found.failure {
        Some(error) => Err(failed(error, contents)),
        None => Ok((!human).then_some(contents)),
    }
}

fn print(
    app: &App,
    args: &ValidateArgs,
    found: &FleetReport,
    contents: &Contents,
    look: &Look,
) -> std::io::Result<()> {
    let ui = &app.ui;
    let text = render(&found.report, args.format, look);
    let fixes = match (&contents.fixes, &args.fix) {
        (Some(fixes), Some(named)) => {
            let left_alone = if named.is_empty() {
                found.left_alone
            } else {
                0
            };
            ui.fixes(fixes, args.dry_run) + &fixes::left_alone(left_alone)
        }
        _ => String::new(),
    };
    if args.format == Format::TABLE {
        return ui.text(&(text + &fixes));
    }
    ui.aside(&fixes, args.dry_run);
    ui.text(&text)
}

pub(super) fn failed(error: Error, contents: Contents) -> Box<Failed> {
    Box::new(Failed { error, contents })
}
