//! `efsctl validate`.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Desk, Failed, counted};
use crate::audit::catalogue::CATALOGUE;
use crate::audit::policy_file::PolicyFile;
use crate::audit::rules::Rules;
use crate::cli::OutputFormat;
use crate::cli::validate::{ReportFormat, ValidateArgs};
use crate::domain::finding::{Report, Severity, Verdict};
use crate::domain::ids::Reference;
use crate::error::{Error, Kind};
use crate::service::{Failure, Scope, ValidateOptions};
use crate::ui::document::{AuditView, Document, Outcome};
use crate::ui::report::{Format, Look, render};

const NAME: &str = "validate";

/// The policy file that is read when it is there.
const POLICY_FILE: &str = "efsctl.toml";

pub(super) async fn run(desk: &Desk, args: &ValidateArgs) -> Result<(), Failed> {
    let plain = |error: Error| Box::new((error, Document::new(NAME, Outcome::Failed)));
    if args.list && desk.settings.output == OutputFormat::Json {
        let error = Error::usage("--list prints a table and has no JSON form")
            .hint("leave -o json out; docs/CHECKS.md has the whole catalogue");
        return Err(plain(error));
    }
    if args.list {
        return list(desk).map_err(plain);
    }
    if args.format != ReportFormat::Table && desk.settings.output == OutputFormat::Json {
        let error = Error::usage("--format and -o json are two forms of one result")
            .hint("leave one of them out");
        return Err(plain(error));
    }
    let policy = policy_file(args).map_err(plain)?;
    let gate = Gate {
        fail_on: args
            .fail_on
            .map(Severity::from)
            .or(policy.fail_on)
            .unwrap_or(Severity::Low),
        strict: args.strict || policy.strict == Some(true),
        baseline: args
            .baseline
            .as_deref()
            .map(baseline)
            .transpose()
            .map_err(plain)?,
    };
    let scope = scope(args);
    let service = desk
        .service_for(one_region(&args.file_systems).map_err(plain)?)
        .await
        .map_err(plain)?;
    // The budget of an audit decides when to ask again.
    let service = desk.over(service.cloud().once());
    let options = ValidateOptions {
        region: service.cloud().region().to_owned(),
        clients: args.client.clone(),
        rules: policy.over(rules(args)),
        timeout: desk.settings.timeout,
    };
    let mut report = match service.validate(&scope, &options).await {
        Ok(report) => report,
        Err(error) => return Err(desk.failed(service.cloud(), NAME, Failure::plain(error))),
    };
    gate.mark(&mut report);
    let failing = gate.failing(&report);
    let document = Document {
        audit: Some(AuditView::of(&report)),
        ..Document::new(NAME, Outcome::Found)
    };
    if desk.settings.output == OutputFormat::Human {
        let look = Look {
            color: desk.settings.color.0,
            width: desk.settings.columns.unwrap_or(usize::MAX),
            all: args.show_all,
            baseline: gate.baseline.is_some(),
        };
        let text = if report.file_systems.is_empty() && args.format == ReportFormat::Table {
            "no file systems to audit\n".to_owned()
        } else {
            render(&report, format(args.format), &look)
        };
        desk.text(text.as_bytes()).map_err(plain)?;
    }
    match (failing, desk.settings.output) {
        (0, OutputFormat::Json) => desk.result(service.cloud(), document),
        (0, OutputFormat::Human) => {
            desk.told(service.cloud());
            Ok(())
        }
        (failing, _) => {
            desk.told(service.cloud());
            let document = counted(service.cloud(), document);
            Err(Box::new((gate.broken(failing, &report), document)))
        }
    }
}

/// What decides the exit code.
struct Gate {
    fail_on: Severity,
    strict: bool,
    /// What failed before: file system and check.
    baseline: Option<BTreeSet<(String, String)>>,
}

impl Gate {
    /// Marks what failed before.
    fn mark(&self, report: &mut Report) {
        let Some(baseline) = &self.baseline else {
            return;
        };
        for finding in report
            .file_systems
            .iter_mut()
            .flat_map(|audited| &mut audited.findings)
        {
            let key = (finding.file_system.to_string(), finding.about.id.to_owned());
            finding.known = baseline.contains(&key);
        }
    }

    fn failing(&self, report: &Report) -> usize {
        let counts = |verdict: Verdict| {
            verdict == Verdict::Fail || (self.strict && verdict == Verdict::Unknown)
        };
        report
            .findings()
            .filter(|(_, finding)| {
                counts(finding.verdict) && finding.severity >= self.fail_on && !finding.known
            })
            .count()
    }

    fn broken(&self, failing: usize, report: &Report) -> Error {
        let plural =
            |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
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
        Error::new(
            Kind::Policy,
            format!(
                "{} failed{unseen} on {}{since}",
                plural(failing, "check"),
                plural(report.file_systems.len(), "file system")
            ),
        )
        .hint("the remedies stand beside the findings; --fail-on, an exception in efsctl.toml, or --baseline let some of them pass")
    }
}

fn format(format: ReportFormat) -> Format {
    match format {
        ReportFormat::Table => Format::Table,
        ReportFormat::Sarif => Format::Sarif,
        ReportFormat::Junit => Format::Junit,
        ReportFormat::Github => Format::Github,
        ReportFormat::Markdown => Format::Markdown,
        ReportFormat::Csv => Format::Csv,
    }
}

fn scope(args: &ValidateArgs) -> Scope {
    match &args.tag {
        _ if args.all => Scope::All,
        Some((key, value)) => Scope::Tagged(key.clone(), value.clone()),
        None => Scope::These(args.file_systems.clone()),
    }
}

fn rules(args: &ValidateArgs) -> Rules {
    let mut rules = Rules::on(today());
    rules.subnets = args.subnet.iter().cloned().collect();
    rules.zones = args.az.iter().cloned().collect();
    rules.vpc.clone_from(&args.vpc);
    rules.kms_keys = args.kms_key.iter().cloned().collect();
    rules.required_tags = args.require_tag.iter().cloned().collect();
    rules
}

/// The date in UTC.
fn today() -> String {
    let now = std::time::SystemTime::now();
    humantime::format_rfc3339_seconds(now)
        .to_string()
        .chars()
        .take(10)
        .collect()
}

/// ARNs tell a region: all of them the same one.
fn one_region(named: &[Reference]) -> Result<Option<&Reference>, Error> {
    let mut told = named.iter().filter_map(|reference| match reference {
        Reference::Arn { region, .. } => Some((reference, region)),
        Reference::Id(_) | Reference::Name(_) => None,
    });
    let Some((first, region)) = told.next() else {
        return Ok(None);
    };
    match told.find(|(_, other)| *other != region) {
        None => Ok(Some(first)),
        Some((other, elsewhere)) => Err(Error::usage(format!(
            "{first} is in {region} and {other} in {elsewhere}"
        ))
        .hint("one region at a time")),
    }
}

fn policy_file(args: &ValidateArgs) -> Result<PolicyFile, Error> {
    let path = match &args.policy {
        Some(path) => path.as_path(),
        None if Path::new(POLICY_FILE).symlink_metadata().is_ok() => Path::new(POLICY_FILE),
        None => return Ok(PolicyFile::default()),
    };
    let told = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::usage(format!("the policy file {told} cannot be read: {error}")))?;
    PolicyFile::parse(&text).map_err(|error| {
        Error::usage(format!("{told}: {error}")).hint(
            "docs/VALIDATE.md describes the policy file; list the checks: efsctl validate --list",
        )
    })
}

/// What failed in an earlier run's document.
fn baseline(path: &Path) -> Result<BTreeSet<(String, String)>, Error> {
    let told = path.display();
    let wrong = |why: String| {
        Error::usage(format!("--baseline {told}: {why}"))
            .hint("make one: efsctl validate … -o json > baseline.json")
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let document: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let audited = document
        .pointer("/audit/file_systems")
        .and_then(serde_json::Value::as_array)
        .ok_or_else(|| wrong("it is not the JSON document of `efsctl validate`".to_owned()))?;
    let mut failed = BTreeSet::new();
    for file_system in audited {
        let id = file_system
            .pointer("/file_system_id")
            .and_then(serde_json::Value::as_str);
        let findings = file_system
            .pointer("/findings")
            .and_then(serde_json::Value::as_array);
        for finding in findings.into_iter().flatten() {
            let word = |name: &str| finding.get(name).and_then(serde_json::Value::as_str);
            if let (Some(id), Some(check), Some("fail" | "unknown")) =
                (id, word("check"), word("verdict"))
            {
                failed.insert((id.to_owned(), check.to_owned()));
            }
        }
    }
    Ok(failed)
}

fn list(desk: &Desk) -> Result<(), Error> {
    let width = CATALOGUE
        .iter()
        .map(|check| check.about.id.len())
        .max()
        .unwrap_or(0);
    let lines: Vec<String> = CATALOGUE
        .iter()
        .map(|check| {
            let about = &check.about;
            format!(
                "{:width$}  {:8}  {}\n",
                about.id, about.severity, about.title
            )
        })
        .collect();
    desk.text(lines.concat().as_bytes())
}
