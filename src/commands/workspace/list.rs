//! `efsctl workspace ls` and `show`.

use super::super::App;
use super::super::ending::Ended;
use super::space::open;
use crate::cli::workspace::verbs::{ListArgs, OneArgs};
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::service::{Caller, Code as Cause};

pub(super) async fn run(app: &App, args: ListArgs) -> Ended {
    let space = open(app, &args.base, false)?;
    if args.unmanaged {
        let found = space
            .run(crate::workspace::service::Workspaces::strangers)
            .await?;
        return Ok(Some(Contents {
            unmanaged: Some(found),
            ..Contents::new(Outcome::Found)
        }));
    }
    let path = space.path.clone();
    let views = space
        .run(move |workspaces| {
            let mut views = Vec::new();
            for name in workspaces.names()? {
                if args
                    .prefix
                    .as_ref()
                    .is_some_and(|prefix| !name.as_str().starts_with(prefix.as_str()))
                {
                    continue;
                }
                match workspaces.inspect(&Caller::Everyone, &name) {
                    Ok(view) => {
                        let is_status = args.status.is_none_or(|status| status == view.status);
                        let is_idle = args.idle_since.is_none_or(|since| view.idle >= since);
                        if is_status && is_idle {
                            views.push(WorkspaceView::of(&view, &path));
                        }
                    }
                    Err(refused)
                        if refused.code == Cause::Damaged
                            && args.status.is_none()
                            && args.idle_since.is_none() =>
                    {
                        views.push(WorkspaceView::damaged(
                            name.as_str(),
                            &path,
                            refused.message,
                        ));
                    }
                    // It was deleted meanwhile.
                    Err(refused) if matches!(refused.code, Cause::NotFound | Cause::Damaged) => {}
                    Err(refused) => return Err(refused),
                }
            }
            Ok(views)
        })
        .await?;
    Ok(Some(Contents {
        workspaces: Some(views),
        ..Contents::new(Outcome::Found)
    }))
}

pub(super) async fn show(app: &App, args: OneArgs) -> Ended {
    let space = open(app, &args.base, false)?.about(&args.name);
    let name = args.name;
    let view = space
        .run(move |workspaces| workspaces.inspect(&Caller::Everyone, &name))
        .await?;
    Ok(Some(Contents {
        workspace: Some(WorkspaceView::of(&view, &space.path)),
        ..Contents::new(Outcome::Found)
    }))
}
