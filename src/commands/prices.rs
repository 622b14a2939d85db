//! Which prices a command goes by, and what of them is unknown.

use std::path::Path;

use super::cloud::refused;
use super::{App, read_text};
use crate::aws::configuration::{Asked, Configuration};
use crate::cost::{Estimate, Line, NOT_INCLUDED, Prices, Total};
use crate::domain::text::list;
use crate::error::{Code, Error};
use crate::settings::variables::variables;
use crate::ui::document::{CostView, EstimateView, TotalView};

/// Those that are known, overridden by those of a file.
pub(super) fn prices(file: Option<&Path>) -> Result<Prices, Error> {
    let known = Prices::compiled_in();
    let Some(path) = file else {
        return Ok(known);
    };
    let invalid = |why: String| {
        let sentence = format!("{} (--prices): {why}", path.display());
        Error::new(Code::InvalidFile, sentence).hint("docs/COST.md describes the form")
    };
    let text = read_text(path).map_err(invalid)?;
    let own = Prices::parse(&text).map_err(|error| invalid(error.to_string()))?;
    Ok(known.overridden_by(own))
}

/// The region whose prices are meant. Nothing is asked of AWS.
pub(super) fn region(app: &App) -> Result<String, Error> {
    let settings = &app.settings;
    if let Some(region) = &settings.region {
        return Ok(region.clone());
    }
    let variables = variables()?;
    if settings.sandbox.is_some() {
        return settings.simulated_region(&variables);
    }
    let asked = Asked {
        profile: settings.profile.clone(),
        ..Asked::default()
    };
    let configuration = Configuration::read(&asked, &variables).map_err(refused)?;
    configuration.region.ok_or_else(|| {
        Error::new(Code::RegionMissing, "no region is configured")
            .hint("name one with --region, AWS_REGION, or in the profile")
    })
}

/// Estimates with their total.
pub(super) fn view(estimates: Vec<EstimateView>, total: &Total) -> CostView {
    CostView {
        currency: "USD",
        estimates,
        total: TotalView::of(total),
        comparison: None,
        not_included: &NOT_INCLUDED,
    }
}

/// Which rates are unknown, where something depends on them.
pub(super) fn note_unpriced<'e>(app: &App, estimates: impl IntoIterator<Item = &'e Estimate>) {
    let mut missing: Vec<(&str, &Line)> = Vec::new();
    for estimate in estimates {
        for line in estimate.unpriced() {
            let is_known = missing.iter().any(|(_, known)| known.item == line.item);
            if !is_known {
                missing.push((&estimate.region, line));
            }
        }
    }
    if let Some((region, _)) = missing.first() {
        let items = list(missing.iter().map(|(_, line)| line.item.title()));
        app.ui.note(&format!(
            "note: no rate is known in {region} for: {items}; to add them: --prices FILE"
        ));
    }
}
