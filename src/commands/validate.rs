//! `efsctl validate`.

mod fix;
mod gate;
mod judging;
mod nothing;
mod posts;

use std::path::Path;

use tokio::time::Instant;

use self::gate::{Count, Gate};
use self::posts::{Post, posts};
use super::ending::{Ended, Failed, unsaid, unwritable};
use super::{Desk, read_text};
use crate::audit::catalogue::CATALOGUE;
use crate::audit::clients::ClientRef;
use crate::audit::mend::{Mend, curable};
use crate::audit::policy_file::PolicyFile;
use crate::audit::rules::Rules;
use crate::cli::OutputFormat;
use crate::cli::validate::{ReportFormat, ValidateArgs};
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::{Audited, Report};
use crate::domain::ids::Zone;
use crate::error::Error;
use crate::service::{Purpose, ValidateOptions};
use crate::ui::document::{AuditView, Contents, Outcome};
use crate::ui::report::{Format, Look, Telling, render};

/// The policy file that is read when it is there.
const POLICY_FILE: &str = "efsctl.toml";

/// An audit that was asked for.
struct Audit<'a> {
    desk: &'a Desk,
    args: &'a ValidateArgs,
    gate: Gate,
    options: ValidateOptions,
    begun: Instant,
    /// Several places are audited.
    several: bool,
}

/// A file system that was judged, and what would mend it.
struct Judged {
    /// Which of the posts.
    post: usize,
    audited: Audited,
    /// With `--fix`.
    mend: Option<Mend>,
    /// How many file systems the region has, where all were listed.
    listed: Option<usize>,
}

pub(super) async fn run(desk: &Desk, args: &ValidateArgs) -> Ended {
    if args.list && desk.settings.output == OutputFormat::Json {
        let error = Error::usage("--list prints a table and has no JSON form")
            .hint("leave -o json out; docs/CHECKS.md has the whole catalogue");
        return Err(error.into());
    }
    if args.list {
        return list(desk);
    }
    if args.format != ReportFormat::Table && desk.settings.output == OutputFormat::Json {
        let error = Error::usage("--format and -o json are two forms of one result")
            .hint("leave one of them out");
        return Err(error.into());
    }
    let check = args.file_systems.iter().map(ToString::to_string);
    let check = check
        .filter(|_| args.fix.is_some())
        .find(|word| curable().any(|id| id == word));
    if let Some(check) = check {
        let error = Error::usage(format!("`{check}` is a check, not a file system")).hint(format!(
            "the checks to mend stand behind an equals sign: --fix={check}"
        ));
        return Err(error.into());
    }
    let policy = policy_file(args)?;
    let mut audit = Audit {
        desk,
        args,
        gate: Gate::of(args, &policy)?,
        options: ValidateOptions {
            region: String::new(),
            clients: args.client.clone(),
            rules: policy.over(rules(args)?),
            timeout: desk.settings.timeout,
            listed: None,
            purpose: args
                .fix
                .as_ref()
                .map_or(Purpose::Verdicts, |_| Purpose::Fix),
        },
        begun: Instant::now(),
        several: false,
    };
    let posts = posts(desk, &args.file_systems).await?;
    one_place(args, &posts)?;
    audit.several = posts.len() > 1;
    if let [post] = posts.as_slice() {
        desk.ui.reached(post.region());
    }
    let telling = Telling::new(format(args.format), audit.look())
        .filter(|_| desk.settings.output == OutputFormat::Human && args.fix.is_none());
    match telling {
        Some(telling) => audit.tell(&posts, telling).await,
        None => audit.collect(&posts).await,
    }
}

impl Audit<'_> {
    fn look(&self) -> Look {
        let settings = &self.desk.settings;
        Look {
            color: settings.color.0,
            width: settings.columns.unwrap_or(usize::MAX),
            all: self.args.show_all,
            baseline: self.gate.has_baseline(),
            invocation: self.desk.ui.invocation(),
        }
    }

    /// Prints while it goes on. Nothing but the sums is remembered.
    async fn tell(&self, posts: &[Post], mut telling: Telling) -> Ended {
        let desk = self.desk;
        let mut count = Count::default();
        let mut printed = desk.ui.text(telling.begin());
        let mut hear = |judged: Judged| {
            self.gate.count(&judged, &mut count);
            let text = telling.file_system(&judged.audited);
            if printed.is_ok() {
                printed = desk.ui.text(&text);
            }
        };
        let unseen = self.judge(posts, &mut hear).await?;
        printed.map_err(|error| unwritable(&error))?;
        let unjudged = self.unjudged(posts, &unseen, &count);
        let end = desk.ui.text(&telling.end(&unseen, &unjudged));
        end.map_err(|error| unwritable(&error))?;
        self.gate.count_unseen(&unseen, &mut count);
        match self.verdict(posts, &count, &unjudged).await {
            None => Ok(None),
            Some(error) => Err(failed(error, Contents::new(Outcome::Found))),
        }
    }

    /// Prints when everything is known; mends before, where it is asked for.
    async fn collect(&self, posts: &[Post]) -> Ended {
        let mut all: Vec<Judged> = Vec::new();
        let unseen = self.judge(posts, &mut |judged| all.push(judged)).await?;
        let fixed = match &self.args.fix {
            Some(_) => Some(self.fix(posts, &mut all).await),
            None => None,
        };
        let mut count = Count::default();
        self.gate.count_unseen(&unseen, &mut count);
        for judged in &all {
            self.gate.count(judged, &mut count);
        }
        let unjudged = self.unjudged(posts, &unseen, &count);
        let mut error = self.verdict(posts, &count, &unjudged).await;
        let report = Report {
            file_systems: all.into_iter().map(|judged| judged.audited).collect(),
            unseen,
            unjudged,
        };
        let mut contents = Contents::new(Outcome::Found);
        if let Some(fixed) = fixed {
            contents.outcome = fixed.outcome(self.args.dry_run);
            contents.changes = fixed.changes();
            error = fixed.failure(self.args.dry_run).or(error);
            contents.fixes = Some(fixed.views);
        }
        let human = self.desk.settings.output == OutputFormat::Human;
        if human {
            if let Err(error) = self.print(&report, &contents) {
                return Err(failed(unsaid(&error, &contents), contents));
            }
        } else {
            contents.audit = Some(AuditView::of(report, &self.desk.ui.invocation()));
        }
        match error {
            Some(error) => Err(failed(error, contents)),
            None if human => Ok(None),
            None => Ok(Some(contents)),
        }
    }

    fn print(&self, report: &Report, contents: &Contents) -> std::io::Result<()> {
        let ui = &self.desk.ui;
        let text = render(report, format(self.args.format), &self.look());
        let left_alone = self.left_alone(report);
        let fixes = contents.fixes.as_deref().unwrap_or_default();
        let fixes = match self.args.fix {
            Some(_) => ui.fixes(fixes, self.args.dry_run) + &left_alone,
            None => String::new(),
        };
        if self.args.format == ReportFormat::Table {
            return ui.text(&(text + &fixes));
        }
        ui.aside(&fixes, self.args.dry_run);
        ui.text(&text)
    }

    /// What `--fix` knows and left alone, and why.
    fn left_alone(&self, report: &Report) -> String {
        let mut count = Count::default();
        for audited in &report.file_systems {
            self.gate.count_one(audited, &mut count);
        }
        let named = self.args.fix.as_ref().is_some_and(|only| !only.is_empty());
        match count.left_alone {
            0 => String::new(),
            _ if named => String::new(),
            1 => "--fix: 1 more failure that it could mend does not count (--fail-on, --baseline): name its check with --fix=CHECK\n".to_owned(),
            some => format!(
                "--fix: {some} more failures that it could mend do not count (--fail-on, --baseline): name their checks with --fix=CHECK\n"
            ),
        }
    }
}

fn failed(error: Error, contents: Contents) -> Box<Failed> {
    Box::new(Failed { error, contents })
}

/// What has an id is in one region: stated with several, it would be missing in all others.
fn one_place(args: &ValidateArgs, posts: &[Post]) -> Result<(), Error> {
    let client = args
        .client
        .iter()
        .find(|client| !matches!(client, ClientRef::Range(_)));
    let stated = client
        .map(|client| ("--client", client.to_string()))
        .or_else(|| Some(("--subnet", args.subnet.first()?.to_string())))
        .or_else(|| Some(("--vpc", args.vpc.as_ref()?.to_string())));
    match stated {
        Some((flag, id)) if posts.len() > 1 => Err(Error::usage(format!(
            "{flag} {id} is in one region, and several places are audited"
        ))
        .hint("give one --region and one --profile with it; clients of several regions are stated by address range")),
        _ => Ok(()),
    }?;
    let is_here = |zone: &&Zone| {
        let mut regions = posts.iter().map(Post::region);
        regions.any(|region| zone.is_in(region))
    };
    match args
        .az
        .iter()
        .find(|zone| posts.len() > 1 && !is_here(zone))
    {
        Some(zone) => Err(
            Error::usage(format!("--az {zone} is in none of these regions"))
                .hint("leave it out, or name its region"),
        ),
        None => Ok(()),
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

fn rules(args: &ValidateArgs) -> Result<Rules, Error> {
    let mut rules = Rules::on(today());
    rules.subnets = args.subnet.iter().cloned().collect();
    rules.zones = args.az.iter().cloned().collect();
    rules.vpc.clone_from(&args.vpc);
    rules.kms_keys = args.kms_key.iter().cloned().collect();
    for (key, value) in &args.require_tag {
        let before = rules.required_tags.insert(key.clone(), value.clone());
        if let Some(before) = before.filter(|before| before != value) {
            let word =
                |value: &Option<String>| value.clone().unwrap_or_else(|| "any value".to_owned());
            return Err(Error::usage(format!(
                "--require-tag asks for two values of {key}: {} and {}",
                word(&before),
                word(value)
            )));
        }
    }
    Ok(rules)
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

fn policy_file(args: &ValidateArgs) -> Result<PolicyFile, Error> {
    let path = match &args.policy {
        Some(path) => path.as_path(),
        None if Path::new(POLICY_FILE).symlink_metadata().is_ok() => Path::new(POLICY_FILE),
        None => return Ok(PolicyFile::default()),
    };
    let told = path.display();
    let text = read_text(path)
        .map_err(|why| Error::usage(format!("the policy file {told} cannot be read: {why}")))?;
    PolicyFile::parse(&text).map_err(|error| {
        Error::usage(format!("{told}: {error}")).hint(
            Advice::from("docs/VALIDATE.md describes the policy file; list the checks: ")
                .run(Command::efsctl("validate --list").local()),
        )
    })
}

fn list(desk: &Desk) -> Ended {
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
