//! What decides the exit code of an audit: severities, `--strict`, and what failed before.

use std::collections::BTreeMap;
use std::path::Path;

use super::Judged;
use crate::audit::mend;
use crate::audit::policy_file::PolicyFile;
use crate::cli::validate::ValidateArgs;
use crate::commands::read_text;
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::{Audited, Finding, Severity, Unjudged, UnseenRegion, Verdict};
use crate::error::{Error, Kind};

/// What decides the exit code.
pub(super) struct Gate {
    fail_on: Severity,
    strict: bool,
    /// `--fix` is given.
    fixes: bool,
    /// What failed or could not be seen before: file system and check, and which of the two.
    baseline: Option<BTreeMap<(String, String), Verdict>>,
}

/// What came through the gate, as far as it matters for the exit code.
#[derive(Debug, Default)]
pub(super) struct Count {
    /// Checks that count as failed.
    pub(super) failing: usize,
    /// Those of them that `--fix` knows, where it is not given.
    pub(super) curable: usize,
    /// File systems.
    pub(super) systems: usize,
    /// Those of them on which something counts as failed.
    pub(super) failing_systems: usize,
    /// What `--fix` would know, and leaves alone because it does not count.
    pub(super) left_alone: usize,
    /// Regions that count as failed.
    pub(super) regions: usize,
    /// Verdicts that say something: passed, or failed or unknown and not in the baseline.
    pub(super) decided: usize,
    /// File systems of each of the posts.
    pub(super) of_posts: BTreeMap<usize, usize>,
}

impl Gate {
    pub(super) fn of(args: &ValidateArgs, policy: &PolicyFile) -> Result<Self, Error> {
        Ok(Self {
            fail_on: args
                .fail_on
                .map(Severity::from)
                .or(policy.fail_on)
                .unwrap_or(Severity::Low),
            strict: args.strict || policy.strict == Some(true),
            fixes: args.fix.is_some(),
            baseline: args.baseline.as_deref().map(baseline).transpose()?,
        })
    }

    pub(super) fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// Marks what failed before.
    pub(super) fn mark(&self, audited: &mut Audited) {
        let Some(baseline) = &self.baseline else {
            return;
        };
        for finding in &mut audited.findings {
            let key = (finding.file_system.to_string(), finding.about.id.to_owned());
            // What could not be seen then, and fails now, is news.
            let before = baseline.get(&key);
            finding.known = before == Some(&Verdict::Fail)
                || (finding.verdict == Verdict::Unknown && before == Some(&Verdict::Unknown));
        }
    }

    /// Whether a finding makes the run fail.
    pub(super) fn counts(&self, finding: &Finding) -> bool {
        let bad = finding.verdict == Verdict::Fail
            || (self.strict && finding.verdict == Verdict::Unknown);
        bad && finding.severity >= self.fail_on && !finding.known
    }

    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    pub(super) fn count(&self, judged: &Judged, count: &mut Count) {
        *count.of_posts.entry(judged.post).or_default() += 1;
        self.count_one(&judged.audited, count);
    }

    pub(super) fn count_one(&self, audited: &Audited, count: &mut Count) {
        count.systems += 1;
        let decided = audited
            .findings
            .iter()
            .filter(|finding| match finding.verdict {
                Verdict::Pass => true,
                Verdict::Fail | Verdict::Unknown => !finding.known,
                Verdict::NotApplicable | Verdict::Skipped => false,
            });
        count.decided += decided.count();
        let fails = audited.findings.iter().any(|finding| self.counts(finding));
        count.failing_systems += usize::from(fails);
        let left_alone = audited.findings.iter().filter(|finding| {
            finding.verdict == Verdict::Fail
                && !self.counts(finding)
                && mend::cure(finding.about.id).is_some()
        });
        count.left_alone += left_alone.count();
        for finding in audited
            .findings
            .iter()
            .filter(|finding| self.counts(finding))
        {
            count.failing += 1;
            let fails = finding.verdict == Verdict::Fail;
            let curable = fails && !self.fixes && mend::cure(finding.about.id).is_some();
            count.curable += usize::from(curable);
        }
    }

    pub(super) fn count_unseen(&self, unseen: &[UnseenRegion], count: &mut Count) {
        count.regions = if self.strict { unseen.len() } else { 0 };
    }

    /// The error of a report with failures; none: it passes.
    pub(super) fn verdict(&self, count: &Count, unjudged: &[Unjudged]) -> Option<Error> {
        let plural =
            |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        if count.failing + count.regions == 0 {
            let why = unjudged.iter().find(|unjudged| unjudged.counts)?.sentence();
            let message = format!("nothing was audited (--strict): {why}");
            return Some(Error::new(Kind::Policy, message).hint(
                "check what is asked for: regions, profiles, the policy file and --baseline; without --strict this passes",
            ));
        }
        if count.failing == 0 {
            let message = format!(
                "{} could not be audited (--strict)",
                plural(count.regions, "region")
            );
            return Some(Error::new(Kind::Policy, message).hint("the report says why"));
        }
        let since = if self.baseline.is_some() {
            ", and not in the baseline"
        } else {
            ""
        };
        let unseen = if self.strict {
            " or could not be seen (--strict)"
        } else {
            ""
        };
        let mut message = format!(
            "{} failed{unseen} on {}{}{since}",
            plural(count.failing, "check"),
            if count.systems > count.failing_systems {
                format!("{} of ", count.failing_systems)
            } else {
                String::new()
            },
            plural(count.systems, "file system")
        );
        if count.regions > 0 {
            message += "; ";
            message += &plural(count.regions, "region");
            message += " could not be audited";
        }
        let fix = match count.curable {
            0 => "",
            _ => "; --fix adds what is missing, and --fix --dry-run shows it",
        };
        Some(Error::new(Kind::Policy, message).hint(format!(
            "the remedies stand beside the findings{fix}; --fail-on, an exception in efsctl.toml, or --baseline let some of them pass"
        )))
    }
}

/// What failed in an earlier run's document.
fn baseline(path: &Path) -> Result<BTreeMap<(String, String), Verdict>, Error> {
    use serde_json::Value;
    let told = path.display();
    let wrong = |why: &str| {
        Error::usage(format!("--baseline {told}: {why}")).hint(
            Advice::from("make one: ")
                .run(Command::efsctl("validate --all -o json"))
                .text(" > baseline.json"),
        )
    };
    let form = || wrong("it is not the JSON document of `efsctl validate`");
    let text = read_text(path).map_err(|why| wrong(&why))?;
    let document: Value = serde_json::from_str(&text).map_err(|error| wrong(&error.to_string()))?;
    let list = |value: &Value, at: &str| value.pointer(at).and_then(Value::as_array).cloned();
    let word =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut failed = BTreeMap::new();
    for audited in list(&document, "/audit/file_systems").ok_or_else(form)? {
        let id = word(&audited, "file_system_id").ok_or_else(form)?;
        for finding in list(&audited, "/findings").ok_or_else(form)? {
            let check = word(&finding, "check").ok_or_else(form)?;
            let verdict = word(&finding, "verdict").ok_or_else(form)?;
            let verdict = [Verdict::Fail, Verdict::Unknown]
                .into_iter()
                .find(|known| known.as_str() == verdict);
            failed.extend(verdict.map(|verdict| ((id.clone(), check), verdict)));
        }
    }
    Ok(failed)
}
