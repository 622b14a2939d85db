//! `JUnit` XML, of the form that Jenkins' schema describes and GitLab, Azure and others read.

use std::fmt::Write;

use super::tally::Tally;
use super::{Format, Look, Make, claim, clean, details, evidence, one_line, why};
use crate::domain::finding::{Audited, Finding, Report, Unjudged, UnseenRegion, Verdict};

pub(super) const FORMAT: Format = Format {
    word: "junit",
    means: "`JUnit` XML, for test reports",
    make: Make::Whole(render),
};

fn render(report: &Report, look: &Look) -> String {
    let tally = Tally::of(report.findings().map(|(_, finding)| finding));
    let counting = report.unjudged.iter().filter(|unjudged| unjudged.counts);
    let counting = counting.count();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"efsctl validate\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        report.findings().count() + report.unseen.len() + report.unjudged.len(),
        tally.count(Verdict::Fail),
        tally.count(Verdict::Unknown) + report.unseen.len() + counting
    );
    for audited in &report.file_systems {
        suite(audited, look, &mut xml);
    }
    for unseen in &report.unseen {
        region(unseen, look, &mut xml);
    }
    for unjudged in &report.unjudged {
        nothing(unjudged, &mut xml);
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// A region that could not be audited.
fn region(unseen: &UnseenRegion, look: &Look, xml: &mut String) {
    let name = attribute(&match &unseen.profile {
        Some(profile) => format!("efsctl.{}.{profile}", unseen.region),
        None => format!("efsctl.{}", unseen.region),
    });
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n    <testcase classname=\"{name}\" name=\"region\">\n      <error type=\"unknown\" message=\"{}\"/>\n    </testcase>\n  </testsuite>",
        attribute(&why(unseen, look))
    );
}

/// A place where nothing was judged: a run without a test case is green everywhere.
fn nothing(unjudged: &Unjudged, xml: &mut String) {
    let place = unjudged.region.iter().chain(&unjudged.profile);
    let name = place.fold("efsctl".to_owned(), |name, part| name + "." + part);
    let name = attribute(&name);
    let (element, errors, skipped) = if unjudged.counts {
        ("error", 1, 0)
    } else {
        ("skipped", 0, 1)
    };
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"{errors}\" skipped=\"{skipped}\">\n    <testcase classname=\"{name}\" name=\"something-is-audited\">\n      <{element} type=\"unjudged\" message=\"{}\"/>\n    </testcase>\n  </testsuite>",
        attribute(&unjudged.sentence())
    );
}

fn suite(audited: &Audited, look: &Look, xml: &mut String) {
    let tally = Tally::of(&audited.findings);
    let name = attribute(&format!(
        "efsctl.{}.{}",
        audited.region, audited.file_system
    ));
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        audited.findings.len(),
        tally.count(Verdict::Fail),
        tally.count(Verdict::Unknown),
        tally.count(Verdict::NotApplicable) + tally.count(Verdict::Skipped)
    );
    properties(audited, xml);
    for finding in &audited.findings {
        let _ = write!(
            xml,
            "    <testcase classname=\"{name}\" name=\"{}\"",
            attribute(finding.about.id)
        );
        match outcome(finding, look) {
            Some(outcome) => {
                let _ = writeln!(xml, ">\n      {outcome}\n    </testcase>");
            }
            None => xml.push_str("/>\n"),
        }
    }
    xml.push_str("  </testsuite>\n");
}

fn properties(audited: &Audited, xml: &mut String) {
    let known: Vec<(&str, &String)> = [
        ("name", &audited.name),
        ("arn", &audited.arn),
        ("profile", &audited.profile),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.as_ref().map(|value| (name, value)))
    .collect();
    if known.is_empty() {
        return;
    }
    xml.push_str("    <properties>\n");
    for (name, value) in known {
        let _ = writeln!(
            xml,
            "      <property name=\"{name}\" value=\"{}\"/>",
            attribute(value)
        );
    }
    xml.push_str("    </properties>\n");
}

fn outcome(finding: &Finding, look: &Look) -> Option<String> {
    match finding.verdict {
        Verdict::Pass => None,
        Verdict::Fail => Some(problem("failure", finding.severity.as_str(), finding, look)),
        Verdict::Unknown => Some(problem("error", finding.verdict.as_str(), finding, look)),
        Verdict::NotApplicable => Some(skipped(finding, "nothing to check", look)),
        Verdict::Skipped => Some(skipped(finding, "excepted in the config file", look)),
    }
}

fn problem(element: &str, kind: &str, finding: &Finding, look: &Look) -> String {
    format!(
        "<{element} type=\"{kind}\" message=\"{}\">{}</{element}>",
        attribute(&claim(finding)),
        escape(&clean(&details(finding, look)))
    )
}

fn skipped(finding: &Finding, reason: &str, look: &Look) -> String {
    let evidence = evidence(finding, look).join("; ");
    let reason = if evidence.is_empty() {
        reason
    } else {
        &evidence
    };
    format!(
        "<skipped type=\"{}\" message=\"{}\"/>",
        finding.verdict,
        attribute(reason)
    )
}

/// A parser makes a space of every line feed in an attribute; so it may as well be one.
fn attribute(text: &str) -> String {
    escape(&one_line(text))
}

fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
        escaped
    })
}
