//! `efsctl workspace complete`, `reopen`, `fail` and `touch`.

use super::super::App;
use super::super::ending::Ended;
use super::space::open;
use crate::cli::workspace::verbs::{FailArgs, OneArgs};
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::service::{Caller, Refusal, Workspaces};
use crate::workspace::share::Posix;

/// Does something to a workspace, and shows it.
async fn done(
    app: &App,
    args: OneArgs,
    run: impl FnOnce(&Workspaces<Posix>, &OneArgs) -> Result<Vec<String>, Refusal> + Send + 'static,
) -> Ended {
    let space = open(app, &args.base, false)?.about(&args.name);
    let path = space.path.clone();
    let (view, warnings) = space
        .run(move |workspaces| {
            let warnings = run(workspaces, &args)?;
            let view = workspaces.inspect(&Caller::Everyone, &args.name)?;
            Ok((WorkspaceView::of(&view, &path), warnings))
        })
        .await?;
    for warning in warnings {
        app.ui.note(&format!("note: {warning}"));
    }
    Ok(Some(Contents {
        workspace: Some(view),
        ..Contents::new(Outcome::Changed)
    }))
}

pub(super) async fn complete(app: &App, args: OneArgs) -> Ended {
    done(app, args, |workspaces, args| {
        let completed = workspaces.complete(&Caller::Everyone, &args.name)?;
        workspaces.pack(&Caller::Everyone, &args.name)?;
        Ok(completed.warnings)
    })
    .await
}

pub(super) async fn reopen(app: &App, args: OneArgs) -> Ended {
    done(app, args, |workspaces, args| {
        workspaces.reopen(&Caller::Everyone, &args.name)?;
        workspaces.empty_trash()?;
        Ok(Vec::new())
    })
    .await
}

pub(super) async fn fail(app: &App, args: FailArgs) -> Ended {
    let message = args.message;
    done(app, args.one, move |workspaces, args| {
        workspaces.fail(&Caller::Everyone, &args.name, &message)?;
        Ok(Vec::new())
    })
    .await
}

pub(super) async fn touch(app: &App, args: OneArgs) -> Ended {
    done(app, args, |workspaces, args| {
        workspaces.touch(&Caller::Everyone, &args.name)?;
        Ok(Vec::new())
    })
    .await
}
