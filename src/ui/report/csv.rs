//! CSV after RFC 4180, safe to open in a spreadsheet.

use crate::domain::finding::{Audited, Finding, Report};

const HEADER: &str = "region,file_system_id,name,check,severity,verdict,evidence,remedy,known\r\n";

pub(super) fn render(report: &Report) -> String {
    report
        .findings()
        .fold(HEADER.to_owned(), |mut text, (audited, finding)| {
            text.push_str(&row(audited, finding));
            text.push_str("\r\n");
            text
        })
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
