//! `efsctl list --expired` and `efsctl delete --expired`.

use std::time::Duration;

use super::App;
use super::accounts::fleet;
use super::confirm::{Question, same_with_yes};
use super::ending::Ended;
use super::setting::now;
use crate::cli::{DeleteArgs, ListArgs};
use crate::domain::deployment::metered;
use crate::domain::ids::Reference;
use crate::domain::text::{counted, list};
use crate::error::Error;
use crate::service::{DeleteOptions, Expired, ExpiredDeletion};
use crate::ui::document::{Contents, ErrorView, Outcome, ResultView};

/// The time by which they have expired.
fn by(older_than: Option<Duration>) -> i64 {
    let seconds = older_than.unwrap_or_default().as_secs();
    now().saturating_sub_unsigned(seconds)
}

pub(super) async fn listed(app: &App, args: &ListArgs) -> Ended {
    let fleet = fleet(app, &[]).await?;
    let report = fleet.expired(by(args.older_than)).await?;
    let failure = report.failure(&[]);
    let file_systems = report.expired.into_iter().map(|one| one.deployment);
    let contents = Contents {
        file_systems: Some(file_systems.collect()),
        ..Contents::new(Outcome::Found)
    };
    ended(app, contents, failure)
}

pub(super) async fn deleted(app: &App, args: &DeleteArgs) -> Ended {
    app.ui.several();
    let fleet = fleet(app, &[]).await?;
    let by = by(args.older_than);
    let report = fleet.expired(by).await?;
    let asked = options(args, app.settings.timeout);
    let options = DeleteOptions {
        expired_by: Some(by),
        ..asked
    };
    let planned = fleet.plan_delete_expired(&report.expired, &options).await;
    let goes = planned.iter().filter(|one| one.outcome.is_ok());
    let goes: Vec<Expired> = goes.map(|one| one.expired.clone()).collect();
    if args.dry_run || goes.is_empty() {
        let outcome = if args.dry_run {
            Outcome::Planned
        } else {
            Outcome::Unchanged
        };
        let failure = report.failure(&planned);
        return ended(app, contents(app, planned, outcome), failure);
    }
    let stay: Vec<ExpiredDeletion> = planned
        .into_iter()
        .filter(|one| one.outcome.is_err())
        .collect();
    if !args.yes {
        confirmed(app, &goes, args).await?;
    }
    let mut done = fleet.delete_expired(&goes, &options).await;
    done.extend(stay);
    let order = |one: &ExpiredDeletion| {
        let of = |listed: &Expired| listed.deployment == one.expired.deployment;
        report.expired.iter().position(of)
    };
    done.sort_by_key(order);
    let failure = report.failure(&done);
    ended(app, contents(app, done, Outcome::Deleted), failure)
}

fn ended(app: &App, contents: Contents, failure: Option<Error>) -> Ended {
    match failure {
        None => Ok(Some(contents)),
        Some(error) => Err(app.checked(contents, error)),
    }
}

fn contents(app: &App, all: Vec<ExpiredDeletion>, outcome: Outcome) -> Contents {
    let invocation = app.ui.invocation();
    let view = |one: ExpiredDeletion| {
        let (place, deployment) = (one.expired.place, one.expired.deployment);
        let id = Reference::Id(deployment.file_system_id.clone());
        let view = ResultView {
            profile: place.profile,
            file_system: Some(deployment),
            ..ResultView::new(outcome, &id, &place.region)
        };
        match one.outcome {
            Ok(deleted) => ResultView {
                changes: deleted.changes,
                ..view
            },
            Err(failure) => ResultView {
                changes: failure.changes,
                ..view.failed(ErrorView::of(&failure.error, &invocation))
            },
        }
    };
    Contents::several(outcome, all.into_iter().map(view).collect())
}

/// How to delete, in that time.
pub(super) fn options(args: &DeleteArgs, timeout: Option<Duration>) -> DeleteOptions {
    DeleteOptions {
        with_data: args.with_data || args.force,
        with_others: args.force,
        timeout,
        ..DeleteOptions::default()
    }
}

async fn confirmed(app: &App, goes: &[Expired], args: &DeleteArgs) -> Result<(), Error> {
    let named = goes.iter().map(|one| {
        let fs = &one.deployment;
        let name = fs.name.as_deref().unwrap_or("no name");
        format!("{} ({name}, {})", fs.file_system_id, metered(fs.size_bytes))
    });
    let data = if args.with_data {
        " with their data"
    } else {
        ""
    };
    let count = counted(goes.len(), "expired file system");
    app.confirm(Question {
        text: format!("delete {count}{data}: {}?", list(named)),
        verb: "delete",
        undone: "nothing was deleted",
        hint: same_with_yes(),
    })
    .await
}
