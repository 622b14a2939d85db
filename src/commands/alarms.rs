//! `efsctl alarms`.

use super::App;
use super::ending::{Ended, unwritable};
use crate::cli::OutputFormat;
use crate::cli::alarms::AlarmsArgs;
use crate::error::Error;
use crate::export::alarms::{Alarms, render};
use crate::ui::document::{AlarmsView, Contents, Outcome};

pub(super) async fn run(app: &App, args: &AlarmsArgs) -> Ended {
    if args.format.is_some() && app.settings.output != OutputFormat::Human {
        let error = Error::usage("--format prints a configuration and has no other form")
            .hint("leave -o json out, or --format");
        return Err(error.into());
    }
    let service = app.service_for(Some(&args.file_system)).await?;
    let proposed = service.alarms(&args.file_system, &args.wish()).await?;
    for gap in &proposed.gaps {
        app.ui.note(&format!("note: {}", app.ui.shown(gap)));
    }
    let alarms = Alarms {
        file_system_id: proposed.file_system.id,
        region: service.cloud().region().to_owned(),
        alarms: proposed.alarms,
        topics: args.topics.clone(),
    };
    if let Some(format) = args.format {
        let text = render(&alarms, format);
        app.ui.text(&text).map_err(|error| unwritable(&error))?;
        return Ok(None);
    }
    Ok(Some(Contents {
        alarms: Some(AlarmsView {
            file_system_id: alarms.file_system_id,
            alarms: alarms.alarms,
            topics: alarms.topics,
        }),
        ..Contents::new(Outcome::Found)
    }))
}
