//! Wiring: the cloud of a run is AWS, or the simulated account below the SDK.

use std::path::Path;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use ipnet::Ipv4Net;

use super::{App, read_text};
use crate::aws::configuration::{self, Because, Refusal};
use crate::aws::{AwsCloud, Connection, Hears, Unconnected};
use crate::error::{Code, Error};
use crate::sandbox::account::{Account, Options, wall_clock};
use crate::sandbox::connector::Connector;
use crate::sandbox::store::{Store, StoreError};
use crate::sandbox::world::{World, scenario};
use crate::service::explain;
use crate::settings::variables::variables;
use crate::settings::{SandboxSettings, Settings};
use crate::ui::Ui;

/// AWS, or the simulated account.
pub(super) async fn connect(app: &App, settings: &Settings) -> Result<AwsCloud, Error> {
    reach(app, settings).await?.map_err(unconnected)
}

/// The same, in that region where none is configured: for what is the same in all of them.
pub(super) async fn connect_anywhere(
    app: &App,
    settings: &mut Settings,
    first: &str,
) -> Result<AwsCloud, Error> {
    match reach(app, settings).await? {
        Err(Unconnected::NoRegion(_)) => {
            settings.region = Some(first.to_owned());
            connect(app, settings).await
        }
        reached => reached.map_err(unconnected),
    }
}

async fn reach(app: &App, settings: &Settings) -> Result<Result<AwsCloud, Unconnected>, Error> {
    let variables = variables()?;
    configuration::check_told(&variables).map_err(refused)?;
    let ui = app.ui.clone();
    let connection = match &settings.sandbox {
        Some(sandbox) => Connection {
            region: Some(settings.simulated_region(&variables)?),
            http_client: Some(simulated(sandbox, &app.ui)?),
            counter: app.counter.clone(),
            ..Connection::default()
        },
        None => Connection {
            region: settings.region.clone(),
            profile: settings.profile.clone(),
            endpoint_url: settings.endpoint_url.clone(),
            variables: Some(variables),
            http_client: None,
            counter: app.counter.clone(),
            patience: settings.timeout,
            hears: Hears::by(move |words| ui.words(words)),
        },
    };
    // A process that gives credentials may wait for someone.
    tokio::select! {
        connected = AwsCloud::connect(connection) => Ok(connected),
        () = app.signals.first.cancelled() => Err(app.stops().ended(" while looking for credentials; nothing was changed")),
    }
}

fn unconnected(error: Unconnected) -> Error {
    match error {
        Unconnected::Refused(refusal) => refused(refusal),
        Unconnected::NoRegion(_) => Error::new(Code::RegionMissing, error.to_string())
            .hint("name one with --region, AWS_REGION, or in the profile"),
        Unconnected::NoCredentials(error) => explain(&error, "looking for credentials"),
    }
}

pub(super) fn refused(refusal: Refusal) -> Error {
    let code = match refusal.because {
        Because::Value => Code::InvalidConfiguration,
        Because::Credentials => Code::CredentialsMissing,
    };
    Error {
        hint: refusal.hint,
        ..Error::new(code, refusal.sentence)
    }
}

fn simulated(sandbox: &SandboxSettings, ui: &Ui) -> Result<SharedHttpClient, Error> {
    let account = match sandbox {
        SandboxSettings::Discarded { world } => {
            ui.note(&format!(
                "simulated account, from {}: nothing is created at AWS, and nothing is kept",
                world.display()
            ));
            Account::in_memory(world_of(world)?)
        }
        SandboxSettings::Kept { state, world } => {
            ui.note(&format!(
                "simulated account in {}: nothing is created at AWS",
                state.display()
            ));
            let world = world.as_deref().map(world_of).transpose()?;
            let options = Options {
                world: world.unwrap_or_default(),
                ..Options::default()
            };
            let store = Store::new(state.clone());
            Account::with_store(store, options).map_err(|error| unreadable(&error))?
        }
    };
    Ok(SharedHttpClient::new(Connector::new(account)))
}

/// The account that a file describes.
pub(super) fn world_of(path: &Path) -> Result<World, Error> {
    world_with(path, World::default().default_vpc)
}

/// The same, with default VPCs of that range.
pub(super) fn world_with(path: &Path, default_vpc: Ipv4Net) -> Result<World, Error> {
    let text = read_text(path).map_err(|why| {
        Error::new(
            Code::InvalidFile,
            format!("{} (--world) cannot be read: {why}", path.display()),
        )
    })?;
    let now = wall_clock()();
    scenario::parse_with(&text, now, default_vpc).map_err(|error| {
        Error::new(
            Code::InvalidFile,
            format!("{} (--world): {error}", path.display()),
        )
        .hint("docs/SANDBOX.md describes the form")
    })
}

/// A state file that cannot be used. Nothing was overwritten.
pub(super) fn unreadable(error: &StoreError) -> Error {
    Error::new(Code::SandboxFailed, error.to_string())
        .hint("nothing was overwritten; another file is another account: --sandbox=FILE")
}
