//! Wiring: the cloud of a run is AWS, or the simulated account below the SDK.

use std::path::Path;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::read_text;
use crate::aws::tally::Tally;
use crate::aws::{AwsCloud, Connection};
use crate::error::{Error, Kind};
use crate::sandbox::account::{Account, Options, wall_clock};
use crate::sandbox::connector::Connector;
use crate::sandbox::store::{Store, StoreError};
use crate::sandbox::world::{World, scenario};
use crate::settings::{SandboxSettings, Settings};
use crate::ui::Ui;

/// AWS, or the simulated account.
pub(super) async fn connect(settings: &Settings, ui: &Ui) -> Result<AwsCloud, Error> {
    connect_counted(settings, ui, Tally::default()).await
}

/// The same, with requests counted there.
pub(super) async fn connect_counted(
    settings: &Settings,
    ui: &Ui,
    tally: Tally,
) -> Result<AwsCloud, Error> {
    settings.check_environment()?;
    let http_client = match &settings.sandbox {
        Some(sandbox) => Some(simulated(sandbox, ui)?),
        None => None,
    };
    let connection = Connection {
        region: settings.region(),
        profile: settings.profile.clone(),
        endpoint_url: settings.endpoint_url.clone(),
        http_client,
        tally,
    };
    AwsCloud::connect(connection).await.map_err(|error| {
        Error::usage(error.to_string())
            .hint("name one with --region, AWS_REGION, or in the profile")
    })
}

fn simulated(sandbox: &SandboxSettings, ui: &Ui) -> Result<SharedHttpClient, Error> {
    let account = if let Some(path) = &sandbox.world {
        ui.note(&format!(
            "simulated account, from {}: nothing is created at AWS, and nothing is kept",
            path.display()
        ));
        Account::in_memory(world_of(path)?)
    } else {
        ui.note(&format!(
            "simulated account in {}: nothing is created at AWS",
            sandbox.state.display()
        ));
        let store = Store::new(sandbox.state.clone());
        Account::with_store(store, Options::default()).map_err(|error| unreadable(&error))?
    };
    Ok(SharedHttpClient::new(Connector::new(account)))
}

/// The account that a file describes.
pub(super) fn world_of(path: &Path) -> Result<World, Error> {
    let text = read_text(path).map_err(|why| {
        Error::usage(format!(
            "{} (--world) cannot be read: {why}",
            path.display()
        ))
    })?;
    let now = wall_clock()();
    scenario::parse(&text, now).map_err(|error| {
        Error::usage(format!("{} (--world): {error}", path.display()))
            .hint("docs/SANDBOX.md describes the form")
    })
}

/// A state file that cannot be used. Nothing was overwritten.
pub(super) fn unreadable(error: &StoreError) -> Error {
    Error::new(Kind::Failed, error.to_string())
        .hint("nothing was overwritten; another file is another account: --sandbox=FILE")
}
