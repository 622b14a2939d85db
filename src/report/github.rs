//! GitHub Actions: annotations on stdout, and the Markdown of a step's summary.

use std::fmt::Write;

use super::tally::Sums;
use super::{
    Format, Look, Make, claim, clean, details, evidence, matters, one_line, place, rank, remedy,
    why, worst_first,
};
use crate::domain::finding::{Audited, Finding, Report, Severity, UnseenRegion, Verdict};

/// GitHub drops a summary of more than 1 MiB whole; one file system adds far less than what is kept free.
const MOST: usize = 900 * 1024;

pub(super) const ANNOTATIONS: Format = Format {
    word: "github",
    means: "GitHub Actions annotations",
    make: Make::Whole(annotations),
};

pub(super) const SUMMARY: Format = Format {
    word: "markdown",
    means: "Markdown, for a step summary or a ticket",
    make: Make::Whole(step_summary),
};

/// One workflow command a line, over all file systems the worst first: GitHub shows only the first ten of a kind.
fn annotations(report: &Report, look: &Look) -> String {
    let mut findings: Vec<(&Audited, &Finding)> = report
        .findings()
        .filter(|(_, finding)| matters(finding))
        .collect();
    findings.sort_by_key(|(_, finding)| rank(finding));
    let unseen = report.unseen.iter().map(|unseen| {
        let escaped = data(&one_line(&sentence(unseen, look)));
        format!("::warning title=unknown%3A a region::{escaped}\n")
    });
    let unjudged = report.unjudged.iter().map(|unjudged| {
        let command = if unjudged.counts { "error" } else { "warning" };
        let escaped = data(&one_line(&unjudged.sentence()));
        format!("::{command} title=nothing was audited::{escaped}\n")
    });
    findings.into_iter().fold(
        unseen.chain(unjudged).collect::<String>(),
        |mut text, (audited, finding)| {
            text.push_str(&annotation(audited, finding, look));
            text.push('\n');
            text
        },
    )
}

/// A region that could not be audited.
fn sentence(unseen: &UnseenRegion, look: &Look) -> String {
    let place = place(&unseen.region, unseen.profile.as_ref());
    format!("{place}: {}", why(unseen, look))
}

fn annotation(audited: &Audited, finding: &Finding, look: &Look) -> String {
    let command = match (finding.verdict, finding.severity) {
        (Verdict::Fail, Severity::Critical | Severity::High) => "error",
        (Verdict::Fail, Severity::Low) => "notice",
        _ => "warning",
    };
    let title = format!(
        "{}: {} on {}",
        word(finding),
        finding.about.id,
        heading(audited)
    );
    let message = format!("{}\n{}", claim(finding), details(finding, look));
    format!(
        "::{command} title={}::{}",
        property(&one_line(&title)),
        data(clean(&message).trim_end())
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn word(finding: &Finding) -> &'static str {
    match finding.verdict {
        Verdict::Fail => finding.severity.as_str(),
        other => other.as_str(),
    }
}

fn heading(audited: &Audited) -> String {
    let name = audited
        .name
        .as_ref()
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    format!("{}{name} in {}", audited.file_system, audited.region)
}

/// The Markdown for `$GITHUB_STEP_SUMMARY`: the counts, and a table of what failed or is unknown for each file system.
pub fn step_summary(report: &Report, look: &Look) -> String {
    let mut text = format!(
        "## efsctl validate\n\n{}\n",
        Sums::of(report).sentence(false)
    );
    for unseen in &report.unseen {
        let escaped = cell(&one_line(&sentence(unseen, look)));
        let _ = writeln!(text, "\nCould not be checked: {escaped}");
    }
    for unjudged in &report.unjudged {
        let escaped = cell(&one_line(&unjudged.sentence()));
        let _ = writeln!(text, "\nNothing was audited: {escaped}");
    }
    let sore: Vec<&Audited> = report
        .file_systems
        .iter()
        .filter(|audited| audited.findings.iter().any(matters))
        .collect();
    for (nth, audited) in sore.iter().enumerate() {
        if text.len() > MOST {
            let _ = writeln!(text, "\n{} more are left out.", sore.len() - nth);
            break;
        }
        file_system(audited, look, &mut text);
    }
    text
}

fn file_system(audited: &Audited, look: &Look, text: &mut String) {
    let _ = writeln!(
        text,
        "\n### {}\n\n| | Check | Evidence | Remedy |\n|---|---|---|---|",
        cell(&one_line(&heading(audited)))
    );
    for finding in worst_first(audited)
        .into_iter()
        .filter(|finding| matters(finding))
    {
        let evidence = format!("{}\n{}", claim(finding), evidence(finding, look).join("\n"));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            word(finding),
            cell(finding.about.id),
            cell(evidence.trim_end()),
            cell(&remedy(finding, look).unwrap_or_default())
        );
    }
}

/// Text that Markdown shows as it is, on one line.
fn cell(text: &str) -> String {
    clean(text).chars().fold(String::new(), |mut escaped, c| {
        match c {
            '\n' => escaped.push_str("<br>"),
            '\t' => escaped.push(' '),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
        escaped
    })
}
