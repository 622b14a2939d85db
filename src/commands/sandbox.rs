//! `efsctl sandbox`.

use super::App;
use super::ending::{Ended, unwritable};
use super::mountable;
use crate::cli::OutputFormat;
use crate::cli::sandbox::{SandboxCommand, ServeArgs};
use crate::domain::advice::{Advice, Command as Line};
use crate::error::{Code, Error};
use crate::sandbox::account::{Account, Options};
use crate::sandbox::fault::{Faults, RandomFaults};
use crate::sandbox::server::Server;
use crate::sandbox::store::Store;
use crate::sandbox::world::Timing;
use crate::settings::SANDBOX_REGION;
use crate::settings::SandboxSettings;
use crate::ui::document::{Calls, Contents, Outcome};

pub(super) async fn run(app: &App, command: SandboxCommand) -> Ended {
    match command {
        SandboxCommand::Serve(args) => serve(app, args).await,
        SandboxCommand::Reset => reset(app),
    }
}

fn reset(app: &App) -> Ended {
    let Some(SandboxSettings::Kept { state, .. }) = &app.settings.sandbox else {
        return Err(
            Error::usage("`sandbox reset` needs --sandbox or --sandbox=FILE")
                .hint(
                    Advice::from("for example: ")
                        .run(Line::efsctl("--sandbox sandbox reset").local()),
                )
                .into(),
        );
    };
    let path = state.display();
    if state.exists() {
        // Only what is a state file is removed: opening it tells, and takes the lock of other processes into account.
        Account::with_store(Store::new(state.clone()), Options::default())
            .map_err(|error| super::cloud::unreadable(&error))?;
        std::fs::remove_file(state).map_err(|error| {
            Error::new(
                Code::SandboxFailed,
                format!("{path} could not be removed: {error}"),
            )
        })?;
        app.ui.note(&format!(
            "removed {path}: the next run starts with an empty account"
        ));
    } else {
        app.ui.note("no state file to remove");
    }
    Ok(match app.settings.output {
        OutputFormat::Human => None,
        OutputFormat::Json => Some(Contents::new(Outcome::Deleted)),
    })
}

async fn serve(app: &App, args: Box<ServeArgs>) -> Ended {
    if app.settings.sandbox.is_some() {
        return Err(Error::usage("`sandbox serve` takes --state FILE, not --sandbox")
            .hint("keep the account with --state FILE, or start from a description with --world FILE")
            .into());
    }
    let world = mountable::world(&args)?;
    let mut faults = Faults::new(args.fault.clone());
    if let Some(random) = args
        .fault_rate
        .zip(args.seed)
        .and_then(|(rate, seed)| RandomFaults::new(rate, seed))
    {
        faults = faults.with_random(random);
    }
    if let Some(limit) = args.describe_rate.clone() {
        faults = faults.with_limit(limit);
    }
    let options = Options {
        timing: timing(&args, world.timing),
        world,
        latency: args.latency,
        faults,
    };
    let account = match &args.state {
        Some(path) => Account::with_store(Store::new(path.clone()), options)
            .map_err(|error| super::cloud::unreadable(&error))?,
        None => Account::new(options),
    };
    let nfs = mountable::open(&args, &account)?;
    let server = Server::bind(args.port).await.map_err(|error| {
        Error::new(
            Code::SandboxFailed,
            format!(
                "port {} of 127.0.0.1 could not be opened: {error}",
                args.port
            ),
        )
        .hint("use a free port: --port 0")
    })?;
    let url = format!("http://{}", server.address());
    let region = app.settings.region.as_deref().unwrap_or(SANDBOX_REGION);
    let printed = match app.settings.output {
        OutputFormat::Human => app.ui.text(&format!(
            "sandbox ready on {url}\n\
             export AWS_ENDPOINT_URL={url}\n\
             export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION={region} AWS_DEFAULT_REGION={region}\n"
        )),
        OutputFormat::Json => {
            let contents = Contents {
                endpoint_url: Some(url),
                ..Contents::new(Outcome::Ready)
            };
            app.ui.result(&contents, Calls::default())
        }
    };
    printed.map_err(|error| unwritable(&error))?;
    let mounts = mountable::run(app, nfs, account.clone());
    tokio::join!(server.run(account, app.signals.first.cancelled()), mounts);
    Ok(None)
}

/// The delays of the command line over the usual ones; `None` leaves those of the state file.
fn timing(args: &ServeArgs, usual: Timing) -> Option<Timing> {
    let given = [
        args.file_system_delay,
        args.mount_target_delay,
        args.delete_delay,
        args.describe_lag,
    ];
    let millis = |given: Option<std::time::Duration>, usual: u64| {
        given.map_or(usual, |given| {
            u64::try_from(given.as_millis()).unwrap_or(u64::MAX)
        })
    };
    given.iter().any(Option::is_some).then(|| Timing {
        file_system: millis(args.file_system_delay, usual.file_system),
        mount_target: millis(args.mount_target_delay, usual.mount_target),
        delete: millis(args.delete_delay, usual.delete),
        describe_lag: millis(args.describe_lag, usual.describe_lag),
    })
}
