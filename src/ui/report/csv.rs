//! CSV after RFC 4180, safe to open in a spreadsheet.

use crate::domain::finding::{Audited, Finding, UnseenRegion, Verdict};

pub(super) const HEADER: &str =
    "region,file_system_id,name,check,severity,verdict,evidence,remedy,known,profile\r\n";

/// The rows of one file system.
pub(super) fn file_system(audited: &Audited) -> String {
    let rows = audited.findings.iter();
    rows.map(|finding| row(audited, finding) + "\r\n").collect()
}

/// The row of a region of which nothing could be seen: it names no file system and no check.
pub(super) fn unseen(unseen: &UnseenRegion) -> String {
    let unknown = Verdict::Unknown.as_str();
    let profile = unseen.profile.as_deref().unwrap_or_default();
    [
        &unseen.region,
        "",
        "",
        "",
        "",
        unknown,
        &unseen.why,
        "",
        "false",
        profile,
    ]
    .map(cell)
    .join(",")
        + "\r\n"
}

fn row(audited: &Audited, finding: &Finding) -> String {
    [
        audited.region.as_str(),
        audited.file_system.as_str(),
        audited.name.as_deref().unwrap_or_default(),
        finding.about.id,
        finding.severity.as_str(),
        finding.verdict.as_str(),
        &finding.evidence.join("; "),
        finding.remedy.as_deref().unwrap_or_default(),
        if finding.known { "true" } else { "false" },
        audited.profile.as_deref().unwrap_or_default(),
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
