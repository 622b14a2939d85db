//! How to test your own code against the simulated account: with faults, on a clock that does not wait.
//!
//! `cargo run --example test_against_sandbox`. In a test, `#[tokio::test(start_paused = true)]` takes the place of `main`.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use efsctl::sandbox::account::{Account, Options, tokio_clock};
use efsctl::sandbox::connector::Connector;
use efsctl::sandbox::fault::Faults;
use efsctl::{AwsCloud, Cloud, Connection, CreateOptions, EfsService, Silent, Spec};

/// What is under test: any code over a [`Cloud`].
async fn make_storage(cloud: impl Cloud, name: &str) -> Result<usize, Box<dyn Error>> {
    let service = EfsService::new(cloud, Box::new(Silent));
    let spec = Spec::new(name.parse()?);
    let created = service.create(&spec, &CreateOptions::default()).await?;
    Ok(created.deployment.mount_targets.len())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // Only tokio's clock passes, and only while everything waits.
    tokio::time::pause();
    // The second mount target is throttled, and the answer to the creation of the file system is lost.
    let rules = [
        "CreateMountTarget:2:throttle",
        "CreateFileSystem:1:reset-after",
    ];
    let rules: Result<Vec<_>, _> = rules.iter().map(|rule| rule.parse()).collect();
    let account = Account::new(Options {
        faults: Faults::new(rules?),
        ..Options::default()
    });
    let connector = Connector::new(account.clone()).with_clock(tokio_clock());
    let cloud = AwsCloud::connect(Connection {
        region: Some("eu-west-1".to_owned()),
        http_client: Some(SharedHttpClient::new(connector)),
        ..Connection::default()
    })
    .await?;

    assert_eq!(make_storage(cloud, "demo").await?, 3);
    // Whatever the client had to repeat, there is one file system.
    let state = account.state(tokio_clock()())?;
    let region = state.world.regions.get("eu-west-1").ok_or("no region")?;
    assert_eq!(region.file_systems.len(), 1);
    println!(
        "one file system, three mount targets, {} calls",
        account.calls().total
    );
    Ok(())
}
