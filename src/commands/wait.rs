//! `efsctl wait`.

use std::time::Duration;

use super::{Desk, Failed, probe};
use crate::cli::{WaitArgs, WaitFor};
use crate::error::Error;
use crate::provision::deadline;
use crate::service::{Awaited, Failure};
use crate::ui::document::{Document, Outcome};

const NAME: &str = "wait";

/// A bare wait gives up after this, unless `--timeout` says otherwise.
const PATIENCE: Duration = Duration::from_mins(5);

pub(super) async fn run(desk: &Desk, args: &WaitArgs) -> Result<(), Failed> {
    let early = |error: Error| Box::new((error, Document::new(NAME, Outcome::Failed)));
    let from_here = matches!(args.state, WaitFor::Dns | WaitFor::Nfs);
    if from_here && desk.settings.sandbox.is_some() {
        return Err(early(
            Error::usage("a simulated file system has no DNS name and no NFS server: --for dns and --for nfs need a real one")
                .hint("in the sandbox, wait --for available or --for deleted"),
        ));
    }
    let timeout = desk.settings.timeout.unwrap_or(PATIENCE);
    let deadline = deadline(timeout);
    let service = desk
        .service_for(Some(&args.file_system))
        .await
        .map_err(early)?;
    let cloud = service.cloud();
    let awaited = if args.state == WaitFor::Deleted {
        Awaited::Deleted
    } else {
        Awaited::Available
    };
    let reached = match service.wait(&args.file_system, awaited, timeout).await {
        Ok(reached) => reached,
        Err(failure) => return Err(desk.failed(cloud, NAME, *failure)),
    };
    if from_here && let Some(deployment) = &reached {
        let probe = probe::Probe {
            region: cloud.region(),
            deployment,
            deadline,
        };
        let answer = if args.state == WaitFor::Dns {
            probe.dns(desk).await
        } else {
            probe.nfs(desk).await
        };
        if let Err(error) = answer {
            return Err(desk.failed(cloud, NAME, Failure::plain(error)));
        }
    }
    let (outcome, file_system) = match reached {
        None => (Outcome::Deleted, None),
        // What a pipeline goes on with: the groups and settings too, which the wait did not look at.
        Some(reached) => {
            let described = service.describe(&args.file_system).await;
            (Outcome::Found, Some(described.unwrap_or(reached)))
        }
    };
    desk.result(
        cloud,
        Document {
            file_system,
            ..Document::new(NAME, outcome)
        },
    )
}
