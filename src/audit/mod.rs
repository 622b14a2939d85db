//! The audit: read-only, pure where it judges. [`gather`] reads, [`audit`] judges, and what could not be seen is "unknown".

pub mod baseline;
pub mod catalogue;
pub mod check;
mod checks;
pub mod clients;
pub mod config_file;
pub mod exit_policy;
pub mod facts;
pub mod fix;
pub mod gather;
pub mod policy;
pub mod reach;
pub mod rules;
pub mod stages;

use self::catalogue::CATALOGUE;
use self::check::{Check, CheckInput, Outcome};
use self::facts::Known;
use crate::domain::advice::Advice;
use crate::domain::finding::{Audited, Finding, Verdict};
use crate::domain::state::State;

/// Checks that ask for what the copy of a replication does not have of its own: it has no mount targets until someone makes them,
/// and neither lifecycle nor backups until the replication is deleted (user guide, "Replicating file systems"). Nothing is wrong
/// with a copy that is one.
pub const NOT_OF_COPIES: [&str; 6] = [
    "mount-target-present",
    "zones-of-clients",
    "expected-placement",
    "mount-targets-in-several-zones",
    "automatic-backups",
    "lifecycle-policy",
];

/// Every verdict on one file system, in the order of the catalogue.
pub fn audit(input: &CheckInput<'_>) -> Audited {
    let fs = &input.facts.file_system;
    Audited {
        file_system: fs.id.clone(),
        name: fs.name.clone(),
        arn: fs.arn.clone(),
        region: input.inventory.region.clone(),
        profile: None,
        findings: CATALOGUE
            .iter()
            .map(|check| finding(check, input))
            .collect(),
    }
}

fn finding(check: &'static Check, input: &CheckInput<'_>) -> Finding {
    let about = &check.about;
    let mut finding = Finding {
        about,
        severity: input.rules.severity(about),
        verdict: Verdict::Skipped,
        file_system: input.facts.file_system.id.clone(),
        evidence: Vec::new(),
        remedy: None,
        known: false,
    };
    if let Some(reason) = input.rules.turned_off(about) {
        finding.evidence.push(reason.into());
        return finding;
    }
    let going = input.facts.file_system.state == State::Deleting;
    let copy = if NOT_OF_COPIES.contains(&about.id) {
        input.copy()
    } else {
        Ok(None)
    };
    let judged = if let Some(outcome) = copy.map(|copy| copy.map(Outcome::none)).transpose() {
        outcome
    } else if going && about.id != "file-system-state" {
        Ok(Outcome::none("the file system is being deleted"))
    } else {
        (check.judge)(input)
    };
    settle(&mut finding, judged);
    let remedy = finding.remedy.take();
    finding.remedy = remedy.map(|remedy| remedy.at(&input.inventory.region, None));
    if finding.verdict == Verdict::Fail {
        let fs = &input.facts.file_system;
        if let Some(reason) = input.rules.excepts(about, fs) {
            finding.verdict = Verdict::Skipped;
            finding.evidence.insert(0, reason.into());
            finding.remedy = None;
        } else {
            let excepted = input.rules.excepted(about, fs);
            finding.evidence.extend(excepted.map(Advice::from));
        }
    }
    finding
}

fn settle(finding: &mut Finding, judged: Known<Outcome>) {
    match judged {
        Ok(Outcome::Pass(evidence)) => {
            finding.verdict = Verdict::Pass;
            finding.evidence = evidence;
        }
        Ok(Outcome::NotApplicable(why)) => {
            finding.verdict = Verdict::NotApplicable;
            finding.evidence.push(why);
        }
        Ok(Outcome::Fail { evidence, remedy }) => {
            finding.verdict = Verdict::Fail;
            finding.evidence = evidence;
            finding.remedy = Some(remedy);
        }
        Err(unavailable) => {
            finding.verdict = Verdict::Unknown;
            finding.evidence.push(unavailable.why);
            finding.remedy = unavailable
                .action
                .map(|action| format!("grant the caller the IAM action {action}").into());
        }
    }
}
