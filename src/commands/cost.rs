//! `efsctl cost`.

use super::App;
use super::ending::Ended;
use super::prices::{note_unpriced, prices, region, view};
use crate::cli::cost::{CostArgs, flag_of};
use crate::cost::exact::whole;
use crate::cost::{Comparison, Estimate, Line, Mode, Prices, Quantities, Total, Workload};
use crate::domain::deployment::Deployment;
use crate::domain::text::list;
use crate::error::Error;
use crate::service::Scope;
use crate::ui::document::{ComparisonView, Contents, CostView, EstimateView, Outcome};

pub(super) async fn run(app: &App, args: &CostArgs) -> Ended {
    let prices = prices(args.prices.as_deref())?;
    let cost = match args.scope() {
        Some(scope) => existing(app, args, &scope, &prices).await?,
        None => described(app, args, &prices)?,
    };
    Ok(Some(Contents {
        cost: Some(cost),
        ..Contents::new(Outcome::Found)
    }))
}

/// A file system as the options describe it, a bucket beside it, or both.
fn described(app: &App, args: &CostArgs, prices: &Prices) -> Result<CostView, Error> {
    let contradiction = |sentence: String| Error::usage(sentence).hint("see `efsctl cost --help`");
    let workload = args.workload().map_err(contradiction)?;
    let bucket = args.bucket().map_err(contradiction)?;
    let region = region(app)?;
    let quantities = workload
        .as_ref()
        .map(|workload| workload.quantities(&whole(1)));
    let quantities: Quantities = quantities.into_iter().flatten().chain(bucket).collect();
    let estimate = Estimate::of(&quantities, prices, &region);
    note_unstated(app, &estimate);
    note_unpriced(app, [&estimate]);
    let compare = |workload: &Workload| Comparison::of(workload, prices, &region);
    let compared = workload.as_ref().filter(|_| args.compare).map(compare);
    let mode = workload.as_ref().map(|workload| &workload.mode);
    Ok(CostView {
        comparison: compared.as_ref().map(ComparisonView::of),
        ..view(vec![EstimateView::of(&estimate, mode)], &estimate.total())
    })
}

/// File systems as they are.
async fn existing(
    app: &App,
    args: &CostArgs,
    scope: &Scope,
    prices: &Prices,
) -> Result<CostView, Error> {
    let service = app.service_for(args.file_systems.first()).await?;
    let region = service.cloud().region().to_owned();
    let costs = service.costs(scope, prices, &region).await?;
    note_unpriced(app, costs.iter().map(|one| &one.estimate));
    let totals = costs.iter().map(|one| one.estimate.total());
    let total = totals.fold(Total::default(), |sum, one| sum.and(&one));
    let views = costs.iter().map(|one| {
        let mode = Mode::observed(&one.file_system.throughput());
        EstimateView {
            file_system_id: Some(one.file_system.id.clone()),
            name: Deployment::bare(&one.file_system).name,
            ..EstimateView::of(&one.estimate, Some(&mode))
        }
    });
    Ok(view(views.collect(), &total))
}

/// Which quantities are unknown, by the options that state them.
fn note_unstated(app: &App, estimate: &Estimate) {
    let is_unknown = |line: &&Line| line.quantity.is_none();
    let unknown = estimate.lines.iter().filter(is_unknown);
    let flags: Vec<&str> = unknown.filter_map(|line| flag_of(line.item)).collect();
    if !flags.is_empty() {
        let flags = list(flags);
        app.ui
            .note(&format!("note: unknown, because not stated: {flags}"));
    }
}
