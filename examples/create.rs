//! Creates a file system with a mount target in each zone, waits until it can be mounted, and deletes it again.
//!
//! In a simulated account: `cargo run --example create`. For AWS, leave the HTTP client out and name your region.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use efsctl::domain::ids::Reference;
use efsctl::sandbox::account::Account;
use efsctl::sandbox::connector::Connector;
use efsctl::{
    AwsCloud, Connection, CreateOptions, DeleteOptions, EfsService, Event, Reporter, Spec,
};

struct Progress;

impl Reporter for Progress {
    fn event(&self, about: Option<&Reference>, event: &Event) {
        let about = about.map(ToString::to_string).unwrap_or_default();
        eprintln!("{about}: {event:?}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let account = Account::default();
    let cloud = AwsCloud::connect(Connection {
        region: Some("eu-west-1".to_owned()),
        http_client: Some(SharedHttpClient::new(Connector::new(account))),
        ..Connection::default()
    })
    .await?;
    let service = EfsService::new(cloud, Box::new(Progress));

    let spec = Spec::new("demo".parse()?);
    let created = service.create(&spec, &CreateOptions::default()).await?;
    let id = created.deployment.file_system_id.clone();
    let ready = service
        .wait_for_mount_targets(&id, Duration::from_mins(1))
        .await?;
    println!("{id}: {} mount targets", ready.mount_targets.len());

    let options = DeleteOptions::default();
    let planned = service.plan_delete(&Reference::Id(id), &options).await?;
    service.delete(planned, &options).await?;
    println!("deleted");
    Ok(())
}
