//! SARIF 2.1.0, of the form that GitHub code scanning wants.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Format, Look, Make, claim, details, one_line, place, remedy, why};
use crate::domain::finding::{
    About, Audited, Finding, Report, Severity, Unjudged, UnseenRegion, Verdict,
};

/// What RFC 3986 lets stand in a segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const SCHEMA: &str = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json";

pub(super) const FORMAT: Format = Format {
    word: "sarif",
    means: "SARIF 2.1.0, for code scanning",
    make: Make::Whole(render),
};

fn render(report: &Report, look: &Look) -> String {
    let rules = rules(report, look);
    let descriptors: Vec<Value> = rules.iter().map(Rule::descriptor).collect();
    let unseen = report
        .unseen
        .iter()
        .map(|unseen| notification(unseen, look));
    let unjudged = report.unjudged.iter().map(nothing);
    let notifications: Vec<Value> = unseen.chain(unjudged).collect();
    let counts = !report.unseen.is_empty() || report.unjudged.iter().any(|one| one.counts);
    let run = Run {
        tool: json!({ "driver": {
            "name": "efsctl",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": descriptors,
        }}),
        // What the tool could not do is no result of a rule.
        invocations: (!notifications.is_empty()).then(|| {
            json!([{
                "executionSuccessful": !counts,
                "toolExecutionNotifications": notifications,
            }])
        }),
        results: Results {
            report,
            rules: &rules,
            look,
        },
    };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    };
    // Strings, numbers and lists always serialize.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
struct Run<'a> {
    tool: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    invocations: Option<Value>,
    results: Results<'a>,
}

/// One result after the other: all of them at once would take twenty times what they are as text.
struct Results<'a> {
    report: &'a Report,
    rules: &'a [Rule],
    look: &'a Look,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.report.findings();
        serializer.collect_seq(
            findings
                .filter_map(|(audited, finding)| result(audited, finding, self.rules, self.look)),
        )
    }
}

fn notification(unseen: &UnseenRegion, look: &Look) -> Value {
    let place = place(&unseen.region, unseen.profile.as_ref());
    let text = format!("{place} could not be audited: {}", why(unseen, look));
    json!({ "level": "error", "message": { "text": one_line(&text) } })
}

/// Nothing was judged where something was asked for.
fn nothing(unjudged: &Unjudged) -> Value {
    let level = if unjudged.counts { "error" } else { "warning" };
    let text = format!("nothing was audited: {}", unjudged.sentence());
    json!({ "level": level, "message": { "text": one_line(&text) } })
}

/// A check that occurs, as severe as it occurs: GitHub reads the severity of a rule, not of a result.
struct Rule {
    about: &'static About,
    severity: Severity,
    remedy: Option<String>,
}

fn rules(report: &Report, look: &Look) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (_, finding) in report.findings() {
        match rules
            .iter_mut()
            .find(|rule| rule.about.id == finding.about.id)
        {
            Some(rule) => {
                rule.severity = rule.severity.max(finding.severity);
                if rule.remedy.is_none() {
                    rule.remedy = remedy(finding, look);
                }
            }
            None => rules.push(Rule {
                about: finding.about,
                severity: finding.severity,
                remedy: remedy(finding, look),
            }),
        }
    }
    rules
}

impl Rule {
    fn descriptor(&self) -> Value {
        let about = self.about;
        json!({
            "id": about.id,
            "shortDescription": { "text": about.title },
            "fullDescription": { "text": about.why },
            "help": { "text": self.help() },
            "defaultConfiguration": { "level": level(self.severity) },
            "properties": {
                // A number, but GitHub wants it as a string.
                "security-severity": score(self.severity),
                "tags": self.tags(),
            },
        })
    }

    fn help(&self) -> String {
        let mut paragraphs = vec![self.about.why.to_owned()];
        paragraphs.extend(
            self.remedy
                .as_ref()
                .map(|remedy| format!("Remedy, for one of the file systems: {}", one_line(remedy))),
        );
        if !self.about.controls.is_empty() {
            paragraphs.push(format!("Elsewhere: {}", self.controls().join(", ")));
        }
        paragraphs.join("\n\n")
    }

    fn controls(&self) -> Vec<String> {
        self.about
            .controls
            .iter()
            .map(|control| format!("{} {}", control.catalogue, control.id))
            .collect()
    }

    /// Without `security` GitHub does not look at the score.
    fn tags(&self) -> Vec<String> {
        let mut tags = vec!["security".to_owned(), "efs".to_owned()];
        for control in self.controls() {
            if !tags.contains(&control) {
                tags.push(control);
            }
        }
        tags
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.0",
        Severity::Low => "2.0",
    }
}

fn result(audited: &Audited, finding: &Finding, rules: &[Rule], look: &Look) -> Option<Value> {
    // The standard allows no level but `none` where the kind is not `fail`.
    let (kind, level) = match finding.verdict {
        Verdict::Fail => ("fail", level(finding.severity)),
        Verdict::Unknown => ("open", "none"),
        Verdict::Pass if look.all => ("pass", "none"),
        Verdict::Pass | Verdict::NotApplicable | Verdict::Skipped => return None,
    };
    let index = rules
        .iter()
        .position(|rule| rule.about.id == finding.about.id)?;
    let fingerprint = format!("{}/{}", finding.about.id, audited.file_system);
    let mut result = Map::new();
    let mut set = |key: &str, value: Value| result.insert(key.to_owned(), value);
    set("ruleId", json!(finding.about.id));
    set("ruleIndex", json!(index));
    set("kind", json!(kind));
    set("level", json!(level));
    set(
        "message",
        json!({ "text": message(audited, finding, look) }),
    );
    set("locations", json!([location(audited)]));
    // GitHub knows a result again by the second of these, and by no other name.
    set(
        "partialFingerprints",
        json!({ "efsctlFinding/v1": fingerprint, "primaryLocationLineHash": fingerprint }),
    );
    set(
        "properties",
        json!({ "severity": finding.severity.as_str(), "verdict": finding.verdict.as_str() }),
    );
    if look.baseline && finding.verdict != Verdict::Pass {
        let state = if finding.known { "unchanged" } else { "new" };
        set("baselineState", json!(state));
    }
    Some(Value::Object(result))
}

fn message(audited: &Audited, finding: &Finding, look: &Look) -> String {
    let name = audited
        .name
        .as_ref()
        .map(|name| format!(" ({})", one_line(name)))
        .unwrap_or_default();
    let first = format!("{}{name}: {}", audited.file_system, claim(finding));
    let details = details(finding, look);
    if details.is_empty() {
        first
    } else {
        format!("{first}\n{details}")
    }
}

/// GitHub shows no result without a file and a line, so a file system is given the path of one.
fn location(audited: &Audited) -> Value {
    let id = audited.file_system.as_str();
    let uri = format!(
        "efs/{}/{}",
        utf8_percent_encode(&audited.region, SEGMENT),
        utf8_percent_encode(id, SEGMENT)
    );
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": { "startLine": 1 },
        },
        "logicalLocations": [{
            "name": id,
            "fullyQualifiedName": audited.arn.as_deref().unwrap_or(id),
            "kind": "resource",
        }],
    })
}
