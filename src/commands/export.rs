//! `efsctl export`.

use super::App;
use super::accounts::fleet;
use super::ending::{Ended, Failed, unwritable};
use super::setting::now;
use crate::cli::OutputFormat;
use crate::cli::export::ExportArgs;
use crate::domain::keyword::Keyword;
use crate::error::Error;
use crate::export::render;
use crate::settings::Regions;
use crate::ui::document::{Contents, Outcome};

pub(super) async fn run(app: &App, args: &ExportArgs) -> Ended {
    let settings = &app.settings;
    if !settings.profiles.is_empty() {
        let error = Error::usage("export reads one account, and --profile names several")
            .hint("run it once for each profile");
        return Err(error.into());
    }
    if settings.regions != Regions::One && !args.format.takes_several() {
        let word = args.format.keyword();
        let error = Error::usage(format!(
            "--format {word} is about one region, and --region names several"
        ))
        .hint("run it once for each region, or use --format terraform");
        return Err(error.into());
    }
    if settings.output != OutputFormat::Human {
        let error = Error::usage("export prints a configuration and has no other form")
            .hint("leave -o json out; --format cloudformation is JSON");
        return Err(error.into());
    }
    let fleet = fleet(app, &args.file_systems).await?;
    let mut places = fleet.places();
    if let (Some(place), None) = (places.next(), places.next()) {
        app.ui.reached(&place.region);
    }
    let mut exported = fleet.export(&args.scope(), settings.timeout).await?;
    exported.export.at = now();
    if exported
        .export
        .regions
        .iter()
        .all(|region| region.file_systems.is_empty())
    {
        app.ui.note("note: there is no file system to export");
    }
    let text = render(&exported.export, args.format);
    app.ui.text(&text).map_err(|error| unwritable(&error))?;
    match exported.failure {
        None => Ok(None),
        Some(error) => Err(Box::new(Failed {
            error,
            contents: Contents::new(Outcome::Found),
        })),
    }
}
