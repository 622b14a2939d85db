//! `efsctl delete -f`: the file systems that manifests describe by name.

use super::confirm::{Question, same_with_yes};
use super::ending::{Ended, several};
use super::{App, expired, manifest};
use crate::cli::DeleteArgs;
use crate::domain::deployment::{Deployment, metered};
use crate::domain::ids::Reference;
use crate::domain::plan::Change;
use crate::domain::text::{counted, list};
use crate::error::{Error, Kind};
use crate::service::{ApplyEntry, Deletion, PlannedDeletion};
use crate::ui::document::{Contents, ErrorView, Outcome, ResultView};

pub(super) async fn run(app: &App, args: &DeleteArgs) -> Ended {
    let entries = manifest::entries(app, &args.file, &args.only)?;
    let references = entries.iter().map(ApplyEntry::reference);
    let (named, others): (Vec<_>, Vec<_>) =
        references.partition(|reference| matches!(reference, Reference::Name(_)));
    if !others.is_empty() {
        let others = list(&others);
        app.ui
            .note(&format!("note: described by id, and not deleted: {others}"));
    }
    if named.len() > 1 {
        app.ui.several();
    }
    let service = app.service().await?;
    let region = service.cloud().region().to_owned();
    let options = expired::options(args, app.settings.timeout);
    let planned = service.plan_delete_each(&named, &options).await;
    let goes: Vec<&PlannedDeletion> = planned.iter().filter(|one| one.plan.is_ok()).collect();
    if args.dry_run || goes.is_empty() {
        let views = planned.into_iter().map(|one| {
            let result = one.plan.map_err(|error| (error, Vec::new()));
            let result = result.map(|plan| (plan.deployment, plan.changes));
            view(app, (&one.reference, Outcome::Planned), &region, result)
        });
        return ended(app, views.collect(), Outcome::Planned);
    }
    if !args.yes {
        confirmed(app, &goes).await?;
    }
    let deleted = service.delete_each(planned, &options).await;
    let views = deleted.into_iter().map(|Deletion { reference, result }| {
        let result = result.map(|deleted| (deleted.deployment, deleted.changes));
        let result = result.map_err(|failure| (failure.error, failure.changes));
        view(app, (&reference, Outcome::Deleted), &region, result)
    });
    ended(app, views.collect(), Outcome::Deleted)
}

type Parts = (Option<Deployment>, Vec<Change>);

/// What is gone already needs no deletion.
fn view(
    app: &App,
    (reference, outcome): (&Reference, Outcome),
    region: &str,
    result: Result<Parts, (Error, Vec<Change>)>,
) -> (ResultView, Option<Error>) {
    match result {
        Ok((file_system, changes)) => {
            let view = ResultView::new(outcome, reference, region);
            let view = ResultView {
                file_system,
                changes,
                ..view
            };
            (view, None)
        }
        Err((error, _)) if error.kind == Kind::NotFound => {
            (ResultView::new(Outcome::Unchanged, reference, region), None)
        }
        Err((error, changes)) => {
            let view = ResultView::new(Outcome::Failed, reference, region);
            let failed = view.failed(ErrorView::of(&error, &app.ui.invocation()));
            (ResultView { changes, ..failed }, Some(error))
        }
    }
}

fn ended(app: &App, views: Vec<(ResultView, Option<Error>)>, outcome: Outcome) -> Ended {
    let (results, errors): (Vec<ResultView>, Vec<Option<Error>>) = views.into_iter().unzip();
    let errors: Vec<Error> = errors.into_iter().flatten().collect();
    let gone = results.iter().all(|one| one.outcome == Outcome::Unchanged);
    let outcome = if gone { Outcome::Unchanged } else { outcome };
    several(app, Contents::several(outcome, results), &errors)
}

async fn confirmed(app: &App, goes: &[&PlannedDeletion]) -> Result<(), Error> {
    let named = goes.iter().map(|one| {
        let deployment = one
            .plan
            .as_ref()
            .ok()
            .and_then(|plan| plan.deployment.as_ref());
        match deployment {
            Some(fs) => {
                let (id, name) = (&fs.file_system_id, &one.reference);
                format!("{id} ({name}, {})", metered(fs.size_bytes))
            }
            None => format!("what is left of {}", one.reference),
        }
    });
    let count = counted(goes.len(), "file system");
    app.confirm(Question {
        text: format!("delete {count}: {}?", list(named)),
        verb: "delete",
        undone: "nothing was deleted",
        hint: same_with_yes(),
    })
    .await
}
