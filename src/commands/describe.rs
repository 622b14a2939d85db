//! `efsctl describe`.

use super::App;
use super::ending::{Ended, unwritable};
use super::validate::{config_file, today};
use crate::cli::OutputFormat;
use crate::cli::describe::DescribeArgs;
use crate::error::Error;
use crate::picture::{Format, render};
use crate::service::ValidateOptions;
use crate::ui::document::{Contents, Outcome};

pub(super) async fn run(app: &App, args: &DescribeArgs) -> Ended {
    if let Some(format) = args.format {
        return draw(app, args, format).await;
    }
    let service = app.service_for(Some(&args.file_system)).await?;
    let deployment = service.describe(&args.file_system).await?;
    Ok(Some(Contents {
        file_system: Some(deployment),
        ..Contents::new(Outcome::Found)
    }))
}

async fn draw(app: &App, args: &DescribeArgs, format: Format) -> Ended {
    if app.settings.output != OutputFormat::Human {
        let error =
            Error::usage("--format cannot be combined with -o json").hint("leave one of them out");
        return Err(error.into());
    }
    let mut rules = args.rules(today());
    if args.with_findings {
        rules = config_file(None)?.apply_to(rules);
    }
    let service = app.service_for(Some(&args.file_system)).await?;
    let options = ValidateOptions {
        region: service.cloud().region().to_owned(),
        rules,
        timeout: app.settings.timeout,
        ..ValidateOptions::default()
    };
    let scene = service
        .picture(&args.file_system, &options, args.with_findings)
        .await?;
    app.ui
        .text(&render(&scene, format))
        .map_err(|error| unwritable(&error))?;
    Ok(None)
}
