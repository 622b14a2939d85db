//! `efsctl describe`.

use super::{Desk, Failed};
use crate::cli::DescribeArgs;
use crate::service::Failure;
use crate::ui::document::{Document, Outcome};

const NAME: &str = "describe";

pub(super) async fn run(desk: &Desk, args: &DescribeArgs) -> Result<(), Failed> {
    let service = desk
        .service_for(Some(&args.file_system))
        .await
        .map_err(|error| Box::new((error, Document::new(NAME, Outcome::Failed))))?;
    match service.describe(&args.file_system).await {
        Ok(deployment) => {
            let document = Document {
                file_system: Some(deployment),
                ..Document::new(NAME, Outcome::Found)
            };
            desk.result(service.cloud(), document)
        }
        Err(error) => Err(desk.failed(service.cloud(), NAME, Failure::plain(error))),
    }
}
