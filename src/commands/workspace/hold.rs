//! `efsctl workspace hold`.

use std::process::ExitStatus;

use super::super::App;
use super::super::ending::Ended;
use super::space::{Space, open};
use crate::cli::workspace::verbs::HoldArgs;
use crate::error::{Code, Error};
use crate::ui::document::{Contents, Outcome, WorkspaceView};
use crate::workspace::domain::lease::Lease;
use crate::workspace::domain::name::Name;
use crate::workspace::service::{Caller, lease_of};

pub(super) async fn run(app: &App, args: HoldArgs) -> Ended {
    let space = open(app, &args.one.base, false)?.about(&args.one.name);
    let name = args.one.name;
    let words: Vec<String> = args
        .command
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let holder = words
        .first()
        .cloned()
        .unwrap_or_else(|| "efsctl".to_owned());
    let lease = lease_of(&holder, args.ttl);
    let view = {
        let (name, lease) = (name.clone(), lease.clone());
        space
            .run(move |workspaces| {
                workspaces.hold(&Caller::Everyone, &name, &lease)?;
                workspaces.inspect(&Caller::Everyone, &name)
            })
            .await?
    };
    let Some((program, rest)) = args.command.split_first() else {
        app.ui.note(&format!(
            "held until {} have passed without a sign of life",
            humantime::format_duration(args.ttl)
        ));
        let view = WorkspaceView::of(&view, &space.path);
        return Ok(Some(Contents {
            workspace: Some(view),
            ..Contents::new(Outcome::Changed)
        }));
    };
    let started = tokio::process::Command::new(program).args(rest).spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            release(&space, &name, &lease).await;
            let message = format!(
                "`{}` could not be started: {error}",
                program.to_string_lossy()
            );
            return Err(Error::new(Code::InvalidArguments, message).into());
        }
    };
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            () = tokio::time::sleep(lease.beats_every()) => {
                let (name, lease) = (name.clone(), lease.clone());
                let beat = space.run(move |workspaces| workspaces.beat(&name, &lease)).await;
                if !beat.unwrap_or(true) {
                    app.ui.note("the workspace is no longer held: the lease was broken");
                }
            }
        }
    };
    release(&space, &name, &lease).await;
    let status = status.map_err(|error| {
        Error::new(
            Code::Failed,
            format!("the command could not be waited for: {error}"),
        )
    })?;
    app.hand_on(exit_code(status));
    Ok(None)
}

async fn release(space: &Space, name: &Name, lease: &Lease) {
    let (name, lease) = (name.clone(), lease.clone());
    // A lease that cannot be removed ends by itself.
    let _ = space
        .run(move |workspaces| workspaces.release(&name, &lease))
        .await;
}

/// The exit code of a command, as a shell has it.
fn exit_code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
