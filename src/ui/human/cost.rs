//! What something costs, as a person reads it.

use std::fmt::Write;

use tabled::builder::Builder;
use tabled::settings::Alignment;
use tabled::settings::object::Columns;

use super::Painter;
use super::deployment::aligned;
use crate::cost::GB;
use crate::cost::exact::{ceiling, price, rounded, shortest, whole};
use crate::domain::deployment::bytes;
use crate::report::wrap;
use crate::ui::document::{
    ChoiceView, ComparisonView, CostLineView, CostView, Decimal, EstimateView, TotalView,
};

const UNKNOWN: &str = "unknown";

/// Wider is hard to read.
const COLUMNS: usize = 100;

/// Lines with their sources for one, a line each for several.
pub(super) fn cost(view: &CostView, painter: &Painter) -> String {
    let mut text = match view.estimates.as_slice() {
        [] => return "no file systems\n".to_owned(),
        [one] => single(one, painter),
        several => list(several, &view.total),
    };
    if let Some(comparison) = &view.comparison {
        text.push('\n');
        text.push_str(&compared(comparison, painter));
    }
    let columns = painter.columns.unwrap_or(COLUMNS).min(COLUMNS);
    let not_included = format!("not included: {}", view.not_included.join("; "));
    let _ = writeln!(text, "\n{}", wrap(&not_included, 0, 2, columns));
    text
}

/// A heading, the lines, and where their rates are from.
fn single(estimate: &EstimateView, painter: &Painter) -> String {
    let mut sources: Vec<(&str, &str)> = Vec::new();
    let mut builder = Builder::new();
    builder.push_record(["", "QUANTITY", "RATE", "USD A MONTH", "SOURCE"]);
    for line in &estimate.lines {
        builder.push_record([
            line.title.to_owned(),
            quantity(line),
            line.rate
                .as_ref()
                .map_or(UNKNOWN.to_owned(), |rate| price(&rate.0)),
            amount(line.amount.as_ref()),
            source(line, &mut sources),
        ]);
    }
    builder.push_record(["total", "", "", &total(&estimate.total), ""]);
    let mut text = heading(estimate, painter);
    text.push_str(&aligned(builder, |table| {
        table.modify(Columns::new(1..4), Alignment::right());
    }));
    for (nth, (source, date)) in sources.iter().enumerate() {
        let begin = if nth == 0 { "\n" } else { "" };
        let _ = writeln!(text, "{begin}[{}] {source}, {date}", nth + 1);
    }
    text
}

fn heading(estimate: &EstimateView, painter: &Painter) -> String {
    let id = estimate.file_system_id.as_ref().map(ToString::to_string);
    let name = estimate.name.as_ref().map(|name| painter.bold(name));
    let parts = [id, name, Some(estimate.region.clone()), mode_of(estimate)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}\n\n", parts.join("  "))
}

/// The number of its source.
fn source<'v>(line: &'v CostLineView, sources: &mut Vec<(&'v str, &'v str)>) -> String {
    let (Some(source), Some(date)) = (&line.source, &line.date) else {
        return String::new();
    };
    let named = (source.as_str(), date.as_str());
    let nth = sources.iter().position(|known| *known == named);
    let nth = nth.unwrap_or_else(|| {
        sources.push(named);
        sources.len() - 1
    });
    format!("[{}]", nth + 1)
}

fn quantity(line: &CostLineView) -> String {
    line.quantity.as_ref().map_or(UNKNOWN.to_owned(), |amount| {
        format!("{} {}", shortest(&amount.0, 4), line.unit)
    })
}

/// To the cent; what is less than one is not nothing.
fn cents(usd: &Decimal) -> String {
    let shown = rounded(&usd.0, 2);
    if shown == "0.00" && usd.0 > whole(0) {
        "<0.01".to_owned()
    } else {
        shown
    }
}

fn amount(usd: Option<&Decimal>) -> String {
    usd.map_or(UNKNOWN.to_owned(), cents)
}

fn total(total: &TotalView) -> String {
    let cents = cents(&total.usd);
    if total.at_least {
        format!("at least {cents}")
    } else {
        cents
    }
}

/// One line for each file system.
fn list(estimates: &[EstimateView], sum: &TotalView) -> String {
    let mut builder = Builder::new();
    builder.push_record(["FILE SYSTEM", "MODE", "SIZE", "USD A MONTH", "NAME"]);
    for estimate in estimates {
        let id = estimate.file_system_id.as_ref().map(ToString::to_string);
        builder.push_record([
            id.unwrap_or_default(),
            mode_of(estimate).unwrap_or_default(),
            stored(estimate),
            total(&estimate.total),
            estimate.name.clone().unwrap_or_default(),
        ]);
    }
    builder.push_record(["total", "", "", &total(sum), ""]);
    aligned(builder, |table| {
        table.modify(Columns::new(2..4), Alignment::right());
    })
}

/// In all classes.
fn stored(estimate: &EstimateView) -> String {
    let lines = estimate.lines.iter();
    let stored = lines.filter(|line| line.unit == "GB-month");
    let sum = stored
        .map(|line| line.quantity.as_ref())
        .try_fold(whole(0), |sum, quantity: Option<&Decimal>| {
            quantity.map(|quantity| sum + &quantity.0)
        });
    let count = sum.and_then(|gb| ceiling(&(gb * whole(GB))));
    count.map_or(UNKNOWN.to_owned(), bytes)
}

fn compared(comparison: &ComparisonView, painter: &Painter) -> String {
    let mut builder = Builder::new();
    builder.push_record([
        "USD A MONTH",
        "",
        "STORAGE",
        "ACCESS",
        "THROUGHPUT",
        "TOTAL",
    ]);
    let part = |sum: &Option<TotalView>| match sum {
        None => "-".to_owned(),
        Some(sum) if sum.at_least && sum.usd.0 == whole(0) => UNKNOWN.to_owned(),
        Some(sum) if sum.at_least => format!("{}+", cents(&sum.usd)),
        Some(sum) => cents(&sum.usd),
    };
    let is_spread = comparison.choices.iter().any(|choice| choice.all_standard);
    for choice in &comparison.choices {
        builder.push_record([
            classes(choice, is_spread).to_owned(),
            mode(
                &choice.throughput_mode,
                choice.provisioned_throughput_mibps.as_ref(),
            ),
            part(&choice.storage),
            part(&choice.access),
            part(&choice.throughput),
            choice
                .total
                .as_ref()
                .map_or("not offered".to_owned(), total),
        ]);
    }
    let mut text = aligned(builder, |table| {
        table.modify(Columns::new(2..6), Alignment::right());
    });
    let baseline = comparison.bursting_baseline_mibps.as_ref().map(|mibps| {
        let mibps = shortest(&mibps.0, 1);
        format!("bursting permits {mibps} MiB/s in the long run (50 KiB/s for each GB in Standard), and counts reads at a third")
    });
    let sentences = comparison.break_evens.iter();
    let sentences = sentences.map(|found| &found.sentence).chain(&baseline);
    let columns = painter.columns.unwrap_or(COLUMNS).min(COLUMNS);
    text.push('\n');
    for sentence in sentences {
        let _ = writeln!(text, "{}", wrap(sentence, 0, 2, columns));
    }
    text
}

fn classes(choice: &ChoiceView, is_spread: bool) -> &'static str {
    match (choice.one_zone, choice.all_standard) {
        (false, true) => "Regional, all in Standard",
        (true, true) => "One Zone, all in Standard",
        (false, false) if is_spread => "Regional, as stated",
        (true, false) if is_spread => "One Zone, as stated",
        (false, false) => "Regional",
        (true, false) => "One Zone",
    }
}

/// As it is typed.
fn mode(word: &str, mibps: Option<&Decimal>) -> String {
    match mibps {
        Some(mibps) => format!("{word}={}", shortest(&mibps.0, 4)),
        None => word.to_owned(),
    }
}

fn mode_of(estimate: &EstimateView) -> Option<String> {
    let mibps = estimate.provisioned_throughput_mibps.as_ref();
    let word = estimate.throughput_mode.as_ref();
    word.map(|word| mode(word, mibps))
}
