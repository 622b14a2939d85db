//! How many of what.

use crate::domain::text::counted;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::finding::{About, Audited, Finding, Report, Severity, Verdict};

/// How many findings have which verdict.
#[derive(Debug, Default)]
pub(super) struct Tally {
    verdicts: BTreeMap<Verdict, usize>,
    severities: BTreeMap<Severity, usize>,
    known: usize,
}

impl Tally {
    pub(super) fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut tally = Self::default();
        findings.into_iter().for_each(|finding| tally.add(finding));
        tally
    }

    fn add(&mut self, finding: &Finding) {
        *self.verdicts.entry(finding.verdict).or_default() += 1;
        if finding.verdict == Verdict::Fail {
            *self.severities.entry(finding.severity).or_default() += 1;
            self.known += usize::from(finding.known);
        }
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    /// `5 failed (1 critical, 4 low), 2 unknown, 98 passed`, and with a baseline how many of the failed are known.
    pub(super) fn sentence(&self, baseline: bool) -> String {
        let mut parts = vec![self.failed(baseline)];
        parts.extend(self.some(Verdict::Unknown));
        parts.push(format!("{} passed", self.count(Verdict::Pass)));
        parts.extend(self.some(Verdict::NotApplicable));
        parts.extend(self.some(Verdict::Skipped));
        parts.join(", ")
    }

    /// What needs no one's attention; nothing where there is nothing of it.
    pub(super) fn quiet(&self) -> Option<String> {
        let parts: Vec<String> = [Verdict::Pass, Verdict::NotApplicable, Verdict::Skipped]
            .into_iter()
            .filter_map(|verdict| self.some(verdict))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    fn some(&self, verdict: Verdict) -> Option<String> {
        let word = match verdict {
            Verdict::Fail => "failed",
            Verdict::Unknown => "unknown",
            Verdict::Pass => "passed",
            Verdict::NotApplicable => "not applicable",
            Verdict::Skipped => "skipped",
        };
        let count = self.count(verdict);
        (count > 0).then(|| format!("{count} {word}"))
    }

    fn failed(&self, baseline: bool) -> String {
        let severities: Vec<String> = self
            .severities
            .iter()
            .rev()
            .map(|(severity, count)| format!("{count} {severity}"))
            .collect();
        let known = if baseline && self.known > 0 {
            format!("; {} known", self.known)
        } else {
            String::new()
        };
        match severities.as_slice() {
            [] => "0 failed".to_owned(),
            some => format!(
                "{} failed ({}{known})",
                self.count(Verdict::Fail),
                some.join(", ")
            ),
        }
    }
}

/// The sums of a report, of which nothing else has to be remembered.
#[derive(Debug, Default)]
pub(super) struct Sums {
    tally: Tally,
    systems: usize,
    checks: usize,
    each: BTreeSet<usize>,
    abouts: BTreeMap<&'static str, &'static About>,
}

impl Sums {
    pub(super) fn of(report: &Report) -> Self {
        let mut sums = Self::default();
        report
            .file_systems
            .iter()
            .for_each(|audited| sums.add(audited));
        sums
    }

    /// One more file system.
    pub(super) fn add(&mut self, audited: &Audited) {
        audited
            .findings
            .iter()
            .for_each(|finding| self.tally.add(finding));
        self.systems += 1;
        self.checks += audited.findings.len();
        self.each.insert(audited.findings.len());
        let abouts = audited.findings.iter().map(|finding| finding.about);
        self.abouts.extend(abouts.map(|about| (about.id, about)));
    }

    /// The last line of a report.
    pub(super) fn sentence(&self, baseline: bool) -> String {
        format!("{}: {}", self.extent(), self.tally.sentence(baseline))
    }

    /// The checks that gave a verdict, by id.
    pub(super) fn abouts(&self) -> impl Iterator<Item = &'static About> {
        self.abouts.values().copied()
    }

    /// Nothing was judged.
    pub(super) fn is_empty(&self) -> bool {
        self.systems == 0
    }

    fn extent(&self) -> String {
        let systems = counted(self.systems, "file system");
        let each: Vec<usize> = self.each.iter().copied().collect();
        match (self.systems, each.as_slice()) {
            (2.., [each]) => format!("{systems}, {} each", counted(*each, "check")),
            (2.., _) => format!("{systems}, {} in all", counted(self.checks, "check")),
            _ => format!("{systems}, {}", counted(self.checks, "check")),
        }
    }
}
