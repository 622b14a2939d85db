//! `efsctl doctor`.

use std::time::{SystemTime, UNIX_EPOCH};

use super::App;
use super::ending::{Ended, Failed, unwritable};
use crate::cli::OutputFormat;
use crate::cli::doctor::DoctorArgs;
use crate::doctor::Diagnosis;
use crate::domain::network::NFS_PORT;
use crate::domain::text::counted;
use crate::error::{Code, Error};
use crate::host::facts::Place;
use crate::service::DoctorOptions;
use crate::ui::document::{Contents, DiagnosisView, Outcome};

pub(super) async fn run(app: &App, args: &DoctorArgs) -> Ended {
    let service = app.service_for(Some(&args.file_system)).await?;
    let region = service.cloud().region().to_owned();
    let host = if app.settings.sandbox.is_some() {
        Err("the account is simulated: this host cannot reach what is in it".into())
    } else if args.asks_this_host() {
        Ok(Place::this_host(NFS_PORT))
    } else {
        Err("only the given client is judged; to ask this host too, add --from here".into())
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let options = DoctorOptions {
        region: region.clone(),
        clients: args.clients(),
        host,
        message: args.error.clone(),
        timeout: app.settings.timeout,
        now: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(0)),
    };
    let found = service.doctor(&args.file_system, &options).await?;
    let mut contents = Contents::new(Outcome::Found);
    if app.settings.output == OutputFormat::Human {
        let heading = format!("{}  {region}", args.file_system);
        let text = app.ui.diagnosis(&heading, &found);
        app.ui.text(&text).map_err(|error| unwritable(&error))?;
    } else {
        contents.diagnosis = Some(DiagnosisView::of(&found, &app.ui.invocation()));
    }
    match verdict(&found) {
        Some(error) => Err(Box::new(Failed { error, contents })),
        None if app.settings.output == OutputFormat::Human => Ok(None),
        None => Ok(Some(contents)),
    }
}

/// The failure that a cause is which is certain or likely.
fn verdict(found: &Diagnosis) -> Option<Error> {
    let count = found.found().count();
    let first = found.found().next()?;
    let message = format!(
        "{} found, the first one {}: {}",
        counted(count, "cause"),
        first.certainty.as_str(),
        first.cause.title
    );
    Some(Error::new(Code::CauseFound, message).hint(first.remedy.clone()))
}
