//! What makes an audit fail: severities, what could not be seen, and what failed before.

use super::baseline::Baseline;
use super::fix::fixed_by;
use crate::domain::finding::{Audited, Finding, Severity, UnseenRegion, Verdict};

/// What makes an audit fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExitPolicy {
    /// Failed checks count from this severity up.
    pub fail_on: Severity,
    /// What could not be seen, or had nothing to judge, counts too.
    pub strict: bool,
    /// What failed before does not count.
    pub baseline: Option<Baseline>,
}

impl Default for ExitPolicy {
    /// Every failed check counts.
    fn default() -> Self {
        Self {
            fail_on: Severity::Low,
            strict: false,
            baseline: None,
        }
    }
}

impl ExitPolicy {
    /// Marks what failed before.
    pub fn mark(&self, audited: &mut Audited) {
        if let Some(baseline) = &self.baseline {
            baseline.mark(audited);
        }
    }

    /// Whether a finding makes the audit fail.
    pub fn counts(&self, finding: &Finding) -> bool {
        let bad = finding.verdict == Verdict::Fail
            || (self.strict && finding.verdict == Verdict::Unknown);
        bad && finding.severity >= self.fail_on && !finding.known
    }

    /// Adds a file system to the sums.
    pub fn count(&self, audited: &Audited, sums: &mut Sums) {
        sums.systems += 1;
        let mut fails = false;
        for finding in &audited.findings {
            let decided = match finding.verdict {
                Verdict::Pass => true,
                Verdict::Fail | Verdict::Unknown => !finding.known,
                Verdict::NotApplicable | Verdict::Skipped => false,
            };
            sums.decided += usize::from(decided);
            let fixable = finding.verdict == Verdict::Fail && fixed_by(finding.about.id).is_some();
            if self.counts(finding) {
                fails = true;
                sums.failing += 1;
                sums.fixable += usize::from(fixable);
            } else {
                sums.left_alone += usize::from(fixable);
            }
        }
        sums.failing_systems += usize::from(fails);
    }

    /// Adds regions that were not seen to the sums.
    pub fn count_unseen(&self, unseen: &[UnseenRegion], sums: &mut Sums) {
        sums.regions = if self.strict { unseen.len() } else { 0 };
    }
}

/// An audit, as far as it matters for whether it fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// Checks that count as failed.
    pub failing: usize,
    /// Those of them that could be fixed by adding something.
    pub fixable: usize,
    /// File systems.
    pub systems: usize,
    /// Those of them on which something counts as failed.
    pub failing_systems: usize,
    /// What could be fixed, and does not count.
    pub left_alone: usize,
    /// Regions that count as failed.
    pub regions: usize,
    /// Verdicts that say something: passed, or failed or unknown and not in the baseline.
    pub decided: usize,
}
