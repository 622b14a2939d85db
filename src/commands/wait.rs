//! `efsctl wait`.

use std::time::Duration;

use super::App;
use super::ending::Ended;
use crate::cli::{WaitArgs, WaitFor};
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::error::Error;
use crate::service::{Awaited, FromHere, Question, Resolver};
use crate::ui::document::{Contents, Outcome};

/// A bare wait gives up after this, unless `--timeout` says otherwise.
const PATIENCE: Duration = Duration::from_mins(5);

pub(super) async fn run(app: &App, args: &WaitArgs) -> Ended {
    let question = match args.state {
        WaitFor::Dns => Some(Question::Dns(
            args.resolver.map_or(Resolver::OfHost, Resolver::Server),
        )),
        WaitFor::Nfs => Some(Question::Nfs),
        WaitFor::Available | WaitFor::Deleted => None,
    };
    misplaced(args)?;
    if question.is_some() && app.settings.sandbox.is_some() {
        return Err(
            Error::usage("a simulated file system has no DNS name and no NFS server: --for dns and --for nfs need a real one")
                .hint("in the sandbox, wait --for available or --for deleted")
                .into(),
        );
    }
    let timeout = app.settings.timeout.unwrap_or(PATIENCE);
    let file_system = &args.file_system;
    let service = app.service_for(Some(file_system)).await?;
    let reached = match (question, args.state) {
        (Some(question), _) => {
            let region = service.cloud().region();
            let from_here = FromHere {
                question,
                any: args.any,
            };
            let reached = service.wait_from_here(file_system, region, from_here, timeout);
            Some(reached.await?)
        }
        (None, WaitFor::Deleted) => service.wait(file_system, Awaited::Deleted, timeout).await?,
        (None, _) => {
            let awaited = Awaited::Available;
            service.wait(file_system, awaited, timeout).await?
        }
    };
    Ok(Some(match reached {
        None => Contents::new(Outcome::Deleted),
        // What a pipeline goes on with: the groups and settings too, which the wait did not look at.
        Some(reached) => {
            let described = service.describe(file_system).await;
            Contents {
                file_system: Some(described.unwrap_or(reached)),
                ..Contents::new(Outcome::Found)
            }
        }
    }))
}

/// Options that say more of what is asked from this host than is.
fn misplaced(args: &WaitArgs) -> Result<(), Error> {
    let (field, needs) = match args.state {
        WaitFor::Available | WaitFor::Deleted if args.any => {
            (Field::Any, "--for nfs and --for dns")
        }
        WaitFor::Dns => return Ok(()),
        _ if args.resolver.is_some() => (Field::Resolver, "--for dns"),
        _ => return Ok(()),
    };
    let message = advice![field, format!(" is for {needs} only")];
    Err(Error::usage(message).hint(advice!["leave ", field, " out"]))
}
