//! Audits every file system of an account and a region, and prints what is wrong.
//!
//! In the account of `fixtures/worlds/audit.toml`: `cargo run --example audit`. For AWS, leave the HTTP client out and name your
//! region.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use efsctl::domain::finding::Verdict;
use efsctl::sandbox::account::{Account, wall_clock};
use efsctl::sandbox::connector::Connector;
use efsctl::sandbox::world::scenario;
use efsctl::{AwsCloud, Connection, EfsService, Scope, Silent, ValidateOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let world = scenario::parse(
        include_str!("../fixtures/worlds/audit.toml"),
        wall_clock()(),
    )?;
    let connector = Connector::new(Account::in_memory(world));
    let cloud = AwsCloud::connect(Connection {
        region: Some("eu-west-1".to_owned()),
        http_client: Some(SharedHttpClient::new(connector)),
        ..Connection::default()
    })
    .await?;
    let service = EfsService::new(cloud, Box::new(Silent));

    let report = service
        .validate(&Scope::All, &ValidateOptions::default())
        .await?;
    let mut failed = 0;
    for audited in &report.file_systems {
        for finding in &audited.findings {
            if finding.verdict == Verdict::Fail {
                failed += 1;
                println!("{} {}", audited.file_system, finding.about.id);
                for line in &finding.evidence {
                    println!("  {line}");
                }
            }
        }
    }
    println!(
        "{} file systems, {failed} failed checks",
        report.file_systems.len()
    );
    Ok(())
}
