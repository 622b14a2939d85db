//! What an audit finds: a verdict for each check on each file system, with its evidence.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::advice::Advice;
use super::ids::FileSystemId;
use super::keyword::Keyword;

/// How much a failed check matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Against good practice.
    Medium,
    /// Clients cannot use the file system, or unintended clients can.
    High,
    /// The data can be reached by anyone.
    Critical,
}

impl Keyword for Severity {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Low, "low", "Worth knowing"),
        (Self::Medium, "medium", "Against good practice"),
        (
            Self::High,
            "high",
            "Clients cannot use it, or unintended clients can",
        ),
        (
            Self::Critical,
            "critical",
            "The data can be reached by anyone",
        ),
    ];
}

impl Severity {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        self.keyword()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a check says of a file system.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The check failed.
    Fail,
    /// It could not be checked: a read was denied or failed. Neither good nor bad.
    Unknown,
    /// The check passed.
    Pass,
    /// The check does not apply.
    NotApplicable,
    /// The config file excepts it, or turns the check off.
    Skipped,
}

impl Verdict {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The same control in another catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Control {
    /// `Security Hub`, `AWS Config`, `Prowler`, `Checkov`, `Trivy`, `CIS` …
    pub catalogue: &'static str,
    /// Its id there: `EFS.1`.
    pub id: &'static str,
}

/// What there is to know of a check before it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Stable id, kebab-case: `mount-target-state`.
    pub id: &'static str,
    /// What holds when it passes, as a sentence: `every mount target is available`.
    pub title: &'static str,
    /// What is wrong when it fails, as a sentence: `a mount target is not available`.
    pub failure: &'static str,
    /// Severity unless the config file says otherwise.
    pub severity: Severity,
    /// Why it matters: one or two sentences.
    pub why: &'static str,
    /// API operations it needs: `DescribeMountTargets`.
    pub reads: &'static [&'static str],
    /// The same control elsewhere.
    pub controls: &'static [Control],
}

impl Finding {
    /// What the check says, as a sentence that can be read by itself.
    pub fn summary(&self) -> String {
        match self.verdict {
            Verdict::Fail => self.about.failure.to_owned(),
            Verdict::Unknown => format!("could not be checked: {}", self.about.title),
            Verdict::Pass | Verdict::NotApplicable | Verdict::Skipped => {
                self.about.title.to_owned()
            }
        }
    }
}

/// The verdict of one check on one file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub about: &'static About,
    /// Its severity here.
    pub severity: Severity,
    /// What it says.
    pub verdict: Verdict,
    /// The file system.
    pub file_system: FileSystemId,
    /// Why: one line each, with ids and values. For [`Verdict::Unknown`]: which read failed, and the missing IAM action.
    pub evidence: Vec<Advice>,
    /// What to type, or to do, to make it pass. Only for [`Verdict::Fail`] and [`Verdict::Unknown`].
    pub remedy: Option<Advice>,
    /// It failed in the baseline too.
    pub known: bool,
}

/// A file system that was audited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Its id.
    pub file_system: FileSystemId,
    /// Its `Name` tag.
    pub name: Option<String>,
    /// Its ARN, where AWS gives one.
    pub arn: Option<String>,
    /// Its region.
    pub region: String,
    /// The profile it was read with, where several are audited.
    pub profile: Option<String>,
    /// Every verdict, in the order of the catalogue.
    pub findings: Vec<Finding>,
}

/// An audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// By profile, region and id.
    pub file_systems: Vec<Audited>,
    /// Regions that could not be audited, where several are audited.
    pub unseen: Vec<UnseenRegion>,
    /// What was requested and had nothing to check.
    pub unjudged: Vec<Unjudged>,
}

/// Something that was requested and had nothing to check: no reason to call it good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unjudged {
    /// The region; null: everywhere.
    pub region: Option<String>,
    /// The profile, where several are audited.
    pub profile: Option<String>,
    /// What did not exist.
    pub why: String,
    /// It makes the run fail.
    pub counts: bool,
}

impl Unjudged {
    /// Where, and why.
    pub fn sentence(&self) -> String {
        let profile = self.profile.as_ref().map(|profile| format!("({profile})"));
        let place: Vec<String> = self.region.clone().into_iter().chain(profile).collect();
        match place.as_slice() {
            [] => self.why.clone(),
            place => format!("{}: {}", place.join(" "), self.why),
        }
    }
}

/// A region that could not be audited: neither good nor bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnseenRegion {
    /// Its name.
    pub region: String,
    /// The profile it was read with, where several are audited.
    pub profile: Option<String>,
    /// Why it could not be audited.
    pub why: Advice,
}

impl Report {
    /// Every finding with the file system it is about.
    pub fn findings(&self) -> impl Iterator<Item = (&Audited, &Finding)> {
        self.file_systems.iter().flat_map(|audited| {
            audited
                .findings
                .iter()
                .map(move |finding| (audited, finding))
        })
    }

    /// How many findings have that verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings()
            .filter(|(_, finding)| finding.verdict == verdict)
            .count()
    }
}

/// A check that will fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its id: see `docs/CHECKS.md`.
    pub check: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub summary: &'static str,
    /// What `create` would need; `None`: there is no field for it.
    pub avoided_by: Option<Advice>,
    /// `set` takes the same later.
    pub is_closed_by_set: bool,
}

impl Expected {
    /// In words: `automatic backups are off (medium; backup)`.
    pub fn words(&self) -> Advice {
        let words = Advice::from(format!("{} ({}", self.summary, self.severity));
        match &self.avoided_by {
            Some(wish) => words.text("; ").then(wish.clone()).text(")"),
            None => words.text(")"),
        }
    }
}
