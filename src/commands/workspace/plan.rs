//! `efsctl workspace plan` and `zip`.

use std::io::Write;

use super::super::App;
use super::super::ending::Ended;
use super::files::content;
use super::space::open;
use crate::cli::workspace::verbs::{PlanArgs, ZipArgs};
use crate::error::{Code, Error};
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::domain::path::RelPath;
use crate::workspace::domain::plan::Plan;
use crate::workspace::service::Caller;

pub(super) async fn run(app: &App, args: PlanArgs) -> Ended {
    let shown = args.file.display();
    let text = String::from_utf8(content(&args.file)?);
    let text = text.map_err(|_| Error::new(Code::InvalidFile, format!("{shown} is not UTF-8")))?;
    let plan = Plan::render(&text).map_err(|error| {
        Error::new(Code::InvalidFile, format!("{shown} is no plan: {error}"))
            .hint("it looks like {\"tasks\": [], \"metadata\": {}}")
    })?;
    let space = open(app, &args.one.base, false)?.about(&args.one.name);
    let (name, path) = (args.one.name, space.path.clone());
    let view = space
        .run(move |workspaces| {
            workspaces.put(
                &Caller::Everyone,
                &name,
                &RelPath::plan(),
                plan.into_bytes(),
            )?;
            let view = workspaces.inspect(&Caller::Everyone, &name)?;
            Ok(WorkspaceView::of(&view, &path))
        })
        .await?;
    Ok(Some(Contents {
        workspace: Some(view),
        ..Contents::new(Outcome::Changed)
    }))
}

pub(super) async fn zip(app: &App, args: ZipArgs) -> Ended {
    let space = open(app, &args.one.base, false)?.about(&args.one.name);
    let name = args.one.name;
    let bytes = space
        .run(move |workspaces| {
            let download = workspaces.download(&Caller::Everyone, &name)?;
            let mut bytes = vec![0; usize::try_from(download.size).unwrap_or(0)];
            let read = workspaces.read_at(&download.file, 0, &mut bytes)?;
            bytes.truncate(read);
            Ok(bytes)
        })
        .await?;
    let shown = args.to.display();
    let created = std::fs::File::create_new(&args.to).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Error::new(Code::FileExists, format!("{shown} exists"))
                .hint("name a file that does not exist")
        }
        _ => Error::new(
            Code::InvalidFile,
            format!("{shown} cannot be written: {error}"),
        ),
    });
    let written = created?.write_all(&bytes);
    written.map_err(|error| {
        Error::new(
            Code::DiskFull,
            format!("{shown} cannot be written: {error}"),
        )
    })?;
    app.ui.note(&format!("{shown}: {} bytes", bytes.len()));
    Ok(Some(Contents::new(Outcome::Found)))
}
