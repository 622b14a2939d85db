//! `efsctl workspace create`.

use super::super::App;
use super::super::ending::Ended;
use super::super::read_text;
use super::space::{Space, open};
use crate::cli::workspace::LimitArgs;
use crate::cli::workspace::verbs::CreateArgs;
use crate::error::{Code, Error};
use crate::settings::workspace::limits;
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::domain::limits::Limits;
use crate::workspace::domain::name::Name;
use crate::workspace::domain::state::Kind;
use crate::workspace::service::{Caller, Code as Cause, New, View};

pub(super) async fn run(app: &App, args: CreateArgs) -> Ended {
    let mut names = args.names.clone();
    if let Some(path) = &args.from {
        names.extend(listed(path)?);
    }
    let own = own_limits(&args.limits)?;
    let space = open(app, &args.base, args.dry_run)?;
    let mut done = Vec::new();
    let mut outcome = Outcome::Unchanged;
    for name in names {
        let usual = if name.split().0.is_some() {
            Kind::Project
        } else {
            Kind::Job
        };
        let new = New {
            kind: args.kind.map_or(usual, Into::into),
            owner: args.user.clone(),
            project_name: args
                .project_name
                .clone()
                .unwrap_or_else(|| name.to_string()),
            limits: own,
            name: Some(name),
        };
        let (view, is_new) = one(&space, new, args.dry_run).await?;
        if is_new {
            outcome = if args.dry_run {
                Outcome::Planned
            } else {
                Outcome::Created
            };
        }
        done.push(WorkspaceView::of(&view, &space.path));
    }
    Ok(Some(Contents {
        workspaces: Some(done),
        ..Contents::new(outcome)
    }))
}

/// Creates one; one that is there with the same arguments is no change.
async fn one(space: &Space, new: New, is_dry_run: bool) -> Result<(View, bool), Error> {
    let asked = new.clone();
    let created = space.run(move |workspaces| {
        if is_dry_run {
            return workspaces.would_create(&new).map(|view| (view, true));
        }
        match workspaces.create(&new) {
            Err(refused) if refused.code == Cause::IdTaken => {
                let name = new.name.as_ref().ok_or_else(|| refused.clone())?;
                workspaces
                    .inspect(&Caller::Everyone, name)
                    .map(|view| (view, false))
                    .map_err(|_| refused)
            }
            other => other.map(|view| (view, true)),
        }
    });
    let (view, is_new) = created.await?;
    let other = [
        ("--project-name", view.project_name != asked.project_name),
        ("--user", view.owner != asked.owner),
        ("--kind", view.kind != asked.kind),
        (
            "--max-file, --max-size or --max-files",
            asked.limits.is_some_and(|limits| limits != view.limits),
        ),
    ];
    let other: Vec<&str> = other
        .iter()
        .filter(|(_, differs)| *differs)
        .map(|(flag, _)| *flag)
        .collect();
    if is_new || other.is_empty() {
        Ok((view, is_new))
    } else {
        Err(Error::new(
            Code::NameTaken,
            format!("`{}` exists with another {}", view.name, other.join(", ")),
        )
        .hint("use another name, or leave out what differs"))
    }
}

/// Limits that were asked for; without any the workspace has none of its own.
fn own_limits(args: &LimitArgs) -> Result<Option<Limits>, Error> {
    let is_given = args.max_file.is_some() || args.max_size.is_some() || args.max_files.is_some();
    is_given.then(|| limits(args)).transpose()
}

/// The names in a file, one a line.
fn listed(path: &std::path::Path) -> Result<Vec<Name>, Error> {
    let shown = path.display();
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin()).map_err(|error| error.to_string())
    } else {
        read_text(path)
    };
    let text = text.map_err(|error| {
        Error::new(
            Code::InvalidFile,
            format!("{shown} cannot be read: {error}"),
        )
    })?;
    let lines = text.lines().map(str::trim).enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let name = |(at, line): (usize, &str)| {
        let name = Name::project(line);
        name.map_err(|refused| {
            Error::new(
                Code::InvalidFile,
                format!("{shown}, line {}: {refused}", at + 1),
            )
        })
    };
    lines.map(name).collect()
}
