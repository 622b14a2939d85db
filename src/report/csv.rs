//! CSV after RFC 4180, safe to open in a spreadsheet.

use super::tally::Sums;
use super::{Format, Look, Make, Streamed, evidence, remedy, why};
use crate::domain::finding::{Audited, Finding, Unjudged, UnseenRegion, Verdict};

pub(super) const FORMAT: Format = Format {
    word: "csv",
    means: "One row per finding",
    make: Make::Streamed(Streamed {
        begin: HEADER,
        file_system,
        end,
    }),
};

const HEADER: &str =
    "region,file_system_id,name,check,severity,verdict,evidence,remedy,known,profile,summary\r\n";

/// The rows of one file system.
fn file_system(audited: &Audited, look: &Look) -> String {
    let rows = audited.findings.iter();
    rows.map(|finding| row(audited, finding, look) + "\r\n")
        .collect()
}

fn end(_: &Sums, (regions, places): (&[UnseenRegion], &[Unjudged]), look: &Look) -> String {
    let regions = regions.iter().map(|region| unseen(region, look));
    regions.chain(places.iter().map(unjudged)).collect()
}

/// The row of a region of which nothing could be seen: it names no file system and no check.
fn unseen(unseen: &UnseenRegion, look: &Look) -> String {
    let unknown = Verdict::Unknown.as_str();
    let profile = unseen.profile.as_deref().unwrap_or_default();
    [
        &unseen.region,
        "",
        "",
        "",
        "",
        unknown,
        &why(unseen, look),
        "",
        "false",
        profile,
        "the region could not be audited",
    ]
    .map(cell)
    .join(",")
        + "\r\n"
}

/// The row of a place where nothing was judged.
fn unjudged(unjudged: &Unjudged) -> String {
    let (region, profile) = (&unjudged.region, &unjudged.profile);
    [
        region.as_deref().unwrap_or_default(),
        "",
        "",
        "",
        "",
        "unjudged",
        &unjudged.why,
        "",
        "false",
        profile.as_deref().unwrap_or_default(),
        "nothing was audited",
    ]
    .map(cell)
    .join(",")
        + "\r\n"
}

fn row(audited: &Audited, finding: &Finding, look: &Look) -> String {
    [
        audited.region.as_str(),
        audited.file_system.as_str(),
        audited.name.as_deref().unwrap_or_default(),
        finding.about.id,
        finding.severity.as_str(),
        finding.verdict.as_str(),
        &evidence(finding, look).join("; "),
        &remedy(finding, look).unwrap_or_default(),
        if finding.known { "true" } else { "false" },
        audited.profile.as_deref().unwrap_or_default(),
        &finding.summary(),
    ]
    .map(cell)
    .join(",")
}

/// A spreadsheet runs what looks like a formula, and where it splits at semicolons or tabs, after each of them too: so
/// what holds one is quoted.
fn cell(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\t' | '\r' | '\n'))
        .collect();
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text
    };
    if text.contains([',', ';', '"', '\t', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
