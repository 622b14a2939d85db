//! The page for a browser: what it holds, and in Chromium what it does.

use std::fs;
use std::path::{Path, PathBuf};

use aws_smithy_types::base64;
use efsctl::domain::finding::Unjudged;
use efsctl::service::Scope;
use sha2::{Digest, Sha256};

use super::*;
use crate::support::harness::{Harness, asked};

const MESSY: &str = include_str!("../../fixtures/worlds/messy.toml");
const THOUSAND: &str = include_str!("../../fixtures/worlds/thousand.toml");

/// What would run, or end what it is in, if it were markup.
const MARKUP: &str = "</script><script>window.ran = 1</script><!--<script><img src=x onerror='window.ran = 1'><a href=\"https://a.example/\">&lt;b&gt;";

/// A page, taken apart.
struct Page {
    text: String,
    policy: String,
    style: String,
    script: String,
    data: Value,
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).expect(before);
    rest.split_once(after).expect(after).0
}

fn page(report: &Report, look: &Look) -> Page {
    let text = render(report, form("html"), look);
    let part = |before: &str, after: &str| between(&text, before, after).to_owned();
    Page {
        policy: part("Content-Security-Policy\" content=\"", "\">"),
        style: part("<style>", "</style>"),
        script: part("</script>\n<script>", "</script>"),
        data: serde_json::from_str(&part("id=\"data\">", "</script>")).unwrap(),
        text,
    }
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64::encode(Sha256::digest(text)))
}

/// `EFSCTL_UPDATE=1` writes the hashes: of files that this binary was not built from.
#[test]
fn the_page_names_its_style_and_its_script_and_lets_the_browser_use_nothing_else() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/html");
    let read = |name: &str| fs::read_to_string(Path::new(folder).join(name)).unwrap();
    let wanted = format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(&read("page.css")),
        hash(&read("page.js"))
    );
    let head = read("head.html");
    let named = between(&head, "Content-Security-Policy\" content=\"", "\">");
    if std::env::var_os("EFSCTL_UPDATE").is_some() {
        let head = head.replace(named, &wanted);
        fs::write(Path::new(folder).join("head.html"), head).unwrap();
        return;
    }
    assert_eq!(
        named, wanted,
        "EFSCTL_UPDATE=1 cargo test --test it report::page, and build again"
    );
    let page = page(&nasty(), &PLAIN);
    assert_eq!(page.policy, wanted);
    for hash in [hash(&page.style), hash(&page.script)] {
        assert!(page.policy.contains(&hash), "{hash}");
    }
    for loads in ["src=", "url(", "@import", "http:", "https:", "fetch("] {
        for own in [&page.style, &page.script] {
            assert!(!own.contains(loads), "{loads}");
        }
    }
}

/// A report with what others may write, wherever they may write it.
fn adversarial() -> Report {
    let mut report = blind();
    report.unseen[0].profile = Some(MARKUP.to_owned());
    let mut other = audited(
        "fs-0fedcba9876543211",
        Some(MARKUP),
        vec![
            Finding {
                remedy: Some(Advice::from(MARKUP).run(Line::aws(MARKUP))),
                ..finding(&PUBLIC, Verdict::Fail, &[MARKUP, NASTY])
            },
            finding(&TARGETS, Verdict::Unknown, &["-->", "]]>", "\u{2028}"]),
        ],
    );
    other.region = "us-east-1".to_owned();
    other.profile = Some(MARKUP.to_owned());
    report.file_systems.push(other);
    report
}

#[test]
fn nothing_that_others_wrote_is_markup() {
    let look = Look { all: true, ..PLAIN };
    for report in [nasty(), blind(), adversarial(), Report::default()] {
        let page = page(&report, &look);
        // Those of the page itself.
        assert_eq!(page.text.matches("<script").count(), 2);
        assert_eq!(page.text.matches("</script").count(), 2);
        assert!(!page.text.contains("<!--") && !page.text.contains("<img"));
        let systems = &page.data["file_systems"].as_array().unwrap()[1..];
        assert_eq!(systems.len(), report.file_systems.len());
        for (system, audited) in systems.iter().zip(&report.file_systems) {
            assert_eq!(system["id"], audited.file_system.as_str());
            let findings = system["findings"].as_array().unwrap();
            assert_eq!(findings.len(), audited.findings.len());
        }
    }
    let page = page(&adversarial(), &PLAIN);
    let other = page.data["file_systems"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(other["name"], MARKUP);
    assert_eq!(other["findings"][0]["evidence"][0], MARKUP);
    assert_eq!(other["findings"][0]["remedy"][0]["text"], MARKUP);
}

#[test]
fn the_page_holds_what_was_found_and_what_was_not() {
    let page = page(&adversarial(), &PLAIN);
    let data = &page.data;
    assert_eq!(data["file_systems"][0], Value::Null);
    let findings = data["file_systems"][1]["findings"].as_array().unwrap();
    // What passed is counted, and shown with --show-all.
    assert_eq!(findings.len(), 3);
    assert_eq!(
        findings[1],
        json!({
            "check": "policy-public", "severity": "critical", "verdict": "fail", "summary": "the policy lets anybody in",
            "evidence": ["0123456789".repeat(30), "statement 2 allows \"*\""],
            "remedy": [
                { "text": "name who may, for example " },
                { "command": "aws efs put-file-system-policy --file-system-id fs-0123456789abcdef0 --policy 'file://p  q.json'" },
            ],
            "known": true,
        })
    );
    assert_eq!(
        data["checks"]["policy-public"]["controls"][0],
        "Security Hub EFS.8"
    );
    assert_eq!(data["gaps"][0]["level"], "unknown");
    let gap = data["gaps"][0]["text"].as_str().unwrap();
    assert!(gap.starts_with("us-east-1 (</script>"), "{gap}");
    let sums = data["sums"].as_str().unwrap();
    assert!(sums.starts_with("3 file systems, "), "{sums}");
    assert_eq!(data["at"], Value::Null);
    let look = Look {
        at: Some("2026-11-21T00:00:00Z".to_owned()),
        ..PLAIN
    };
    let empty = self::page(&Report::default(), &look);
    assert_eq!(empty.data["sums"], "no file systems to audit");
    assert_eq!(empty.data["at"], "2026-11-21T00:00:00Z");
    for (counts, level) in [(true, "unknown"), (false, "skipped")] {
        let nothing = Report {
            unjudged: vec![Unjudged {
                region: Some("eu-west-2".to_owned()),
                profile: None,
                why: "there is no file system".to_owned(),
                counts,
            }],
            ..Report::default()
        };
        let wanted = json!([{ "level": level, "text": "nothing was audited: eu-west-2: there is no file system" }]);
        let nothing = self::page(&nothing, &PLAIN);
        assert_eq!(nothing.data["gaps"], wanted);
        assert_eq!(nothing.data["sums"], "");
    }
}

/// What the page has to show of a report.
fn facts(report: &Report) -> Vec<Value> {
    let shown = report
        .findings()
        .filter(|(_, finding)| matches!(finding.verdict, Verdict::Fail | Verdict::Unknown));
    let fact = |(audited, finding): (&Audited, &Finding)| {
        let steps = finding.remedy.iter().flat_map(Advice::steps);
        let commands = steps.map(|step| step.command.shown(&Invocation::PLAIN));
        json!({
            "file_system": audited.file_system,
            "region": audited.region,
            "check": finding.about.id,
            "level": if finding.verdict == Verdict::Fail { finding.severity.as_str() } else { finding.verdict.as_str() },
            "commands": commands.collect::<Vec<_>>(),
        })
    };
    shown.map(fact).collect()
}

/// A program of the system, where it is.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    if found.is_none() {
        skipped(format!(
            "the page in a browser: there is no {name} in the path"
        ));
    }
    found
}

/// The Python of `.ci/tools.txt`, which has Selenium.
fn python() -> Option<PathBuf> {
    let tools = std::env::var_os("EFSCTL_TOOLS").filter(|tools| !tools.is_empty());
    let python = tools.map(|tools| PathBuf::from(tools).join("python"));
    let has_selenium = python.as_ref().is_some_and(|python| {
        let output = Command::new(python)
            .args(["-c", "import selenium"])
            .output();
        output.is_ok_and(|output| output.status.success())
    });
    if !has_selenium {
        skipped(
            "the page in a browser: EFSCTL_TOOLS names no folder with a Python that has selenium",
        );
    }
    python.filter(|_| has_selenium)
}

#[tokio::test(start_paused = true)]
async fn in_chromium_it_is_readable_sorts_filters_and_sends_nothing() {
    let (Some(python), Some(chromium), Some(driver)) =
        (python(), program("chromium"), program("chromedriver"))
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, report: &Report| {
        let text = render(report, form("html"), &PLAIN);
        fs::write(folder.path().join(format!("{name}.html")), text).unwrap();
    };
    let audit = async |world: &str| {
        let service = Harness::described(world).service().await;
        service.validate(&Scope::All, &asked(&[])).await.unwrap()
    };
    let (messy, thousand) = (audit(MESSY).await, audit(THOUSAND).await);
    assert_eq!(thousand.file_systems.len(), 1000);
    write("messy", &messy);
    write("thousand", &thousand);
    write("adversarial", &adversarial());
    let facts = json!({
        "messy": facts(&messy),
        "thousand": facts(&thousand).len(),
        "adversarial": facts(&adversarial()),
        "name": MARKUP,
        "evidence": [MARKUP, "statement 2 allows \"*\""],
        "unseen": MARKUP,
    });
    fs::write(folder.path().join("facts.json"), facts.to_string()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let kept = ["PATH", "EFSCTL_SCREENSHOTS"];
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/page.py"))
        .arg(folder.path())
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| kept.iter().any(|kept| name == kept)))
        .env("HOME", home.path())
        .env("CHROMIUM", chromium)
        .env("CHROMEDRIVER", driver)
        .output()
        .unwrap();
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{out}{err}");
    println!("{out}");
}
