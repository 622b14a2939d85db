//! `efsctl list`.

use super::Desk;
use super::ending::Ended;
use crate::cli::ListArgs;
use crate::domain::advice::Command;
use crate::service::{Listing, Orphan};
use crate::ui::document::{Contents, OrphanView, Outcome};

pub(super) async fn run(desk: &Desk, args: &ListArgs) -> Ended {
    let service = desk.service().await?;
    let mut contents = Contents::new(Outcome::Found);
    if args.orphans {
        let view = |orphan: Orphan| {
            let remove = Command::efsctl("delete").arg(orphan.name).arg("--yes");
            OrphanView {
                what: orphan.what,
                remove: desk.ui.shown(&remove.into()),
            }
        };
        let orphans = service.orphans().await?;
        contents.orphans = Some(orphans.into_iter().map(view).collect());
    } else {
        let which = if args.managed {
            Listing::Managed
        } else {
            Listing::All
        };
        contents.file_systems = Some(service.list(which).await?);
    }
    Ok(Some(contents))
}
