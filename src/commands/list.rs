//! `efsctl list`.

use super::ending::Ended;
use super::{App, expired};
use crate::cli::ListArgs;
use crate::service::Listing;
use crate::ui::document::{Contents, OrphanView, Outcome};

pub(super) async fn run(app: &App, args: &ListArgs) -> Ended {
    if args.expired {
        return expired::listed(app, args).await;
    }
    let service = app.service().await?;
    let mut contents = Contents::new(Outcome::Found);
    if args.orphans {
        let orphans = service.orphans().await?.into_iter();
        let invocation = app.ui.invocation();
        let views = orphans.map(|orphan| OrphanView::of(orphan, &invocation));
        contents.orphans = Some(views.collect());
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
