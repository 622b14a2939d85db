//! How many of what.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::finding::{Finding, Report, Severity, Verdict};

/// How many findings have which verdict.
#[derive(Debug, Default)]
pub(super) struct Tally {
    verdicts: BTreeMap<Verdict, usize>,
    severities: BTreeMap<Severity, usize>,
    known: usize,
}

impl Tally {
    pub(super) fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        findings
            .into_iter()
            .fold(Self::default(), |mut tally, finding| {
                *tally.verdicts.entry(finding.verdict).or_default() += 1;
                if finding.verdict == Verdict::Fail {
                    *tally.severities.entry(finding.severity).or_default() += 1;
                    tally.known += usize::from(finding.known);
                }
                tally
            })
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

    /// What needs nobody's attention; nothing where there is nothing of it.
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

/// The last line of a report.
pub(super) fn summary(report: &Report, baseline: bool) -> String {
    let tally = Tally::of(report.findings().map(|(_, finding)| finding));
    format!("{}: {}", extent(report), tally.sentence(baseline))
}

fn extent(report: &Report) -> String {
    let systems = report.file_systems.len();
    let checks = report.findings().count();
    let different: BTreeSet<usize> = report
        .file_systems
        .iter()
        .map(|audited| audited.findings.len())
        .collect();
    let each: Vec<usize> = different.into_iter().collect();
    match (systems, each.as_slice()) {
        (2.., [each]) => format!("{}, {} each", systems_of(systems), checks_of(*each)),
        (2.., _) => format!("{}, {} in all", systems_of(systems), checks_of(checks)),
        _ => format!("{}, {}", systems_of(systems), checks_of(checks)),
    }
}

fn systems_of(count: usize) -> String {
    format!("{count} file system{}", plural(count))
}

fn checks_of(count: usize) -> String {
    format!("{count} check{}", plural(count))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
