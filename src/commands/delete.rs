//! `efsctl delete`.

use super::confirm::Question;
use super::ending::Ended;
use super::{App, delete_described, expired};
use crate::cli::DeleteArgs;
use crate::domain::advice::{Advice, Command};
use crate::domain::deployment::Deployment;
use crate::domain::deployment::metered;
use crate::domain::ids::Reference;
use crate::domain::text::counted;
use crate::error::Error;
use crate::ui::document::{Contents, Outcome};

pub(super) async fn run(app: &App, args: &DeleteArgs) -> Ended {
    if !args.file.is_empty() {
        return delete_described::run(app, args).await;
    }
    let Some(file_system) = &args.file_system else {
        return expired::deleted(app, args).await;
    };
    let service = app.service_for(Some(file_system)).await?;
    let options = expired::options(args, app.settings.timeout);
    let planned = service.plan_delete(file_system, &options).await?;
    if args.dry_run {
        return Ok(Some(Contents {
            file_system: planned.deployment,
            changes: planned.changes,
            ..Contents::new(Outcome::Planned)
        }));
    }
    if !args.yes {
        confirmed(app, file_system, planned.deployment.as_ref()).await?;
    } else if let Some(fs) = planned.deployment.as_ref().filter(|_| options.with_data) {
        app.ui.note(&format!(
            "{} will be deleted with its data: {}",
            fs.file_system_id,
            metered(fs.size_bytes)
        ));
    }
    let deleted = service.delete(planned, &options).await?;
    Ok(Some(Contents {
        file_system: deleted.deployment,
        changes: deleted.changes,
        ..Contents::new(Outcome::Deleted)
    }))
}

/// Asks on the terminal; an error: it is not to be deleted.
async fn confirmed(
    app: &App,
    file_system: &Reference,
    deployment: Option<&Deployment>,
) -> Result<(), Error> {
    let what = match deployment {
        Some(fs) => format!(
            "delete {} ({}) with its {}{}? {}",
            fs.file_system_id,
            file_system,
            counted(fs.mount_targets.len(), "mount target"),
            if fs.security_group_id.is_some() {
                " and its security group"
            } else {
                ""
            },
            metered(fs.size_bytes)
        ),
        None => format!("delete what is left of {file_system}?"),
    };
    let again = Command::efsctl("delete").arg(file_system).arg("--yes");
    app.confirm(Question {
        text: what,
        verb: "delete",
        undone: "nothing was deleted",
        hint: Advice::from("to confirm: ")
            .run(again)
            .text("; to preview: --dry-run"),
    })
    .await
}
