//! A report on a terminal.

use anstyle::{AnsiColor, Effects, Style};

use super::tally::{Sums, Tally};
use super::wrap::{advised, flow, wrap};
use super::{
    Format, Look, Make, Streamed, claim, clean, evidence, one_line, place, why, worst_first,
};
use crate::domain::advice::Advice;
use crate::domain::finding::{Audited, Finding, Severity, Unjudged, UnseenRegion, Verdict};

/// Where what belongs to a finding begins: past two spaces, the longest word of a verdict, and two more.
const INDENT: usize = 12;
/// Where a line goes on that did not fit.
const HANG: usize = INDENT + 2;
/// Narrower is of no use, and wider is hard to read.
const COLUMNS: std::ops::RangeInclusive<usize> = 40..=120;

pub(super) const FORMAT: Format = Format {
    word: "table",
    means: "For a terminal",
    make: Make::Streamed(Streamed {
        begin: "",
        file_system,
        end,
    }),
};

/// The lines of one file system, and an empty one.
fn file_system(audited: &Audited, look: &Look) -> String {
    let mut lines = Vec::new();
    Page::of(look).file_system(audited, &mut lines);
    lines.push(String::new());
    trimmed(&lines)
}

/// The last lines: what could not be seen at all, and the sums.
fn end(sums: &Sums, (unseen, unjudged): (&[UnseenRegion], &[Unjudged]), look: &Look) -> String {
    let page = Page::of(look);
    let mut lines: Vec<String> = unseen.iter().map(|unseen| page.unseen(unseen)).collect();
    lines.extend(unjudged.iter().map(|unjudged| page.unjudged(unjudged)));
    if !sums.is_empty() {
        lines.push(page.summary(sums));
    } else if unjudged.is_empty() {
        lines.push("no file systems to audit".to_owned());
    }
    trimmed(&lines)
}

fn trimmed(lines: &[String]) -> String {
    let text = lines.join("\n");
    text.split('\n').fold(String::new(), |mut trimmed, line| {
        trimmed.push_str(line.trim_end());
        trimmed.push('\n');
        trimmed
    })
}

struct Page<'a> {
    look: &'a Look,
    columns: usize,
}

impl<'a> Page<'a> {
    fn of(look: &'a Look) -> Self {
        let columns = match look.width {
            usize::MAX => usize::MAX,
            width => width.clamp(*COLUMNS.start(), *COLUMNS.end()),
        };
        Self { look, columns }
    }

    /// A region that could not be audited.
    fn unseen(&self, unseen: &UnseenRegion) -> String {
        let style = Style::new().fg_color(Some(AnsiColor::Magenta.into()));
        let text = format!(
            "{}: {}",
            place(&unseen.region, unseen.profile.as_ref()),
            why(unseen, self.look)
        );
        let label = self.paint(style, "unknown");
        let gap = " ".repeat(INDENT - 2 - "unknown".len());
        format!(
            "  {label}{gap}{}",
            wrap(&one_line(&text), INDENT, HANG, self.columns)
        )
    }

    /// A place where nothing was judged.
    fn unjudged(&self, unjudged: &Unjudged) -> String {
        let text = format!("nothing was audited: {}", unjudged.sentence());
        wrap(&one_line(&text), 0, 2, self.columns)
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.look.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// It breaks at its commas: a number stays with its word.
    fn summary(&self, sums: &Sums) -> String {
        let summary = sums.sentence(self.look.baseline);
        let parts = summary
            .split_inclusive(", ")
            .map(|part| part.trim_end().to_owned());
        flow(parts, 0, 2, self.columns)
    }

    fn file_system(&self, audited: &Audited, lines: &mut Vec<String>) {
        lines.push(self.heading(audited));
        for finding in worst_first(audited) {
            if self.look.all || super::matters(finding) {
                self.finding(finding, lines);
            }
        }
        let quiet = Tally::of(&audited.findings).quiet();
        if let Some(quiet) = quiet.filter(|_| !self.look.all) {
            lines.push(format!(
                "  {}",
                self.paint(Style::new().effects(Effects::DIMMED), &quiet)
            ));
        }
    }

    fn heading(&self, audited: &Audited) -> String {
        let id = one_line(audited.file_system.as_str());
        let region = one_line(&place(&audited.region, audited.profile.as_ref()));
        let taken = id.chars().count() + region.chars().count() + 4;
        let name = audited
            .name
            .as_ref()
            .map(|name| shorten(&one_line(name), self.columns.saturating_sub(taken)))
            .filter(|name| !name.is_empty())
            .map(|name| format!("  {}", self.paint(Style::new().bold(), &name)))
            .unwrap_or_default();
        format!("{id}{name}  {region}")
    }

    fn finding(&self, finding: &Finding, lines: &mut Vec<String>) {
        let (word, style) = verdict(finding);
        let known = if self.look.baseline && finding.known {
            " (known)"
        } else {
            ""
        };
        let id = format!("{}{known}  ", finding.about.id);
        let label = self.paint(style, word);
        let gap = " ".repeat(INDENT.saturating_sub(2 + word.len()));
        let start = INDENT + id.chars().count();
        lines.push(format!(
            "  {label}{gap}{id}{}",
            wrap(&claim(finding), start, HANG, self.columns)
        ));
        for line in evidence(finding, self.look) {
            self.below(&line, lines);
        }
        if let Some(remedy) = &finding.remedy {
            self.remedy(remedy, lines);
        }
    }

    /// Text below a finding; its own lines stay lines.
    fn below(&self, text: &str, lines: &mut Vec<String>) {
        for line in clean(text).lines() {
            let text = wrap(line, INDENT, HANG, self.columns);
            lines.push(format!("{:INDENT$}{text}", ""));
        }
    }

    /// What to do about a finding.
    fn remedy(&self, remedy: &Advice, lines: &mut Vec<String>) {
        let style = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
        let label = self.paint(style, "remedy:");
        let start = INDENT + "remedy: ".len();
        let text = flow(
            advised(remedy, &self.look.invocation),
            start,
            HANG,
            self.columns,
        );
        lines.push(format!("{:INDENT$}{label} {text}", ""));
    }
}

/// The first word of a finding, and its colour.
fn verdict(finding: &Finding) -> (&'static str, Style) {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match (finding.verdict, finding.severity) {
        (Verdict::Fail, Severity::Critical) => ("critical", color(AnsiColor::Red).bold()),
        (Verdict::Fail, Severity::High) => ("high", color(AnsiColor::Red)),
        (Verdict::Fail, Severity::Medium) => ("medium", color(AnsiColor::Yellow)),
        (Verdict::Fail, Severity::Low) => ("low", color(AnsiColor::Cyan)),
        (Verdict::Unknown, _) => ("unknown", color(AnsiColor::Magenta)),
        (Verdict::Pass, _) => ("pass", color(AnsiColor::Green)),
        (Verdict::NotApplicable, _) => ("n/a", Style::new().effects(Effects::DIMMED)),
        (Verdict::Skipped, _) => ("skipped", Style::new().effects(Effects::DIMMED)),
    }
}

fn shorten(text: &str, room: usize) -> String {
    if text.chars().count() > room {
        text.chars()
            .take(room.saturating_sub(1))
            .chain(['…'])
            .collect()
    } else {
        text.to_owned()
    }
}
