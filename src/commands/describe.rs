//! `efsctl describe`.

use super::App;
use super::ending::Ended;
use crate::cli::DescribeArgs;
use crate::ui::document::{Contents, Outcome};

pub(super) async fn run(app: &App, args: &DescribeArgs) -> Ended {
    let service = app.service_for(Some(&args.file_system)).await?;
    let deployment = service.describe(&args.file_system).await?;
    Ok(Some(Contents {
        file_system: Some(deployment),
        ..Contents::new(Outcome::Found)
    }))
}
