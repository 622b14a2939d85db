//! `efsctl workspace adopt`.

use super::super::App;
use super::super::ending::Ended;
use super::space::open;
use crate::cli::workspace::verbs::AdoptArgs;
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::domain::name::Name;
use crate::workspace::service::{Adopted, Caller, Refusal};

pub(super) async fn run(app: &App, args: AdoptArgs) -> Ended {
    let space = open(app, &args.base, args.dry_run)?;
    let AdoptArgs {
        names,
        all,
        user,
        force,
        dry_run,
        ..
    } = args;
    let (views, is_changed) = space
        .run(move |workspaces| {
            let parsed = |text: &String| Name::project(text).map_err(Refusal::from);
            let names = if all {
                workspaces
                    .strangers()?
                    .iter()
                    .map(parsed)
                    .collect::<Result<Vec<_>, _>>()?
            } else {
                names
            };
            let mut views = Vec::new();
            let mut is_changed = false;
            for name in names {
                if dry_run {
                    is_changed |= workspaces.would_adopt(&name, force)? == Adopted::New;
                    continue;
                }
                is_changed |= workspaces.adopt(&name, &user, name.as_str(), force)? == Adopted::New;
                views.push(workspaces.inspect(&Caller::Everyone, &name)?);
            }
            Ok((views, is_changed))
        })
        .await?;
    let outcome = match (is_changed, dry_run) {
        (false, _) => Outcome::Unchanged,
        (true, true) => Outcome::Planned,
        (true, false) => Outcome::Changed,
    };
    let views = views
        .iter()
        .map(|view| WorkspaceView::of(view, &space.path))
        .collect();
    Ok(Some(Contents {
        workspaces: Some(views),
        ..Contents::new(outcome)
    }))
}
