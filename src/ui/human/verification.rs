//! What using a file system showed.

use std::collections::BTreeSet;
use std::fmt::Write;

use anstyle::AnsiColor;

use super::Painter;
use crate::domain::finding::Verdict;
use crate::domain::text::counted;
use crate::domain::verification::{Place, Step, StepDone, Transport, Verification};

/// A line for each place, with what failed there; and in one sentence what was shown.
pub(super) fn verification(done: &Verification, painter: &Painter) -> String {
    let mut text = String::new();
    let way = done.transport.map(|way| format!(", {}", way.as_str()));
    let _ = writeln!(
        text,
        "{} as {} in {}{}",
        done.file_system_id,
        done.user,
        done.directory,
        way.unwrap_or_default()
    );
    let mut places: Vec<&Place> = done.steps.iter().map(|one| &one.place).collect();
    places.sort_by_key(|place| (&place.availability_zone, &place.at));
    places.dedup();
    for place in &places {
        let steps: Vec<&StepDone> = done
            .steps
            .iter()
            .filter(|one| one.place == **place)
            .collect();
        let zone = place.availability_zone.as_ref();
        let zone = zone.map(|zone| format!("{zone}  ")).unwrap_or_default();
        let time: u64 = steps.iter().map(|one| one.milliseconds).sum();
        let (color, word) = match steps.iter().map(|one| one.verdict).min() {
            Some(Verdict::Pass) => (AnsiColor::Green, "pass"),
            Some(Verdict::Fail) => (AnsiColor::Red, "fail"),
            _ => (AnsiColor::Yellow, "unknown"),
        };
        let word = painter.in_color(color, &format!("{word:7}"));
        let count = counted(steps.len(), "step");
        let _ = writeln!(text, "  {word}  {zone}{}  {count}, {time} ms", place.at);
        for one in steps {
            if let Some(detail) = &one.detail {
                let _ = writeln!(text, "           {}: {detail}", one.step.as_str());
            }
        }
    }
    if done.verdict() == Verdict::Pass {
        text.push_str(&shown(done, places.len()));
    }
    for note in &done.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

/// What passed, in lines of at most 80 columns.
fn shown(done: &Verification, places: usize) -> String {
    let steps: BTreeSet<Step> = done.steps.iter().map(|one| one.step).collect();
    let mut text = match done.transport {
        Some(Transport::Path) => "can be used by the mount of this host\n".to_owned(),
        _ => format!("can be used through {}\n", counted(places, "mount target")),
    };
    for (step, line) in [
        (
            Step::Write,
            "written to, read, renamed, locked, deleted; nothing is left",
        ),
        (
            Step::ReadOther,
            "each sees the files and the locks of another",
        ),
        (Step::Leave, "the token is left"),
        (Step::Expect, "the token is there"),
        (Step::Remove, "the token is removed"),
    ] {
        if steps.contains(&step) {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}
