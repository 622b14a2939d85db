//! The forms of a report: against the published schemas, and as they look with values that were meant to break them.

mod junit;
mod page;
mod sarif;
mod table;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Command;

use efsctl::domain::advice::{Advice, Command as Line, Invocation};
use efsctl::domain::finding::{
    About, Audited, Control, Finding, Report, Severity, UnseenRegion, Verdict,
};
use efsctl::domain::ids::FileSystemId;
use efsctl::domain::keyword::Keyword;
use efsctl::report::{Format, Look, render};

use crate::support::form;
use jsonschema::Validator;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};

use crate::support::skipped::skipped;

const SARIF: &str = include_str!("../fixtures/schemas/sarif-2.1.0.json");
const PLAIN: Look = Look {
    color: false,
    width: 80,
    all: false,
    baseline: false,
    at: None,
    invocation: Invocation::PLAIN,
};

static PUBLIC: About = About {
    id: "policy-public",
    title: "the policy lets nobody in whom it does not name",
    failure: "the policy lets anybody in",
    severity: Severity::Critical,
    why: "Whoever reaches a mount target reads the data.",
    reads: &["DescribeFileSystemPolicy"],
    controls: &[
        Control {
            catalogue: "Security Hub",
            id: "EFS.8",
        },
        Control {
            catalogue: "Security Hub",
            id: "EFS.8",
        },
    ],
};
static TARGETS: About = About {
    id: "mount-target-state",
    title: "every mount target is available",
    failure: "a mount target is not available",
    severity: Severity::High,
    why: "Clients in that zone cannot mount it.",
    reads: &["DescribeMountTargets"],
    controls: &[],
};
static NAMED: About = About {
    id: "name-tag",
    title: "it has a `Name` tag",
    failure: "it has no `Name` tag",
    severity: Severity::Low,
    why: "Nobody knows what it is for.",
    reads: &[],
    controls: &[],
};
static BACKUP: About = About {
    id: "backup",
    title: "it is backed up",
    failure: "it is not backed up",
    severity: Severity::Medium,
    why: "What is deleted is gone.",
    reads: &["DescribeBackupPolicy"],
    controls: &[],
};

const NASTY: &str =
    "a|b \"c\" <d> & 'e' 100%\n::error::f \u{1b}[31mred\u{7} \u{202e}ü…日本 {0} [x](y) `z`";

fn finding(about: &'static About, verdict: Verdict, evidence: &[&str]) -> Finding {
    Finding {
        about,
        severity: about.severity,
        verdict,
        file_system: FileSystemId::from_aws("fs-0"),
        evidence: evidence.iter().map(|line| Advice::from(*line)).collect(),
        remedy: None,
        known: false,
    }
}

fn audited(id: &str, name: Option<&str>, findings: Vec<Finding>) -> Audited {
    let file_system = FileSystemId::from_aws(id);
    Audited {
        findings: findings
            .into_iter()
            .map(|finding| Finding {
                file_system: file_system.clone(),
                ..finding
            })
            .collect(),
        arn: name
            .map(|_| format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{id}")),
        name: name.map(str::to_owned),
        region: "eu-west-1".to_owned(),
        profile: None,
        file_system,
    }
}

fn nasty() -> Report {
    let long = "0123456789".repeat(30);
    let command = Line::aws("efs put-file-system-policy --file-system-id fs-0123456789abcdef0")
        .flag("--policy", "file://p  q.json");
    Report {
        unseen: Vec::new(),
        unjudged: Vec::new(),
        file_systems: vec![
            audited(
                "fs-0123456789abcdef0",
                Some("=cmd()|<b>\n,;\u{1b}[2J"),
                vec![
                    finding(&NAMED, Verdict::Fail, &[NASTY]),
                    Finding {
                        remedy: Some(Advice::from("name who may, for example ").run(command)),
                        known: true,
                        ..finding(&PUBLIC, Verdict::Fail, &[&long, "statement 2 allows \"*\""])
                    },
                    Finding {
                        remedy: Some("-allow elasticfilesystem:DescribeMountTargets".into()),
                        ..finding(
                            &TARGETS,
                            Verdict::Unknown,
                            &["DescribeMountTargets was denied: AccessDeniedException"],
                        )
                    },
                    finding(&BACKUP, Verdict::Pass, &["@daily"]),
                ],
            ),
            audited(
                "fs-0fedcba9876543210",
                None,
                vec![
                    finding(&NAMED, Verdict::Pass, &[]),
                    finding(&PUBLIC, Verdict::NotApplicable, &["there is no policy"]),
                    finding(&TARGETS, Verdict::Skipped, &[]),
                    finding(&BACKUP, Verdict::Pass, &[]),
                ],
            ),
        ],
    }
}

/// Every form there is.
fn formats() -> impl Iterator<Item = Format> {
    Format::KEYWORDS.iter().map(|(format, ..)| *format)
}

/// A report that does not know everything.
fn blind() -> Report {
    Report {
        unseen: vec![UnseenRegion {
            region: "us-east-1".to_owned(),
            profile: Some("=<audit>".to_owned()),
            why: "denied while listing\n::error::the file systems".into(),
        }],
        ..nasty()
    }
}

fn validator() -> Validator {
    // As published, the pattern of a language closes a bracket that it never opened, which a strict reader refuses.
    let schema = SARIF.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}?$");
    assert_ne!(schema, SARIF);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn sarif(report: &Report, look: &Look) -> Value {
    let log: Value = serde_json::from_str(&render(report, form("sarif"), look)).unwrap();
    let validator = validator();
    let wrong: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    log
}

/// One element: its name, its attributes, the text right in it, its parent.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    parent: Option<usize>,
}

fn opened(start: &BytesStart<'_>, parent: Option<usize>) -> Element {
    Element {
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(|attribute| {
                let attribute = attribute.unwrap();
                (
                    attribute.key.as_ref().to_owned(),
                    quick_xml::escape::unescape(&attribute.value)
                        .unwrap()
                        .into_owned(),
                )
            })
            .collect(),
        text: String::new(),
        parent,
    }
}

fn elements(xml: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                found.push(opened(&start, open.last().copied()));
                open.push(found.len() - 1);
            }
            Event::Empty(start) => found.push(opened(&start, open.last().copied())),
            Event::End(_) => drop(open.pop().unwrap()),
            Event::Text(text) => {
                if let Some(nth) = open.last() {
                    found[*nth].text.push_str(&text);
                }
            }
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                found[*open.last().unwrap()]
                    .text
                    .push_str(&quick_xml::escape::unescape(&entity).unwrap());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    found
}

#[test]
fn nothing_steers_a_terminal() {
    for format in formats() {
        let text = render(&nasty(), format, &PLAIN);
        let bad: Vec<char> = text
            .chars()
            .filter(|c| c.is_control() && !matches!(c, '\n' | '\r'))
            .collect();
        assert!(bad.is_empty(), "{format:?}: {bad:?}");
        assert_eq!(text.contains('\r'), format == form("csv"));
    }
}

#[test]
fn an_empty_report_has_every_form() {
    let report = Report::default();
    for format in formats() {
        let text = render(&report, format, &PLAIN);
        assert!(
            text.ends_with('\n') || format == form("github"),
            "{format:?}"
        );
    }
    assert_eq!(render(&report, form("github"), &PLAIN), "");
    assert_eq!(
        render(&report, form("table"), &PLAIN),
        "no file systems to audit\n"
    );
}

#[test]
fn workflow_commands_are_one_line_each_and_the_worst_comes_first() {
    let text = render(&nasty(), form("github"), &PLAIN);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with(
        "::error title=critical%3A policy-public on fs-0123456789abcdef0 =cmd()|<b> %2C;[2J in eu-west-1::the policy lets anybody in%0A0123"
    ), "{}", lines[0]);
    assert_eq!(
        lines[1],
        "::notice title=low%3A name-tag on fs-0123456789abcdef0 =cmd()|<b> %2C;[2J in eu-west-1::it has no `Name` tag%0Aa|b \"c\" <d> & 'e' 100%25%0A::error::f [31mred ü…日本 {0} [x](y) `z`"
    );
    assert!(lines[2].starts_with("::warning title=unknown%3A mount-target-state on "));
}

#[test]
fn the_step_summary_shows_what_matters() {
    let report = nasty();
    let text = render(&report, form("markdown"), &PLAIN);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..8],
        [
            "## efsctl validate",
            "",
            "2 file systems, 4 checks each: 2 failed (1 critical, 1 low), 1 unknown, 3 passed, 1 not applicable, 1 skipped",
            "",
            "### fs-0123456789abcdef0 =cmd()\\|&lt;b&gt; ,;\\[2J in eu-west-1",
            "",
            "| | Check | Evidence | Remedy |",
            "|---|---|---|---|",
        ]
    );
    assert_eq!(
        lines[9],
        "| low | name-tag | it has no \\`Name\\` tag<br>a\\|b \"c\" &lt;d&gt; &amp; 'e' 100%<br>::error::f \\[31mred ü…日本 {0} \\[x\\](y) \\`z\\` |  |"
    );
    assert_eq!(lines.len(), 11, "{text}");
}

#[test]
fn a_step_summary_stays_below_what_github_takes() {
    let one = nasty().file_systems.remove(0);
    let report = Report {
        unseen: Vec::new(),
        unjudged: Vec::new(),
        file_systems: vec![one; 2000],
    };
    let text = render(&report, form("markdown"), &PLAIN);
    assert!(text.len() < 1024 * 1024, "{}", text.len());
    assert!(text.ends_with(" more are left out.\n"));
}

/// Records of RFC 4180, read back.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let record = records.last_mut().unwrap();
        let cell = record.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\r' if !quoted => {
                assert_eq!(chars.next(), Some('\n'));
                records.push(vec![String::new()]);
            }
            c => cell.push(c),
        }
    }
    assert!(!quoted);
    assert_eq!(records.pop().unwrap(), [""]);
    records
}

#[test]
fn csv_reads_back_and_runs_nothing() {
    let text = render(&nasty(), form("csv"), &PLAIN);
    let records = records(&text);
    assert_eq!(records.len(), 9);
    assert!(records.iter().all(|record| record.len() == 11));
    assert_eq!(
        records[1],
        [
            "eu-west-1",
            "fs-0123456789abcdef0",
            "'=cmd()|<b>\n,;[2J",
            "name-tag",
            "low",
            "fail",
            "a|b \"c\" <d> & 'e' 100%\n::error::f [31mred \u{202e}ü…日本 {0} [x](y) `z`",
            "",
            "false",
            "",
            "it has no `Name` tag",
        ]
    );
    assert_eq!(records[2][8], "true");
    assert_eq!(
        records[3][7],
        "'-allow elasticfilesystem:DescribeMountTargets"
    );
    assert_eq!(records[4][6], "'@daily");
    for cell in records.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
}

#[test]
fn a_region_that_could_not_be_seen_is_told_in_every_form() {
    let told = |format| render(&blind(), format, &PLAIN);
    let table = told(form("table"));
    assert!(
        table.contains("  unknown   us-east-1 (=<audit>): denied while listing ::error::the file systems\n2 file systems"),
        "{table}"
    );
    let csv = records(&told(form("csv")));
    let last = csv.last().unwrap();
    assert_eq!(
        (last[0].as_str(), last[5].as_str(), last[9].as_str()),
        ("us-east-1", "unknown", "'=<audit>")
    );
    let log = sarif(&blind(), &PLAIN);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let message = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert!(
        message
            .as_str()
            .unwrap()
            .starts_with("us-east-1 (=<audit>) could not be audited: denied")
    );
    let annotations = told(form("github"));
    assert!(
        annotations
            .starts_with("::warning title=unknown%3A a region::us-east-1 (=<audit>): denied"),
        "{annotations}"
    );
    assert_eq!(annotations.lines().count(), 4);
    assert!(
        told(form("markdown"))
            .contains("\nCould not be checked: us-east-1 (=&lt;audit&gt;): denied")
    );
    let suites = elements(&told(form("junit")));
    assert!(suites.iter().any(|element| {
        element
            .attributes
            .iter()
            .any(|(_, value)| value == "efsctl.us-east-1.=<audit>")
    }));
}

#[test]
fn csv_disarms_every_beginning() {
    for start in ["=", "+", "-", "@", "\t", "\r"] {
        let report = Report {
            unseen: Vec::new(),
            unjudged: Vec::new(),
            file_systems: vec![audited(
                "fs-0",
                Some(&format!("{start}1")),
                vec![finding(&NAMED, Verdict::Pass, &[])],
            )],
        };
        let text = render(&report, form("csv"), &PLAIN);
        assert_eq!(records(&text)[1][2], format!("'{start}1"));
    }
}
