//! `efsctl create`.

use super::ending::Ended;
use super::{App, prices, setting};
use crate::cli::create::CreateArgs;
use crate::domain::ids::Reference;
use crate::domain::resource::ResourceKind;
use crate::domain::text::counted;
use crate::error::{Code, Error};
use crate::service::CreateOptions;
use crate::ui::document::{Contents, ExpectedView, Outcome};

pub(super) async fn run(app: &App, args: &CreateArgs) -> Ended {
    let tags = setting::tags(&args.settings)?;
    let settings = setting::wishes(&args.settings)?;
    let spec = args.spec(settings, tags, setting::expires(&args.settings)?);
    spec.check().map_err(|error| match Error::from(error) {
        error if error.hint.is_some() => error,
        error => error.hint("see `efsctl create --help`"),
    })?;
    let mut options = CreateOptions {
        no_wait: args.no_wait,
        on_failure: args.on_failure,
        timeout: app.settings.timeout,
        refuse_losses: !args.yes,
        ..CreateOptions::default()
    };
    let service = app.service().await?;

    if args.dry_run {
        let planned = service.plan_create(&spec, &options).await?;
        let reference = Reference::Name(spec.name.clone());
        let cost = planned.cost.as_ref().map(|cost| (&reference, cost));
        let contents = Contents {
            cost: prices::planned(cost, service.cloud().region()),
            changes: planned.changes,
            ..Contents::new(Outcome::Planned)
        };
        if args.check && !contents.changes.is_empty() {
            let error = Error::new(
                Code::ChangesDue,
                format!(
                    "`{}` differs: {} to apply",
                    spec.name,
                    counted(contents.changes.len(), "change")
                ),
            )
            .hint("to apply them, run the same command without --dry-run --check");
            return Err(app.checked(contents, error));
        }
        return Ok(Some(contents));
    }

    let mut created = service.create(&spec, &options).await;
    if let Err(failure) = &created
        && !failure.losses.is_empty()
    {
        setting::confirmed(app, spec.name.as_str(), &failure.losses).await?;
        options.refuse_losses = false;
        created = service.create(&spec, &options).await;
    }
    let created = created?;
    let made = created
        .changes
        .iter()
        .any(|change| change.creates(ResourceKind::FileSystem));
    let outcome = match (made, created.changes.is_empty()) {
        (true, _) => Outcome::Created,
        (false, true) => Outcome::Unchanged,
        (false, false) => Outcome::Changed,
    };
    let invocation = app.ui.invocation();
    let expected = created.expected.into_iter();
    let expected = expected.map(|one| ExpectedView::of(one, &invocation));
    Ok(Some(Contents {
        file_system: Some(created.deployment),
        changes: created.changes,
        expected_findings: (outcome == Outcome::Created).then(|| expected.collect()),
        ..Contents::new(outcome)
    }))
}
