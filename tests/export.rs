//! `efsctl export`: what exists, as the configuration of another tool.

mod cloudformation;
mod command;
mod held;
mod manifest;
mod parsed;
mod rights;
mod worlds;

use efsctl::domain::keyword::Keyword;
use efsctl::error::Error;
use efsctl::export::{Export, Format, render};
use efsctl::service::{Account, Fleet, Scope};

use crate::support::harness::{Harness, REGION};

/// Everything in the region of a harness, and why it is not complete.
pub async fn exported(harness: &Harness) -> (Export, Option<Error>) {
    let service = harness.auditor().await;
    let services = std::sync::Mutex::new(Some(service));
    let account = Account::new(None, [REGION.to_owned()], |_| {
        services.lock().unwrap().take().expect("one region")
    });
    let report = Fleet::new([account])
        .export(&Scope::All, None)
        .await
        .unwrap();
    (report.export, report.failure)
}

/// An export in that form.
pub fn form(export: &Export, word: &str) -> String {
    render(export, Format::of_keyword(word).expect("a form"))
}
