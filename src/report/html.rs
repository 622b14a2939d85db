//! One page for a browser: it needs nothing but itself, and sends nothing.
//!
//! The findings are JSON in the page, which a script of the page shows: of 1,000 file systems too, since it makes the rows that can be seen. What
//! others wrote (names, tags, policies) is set as text and cannot end the JSON. The browser runs that script and no other, and loads nothing: the
//! page says so itself (Content Security Policy, with the hashes of style and script).

use std::collections::BTreeMap;

use serde::Serialize;

use super::tally::Sums;
use super::{Format, Gaps, Look, Make, Streamed, clean, evidence, matters, one_line, place, why};
use crate::domain::advice::{Advice, Piece};
use crate::domain::finding::{About, Audited, Finding};

pub(super) const FORMAT: Format = Format {
    word: "html",
    means: "A page for a browser, in one file",
    make: Make::Streamed(Streamed {
        begin: BEGIN,
        file_system,
        end,
    }),
};

const BEGIN: &str = concat!(
    include_str!("html/head.html"),
    "<style>",
    include_str!("html/page.css"),
    "</style>",
    include_str!("html/body.html"),
    "<script type=\"application/json\" id=\"data\">\n{\"file_systems\":[null",
);

const END: &str = concat!(
    "\n</script>\n<script>",
    include_str!("html/page.js"),
    "</script>\n</body>\n</html>\n",
);

#[derive(Serialize)]
struct SystemView<'a> {
    id: &'a str,
    name: Option<String>,
    region: &'a str,
    profile: Option<String>,
    arn: Option<&'a str>,
    findings: Vec<FindingView>,
}

#[derive(Serialize)]
struct FindingView {
    check: &'static str,
    severity: &'static str,
    verdict: &'static str,
    summary: String,
    evidence: Vec<String>,
    remedy: Vec<PieceView>,
    known: bool,
}

/// A piece of a sentence: words, or something to copy.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum PieceView {
    Text(String),
    Command(String),
}

#[derive(Serialize)]
struct CheckView {
    title: &'static str,
    why: &'static str,
    reads: &'static [&'static str],
    controls: Vec<String>,
}

/// What could not be read, or was not there to be checked.
#[derive(Serialize)]
struct GapView {
    level: &'static str,
    text: String,
}

/// What is known at the end.
#[derive(Serialize)]
struct EndView {
    checks: BTreeMap<&'static str, CheckView>,
    gaps: Vec<GapView>,
    sums: String,
    at: Option<String>,
    all: bool,
    baseline: bool,
}

fn file_system(audited: &Audited, look: &Look) -> String {
    let findings = audited.findings.iter();
    let findings = findings.filter(|finding| look.all || matters(finding));
    let view = SystemView {
        id: audited.file_system.as_str(),
        name: audited.name.as_deref().map(one_line),
        region: &audited.region,
        profile: audited.profile.as_deref().map(one_line),
        arn: audited.arn.as_deref(),
        findings: findings.map(|finding| view(finding, look)).collect(),
    };
    format!(",\n{}", json(&view))
}

fn view(finding: &Finding, look: &Look) -> FindingView {
    let evidence = evidence(finding, look);
    let remedy = finding.remedy.as_ref();
    FindingView {
        check: finding.about.id,
        severity: finding.severity.as_str(),
        verdict: finding.verdict.as_str(),
        summary: finding.summary(),
        evidence: evidence.iter().map(|line| clean(line)).collect(),
        remedy: remedy.map_or_else(Vec::new, |remedy| pieces(remedy, look)),
        known: finding.known,
    }
}

/// Words in one piece, and commands in pieces of their own.
fn pieces(sentence: &Advice, look: &Look) -> Vec<PieceView> {
    let mut views = Vec::new();
    let mut words = String::new();
    for piece in sentence.pieces() {
        let Piece::Step(step) = piece else {
            words += &clean(&piece.shown(&look.invocation));
            continue;
        };
        if let Some(why) = &step.why {
            words += &clean(&format!("{why}: "));
        }
        if !words.is_empty() {
            views.push(PieceView::Text(std::mem::take(&mut words)));
        }
        // A command is typed as it is: it keeps its line feeds.
        let command = clean(&step.command.shown(&look.invocation));
        views.push(PieceView::Command(command));
    }
    if !words.is_empty() {
        views.push(PieceView::Text(words));
    }
    views
}

fn end(sums: &Sums, (unseen, unjudged): Gaps<'_>, look: &Look) -> String {
    let regions = unseen.iter().map(|unseen| GapView {
        level: "unknown",
        text: one_line(&format!(
            "{}: {}",
            place(&unseen.region, unseen.profile.as_ref()),
            why(unseen, look)
        )),
    });
    let places = unjudged.iter().map(|unjudged| GapView {
        level: if unjudged.counts {
            "unknown"
        } else {
            "skipped"
        },
        text: one_line(&format!("nothing was audited: {}", unjudged.sentence())),
    });
    let view = EndView {
        checks: sums
            .abouts()
            .map(|about| (about.id, check(about)))
            .collect(),
        gaps: regions.chain(places).collect(),
        sums: match (sums.is_empty(), unjudged) {
            (false, _) => sums.sentence(look.baseline),
            (true, []) => "no file systems to audit".to_owned(),
            (true, _) => String::new(),
        },
        at: look.at.clone(),
        all: look.all,
        baseline: look.baseline,
    };
    // `BEGIN` opened an object, whose other keys are those of this one.
    let rest = json(&view);
    let rest = rest.strip_prefix('{').unwrap_or(&rest);
    format!("],\n{rest}{END}")
}

fn check(about: &'static About) -> CheckView {
    let controls = about.controls.iter();
    CheckView {
        title: about.title,
        why: about.why,
        reads: about.reads,
        controls: controls
            .map(|control| format!("{} {}", control.catalogue, control.id))
            .collect(),
    }
}

/// JSON that nothing in it can end: in a script element `<` may begin `</script>` or `<!--`.
fn json(view: &impl Serialize) -> String {
    // Strings, booleans and lists always serialize.
    let text = serde_json::to_string(view).unwrap_or_default();
    text.replace('<', "\\u003c")
}
