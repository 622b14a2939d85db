//! `efsctl list`.

use super::{Desk, Failed};
use crate::cli::ListArgs;
use crate::domain::advice::Command;
use crate::service::{Failure, Listing};
use crate::ui::document::{Document, OrphanView, Outcome};

const NAME: &str = "list";

pub(super) async fn run(desk: &Desk, args: &ListArgs) -> Result<(), Failed> {
    let service = desk
        .service()
        .await
        .map_err(|error| Box::new((error, Document::new(NAME, Outcome::Failed))))?;
    let found = if args.orphans {
        service.orphans().await.map(|orphans| {
            let orphans = orphans
                .into_iter()
                .map(|orphan| OrphanView {
                    what: orphan.what,
                    remove: desk.ui.shown(
                        &Command::efsctl("delete")
                            .arg(orphan.name)
                            .arg("--yes")
                            .into(),
                    ),
                })
                .collect();
            Document {
                orphans: Some(orphans),
                ..Document::new(NAME, Outcome::Found)
            }
        })
    } else {
        let which = if args.managed {
            Listing::Managed
        } else {
            Listing::All
        };
        service.list(which).await.map(|found| Document {
            file_systems: Some(found),
            ..Document::new(NAME, Outcome::Found)
        })
    };
    match found {
        Ok(document) => desk.result(service.cloud(), document),
        Err(error) => Err(desk.failed(service.cloud(), NAME, Failure::plain(error))),
    }
}
