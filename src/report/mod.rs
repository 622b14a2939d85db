//! What an audit found, for people and for machines. The JSON document is made in [`ui::document`](crate::ui::document).

mod csv;
mod github;
mod html;
mod junit;
mod sarif;
mod table;
mod tally;
mod wrap;

use std::cmp::Reverse;

use self::tally::Sums;
use crate::domain::advice::Invocation;
use crate::domain::finding::{Audited, Finding, Report, Severity, Unjudged, UnseenRegion, Verdict};
use crate::domain::keyword::Keyword;
use crate::domain::text::{clean, one_line};

pub use self::github::step_summary;
pub(crate) use self::wrap::{advised, flow, wrap};

/// A form of the report.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    word: &'static str,
    /// What it is for.
    means: &'static str,
    make: Make,
}

/// How a form is made.
#[derive(Debug, Clone, Copy)]
enum Make {
    /// When everything is known.
    Whole(fn(&Report, &Look) -> String),
    /// While it runs.
    Streamed(Streamed),
}

/// What could not be seen, and where nothing was judged.
type Gaps<'a> = (&'a [UnseenRegion], &'a [Unjudged]);

/// A form that can begin before the end is known.
#[derive(Debug, Clone, Copy)]
struct Streamed {
    begin: &'static str,
    file_system: fn(&Audited, &Look) -> String,
    end: fn(&Sums, Gaps<'_>, &Look) -> String,
}

const fn row(format: Format) -> (Format, &'static str, &'static str) {
    (format, format.word, format.means)
}

impl Keyword for Format {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        row(Self::TABLE),
        row(sarif::FORMAT),
        row(junit::FORMAT),
        row(github::ANNOTATIONS),
        row(github::SUMMARY),
        row(csv::FORMAT),
        row(html::FORMAT),
    ];
}

impl Format {
    /// For a terminal.
    pub const TABLE: Self = table::FORMAT;
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for Format {}

/// How a report looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Colour, in the table.
    pub color: bool,
    /// Columns of the table; `usize::MAX` where no one counts them.
    pub width: usize,
    /// Passed checks too, one by one.
    pub all: bool,
    /// There was a baseline, so that [`Finding::known`] means something.
    pub baseline: bool,
    /// When it was made, RFC 3339, for the form that is kept and read later.
    pub at: Option<String>,
    /// What remedies need to reach the same account.
    pub invocation: Invocation,
}

/// The report in that form. It ends with a line feed, or is empty.
pub fn render(report: &Report, format: Format, look: &Look) -> String {
    match format.make {
        Make::Whole(make) => make(report, look),
        Make::Streamed(form) => {
            let mut stream = StreamingReport::of(form, look.clone());
            let begin = stream.begin().to_owned();
            let text = report
                .file_systems
                .iter()
                .fold(begin, |text, audited| text + &stream.file_system(audited));
            text + &stream.end(&report.unseen, &report.unjudged)
        }
    }
}

/// A report that is printed while it is made. Of what was printed, only the sums are kept.
#[derive(Debug)]
pub struct StreamingReport {
    form: Streamed,
    look: Look,
    sums: Sums,
}

impl StreamingReport {
    /// In that form, if it can begin before the end is known.
    pub fn new(format: Format, look: Look) -> Option<Self> {
        match format.make {
            Make::Streamed(form) => Some(Self::of(form, look)),
            Make::Whole(_) => None,
        }
    }

    fn of(form: Streamed, look: Look) -> Self {
        Self {
            form,
            look,
            sums: Sums::default(),
        }
    }

    /// What comes first.
    pub fn begin(&self) -> &'static str {
        self.form.begin
    }

    /// One more file system.
    pub fn file_system(&mut self, audited: &Audited) -> String {
        self.sums.add(audited);
        (self.form.file_system)(audited, &self.look)
    }

    /// What comes last.
    pub fn end(&self, unseen: &[UnseenRegion], unjudged: &[Unjudged]) -> String {
        (self.form.end)(&self.sums, (unseen, unjudged), &self.look)
    }
}

/// A region, and the profile where several are audited.
pub(crate) fn place(region: &str, profile: Option<&String>) -> String {
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

/// Whether someone has to look at it.
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

/// The evidence of a finding, in the words of whoever asked.
fn evidence(finding: &Finding, look: &Look) -> Vec<String> {
    let evidence = finding.evidence.iter();
    let shown = evidence.map(|line| line.shown(&look.invocation));
    shown.collect()
}

/// What kept a region from being seen, in the words of whoever asked.
fn why(unseen: &UnseenRegion, look: &Look) -> String {
    unseen.why.shown(&look.invocation)
}

/// Evidence and remedy, line by line.
fn details(finding: &Finding, look: &Look) -> String {
    let remedy = remedy(finding, look).map(|remedy| format!("remedy: {remedy}"));
    let lines: Vec<String> = evidence(finding, look)
        .into_iter()
        .chain(remedy)
        .map(|line| clean(&line))
        .collect();
    lines.join("\n")
}
