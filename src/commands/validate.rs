//! `efsctl validate`.

mod asked;
mod fixes;
mod report;

use self::asked::{asked, now};
pub(super) use self::asked::{config_file, today};
use self::report::{collected, failed};
use super::App;
use super::accounts::fleet;
use super::ending::{Ended, unwritable};
use crate::aws::AwsCloud;
use crate::cli::OutputFormat;
use crate::cli::validate::ValidateArgs;
use crate::error::Error;
use crate::report::{Format, Look, StreamingReport};
use crate::service::{CATALOGUE, Fix, FixOptions, Fleet, FleetOptions};
use crate::ui::document::{Contents, Outcome};

pub(super) async fn run(app: &App, args: &ValidateArgs) -> Ended {
    let human = app.settings.output == OutputFormat::Human;
    if args.list && !human {
        let error = Error::usage("--list prints a table and has no JSON form")
            .hint("leave -o json out; docs/CHECKS.md has the whole catalogue");
        return Err(error.into());
    }
    if args.list {
        return list(app);
    }
    if args.format != Format::TABLE && !human {
        let error =
            Error::usage("--format cannot be combined with -o json").hint("leave one of them out");
        return Err(error.into());
    }
    if let Some(check) = args.misplaced_check() {
        let error = Error::usage(format!("`{check}` is a check, not a file system"))
            .hint(format!("write --fix={check} (with an equals sign)"));
        return Err(error.into());
    }
    let options = asked(app, args)?;
    let fleet = fleet(app, &args.file_systems).await?;
    let mut places = fleet.places();
    if let (Some(place), None) = (places.next(), places.next()) {
        app.ui.reached(&place.region);
    }
    let settings = &app.settings;
    let look = Look {
        color: settings.color.0,
        width: settings.columns.unwrap_or(usize::MAX),
        all: args.show_all,
        baseline: options.exit.baseline.is_some(),
        at: Some(now()),
        invocation: app.ui.invocation(),
    };
    if let Some(checks) = &args.fix {
        if args.file_systems.len() != 1 {
            app.ui.several();
        }
        let fix = FixOptions {
            checks: checks.clone(),
            dry_run: args.dry_run,
        };
        let planned = |fixes: &[Fix]| fixes::tell_plan(app, fixes, args.dry_run);
        let fixed = fleet.fix(&options, &fix, planned).await?;
        return collected(app, args, fixed, &look);
    }
    match StreamingReport::new(args.format, look.clone()).filter(|_| human) {
        Some(stream) => streamed(app, &fleet, &options, stream).await,
        None => collected(app, args, fleet.validate(&options).await?, &look),
    }
}

/// Prints while it goes on.
async fn streamed(
    app: &App,
    fleet: &Fleet<'_, AwsCloud>,
    options: &FleetOptions,
    mut stream: StreamingReport,
) -> Ended {
    let mut printed = app.ui.text(stream.begin());
    let mut on_audited = |audited| {
        let text = stream.file_system(&audited);
        if printed.is_ok() {
            printed = app.ui.text(&text);
        }
    };
    let ended = fleet.validate_each(options, &mut on_audited).await?;
    let end = || app.ui.text(&stream.end(&ended.unseen, &ended.unjudged));
    printed
        .and_then(|()| end())
        .map_err(|error| unwritable(&error))?;
    match ended.failure {
        None => Ok(None),
        Some(error) => Err(failed(error, Contents::new(Outcome::Found))),
    }
}

fn list(app: &App) -> Ended {
    let checks = CATALOGUE.iter().map(|check| &check.about);
    let width = checks
        .clone()
        .map(|about| about.id.len())
        .max()
        .unwrap_or(0);
    let line = |about: &crate::domain::finding::About| {
        format!(
            "{:width$}  {:8}  {}\n",
            about.id, about.severity, about.title
        )
    };
    let lines: String = checks.map(line).collect();
    app.text(lines.as_bytes())
}
