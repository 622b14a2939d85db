//! `efsctl workspace put` and `get`.

use std::io::Read;
use std::path::Path;

use super::super::App;
use super::super::ending::{Ended, unwritable};
use super::space::open;
use crate::cli::workspace::verbs::{GetArgs, PutArgs};
use crate::domain::text::counted;
use crate::error::{Code, Error, Kind};
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::domain::path::RelPath;
use crate::workspace::service::{Caller, Item};

/// A file, or stdin.
pub(super) fn content(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    read.map_err(|error| {
        Error::new(
            Code::InvalidFile,
            format!("{} cannot be read: {error}", path.display()),
        )
    })?;
    Ok(bytes)
}

pub(super) async fn put(app: &App, args: PutArgs) -> Ended {
    let items = match (&args.batch, args.path) {
        (Some(file), _) => batch(file)?,
        (None, Some(path)) => {
            let bytes = content(args.file.as_deref().unwrap_or(Path::new("-")))?;
            vec![Item {
                path: Ok(path),
                content: Ok(bytes),
            }]
        }
        (None, None) => return Err(Error::usage("neither a path nor --batch is given").into()),
    };
    let is_batch = args.batch.is_some();
    let space = open(app, &args.one.base, false)?.about(&args.one.name);
    let name = args.one.name;
    let path = space.path.clone();
    let (view, refused) = space
        .run(move |workspaces| {
            let written = workspaces.put_batch(&Caller::Everyone, &name, &items)?;
            let mut refused = Vec::new();
            for (item, written) in items.iter().zip(written) {
                match written {
                    Err(one) if !is_batch => return Err(one),
                    Err(one) => refused.push((item.path.clone().ok(), one)),
                    Ok(_) => {}
                }
            }
            let view = workspaces.inspect(&Caller::Everyone, &name)?;
            Ok((WorkspaceView::of(&view, &path), refused))
        })
        .await?;
    let contents = Contents {
        workspace: Some(view),
        ..Contents::new(Outcome::Changed)
    };
    if refused.is_empty() {
        return Ok(Some(contents));
    }
    for (path, why) in &refused {
        app.ui.note(&match path {
            Some(path) => format!("not written: {path}: {why}"),
            // The refusal names it.
            None => format!("not written: {why}"),
        });
    }
    let error = Error::new(
        Code::LimitReached,
        format!(
            "{} of the batch could not be written",
            counted(refused.len(), "file")
        ),
    )
    .hint("the others are written: correct these, and put the batch again");
    Err(app.checked(
        contents,
        Error {
            kind: Kind::Leftovers,
            ..error
        },
    ))
}

/// The files of a batch: a list of objects with `path` and `content`.
fn batch(file: &Path) -> Result<Vec<Item>, Error> {
    #[derive(serde::Deserialize)]
    struct Row {
        path: String,
        content: String,
    }
    let rows: Vec<Row> = serde_json::from_slice(&content(file)?).map_err(|error| {
        Error::new(
            Code::InvalidFile,
            format!("{} is no list of files: {error}", file.display()),
        )
        .hint("it looks like [{\"path\": \"src/App.tsx\", \"content\": \"…\"}]")
    })?;
    Ok(rows
        .into_iter()
        .map(|row| Item {
            path: RelPath::new(&row.path).map_err(Into::into),
            content: Ok(row.content.into_bytes()),
        })
        .collect())
}

pub(super) async fn get(app: &App, args: GetArgs) -> Ended {
    let space = open(app, &args.one.base, false)?.about(&args.one.name);
    let (name, path) = (args.one.name, args.path);
    let bytes = space
        .run(move |workspaces| workspaces.read_file(&Caller::Everyone, &name, &path, u64::MAX))
        .await?;
    app.ui.bytes(&bytes).map_err(|error| unwritable(&error))?;
    Ok(None)
}
