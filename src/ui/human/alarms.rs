//! Alarms, as a person reads them.

use std::fmt::Write;

use tabled::builder::Builder;

use super::Painter;
use super::deployment::aligned;
use crate::domain::alarm::{Alarm, Measure};
use crate::report::wrap;
use crate::ui::document::AlarmsView;

/// Wider is hard to read.
const COLUMNS: usize = 100;

/// A line for each, then what each means.
pub(super) fn alarms(view: &AlarmsView, painter: &Painter) -> String {
    let mut builder = Builder::new();
    builder.push_record(["ALARM", "WHEN", "FOR"]);
    for alarm in &view.alarms {
        builder.push_record([alarm.name.clone(), condition(alarm), duration(alarm)]);
    }
    let mut text = aligned(builder, |_| {});
    let columns = painter.columns.unwrap_or(COLUMNS).min(COLUMNS);
    text.push('\n');
    for alarm in &view.alarms {
        let meaning = format!("{}: {}", alarm.kind.as_str(), alarm.description);
        let _ = writeln!(text, "{}", wrap(&meaning, 0, 2, columns));
    }
    let _ = match view.topics.as_slice() {
        [] => writeln!(text, "\nno topic hears of them: --sns-topic ARN"),
        topics => writeln!(text, "\nsent to {}", topics.join(", ")),
    };
    text
}

fn condition(alarm: &Alarm) -> String {
    let (comparison, threshold) = (alarm.comparison.as_str(), alarm.threshold);
    match &alarm.measure {
        Measure::Metric {
            name, statistic, ..
        } => format!("{name} ({statistic}) {comparison} {threshold}"),
        Measure::Utilisation => format!("throughput utilisation {comparison} {threshold} %"),
    }
}

/// `3 × 5m`: values in a row, and the time each is taken over.
fn duration(alarm: &Alarm) -> String {
    format!("{} x {}m", alarm.periods, alarm.period / 60)
}
