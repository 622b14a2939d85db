//! An audit, in the document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::UnseenRegionView;
use crate::domain::advice::{Advice, Invocation};
use crate::domain::finding::{Control, Finding, Report, Severity, Unjudged, Verdict};
use crate::domain::ids::FileSystemId;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditView {
    /// How many verdicts of each kind.
    pub verdicts: BTreeMap<Verdict, usize>,
    /// By profile, region and id.
    pub file_systems: Vec<AuditedView>,
    /// Regions that could not be audited, where several are audited.
    pub unseen_regions: Vec<UnseenRegionView>,
    /// What was requested and had nothing to check.
    pub unjudged: Vec<Unjudged>,
}

/// The verdicts on one file system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditedView {
    /// Its id.
    pub file_system_id: FileSystemId,
    /// Its `Name` tag.
    pub name: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its region.
    pub region: String,
    /// The profile it was read with, where several are audited.
    pub profile: Option<String>,
    /// One of each check, in the order of the catalogue.
    pub findings: Vec<FindingView>,
}

/// One verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingView {
    /// The id of the check: see `docs/CHECKS.md`.
    pub check: &'static str,
    /// What holds when it passes.
    pub title: &'static str,
    /// What it says here, as a sentence: what is wrong when it failed.
    pub summary: String,
    /// How much it matters here.
    pub severity: Severity,
    /// What it says.
    pub verdict: Verdict,
    /// Why, with ids and values.
    pub evidence: Vec<String>,
    /// What to type, or to do.
    pub remedy: Option<String>,
    /// It failed in the baseline too.
    pub known: bool,
    /// The same control in other catalogues.
    pub controls: &'static [Control],
}

impl AuditView {
    /// The view of a report, with remedies for the account that the invocation reached.
    pub fn of(report: Report, invocation: &Invocation) -> Self {
        let mut verdicts: BTreeMap<Verdict, usize> = BTreeMap::new();
        for (_, finding) in report.findings() {
            *verdicts.entry(finding.verdict).or_default() += 1;
        }
        let shown = |lines: &[Advice]| -> Vec<String> {
            let lines = lines.iter();
            lines.map(|line| line.shown(invocation)).collect()
        };
        let finding = |finding: Finding| FindingView {
            check: finding.about.id,
            title: finding.about.title,
            summary: finding.summary(),
            severity: finding.severity,
            verdict: finding.verdict,
            evidence: shown(&finding.evidence),
            remedy: finding.remedy.map(|remedy| remedy.shown(invocation)),
            known: finding.known,
            controls: finding.about.controls,
        };
        let file_systems = report.file_systems.into_iter();
        let unseen = report.unseen.into_iter();
        Self {
            verdicts,
            file_systems: file_systems
                .map(|audited| AuditedView {
                    file_system_id: audited.file_system,
                    name: audited.name,
                    arn: audited.arn,
                    region: audited.region,
                    profile: audited.profile,
                    findings: audited.findings.into_iter().map(finding).collect(),
                })
                .collect(),
            unseen_regions: unseen
                .map(|region| UnseenRegionView::of(region, invocation))
                .collect(),
            unjudged: report.unjudged,
        }
    }
}
