//! `efsctl wait`.

use std::time::Duration;

use super::ending::Ended;
use super::{Desk, probe};
use crate::cli::{WaitArgs, WaitFor};
use crate::error::Error;
use crate::provision::deadline;
use crate::service::Awaited;
use crate::ui::document::{Contents, Outcome};

/// A bare wait gives up after this, unless `--timeout` says otherwise.
const PATIENCE: Duration = Duration::from_mins(5);

pub(super) async fn run(desk: &Desk, args: &WaitArgs) -> Ended {
    let from_here = matches!(args.state, WaitFor::Dns | WaitFor::Nfs);
    if from_here && desk.settings.sandbox.is_some() {
        return Err(
            Error::usage("a simulated file system has no DNS name and no NFS server: --for dns and --for nfs need a real one")
                .hint("in the sandbox, wait --for available or --for deleted")
                .into(),
        );
    }
    let timeout = desk.settings.timeout.unwrap_or(PATIENCE);
    let deadline = deadline(timeout);
    let service = desk.service_for(Some(&args.file_system)).await?;
    let awaited = if args.state == WaitFor::Deleted {
        Awaited::Deleted
    } else {
        Awaited::Available
    };
    let reached = service.wait(&args.file_system, awaited, timeout).await?;
    if from_here && let Some(deployment) = &reached {
        let probe = probe::Probe {
            region: service.cloud().region(),
            deployment,
            deadline,
        };
        if args.state == WaitFor::Dns {
            probe.dns(desk).await?;
        } else {
            probe.nfs(desk).await?;
        }
    }
    Ok(Some(match reached {
        None => Contents::new(Outcome::Deleted),
        // What a pipeline goes on with: the groups and settings too, which the wait did not look at.
        Some(reached) => {
            let described = service.describe(&args.file_system).await;
            Contents {
                file_system: Some(described.unwrap_or(reached)),
                ..Contents::new(Outcome::Found)
            }
        }
    }))
}
