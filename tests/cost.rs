//! `efsctl cost`: what AWS bills, to the cent.

mod command;
mod page;
mod properties;
mod worked;

use efsctl::cost::exact::{decimal, rounded, whole};
use efsctl::cost::{Estimate, Exact, GB, Mode, Moved, Prices, Stored, Workload};

/// Bytes of that many GB.
pub fn gb(text: &str) -> Option<Exact> {
    Some(decimal(text).unwrap() * whole(GB))
}

/// A Regional file system with that much in Standard storage, in which nothing moves.
pub fn holding(mode: Mode, standard: &str) -> Workload {
    Workload {
        mode,
        is_one_zone: false,
        stored: Stored {
            standard: gb(standard),
            infrequent: gb("0"),
            archive: gb("0"),
        },
        moved: Moved {
            read: gb("0"),
            written: gb("0"),
            infrequent_read: gb("0"),
            infrequent_written: gb("0"),
            archive_read: gb("0"),
            archive_written: gb("0"),
        },
    }
}

/// What it costs for a month.
pub fn estimate(workload: &Workload, region: &str) -> Estimate {
    let quantities = workload.quantities(&whole(1));
    Estimate::of(&quantities, &Prices::compiled_in(), region)
}

/// Each line by its name, to the cent, and the total.
pub fn shown(estimate: &Estimate) -> String {
    let lines = estimate.lines.iter().map(|line| {
        let amount = line.amount();
        let amount = amount.map_or("unknown".to_owned(), |usd| rounded(&usd, 2));
        format!("{} {amount}", line.item.name())
    });
    let total = estimate.total();
    let at_least = if total.at_least { "at least " } else { "" };
    let lines = lines.collect::<Vec<_>>().join(", ");
    format!("{lines} = {at_least}{}", rounded(&total.usd, 2))
}
