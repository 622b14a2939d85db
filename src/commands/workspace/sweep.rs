//! `efsctl workspace sweep` and `stats`.

use super::super::App;
use super::super::ending::Ended;
use super::space::open;
use crate::cli::workspace::verbs::{StatsArgs, SweepArgs};
use crate::domain::text::counted;
use crate::error::{Code, Error, Kind};
use crate::ui::document::{Contents, Outcome, StatsView, SweepView};
use crate::workspace::service::Workspaces;

pub(super) async fn run(app: &App, args: SweepArgs) -> Ended {
    let space = open(app, &args.base, args.dry_run)?;
    let is_dry_run = args.dry_run;
    let swept = space
        .run(move |workspaces| {
            let swept = workspaces.sweep(is_dry_run)?;
            if !is_dry_run {
                workspaces.empty_trash()?;
            }
            Ok(swept)
        })
        .await?;
    let view = SweepView::from(swept);
    let (due, failed) = (view.expired.len(), view.failed.len());
    let outcome = match (is_dry_run, due) {
        (true, _) => Outcome::Planned,
        (false, 0) => Outcome::Unchanged,
        (false, _) => Outcome::Changed,
    };
    let contents = Contents {
        sweep: Some(view),
        ..Contents::new(outcome)
    };
    if failed > 0 {
        let error = Error::new(
            Code::Failed,
            format!(
                "{} could not be read or removed",
                counted(failed, "workspace")
            ),
        );
        return Err(app.checked(
            contents,
            Error {
                kind: Kind::Leftovers,
                ..error
            },
        ));
    }
    if args.check && due > 0 {
        let error = Error::new(
            Code::ChangesDue,
            format!("{} expired", counted(due, "workspace")),
        );
        return Err(app.checked(contents, error));
    }
    Ok(Some(contents))
}

pub(super) async fn stats(app: &App, args: StatsArgs) -> Ended {
    let space = open(app, &args.base, false)?;
    let path = space.path.clone();
    let view = space
        .run(move |workspaces: &Workspaces<_>| {
            Ok(StatsView::of(
                &workspaces.stats()?,
                &path,
                workspaces.options().policy.expire_hours(),
            ))
        })
        .await?;
    Ok(Some(Contents {
        stats: Some(view),
        ..Contents::new(Outcome::Found)
    }))
}
