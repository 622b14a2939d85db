//! `efsctl sandbox`.

use super::Desk;
use crate::cli::sandbox::{SandboxCommand, ServeArgs};
use crate::error::{Error, Kind};
use crate::sandbox::account::{Account, Options};
use crate::sandbox::fault::{Faults, RandomFaults};
use crate::sandbox::server::Server;
use crate::sandbox::store::Store;
use crate::sandbox::world::{Timing, World};
use crate::settings::SANDBOX_REGION;

pub(super) async fn run(desk: &Desk, command: SandboxCommand) -> Result<(), Error> {
    match command {
        SandboxCommand::Serve(args) => serve(desk, args).await,
        SandboxCommand::Reset => reset(desk),
    }
}

fn reset(desk: &Desk) -> Result<(), Error> {
    let Some(sandbox) = &desk.settings.sandbox else {
        return Err(Error::usage(
            "which simulated account? `sandbox reset` needs --sandbox or --sandbox=FILE",
        )
        .hint("efsctl --sandbox sandbox reset"));
    };
    match std::fs::remove_file(&sandbox.state) {
        Ok(()) => desk.ui.note(&format!(
            "{} is removed: the next run starts with an empty account",
            sandbox.state.display()
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            desk.ui.note("there was nothing to forget");
        }
        Err(error) => {
            return Err(Error::new(
                Kind::Failed,
                format!("{} could not be removed: {error}", sandbox.state.display()),
            ));
        }
    }
    Ok(())
}

async fn serve(desk: &Desk, args: ServeArgs) -> Result<(), Error> {
    let world = match desk
        .settings
        .sandbox
        .as_ref()
        .and_then(|sandbox| sandbox.world.as_ref())
        .or(args.world.as_ref())
    {
        Some(path) => crate::world_of(path)?,
        None => World::default(),
    };
    let usual = world.timing;
    let millis = |duration: Option<std::time::Duration>, usual: u64| {
        duration.map_or(usual, |duration| {
            u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
        })
    };
    let timing = Timing {
        file_system: millis(args.file_system_delay, usual.file_system),
        mount_target: millis(args.mount_target_delay, usual.mount_target),
        delete: millis(args.delete_delay, usual.delete),
        describe_lag: millis(args.describe_lag, usual.describe_lag),
    };
    let mut faults = Faults::new(args.fault);
    if let Some(random) = args
        .fault_rate
        .zip(args.seed)
        .and_then(|(rate, seed)| RandomFaults::new(rate, seed))
    {
        faults = faults.with_random(random);
    }
    let options = Options {
        world,
        timing: Some(timing),
        latency: args.latency,
        faults,
    };
    let account = match args.state {
        Some(path) => Account::with_store(Store::new(path), options)
            .map_err(|error| crate::unreadable(&error))?,
        None => Account::new(options),
    };
    let server = Server::bind(args.port).await.map_err(|error| {
        Error::new(
            Kind::Failed,
            format!(
                "port {} of 127.0.0.1 could not be opened: {error}",
                args.port
            ),
        )
        .hint("take a free one: --port 0")
    })?;
    let url = format!("http://{}", server.address());
    let region = desk.settings.region.as_deref().unwrap_or(SANDBOX_REGION);
    let ready = format!(
        "sandbox ready on {url}\n\
         export AWS_ENDPOINT_URL={url}\n\
         export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION={region} AWS_DEFAULT_REGION={region}\n"
    );
    desk.ui
        .text(&ready)
        .map_err(|error| super::unwritable(&error))?;
    server.run(account, desk.signals.first.cancelled()).await;
    Ok(())
}
