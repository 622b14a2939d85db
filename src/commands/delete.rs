//! `efsctl delete`.

use super::{Desk, Failed};
use crate::cli::DeleteArgs;
use crate::domain::deployment::bytes;
use crate::error::{Error, Kind};
use crate::service::{DeleteOptions, EMPTY_BYTES, Failure};
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
                "delete {} ({}) with its {} mount target{}{}? it holds {}",
                fs.file_system_id,
                args.file_system,
                fs.mount_targets.len(),
                if fs.mount_targets.len() == 1 { "" } else { "s" },
                if fs.security_group_id.is_some() {
                    " and its security group"
                } else {
                    ""
                },
                if fs.size_bytes <= EMPTY_BYTES {
                    "no data".to_owned()
                } else {
                    bytes(fs.size_bytes)
                }
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
                    .hint(format!(
                        "say it beforehand: efsctl delete {} --yes; or look: --dry-run",
                        args.file_system
                    ));
                return Err(desk.failed(cloud, NAME, Failure::plain(error)));
            }
        }
    } else if let Some(fs) = planned.deployment.as_ref().filter(|_| args.force) {
        desk.ui.note(&format!(
            "{} is deleted with its data: {} are metered",
            fs.file_system_id,
            bytes(fs.size_bytes)
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
