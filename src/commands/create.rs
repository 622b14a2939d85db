//! `efsctl create`.

use super::{Desk, Failed};
use crate::cli::create::CreateArgs;
use crate::domain::plan::Verb;
use crate::domain::spec::{NARROWER, SpecError};
use crate::error::{Error, Kind};
use crate::service::{CreateOptions, Failure};
use crate::ui::document::{Document, Outcome};

const NAME: &str = "create";

pub(super) async fn run(desk: &Desk, args: &CreateArgs) -> Result<(), Failed> {
    let early = |error: Error| Box::new((error, Document::new(NAME, Outcome::Failed)));
    if let Some(sentence) = args.ambiguous_tag() {
        return Err(early(Error::usage(sentence).hint("leave one of them out")));
    }
    let spec = args.spec();
    spec.check().map_err(|error| {
        let hint = match error {
            SpecError::OpenToTheWorld(_) => NARROWER,
            _ => "see `efsctl create --help`",
        };
        early(Error::usage(error.to_string()).hint(hint))
    })?;
    let options = CreateOptions {
        no_wait: args.no_wait,
        on_failure: args.on_failure.into(),
        timeout: desk.settings.timeout,
        ..CreateOptions::default()
    };
    let service = desk.service().await.map_err(early)?;

    if args.dry_run {
        let changes = match service.plan(&spec, &options).await {
            Ok(changes) => changes,
            Err(error) => return Err(desk.failed(service.cloud(), NAME, Failure::plain(error))),
        };
        let due = !changes.is_empty();
        let document = Document {
            changes,
            ..Document::new(NAME, Outcome::Planned)
        };
        if args.check && due {
            let count = document.changes.len();
            let error = Error::new(
                Kind::Policy,
                format!(
                    "`{}` is not as asked for: {count} changes are due",
                    spec.name
                ),
            )
            .hint("make them: run the same command without --dry-run --check");
            return Err(desk.checked(service.cloud(), document, error));
        }
        return desk.result(service.cloud(), document);
    }

    match service.create(&spec, &options).await {
        Ok(created) => {
            let made = created
                .changes
                .iter()
                .any(|c| c.resource == "file_system" && c.action == Verb::Create);
            let outcome = match (made, created.changes.is_empty()) {
                (true, _) => Outcome::Created,
                (false, true) => Outcome::Unchanged,
                (false, false) => Outcome::Changed,
            };
            let document = Document {
                file_system: Some(created.deployment),
                changes: created.changes,
                expected_findings: (outcome == Outcome::Created).then_some(created.expected),
                ..Document::new(NAME, outcome)
            };
            desk.result(service.cloud(), document)
        }
        Err(failure) => Err(desk.failed(service.cloud(), NAME, *failure)),
    }
}
