//! `efsctl apply`.

use super::ending::{Ended, several};
use super::{App, manifest, prices, setting};
use crate::cli::apply::ApplyArgs;
use crate::domain::advice::Advice;
use crate::domain::text::counted;
use crate::error::{Code, Error};
use crate::service::{AppliedEntry, ApplyOptions, Failure, PlannedEntry};
use crate::ui::document::{Contents, ErrorView, Outcome, ResultView};

pub(super) async fn run(app: &App, args: &ApplyArgs) -> Ended {
    let entries = manifest::entries(app, &args.file, &args.only)?;
    if entries.len() > 1 {
        app.ui.several();
    }
    let service = app.service().await?;
    let options = ApplyOptions {
        timeout: app.settings.timeout,
        preflight: args.dry_run,
    };
    let mut planned = service.plan_apply(&entries, &options).await;
    let losses: Vec<Advice> = planned.iter().flat_map(PlannedEntry::losses).collect();
    if args.dry_run {
        app.ui.losses(&losses);
        return dry_run(app, args, planned, service.cloud().region());
    }
    if args.yes {
        app.ui.losses(&losses);
    } else if !losses.is_empty() {
        setting::confirmed(app, &counted(planned.len(), "file system"), &losses).await?;
        let again = service.plan_apply(&entries, &options).await;
        let mut both = again.iter().zip(&planned);
        if both.any(|(again, before)| again.changes() != before.changes()) {
            let changed = "the file systems changed while you were asked: nothing was changed";
            return Err(Error::new(Code::SettingsDiffer, changed)
                .hint("run the same command again to see the new plan")
                .into());
        }
        planned = again;
    }
    let region = service.cloud().region().to_owned();
    let applied = service.apply(planned, &options).await;
    let mut errors = Vec::new();
    let results = applied.into_iter().map(|entry| {
        let (view, error) = applied_view(app, entry, &region);
        errors.extend(error);
        view
    });
    let results: Vec<ResultView> = results.collect();
    let is = |outcome| results.iter().any(|result| result.outcome == outcome);
    let outcome = match (is(Outcome::Created), is(Outcome::Changed)) {
        (true, _) => Outcome::Created,
        (false, true) => Outcome::Changed,
        (false, false) => Outcome::Unchanged,
    };
    several(app, Contents::several(outcome, results), &errors)
}

fn dry_run(app: &App, args: &ApplyArgs, planned: Vec<PlannedEntry>, region: &str) -> Ended {
    let mut errors = Vec::new();
    let invocation = app.ui.invocation();
    let costs = planned.iter().filter_map(|entry| {
        let plan = entry.plan.as_ref().ok()?;
        Some((&entry.reference, plan.cost.as_ref()?))
    });
    let cost = prices::planned(costs, region);
    let results = planned.into_iter().map(|entry| {
        let view = ResultView::new(Outcome::Planned, &entry.reference, region);
        match entry.plan {
            Ok(plan) => ResultView {
                file_system: plan.deployment,
                changes: plan.changes,
                ..view
            },
            Err(error) => {
                let failed = view.failed(ErrorView::of(&error, &invocation));
                errors.push(error);
                failed
            }
        }
    });
    let contents = Contents {
        cost,
        ..Contents::several(Outcome::Planned, results.collect())
    };
    let due = contents.changes.len();
    if args.check && due > 0 && errors.is_empty() {
        let message = format!("the manifest differs: {} to apply", counted(due, "change"));
        let error = Error::new(Code::ChangesDue, message)
            .hint("to apply them, run the same command without --dry-run --check");
        return Err(app.checked(contents, error));
    }
    several(app, contents, &errors)
}

fn applied_view(app: &App, entry: AppliedEntry, region: &str) -> (ResultView, Option<Error>) {
    let view = |outcome| ResultView::new(outcome, &entry.reference, region);
    match entry.result {
        Ok(applied) => {
            let outcome = match (applied.is_new, applied.changes.is_empty()) {
                (true, _) => Outcome::Created,
                (false, true) => Outcome::Unchanged,
                (false, false) => Outcome::Changed,
            };
            let done = ResultView {
                file_system: Some(applied.deployment),
                changes: applied.changes,
                ..view(outcome)
            };
            (done, None)
        }
        Err(failure) => {
            let Failure {
                error,
                changes,
                not_applied,
                ..
            } = *failure;
            let failed = view(Outcome::Failed).failed(ErrorView::of(&error, &app.ui.invocation()));
            let failed = ResultView {
                changes,
                not_applied,
                ..failed
            };
            (failed, Some(error))
        }
    }
}
