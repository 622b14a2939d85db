//! What an audit found, for people and for machines. The JSON document is made in [`super::document`].

mod csv;
mod github;
mod junit;
mod sarif;
mod table;
mod tally;
mod wrap;

use std::cmp::Reverse;

use crate::domain::advice::Invocation;
use crate::domain::finding::{Audited, Finding, Report, Severity, Unjudged, UnseenRegion, Verdict};

pub use self::github::step_summary;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Table,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// `JUnit` XML, for what shows test results.
    Junit,
    /// Workflow commands of GitHub Actions: annotations.
    Github,
    /// RFC 4180, for a spreadsheet.
    Csv,
    /// Markdown, for the summary of a step of GitHub Actions.
    Markdown,
}

/// How a report looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Colour, in the table.
    pub color: bool,
    /// Columns of the table; `usize::MAX` where nobody counts them.
    pub width: usize,
    /// Passed checks too, one by one.
    pub all: bool,
    /// There was a baseline, so that [`Finding::known`] means something.
    pub baseline: bool,
    /// What remedies need to reach the same account.
    pub invocation: Invocation,
}

/// The report in that form. It ends with a line feed, or is empty.
pub fn render(report: &Report, format: Format, look: &Look) -> String {
    match format {
        Format::Table => told(report, Telling::table(look.clone())),
        Format::Csv => told(report, Telling::csv(look.clone())),
        Format::Sarif => sarif::render(report, look),
        Format::Junit => junit::render(report, look),
        Format::Github => github::annotations(report, look),
        Format::Markdown => step_summary(report, look),
    }
}

fn told(report: &Report, mut telling: Telling) -> String {
    let begin = telling.begin().to_owned();
    let told = report
        .file_systems
        .iter()
        .fold(begin, |text, audited| text + &telling.file_system(audited));
    told + &telling.end(&report.unseen, &report.unjudged)
}

/// A report that is told while it is made. Of what was told, only the sums are kept.
#[derive(Debug)]
pub struct Telling {
    form: Form,
    look: Look,
    sums: tally::Sums,
}

/// Forms that can begin before the end is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Table,
    Csv,
}

impl Telling {
    /// In that form, if it can begin before the end is known.
    pub fn new(format: Format, look: Look) -> Option<Self> {
        match format {
            Format::Table => Some(Self::table(look)),
            Format::Csv => Some(Self::csv(look)),
            Format::Sarif | Format::Junit | Format::Github | Format::Markdown => None,
        }
    }

    fn table(look: Look) -> Self {
        Self {
            form: Form::Table,
            look,
            sums: tally::Sums::default(),
        }
    }

    fn csv(look: Look) -> Self {
        Self {
            form: Form::Csv,
            ..Self::table(look)
        }
    }

    /// What comes first.
    pub fn begin(&self) -> &'static str {
        match self.form {
            Form::Table => "",
            Form::Csv => csv::HEADER,
        }
    }

    /// One more file system.
    pub fn file_system(&mut self, audited: &Audited) -> String {
        self.sums.add(audited);
        match self.form {
            Form::Table => table::file_system(audited, &self.look),
            Form::Csv => csv::file_system(audited, &self.look),
        }
    }

    /// What comes last.
    pub fn end(&self, unseen: &[UnseenRegion], unjudged: &[Unjudged]) -> String {
        match self.form {
            Form::Table => table::end(&self.sums, (unseen, unjudged), &self.look),
            Form::Csv => {
                let unseen = unseen.iter().map(csv::unseen);
                unseen.chain(unjudged.iter().map(csv::unjudged)).collect()
            }
        }
    }
}

/// Text without what would steer a terminal or a parser: names and policies are written by others.
///
/// Line feeds and tabs stay. Marks of writing direction go, which make text read as another, and what XML 1.0 has
/// no place for.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| match c {
            '\n' | '\t' => true,
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fffe}'
            | '\u{ffff}' => false,
            c => !c.is_control(),
        })
        .collect()
}

/// [`clean`], on one line.
fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// A region, and the profile where several are audited.
pub(super) fn place(region: &str, profile: Option<&String>) -> String {
    match profile {
        Some(profile) => format!("{region} ({profile})"),
        None => region.to_owned(),
    }
}

/// Failed by severity, then unknown, then the rest as they came.
fn rank(finding: &Finding) -> (Verdict, Reverse<Option<Severity>>) {
    let severity = matters(finding).then_some(finding.severity);
    (finding.verdict, Reverse(severity))
}

fn worst_first(audited: &Audited) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = audited.findings.iter().collect();
    findings.sort_by_key(|finding| rank(finding));
    findings
}

/// Whether somebody has to look at it.
fn matters(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Fail | Verdict::Unknown)
}

/// What a check says, on one line.
fn claim(finding: &Finding) -> String {
    one_line(&finding.summary())
}

/// What to do about a finding, on the account that was reached.
fn remedy(finding: &Finding, look: &Look) -> Option<String> {
    let remedy = finding.remedy.as_ref()?;
    Some(remedy.shown(&look.invocation))
}

/// Evidence and remedy, line by line.
fn details(finding: &Finding, look: &Look) -> String {
    let remedy = remedy(finding, look).map(|remedy| format!("remedy: {remedy}"));
    let lines: Vec<String> = finding
        .evidence
        .iter()
        .cloned()
        .chain(remedy)
        .map(|line| clean(&line))
        .collect();
    lines.join("\n")
}
