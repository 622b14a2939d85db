//! `efsctl delete`.

use super::{Desk, Failed};
use crate::cli::DeleteArgs;
use crate::domain::advice::{Advice, Command};
use crate::domain::deployment::metered;
use crate::error::{Error, Kind};
use crate::service::{DeleteOptions, Failure};
use crate::ui::document::{Document, Outcome};

const NAME: &str = "delete";

pub(super) async fn run(desk: &Desk, args: &DeleteArgs) -> Result<(), Failed> {
    let service = desk
        .service_for(Some(&args.file_system))
        .await
        .map_err(|error| Box::new((error, Document::new(NAME, Outcome::Failed))))?;
    let cloud = service.cloud();
    let options = DeleteOptions {
        force: args.force,
        timeout: desk.settings.timeout,
    };
    let planned = match service.plan_delete(&args.file_system, &options).await {
        Ok(planned) => planned,
        Err(error) => return Err(desk.failed(cloud, NAME, Failure::plain(error))),
    };
    if args.dry_run {
        let document = Document {
            file_system: planned.deployment,
            changes: planned.changes,
            ..Document::new(NAME, Outcome::Planned)
        };
        return desk.result(cloud, document);
    }
    if !args.yes {
        let what = match &planned.deployment {
            Some(fs) => format!(
                "delete {} ({}) with its {} mount target{}{}? {}",
                fs.file_system_id,
                args.file_system,
                fs.mount_targets.len(),
                if fs.mount_targets.len() == 1 { "" } else { "s" },
                if fs.security_group_id.is_some() {
                    " and its security group"
                } else {
                    ""
                },
                metered(fs.size_bytes)
            ),
            None => format!("delete what is left of {}?", args.file_system),
        };
        // On a thread of its own, so that ctrl-C is heard meanwhile.
        let ui = desk.ui.clone();
        let asked = tokio::task::spawn_blocking(move || ui.confirm(&what));
        let answer = tokio::select! {
            answer = asked => answer.unwrap_or(None),
            () = desk.signals.first.cancelled() => {
                let error = Error::new(Kind::Interrupted, "interrupted: nothing was deleted");
                return Err(desk.failed(cloud, NAME, Failure::plain(error)));
            }
        };
        match answer {
            Some(true) => {}
            Some(false) => {
                let error = Error::new(Kind::Failed, "not confirmed: nothing was deleted");
                return Err(desk.failed(cloud, NAME, Failure::plain(error)));
            }
            None => {
                let error = Error::usage("deleting asks first, and there is no terminal to ask on")
                    .hint(
                        Advice::from("say it beforehand: ")
                            .run(
                                Command::efsctl("delete")
                                    .arg(&args.file_system)
                                    .arg("--yes"),
                            )
                            .text("; or look: --dry-run"),
                    );
                return Err(desk.failed(cloud, NAME, Failure::plain(error)));
            }
        }
    } else if let Some(fs) = planned.deployment.as_ref().filter(|_| args.force) {
        desk.ui.note(&format!(
            "{} will be deleted with its data: {}",
            fs.file_system_id,
            metered(fs.size_bytes)
        ));
    }
    match service.delete(planned, &options).await {
        Ok(deleted) => {
            let document = Document {
                file_system: deleted.deployment,
                changes: deleted.changes,
                ..Document::new(NAME, Outcome::Deleted)
            };
            desk.result(cloud, document)
        }
        Err(failure) => Err(desk.failed(cloud, NAME, *failure)),
    }
}
