//! `efsctl workspace rm`.

use super::super::App;
use super::super::confirm::{Question, same_with_yes};
use super::super::ending::Ended;
use super::space::open;
use crate::cli::workspace::verbs::RemoveArgs;
use crate::domain::deployment::bytes;
use crate::domain::text::counted;
use crate::error::{Code, Error};
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::service::Caller;

pub(super) async fn run(app: &App, args: RemoveArgs) -> Ended {
    let space = open(app, &args.one.base, args.dry_run)?.about(&args.one.name);
    let name = args.one.name;
    let (view, held) = {
        let name = name.clone();
        space
            .run(move |workspaces| {
                Ok((
                    workspaces.inspect(&Caller::Everyone, &name)?,
                    workspaces.holder(&name)?,
                ))
            })
            .await?
    };
    if let (None, Some((lease, until))) = (&args.path, held) {
        let message = format!(
            "`{name}` is held by {} until {}",
            lease.holder,
            until.zulu()
        );
        return Err(Error::new(Code::Held, message)
            .hint("end what holds it, or wait")
            .into());
    }
    let files = counted(
        usize::try_from(view.counts.files).unwrap_or(usize::MAX),
        "file",
    );
    let shown = WorkspaceView::of(&view, &space.path);
    let contents = |outcome| Contents {
        workspaces: Some(vec![shown]),
        ..Contents::new(outcome)
    };
    if args.dry_run {
        return Ok(Some(contents(Outcome::Planned)));
    }
    if args.path.is_none() && !args.yes {
        app.confirm(Question {
            text: format!(
                "delete {name} with its {files} ({})?",
                bytes(view.counts.bytes)
            ),
            verb: "delete",
            undone: "nothing was deleted",
            hint: same_with_yes(),
        })
        .await?;
    }
    let (path, keep_zip) = (args.path, args.keep_zip);
    space
        .run(move |workspaces| {
            match &path {
                Some(path) => workspaces.remove_file(&Caller::Everyone, &name, path)?,
                None => workspaces.delete(&Caller::Everyone, &name, keep_zip)?,
            }
            workspaces.empty_trash()
        })
        .await?;
    Ok(Some(contents(Outcome::Deleted)))
}
