//! Provision, await, show and delete Amazon EFS file systems: the library under the `efsctl` command.
//!
//! [`EfsService`] is the face: it works on any [`Cloud`], which is AWS through the SDK ([`AwsCloud`]) or, below the SDK, the
//! `sandbox`. How it is built is in `docs/ARCHITECTURE.md`, what always holds in `docs/SEMANTICS.md`.
//!
//! # Features
//!
//! - `sandbox` (on): a simulated account, for tests.
//! - `workspace` (on): directories with a life of their own on a mounted share, and the server of their API.
//! - `cli` (on): the `efsctl` command, and `report`. A library needs neither: `default-features = false`.
//!
//! # What may grow
//!
//! Options and specifications have public fields and a default: write `..CreateOptions::default()`, as minor versions add fields. Results,
//! errors and events are `#[non_exhaustive]`. A trait of calls ([`Cloud`]) gains one with each operation of AWS that is used.
//!
//! # Example
//!
//! A file system in a simulated account, through the real SDK:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use aws_smithy_runtime_api::client::http::SharedHttpClient;
//! use efsctl::sandbox::{account::Account, connector::Connector};
//! use efsctl::{AwsCloud, Connection, CreateOptions, EfsService, Silent, Spec};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let connection = Connection {
//!     region: Some("eu-west-1".to_owned()),
//!     http_client: Some(SharedHttpClient::new(Connector::new(Account::default()))),
//!     ..Connection::default()
//! };
//! let service = EfsService::new(AwsCloud::connect(connection).await?, Box::new(Silent));
//! let options = CreateOptions::default();
//! let created = service.create(&Spec::new("demo".parse()?), &options).await?;
//! assert_eq!(created.deployment.mount_targets.len(), 3);
//! # Ok(())
//! # }
//! # }
//! ```

#[cfg(not(unix))]
compile_error!("efsctl runs on Unix only (Linux, macOS, WSL): it is stopped by signals");

pub mod audit;
pub mod aws;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod cloud;
#[cfg(feature = "cli")]
mod commands;
pub mod connect;
pub mod cost;
pub mod doctor;
pub mod domain;
pub mod error;
pub mod export;
pub mod host;
pub mod manifest;
pub mod picture;
#[cfg(feature = "cli")]
mod program;
pub mod provision;
#[cfg(feature = "cli")]
pub mod report;
pub mod service;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod settings;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod signals;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod ui;
pub mod verify;

pub use aws::{AwsCloud, Connection};
pub use cloud::{Cloud, CloudError, Inventory};
pub use domain::deployment::Deployment;
pub use domain::event::{Event, Reporter, Silent};
pub use domain::finding::Report;
pub use domain::spec::Spec;
#[cfg(feature = "sandbox")]
pub use efsctl_sandbox as sandbox;
#[cfg(feature = "workspace")]
pub use efsctl_workspace as workspace;
pub use error::{Error, Kind};
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use program::main;
pub use service::{
    CreateOptions, DeleteOptions, EfsService, Failure, Fleet, Scope, ValidateOptions,
};

#[cfg(test)]
extern crate self as efsctl;
#[cfg(test)]
#[cfg(feature = "sandbox")]
#[path = "../tests/simulation/mod.rs"]
#[allow(
    clippy::pedantic,
    clippy::panic,
    unreachable_pub,
    missing_docs,
    reason = "a test that fails should stop where it fails"
)]
mod simulation;
